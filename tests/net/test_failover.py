# SPDX-License-Identifier: GPL-2.0-or-later
"""A second router takes over, and gives back, in every mode, whatever ends the first one.

Each step begins with a being MASTER and b being BACKUP, whatever the step before did.
"""
import os
import signal

import pytest

import netlab
import routers
from routers import FAILOVER_MODES, GROUP, Pair


def master_advertises(pair):
    """The advert says what is configured and goes where the mode wants it."""
    mode, advert = pair.mode, pair.advert_of(pair.a)
    assert (advert.version, advert.vrid, advert.priority) == (mode.version, 51, 200)
    assert advert.addresses == mode.vips
    assert advert.ttl == (64 if mode.family == 6 and mode.unicast else 255)
    assert advert.interval == pytest.approx(mode.interval)
    assert advert.target == (mode.address("b") if mode.unicast else GROUP[mode.family])
    if mode.unicast or mode.family == 4:
        assert advert.source == mode.address("a")


def clean_stop(pair):
    """Priority 0 is sent, so the backup does not wait for the master-down timer."""
    since = pair.capture.mark()
    log = pair.b.daemon.mark()
    assert pair.a.daemon.stop() == 0
    goodbye = pair.advert_of(pair.a, since, priority=0)
    pair.b.wait_state("MASTER", log)
    takeover = pair.advert_of(pair.b, since, priority=100)
    assert takeover.when - goodbye.when < 2 * pair.mode.interval
    pair.b.wait_vip()
    assert not pair.a.has_vip()


def announcements_of_a_new_master(pair):
    """Switches and neighbours learn where the address is now."""
    since = pair.capture.mark()
    pair.a.daemon.stop()
    kind = "arp" if pair.mode.family == 4 else "na"
    packet = pair.capture.wait(kind, since, pair.mode.patience, address=pair.mode.vip,
                               where=lambda p: p.port == pair.lan.port(pair.b.host))
    mac = pair.b.host.ip("link show dev eth0").split("link/ether ")[1].split()[0]
    assert packet.mac_from == mac


def killed_parent(pair):
    """Nobody keeps the address when the supervisor is killed."""
    log, child = pair.b.daemon.mark(), pair.a.daemon.child()
    pair.a.daemon.signal(signal.SIGKILL)
    pair.a.daemon.wait_exit()
    pair.b.wait_state("MASTER", log)
    pair.b.wait_vip()
    pair.a.wait_vip(present=False)
    netlab.wait_gone(child)


def killed_child(pair):
    """The VRRP process comes back by itself and is MASTER again; there is one MASTER only."""
    child = pair.a.daemon.child()
    os.kill(child, signal.SIGKILL)
    pair.a.daemon.child(other_than=child, timeout=pair.mode.patience + 5)
    pair.a.wait_vip()
    pair.b.wait_vip(present=False)
    pair.wait_only(pair.a, pair.capture.mark())


def link_down_and_up(pair):
    """No carrier: FAULT, no address. With the carrier it takes over again."""
    log_a, log_b = pair.a.daemon.mark(), pair.b.daemon.mark()
    port = pair.lan.port(pair.a.host)
    pair.lan.set(port, "down")
    pair.a.wait_state("FAULT", log_a)
    pair.a.wait_vip(present=False)
    pair.b.wait_state("MASTER", log_b)
    pair.b.wait_vip()
    log_a, log_b = pair.a.daemon.mark(), pair.b.daemon.mark()
    pair.lan.set(port, "up")
    pair.a.wait_state("MASTER", log_a)
    pair.b.wait_state("BACKUP", log_b)
    pair.b.wait_vip(present=False)


def partition_heals(pair):
    """Two masters while they cannot hear one another, one as soon as they can."""
    log = pair.b.daemon.mark()
    pair.lan.unplug(pair.a.host)
    pair.b.wait_state("MASTER", log)
    log = pair.b.daemon.mark()
    pair.lan.plug(pair.a.host)
    pair.b.wait_state("BACKUP", log)
    pair.b.wait_vip(present=False)
    assert pair.a.has_vip()
    pair.wait_only(pair.a, pair.capture.mark())


def interface_deleted_and_made_again(pair):
    log_a, log_b = pair.a.daemon.mark(), pair.b.daemon.mark()
    pair.a.host.del_link()
    pair.a.wait_state("FAULT", log_a)
    pair.b.wait_state("MASTER", log_b)
    pair.b.wait_vip()
    log_a, log_b = pair.a.daemon.mark(), pair.b.daemon.mark()
    pair.a.host.add_link()
    pair.a.wait_state("MASTER", log_a)
    pair.a.wait_vip()
    pair.b.wait_state("BACKUP", log_b)
    pair.b.wait_vip(present=False)


STEPS = [master_advertises, clean_stop, announcements_of_a_new_master,
         killed_parent, killed_child, link_down_and_up,
         partition_heals, interface_deleted_and_made_again]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return routers.run_steps(FAILOVER_MODES,
                             lambda mode: Pair(tmp_path_factory.mktemp(mode.name), mode), STEPS)


@pytest.mark.parametrize("mode", FAILOVER_MODES, ids=lambda mode: mode.name)
@pytest.mark.parametrize("step", [step.__name__ for step in STEPS])
def test_failover(results, mode, step):
    results.check(mode, step)
