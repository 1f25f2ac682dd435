# SPDX-License-Identifier: GPL-2.0-or-later
"""One router that is MASTER at once: its configuration, and questions about the kernel around it."""
import contextlib
import json
import os
import pathlib
import selectors

import netlab

VIP = "192.0.2.100"


def conf(*lines, vips=(VIP,), name="VI_1", vrid=51, priority=254, interface="eth0",
         interval=0.1, version=3, globals=(), more=""):
    """A configuration with one vrrp_instance; @more is text before it."""
    text = ["global_defs {", "script_user root", *globals, "}", more,
            instance(*lines, vips=vips, name=name, vrid=vrid, priority=priority,
                     interface=interface, interval=interval, version=version)]
    return "\n".join(text)


def instance(*lines, vips=(VIP,), name="VI_1", vrid=51, priority=254, interface="eth0",
             interval=0.1, version=3):
    text = [f"vrrp_instance {name} {{", f"interface {interface}", f"version {version}",
            f"virtual_router_id {vrid}", f"priority {priority}", f"advert_int {interval:g}",
            *lines]
    if vips:
        text += ["virtual_ipaddress {", *vips, "}"]
    return "\n".join(text + ["}"]) + "\n"


def links(host, *words):
    """{name: what ip says} of the interfaces of a host."""
    text = host.ip("-j", "-d", "link", "show", *words)
    return {link["ifname"]: link for link in json.loads(text or "[]") if link}


def mac_of(host, ifname="eth0"):
    return links(host)[ifname]["address"]


def addresses(host):
    """{ADDRESS/LENGTH: what ip says, with its interface}."""
    return {f"{a['local']}/{a['prefixlen']}": dict(a, ifname=link["ifname"])
            for link in json.loads(host.ip("-j", "address", "show"))
            for a in link["addr_info"] if "local" in a}


def routes(host, *words, family="-4"):
    """What ip says, but not what the kernel made itself."""
    text = host.ip("-j", "-d", family, "route", "show", *words)
    return [r for r in json.loads(text or "[]") if r.get("protocol") != "kernel"]


def rules(host, family="-4"):
    """The rules that somebody added."""
    text = host.ip("-j", "-d", family, "rule", "show")
    return [r for r in json.loads(text or "[]") if r["priority"] not in (0, 32766, 32767)]


def wait_for(host, groups, condition, what, timeout=None):
    """Look again at each notification of the kernel until the condition holds; its value."""
    value = []

    def look():
        value[:] = [condition()]
        return value[0]
    with netlab.Netlink(host.space, groups) as events:
        events.wait(look, timeout, what)
    return value[0]


def settings(host):
    """All settings of interfaces: {path: value}."""
    found = {}
    with netlab.in_netns(host.space):
        for family in ("ipv4", "ipv6"):
            for path in sorted(pathlib.Path(f"/proc/sys/net/{family}/conf").glob("*/*")):
                try:
                    found[f"{family}/{path.parent.name}/{path.name}"] = path.read_text().strip()
                except OSError:
                    pass
    return found


def ping(host, address, count=1):
    """Does it answer?"""
    done = host.start(f"ping {address}", "ping", "-c", count, "-W", "2", "-i", "0.2", address)
    return done.wait_exit() == 0


def neighbour(host, address):
    """The link-layer address that the host knows for an address."""
    for entry in json.loads(host.ip("-j", "neighbour", "show", address) or "[]"):
        return entry.get("lladdr")
    return None


def overruns(host, pid):
    """How many messages of rtnetlink the kernel had to drop for the sockets of a process."""
    inodes = set()
    for fd in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            inodes.add(os.readlink(f"/proc/{pid}/fd/{fd}"))
    with netlab.in_netns(host.space):
        table = pathlib.Path("/proc/thread-self/net/netlink").read_text()
    rows = [line.split() for line in table.splitlines()[1:]]
    return sum(int(row[8]) for row in rows if row[1] == "0" and f"socket:[{row[9]}]" in inodes)


def dumped(daemon, signo, name):
    """The text of a dump, made anew."""
    path = daemon.folder / name
    path.unlink(missing_ok=True)
    daemon.signal(signo)
    deadline = netlab.deadline_in(None)
    while not path.exists():
        netlab.watch_folder(daemon.folder, 0.5)
        assert netlab.time.monotonic() < deadline
    return path.read_text()


def read_fifo(fifo, done, timeout=None):
    """What a FIFO (a path, or what was opened without blocking) gives until done(text)."""
    own = None if isinstance(fifo, int) else os.open(fifo, os.O_RDWR | os.O_NONBLOCK)
    text, deadline = "", netlab.deadline_in(timeout)
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(fifo if own is None else own, selectors.EVENT_READ)
            while not done(text):
                if not selector.select(max(0, deadline - netlab.time.monotonic())):
                    raise netlab.Timeout(f"{fifo}: only {text!r}")
                text += os.read(fifo if own is None else own, 65536).decode()
    finally:
        if own is not None:
            os.close(own)
    return text
