# SPDX-License-Identifier: GPL-2.0-or-later
"""Routes and rules of the configuration, every group of words, as `ip` shows them.

One daemon has all of them; what depends on devices that the kernel may lack is in tests/lab.
"""
import json
import re

import pytest

import netlab
import solo
from solo import conf

# Line of the configuration; what ip shows of it. A key with None must not be there.
ROUTES4 = [
    ("198.51.100.0/24 via 192.0.2.9", {"gateway": "192.0.2.9", "protocol": "keepalived",
                                        "dev": "eth0", "scope": "global", "metric": None}),
    ("198.51.101.0/24 dev eth1 scope link src 192.0.2.1", {"dev": "eth1", "scope": "link",
                                                          "prefsrc": "192.0.2.1"}),
    ("198.51.102.0/24 via 192.0.2.9 dev eth0 metric 42", {"metric": 42}),
    ("198.51.103.0/24 via 192.0.2.9 tos 0x10", {"tos": "0x10"}),
    ("198.51.104.0/24 via 192.0.2.9 protocol static no_track", {"protocol": "static"}),
    ("198.51.105.0/24 via 203.0.113.77 dev eth0 onlink", {"flags": ["onlink"]}),
    ("198.51.106.0/24 via inet6 2001:db8::9 dev eth0", {"via": {"family": "inet6",
                                                                "host": "2001:db8::9"}}),
    ("198.51.107.0/24 gateway 192.0.2.9", {"gateway": "192.0.2.9"}),
    ("198.51.108.0/24 via 192.0.2.9 realms 5/6", {"flow": {"from": "5", "to": "6"}}),
    ("blackhole 198.51.109.0/24", {"type": "blackhole"}),
    ("unreachable 198.51.110.0/24 metric 7", {"type": "unreachable", "metric": 7}),
    ("prohibit 198.51.111.0/24", {"type": "prohibit"}),
    ("throw 198.51.112.0/24", {"type": "throw"}),
    ("local 198.51.113.1 dev eth0 table main scope host", {"type": "local"}),
    ("to 198.51.114.0/24 via 192.0.2.9", {"gateway": "192.0.2.9"}),
    ("198.51.115.0/24 oif eth0 via 192.0.2.9", {"dev": "eth0"}),
    ("198.51.116.0/24 via 192.0.2.9 ttl-propagate disabled", {"gateway": "192.0.2.9"}),
    ("198.51.117.0/24 encap ip id 30 dst 192.0.2.8 src 192.0.2.1 ttl 9 tos 4 dev eth0",
     {"encap": "ip", "id": 30, "ttl": 9, "tos": 4}),
    ("198.51.118.0/24 nexthop via 192.0.2.8 weight 2 nexthop via 192.0.2.9 weight 3",
     {"nexthops": [{"gateway": "192.0.2.8", "dev": "eth0", "weight": 2, "flags": []},
                   {"gateway": "192.0.2.9", "dev": "eth0", "weight": 3, "flags": []}]}),
    ("198.51.119.0/24 nexthop via 192.0.2.9 dev eth0 onlink realms 3 nexthop dev eth1",
     {"nexthops": [{"gateway": "192.0.2.9", "dev": "eth0", "weight": 1, "flags": ["onlink"],
                    "flow": {"to": "3"}},
                   {"dev": "eth1", "weight": 1, "flags": []}]}),
    ("198.51.120.0/24 append via 192.0.2.9", {"gateway": "192.0.2.9"}),
    ("default via 192.0.2.254", {"dst": "default", "gateway": "192.0.2.254"}),
]

METRICS = [
    ("mtu 1400", {"mtu": 1400}), ("mtu lock 1400", {"mtu": 1400}), ("advmss 1300", {"advmss": 1300}),
    ("reordering 5", {"reordering": 5}), ("cwnd lock 9", {"cwnd": 9}),
    ("ssthresh 8", {"ssthresh": 8}), ("window 5000", {"window": 5000}),
    ("initcwnd 11", {"initcwnd": 11}), ("initrwnd 12", {"initrwnd": 12}),
    ("hoplimit 33", {"hoplimit": 33}), ("rtt 300ms", {"rtt": 300}), ("rttvar 250ms", {"rttvar": 250}),
    ("rto_min 400ms", {"rto_min": 400}), ("rto_min lock 1s", {"rto_min": 1000}),
    ("features ecn", {"ecn": None}), ("quickack 1", {"quickack": 1}),
    ("fastopen_no_cookie 1", {"fastopen_no_cookie": 1}), ("congctl cubic", {"congestion": "cubic"}),
    ("congctl lock cubic", {"congestion": "cubic"}),
]

ROUTES6 = [
    ("2001:db8:1::/64 via 2001:db8::9", {"gateway": "2001:db8::9", "protocol": "keepalived"}),
    ("2001:db8:2::/64 dev eth1 metric 77", {"dev": "eth1", "metric": 77}),
    ("2001:db8:3::/64 via fe80::9 dev eth0 pref high", {"gateway": "fe80::9", "pref": "high"}),
    ("2001:db8:4::/64 via 2001:db8::9 src 2001:db8::1", {"prefsrc": "2001:db8::1"}),
    ("2001:db8:5::/64 encap ip6 id 30 dst 2001:db8::8 hoplimit 9 tc 4 dev eth0",
     {"encap": "ip6", "id": 30, "hoplimit": 9, "tc": 4}),
    ("blackhole 2001:db8:6::/64", {"type": "blackhole"}),
    ("2001:db8:7::/64 nexthop via 2001:db8::8 weight 2 nexthop via 2001:db8::9",
     {"nexthops": [{"gateway": "2001:db8::8", "dev": "eth0", "weight": 2, "flags": []},
                   {"gateway": "2001:db8::9", "dev": "eth0", "weight": 1, "flags": []}]}),
    ("default6 via 2001:db8::fe", {"dst": "default", "gateway": "2001:db8::fe"}),
    ("2001:db8:8::/64 dev eth0 from 2001:db8:f::/64", {"from": "2001:db8:f::/64"}),
] + [(f"2001:db8:{i}::/64 via 2001:db8::9 {words}", {"metrics": [value]})
     for i, (words, value) in enumerate([
         ("mtu 1400", {"mtu": 1400}), ("mtu lock 1400", {"mtu": 1400}),
         ("hoplimit 33", {"hoplimit": 33}), ("advmss 1300", {"advmss": 1300}),
         ("initcwnd 11", {"initcwnd": 11}), ("rtt 300ms", {"rtt": 300}),
         ("rto_min 400ms", {"rto_min": 400}), ("congctl cubic", {"congestion": "cubic"}),
         ("quickack 1", {"quickack": 1}), ("fastopen_no_cookie 1", {"fastopen_no_cookie": 1}),
     ], 100)]

TABLE = [("10.7.0.0/16 via 192.0.2.9 table 77", {"gateway": "192.0.2.9", "table": "77"}),
         ("default dev eth1 scope link table 77", {"dst": "default", "dev": "eth1"})]

RULES4 = [
    ("from 192.0.2.100 table 100 preference 1001", {"src": "192.0.2.100", "table": "100",
                                                    "protocol": "keepalived"}),
    ("to 198.51.100.0/24 lookup 101 priority 1002", {"dst": "198.51.100.0", "dstlen": 24,
                                                     "table": "101"}),
    ("not from 10.0.0.0/8 table 102 order 1003", {"not": None, "src": "10.0.0.0"}),
    ("iif eth0 oif eth1 table 103 preference 1004", {"iif": "eth0", "oif": "eth1"}),
    ("fwmark 0x10/0xff table 104 preference 1005", {"fwmark": "0x10", "fwmask": "0xff"}),
    ("tos 0x10 table 105 preference 1006", {"tos": "0x10"}),
    ("from 10.1.0.0/16 realms 3/4 table 106 preference 1007", {"flow_from": "3",
                                                               "flow_to": "4"}),
    ("ipproto tcp sport 1000-2000 dport 80 table 107 preference 1008",
     {"ipproto": "tcp", "sport_start": 1000, "sport_end": 2000, "dport": 80}),
    ("uidrange 10-20 table 108 preference 1009", {"uid_start": 10, "uid_end": 20}),
    ("from 10.2.0.0/16 l3mdev preference 1010", {"l3mdev": None}),
    ("from 10.3.0.0/16 goto 1020 preference 1011", {"goto": 1020}),
    ("from 10.4.0.0/16 blackhole preference 1012", {"action": "blackhole"}),
    ("from 10.5.0.0/16 type unreachable preference 1013", {"action": "unreachable"}),
    ("from 10.6.0.0/16 prohibit preference 1014", {"action": "prohibit"}),
    ("from 10.7.0.0/16 nop preference 1015", {"nop": None}),
    ("from 10.8.0.0/16 table 109 suppress_prefixlength 8 preference 1016",
     {"suppress_prefixlen": 8}),
    ("from 10.9.0.0/16 table 110 suppress_ifgroup 5 preference 1017", {"suppress_ifgroup": "5"}),
    ("from 10.10.0.0/16 table 111 protocol 201 no_track preference 1020", {"protocol": "201"}),
    ("from 10.11.0.0/16 tunnel-id 5 table 112 preference 1021", {"src": "10.11.0.0"}),
]
RULES6 = [
    ("from 2001:db8:9::/64 table 120 preference 1101", {"src": "2001:db8:9::", "srclen": 64}),
    ("inet6 to all iif eth0 table 121 preference 1102", {"iif": "eth0"}),
]


def metric_line(i, words):
    return f"10.{i}.0.0/16 via 192.0.2.9 {words}"


METRIC_ROUTES = [(metric_line(i, words), value) for i, (words, value) in enumerate(METRICS, 100)]


def block(name, lines):
    return [name + " {", *lines, "}"]


def words_of(rows):
    return [row[0] for row in rows]


EVERYTHING = conf(*block("virtual_routes",
                         words_of(ROUTES4 + METRIC_ROUTES + ROUTES6 + TABLE)),
                  *block("virtual_rules", words_of(RULES4 + RULES6)))


RULES = 0x80 | 0x40000         # groups of notifications, for both families


class Router:
    """The host, the daemon, and what ip said before, during."""

    def __init__(self, lab):
        self.lab = lab
        lan, wan = lab.switch("lan"), lab.switch("wan")
        self.host = lab.host("a", lan, "192.0.2.1/24", "2001:db8::1/64", wan, "203.0.113.1/24")
        self.before = self.state()
        self.daemon = self.host.keepalived(EVERYTHING)
        self.daemon.wait_state("MASTER")
        self.host.wait_addr(solo.VIP)
        try:
            solo.wait_for(self.host, netlab.Netlink.ROUTES | RULES, self.is_complete, "everything")
        except netlab.Timeout:
            pass        # the test of what is missing says so
        self.routes = {"-4": solo.routes(self.host, family="-4"),
                       "-6": solo.routes(self.host, family="-6"),
                       "77": solo.routes(self.host, "table", "77")}
        self.rules = {"-4": solo.rules(self.host), "-6": solo.rules(self.host, "-6")}

    def is_complete(self):
        host = self.host
        return (len(solo.routes(host, family="-4")) >= len(ROUTES4) + len(METRICS)
                and len(solo.routes(host, family="-6")) >= len(ROUTES6)
                and len(solo.routes(host, "table", "77")) == len(TABLE)
                and len(solo.rules(host)) == len(RULES4)
                and len(solo.rules(host, "-6")) == len(RULES6))

    def state(self):
        return [json.loads(self.host.ip("-j", "-d", *words) or "[]") for words in (
            ("-4", "route", "show", "table", "all"), ("-4", "rule"), ("-6", "rule"))] + [
            solo.routes(self.host, "table", "all", family="-6")]


@pytest.fixture(scope="module")
def router(tmp_path_factory):
    with netlab.Lab(tmp_path_factory.mktemp("routes")) as lab:
        yield Router(lab)


def destination(line):
    return next((w for w in line.split() if re.match(r"[\da-f.:]+/\d+$|198\.51|default", w)),
                "default").replace("default6", "default")


def check(found, wanted):
    for key, value in wanted.items():
        if value is None and key in ("not", "l3mdev", "ecn", "nop"):
            assert key in found, found
        else:
            assert found.get(key) == value, found


@pytest.mark.parametrize("line, wanted", ROUTES4, ids=words_of(ROUTES4))
def test_route(router, line, wanted):
    found = [r for r in router.routes["-4"] if destination(line) in (r["dst"], r.get("dst"))
             or (r.get("encap") and line.startswith("198.51.117"))]
    assert len(found) == 1, (router.routes["-4"], router.daemon.text()[-3000:])
    check(found[0], wanted)


@pytest.mark.parametrize("line, wanted", METRIC_ROUTES, ids=words_of(METRICS))
def test_metric(router, line, wanted):
    found, = [r for r in router.routes["-4"] if r["dst"] == destination(line)]
    check(found["metrics"][0], wanted)
    text = router.host.ip(*f"route show {destination(line)}".split())
    assert ("lock" in line) == ("lock" in text)


@pytest.mark.parametrize("line, wanted", ROUTES6, ids=words_of(ROUTES6))
def test_route6(router, line, wanted):
    found = [r for r in router.routes["-6"] if r["dst"] == destination(line)
             or (r.get("encap") and "encap" in line)]
    assert found, (router.routes["-6"], router.daemon.text()[-3000:])
    if "nexthops" in wanted and len(found) == 2:
        assert [hop["gateway"] for hop in found] == ["2001:db8::8", "2001:db8::9"]
        return
    check(found[0], wanted)


@pytest.mark.parametrize("line, wanted", TABLE, ids=words_of(TABLE))
def test_table(router, line, wanted):
    found, = [r for r in router.routes["77"] if r["dst"] == destination(line)]
    check(dict(found, table="77"), wanted)


@pytest.mark.parametrize("line, wanted", RULES4, ids=words_of(RULES4))
def test_rule(router, line, wanted):
    priority = int(re.search(r"(preference|priority|order) (\d+)", line)[2])
    found, = [r for r in router.rules["-4"] if r["priority"] == priority]
    check(found, wanted)


@pytest.mark.parametrize("line, wanted", RULES6, ids=words_of(RULES6))
def test_rule6(router, line, wanted):
    priority = int(re.search(r"preference (\d+)", line)[1])
    found, = [r for r in router.rules["-6"] if r["priority"] == priority]
    check(found, wanted)


def test_restored(router):
    """Somebody removes a route and a rule: both come back."""
    host, log = router.host, router.daemon.mark()

    def there():
        return (any(r["dst"] == "198.51.100.0/24" for r in solo.routes(host))
                and any(r["priority"] == 1001 for r in solo.rules(host)))
    assert there()
    host.ip("route", "del", "198.51.100.0/24")
    router.daemon.wait_state("MASTER", since=log)
    solo.wait_for(host, netlab.Netlink.ROUTES, there, "route restored")
    log = router.daemon.mark()
    host.ip("rule", "del", "preference", "1001")
    router.daemon.wait_state("MASTER", since=log)
    solo.wait_for(host, RULES, there, "rule restored")


def test_untracked_is_left_alone(router):
    """no_track: its removal is nobody's business."""
    log = router.daemon.mark()
    router.host.ip("route", "del", "198.51.104.0/24")
    capture = router.lab.switches["lan"].capture()
    capture.wait("vrrp", count=5, priority=254)
    assert not router.daemon.has_log("Entering", log)


def test_gone_after_the_stop(router):
    assert router.daemon.stop() == 0
    assert router.state() == router.before


def test_kernel_error_names_the_line(lab):
    """The instance is MASTER; the log says which line the kernel refused, and why."""
    host, = lab.pair(["192.0.2.1/24"])
    text = conf(*block("virtual_routes", ["198.51.100.0/24 via 203.0.113.9",
                                          "198.51.101.0/24 via 192.0.2.9"]))
    daemon = host.keepalived(text)
    wrong = text.splitlines().index("198.51.100.0/24 via 203.0.113.9") + 1
    line = daemon.wait_log(r"cannot add route \S+ 198\.51\.100\.0/24").line
    assert f"{daemon.config_file}:{wrong}: " in line
    assert re.search("unreachable|invalid gateway", line)
    host.wait_addr(solo.VIP)
    assert [r["dst"] for r in solo.routes(host)] == ["198.51.101.0/24"]
    # What it needed appears: tried again.
    host.ip("address", "add", "203.0.113.1/24", "dev", "eth0")
    solo.wait_for(host, netlab.Netlink.ROUTES,
                  lambda: len(solo.routes(host)) == 2, "second try", 30)


def test_addresses_of_every_kind(lab):
    """Peers, labels, broadcast addresses, scopes, lifetimes: as asked, and removed."""
    lan, wan = lab.switch("lan"), lab.switch("wan")
    host = lab.host("a", lan, "192.0.2.1/24", "2001:db8::1/64", wan, "203.0.113.1/24")
    before = sorted(solo.addresses(host))
    daemon = host.keepalived(conf(vips=[
        "192.0.2.100/24 label eth0:vip", "192.0.2.101/24 brd 192.0.2.255",
        "192.0.2.102 scope link", "192.0.2.103 peer 198.51.100.3",
        "192.0.2.104/25 brd + dev eth1", "192.0.2.105/25 dev eth1 noprefixroute"]) +
        solo.instance(name="VI_2", vips=[
            "fe80::100/64", "2001:db8::100/64", "2001:db8::101/128",
            "2001:db8::102/64 preferred_lft 0 home"]))
    daemon.wait_state("MASTER", "VI_2")
    host.wait_addr("2001:db8::102")
    host.wait_addr("192.0.2.105")
    found = {a["local"]: a for a in solo.addresses(host).values()}
    assert found["192.0.2.100"]["label"] == "eth0:vip" and found["192.0.2.100"]["prefixlen"] == 24
    assert "broadcast" not in found["192.0.2.100"]
    assert found["192.0.2.101"]["broadcast"] == "192.0.2.255"
    assert found["192.0.2.102"]["scope"] == "link"
    assert found["192.0.2.103"]["address"] == "198.51.100.3"
    assert found["192.0.2.104"]["broadcast"] == "192.0.2.127"
    assert found["192.0.2.104"]["ifname"] == "eth1"
    assert found["192.0.2.105"].get("noprefixroute")
    assert found["2001:db8::100"].get("nodad") and not found["2001:db8::100"].get("deprecated")
    assert found["2001:db8::101"].get("deprecated")
    assert found["2001:db8::102"].get("deprecated")
    assert all(found[a]["protocol"] == "keepalived" for a in ("192.0.2.100", "2001:db8::100")
               if "protocol" in found[a])
    assert daemon.stop() == 0
    assert sorted(solo.addresses(host)) == before


def test_routes_of_others_are_not_ours(lab):
    """Somebody's own route to the same place, of another protocol and metric, comes and goes."""
    host, = lab.pair(["192.0.2.1/24"])
    daemon = host.keepalived(conf(*block("virtual_routes", ["198.51.100.0/24 via 192.0.2.9"])))
    host.wait_addr(solo.VIP)
    solo.wait_for(host, netlab.Netlink.ROUTES, lambda: solo.routes(host), "route")
    log = daemon.mark()
    host.ip("route", "add", "198.51.100.0/24", "via", "192.0.2.8", "metric", "500", "proto",
            "static")
    host.ip("route", "del", "198.51.100.0/24", "via", "192.0.2.8", "metric", "500")
    # Removed after it, so heard of after it.
    host.ip("route", "del", "198.51.100.0/24", "via", "192.0.2.9")
    daemon.wait_state("MASTER", since=log)
    assert daemon.text().count("reports route") == 1


def test_first_route_of_a_reload_is_watched(lab):
    """A daemon that began without routes notices that somebody removes one of a reload."""
    host, = lab.pair(["192.0.2.1/24"])
    daemon = host.keepalived(conf())
    host.wait_addr(solo.VIP)
    log = daemon.reload(conf(*block("virtual_routes", ["198.51.100.0/24 via 192.0.2.9"])))
    daemon.wait_log("Reload complete", log)
    solo.wait_for(host, netlab.Netlink.ROUTES, lambda: solo.routes(host), "route")
    log = daemon.mark()
    host.ip("route", "del", "198.51.100.0/24")
    daemon.wait_log("Netlink reflector reports route", log)
    solo.wait_for(host, netlab.Netlink.ROUTES, lambda: solo.routes(host), "route restored")
