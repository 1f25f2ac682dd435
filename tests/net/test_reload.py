# SPDX-License-Identifier: GPL-2.0-or-later
"""A reload changes what was changed, and nothing else."""
import pytest

import routers
from routers import GLOBALS, Pair, V3, instance


@pytest.fixture(scope="module")
def running_pair(tmp_path_factory):
    with Pair(tmp_path_factory.mktemp("pair"), V3) as made:
        yield made


@pytest.fixture
def pair(running_pair):
    """Both with the configuration they began with."""
    pair = running_pair
    for router in (pair.a, pair.b):
        if not router.running():
            router.start()
            continue
        since = router.daemon.reload(router.config)
        router.daemon.wait_log("Reload complete", since)
    return pair.settle()


def config_of(pair, *lines, priority=200, vips=None, more=""):
    return GLOBALS + more + instance(pair.mode, "a", "b", priority, *lines, vips=vips)


def longest_gap(pair, since):
    times = [p.sent for p in pair.capture.of("vrrp", since) if p.port == pair.lan.port(pair.a.host)]
    return max(b - a for a, b in zip(times, times[1:]))


def reload_a(pair, config):
    since = pair.a.daemon.reload(config)
    pair.a.daemon.wait_log("Reload complete", since)
    return since


def test_nothing_changed(pair):
    """Same text: no transition, no process replaced, no advert missed."""
    child, since = pair.a.daemon.child(), pair.capture.mark()
    log = reload_a(pair, pair.a.config)
    pair.advert_of(pair.a, pair.capture.mark(), count=5)
    assert not pair.a.daemon.has_log("Entering", log)
    assert pair.a.daemon.child() == child
    assert longest_gap(pair, since) < 5 * pair.mode.interval
    assert not pair.capture.of("vrrp", since, priority=0)


def test_priority_changed(pair):
    """A new priority is in the next advert; below the other's it costs the mastership."""
    since = pair.capture.mark()
    log = reload_a(pair, config_of(pair, priority=150))
    pair.advert_of(pair.a, since, priority=150)
    assert not pair.a.daemon.has_log("Entering", log)
    log = reload_a(pair, config_of(pair, priority=50))
    pair.a.wait_state("BACKUP", log)
    pair.b.wait_vip()
    pair.a.wait_vip(present=False)


def test_address_added_and_removed(pair):
    """An address more, an address less, while the first stays where it is."""
    log = reload_a(pair, config_of(pair, vips=["192.0.2.100", "192.0.2.101"]))
    pair.a.host.wait_addr("192.0.2.101")
    advert = pair.advert_of(pair.a, pair.capture.mark())
    assert advert.addresses == ["192.0.2.100", "192.0.2.101"]
    reload_a(pair, config_of(pair))
    pair.a.host.wait_addr("192.0.2.101", present=False)
    assert pair.a.has_vip()
    assert not pair.a.daemon.has_log("Entering", log)


def test_instance_added_and_removed(pair):
    second = instance(pair.mode, "a", "b", 99, name="VI_2", vrid=52, vips=["192.0.2.102"])
    log = reload_a(pair, config_of(pair) + second)
    pair.a.daemon.wait_state("MASTER", "VI_2", log)
    pair.a.host.wait_addr("192.0.2.102")
    since = pair.capture.mark()
    reload_a(pair, config_of(pair))
    pair.capture.wait("vrrp", since, vrid=52, priority=0)
    pair.a.host.wait_addr("192.0.2.102", present=False)
    assert pair.a.has_vip()
    assert not pair.a.daemon.has_log(r"\(VI_1\) Entering", log)


def test_advert_interval_changed(pair):
    """Both sides follow; nobody takes over meanwhile."""
    log = pair.b.daemon.mark()
    text = config_of(pair).replace("advert_int 0.1", "advert_int 0.2")
    reload_a(pair, text)
    pair.capture.wait("vrrp", pair.capture.mark(), where=lambda p: abs(p.interval - 0.2) < 0.01)
    pair.advert_of(pair.a, pair.capture.mark(), count=5)
    assert not pair.b.daemon.has_log("Entering MASTER", log)


def test_broken_configuration_is_refused(pair):
    """An error in the new text: the old configuration stays in force, and the log says why."""
    log = pair.a.daemon.reload(config_of(pair).replace("priority 200", "priorty 150"))
    pair.a.daemon.wait_log("priorty", log)
    pair.advert_of(pair.a, pair.capture.mark(), count=5, priority=200)
    assert pair.a.has_vip()
    assert not pair.a.daemon.has_log("Entering", log)


def test_tracked_interface_added(pair):
    """An interface tracked since the reload: down means FAULT, up again MASTER."""
    log = reload_a(pair, config_of(pair, "track_interface {", "lo", "}"))
    pair.advert_of(pair.a, pair.capture.mark(), count=3)
    assert not pair.a.daemon.has_log("Entering", log)
    log = pair.a.daemon.mark()
    pair.a.host.ip("link", "set", "lo", "down")
    pair.a.wait_state("FAULT", log)
    pair.b.wait_vip()
    log = pair.a.daemon.mark()
    pair.a.host.ip("link", "set", "lo", "up")
    pair.a.wait_state("MASTER", log)
    pair.b.wait_vip(present=False)


def test_configured_engine_that_is_not_built_is_told(pair):
    """Virtual servers without a checker engine: said in the log, VRRP goes on."""
    servers = "virtual_server 192.0.2.100 80 {\n  real_server 192.0.2.1 80 { TCP_CHECK { } }\n}\n"
    log = reload_a(pair, config_of(pair) + servers)
    assert pair.a.daemon.has_log("this build has no checker engine", log)
    assert not pair.a.daemon.has_log("Entering", log)
