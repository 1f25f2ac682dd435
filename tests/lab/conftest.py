# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests marked needs(...) run here if the kernel has the features, else in one guest for all.

The guest runs the same files by pytest; its results are reported as if they had been got here.
"""
import os
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "..", "net"))

import lab as guest  # noqa: E402
import netlab  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "needs(*features): what the kernel has to have")
    config.guest_features, config.guest_items, config.guest_results = set(), [], None


def features_of(item):
    return [f for mark in item.iter_markers("needs") for f in mark.args]


def pytest_collection_modifyitems(config, items):
    inside = os.environ.get(guest.INSIDE)
    for item in items:
        if os.geteuid():
            item.add_marker(pytest.mark.skip(reason="needs root for network namespaces"))
            continue
        lacking = guest.missing(features_of(item))
        reason = guest.why_not() if lacking and not inside else None
        if lacking and (inside or reason):
            item.add_marker(pytest.mark.skip(
                reason=f"the kernel lacks {', '.join(lacking)}" + (f"; {reason}" if reason else "")))
        elif lacking:
            item.in_guest = True
            config.guest_items.append(item)
            config.guest_features.update(features_of(item))


def key_of(item):
    """How a junit report names the test."""
    parts = item.nodeid.split("::")
    names = [parts[0].removesuffix(".py").replace("/", ".")] + parts[1:-1]
    return ".".join(names), parts[-1]


def guest_result(item):
    """Boot the guest for all tests that need it, the first time one asks."""
    config = item.config
    if config.guest_results is None:
        ids = [os.path.join(str(config.rootpath), i.nodeid.split("::")[0]) +
               "::" + "::".join(i.nodeid.split("::")[1:]) for i in config.guest_items]
        config.guest_results, config.guest_console = guest.run_pytest(ids, config.guest_features)
    wanted = key_of(item)[1]
    file = key_of(item)[0].split(".")[-1]
    for (where, name), result in config.guest_results.items():
        if name == wanted and file in where.split("."):
            outcome, text = result
            if outcome == "failed":
                text += "\n---- console of the guest\n" + config.guest_console[-8000:]
            return outcome, text
    return "failed", "no result from the guest\n" + config.guest_console[-6000:]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """For tests of the guest: no fixtures, the result only."""
    if not getattr(item, "in_guest", False):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    outcome, text = guest_result(item)
    for when in ("setup", "call", "teardown"):
        state = outcome if when == "call" else "passed"
        report = pytest.TestReport(item.nodeid, item.location, {k: 1 for k in item.keywords},
                                   "skipped" if state == "skipped" else state,
                                   (str(item.path), item.location[1] or 0, text)
                                   if state == "skipped" else (text or None)
                                   if state == "failed" else None, when)
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.fixture
def lab(tmp_path):
    """An empty network for one test; see tests/net/netlab.py."""
    with netlab.Lab(tmp_path) as made:
        yield made


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    made = getattr(item, "funcargs", {}).get("lab")
    if report.failed and isinstance(made, netlab.Lab):
        report.sections.append(("programs", made.logs()))
