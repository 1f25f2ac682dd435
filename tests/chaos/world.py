# SPDX-License-Identifier: GPL-2.0-or-later
"""Two routers, what they are configured to hold, and how that is compared with the kernel.

The configuration of a router is a set of options; text() writes it and expected() says what must
be in the kernel while the router leads. Nothing here is random.
"""
import json
import pathlib
import re
import sys

import netlab

VRIDS = {"V4": 51, "V6": 52, "VM": 53, "NA": 54}
ROUTE_NET = "198.51.100.0/24"
ADDRESSES = {"a": ("192.0.2.1/24", "2001:db8::1/64"), "b": ("192.0.2.2/24", "2001:db8::2/64")}
PRIORITY = {"a": 150, "b": 100}

# Name -> values; the first is where every router starts.
CHOICES = {
    "grouped": (True, False),
    "interval": (0.5, 0.4, 0.7),
    "more_vips": (0, 1, 5, 40),
    "routes": (True, False),
    "vmac": (True, False),
    "no_accept": (True, False),
    "nopreempt": (False, True),
    "tracked": (True, False),
    "tiny_buffers": (True, False),
}


CLOCK = r'''
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

static const volatile int64_t *offset;

__attribute__((constructor)) static void open_offset(void)
{
	int fd = open(getenv("CHAOS_CLOCK"), O_RDONLY | O_CLOEXEC);

	offset = mmap(NULL, sizeof(*offset), PROT_READ, MAP_SHARED, fd, 0);
}

int clock_gettime(clockid_t which, struct timespec *ts)
{
	int (*next)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
	int result = next(which, ts);

	if (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)
		ts->tv_sec += *offset;
	return result;
}
'''


class Clock:
    """A wall clock for one daemon: step() moves it; the daemon has to be started by @wrapper."""

    def __init__(self, folder):
        self.file, self.seconds = folder / "clock", 0
        self.file.write_bytes(bytes(8))
        library, self.wrapper = folder / "clock.so", folder / "with-clock"
        netlab.run("cc", "-shared", "-fPIC", "-o", library, "-xc", "-", "-ldl", stdin=CLOCK)
        self.wrapper.write_text(
            "#!/bin/sh\nASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0 "
            f"LD_PRELOAD={library} CHAOS_CLOCK={self.file} exec {netlab.OURS} \"$@\"\n")
        self.wrapper.chmod(0o755)

    def step(self, seconds):
        self.seconds += seconds
        with open(self.file, "r+b") as file:
            file.write(self.seconds.to_bytes(8, sys.byteorder, signed=True))


class Options(dict):
    """One configuration."""

    @classmethod
    def first(cls):
        return cls({name: values[0] for name, values in CHOICES.items()})

    def changed(self, rng):
        """One to three options get another value."""
        other = Options(self)
        for name in rng.sample(sorted(CHOICES), rng.randint(1, 3)):
            other[name] = rng.choice([v for v in CHOICES[name] if v != self[name]])
        return other

    def vips(self):
        """Instance -> addresses."""
        more = [f"192.0.2.{110 + i}" for i in range(self["more_vips"])]
        found = {"V4": ["192.0.2.100", *more], "V6": ["fe80::100", "2001:db8::100"]}
        if self["vmac"]:
            found["VM"] = ["192.0.2.101"]
        if self["no_accept"]:
            found["NA"] = ["192.0.2.102"]
        return found

    def _instance(self, name, router, version=3):
        lines = [f"vrrp_instance {name} {{", "interface eth0", f"version {version}",
                 f"virtual_router_id {VRIDS[name]}", f"priority {PRIORITY[router]}",
                 f"advert_int {self['interval']}"]
        if self["nopreempt"]:
            lines.append("nopreempt")
        if self["tracked"] and name == "V4":
            lines += ["track_script {", "alive", "}"]
        if name == "VM":
            lines += [f"use_vmac vm{router}.53", "vmac_xmit_base"]
        if name == "NA":
            lines.append("no_accept")
        lines += ["virtual_ipaddress {", *self.vips()[name], "}"]
        if name == "V4" and self["routes"]:
            lines += ["virtual_routes {", f"{ROUTE_NET} via 192.0.2.254 dev eth0", "}",
                      "virtual_rules {", "from 192.0.2.100 table 100", "}"]
        return [*lines, "}"]

    def text(self, router):
        lines = ["global_defs {", "dynamic_interfaces allow_if_changes", "script_user root",
                 "vrrp_garp_master_delay 1"]
        if self["tiny_buffers"]:
            lines += ["vrrp_netlink_monitor_rcv_bufs 4096", "vrrp_netlink_cmd_rcv_bufs 8192"]
        lines.append("}")
        if self["tracked"]:
            lines += ["vrrp_script alive {", 'script "/bin/true"', "interval 1", "}"]
        if self["grouped"]:
            lines += ["vrrp_sync_group G {", "group {", "V4", "V6", "}", "}"]
        for name in self.vips():
            lines += self._instance(name, router)
        return "\n".join(lines) + "\n"


def _json(host, *words):
    text = netlab.run("ip", "-n", host.space, "-j", *words, check=False)
    try:
        return json.loads(text or "[]")
    except json.JSONDecodeError:
        return []


def addresses(host):
    """(interface, address), without what the kernel makes."""
    return {(link["ifname"], a["local"])
            for link in _json(host, "address", "show") for a in link.get("addr_info", [])
            if "local" in a and (not a["local"].startswith("fe80") or a["local"] == "fe80::100")}


def routes(host):
    found = set()
    for family in ("-4", "-6"):
        for r in _json(host, family, "route", "show", "table", "all"):
            if r.get("protocol") != "kernel" and r.get("type") != "multicast":
                found.add((r["dst"], r.get("gateway"), r.get("dev"), str(r.get("table", "main"))))
    return found


def rules(host):
    return {(r.get("src"), r.get("table"), r.get("priority"))
            for family in ("-4", "-6") for r in _json(host, family, "rule", "show")}


def links(host):
    return {link["ifname"] for link in _json(host, "link", "show")}


def tables(host):
    text = netlab.run("ip", "netns", "exec", host.space, "nft", "-j", "list", "tables",
                      check=False)
    try:
        found = json.loads(text)["nftables"]
    except (json.JSONDecodeError, KeyError):
        return set()
    return {(t["table"]["family"], t["table"]["name"]) for t in found if "table" in t}


def sysctls(host):
    """Settings of the namespace and of its interfaces."""
    found = {}
    with netlab.in_netns(host.space):
        for root in ("/proc/sys/net/ipv4/conf", "/proc/sys/net/ipv6/conf"):
            for path in pathlib.Path(root).glob("*/*"):
                if re.match(r"stable_secret|flush|.*_hash|temp", path.name):
                    continue
                try:
                    found[str(path)] = path.read_text().strip()
                except OSError:
                    continue
    return found


def processes(host):
    return {int(pid) for pid in netlab.run("ip", "netns", "pids", host.space, check=False).split()}


def snapshot(host):
    """All that a daemon may change."""
    return {"addresses": addresses(host), "routes": routes(host), "rules": rules(host),
            "links": links(host), "tables": tables(host), "sysctls": sysctls(host)}


def put_back(host, base):
    """What a VMAC changes on its base interface, as it was. When all processes were killed at once,
    or could not clean up, nobody else knows."""
    with netlab.in_netns(host.space):
        for path, value in base["sysctls"].items():
            if re.match(r".*/ipv4/conf/eth0/arp_(announce|filter|ignore)", path):
                pathlib.Path(path).write_text(value)


def difference(before, after):
    """What is in one snapshot and not in the other, as text; "" if they are equal."""
    lines = []
    for part, was in before.items():
        now = after[part]
        if was == now:
            continue
        if isinstance(was, dict):
            was, now = set(was.items()), set(now.items())
        lines += [f"{part}: gone {x}" for x in sorted(was - now, key=str)]
        lines += [f"{part}: left {x}" for x in sorted(now - was, key=str)]
    return "\n".join(lines)


def wrong(host, base, options, leads):
    """What differs from what the options say, for a router that leads the instances @leads."""
    want = set(base["addresses"])
    problems = []
    vips = options.vips()
    for name in leads:
        want |= {("vm" + host.name + ".53" if name == "VM" else "eth0", vip)
                 for vip in vips[name]}
    have = addresses(host)
    problems += [f"{host.name}: lacks {x}" for x in sorted(want - have)]
    problems += [f"{host.name}: has {x}" for x in sorted(have - want)]
    lists_route = any(r[0] == ROUTE_NET for r in routes(host))
    lists_rule = any(r[0] == "192.0.2.100" for r in rules(host))
    wants = options["routes"] and "V4" in leads
    if lists_route != wants:
        problems.append(f"{host.name}: route {'missing' if wants else 'left'}")
    if lists_rule != wants:
        problems.append(f"{host.name}: rule {'missing' if wants else 'left'}")
    if ("vm" + host.name + ".53" in links(host)) != options["vmac"]:
        problems.append(f"{host.name}: VMAC {'missing' if options['vmac'] else 'left'}")
    return problems
