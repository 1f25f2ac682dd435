# SPDX-License-Identifier: GPL-2.0-or-later
"""Beside Debian's keepalived 2.2.7, as master and as backup, in every mode."""
import os

import pytest

import netlab
import routers
from routers import ALL_MODES, Pair

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


STEPS = [higher_priority_is_master, takeover_and_back, silent_master]
KEYS = [(mode, who) for mode in ALL_MODES for who in ("ours-first", "debian-first")]


def make_pair(key, factory):
    mode, who = key
    binaries = (netlab.OURS, netlab.DEBIAN)
    return Pair(factory.mktemp(f"{mode.name}-{who}"), mode,
                binaries if who == "ours-first" else binaries[::-1])


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return routers.run_steps(KEYS, lambda key: make_pair(key, tmp_path_factory), STEPS)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: f"{key[0].name}-{key[1]}")
@pytest.mark.parametrize("step", [step.__name__ for step in STEPS])
def test_interop(results, key, step):
    results.check(key, step)
