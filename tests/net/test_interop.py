# SPDX-License-Identifier: GPL-2.0-or-later
"""Beside Debian's keepalived 2.2.7, as master and as backup, in every mode."""
import dataclasses
import os

import pytest

import netlab
import routers
import solo
from routers import ALL_MODES, V3, V3_IP6, Pair

pytestmark = pytest.mark.skipif(not os.access(netlab.DEBIAN, os.X_OK),
                                reason=f"{netlab.DEBIAN} is not installed")

# What either says about packets of the other that it does not like.
COMPLAINTS = (r"[Ii]nvalid|[Ww]rong|mismatch|[Ee]xpected|too (short|long)|not present in advert|"
              r"rejected|bogus|[Cc]hecksum|Dropping|replay")


def complaints(pair):
    return [line for router in (pair.a, pair.b) for _, line in router.daemon.lines
            if netlab.re.search(COMPLAINTS, line)]


def higher_priority_is_master(pair):
    """They agree, and neither minds what the other sends."""
    pair.advert_of(pair.a, since=pair.capture.mark(), count=3)
    assert not complaints(pair)
    assert not pair.b.has_vip()


def takeover_and_back(pair):
    """The backup takes over at once after a clean stop, and gives back when the master returns."""
    log, since = pair.b.daemon.mark(), pair.capture.mark()
    pair.a.daemon.stop()
    pair.advert_of(pair.a, since, priority=0)
    pair.b.wait_state("MASTER", log)
    pair.b.wait_vip()
    pair.advert_of(pair.b, since, priority=100)
    log = pair.b.daemon.mark()
    pair.a.start()
    pair.a.wait_state("MASTER")
    pair.b.wait_state("BACKUP", log)
    pair.b.wait_vip(present=False)
    pair.wait_only(pair.a, pair.capture.mark())
    assert not complaints(pair)


def silent_master(pair):
    """A master that is cut off is replaced after the master-down time, and comes back."""
    log = pair.b.daemon.mark()
    pair.lan.unplug(pair.a.host)
    pair.b.wait_state("MASTER", log)
    log = pair.b.daemon.mark()
    pair.lan.plug(pair.a.host)
    pair.b.wait_state("BACKUP", log)
    pair.wait_only(pair.a, pair.capture.mark())


def one_mac(pair):
    """With VMACs whoever is MASTER has the virtual one."""
    if pair.mode in VMAC_MODES:
        family = "01" if pair.mode.family == 4 else "02"
        advert = pair.advert_of(pair.a, since=pair.capture.mark())
        assert advert.mac_from == f"00:00:5e:00:{family}:33"


VMAC_MODES = tuple(dataclasses.replace(mode, name=mode.name + "-vmac") for mode in (V3, V3_IP6))
STEPS = [higher_priority_is_master, takeover_and_back, silent_master, one_mac]
KEYS = [(mode, who) for mode in ALL_MODES + VMAC_MODES for who in ("ours-first", "debian-first")]


def make_pair(key, factory):
    mode, who = key
    binaries = (netlab.OURS, netlab.DEBIAN)
    lines = ("use_vmac",) if mode in VMAC_MODES else ()
    return Pair(factory.mktemp(f"{mode.name}-{who}"), mode,
                binaries if who == "ours-first" else binaries[::-1], (lines, lines))


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return routers.run_steps(KEYS, lambda key: make_pair(key, tmp_path_factory), STEPS)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: f"{key[0].name}-{key[1]}")
@pytest.mark.parametrize("step", [step.__name__ for step in STEPS])
def test_interop(results, key, step):
    results.check(key, step)


GROUP = "vrrp_sync_group G {\ngroup {\nVI_1\nVI_2\n}\n}\n"
VIP2 = "203.0.113.100"


def grouped(priority):
    return (solo.conf(priority=priority, interval=0.2, more=GROUP) +
            solo.instance(name="VI_2", vrid=52, interface="eth1", vips=[VIP2], interval=0.2,
                          priority=priority))


@pytest.mark.parametrize("who", ["ours-first", "debian-first"])
def test_sync_groups(lab, who):
    """Both links move together when one fails, whoever is who."""
    lan, wan = lab.switch("lan"), lab.switch("wan")
    a = lab.host("a", lan, "192.0.2.1/24", wan, "203.0.113.1/24")
    b = lab.host("b", lan, "192.0.2.2/24", wan, "203.0.113.2/24")
    binaries = (netlab.OURS, netlab.DEBIAN)[::1 if who == "ours-first" else -1]
    b.keepalived(grouped(100), binaries[1])
    a.keepalived(grouped(200), binaries[0])
    for port in (lan.capture(), wan.capture()):
        port.wait("vrrp", priority=200, count=10)
    assert {solo.VIP, VIP2} <= a.addresses()
    assert not {solo.VIP, VIP2} & b.addresses()
    wan.set(wan.port(a, "eth1"), "down")
    for host, present in ((b, True), (a, False)):
        host.wait_addr(solo.VIP, present)
        host.wait_addr(VIP2, present)
    wan.set(wan.port(a, "eth1"), "up")
    for host, present in ((a, True), (b, False)):
        host.wait_addr(solo.VIP, present)
        host.wait_addr(VIP2, present)
