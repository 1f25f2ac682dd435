# SPDX-License-Identifier: GPL-2.0-or-later
"""Two minutes of random faults in each check; chaos.py runs longer and with a seed of your own."""
import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import chaos  # noqa: E402


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root for network namespaces")
def test_chaos(tmp_path):
    seed = int(os.environ.get("CHAOS_SEED") or 1)
    seconds = float(os.environ.get("CHAOS_SECONDS") or 120)
    print(f"seed {seed}")
    rounds, _counts = chaos.chaos(seed, seconds, tmp_path)
    assert rounds > 0
