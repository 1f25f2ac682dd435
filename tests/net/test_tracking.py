# SPDX-License-Identifier: GPL-2.0-or-later
"""Everything that can be tracked, seen from outside: the priority of the adverts, and who has the
address. One daemon tracks them all with weights; what is tracked without weight means FAULT."""
import http.server
import json
import os
import signal
import socket
import threading

import pytest

import netlab
import solo
from solo import VIP, conf, instance

MORE = """\
vrrp_script script {
	script "/usr/bin/test ! -e FOLDER/bad"
	interval 0.1
	timeout 2
	fall 2
	rise 2
	weight 3
}
track_file file {
	file FOLDER/value
	weight 2
}
track_tcp tcp {
	host 192.0.2.9
	port 80
	interval 0.1
	weight 5
}
track_http http {
	url http://192.0.2.9:8080/health
	interval 0.1
	weight 7
}
track_ping ping {
	host 192.0.2.9
	interval 0.1
	weight 11
}
"""
TRACK = ["track_interface {", "eth1 weight 20", "}",
         "track_script {", "script", "tcp", "http", "ping", "}",
         "track_file {", "file", "}"]
BASE, ALL = 100, 100 + 20 + 3 + 5 + 7 + 11


class Health(http.server.BaseHTTPRequestHandler):
    """Answers with the status that the server has."""

    def do_GET(self):  # pylint: disable=invalid-name
        self.send_response(self.server.status if self.path == "/health" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        pass


class Net:
    """Router a, the host c with servers."""

    def __init__(self, lab, folder):
        self.lab, self.folder = lab, folder
        self.lan, wan = lab.switch("lan"), lab.switch("wan")
        self.a = lab.host("a", self.lan, "192.0.2.1/24", wan, "203.0.113.1/24")
        self.c = lab.host("c", self.lan, "192.0.2.9/24")
        self.wan = wan
        self.capture = self.lan.capture()
        self.tcp = self.listen(80)
        with netlab.in_netns(self.c.space):
            self.http = http.server.ThreadingHTTPServer(("192.0.2.9", 8080), Health)
        self.http.status = 200
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.daemon = self.a.keepalived(
            conf(*TRACK, priority=BASE, more=MORE.replace("FOLDER", str(folder))))
        self.a.wait_addr(VIP)

    def listen(self, port):
        with netlab.in_netns(self.c.space):
            return socket.create_server(("192.0.2.9", port))

    def wait_priority(self, wanted):
        self.capture.wait("vrrp", self.capture.mark(), priority=wanted)

    def close(self):
        self.http.shutdown()
        self.http.server_close()
        self.tcp.close()


@pytest.fixture(scope="module")
def net(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tracking")
    with netlab.Lab(folder) as lab:
        made = Net(lab, folder)
        yield made
        made.close()


def test_all_are_well(net):
    net.wait_priority(ALL)


def test_interface(net):
    net.wan.set(net.wan.port(net.a, "eth1"), "down")
    net.wait_priority(ALL - 20)
    net.wan.set(net.wan.port(net.a, "eth1"), "up")
    net.wait_priority(ALL)


def test_script(net):
    (net.folder / "bad").write_text("")
    net.wait_priority(ALL - 3)
    (net.folder / "bad").unlink()
    net.wait_priority(ALL)


def test_file(net):
    """Value times weight; a file that goes is 0."""
    path = net.folder / "value"
    path.write_text("10\n")
    net.wait_priority(ALL + 20)
    path.write_text("-8\n")
    net.wait_priority(ALL - 16)
    path.unlink()
    net.wait_priority(ALL)


def test_tcp(net):
    net.tcp.close()
    net.wait_priority(ALL - 5)
    net.tcp = net.listen(80)
    net.wait_priority(ALL)


def test_http(net):
    net.http.status = 503
    net.wait_priority(ALL - 7)
    net.http.status = 204
    net.wait_priority(ALL)


def test_ping(net):
    net.c.sysctl("net.ipv4.icmp_echo_ignore_all", 1)
    net.wait_priority(ALL - 11)
    net.c.sysctl("net.ipv4.icmp_echo_ignore_all", 0)
    net.wait_priority(ALL)


def test_nothing_is_left(net):
    """No transition in all this; a clean end."""
    assert not net.daemon.has_log(r"Entering (FAULT|BACKUP) STATE$")
    log = net.daemon.mark()
    assert net.daemon.stop() == 0
    assert not net.daemon.has_log("fail|killed", log)


# ---- without weight ----

def pair_of_interfaces(lab):
    lan, wan, dmz = lab.switch("lan"), lab.switch("wan"), lab.switch("dmz")
    return lab.host("a", lan, "192.0.2.1/24", wan, "203.0.113.1/24", dmz, "198.51.100.1/24")


def test_two_interfaces_are_counted(lab):
    """Both down, one up again: still FAULT."""
    host = pair_of_interfaces(lab)
    wan, dmz = lab.switches["wan"], lab.switches["dmz"]
    daemon = host.keepalived(conf("track_interface {", "eth1", "eth2", "}"))
    host.wait_addr(VIP)
    log = daemon.mark()
    wan.set(wan.port(host, "eth1"), "down")
    daemon.wait_state("FAULT", since=log)
    host.wait_addr(VIP, present=False)
    dmz.set(dmz.port(host, "eth2"), "down")
    daemon.wait_log("reports eth2 down", log)
    log = daemon.mark()
    wan.set(wan.port(host, "eth1"), "up")
    daemon.wait_log("reports eth1 up", log)
    capture = lab.switches["lan"].capture()
    dmz.set(dmz.port(host, "eth2"), "up")
    daemon.wait_log("reports eth2 up", log)
    daemon.wait_state("MASTER", since=log)
    lines = [line for _, line in daemon.lines[log:]]
    up2 = next(i for i, line in enumerate(lines) if "reports eth2 up" in line)
    assert not [line for line in lines[:up2] if "Entering" in line]
    host.wait_addr(VIP)
    capture.wait("vrrp", priority=254)


def test_fault_script(lab, tmp_path):
    """A script without weight: MASTER, FAULT with one priority 0, MASTER."""
    host, = lab.pair(["192.0.2.1/24"])
    capture = lab.switches["lan"].capture()
    script = (f'vrrp_script s {{\nscript "/usr/bin/test ! -e {tmp_path}/bad"\ninterval 0.1\n'
              "timeout 2\n}\n")
    daemon = host.keepalived(conf("track_script {", "s", "}", more=script))
    host.wait_addr(VIP)
    since = capture.mark()
    (tmp_path / "bad").write_text("")
    daemon.wait_state("FAULT")
    host.wait_addr(VIP, present=False)
    log = daemon.mark()
    (tmp_path / "bad").unlink()
    daemon.wait_state("MASTER", since=log)
    capture.wait("vrrp", capture.mark(), priority=254)
    assert len(capture.of("vrrp", since, priority=0)) == 1


def test_init_fail(lab, tmp_path):
    """init_fail: FAULT until the script has succeeded `rise` times; two successes are no three."""
    host, = lab.pair(["192.0.2.1/24"])
    runs, path = tmp_path / "runs", tmp_path / "script"
    path.write_text(f"#!/bin/sh\necho x >>{runs}\n"
                    f"test -e {tmp_path}/good || test $(grep -c x {runs}) -le 2\n")
    path.chmod(0o755)
    daemon = host.keepalived(conf("track_script {", "s", "}", more=(
        f'vrrp_script s {{\nscript "{path}"\ninterval 0.1\ntimeout 5\nrise 3\ninit_fail\n}}\n')))
    daemon.wait_log(r"Entering FAULT STATE \(init\)")
    deadline = netlab.deadline_in(None)
    while not runs.exists() or runs.read_text().count("x") < 8:
        netlab.watch_folder(tmp_path, 0.5)
        assert netlab.time.monotonic() < deadline
    assert not daemon.has_log("Entering (BACKUP|MASTER) STATE")
    (tmp_path / "good").write_text("")
    daemon.wait_state("MASTER")


def test_slow_script_is_ended(lab, tmp_path):
    """A script that hangs is ended after its timeout, with its children, and has failed."""
    host, = lab.pair(["192.0.2.1/24"])
    path = tmp_path / "slow"
    path.write_text(f"#!/bin/sh\ntest -e {tmp_path}/hang || exit 0\n"
                    f"/usr/bin/tail -f /dev/null &\necho $! >{tmp_path}/grandchild\nwait\n")
    path.chmod(0o755)
    daemon = host.keepalived(conf("track_script {", "s", "}", more=(
        f'vrrp_script s {{\nscript "{path}"\ninterval 1\ntimeout 1\n}}\n')))
    host.wait_addr(VIP)
    (tmp_path / "hang").write_text("")
    daemon.wait_state("FAULT")
    pid = int((tmp_path / "grandchild").read_text())
    netlab.wait_gone(pid)
    log = daemon.mark()
    (tmp_path / "hang").unlink()
    daemon.wait_state("MASTER", since=log)


def test_process(lab, tmp_path):
    """A process by its command line: gone means FAULT."""
    host, = lab.pair(["192.0.2.1/24"])
    name = f"lab{os.getpid()}x"
    path = tmp_path / name
    path.symlink_to("/usr/bin/tail")
    one = host.start("tracked", path, "-f", "/dev/null")
    text = conf("track_process {", "p", "}", more=f"vrrp_track_process p {{\nprocess {path}\n"
                                                  "full_command\nquorum 1\n}\n")
    daemon = host.keepalived(text)
    host.wait_addr(VIP)
    log = daemon.reload(text.replace("priority 254", "priority 253"))
    daemon.wait_log("Reload complete", log)
    assert not daemon.has_log("Entering|Quorum", log)
    one.ask_to_end()
    one.wait_exit()
    daemon.wait_state("FAULT")
    host.wait_addr(VIP, present=False)
    log = daemon.mark()
    host.start("tracked", path, "-f", "/dev/null")
    daemon.wait_state("MASTER", since=log)


def test_source_address(lab):
    """track_src_ip: FAULT while the configured source is not there."""
    host, = lab.pair(["192.0.2.1/24", "192.0.2.7/24"])
    capture = lab.switches["lan"].capture()
    daemon = host.keepalived(conf("mcast_src_ip 192.0.2.7", "track_src_ip"))
    host.wait_addr(VIP)
    assert capture.wait("vrrp", priority=254).source == "192.0.2.7"
    log = daemon.mark()
    host.ip("address", "del", "192.0.2.7/24", "dev", "eth0")
    daemon.wait_state("FAULT", since=log)
    log = daemon.mark()
    host.ip("address", "add", "192.0.2.7/24", "dev", "eth0")
    daemon.wait_state("MASTER", since=log)


def test_source_address_changes(lab):
    """The first address of the interface goes: the next one is the source, in AH too."""
    host, = lab.pair(["192.0.2.1/24", "203.0.113.1/24"])
    capture = lab.switches["lan"].capture()
    host.keepalived(conf("authentication {", "auth_type AH", "auth_pass secret", "}",
                         version=2, interval=1))
    capture.wait("vrrp", priority=254, source="192.0.2.1")
    host.ip("address", "del", "192.0.2.1/24", "dev", "eth0")
    advert = capture.wait("vrrp", priority=254, source="203.0.113.1")
    ip_header = 14 + (advert.frame[14] & 15) * 4
    assert advert.frame[ip_header + 4:ip_header + 8] == socket.inet_aton("203.0.113.1")


def test_numbers_outlive_the_process(lab):
    """AH: the adverts of an owner whose process was killed and is back are no old ones for others."""
    a, b = lab.pair(["192.0.2.1/24"], ["192.0.2.2/24"])
    capture = lab.switches["lan"].capture()
    auth = ("authentication {", "auth_type AH", "auth_pass secret", "}")
    owner = a.keepalived(conf(*auth, version=2, interval=1, priority=255, vips=["192.0.2.1/24"]))
    backup = b.keepalived(conf(*auth, version=2, interval=1, priority=100, vips=["192.0.2.1/24"]))
    capture.wait("vrrp", priority=255, source="192.0.2.1", count=8, timeout=30)
    assert not backup.has_log("Entering MASTER")
    since, log = capture.mark(), backup.mark()
    os.kill(owner.child(), signal.SIGKILL)
    capture.wait("vrrp", priority=255, source="192.0.2.1", count=6, since=since, timeout=30)
    assert not backup.has_log("Entering|replay", log)


def test_delays(lab):
    """interface_up_down_delays: a short loss of carrier is nothing, a long one is FAULT."""
    host, = lab.pair(["192.0.2.1/24"])
    lan = lab.switches["lan"]
    text = conf(interval=0.5, more="interface_up_down_delays {\neth0 0.6 0.3\n}\n")
    daemon = host.keepalived(text)
    host.wait_addr(VIP)
    log, port = daemon.mark(), lan.port(host)
    netlab.run("ip", "-n", lan.space, "-batch", "-",
               stdin=f"link set {port} down\nlink set {port} up\n")
    lan.capture().wait("vrrp", priority=254, count=4)
    assert not daemon.has_log("Entering", log)
    began = netlab.time.monotonic()
    lan.set(port, "down")
    assert daemon.wait_state("FAULT", since=log).when - began > 0.5
    log = daemon.mark()
    lan.set(port, "up")
    daemon.wait_state("MASTER", since=log)


def test_delays_over_a_reload(lab):
    """While the loss of the carrier is being delayed, reloads change neither state nor timers."""
    host, = lab.pair(["192.0.2.1/24"])
    lan = lab.switches["lan"]
    text = conf(interval=1.6, more="interface_up_down_delays {\neth0 3 0.3\n}\n")
    daemon = host.keepalived(text)
    host.wait_addr(VIP)
    log, began = daemon.mark(), netlab.time.monotonic()
    lan.set(lan.port(host), "down")
    for priority in (253, 252, 254):
        daemon.wait_log("Reload complete",
                        daemon.reload(text.replace("priority 254", f"priority {priority}")))
    assert netlab.time.monotonic() - began > 3 or not daemon.has_log("Entering|eth0 down", log)
    assert daemon.wait_state("FAULT", since=log).when - began > 2.9


# ---- groups ----

GROUP = """\
vrrp_sync_group G {
	group {
		VI_1
		VI_2
	}
	LINES
}
"""


def grouped(*lines, priority=254):
    return (conf(priority=priority, more=GROUP.replace("LINES", "\n".join(lines))) +
            instance(name="VI_2", vrid=52, interface="eth1", vips=["203.0.113.100"],
                     priority=priority))


def test_group_moves_as_one(lab):
    """A fault of one member takes the other one along, on both routers."""
    lan, wan = lab.switch("lan"), lab.switch("wan")
    a = lab.host("a", lan, "192.0.2.1/24", wan, "203.0.113.1/24")
    b = lab.host("b", lan, "192.0.2.2/24", wan, "203.0.113.2/24")
    first = a.keepalived(grouped(priority=200))
    a.wait_addr(VIP)
    a.wait_addr("203.0.113.100")
    b.keepalived(grouped())
    b.wait_addr(VIP)
    a.wait_addr(VIP, present=False)
    a.wait_addr("203.0.113.100", present=False)
    assert {VIP, "203.0.113.100"} <= b.addresses()
    lan_capture, log = lan.capture(), first.mark()
    wan.set(wan.port(b, "eth1"), "down")
    first.wait_log(r"VRRP_Group\(G\) Syncing instances to MASTER", log)
    a.wait_addr(VIP)
    a.wait_addr("203.0.113.100")
    b.wait_addr(VIP, present=False)
    # The member that was well says goodbye once.
    assert len([p for p in lan_capture.of("vrrp", priority=0)
                if p.port == lan.port(b)]) == 1


def test_group_tracks(lab):
    """What the group tracks counts for every member."""
    host = pair_of_interfaces(lab)
    dmz = lab.switches["dmz"]
    lan, wan = lab.switches["lan"].capture(), lab.switches["wan"].capture()
    host.keepalived(grouped("track_interface {", "eth2 weight -30", "}", priority=200))
    lan.wait("vrrp", priority=200)
    wan.wait("vrrp", priority=200)
    dmz.set(dmz.port(host, "eth2"), "down")
    lan.wait("vrrp", priority=170)
    wan.wait("vrrp", priority=170)


def test_address_lost_tells_the_group(lab, tmp_path):
    """Somebody removes an address: BACKUP and MASTER again, of the group too."""
    lan, wan = lab.switch("lan"), lab.switch("wan")
    host = lab.host("a", lan, "192.0.2.1/24", wan, "203.0.113.1/24")
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDWR | os.O_NONBLOCK)
    text = grouped().replace("script_user root", f"script_user root\nnotify_fifo {fifo}", 1)
    daemon = host.keepalived(text)
    host.wait_addr("203.0.113.100")
    log = daemon.mark()
    host.ip("address", "del", VIP + "/32", "dev", "eth0")
    daemon.wait_state("MASTER", since=log)
    host.wait_addr(VIP)
    daemon.wait_log(r"VRRP_Group\(G\) Syncing instances to MASTER", log)
    text, deadline = "", netlab.deadline_in(None)
    while text.count('GROUP "G" MASTER') < 2 and netlab.time.monotonic() < deadline:
        try:
            text += os.read(reader, 65536).decode()
        except BlockingIOError:
            netlab.watch_folder(tmp_path, 0.1)
    os.close(reader)
    groups = [line.split()[2] for line in text.splitlines() if line.startswith("GROUP")]
    assert groups == ["BACKUP", "MASTER", "BACKUP", "MASTER"]


# ---- no_accept ----

def ruleset(host):
    return netlab.run("ip", "netns", "exec", host.space, "nft", "list", "ruleset")


@pytest.mark.parametrize("family", ["ip4", "ip6"])
def test_no_accept(lab, family):
    """The MASTER answers ARP or neighbour discovery for the address, and nothing else; a flushed
    table comes back; the stop takes it."""
    a, c = lab.pair(["192.0.2.1/24", "2001:db8::1/64"], ["192.0.2.9/24", "2001:db8::9/64"])
    vip, vips = (VIP, [VIP]) if family == "ip4" else ("2001:db8::100",
                                                      ["fe80::100", "2001:db8::100"])
    daemon = a.keepalived(conf("no_accept", vips=vips))
    a.wait_addr(vip)
    assert not solo.ping(c, vip)
    assert solo.neighbour(c, vip) == solo.mac_of(a)
    assert solo.ping(c, "192.0.2.1" if family == "ip4" else "2001:db8::1")
    log = daemon.mark()
    assert "drop" in ruleset(a)
    netlab.run("ip", "netns", "exec", a.space, "nft", "flush", "ruleset")
    daemon.wait_log("changed by somebody else", log)
    deadline = netlab.time.monotonic() + 10
    while "drop" not in ruleset(a):
        assert netlab.time.monotonic() < deadline, "the rules do not come back"
    assert not solo.ping(c, vip)
    assert daemon.stop() == 0
    assert not ruleset(a).strip()


def test_accept(lab):
    a, c = lab.pair(["192.0.2.1/24"], ["192.0.2.9/24"])
    a.keepalived(conf("accept"))
    a.wait_addr(VIP)
    assert solo.ping(c, VIP)


# ---- namespaces ----

def test_namespace_of_the_process(lab):
    """-s: started outside, everything is inside."""
    host, = lab.pair(["192.0.2.1/24"])
    folder = host.scratch / "outside"
    folder.mkdir()
    (folder / "k.conf").write_text(conf())
    outside = lab.namespace("outside")
    program = netlab.Program(host, "-s", [
        "nsenter", f"--net={netlab.NETNS_DIR}/{outside}", netlab.OURS, "-n", "-l", "-D",
        "-s", host.space,
        "-f", str(folder / "k.conf"), "-p", str(folder / "p"), "-r", str(folder / "r")],
        {"TMPDIR": str(folder)})
    lab.programs.append(program)
    host.wait_addr(VIP)
    program.signal(15)
    assert program.wait_exit() == 0
    assert VIP not in host.addresses()


def test_namespaces_of_instances(lab):
    """One daemon, an instance in its own namespace and one in another."""
    lan = lab.switch("lan")
    a = lab.host("a", lan, "192.0.2.1/24")
    inner = lab.host("inner", lan, "192.0.2.2/24")
    c = lab.host("c", lan, "192.0.2.9/24")
    capture = lan.capture()
    daemon = a.keepalived(conf() + instance(
        f"net_namespace {inner.space}", "use_vmac", name="VI_2", vrid=52, vips=["192.0.2.102"]))
    a.wait_addr(VIP)
    inner.wait_addr("192.0.2.102")
    assert "192.0.2.102" not in a.addresses()
    assert capture.wait("vrrp", vrid=52).mac_from == "00:00:5e:00:01:34"
    assert solo.ping(c, "192.0.2.102") and solo.ping(c, VIP)
    assert daemon.stop() == 0
    assert "192.0.2.102" not in inner.addresses()
    assert not solo.links(inner, "type", "macvlan")


START = """\
track_file file {
	file FOLDER/value
	weight 0
}
vrrp_script script {
	script "/usr/bin/true"
	interval 1000
	init_fail
}
vrrp_track_process process {
	process no-such-program
}
vrrp_sync_group GROUP {
	group {
		BY_FILE
		BY_GROUP
	}
}
"""


def test_fault_at_start_has_its_cause(lab, tmp_path):
    """Who is in FAULT from the first moment on is told why, as is the group that it is in."""
    (tmp_path / "value").write_text("3\n")
    a = lab.host("a", lab.switch("lan"), "192.0.2.1/24", lab.switch("wan"), "203.0.113.1/24")
    a.ip("link", "set", "eth1", "down")
    names = {"BY_FILE": "track file file has value 3", "BY_GROUP": "sync group member BY_FILE",
             "BY_INTERFACE": "interface eth1 down", "BY_SCRIPT": "init_fail of script",
             "BY_PROCESS": "tracked process process runs 0 times"}
    track = {"BY_FILE": ("track_file", "file"), "BY_SCRIPT": ("track_script", "script"),
             "BY_PROCESS": ("track_process", "process")}
    text = START.replace("FOLDER", str(tmp_path))
    for vrid, name in enumerate(names, 10):
        lines = [track[name][0] + " {", track[name][1], "}"] if name in track else []
        text += instance(*lines, name=name, vrid=vrid, vips=(f"192.0.2.{vrid + 100}",),
                         interface="eth1" if name == "BY_INTERFACE" else "eth0")
    daemon = a.keepalived("global_defs {\nscript_user root\n}\n" + text)
    daemon.wait_log("Startup complete")
    shown = json.loads(solo.dumped(daemon, signal.SIGRTMIN + 2, "keepalived.json"))
    causes = {one["data"]["iname"]: one["data"]["transitions"][0]["cause"] for one in shown}
    assert {name: names[name] in cause for name, cause in causes.items()} == dict.fromkeys(
        names, True), causes
    data = solo.dumped(daemon, signal.SIGUSR1, "keepalived.data")
    assert " VRRP Sync Group = GROUP, FAULT\n   Num member fault 1, num member init 0\n" in data
