# SPDX-License-Identifier: GPL-2.0-or-later
"""Tracked BFD sessions: a test plays the BFD engine at its end of the line, which it takes from the
supervisor."""
import os
import socket
import struct
import time

import pytest

import netlab

PIDFD_GETFD = 438
MAGIC = 0x42464431
STATE, ASK = 1, 2
DOWN, UP = 1, 3

BFD = "bfd_instance B1 {\nneighbor_ip 192.0.2.9\n}\nbfd_instance B2 {\nneighbor_ip 192.0.2.8\n}\n"


def instance(track="", name="VI_1", vrid=51, vip="192.0.2.100"):
    return (f"vrrp_instance {name} {{\ninterface eth0\nversion 3\nvirtual_router_id {vrid}\n"
            f"priority 100\nadvert_int 0.1\n{track}\nvirtual_ipaddress {{\n{vip}\n}}\n}}\n")


def track(*lines):
    return "track_bfd {\n" + "\n".join(lines) + "\n}"


class Line:
    """The end of BFD: of all socket pairs of the supervisor the one on which VRRP asks."""

    def __init__(self, daemon):
        self.socket = None
        deadline = netlab.deadline_in(None)
        while self.socket is None:
            self._look(daemon.pid)
            if self.socket is None and time.monotonic() > deadline:
                raise netlab.Timeout("nobody asks for BFD sessions")

    def _look(self, pid):
        pidfd = os.pidfd_open(pid)
        for name in os.listdir(f"/proc/{pid}/fd"):
            try:
                if not os.readlink(f"/proc/{pid}/fd/{name}").startswith("socket:"):
                    continue
            except OSError:
                continue
            fd = netlab.LIBC.syscall(PIDFD_GETFD, pidfd, int(name), 0)
            if fd < 0:
                continue
            end = socket.socket(fileno=fd)
            if self._is_asked(end):
                self.socket = end
                break
            end.close()
        os.close(pidfd)

    @staticmethod
    def _is_asked(end):
        try:
            data = end.recv(256, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except OSError:
            return False
        return len(data) == 48 and struct.unpack_from("=IH", data) == (MAGIC, ASK)

    def wait_ask(self):
        self.socket.settimeout(netlab.DEADLINE)
        assert struct.unpack_from("=IH", self.socket.recv(256)) == (MAGIC, ASK)

    def tell(self, name, state):
        self.socket.send(struct.pack("=IHBBq32s", MAGIC, STATE, state, 0, time.monotonic_ns(),
                                     name.encode()))

    def say(self, data):
        self.socket.send(data)


@pytest.fixture
def host(lab):
    (a,) = lab.pair(["192.0.2.1/24"])
    a.capture = lab.switches["lan"].capture()
    return a


def wait_priority(host, priority, vrid=51):
    return host.capture.wait("vrrp", host.capture.mark(), vrid=vrid, priority=priority)


def test_unweighted(host):
    """FAULT while it is down; also what is malformed or of other sessions changes nothing."""
    daemon = host.keepalived(BFD + instance(track("B1")))
    line = Line(daemon)
    line.wait_ask()
    assert not host.capture.of("vrrp")
    line.tell("B1", UP)
    host.wait_addr("192.0.2.100")
    line.tell("B2", DOWN)
    line.tell("nobody", DOWN)
    line.say(b"x" * 48)
    line.say(b"short")
    daemon.wait_log("malformed")         # once: whoever repeats it is not listened to
    since, mark = daemon.mark(), host.capture.mark()
    line.tell("B1", DOWN)
    host.capture.wait("vrrp", mark, priority=0)
    host.wait_addr("192.0.2.100", present=False)
    daemon.wait_log(r"VRRP_Instance\(VI_1\) Tracked BFD instance B1 is DOWN", since)
    daemon.wait_state("FAULT", since=since)
    line.tell("B1", UP)
    host.wait_addr("192.0.2.100")


def test_silence_is_down_after_a_while(host):
    daemon = host.keepalived(BFD + instance(track("B1")))
    daemon.wait_log("nothing was heard of BFD session B1: taken as down")
    daemon.wait_state("FAULT")


def test_weights(host):
    """abs(weight) more when up, less when down; reverse the other way round."""
    daemon = host.keepalived(BFD + instance(track("B1 weight 20", "B2 weight 5 reverse")))
    line = Line(daemon)
    line.wait_ask()
    line.tell("B1", UP)
    line.tell("B2", DOWN)
    wait_priority(host, 120)
    line.tell("B1", DOWN)
    wait_priority(host, 100)
    line.tell("B2", UP)
    wait_priority(host, 95)


def test_group_and_reload(host):
    """A group's tracker counts for each member; a reload asks again and keeps what is known."""
    pair = instance(name="A", vrid=51) + instance(name="B", vrid=52, vip="192.0.2.101")
    group = "vrrp_sync_group G {\ngroup {\nA\nB\n}\n" + track("B1") + "\n}\n"
    daemon = host.keepalived(BFD + pair + group)
    line = Line(daemon)
    line.wait_ask()
    line.tell("B1", UP)
    host.wait_addr("192.0.2.100")
    host.wait_addr("192.0.2.101")
    since, mark = daemon.mark(), host.capture.mark()
    daemon.reload(BFD + pair.replace("priority 100", "priority 110") + group)
    line.wait_ask()
    wait_priority(host, 110)
    assert not daemon.has_log("FAULT", since) and not host.capture.of("vrrp", mark, priority=0)
    line.tell("B1", DOWN)
    for address in ("192.0.2.100", "192.0.2.101"):
        host.wait_addr(address, present=False)


def test_line_outlives_the_engine(host):
    """A VRRP process that was started again asks and hears; what was said meanwhile counts."""
    daemon = host.keepalived(BFD + instance(track("B1")))
    line = Line(daemon)
    line.wait_ask()
    line.tell("B1", UP)
    host.wait_addr("192.0.2.100")
    old = daemon.child()
    since = daemon.mark()
    os.kill(old, netlab.signal.SIGKILL)
    line.wait_ask()
    line.tell("B1", UP)
    daemon.wait_state("MASTER", since=since)
    assert daemon.has_log("Starting VRRP child process", since)
    assert daemon.child() != old
