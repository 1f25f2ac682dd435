# SPDX-License-Identifier: GPL-2.0-or-later
"""The daemon on interfaces that not every kernel has: VLAN, dummy, VRF, ipvlan, bond; with and
without VMAC; and routes that need them."""
import pytest

import netlab
import solo
from lab import needs
from solo import VIP, conf, links

VMAC4 = "00:00:5e:00:01:33"


def vlan_port(lab, host, tag=5):
    host.ip_batch(f"link add link eth0 name eth0.{tag} type vlan id {tag}\n"
                  f"link set eth0.{tag} up\n"
                  f"address add 198.51.100.{1 if host.name == 'a' else 2}/24 dev eth0.{tag}\n")
    return f"eth0.{tag}"


@needs("vlan", "macvlan")
@pytest.mark.parametrize("vmac", [False, True], ids=["plain", "vmac"])
def test_vlan(lab, vmac):
    """Two routers on a VLAN; the neighbour reaches the address; failover."""
    a, b = lab.pair(["192.0.2.1/24"], ["192.0.2.2/24"])
    name = vlan_port(lab, a)
    vlan_port(lab, b)
    lines = ["use_vmac"] if vmac else []
    daemon = a.keepalived(conf(*lines, interface=name, vips=["198.51.100.100"]))
    a.wait_addr("198.51.100.100")
    assert solo.ping(b, "198.51.100.100")
    seen = solo.neighbour(b, "198.51.100.100")
    assert seen == (VMAC4 if vmac else solo.mac_of(a, name))
    if vmac:
        assert links(a)["vrrp.51"]["link"] == name
    log = daemon.mark()
    a.ip("link", "del", name)
    daemon.wait_state("FAULT", since=log)
    log = daemon.mark()
    vlan_port(lab, a)
    daemon.wait_state("MASTER", since=log)
    a.wait_addr("198.51.100.100")
    assert daemon.stop() == 0
    assert not links(a, "type", "macvlan")


@needs("dummy")
def test_dummy_tracked(lab):
    """An address on a dummy, which is tracked: down means FAULT."""
    host, = lab.pair(["192.0.2.1/24"])
    host.ip_batch("link add d0 type dummy\nlink set d0 up\n")
    daemon = host.keepalived(conf(vips=[VIP, "198.51.100.1/32 dev d0"]))
    host.wait_addr("198.51.100.1")
    assert "198.51.100.1" in host.addresses("d0")
    log = daemon.mark()
    host.ip("link", "set", "d0", "down")
    daemon.wait_state("FAULT", since=log)
    host.wait_addr(VIP, present=False)
    log = daemon.mark()
    host.ip("link", "set", "d0", "up")
    daemon.wait_state("MASTER", since=log)
    host.wait_addr("198.51.100.1")


@needs("dummy")
def test_dummy_as_interface(lab):
    """A dummy has no neighbours: the router on it is MASTER, unicast included."""
    host, = lab.pair(["192.0.2.1/24"])
    host.ip_batch("link add d0 type dummy multicast on\nlink set d0 up\n"
                  "address add 198.51.100.1/24 dev d0\n")
    daemon = host.keepalived(conf(interface="d0", vips=["198.51.100.100/24"]))
    host.wait_addr("198.51.100.100")
    assert daemon.stop() == 0


@needs("vrf", "macvlan")
def test_vmac_in_a_vrf(lab):
    """The VMAC is where its base is, follows it, and routes go into the table of the VRF."""
    a, c = lab.pair(["192.0.2.1/24"], ["192.0.2.9/24"])
    a.ip_batch("link add red type vrf table 10\nlink set red up\nlink set eth0 master red\n")
    daemon = a.keepalived(conf("use_vmac", "virtual_routes {",
                               "198.51.100.0/24 via 192.0.2.9 vrf red", "}"))
    a.wait_addr(VIP)
    assert links(a)["vrrp.51"]["master"] == "red"
    assert solo.ping(c, VIP)
    assert solo.neighbour(c, VIP) == VMAC4
    found = [r for r in solo.routes(a, "table", "10") if r["dst"] == "198.51.100.0/24"]
    assert [r["gateway"] for r in found] == ["192.0.2.9"]
    a.ip("link", "set", "eth0", "nomaster")
    solo.wait_for(a, netlab.Netlink.LINKS, lambda: "master" not in links(a)["vrrp.51"],
                  "VMAC follows its base out of the VRF")
    assert daemon.stop() == 0
    assert not links(a, "type", "macvlan")


@needs("vrf")
def test_unicast_in_a_vrf(lab):
    """vrf instead of interface: unicast peers are reached through it."""
    a, b = lab.pair(["192.0.2.1/24"], ["192.0.2.2/24"])
    for host in (a, b):
        host.ip_batch("link add red type vrf table 10\nlink set red up\nlink set eth0 master red\n"
                      "link add d0 type veth peer name d1\n")

    def text(me, peer, priority):
        return conf("vrf red", f"unicast_src_ip {me}", "unicast_peer {", peer, "}",
                    vips=[f"{VIP} dev eth0"], priority=priority).replace("interface eth0\n", "", 1)
    first = a.keepalived(text("192.0.2.1", "192.0.2.2", 200))
    second = b.keepalived(text("192.0.2.2", "192.0.2.1", 100))
    a.wait_addr(VIP)
    capture = lab.switches["lan"].capture()
    capture.wait("vrrp", priority=200, target="192.0.2.2", count=5)
    assert VIP not in b.addresses()
    assert first.stop() == 0
    second.wait_state("MASTER")
    b.wait_addr(VIP)


@needs("ipvlan")
@pytest.mark.parametrize("words, name", [("use_ipvlan 192.0.2.5/24", "vrrp.51"),
                                         ("use_ipvlan iv0 192.0.2.5/24 private", "iv0")],
                         ids=["default", "named"])
def test_ipvlan(lab, words, name):
    """Adverts leave by the ipvlan, from its address; the interface is gone after the stop."""
    a, c = lab.pair(["192.0.2.1/24"], ["192.0.2.9/24"])
    capture = lab.switches["lan"].capture()
    daemon = a.keepalived(conf(words))
    a.wait_addr(VIP)
    made = links(a, "type", "ipvlan")
    assert list(made) == [name] and made[name]["link"] == "eth0"
    assert made[name]["linkinfo"]["info_data"]["mode"] == "l2"
    assert "192.0.2.5" in a.addresses(name)
    assert capture.wait("vrrp", priority=254).source == "192.0.2.5"
    assert solo.ping(c, VIP)
    assert daemon.stop() == 0
    assert not links(a, "type", "ipvlan")


@needs("bond", "macvlan")
def test_vmac_on_a_bond(lab):
    """The bond loses one of its interfaces: nothing happens."""
    lan = lab.switch("lan")
    a = lab.host("a", lan, lan)
    c = lab.host("c", lan, "192.0.2.9/24")
    a.ip_batch("link add bond0 type bond mode active-backup miimon 20\n"
               "link set eth0 down\nlink set eth1 down\nlink set eth0 master bond0\n"
               "link set eth1 master bond0\nlink set bond0 up\n"
               "address add 192.0.2.1/24 dev bond0\n")
    daemon = a.keepalived(conf("use_vmac", interface="bond0"))
    a.wait_addr(VIP)
    assert links(a)["vrrp.51"]["link"] == "bond0"
    assert solo.ping(c, VIP)
    assert solo.neighbour(c, VIP) == VMAC4
    log = daemon.mark()
    lan.set(lan.port(a, "eth0"), "down")
    assert solo.ping(c, VIP, count=5)
    assert not daemon.has_log("Entering", log)
