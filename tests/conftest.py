# SPDX-License-Identifier: GPL-2.0-or-later
"""For all pytest suites: who is told to end cleans up first."""
import signal


def pytest_configure():
    # As if interrupted: pytest ends the fixtures, which take networks and programs away.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
