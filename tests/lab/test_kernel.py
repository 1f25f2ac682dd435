# SPDX-License-Identifier: GPL-2.0-or-later
"""The lab itself: every feature a test may ask for is there, here or in the guest."""
import subprocess

import pytest

import lab as guest
from lab import needs


@pytest.mark.parametrize("feature", [
    pytest.param(name, marks=needs(name)) for name in guest.FEATURES if name != "nftables"])
def test_feature(feature):
    done = subprocess.run(["unshare", "--net", "sh", "-c", guest.FEATURES[feature][1]],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout


@needs("vrf", "dummy")
def test_networks_work(lab):
    """Hosts on a switch reach one another."""
    a, b = lab.pair(["192.0.2.1/24"], ["192.0.2.2/24"])
    done = a.start("ping", "ping", "-c", "1", "-W", "5", "192.0.2.2")
    assert done.wait_exit(30) == 0, done.text()
