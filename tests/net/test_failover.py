# SPDX-License-Identifier: GPL-2.0-or-later
"""A second router takes over, and gives back, in every mode, whatever ends the first one."""
import os
import signal

import pytest

import netlab
import routers
from routers import FAILOVER_MODES, GROUP, Pair


@pytest.fixture(scope="module", params=FAILOVER_MODES, ids=routers.names_of(FAILOVER_MODES))
def running_pair(request, tmp_path_factory):
    with Pair(tmp_path_factory.mktemp("pair"), request.param) as made:
        yield made


@pytest.fixture
def pair(running_pair):
    """a is MASTER, b is BACKUP, whatever the test before did."""
    return running_pair.settle()


def test_master_advertises(pair):
    """The advert says what is configured and goes where the mode wants it."""
    mode, advert = pair.mode, pair.advert_of(pair.a)
    assert (advert.version, advert.vrid, advert.priority) == (mode.version, 51, 200)
    assert advert.addresses == mode.vips
    assert advert.ttl == (64 if mode.family == 6 and mode.unicast else 255)
    assert advert.interval == pytest.approx(mode.interval)
    assert advert.target == (mode.address("b") if mode.unicast else GROUP[mode.family])
    if mode.unicast or mode.family == 4:
        assert advert.source == mode.address("a")


def test_clean_stop(pair):
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


def test_announcements_of_a_new_master(pair):
    """Switches and neighbours learn where the address is now."""
    since = pair.capture.mark()
    pair.a.daemon.stop()
    kind = "arp" if pair.mode.family == 4 else "na"
    packet = pair.capture.wait(kind, since, pair.mode.patience, address=pair.mode.vip,
                               where=lambda p: p.port == pair.lan.port(pair.b.host))
    mac = pair.b.host.ip("link show dev eth0").split("link/ether ")[1].split()[0]
    assert packet.mac_from == mac


def test_killed_parent(pair):
    """Nobody keeps the address when the supervisor is killed."""
    log, child = pair.b.daemon.mark(), pair.a.daemon.child()
    pair.a.daemon.signal(signal.SIGKILL)
    pair.a.daemon.wait_exit()
    pair.b.wait_state("MASTER", log)
    pair.b.wait_vip()
    pair.a.wait_vip(present=False)
    netlab.wait_gone(child)


def test_killed_child(pair):
    """The VRRP process comes back by itself and is MASTER again; there is one MASTER only."""
    child = pair.a.daemon.child()
    os.kill(child, signal.SIGKILL)
    pair.a.daemon.child(other_than=child, timeout=pair.mode.patience + 5)
    pair.a.wait_vip()
    pair.b.wait_vip(present=False)
    pair.wait_only(pair.a, pair.capture.mark())


def test_link_down_and_up(pair):
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


def test_partition_heals(pair):
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


def test_interface_deleted_and_made_again(pair):
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
