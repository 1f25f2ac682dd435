# SPDX-License-Identifier: GPL-2.0-or-later
"""Virtual MAC addresses, as the wire, the kernel and the neighbours see them."""
import json
import os
import pathlib
import re
import signal
import socket
import struct

import pytest

import netlab
import solo
from solo import VIP, conf, links, mac_of

RTM_DELLINK, IFLA_GROUP = struct.pack("=H", 17), 27
LINK_LOCAL_VIP, VIP6 = "fe80::100", "2001:db8::100"
VMAC4, VMAC6 = "00:00:5e:00:01:33", "00:00:5e:00:02:33"

FORMS = [
    # use_vmac..., name, MAC
    ("use_vmac", "vrrp.51", VMAC4),
    ("use_vmac vr0", "vr0", VMAC4),
    ("use_vmac name vr0", "vr0", VMAC4),
    ("use_vmac name group", "group", VMAC4),
    ("use_vmac vr0 02:00:00:aa:bb:cc", "vr0", "02:00:00:aa:bb:cc"),
    ("use_vmac 02:00:00:aa:bb vr0", "vr0", "02:00:00:aa:bb:33"),
    ("use_vmac vr0 group 7", "vr0", VMAC4),
    ("use_vmac vr0 netlink_notify_msg", "vr0", VMAC4),
]


@pytest.mark.parametrize("words, name, mac", FORMS, ids=[form[0] for form in FORMS])
def test_forms(lab, words, name, mac):
    """Interface, adverts and announcements carry the virtual MAC; a stop takes the interface."""
    host, = lab.pair(["192.0.2.1/24"])
    capture = lab.switches["lan"].capture()
    daemon = host.keepalived(conf(words))
    host.wait_addr(VIP)
    link = links(host, "type", "macvlan")[name]
    assert link["address"] == mac and link["link"] == "eth0"
    assert link["linkinfo"]["info_data"]["mode"] == "private"
    assert link.get("group", "default") == ("7" if "group 7" in words else "default")
    assert VIP in host.addresses(name)
    advert = capture.wait("vrrp", priority=254)
    assert advert.mac_from == mac and advert.source == "192.0.2.1"
    assert capture.wait("arp", address=VIP).mac_from == mac
    assert daemon.stop() == 0
    assert not links(host, "type", "macvlan")


def test_prefix(lab):
    host, = lab.pair(["192.0.2.1/24"])
    host.keepalived(conf("use_vmac", globals=["vmac_prefix edge"]))
    host.wait_addr(VIP)
    assert "edge.51" in links(host, "type", "macvlan")


def test_adverts_from_the_base(lab):
    """vmac_xmit_base: adverts have the MAC of the interface, answers for the address do not."""
    a, c = lab.pair(["192.0.2.1/24"], ["192.0.2.9/24"])
    capture = lab.switches["lan"].capture()
    a.keepalived(conf("use_vmac", "vmac_xmit_base"))
    a.wait_addr(VIP)
    assert capture.wait("vrrp", priority=254).mac_from == mac_of(a)
    assert solo.ping(c, VIP)
    assert solo.neighbour(c, VIP) == VMAC4


FAMILIES = [("4", [VIP], VIP, VMAC4), ("6", [LINK_LOCAL_VIP, VIP6], VIP6, VMAC6)]


@pytest.mark.parametrize("family, vips, vip, mac", FAMILIES, ids=["ip4", "ip6"])
def test_neighbours_see_one_mac(lab, family, vips, vip, mac):
    """Whoever is MASTER, the client keeps the same entry, and reaches the address."""
    a, b, c = lab.pair(["192.0.2.1/24", "2001:db8::1/64"], ["192.0.2.2/24", "2001:db8::2/64"],
                       ["192.0.2.9/24", "2001:db8::9/64"])
    capture = lab.switches["lan"].capture()
    first = a.keepalived(conf("use_vmac", vips=vips, priority=200))
    a.wait_addr(vip)
    second = b.keepalived(conf("use_vmac", vips=vips, priority=100))
    second.wait_log(r"\(VI_1\) Entering BACKUP STATE")
    advert = capture.wait("vrrp", priority=200)
    assert advert.mac_from == mac
    assert solo.ping(c, vip)
    assert solo.neighbour(c, vip) == mac
    assert vip not in b.addresses()
    assert first.stop() == 0
    second.wait_state("MASTER")
    b.wait_addr(vip)
    capture.wait("arp" if family == "4" else "na", address=vip, mac_from=mac,
                 where=lambda p: p.port == lab.switches["lan"].port(b))
    assert solo.ping(c, vip)
    assert solo.neighbour(c, vip) == mac


def test_master_asks_in_its_own_name(lab):
    """A MASTER that looks for a neighbour on behalf of the virtual address, as its services do:
    the question does not tie the virtual address to the MAC of the interface."""
    a, c = lab.pair(["192.0.2.1/24"], ["192.0.2.9/24"])
    lan = lab.switches["lan"]
    a.keepalived(conf("use_vmac"))
    a.wait_addr(VIP)
    assert solo.ping(c, VIP) and solo.neighbour(c, VIP) == VMAC4
    a.ip("neighbour", "flush", "all")
    a.ip("route", "replace", "192.0.2.0/24", "dev", "eth0", "src", VIP, "metric", "1")
    capture = lan.capture()
    done = a.start("ping", "ping", "-c", "1", "-W", "2", "-I", VIP, "192.0.2.9")
    capture.wait("arp", where=lambda p: p.asked == "192.0.2.9")
    done.wait_exit()
    asked = [p for p in capture.of("arp") if p.asked == "192.0.2.9" and p.port == lan.port(a)]
    assert not [p for p in asked if p.address == VIP and p.mac_from == mac_of(a)], asked
    assert solo.neighbour(c, VIP) == VMAC4


def test_base_answers_for_itself_only(lab):
    """The address of the interface keeps its MAC while the virtual one has the other."""
    a, c = lab.pair(["192.0.2.1/24"], ["192.0.2.9/24"])
    a.keepalived(conf("use_vmac"))
    a.wait_addr(VIP)
    assert solo.ping(c, VIP) and solo.ping(c, "192.0.2.1")
    assert solo.neighbour(c, "192.0.2.1") == mac_of(a)
    assert solo.neighbour(c, VIP) == VMAC4


def test_per_address(lab):
    """use_vmac of an address: on its own interface, with the same MAC."""
    lan, wan = lab.switch("lan"), lab.switch("wan")
    a = lab.host("a", lan, "192.0.2.1/24", wan, "203.0.113.1/24")
    c = lab.host("c", wan, "203.0.113.9/24")
    daemon = a.keepalived(conf(vips=[VIP, "203.0.113.100/24 dev eth1 use_vmac"]))
    a.wait_addr("203.0.113.100")
    made = links(a, "type", "macvlan")
    name, = made
    assert made[name]["link"] == "eth1" and made[name]["address"] == VMAC4
    assert "203.0.113.100" in a.addresses(name) and VIP in a.addresses("eth0")
    assert solo.ping(c, "203.0.113.100")
    assert solo.neighbour(c, "203.0.113.100") == VMAC4
    assert daemon.stop() == 0
    assert not links(a, "type", "macvlan")


def test_use_vmac_addr(lab):
    """Addresses on other interfaces get a VMAC there."""
    lan, wan = lab.switch("lan"), lab.switch("wan")
    a = lab.host("a", lan, "192.0.2.1/24", wan, "203.0.113.1/24")
    a.keepalived(conf("use_vmac", "use_vmac_addr",
                      vips=[VIP, "203.0.113.100/24 dev eth1"]))
    a.wait_addr("203.0.113.100")
    made = links(a, "type", "macvlan")
    assert sorted(link["link"] for link in made.values()) == ["eth0", "eth1"]
    assert {link["address"] for link in made.values()} == {VMAC4}


@pytest.mark.parametrize("rp_filter", [0, 2])
def test_settings_come_back(lab, rp_filter):
    """Every setting of every interface is after the stop what it was before the start."""
    host, = lab.pair(["192.0.2.1/24", "2001:db8::1/64"])
    host.sysctl("net.ipv4.conf.all.rp_filter", rp_filter)
    before = solo.settings(host)
    daemon = host.keepalived(conf("use_vmac", "promote_secondaries") + solo.instance(
        "use_vmac", name="VI_2", vrid=52, vips=[LINK_LOCAL_VIP, VIP6]))
    host.wait_addr(VIP)
    host.wait_addr(VIP6)
    during = solo.settings(host)
    assert during["ipv4/vrrp.51/arp_ignore"] == during["ipv4/vrrp.51/accept_local"] == "1"
    assert during["ipv4/vrrp.51/rp_filter"] == during["ipv4/all/rp_filter"] == "0"
    assert during["ipv4/eth0/arp_ignore"] == during["ipv4/eth0/arp_filter"] == "1"
    assert during["ipv4/eth0/rp_filter"] == str(rp_filter)
    assert during["ipv4/vrrp.51/promote_secondaries"] == "1"
    assert during["ipv6/vrrp.51/disable_ipv6"] == "1"
    assert during["ipv6/vrrp6.52/disable_ipv6"] == "0"
    assert daemon.stop() == 0
    assert solo.settings(host) == before


def all_settings(host):
    with netlab.in_netns(host.space):
        igmp = pathlib.Path("/proc/sys/net/ipv4/igmp_link_local_mcast_reports").read_text()
    return dict(solo.settings(host), igmp=igmp.strip())


@pytest.mark.parametrize("rp_filter", [0, 2])
def test_settings_come_back_after_a_kill(lab, rp_filter):
    """Two processes in a row are killed: the third knows what was before the first."""
    host, = lab.pair(["192.0.2.1/24"])
    host.sysctl("net.ipv4.conf.all.rp_filter", rp_filter)
    before = all_settings(host)
    daemon = host.keepalived(conf("use_vmac", globals=["disable_local_igmp"]))
    for _ in range(2):
        host.wait_addr(VIP)
        log, child = daemon.mark(), daemon.child()
        os.kill(child, signal.SIGKILL)
        daemon.wait_state("MASTER", since=log)
    host.wait_addr(VIP)
    during = all_settings(host)
    assert during["ipv4/eth0/arp_ignore"] == "1" and during["igmp"] == "0"
    assert daemon.stop() == 0
    assert all_settings(host) == before


def test_settings_come_back_without_the_process(lab):
    """The process is killed and must not come back: what it changed is put back in its place."""
    host, = lab.pair(["192.0.2.1/24"])
    before = solo.settings(host)
    daemon = host.keepalived(conf("use_vmac"), args=["--dont-respawn"])
    host.wait_addr(VIP)
    os.kill(daemon.child(), signal.SIGKILL)
    daemon.wait_exit()
    assert solo.settings(host) == before


def test_base_goes_and_comes(lab):
    """Deleted: FAULT; made again: a new VMAC, and MASTER."""
    host, = lab.pair(["192.0.2.1/24"])
    lan = lab.switches["lan"]
    capture = lan.capture()
    daemon = host.keepalived(conf("use_vmac", globals=["dynamic_interfaces"]))
    host.wait_addr(VIP)
    log = daemon.mark()
    host.del_link()
    daemon.wait_state("FAULT", since=log)
    log, since = daemon.mark(), capture.mark()
    host.add_link()
    daemon.wait_state("MASTER", since=log)
    host.wait_addr(VIP)
    assert capture.wait("vrrp", since, priority=254).mac_from == VMAC4
    assert links(host)["vrrp.51"]["link"] == "eth0"


def test_base_is_renamed(lab):
    """Another name is another interface: FAULT until an interface of the name is there."""
    host, = lab.pair(["192.0.2.1/24"])
    capture = lab.switches["lan"].capture()
    daemon = host.keepalived(conf("use_vmac", globals=["dynamic_interfaces"]))
    host.wait_addr(VIP)
    log = daemon.mark()
    host.ip_batch("link set eth0 down\nlink set eth0 name other\n")
    daemon.wait_state("FAULT", since=log)
    host.ip_batch("link set other up\n")
    log, since = daemon.mark(), capture.mark()
    host.ip_batch("link set other down\nlink set other name eth0\nlink set eth0 up\n")
    daemon.wait_state("MASTER", since=log)
    host.wait_addr(VIP)
    assert capture.wait("vrrp", since, priority=254).mac_from == VMAC4


def test_many_are_taken_out(lab):
    """The kernel takes 20 ms for each VMAC that is deleted by itself: all go at once, as a group
    that has no other interface."""
    host, = lab.pair(["192.0.2.1/24"])
    host.ip("link", "add", "other", "group", "9", "type", "veth", "peer", "name", "peer")
    ids = range(1, 31)
    daemon = host.keepalived("global_defs { router_id many }\n" + "".join(
        f"vrrp_instance v{i} {{\ninterface eth0\nvirtual_router_id {i}\npriority 255\n"
        f"use_vmac\nvirtual_ipaddress {{\n10.20.0.{i}\n}}\n}}\n" for i in ids))
    host.wait_addr("10.20.0.30")
    assert len(links(host, "type", "macvlan")) == len(ids)
    with netlab.Netlink(host.space, netlab.Netlink.LINKS) as events:
        events.socket.setsockopt(socket.SOL_SOCKET, 33, 8 << 20)    # SO_RCVBUFFORCE
        assert daemon.stop() == 0
        events.socket.setblocking(False)
        deleted = []
        try:
            while True:
                message = events.socket.recv(65536)
                if b"vrrp." in message and message[4:6] == RTM_DELLINK:
                    deleted.append(message)
        except BlockingIOError:
            pass
    assert not links(host, "type", "macvlan") and "other" in links(host)
    group = struct.pack("=HHI", 8, IFLA_GROUP, 10)
    assert len([m for m in deleted if group in m]) == len(ids)


def test_vmac_is_deleted(lab):
    """Somebody deletes it: it is made again."""
    host, = lab.pair(["192.0.2.1/24"])
    capture = lab.switches["lan"].capture()
    daemon = host.keepalived(conf("use_vmac"))
    host.wait_addr(VIP)
    log, since = daemon.mark(), capture.mark()
    host.ip("link", "del", "vrrp.51")
    daemon.wait_state("MASTER", since=log)
    host.wait_addr(VIP)
    assert capture.wait("vrrp", since, priority=254, count=2).mac_from == VMAC4


def test_vmac_is_set_down(lab):
    """Somebody sets it down: it is set up again."""
    host, = lab.pair(["192.0.2.1/24"])
    capture = lab.switches["lan"].capture()
    daemon = host.keepalived(conf("use_vmac"))
    host.wait_addr(VIP)
    log = daemon.mark()
    host.ip("link", "set", "vrrp.51", "down")
    daemon.wait_state("MASTER", since=log)
    host.wait_addr(VIP)
    capture.wait("vrrp", capture.mark(), priority=254)
    assert "UP" in links(host)["vrrp.51"]["flags"]


def test_after_a_crash(lab):
    """What a killed daemon left is taken over, and gone after the stop."""
    host, = lab.pair(["192.0.2.1/24"])
    before = solo.settings(host)
    first = host.keepalived(conf("use_vmac"))
    host.wait_addr(VIP)
    # The parent first, so that it cannot clean up after the child.
    first.signal(signal.SIGSTOP)
    os.kill(first.child(), signal.SIGKILL)
    first.kill()
    assert "vrrp.51" in links(host)
    second = host.keepalived(conf("use_vmac"), name="second")
    second.wait_state("MASTER")
    host.wait_addr(VIP)
    assert len(links(host, "type", "macvlan")) == 1
    assert second.stop() == 0
    assert not links(host, "type", "macvlan")
    assert VIP not in host.addresses()
    del before  # whether the original settings survive a crash is tested with the leftovers


def test_link_local_source(lab):
    """An IPv6 VMAC speaks from the link-local address of its base."""
    host, = lab.pair(["192.0.2.1/24", "2001:db8::1/64"])
    capture = lab.switches["lan"].capture()
    own = [a.split("/")[0] for a, v in solo.addresses(host).items()
           if a.startswith("fe80") and v["ifname"] == "eth0"]
    host.keepalived(conf("use_vmac", vips=[LINK_LOCAL_VIP, VIP6]))
    host.wait_addr(VIP6)
    advert = capture.wait("vrrp", priority=254)
    assert advert.mac_from == VMAC6 and [advert.source] == own


def nft(host):
    text = netlab.run("ip", "netns", "exec", host.space, "nft", "-j", "list", "ruleset")
    return json.loads(text)["nftables"]


def test_reports_to_switches_leave_by_the_base(lab):
    """IGMP of the VMAC has the MAC of the interface; the table is gone after the stop."""
    host, = lab.pair(["192.0.2.1/24"])
    capture = lab.switches["lan"].capture()
    daemon = host.keepalived(conf("use_vmac"))
    host.wait_addr(VIP)
    tables = {item["table"]["name"] for item in nft(host) if "table" in item}
    assert tables == {"keepalived"}
    capture.wait("vrrp", count=5)
    own = mac_of(host)
    assert daemon.stop() == 0
    assert not [item for item in nft(host) if "table" in item]
    reports = [p for p in capture.of("other") if p.frame[12:14] == b"\x08\x00"
               and p.frame[23] == 2 and b"\xe0\x00\x00\x12" in p.frame[30:]]
    assert {p.mac_from for p in reports} == {own}


# ---- without what a firewall needs ----

LIBRARY = "libnftables.so.1"

# A library that refuses what a kernel without the dup statement refuses.
WITHOUT_DUP = r'''
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
int nft_run_cmd_from_buffer(void *ctx, const char *text)
{
	int (*run)(void *, const char *) = dlsym(RTLD_NEXT, "nft_run_cmd_from_buffer");

	return strstr(text, "dup to") ? -1 : run(ctx, text);
}
'''


def library_path():
    shown = netlab.run("ldconfig", "-p")
    return re.search(rf"^\s*{re.escape(LIBRARY)} .*=> (\S+)$", shown, re.M)[1]


def over_the_library(tmp_path, file):
    """A wrapper of the daemon, for which the library is that file; in its own mounts only."""
    wrapper = tmp_path / "wrapped"
    wrapper.write_text("#!/bin/sh\nset -e\nmount --make-rprivate /\n"
                       f"mount --bind {file} {library_path()}\nexec {netlab.OURS} \"$@\"\n")
    wrapper.chmod(0o755)
    return wrapper


def test_without_the_library(lab, tmp_path):
    """No nftables at all: the address is there, the log says what is missing."""
    host, = lab.pair(["192.0.2.1/24"])
    daemon = host.keepalived(conf("no_accept"), over_the_library(tmp_path, "/dev/null"))
    daemon.wait_log("nftables cannot be used")
    host.wait_addr(VIP)
    assert daemon.stop() == 0


def test_without_dup(lab, tmp_path):
    """The kernel cannot redirect: reports of group membership are dropped, the address is guarded
    all the same."""
    host, = lab.pair(["192.0.2.1/24"])
    # The real one by another name of the same length, and before it ours.
    other = LIBRARY.replace("nftables", "nftablez")
    real = pathlib.Path(library_path()).read_bytes()
    (tmp_path / other).write_bytes(real.replace(LIBRARY.encode(), other.encode()))
    ours = tmp_path / "ours.so"
    netlab.run("cc", "-shared", "-fPIC", "-o", ours, "-xc", "-", "-xnone", "-Wl,--no-as-needed",
               tmp_path / other, f"-Wl,-rpath,{tmp_path}", "-ldl", stdin=WITHOUT_DUP)
    daemon = host.keepalived(conf("use_vmac", "no_accept"), over_the_library(tmp_path, ours))
    daemon.wait_log("the kernel has no nftables dup")
    host.wait_addr(VIP)
    rules = netlab.run("ip", "netns", "exec", host.space, "nft", "list", "ruleset")
    assert 'meta oifkind "macvlan"' in rules and "dup to" not in rules, rules
    assert VIP in rules
    assert daemon.stop() == 0
    assert "keepalived" not in netlab.run("ip", "netns", "exec", host.space, "nft", "list",
                                          "tables")
