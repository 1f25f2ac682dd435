# SPDX-License-Identifier: GPL-2.0-or-later
"""Equal priorities: the higher address wins (RFC 9568 section 6.4.3), and there is one MASTER."""
import pytest

import routers
from routers import FAILOVER_MODES, Pair, V3, V3_IP6_UNICAST


@pytest.mark.parametrize("mode", [V3, V3_IP6_UNICAST], ids=lambda m: m.name)
def test_higher_address_wins(mode, tmp_path):
    """After both have been MASTER without hearing one another, b gives way to nobody."""
    with Pair(tmp_path, mode, priorities=(150, 150)) as pair:
        pair.lan.unplug(pair.a.host)
        for router in (pair.a, pair.b):
            router.start()
            router.wait_state("MASTER")
            router.wait_vip()
        log = pair.a.daemon.mark()
        pair.lan.plug(pair.a.host)
        pair.a.wait_state("BACKUP", log)
        pair.a.wait_vip(present=False)
        pair.wait_only(pair.b, pair.capture.mark())
        assert pair.b.has_vip()


@pytest.mark.parametrize("mode", [m for m in FAILOVER_MODES if m.interval < 1],
                         ids=lambda m: m.name)
def test_first_stays_master(mode, tmp_path):
    """A backup of equal priority does not preempt."""
    with Pair(tmp_path, mode, priorities=(150, 150)) as pair:
        pair.a.start()
        pair.a.wait_state("MASTER")
        pair.b.start()
        pair.b.wait_state("BACKUP")
        pair.advert_of(pair.a, pair.capture.mark(), count=8)
        assert not pair.b.has_vip()
        assert not pair.capture.of("vrrp", source=mode.address("b"))


def test_three_routers(tmp_path):
    """The next best takes over, in order, however many leave."""
    mode = V3
    with Pair(tmp_path, mode) as pair:
        host = pair.lab.host("c", pair.lan, *routers.ADDRESSES["c"])
        pair.settle()
        c = routers.Router(host, mode, "ab", 50)
        c.start()
        c.wait_state("BACKUP")
        pair.a.daemon.stop()
        pair.b.wait_state("MASTER")
        pair.b.daemon.stop()
        c.wait_state("MASTER")
        c.wait_vip()
        pair.a.start()
        pair.a.wait_state("MASTER")
        c.wait_vip(present=False)
