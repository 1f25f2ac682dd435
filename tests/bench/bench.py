#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measure this keepalived beside another one (Debian's) in the same run, as ratios.

Absolute figures belong to the machine; the ratio column is what is promised. Everything runs in
network namespaces of this process. Prints a table in Markdown.
"""
import argparse
import os
import pathlib
import resource
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
COST = """import os, resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss)"""
RECORD = struct.Struct("<QBBBBI")


def run(*argv, check=True, **more):
    return subprocess.run(argv, check=check, capture_output=True, text=True, **more)


def children_cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def percentile(values, p):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * p / 100))] if values else float("nan")


class Lab:
    """Two namespaces joined by veth pairs e0.., and the daemons in them."""

    def __init__(self, n_links=1):
        self.tag = f"kab{os.getpid()}"
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="keepalived-bench-"))
        self.daemons = []
        self.n_links = n_links
        for side in "ab":
            run("ip", "netns", "add", self.ns(side))
            run("ip", "-n", self.ns(side), "link", "set", "lo", "up")
        for i in range(n_links):
            # The last byte tells the sides apart in a capture.
            run("ip", "-n", self.ns("a"), "link", "add", f"e{i}",
                "address", f"02:00:00:00:{i:02x}:01", "type", "veth", "peer", "name", f"e{i}",
                "address", f"02:00:00:00:{i:02x}:02", "netns", self.ns("b"))
            for number, side in enumerate("ab", start=1):
                run("ip", "-n", self.ns(side), "addr", "add", f"10.{i}.255.{number}/16",
                    "dev", f"e{i}")
                run("ip", "-n", self.ns(side), "link", "set", f"e{i}", "up")
        # The kernel may report a new link as running up to a second late; until then a router
        # is in FAULT and its timers have not begun.
        deadline = time.monotonic() + 10
        while any(self.links_up(side) < n_links for side in "ab"):
            if time.monotonic() > deadline:
                raise RuntimeError("the links of the namespaces do not come up")
            time.sleep(0.02)

    def links_up(self, side):
        return run("ip", "-n", self.ns(side), "-br", "link").stdout.count(" UP ")

    def __enter__(self):
        return self

    def ns(self, side):
        return f"{self.tag}-{side}"

    def __exit__(self, *_):
        for daemon in list(self.daemons):
            daemon.kill()
        for side in "ab":
            run("ip", "netns", "del", self.ns(side), check=False)
        shutil.rmtree(self.dir, ignore_errors=True)


class Daemon:
    def __init__(self, lab, side, binary, config):
        self.lab, self.side = lab, side
        home = lab.dir / f"{side}{len(list(lab.dir.iterdir()))}"
        home.mkdir()
        self.home, self.config = home, home / "keepalived.conf"
        self.config.write_text(config)
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", lab.ns(side), str(binary), "-n", "-G", "-P",
             "-f", str(self.config), "-p", str(home / "keepalived.pid"),
             "-r", str(home / "vrrp.pid"), "-c", str(home / "c.pid"), "-b", str(home / "b.pid")],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=dict(os.environ, TMPDIR=str(home)))
        lab.daemons.append(self)

    def pids(self):
        pids = [self.process.pid]
        for pid in pids:
            for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
                pids += [int(p) for p in task.read_text().split()]
        return pids

    def cpu_ns(self):
        """Run time of all its processes, by the scheduler's own count."""
        return sum(int(pathlib.Path(f"/proc/{p}/schedstat").read_text().split()[0])
                   for p in self.pids())

    def pss_kb(self):
        total = 0
        for pid in self.pids():
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        return total

    def vip_count(self):
        return run("ip", "-n", self.lab.ns(self.side), "-4", "-o", "addr").stdout.count(" 10.200.")

    def wait_vips(self, count, seconds=60):
        deadline = time.monotonic() + seconds
        while self.vip_count() < count:
            if time.monotonic() > deadline:
                raise RuntimeError(f"only {self.vip_count()} of {count} addresses after {seconds} s")
            time.sleep(0.05)

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.lab.daemons.remove(self)

    def kill(self):
        for pid in self.pids():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()
        if self in self.lab.daemons:
            self.lab.daemons.remove(self)


class Capture:
    def __init__(self, lab, tool, side, link, seconds):
        self.file = lab.dir / f"capture{time.monotonic_ns()}"
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", lab.ns(side), str(tool), "capture", link, str(self.file),
             str(seconds)], stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def records(self):
        """(ns, kind, vrid, priority, last byte of the MAC, address)"""
        self.process.wait()
        return list(RECORD.iter_unpack(self.file.read_bytes()))


def config(n, priority, advert_int="1", extra="", vips_each=1, more_vips=0):
    lines = ["global_defs {", "    router_id bench", "    vrrp_version 3", extra, "}"]
    for i in range(n):
        link, vrid = i // 250, i % 250 + 1
        lines += [f"vrrp_instance v{i} {{", f"    interface e{link}",
                  f"    virtual_router_id {vrid}", f"    priority {priority}",
                  f"    advert_int {advert_int}", "    virtual_ipaddress {"]
        lines += [f"        10.200.{i // 250}.{i % 250 + 1}/32"]
        lines += ["    }"]
        if more_vips and i == 0:
            lines += ["    virtual_ipaddress_excluded {"]
            lines += [f"        10.200.{100 + k // 250}.{k % 250 + 1}/32" for k in range(more_vips)]
            lines += ["    }"]
        lines += ["}"]
    return "\n".join(lines) + "\n"


class Bench:
    def __init__(self, ours, peer, tool):
        self.binaries = {"ours": ours, "peer": peer}
        self.tool = tool
        self.rows = []

    def row(self, what, ours, peer, unit, promise=None, note=""):
        ratio = ours / peer if peer else float("nan")
        verdict = "" if promise is None else ("yes" if ratio <= promise else "NO")
        limit = "" if promise is None else f"<= {promise}"
        self.rows.append((what, ours, peer, unit, ratio, limit, verdict, note))
        print(f"{what}: ours {ours:.3g} {unit}, peer {peer:.3g} {unit}, ratio {ratio:.2f} {limit} "
              f"{verdict} {note}", file=sys.stderr, flush=True)

    def plain(self, what, value, unit, limit, holds, peer=None):
        self.rows.append((what, value, peer, unit, None, limit, "yes" if holds else "NO", ""))
        print(f"{what}: {value:.3g} {unit} (peer {peer}) {limit} {'yes' if holds else 'NO'}",
              file=sys.stderr, flush=True)

    def table(self):
        print("| what | ours | peer | unit | ours/peer | promised | kept | |")
        print("|---|---|---|---|---|---|---|---|")
        for what, ours, peer, unit, ratio, limit, verdict, note in self.rows:
            print(f"| {what} | {ours:.3g} | {'' if peer is None else format(peer, '.3g')} | {unit} "
                  f"| {'' if ratio is None else format(ratio, '.2f')} | {limit} | {verdict} | {note} |")

    # -- what a reader waits for

    def config_test(self):
        for n in (1, 1000, 4000):
            text = config(n, 100)
            with Lab(n // 250 + 1) as lab:
                path = lab.dir / "test.conf"
                path.write_text(text)
                cpu = {}
                for who, binary in self.binaries.items():
                    runs = []
                    for _ in range(7 if n < 4000 else 5):
                        before = children_cpu()
                        run("ip", "netns", "exec", lab.ns("a"), str(binary), "-t", "-f", str(path),
                            check=False)
                        runs.append(children_cpu() - before)
                    cpu[who] = statistics.median(runs) * 1000
                self.row(f"--config-test, {n} instances", cpu["ours"], cpu["peer"], "ms CPU",
                         0.2 if n == 4000 else None, "includes ip netns exec")

    def language(self):
        """The language alone: reading, binding and checking large configurations."""
        text = self.big_check()
        lines = text.count("\n")
        cpu, memory = self.test_cost(text)
        self.row("--config-test, 10 000 virtual x 10 real servers", cpu["ours"] * 1000,
                 cpu["peer"] * 1000, "ms CPU", 0.1, f"{lines} lines, "
                 f"{lines / cpu['ours'] / 1e6:.2f} million lines/s")
        self.row("the same, memory", memory["ours"], memory["peer"], "kB", 0.5)
        half, _ = self.test_cost(self.big_check(5000), ("ours",))
        growth = cpu["ours"] / half["ours"]
        self.plain("the same, twice the size costs", growth, "x", "<= 2.2", growth <= 2.2)
        text = config(10000, 100)
        cpu, memory = self.test_cost(text)
        self.row("--config-test, 10 000 instances", cpu["ours"] * 1000, cpu["peer"] * 1000,
                 "ms CPU", 0.1, f"{text.count(chr(10)) / cpu['ours'] / 1e6:.2f} million lines/s")
        self.row("the same, memory", memory["ours"], memory["peer"], "kB", 0.5)

    @staticmethod
    def big_check(n=10000, each=10):
        lines = []
        for i in range(n):
            lines += [f"virtual_server 10.{i // 250}.{i % 250}.1 80 {{", "    delay_loop 6",
                      "    lb_algo rr", "    lb_kind NAT", "    protocol TCP"]
            for k in range(each):
                lines += [f"    real_server 10.{i // 250}.{i % 250}.{k + 2} 80 {{",
                          "        weight 1", "        TCP_CHECK {",
                          "            connect_timeout 3", "        }", "    }"]
            lines += ["}"]
        return "\n".join(lines) + "\n"

    def test_cost(self, text, who=("ours", "peer")):
        """Median CPU seconds and largest resident set in kB of -t with this configuration."""
        cpu, memory = {}, {}
        with tempfile.TemporaryDirectory() as scratch:
            path = pathlib.Path(scratch) / "big.conf"
            path.write_text(text)
            for name in who:
                # By way of a small process: a child begins with the size of its parent.
                runs = [[float(n) for n in
                         run(sys.executable, "-c", COST, str(self.binaries[name]), "-t", "-f",
                             str(path)).stdout.split()] for _ in range(3)]
                cpu[name] = statistics.median(r[0] for r in runs)
                memory[name] = statistics.median(r[1] for r in runs)
        return cpu, memory

    def cpu_per_advert(self):
        for n, advert_int, seconds in ((100, "1", 10), (1000, "1", 10), (4000, "1", 10),
                                       (100, "0.01", 5)):
            sent, received = {}, {}
            for who, other in (("ours", "ours"), ("peer", "peer")):
                with Lab((n + 249) // 250) as lab:
                    backup = Daemon(lab, "b", self.binaries[other], config(n, 100, advert_int))
                    master = Daemon(lab, "a", self.binaries[who], config(n, 200, advert_int))
                    master.wait_vips(n, 120)
                    time.sleep(8)   # gratuitous ARP bursts are over
                    count = self.adverts(lab)
                    begin = master.cpu_ns(), backup.cpu_ns()
                    time.sleep(seconds)
                    end = master.cpu_ns(), backup.cpu_ns()
                    count = self.adverts(lab) - count
                    sent[who] = (end[0] - begin[0]) / count / 1000
                    received[who] = (end[1] - begin[1]) / count / 1000
                    expected = n * seconds / float(advert_int)
                    if who == "ours":
                        share = count / expected
            bare_send, bare_receive = self.bare()
            label = f"{n} instances at {advert_int} s"
            self.row(f"CPU per advert sent, {label}", sent["ours"], sent["peer"], "us", 0.5,
                     f"{sent['ours'] / bare_send:.1f} x a bare sendto()")
            self.row(f"CPU per advert received, {label}", received["ours"], received["peer"], "us",
                     0.5, f"{received['ours'] / bare_receive:.1f} x a bare recvmmsg()")
            if advert_int == "0.01":
                self.plain(f"adverts sent of those due, {label}", share * 100, "%", ">= 99.5",
                           share >= 0.995)

    def adverts(self, lab):
        total = 0
        for i in range(lab.n_links):
            total += int(run("ip", "netns", "exec", lab.ns("a"), "cat",
                             f"/sys/class/net/e{i}/statistics/tx_packets").stdout)
        return total

    def bare(self):
        with Lab(1) as lab:
            receiver = subprocess.Popen(["ip", "netns", "exec", lab.ns("b"), str(self.tool),
                                         "bare-receive", "e0", "3"], stdout=subprocess.PIPE,
                                        text=True)
            time.sleep(0.3)
            send = run("ip", "netns", "exec", lab.ns("a"), str(self.tool), "bare-send", "e0",
                       "200000").stdout
            return float(send) / 1000, float(receiver.communicate()[0].split()[0]) / 1000

    def lateness(self):
        for who in ("ours", "peer"):
            with Lab(1) as lab:
                master = Daemon(lab, "a", self.binaries[who], config(100, 200, "0.01"))
                master.wait_vips(100)
                time.sleep(7)
                records = Capture(lab, self.tool, "b", "e0", 5).records()
            late = []
            for vrid in range(1, 101):
                times = [r[0] for r in records if r[1] == 1 and r[2] == vrid]
                late += [(b - a) / 1e6 - 10 for a, b in zip(times, times[1:])]
            p99 = percentile(late, 99)
            if who == "ours":
                ours = p99
            else:
                self.plain("advert late at 10 ms, 100 instances, p99", ours, "ms", "<= 1", ours <= 1,
                           p99)

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
                time.sleep(0.01)
            capture = Capture(lab, self.tool, "a", "e0", 2)
            time.sleep(0.5)
            mac = int(run("ip", "netns", "exec", lab.ns("a"), "cat",
                          "/sys/class/net/e0/address").stdout.strip()[-2:], 16)
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

    def memory(self):
        for n in (1, 4000):
            pss = {}
            for who, binary in self.binaries.items():
                with Lab((n + 249) // 250) as lab:
                    daemon = Daemon(lab, "a", binary, config(n, 200))
                    daemon.wait_vips(n, 120)
                    time.sleep(12)   # gratuitous ARP bursts are over
                    pss[who] = daemon.pss_kb()
            self.row(f"memory (PSS of all processes), {n} instances", pss["ours"], pss["peer"], "kB",
                     0.7)

    def takeover(self):
        cpu, jitter, total = {}, {}, {}
        for who, binary in self.binaries.items():
            with Lab(1) as lab:
                backup = Daemon(lab, "b", binary, config(1, 100, "0.1", more_vips=1000))
                master = Daemon(lab, "a", binary, config(1, 200, "0.1", more_vips=1000))
                master.wait_vips(1001)
                time.sleep(8)
                begin = backup.cpu_ns()
                capture = Capture(lab, self.tool, "a", "e0", 12)
                mac = int(run("ip", "netns", "exec", lab.ns("a"), "cat",
                              "/sys/class/net/e0/address").stdout.strip()[-2:], 16)
                master.kill()
                backup.wait_vips(1001)
                records = capture.records()
                cpu[who] = (backup.cpu_ns() - begin) / 1e6
                adverts = [r[0] for r in records if r[1] == 1 and r[4] != mac]
                gaps = [(b - a) / 1e6 for a, b in zip(adverts, adverts[1:])]
                jitter[who] = percentile([abs(g - 100) for g in gaps], 99)
                first = {}
                for r in records:
                    if r[1] == 2 and r[4] != mac:
                        first.setdefault(r[5], r[0])
                total[who] = (max(first.values()) - adverts[0]) / 1e6
        self.row("takeover of 1000 addresses, CPU", cpu["ours"], cpu["peer"], "ms", 0.5)
        self.row("takeover of 1000 addresses, first advert to last address announced",
                 total["ours"], total["peer"], "ms", 0.5)
        self.plain("advert jitter during it, p99", jitter["ours"], "ms", "< 10 (10 % of 100 ms)",
                   jitter["ours"] < 10, jitter["peer"])

    def reload(self):
        result = {}
        for who, binary in self.binaries.items():
            with Lab(4) as lab:
                master = Daemon(lab, "a", binary, config(1000, 200, "0.1"))
                master.wait_vips(1000)
                time.sleep(7)
                monitor = subprocess.Popen(["ip", "-n", lab.ns("a"), "monitor", "address"],
                                           stdout=subprocess.PIPE, text=True)
                capture = Capture(lab, self.tool, "b", "e3", 5)
                time.sleep(1)
                text = master.config.read_text()
                master.config.write_text(text.replace("priority 200", "priority 201", 1))
                os.kill(master.process.pid, signal.SIGHUP)
                records = capture.records()
                monitor.terminate()
                moved = [l for l in monitor.communicate()[0].splitlines() if " 10.200." in l]
                gaps = []
                for vrid in range(1, 251):
                    times = [r[0] for r in records if r[1] == 1 and r[2] == vrid]
                    gaps += [(b - a) / 1e6 - 100 for a, b in zip(times, times[1:])]
                result[who] = max(gaps), len(moved)
        late, moved = result["ours"]
        self.plain("reload of 1000 instances with one change: latest advert", late, "ms late",
                   "< 10", late < 10, result["peer"][0])
        self.plain("reload of 1000 instances with one change: address notifications", moved, "",
                   "0", moved == 0, result["peer"][1])


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keepalived", required=True)
    options.add_argument("--peer", default="/usr/sbin/keepalived")
    options.add_argument("only", nargs="*", help="config_test language cpu_per_advert lateness "
                         "failover memory takeover reload")
    args = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory() as scratch:
        tool = pathlib.Path(scratch) / "wiretool"
        run("cc", "-O2", "-D_GNU_SOURCE", "-o", str(tool), str(HERE / "wiretool.c"))
        bench = Bench(args.keepalived, args.peer, tool)
        for name in args.only or ("config_test", "language", "failover", "lateness",
                                  "cpu_per_advert", "memory", "takeover", "reload"):
            getattr(bench, name)()
        bench.table()
    return 0 if all(row[6] != "NO" for row in bench.rows) else 1


if __name__ == "__main__":
    sys.exit(main())
