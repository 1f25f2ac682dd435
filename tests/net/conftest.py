# SPDX-License-Identifier: GPL-2.0-or-later
"""Fixtures of the network tests; see netlab.py."""
import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lab"))

import lab as guest  # noqa: E402
import netlab  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "needs(*features): what the kernel has to have")


def pytest_collection_modifyitems(items):
    for item in items:
        if os.geteuid() != 0:
            item.add_marker(pytest.mark.skip(reason="needs root for network namespaces"))
            continue
        lacking = guest.missing([f for mark in item.iter_markers("needs") for f in mark.args])
        if lacking:
            item.add_marker(pytest.mark.skip(reason=f"the kernel lacks {', '.join(lacking)}"))


@pytest.fixture
def lab(tmp_path):
    """An empty network for one test."""
    with netlab.Lab(tmp_path) as made:
        yield made


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if not report.failed:
        return
    for value in getattr(item, "funcargs", {}).values():
        made = value if isinstance(value, netlab.Lab) else getattr(value, "lab", None)
        if isinstance(made, netlab.Lab):
            report.sections.append(("programs", made.logs()))
            return
