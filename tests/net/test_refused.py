# SPDX-License-Identifier: GPL-2.0-or-later
"""A kernel that refuses requests or loses its answers, made by strace: what was asked for happens in
the end, and once."""
import os
import subprocess

import pytest

import netlab
import solo
from solo import conf
from test_routes import block

VIP, SECOND = solo.VIP, "192.0.2.101"
ROUTES = [f"198.51.{i}.0/24 via 192.0.2.9" for i in range(60)]
BOTH = conf(*block("virtual_routes", ROUTES), vips=[VIP, SECOND])
LESS = conf()


@pytest.fixture
def router(lab):
    if subprocess.run(["strace", "-V"], stdout=subprocess.DEVNULL, check=False).returncode:
        pytest.skip("strace does not run")
    host, = lab.pair(["192.0.2.1/24"])
    host.daemon = host.keepalived(BOTH)
    host.daemon.wait_state("MASTER")
    wait_routes(host, len(ROUTES))
    host.wait_addr(SECOND)
    return host


def wait_routes(host, n):
    solo.wait_for(host, netlab.Netlink.ROUTES, lambda: len(solo.routes(host)) == n, f"{n} routes",
                  30)


def inject(host, call, error, when):
    """From now on some of these calls of the engine fail."""
    pid = host.daemon.child()
    return host.start("strace", "strace", "-p", str(pid), "-e", f"trace={call}",
                      "-e", f"inject={call}:error={error}:when={when}",
                      "-o", str(host.scratch / "trace"), ready="attached")


def injected(host, call):
    return sum(call in line and "INJECTED" in line
               for line in (host.scratch / "trace").read_text().splitlines())


@pytest.mark.parametrize("call, error, when", [("sendto", "ENOMEM", "1..2"),
                                               ("sendto", "ENOBUFS", "1..3"),
                                               ("recvmmsg", "ENOBUFS", "1..8")])
def test_removal(router, call, error, when):
    """Addresses and routes that a reload takes out go, also if the kernel does not do it at first."""
    tracer = inject(router, call, error, when)
    log, pid = router.daemon.reload(LESS), router.daemon.child()
    router.daemon.wait_log("Reload complete", log)
    router.wait_addr(SECOND, present=False)
    wait_routes(router, 0)
    assert injected(router, call) > 0
    tracer.ask_to_end()
    assert VIP in router.addresses()
    assert router.daemon.child() == pid and not router.daemon.has_log("Entering", log)
    assert router.daemon.stop() == 0
    assert not router.addresses() & {VIP, SECOND}


@pytest.mark.parametrize("call, error, when", [("sendto", "ENOBUFS", "1..2"),
                                               ("recvmmsg", "ENOBUFS", "1..8")])
def test_addition(router, call, error, when):
    """The same for what a reload brings in; one line tells of all answers that were lost."""
    router.daemon.wait_log("Reload complete", router.daemon.reload(LESS))
    wait_routes(router, 0)
    tracer = inject(router, call, error, when)
    log = router.daemon.reload(BOTH)
    router.daemon.wait_log("Reload complete", log)
    router.wait_addr(SECOND)
    wait_routes(router, len(ROUTES))
    assert injected(router, call) > 0
    tracer.ask_to_end()
    assert not router.daemon.has_log("cannot add|Entering", log)
    text = router.daemon.text()
    assert text.count("answers of the kernel are lost") <= 1


def test_missing_after_an_overrun(router):
    """Routes and rules that go while notifications are lost are missed, and come back."""
    text = BOTH.replace("global_defs {", "global_defs {\nvrrp_netlink_monitor_rcv_bufs 2048\n")
    router.daemon.stop()
    router.daemon = router.keepalived(text, name="small")
    router.daemon.wait_state("MASTER")
    wait_routes(router, len(ROUTES))
    pid, log = router.daemon.child(), router.daemon.mark()
    os.kill(pid, netlab.signal.SIGSTOP)
    try:
        router.ip_batch("".join(f"address {what} 203.0.113.{i}/32 dev eth0\n"
                                for what in ("add", "del") for i in range(1, 200)) +
                        "route del 198.51.7.0/24\n")
        assert solo.overruns(router, pid) > 0
    finally:
        os.kill(pid, netlab.signal.SIGCONT)
    router.daemon.wait_log("Netlink reflector reports route", log)
    wait_routes(router, len(ROUTES))
    assert router.daemon.text().count("reports route") == 1
