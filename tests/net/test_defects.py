# SPDX-License-Identifier: GPL-2.0-or-later
"""Defects of keepalived 2.4 at run time that no other test shows to be absent; the list is
doc/defects.md."""
import json
import os
import re
import signal
import socket
import subprocess

import pytest

import netlab
import solo
from solo import VIP, conf, instance


def test_refresh_does_not_pile_up(lab):
    """However often the router became MASTER: one announcement per refresh and address."""
    host, = lab.pair(["192.0.2.1/24"])
    lan = lab.switches["lan"]
    capture = lan.capture()
    daemon = host.keepalived(conf("garp_master_repeat 1", "garp_master_delay 0",
                                  "garp_master_refresh 1"))
    for _ in range(4):
        daemon.wait_state("MASTER")
        log = daemon.mark()
        lan.set(lan.port(host), "down")
        daemon.wait_state("FAULT", since=log)
        log = daemon.mark()
        lan.set(lan.port(host), "up")
        daemon.wait_state("MASTER", since=log)
    capture.wait("arp", capture.mark(), address=VIP)
    since = capture.mark()
    capture.wait("vrrp", since, count=45)
    assert 3 <= len(capture.of("arp", since, address=VIP)) <= 6


def test_peer_address_is_removed(lab):
    host, = lab.pair(["192.0.2.1/24"])
    daemon = host.keepalived(conf(vips=["192.0.2.100 peer 198.51.100.1"]))
    host.wait_addr(VIP)
    log = daemon.mark()
    daemon.reload(conf(vips=["192.0.2.101"]))
    daemon.wait_log("Reload complete", log)
    host.wait_addr("192.0.2.101")
    assert VIP not in host.addresses()


def test_address_that_moves(lab):
    """From one MASTER to another in one reload, without a gap."""
    host, = lab.pair(["192.0.2.1/24"])

    def text(first, second):
        return conf(vips=first) + instance(name="VI_2", vrid=52, vips=second)
    daemon = host.keepalived(text([VIP, "192.0.2.101"], ["192.0.2.102"]))
    host.wait_addr(VIP)
    daemon.wait_state("MASTER", "VI_2")
    host.wait_addr("192.0.2.102")
    log, moved = daemon.mark(), socket.inet_aton("192.0.2.101")
    with netlab.Netlink(host.space, netlab.Netlink.ADDRESSES) as events:
        daemon.reload(text([VIP], ["192.0.2.102", "192.0.2.101", "192.0.2.103"]))
        daemon.wait_log("Reload complete", log)
        host.wait_addr("192.0.2.103")
        events.socket.setblocking(False)
        with pytest.raises(BlockingIOError):
            while True:
                assert moved not in events.socket.recv(65536), "touched"
    assert "192.0.2.101" in host.addresses()


def test_many_vmacs_go_at_stop(lab):
    host, = lab.pair(["192.0.2.1/24"])
    text = conf("use_vmac") + "".join(
        instance("use_vmac", name=f"VI_{i}", vrid=i, vips=[f"10.0.0.{i}"])
        for i in range(100, 200))
    daemon = host.keepalived(text)
    daemon.wait_state("MASTER", "VI_199")
    assert len(solo.links(host, "type", "macvlan")) == 101
    assert daemon.stop() == 0
    assert not solo.links(host, "type", "macvlan")


@pytest.mark.parametrize("caps, signs", [
    ("-all,+net_admin", [r"capability CAP_NET_RAW is missing: .* --cap-add=NET_RAW ",
                         r"\(VI_1\) cannot open a socket for adverts: Operation not permitted",
                         r"\(VI_1\) Entering FAULT STATE"]),
    ("-all,+net_raw", [r"capability CAP_NET_ADMIN is missing: .* --cap-add=NET_ADMIN ",
                       r"\(VI_1\) stays in FAULT state: it may not set its addresses",
                       r"\(VI_1\) Entering FAULT STATE"]),
], ids=["no-net-raw", "no-net-admin"])
def test_missing_capability_is_told(lab, tmp_path, caps, signs):
    """Who cannot do the work of a MASTER does not become one."""
    host, = lab.pair(["192.0.2.1/24"])
    path = tmp_path / "k.conf"
    path.write_text(conf())
    program = host.start("keepalived", "setpriv", f"--bounding-set={caps}",
                         f"--inh-caps={caps}", netlab.OURS, "-n", "-l", "-D", "-f", path,
                         "-p", tmp_path / "p", "-r", tmp_path / "r", ready="Startup complete")
    for sign in signs:
        program.wait_log(sign)


def test_deaths_are_named(lab):
    """A child that dies is named in the log; the parent and the address come through."""
    host, = lab.pair(["192.0.2.1/24"])
    daemon = host.keepalived(conf())
    host.wait_addr(VIP)
    child, log = daemon.child(), daemon.mark()
    os.kill(child, signal.SIGKILL)
    daemon.wait_log(rf"VRRP child process\({child}\) died: Respawning", log)
    daemon.wait_state("MASTER", since=log)
    host.wait_addr(VIP)


def test_each_line_says_who_speaks(lab):
    """On the console, too: the name and number of the process, those of parent and child."""
    host, = lab.pair(["192.0.2.1/24"])
    daemon = host.keepalived(conf())
    daemon.wait_state("MASTER")
    child = daemon.child()
    assert daemon.stop() == 0
    lines = daemon.text().replace("[end of output]", "").rstrip().split("\n")
    speakers = [re.match(r"\w+ \w+ +\d+ [\d:]+ \d+: (\w+)\[(\d+)\]: ", line) for line in lines]
    assert all(speakers), lines
    assert {(m[1], int(m[2])) for m in speakers} == {
        ("Keepalived", daemon.pid), ("Keepalived_vrrp", child)}


def test_reload_never_makes_it_worse(lab):
    """No file, a wrong word, an interface that is not there: everything stays as it is."""
    host, = lab.pair(["192.0.2.1/24"])
    capture = lab.switches["lan"].capture()
    daemon = host.keepalived(conf())
    host.wait_addr(VIP)
    child, since = daemon.child(), capture.mark()
    for text in ("", conf().replace("priority 254", "priority x"),
                 conf(interface="missing0"), "vrrp_instance V {\n"):
        log = daemon.mark()
        if text:
            daemon.write(text)
        else:
            daemon.config_file.unlink()
        daemon.signal(signal.SIGHUP)
        daemon.wait_log("the running configuration stays", log)
        capture.wait("vrrp", capture.mark(), priority=254)
    assert daemon.child() == child and VIP in host.addresses()
    assert not capture.of("vrrp", since, priority=0)


def test_no_tools_are_run(lab, tmp_path):
    """No shell, no ip, no nft, no iptables at start, with firewall and routes."""
    host, = lab.pair(["192.0.2.1/24"])
    path = tmp_path / "k.conf"
    path.write_text(conf("no_accept", "use_vmac", "virtual_routes {",
                         "198.51.100.0/24 via 192.0.2.9", "}"))
    trace = tmp_path / "trace"
    done = subprocess.run(["strace", "-V"], stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        pytest.skip("strace does not run")
    program = host.start("keepalived", "strace", "-f", "-qq", "-e", "trace=execve", "-o", trace,
                         netlab.OURS, "-n", "-l", "-f", path, "-p", tmp_path / "p",
                         "-r", tmp_path / "r", ready="Entering MASTER STATE")
    host.wait_addr(VIP)
    for pid in netlab.children_of(program.pid):
        os.kill(pid, signal.SIGTERM)
    program.wait_exit()
    assert len(re.findall("execve", trace.read_text())) == 1


def test_owner_is_master_at_once_after_a_fault(lab):
    """An address owner does not wait the master-down time when its interface is back."""
    host, = lab.pair(["192.0.2.1/24"])
    lan = lab.switches["lan"]
    daemon = host.keepalived(conf("state MASTER", priority=255, interval=20))
    host.wait_addr(VIP)
    log = daemon.mark()
    lan.set(lan.port(host), "down")
    daemon.wait_state("FAULT", since=log)
    lan.set(lan.port(host), "up")
    daemon.wait_state("MASTER", since=log)


def test_fifo_survives_a_reload(lab, tmp_path):
    """A reader needs not open it again."""
    host, = lab.pair(["192.0.2.1/24"])
    fifo = tmp_path / "fifo"
    text = conf(globals=[f"vrrp_notify_fifo {fifo}"])
    daemon = host.keepalived(text)
    daemon.wait_state("MASTER")
    host.wait_addr(VIP)
    before = os.stat(fifo).st_ino
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    log = daemon.mark()
    daemon.reload(text + instance(name="VI_2", vrid=52, vips=["192.0.2.102"]))
    daemon.wait_state("MASTER", "VI_2", log)
    assert os.stat(fifo).st_ino == before
    text = solo.read_fifo(reader, lambda text: 'INSTANCE "VI_2" MASTER' in text)
    os.close(reader)
    assert "\0" not in text and 'INSTANCE "VI_2" MASTER 254\n' in text


def test_two_owners(lab):
    """Both own the address: the one with the lower address yields, although it is faster."""
    a, b = lab.pair(["192.0.2.1/24"], ["192.0.2.2/24"])
    b.keepalived(conf("state MASTER", priority=255, interval=0.5))
    b.wait_addr(VIP)
    first = a.keepalived(conf("state MASTER", priority=255, interval=0.1))
    first.wait_log("CONFIGURATION ERROR.*192.0.2.2")
    a.wait_addr(VIP, present=False)
    capture = lab.switches["lan"].capture()
    capture.wait("vrrp", count=4)
    assert {p.source for p in capture.of("vrrp")} == {"192.0.2.2"}
    assert VIP in b.addresses()


HMAC = ("auth_hmac {", "key 1 hex:" + "0123456789abcdef" * 4, "active_key KEY",
        "anti_replay monotonic", "}")


def hmac(key="1"):
    return [line.replace("KEY", key) for line in HMAC]


def test_undefined_key_is_no_open_door(lab):
    """An active_key that no key has: FAULT, and no advert without authentication."""
    host, = lab.pair(["192.0.2.1/24"])
    capture = lab.switches["lan"].capture()
    daemon = host.keepalived(conf(*hmac("2")) + instance(name="VI_2", vrid=52,
                                                        vips=["192.0.2.102"]))
    daemon.wait_log(r"\(VI_1\) Entering FAULT STATE")
    capture.wait("vrrp", vrid=52, count=10)
    assert not capture.of("vrrp", vrid=51)


def test_replay_after_a_reload(lab):
    """What was heard before a reload is not believed once more after it."""
    a, b = lab.pair(["192.0.2.1/24"], ["192.0.2.2/24"])
    lan = lab.switches["lan"]
    capture = lan.capture()
    a.keepalived(conf(*hmac(), priority=200))
    daemon = b.keepalived(conf(*hmac(), priority=100))
    old = capture.wait("vrrp", priority=200, count=3)
    capture.wait("vrrp", priority=200, count=10)
    log = daemon.reload(conf(*hmac(), priority=99))
    daemon.wait_log("Reload complete", log)
    capture.wait("vrrp", capture.mark(), priority=200, count=3)
    with netlab.in_netns(lan.space):
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
            wire.bind((lan.port(b), 0))
            wire.send(old.frame)
    shown = daemon.folder / "keepalived.json"
    deadline, replayed = netlab.deadline_in(None), 0
    while not replayed and netlab.time.monotonic() < deadline:
        shown.unlink(missing_ok=True)
        daemon.signal(signal.SIGRTMIN + 2)
        while not shown.exists() and netlab.time.monotonic() < deadline:
            netlab.watch_folder(daemon.folder, 0.1)
        replayed = json.loads(shown.read_text())[0]["stats"]["auth_ext_replay"]
    assert replayed == 1
    assert not daemon.has_log("Entering MASTER", log)


def test_lost_notifications(lab):
    """More notifications than the buffer holds, the loss of an address among them: noticed."""
    host, = lab.pair(["192.0.2.1/24"])
    daemon = host.keepalived(conf(globals=["vrrp_netlink_monitor_rcv_bufs 4096"]))
    host.wait_addr(VIP)
    child, log = daemon.child(), daemon.mark()
    os.kill(child, signal.SIGSTOP)
    try:
        host.ip_batch("".join(f"address add 10.0.{i // 250}.{i % 250}/32 dev lo\n"
                              for i in range(1000)) +
                      f"address del {VIP}/32 dev eth0\n")
        assert solo.overruns(host, child) > 0
    finally:
        os.kill(child, signal.SIGCONT)
    daemon.wait_state("MASTER", since=log)
    host.wait_addr(VIP)
