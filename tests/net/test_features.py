# SPDX-License-Identifier: GPL-2.0-or-later
"""Smaller features of VRRP, each seen from outside: packets, addresses, files, processes."""
import itertools
import os
import stat

import pytest

import netlab
from lab import needs

VIP = "192.0.2.100"


def instance(*lines, name="VI_1", vrid=51, vips=(VIP,), every="0.1", priority=100):
    return "\n".join([f"vrrp_instance {name} {{", "interface eth0", "version 3",
                      f"virtual_router_id {vrid}", f"priority {priority}", f"advert_int {every}",
                      *lines, "virtual_ipaddress {", *vips, "}", "}"]) + "\n"


@pytest.fixture
def host(lab):
    (a,) = lab.pair(["192.0.2.1/24", "2001:db8::1/64"])
    a.capture = lab.switches["lan"].capture()
    return a


def global_defs(*lines):
    return "global_defs {\n" + "\n".join(lines) + "\n}\n"


# ---- announcements ----

def test_garp_extra_if(lab):
    """The address on another interface is announced again and again, that of our own is not."""
    lan, side = lab.switch("lan"), lab.switch("side")
    a = lab.host("a", lan, "192.0.2.1/24", side, "198.51.100.1/24")
    on_lan, on_side = lan.capture(), side.capture()
    daemon = a.keepalived(instance(
        "garp_extra_if all 1", "garp_master_delay 1", "garp_master_repeat 1",
        vips=(VIP, "198.51.100.7 dev eth1", "198.51.100.8 dev eth1")))
    daemon.wait_state("MASTER")
    on_side.wait("arp", address="198.51.100.7", count=4)
    assert len(on_lan.of("arp", address=VIP)) <= 2
    assert len(on_side.of("arp", address="198.51.100.8")) <= 2, "one per interface is enough"
    since = daemon.reload(instance("garp_extra_if 1", "garp_master_delay 1", vips=(
        VIP, "198.51.100.7 dev eth1")))
    daemon.wait_log("reload: ", since)


def test_garp_interval_paces_and_adverts_stay(host):
    """garp_interval keeps frames apart, however many addresses; adverts go on meanwhile."""
    vips = [f"192.0.2.{100 + i}" for i in range(10)]
    daemon = host.keepalived(global_defs("vrrp_garp_interval 0.1") + instance(
        "garp_master_repeat 1", "garp_master_delay 0", vips=vips))
    daemon.wait_state("MASTER")
    host.capture.wait("arp", address=vips[-1])
    times = [p.sent for p in host.capture.of("arp") if p.gratuitous]
    assert len(times) == 10
    assert all(b - a > 0.05 for a, b in zip(times, times[1:])), times
    adverts = [p for p in host.capture.of("vrrp") if times[0] < p.sent < times[-1]]
    assert len(adverts) >= 5


def test_garp_group_shares_the_clock(lab):
    """Two interfaces in one garp_group send at the pace of one."""
    lan, side = lab.switch("lan"), lab.switch("side")
    a = lab.host("a", lan, "192.0.2.1/24", side, "198.51.100.1/24")
    captures = [lan.capture(), side.capture()]
    vips = [f"192.0.2.{100 + i}" for i in range(4)]
    other = [f"198.51.100.{100 + i}" for i in range(4)]
    text = ("garp_group {\ngarp_interval 0.1\ninterfaces {\neth0\neth1\n}\n}\n" +
            instance("garp_master_repeat 1", "garp_master_delay 0", vips=vips) +
            instance("garp_master_repeat 1", "garp_master_delay 0", name="VI_2", vrid=52,
                     vips=other).replace("interface eth0", "interface eth1"))
    a.keepalived(text)
    captures[0].wait("arp", address=vips[-1])
    captures[1].wait("arp", address=other[-1])
    times = sorted(p.sent for c in captures for p in c.of("arp") if p.gratuitous)
    assert len(times) == 8
    assert times[-1] - times[0] > 0.5, times


# ---- tracked files ----

@pytest.mark.parametrize("words, before, after", [
    ("init_file", None, "0\n"), ("init_file 7", None, "7\n"), ("init_file 7", "3\n", "3\n"),
    ("init_file 7 overwrite", "3\n", "7\n"), ("init_file overwrite", "3\n", "0\n")])
def test_init_file(host, tmp_path, words, before, after):
    """Made at start, mode 0600; what is there stays unless overwrite says so."""
    file = tmp_path / "value"
    if before is not None:
        file.write_text(before)
    daemon = host.keepalived(f"track_file F {{\nfile {file}\nweight 1\n{words}\n}}\n" +
                             instance("track_file {\nF\n}"))
    packet = host.capture.wait("vrrp")
    assert packet.priority == 100 + int(after)
    assert file.read_text() == after
    if before is None:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("9\n")
    host.capture.wait("vrrp", host.capture.mark(), priority=109)
    since = daemon.reload()
    daemon.wait_log("reload: ", since)
    assert file.read_text() == "9\n", "only at start"


def make_link(file):
    file.symlink_to(file.parent / "precious")


def make_second_name(file):
    os.link(file.parent / "precious", file)


def make_theirs(file):
    file.write_text("x")
    os.chown(file, 65534, 65534)


@pytest.mark.parametrize("make, why", [
    (make_link, "Too many levels of symbolic links"), (os.mkfifo, "not a regular file"),
    (make_second_name, "it has other names, too"), (make_theirs, "it belongs to somebody else")],
    ids=["link", "fifo", "second-name", "theirs"])
def test_init_file_is_no_way_to_destroy_others(host, tmp_path, make, why):
    (tmp_path / "precious").write_text("x")
    file = tmp_path / "file"
    make(file)
    reader = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    daemon = host.keepalived(f"track_file F {{\nfile {file}\ninit_file overwrite\n}}\n" +
                             instance("track_file {\nF weight 1\n}"))
    daemon.wait_log(f"track_file F: init_file: cannot write {file}: {why}")
    os.close(reader)
    assert (tmp_path / "precious").read_text() == "x"
    assert not file.is_file() or file.read_text() == "x"


def test_init_file_of_a_reload(host, tmp_path):
    """Made when the reload adds it; the one that was there keeps its value."""
    words = "track_file {0} {{\nfile {1}/{0}\nweight 1\ninit_file {2} overwrite\n}}\n"
    first, second = words.format("A", tmp_path, 1), words.format("B", tmp_path, 20)
    daemon = host.keepalived(first + instance("track_file {\nA\n}"))
    host.capture.wait("vrrp", priority=101)
    (tmp_path / "A").write_text("5\n")
    since = daemon.reload(first + second + instance("track_file {\nA\nB\n}"))
    daemon.wait_log("reload: ", since)
    host.capture.wait("vrrp", host.capture.mark(), priority=125)
    assert (tmp_path / "B").read_text() == "20\n"


# ---- static entries ----

def test_static_track_group(lab):
    """Members are in FAULT while the interface of the entry is down, or it cannot be set again."""
    lan, side = lab.switch("lan"), lab.switch("side")
    a = lab.host("a", lan, "192.0.2.1/24", side, "198.51.100.1/24")
    text = ("track_group TG {\ngroup {\nVI_1\n}\n}\n"
            "static_routes {\n203.0.113.0/24 via 198.51.100.254 dev eth1 track_group TG\n}\n" +
            instance() + instance(name="VI_2", vrid=52, vips=("192.0.2.101",)))
    daemon = a.keepalived(text)
    a.wait_addr(VIP)
    a.wait_addr("192.0.2.101")
    assert "203.0.113.0/24" in a.ip("route show")
    a.ip("link set eth1 down")
    a.wait_addr(VIP, present=False)
    assert "192.0.2.101" in a.addresses()
    a.ip("link set eth1 up")
    a.wait_addr(VIP)
    since = daemon.mark()
    a.ip("address del 198.51.100.1/24 dev eth1")
    a.ip("route del 203.0.113.0/24", check=False)
    daemon.wait_log(r"(cannot add|the kernel dropped) route .*203.0.113.0/24", since)
    a.wait_addr(VIP, present=False)
    a.ip("address add 198.51.100.1/24 dev eth1")
    a.wait_addr(VIP)
    assert "203.0.113.0/24" in a.ip("route show")


# ---- VMAC ----

@needs("macvlan")
def test_netlink_notify_msg(host):
    """The kernel speaks of the base interface once more, though nothing of it has changed."""
    monitor = host.start("monitor", "ip", "monitor", "link")
    # It listens once it has shown something; what it shows last is the end of what to read.
    with netlab.Netlink(host.space, netlab.Netlink.LINKS) as events:
        mtu = itertools.count(50000)
        events.wait(lambda: monitor.has_log(": lo:") or host.ip(f"link set lo mtu {next(mtu)}"),
                    None, "a line of the monitor")
    daemon = host.keepalived(instance("use_vmac netlink_notify_msg"))
    daemon.wait_state("MASTER")
    host.ip("link set lo mtu 60000")
    monitor.wait_log(": lo:.* mtu 60000")
    lines = monitor.text().split("\n")
    made = next(i for i, line in enumerate(lines) if "vrrp.51" in line)
    assert any(": eth0" in line for line in lines[made + 1:]), monitor.text()
