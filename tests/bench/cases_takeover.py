# SPDX-License-Identifier: GPL-2.0-or-later
"""Becoming master: how late, how long, how dear. And tracked processes."""
import datetime
import statistics
import subprocess
import time

from benchlab import (Capture, Daemon, HostLab, LOOK_EVERY, Lab, bursts_over, config, measured,
                      percentile, run)

ROUNDS = 3      # of each program in turn; the median counts
TAKEOVERS = 4
BOTH_BURSTS = 6.5       # s from the death of the master: three adverts, 5 s, and to spare
STEADY = 2.5            # s of adverts alone, whose cost is taken off
PROCESS = """global_defs {{
    router_id bench
}}
vrrp_track_process watched {{
    process keepalived-bench-none
    quorum 1
    weight 10
}}
vrrp_instance v {{
    interface {link}
    virtual_router_id 77
    priority 200
    virtual_ipaddress {{
        10.200.0.1/32
    }}
    track_process {{
        watched
    }}
}}
"""


def mac_last(lab, side):
    return int(run(*lab.inside(side), "cat", "/sys/class/net/e0/address").stdout.strip()[-2:], 16)


class RouteWatch:
    """When routes to 10.201.0.0/16 appeared, by the kernel's notifications."""

    def __init__(self, lab, side):
        self.process = subprocess.Popen([*lab.ip(side), "-ts", "monitor", "route"],
                                        stdout=subprocess.PIPE, text=True)

    def times(self):
        """Nanoseconds of CLOCK_REALTIME."""
        self.process.terminate()
        stamps = [line.split("]")[0].lstrip("[") for line in self.process.communicate()[0].split("\n")
                  if "] 10.201." in line]
        return [datetime.datetime.fromisoformat(s).timestamp() * 1e9 for s in stamps]


class TakeoverCases:
    def failover(self):
        for how in ("kill -9", "clean stop"):
            result = {}
            for who in ("ours", "peer"):
                late = []
                for _ in range(12):
                    late.append(self.one_failover(self.binaries[who], how))
                result[who] = late
            worst, peer = percentile(result["ours"], 99), percentile(result["peer"], 99)
            self.plain(f"first gratuitous ARP after {how}, beyond the protocol's time, worst of 12",
                       worst, "ms", "<= 2", worst <= 2, peer)

    def one_failover(self, binary, how):
        with Lab(1) as lab:
            backup = Daemon(lab, "b", binary, config(1, 100, "0.1"))
            master = Daemon(lab, "a", binary, config(1, 200, "0.1"))
            master.wait_vips(1)
            deadline = time.monotonic() + 10
            while backup.vip_count() and time.monotonic() < deadline:
                time.sleep(LOOK_EVERY)
            capture = Capture(lab, self.tool, "a", "e0", 2)
            measured(0.5)           # adverts of the first master
            mac = mac_last(lab, "a")
            if how == "kill -9":
                master.kill()
            else:
                master.stop()
            records = capture.records()
            last = [r for r in records if r[1] == 1 and r[4] == mac][-1]
            arps = [r for r in records if r[1] == 2 and r[4] != mac and r[0] > last[0]]
            skew = (256 - 100) / 256 * 0.1
            due = last[0] / 1e9 + skew + (0 if last[3] == 0 else 0.3)
            return (arps[0][0] / 1e9 - due) * 1000

    def takeover(self):
        """A backup takes a thousand addresses over."""
        self.take_over("takeover of 1000 addresses", 0, 0.5)

    def takeover_routes(self):
        """The same with a thousand routes."""
        self.take_over("fail-over with 1000 addresses and 1000 routes", 1000, 0.3)

    def take_over(self, what, n_routes, promise):
        cpu, total, gaps = ({who: [] for who in (*self.binaries, "floor")} for _ in range(3))
        for _ in range(TAKEOVERS):
            for who, binary in self.binaries.items():
                once = self.one_takeover(binary, n_routes)
                cpu[who].append(once[0])
                total[who].append(once[1])
                gaps[who] += once[2]
            once = self.bare_takeover(n_routes)
            cpu["floor"].append(once[0])
            total["floor"].append(once[1])
        for values, text in ((cpu, "CPU"),
                             (total, "first advert to the last in place and announced")):
            ours, peer, floor = (statistics.median(values[who]) for who in ("ours", "peer", "floor"))
            self.row(f"{what}, {text}", ours, peer, "ms", promise,
                     f"median of {TAKEOVERS}; the kernel alone {floor:.3g} ms, "
                     f"{floor / peer:.2f} of the peer's")
        jitter = {who: percentile([abs(g - 100) for g in gaps[who]], 99) for who in self.binaries}
        self.plain("advert jitter during it, p99", jitter["ours"], "ms", "< 10 (10 % of 100 ms)",
                   jitter["ours"] < 10, jitter["peer"])

    def one_takeover(self, binary, n_routes):
        """CPU in ms of the new master, less that of its steady adverts; time in ms; gaps between its
        adverts in ms."""
        texts = [config(1, priority, "0.1", more_vips=1000, routes=n_routes)
                 for priority in (100, 200)]
        with Lab(1) as lab:
            backup = Daemon(lab, "b", binary, texts[0])
            master = Daemon(lab, "a", binary, texts[1])
            master.wait_vips(1001)
            measured(1)                 # its first burst, the news of a better router
            routes = RouteWatch(lab, "b") if n_routes else None
            capture = Capture(lab, self.tool, "a", "e0", BOTH_BURSTS + STEADY)
            old = mac_last(lab, "a")
            looks = [backup.cpu_ns()]
            master.kill()
            for seconds in (BOTH_BURSTS, STEADY):
                measured(seconds)
                looks.append(backup.cpu_ns())
            backup.wait_vips(1001)
            records = [r for r in capture.records() if r[4] != old]
            if backup.route_count() < n_routes:
                raise RuntimeError(f"only {backup.route_count()} of {n_routes} routes")
            placed = routes.times() if routes else []
        steady = (looks[2] - looks[1]) / STEADY
        cpu = (looks[1] - looks[0] - steady * BOTH_BURSTS) / 1e6
        adverts = [r[0] for r in records if r[1] == 1]
        first = {}
        for r in records:
            if r[1] == 2:
                first.setdefault(r[5], r[0])
        total = (max(*first.values(), *placed) - adverts[0]) / 1e6
        return cpu, total, [(b - a) / 1e6 for a, b in zip(adverts, adverts[1:])]

    def bare_takeover(self, n_routes):
        """CPU and time, in ms, of a program that does nothing but ask the kernel."""
        with Lab(1) as lab:
            routes = RouteWatch(lab, "b") if n_routes else None
            capture = Capture(lab, self.tool, "a", "e0", BOTH_BURSTS)
            out = run(*lab.inside("b"), str(self.floor), "e0", "1000", str(n_routes)).stdout
            capture.stop()
            if routes:
                routes.times()
            return [float(word) for word in out.split()]

    def vmac(self):
        """A router with 250 VMACs starts and is master of all."""
        took, cpu = ({who: [] for who in self.binaries} for _ in range(2))
        for _ in range(ROUNDS):
            for who, binary in self.binaries.items():
                with Lab(1) as lab:
                    capture = Capture(lab, self.tool, "b", "e0", 20)
                    begin = time.time_ns()
                    daemon = Daemon(lab, "a", binary, config(250, 255, inside="    use_vmac"))
                    daemon.wait_vips(250)
                    first = {}
                    for r in capture.records():
                        if r[1] == 1:
                            first.setdefault(r[2], r[0])
                    if len(first) < 250:
                        raise RuntimeError(f"{who}: only {len(first)} of 250 are heard")
                    took[who].append((max(first.values()) - begin) / 1e6)
                    cpu[who].append(daemon.cpu_ns() / 1e6)
        median = statistics.median
        self.row("250 instances with VMAC, start to the first advert of the last",
                 median(took["ours"]), median(took["peer"]), "ms", 0.3, f"median of {ROUNDS}")
        self.row("the same: CPU of the first 20 s", median(cpu["ours"]), median(cpu["peer"]), "ms")

    def processes(self):
        """Ten thousand process events a second, none of which concerns the tracked process."""
        cost, rate = {}, {}
        for who, binary in self.binaries.items():
            with HostLab() as lab:
                daemon = Daemon(lab, "a", binary, PROCESS.format(link=lab.link))
                daemon.wait_vips(1)
                bursts_over()
                begin = daemon.cpu_ns()
                n, seconds = run(str(self.tool), "spawn", "10000", "3334").stdout.split()
                measured(1)             # what arrives late counts too
                cost[who] = (daemon.cpu_ns() - begin) / (3 * int(n)) / 1000
                rate[who] = 3 * int(n) / float(seconds)
        self.row("tracked process: CPU per process event", cost["ours"], cost["peer"], "us", 0.5,
                 f"{rate['ours']:.0f} and {rate['peer']:.0f} events/s")
