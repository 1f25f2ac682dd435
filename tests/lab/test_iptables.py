# SPDX-License-Identifier: GPL-2.0-or-later
"""The firewall by iptables (both variants of it) and ipset, seen from outside: listings, pings."""
import os
import pathlib
import re
import time

import pytest

import netlab
from lab import needs

VIP, VIP6, LOCAL6 = "192.0.2.100", "2001:db8::100", "fe80::100"


def config(words, version=4, vip=None, more="no_accept", name="VI_1", vrid=51):
    addresses = vip or (VIP if version == 4 else f"{LOCAL6}\n{VIP6}")
    return (f"global_defs {{\n{words}\n}}\n"
            f"vrrp_instance {name} {{\ninterface eth0\nversion 3\nvirtual_router_id {vrid}\n"
            f"priority 100\nadvert_int 0.2\n{more}\nvirtual_ipaddress {{\n{addresses}\n}}\n}}\n")


def inside(host, *argv):
    return netlab.run("ip", "netns", "exec", host.space, *argv, check=False)


class Variant:
    """One of the two programs that iptables can be, for a daemon in a mount namespace of its own
    (ip-netns gives it one)."""

    def __init__(self, name, scratch):
        self.name, self.scratch = name, scratch
        links = scratch / "alternatives"
        links.mkdir()
        for link in filter(pathlib.Path.is_symlink, pathlib.Path("/etc/alternatives").iterdir()):
            target = os.readlink(link)
            if re.fullmatch(r"ip6?tables(-restore|-save)?", link.name):
                target = "/usr/sbin/" + link.name.replace("tables", f"tables-{name}", 1)
            (links / link.name).symlink_to(target)
        self.binary = scratch / "keepalived-wrapped"
        self.binary.write_text(f"#!/bin/sh\nmount --bind {links} /etc/alternatives &&\n"
                               f"exec {netlab.OURS} \"$@\"\n")
        self.binary.chmod(0o755)

    def start(self, host, config, name="keepalived"):
        return host.keepalived(config, self.binary, name)

    def rules(self, host, family=4):
        program = "iptables" if family == 4 else "ip6tables"
        text = inside(host, f"{program}-{self.name}", "-S")
        return [line for line in text.splitlines() if not line.startswith(("#", "-P"))]

    def wait_rules(self, host, condition, what, family=4, timeout=None):
        """Nobody announces rules: ask until it is so."""
        deadline = netlab.deadline_in(timeout)
        while not condition(self.rules(host, family)):
            if time.monotonic() > deadline:
                raise netlab.Timeout(f"not in time: {what}; {self.rules(host, family)}")
            netlab.watch_folder(self.scratch, 0.1)
        return self.rules(host, family)


def pings(host, address):
    return "1 received" in inside(host, "ping", "-n", "-c", "1", "-W", "1", address)


LEGACY = pytest.param("legacy", marks=needs("iptables"))
NFT = pytest.param("nft", marks=needs("nftables"))


@pytest.fixture(params=[LEGACY, NFT])
def variant(request, tmp_path):
    if not os.path.exists("/etc/alternatives/iptables-restore"):
        pytest.skip("iptables is not installed, or not by alternatives")
    return Variant(request.param, tmp_path)


def test_rules(lab, variant):
    """One rule per address, before those of others, for as long as it is ours."""
    a, b = lab.pair(["192.0.2.1/24"], ["192.0.2.2/24"])
    inside(a, f"iptables-{variant.name}", "-A", "INPUT", "-s", "203.0.113.9", "-j", "DROP")
    before = variant.rules(a)
    daemon = variant.start(a, config("vrrp_iptables\nvrrp_ipsets"))
    daemon.wait_state("MASTER")
    a.wait_addr(VIP)
    rules = variant.wait_rules(a, lambda r: f"-A keepalived-in-INPUT -d {VIP}/32 -j DROP" in r,
                               "rule for the address")
    assert rules.index("-A INPUT -j keepalived-in-INPUT") < rules.index(before[-1])
    assert f"-A keepalived-out-OUTPUT -s {VIP}/32 -j DROP" in rules
    assert not pings(b, VIP) and pings(b, "192.0.2.1")
    assert daemon.stop() == 0
    assert variant.rules(a) == before


def test_leftovers(lab, variant):
    """After a kill nothing doubles, and the next stop takes everything out."""
    (a,) = lab.pair(["192.0.2.1/24"])
    before = variant.rules(a)
    daemon = variant.start(a, config("vrrp_iptables\nvrrp_ipsets"))
    daemon.wait_state("MASTER")
    rules = variant.wait_rules(a, lambda r: len(r) > len(before) + 4, "rules")
    daemon.kill()
    assert variant.rules(a) == rules
    second = variant.start(a, config("vrrp_iptables\nvrrp_ipsets"), "second")
    second.wait_state("MASTER")
    second.wait_log("loaded the IPv4 rules")
    assert variant.rules(a) == rules
    since = second.mark()
    inside(a, f"iptables-{variant.name}", "-F")
    inside(a, f"iptables-{variant.name}", "-X")
    second.wait_log("changed by somebody else", since, 40)
    variant.wait_rules(a, lambda r: r == rules, "rules are restored")
    assert second.stop() == 0
    assert variant.rules(a) == before


def members(host, name):
    text = inside(host, "ipset", "list", name)
    return text.partition("Members:\n")[2].split("\n")[:-1] if "Members:" in text else None


@needs("ipset")
def test_sets(lab, variant):
    """Addresses in sets, rules that stay; both are gone after stop, others' sets are not."""
    a, b = lab.pair(["192.0.2.1/24", "2001:db8::1/64"], ["192.0.2.2/24", "2001:db8::2/64"])
    inside(a, "ipset", "create", "other", "hash:ip")
    one, six = config("vrrp_iptables", 4), config("", 6, name="VI_6", vrid=52)
    daemon = variant.start(a, one + six.partition("}\n")[2])
    daemon.wait_state("MASTER", "VI_1")
    daemon.wait_state("MASTER", "VI_6")
    a.wait_addr(VIP)
    a.wait_addr(VIP6)
    assert members(a, "keepalived") == [VIP]
    assert members(a, "keepalived6") == [VIP6]
    assert members(a, "keepalived_if6") == [f"{LOCAL6},eth0"]
    variant.wait_rules(a, lambda r: "-A keepalived-in-INPUT -m set --match-set keepalived dst "
                                    "-j DROP" in r, "rule with the set")
    variant.wait_rules(a, lambda r: "-A OUTPUT -j keepalived-out-OUTPUT" in r, "IPv6 rules", 6)
    assert not pings(b, VIP) and not pings(b, VIP6)
    assert pings(b, "192.0.2.1") and pings(b, "2001:db8::1")
    a.ip("link set eth0 down")
    daemon.wait_state("FAULT", "VI_1")
    assert members(a, "keepalived") == []
    a.ip("link set eth0 up")
    assert daemon.stop() == 0
    assert variant.rules(a) == [] and variant.rules(a, 6) == []
    assert inside(a, "ipset", "list", "-n").split() == ["other"]


@needs("ipset", "macvlan")
def test_vmac(lab, variant):
    """IGMP of a VMAC is dropped, by set and by rule, in chains of the configuration."""
    (a,) = lab.pair(["192.0.2.1/24"])
    inside(a, f"iptables-{variant.name}", "-N", "MINE")
    inside(a, f"iptables-{variant.name}", "-N", "YOURS")
    daemon = variant.start(a, config("vrrp_iptables MINE YOURS\nvrrp_ipsets vips", more="use_vmac"))
    daemon.wait_state("MASTER")
    rules = variant.wait_rules(a, lambda r: len(r) > 4, "rules")
    assert "-A keepalived-out-YOURS -p igmp -m set --match-set vips_igmp dst,dst -j DROP" in rules
    assert members(a, "vips_igmp") == ["0.0.0.0/0,vrrp.51"]
    assert daemon.stop() == 0
    assert variant.rules(a) == ["-N MINE", "-N YOURS"]
    assert inside(a, "ipset", "list", "-n").split() == []


def igmp_members(host, base):
    """What all sets of VMACs hold, and how many sets they are."""
    names = [n for n in inside(host, "ipset", "list", "-n").split() if n.startswith(base)]
    return sorted(m for n in names for m in members(host, n)), names


@needs("ipset", "macvlan")
def test_many_vmacs(lab, variant):
    """More VMACs than one set can hold; what others take out of the sets is put back."""
    (a,) = lab.pair(["192.0.2.1/24"])
    ids = range(1, 101)
    daemon = variant.start(a, "global_defs {\nvrrp_iptables\n}\n" + "".join(
        f"vrrp_instance v{i} {{\ninterface eth0\nvirtual_router_id {i}\npriority 255\n"
        f"use_vmac\nvirtual_ipaddress {{\n10.20.0.{i}\n}}\n}}\n" for i in ids))
    a.wait_addr("10.20.0.100", timeout=90)
    expected = sorted(f"0.0.0.0/0,vrrp.{i}" for i in ids)
    found, names = igmp_members(a, "keepalived_igmp")
    assert found == expected and len(names) == 4
    variant.wait_rules(a, lambda r: sum("keepalived_igmp" in x for x in r) == 4, "rules", timeout=90)
    inside(a, "ipset", "flush", names[1])
    inside(a, "ipset", "del", "keepalived_igmp", "0.0.0.0/0,vrrp.1")
    deadline = netlab.deadline_in(60)
    while igmp_members(a, "keepalived_igmp")[0] != expected:
        assert time.monotonic() < deadline, "what was flushed is not put back"
        netlab.watch_folder(variant.scratch, 0.2)
    assert daemon.stop(90) == 0
    assert inside(a, "ipset", "list", "-n").split() == []


def test_other_namespace(lab, variant):
    """An instance in another namespace has its rules there."""
    (a,) = lab.pair(["192.0.2.1/24"])
    outer = lab.host("outer")
    text = config("vrrp_iptables\nvrrp_ipsets", more=f"no_accept\nnet_namespace {a.space}")
    daemon = variant.start(outer, text)
    daemon.wait_state("MASTER")
    variant.wait_rules(a, lambda r: f"-A keepalived-in-INPUT -d {VIP}/32 -j DROP" in r,
                       "rule in the namespace")
    assert variant.rules(outer) == []
    assert daemon.stop() == 0
    assert variant.rules(a) == []
