# SPDX-License-Identifier: GPL-2.0-or-later
"""Routes that the kernel drops without saying so: with the state of an interface, or an address.

The second interface is not tracked: nothing that happens there is a reason for a transition.
"""
import re

import pytest

import netlab
import solo
from solo import conf
from test_routes import EVERYTHING, block

# On the second interface, with and without a device; what must not be affected.
ROUTES = ["198.51.100.0/24 via 203.0.113.9", "198.51.101.0/24 via 203.0.113.9 dev eth1 no_track",
          "198.51.102.0/24 dev eth1 scope link no_track", "198.51.103.0/24 via 203.0.113.9 no_track",
          "198.51.104.0/24 nexthop via 203.0.113.8 nexthop via 203.0.113.9",
          "198.51.105.0/24 nexthop via 203.0.113.9 nexthop via 192.0.2.9"]
ROUTES6 = ["2001:db8:1::/64 via fd00::9", "2001:db8:2::/64 dev eth1 no_track",
           "2001:db8:3::/64 nexthop via fd00::8 nexthop via fd00::9"]
STATIC = ["198.51.110.0/24 via 203.0.113.9", "2001:db8:4::/64 via fd00::9"]
OTHERS = ["198.51.120.0/24 via 192.0.2.9", "blackhole 198.51.121.0/24"]


class Router:
    def __init__(self, lab, lines, vips=(solo.VIP,), keep=()):
        self.lan, self.wan = lab.switch("lan"), lab.switch("wan")
        self.host = lab.host("a", self.lan, "192.0.2.1/24", self.wan, "203.0.113.1/24",
                             "fd00::1/64")
        self.daemon = self.host.keepalived(conf(*block("virtual_routes", lines), vips=vips,
                                                more="\n".join(block("static_routes", keep))),
                                           args=("-D",))
        self.daemon.wait_state("MASTER")
        self.n = len([r for r in [*lines, *keep] if ":" not in r]), len(
            [r for r in [*lines, *keep] if ":" in r])
        self.wait_all()
        self.log = self.daemon.mark()

    def ours(self, family):
        """Destinations of our routes, whatever the state of their nexthops."""
        return {r["dst"] for r in solo.routes(self.host, family=family)
                if r.get("protocol") == "keepalived"}

    def all_there(self):
        return (len(self.ours("-4")), len(self.ours("-6"))) == self.n

    def wait_all(self):
        solo.wait_for(self.host, netlab.Netlink.ROUTES, self.all_there, "all routes")

    def no_transition(self):
        assert not self.daemon.has_log("Entering|cannot", self.log), self.daemon.text()[-3000:]


@pytest.fixture
def router(lab):
    return Router(lab, ROUTES + OTHERS, keep=STATIC[:1])


def test_down_and_up(router):
    """IPv4 without a device, too: back as soon as the interface is."""
    router.host.ip("link", "set", "eth1", "down")
    router.daemon.wait_log(r"dropped route.* 198\.51\.100\.0/24", router.log)
    assert router.ours("-4") == {"198.51.105.0/24", "198.51.120.0/24", "198.51.121.0/24"}
    router.host.ip("link", "set", "eth1", "up")
    router.wait_all()
    router.no_transition()


def test_carrier_first(router):
    """The carrier goes, and while it is away somebody sets the interface down and up."""
    router.wan.set(router.wan.port(router.host, "eth1"), "down")
    router.daemon.wait_log("Netlink reports eth1 down", router.log)
    router.host.ip("link", "set", "eth1", "down")
    router.daemon.wait_log(r"dropped route.* 198\.51\.102\.0/24", router.log)
    router.host.ip("link", "set", "eth1", "up")
    router.wait_all()
    router.wan.set(router.wan.port(router.host, "eth1"), "up")
    router.daemon.wait_log("Netlink reports eth1 up", router.log)
    router.wait_all()
    router.no_transition()


def test_address_of_the_gateway(router):
    """The last address of the interface goes, and comes back."""
    router.host.ip("address", "del", "203.0.113.1/24", "dev", "eth1")
    router.daemon.wait_log(r"dropped route.* 198\.51\.100\.0/24", router.log)
    router.host.ip("address", "add", "203.0.113.1/24", "dev", "eth1")
    router.wait_all()


def test_preferred_source(lab):
    """With an address the kernel drops the routes that prefer it as source."""
    router = Router(lab, ["198.51.100.0/24 via 192.0.2.9 src 192.0.2.77", *OTHERS],
                    vips=["192.0.2.100", "192.0.2.77/24"])
    router.host.ip("address", "add", "192.0.2.78/24", "dev", "eth0")
    log = router.daemon.mark()
    router.host.ip("address", "del", "192.0.2.77/24", "dev", "eth0")
    router.daemon.wait_state("MASTER", since=log)
    router.wait_all()


def test_ipv6(lab):
    router = Router(lab, ROUTES6 + OTHERS, keep=STATIC[1:])
    router.host.ip("link", "set", "eth1", "down")
    solo.wait_for(router.host, netlab.Netlink.ROUTES, lambda: not router.ours("-6"), "gone")
    router.host.ip("link", "set", "eth1", "up")
    router.host.ip("address", "replace", "fd00::1/64", "dev", "eth1", "nodad")
    router.wait_all()
    assert router.daemon.poll() is None


def test_nothing_else_is_taken_for_missing(lab):
    """Routes of every kind are recognised when they are read again."""
    lan, wan, more = lab.switch("lan"), lab.switch("wan"), lab.switch("more")
    host = lab.host("a", lan, "192.0.2.1/24", "2001:db8::1/64", wan, "203.0.113.1/24",
                    more, "198.18.0.1/24")
    text = EVERYTHING.replace("virtual_routes {",
                              "virtual_routes {\n198.51.130.0/24 via 198.18.0.9", 1)
    daemon = host.keepalived(text, args=("-D",))
    daemon.wait_state("MASTER")
    host.wait_addr(solo.VIP)
    solo.wait_for(host, netlab.Netlink.ROUTES,
                  lambda: any(r["dst"] == "198.51.130.0/24" for r in solo.routes(host)), "route")
    log = daemon.mark()
    host.ip("link", "set", "eth2", "down")
    daemon.wait_log(r"the kernel dropped 1 of our routes", log)
    lines = [line for _, line in daemon.lines[log:] if "the kernel dropped route" in line]
    assert len(lines) == 1 and "198.51.130.0/24" in lines[0], lines
    assert not daemon.has_log("Entering", log)
