# SPDX-License-Identifier: GPL-2.0-or-later
"""Two routers on one link, in every mode VRRP has: configuration texts and what must hold.

Most of the time routers wait for timers, so run_steps() takes several pairs through the same steps
side by side; each (pair, step) is then reported as a test of its own.
"""
import concurrent.futures
import dataclasses
import time

import netlab

VIP4, VIP6, LINK_LOCAL_VIP = "192.0.2.100", "2001:db8::100", "fe80::100"
ADDRESSES = {"a": ("192.0.2.1/24", "2001:db8::1/64"), "b": ("192.0.2.2/24", "2001:db8::2/64"),
             "c": ("192.0.2.3/24", "2001:db8::3/64")}
GROUP = {4: "224.0.0.18", 6: "ff02::12"}


@dataclasses.dataclass(frozen=True)
class Mode:
    """One way of speaking VRRP."""
    name: str
    version: int
    family: int
    unicast: bool = False
    auth: str = ""
    interval: float = 1.0

    @property
    def vip(self):
        return VIP4 if self.family == 4 else VIP6

    @property
    def vips(self):
        return [VIP4] if self.family == 4 else [LINK_LOCAL_VIP, VIP6]

    def address(self, name):
        return ADDRESSES[name][0 if self.family == 4 else 1].split("/")[0]

    @property
    def patience(self):
        """Time after which a router must have seen that the master is gone."""
        return 4 * self.interval + 6


V2 = Mode("v2", 2, 4)
V2_UNICAST = Mode("v2-unicast", 2, 4, unicast=True)
V2_PASS = Mode("v2-pass", 2, 4, auth="PASS")
V2_AH = Mode("v2-ah", 2, 4, auth="AH")
V3 = Mode("v3", 3, 4, interval=0.2)
V3_UNICAST = Mode("v3-unicast", 3, 4, unicast=True, interval=0.2)
V3_IP6 = Mode("v3-ip6", 3, 6, interval=0.2)
V3_IP6_UNICAST = Mode("v3-ip6-unicast", 3, 6, unicast=True, interval=0.2)
FAILOVER_MODES = (V2, V2_UNICAST, V3, V3_UNICAST, V3_IP6, V3_IP6_UNICAST)
ALL_MODES = FAILOVER_MODES + (V2_PASS, V2_AH)


def names_of(modes):
    return [mode.name for mode in modes]


def instance(mode, me, peers, priority, *lines, name="VI_1", vrid=51, vips=None):
    """Text of a vrrp_instance for router @me."""
    text = [f"vrrp_instance {name} {{", "interface eth0", f"version {mode.version}",
            f"virtual_router_id {vrid}", f"priority {priority}", f"advert_int {mode.interval:g}"]
    if mode.unicast:
        text += [f"unicast_src_ip {mode.address(me)}", "unicast_peer {",
                 *(mode.address(peer) for peer in peers), "}"]
    if mode.auth:
        text += ["authentication {", f"auth_type {mode.auth}", "auth_pass s3cret12", "}"]
    text += [*lines, "virtual_ipaddress {", *(vips or mode.vips), "}", "}"]
    return "\n".join(text) + "\n"


GLOBALS = "global_defs {\ndynamic_interfaces allow_if_changes\n}\n"


class Router:
    """A host with a keepalived that can be started again."""

    def __init__(self, host, mode, peers, priority, lines=(), binary=None):
        self.host, self.name, self.mode = host, host.name, mode
        self.config = GLOBALS + instance(mode, host.name, peers, priority, *lines)
        self.binary, self.daemon, self.priority = binary, None, priority

    def running(self):
        return self.daemon is not None and self.daemon.poll() is None

    def start(self):
        self.daemon = self.host.keepalived(self.config, self.binary)
        return self.daemon

    def has_vip(self):
        return self.mode.vip in self.host.addresses()

    def wait_vip(self, present=True, timeout=None):
        self.host.wait_addr(self.mode.vip, present, timeout or self.mode.patience)

    def wait_state(self, state, since=0):
        return self.daemon.wait_state(state, since=since, timeout=self.mode.patience)


class Pair:
    """Routers a (priority 200) and b (priority 100) on one switch."""

    def __init__(self, scratch, mode, binaries=(None, None), lines=((), ()),
                 priorities=(200, 100)):
        self.mode, self.lab = mode, netlab.Lab(scratch)
        try:
            hosts = self.lab.pair(*(ADDRESSES[n] for n in "ab"))
            self.lan = self.lab.switches["lan"]
            self.capture = self.lan.capture()
            self.a, self.b = (Router(host, mode, "b" if host.name == "a" else "a", priority,
                                     line, binary)
                              for host, priority, line, binary
                              in zip(hosts, priorities, lines, binaries))
        except BaseException:
            self.lab.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.lab.close()

    def settle(self):
        """a is MASTER and has the address, b has not."""
        for router in (self.b, self.a):
            if not router.running():
                router.start()
        self.a.wait_vip()
        self.b.wait_vip(present=False)
        self.advert_of(self.a, since=self.capture.mark())
        return self

    def advert_of(self, router, since=0, count=1, **fields):
        """The next advertisement of the router."""
        return self.capture.wait("vrrp", since, self.mode.patience, count=count,
                                 where=lambda p: p.port == self.lan.port(router.host), **fields)

    def wait_only(self, router, since):
        """This router advertises, the other has been silent for three intervals since."""
        other = self.b if router is self.a else self.a
        deadline = netlab.deadline_in(self.mode.patience)
        while time.monotonic() < deadline:
            first = self.advert_of(router, since)
            quiet = first.when + 3 * self.mode.interval
            since = self.capture.mark()
            self.advert_of(router, since)
            while self.capture.packets[-1].when < quiet:
                self.advert_of(router, self.capture.mark())
            if not [p for p in self.capture.of("vrrp", since)
                    if p.port == self.lan.port(other.host) and p.priority]:
                return
        raise netlab.Timeout(f"{other.name} keeps advertising")


class Steps:
    """Results of run_steps()."""

    def __init__(self):
        self.problems, self.logs = {}, {}

    def check(self, key, step):
        """Raise what the step raised."""
        if (key, step) not in self.problems:
            raise AssertionError(f"{step} was not reached\n{self.logs.get(key, '')}")
        problem = self.problems[key, step]
        if problem is not None:
            raise AssertionError(f"{problem!r}\n{self.logs[key, step]}") from problem


def run_steps(keys, make_pair, steps, workers=8):
    """For every key: make_pair(key), then each step with the pair settled before. A failed step
    does not stop the following ones."""
    results = Steps()

    def one_step(pair, step):
        try:
            pair.settle()
            step(pair)
        except Exception as problem:    # reported by check()
            return problem
        return None

    def one_pair(key):
        try:
            with make_pair(key) as pair:
                for step in steps:
                    problem = one_step(pair, step)
                    results.problems[key, step.__name__] = problem
                    if problem is not None:
                        results.logs[key, step.__name__] = pair.lab.logs()
        except Exception as problem:
            results.logs[key] = repr(problem)

    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        list(pool.map(one_pair, keys))
    return results
