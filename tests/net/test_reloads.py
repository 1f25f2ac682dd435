# SPDX-License-Identifier: GPL-2.0-or-later
"""Many real reloads: memory and descriptors of all processes stay what they are.

The 100 000 that no process could do in the time of a check are in tests/unit/vrrp_reload_test.c.
"""
import os
import pathlib
import re

import netlab
import routers

BEFORE = 20
RELOADS = int(os.environ.get("RELOADS") or 150) // 30 * 30
GROWTH_KB = 400		# for pages that are touched for the first time


def text_of(number):
    """Addresses, a route, an instance and a priority come and go."""
    lines = [f"priority {100 + number % 3}"]
    if number % 2:
        lines += ["virtual_routes {", "198.51.100.0/24 via 192.0.2.254 dev eth0", "}"]
    vips = [routers.VIP4] + [f"192.0.2.{110 + i}" for i in range(number % 5)]
    text = routers.instance(routers.V3, "a", "b", 100, *lines, vips=vips)
    if number % 3 == 0:
        text += routers.instance(routers.V3, "a", "b", 100, name="VI_2", vrid=52,
                                 vips=["192.0.2.150"])
    return text


def state_of(pid):
    """(descriptors, memory of its own in kB). Pages of files are left out: how many of them are
    in memory depends on what else runs."""
    rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    memory, = re.findall(r"^Anonymous: *(\d+) kB", rollup, re.M)
    return len(os.listdir(f"/proc/{pid}/fd")), int(memory)


def reload(daemon, number):
    since = daemon.reload(text_of(number))
    daemon.wait_log("Reload complete", since)


def test_reloads_leave_nothing(lab):
    a, = lab.pair(routers.ADDRESSES["a"])
    daemon = a.keepalived(text_of(0), binary=os.environ.get("KEEPALIVED_RELEASE") or netlab.OURS)
    daemon.wait_state("MASTER")
    child = daemon.child()
    for number in range(1, BEFORE + 1):
        reload(daemon, number)
    before = {pid: state_of(pid) for pid in (daemon.pid, child)}
    # A multiple of 30: the last configuration is the one that was measured.
    for number in range(BEFORE + 1, BEFORE + RELOADS + 1):
        reload(daemon, number)
    assert daemon.child() == child
    for pid, (descriptors, memory) in before.items():
        now, then = state_of(pid), (descriptors, memory)
        # One of a process that is just ending, or of the page before, may be counted or not.
        assert now[0] <= descriptors + 2, f"{pid}: {then} -> {now}"
        assert now[1] - memory < GROWTH_KB, f"{pid}: {then} -> {now}"
    assert netlab.children_of(daemon.pid) == [child]
    assert daemon.stop() == 0
    assert a.addresses() - {"127.0.0.1", "::1"} >= {"192.0.2.1"}
    assert not {f"192.0.2.{n}" for n in (100, *range(110, 115), 150)} & a.addresses()
