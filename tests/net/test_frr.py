# SPDX-License-Identifier: GPL-2.0-or-later
"""Beside FRR's vrrpd, version 3, as master and as backup."""
import os
import pathlib
import tempfile

import pytest

import netlab
import routers
from routers import GLOBALS, V3, V3_IP6, instance

VRRPD, ZEBRA = "/usr/lib/frr/vrrpd", "/usr/lib/frr/zebra"
pytestmark = pytest.mark.skipif(not os.access(VRRPD, os.X_OK), reason="FRR is not installed")


class Frr:
    """zebra and vrrpd in a host, for VRID 51 on eth0. They run as their own user."""

    def __init__(self, host, folder, mode, priority):
        self.host, self.folder, self.mode = host, folder, mode
        key = "ip" if mode.family == 4 else "ipv6"
        mac = f"00:00:5e:00:0{1 if mode.family == 4 else 2}:33"
        addresses = "".join(
            f"address add {vip}/{24 if mode.family == 4 else 64} dev vr51\n" for vip in mode.vips)
        host.ip_batch("link add vr51 link eth0 type macvlan mode bridge\n"
                      f"link set vr51 addrgenmode none\nlink set vr51 address {mac}\n"
                      f"{addresses}link set vr51 up\n")
        self.config = folder / "frr.conf"
        self.config.write_text("log stdout informational\ninterface eth0\n vrrp 51 version 3\n"
                               f" vrrp 51 priority {priority}\n"
                               f" vrrp 51 advertisement-interval {mode.interval * 1000:.0f}\n"
                               + "".join(f" vrrp 51 {key} {vip}\n" for vip in mode.vips))
        self.start("zebra", ZEBRA).wait_log("starting")
        self.daemon = self.start("vrrpd", VRRPD)

    def start(self, name, path):
        return self.host.start(
            name, path, "-A", "127.0.0.1", "-P", "0", "-u", "frr", "-g", "frr", "-f", self.config,
            "-i", self.folder / f"{name}.pid", "-z", self.folder / "zserv",
            "--vty_socket", self.folder, "--log", "stdout")

    def wait_state(self, state, since=0):
        return self.daemon.wait_log(rf"\[IPv{self.mode.family}\] \w+ -> {state}", since)


@pytest.fixture
def frr_folder():
    """Where FRR's user can write."""
    with tempfile.TemporaryDirectory(prefix="frr") as name:
        os.chmod(name, 0o777)
        yield pathlib.Path(name)


@pytest.fixture(params=[(V3, 200), (V3, 100), (V3_IP6, 200), (V3_IP6, 100)],
                ids=lambda p: f"{p[0].name}-ours-{p[1]}")
def beside(request, lab, frr_folder):
    mode, priority = request.param
    a, b = lab.pair(*(routers.ADDRESSES[name] for name in "ab"))
    capture = lab.switches["lan"].capture()
    config = GLOBALS + instance(mode, "a", "b", priority)
    ours = a.keepalived(config)
    frr = Frr(b, frr_folder, mode, 150)
    return mode, priority, a, ours, frr, capture


def test_master_and_backup(beside):
    """The better one is MASTER; when it stops the other takes over within a skew time."""
    mode, priority, host, ours, frr, capture = beside
    if priority > 150:
        ours.wait_state("MASTER")
        host.wait_addr(mode.vip)
        capture.wait("vrrp", capture.mark(), priority=priority, count=8)
        assert not capture.of("vrrp", capture.mark(), priority=150)
        ours.stop()
        frr.wait_state("Master")
        capture.wait("vrrp", priority=150)
    else:
        frr.wait_state("Master")
        # Whoever started faster may have been MASTER first; from here on nothing may change.
        capture.wait("vrrp", capture.mark(), priority=150, count=4)
        log = ours.mark()
        capture.wait("vrrp", capture.mark(), priority=150, count=8)
        assert not ours.has_log("Entering MASTER", log)
        frr.daemon.signal(netlab.signal.SIGTERM)
        ours.wait_state("MASTER", since=log)
        host.wait_addr(mode.vip)
    assert not ours.has_log(r"[Cc]hecksum|[Ii]nvalid|mismatch|not present")
