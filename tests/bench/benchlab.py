# SPDX-License-Identifier: GPL-2.0-or-later
"""Namespaces, daemons, captures and configurations of the benchmarks."""
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import tempfile
import time

RECORD = struct.Struct("<QBBBBI")


def run(*argv, check=True, **more):
    return subprocess.run(argv, check=check, capture_output=True, text=True, **more)


def percentile(values, p):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * p / 100))] if values else float("nan")


# Looking more often would take CPU from what is measured.
LOOK_EVERY = 0.05


# For global_defs, where the time of the second burst is not what is measured.
SECOND_BURST_SOON = "    vrrp_garp_master_delay 1"


def bursts_over(seconds=8):
    """Until the gratuitous ARPs of a start have been sent (the second burst comes after 5 s, or 1 s
    with SECOND_BURST_SOON) and the daemon does nothing but its steady work, which no event tells.
    """
    time.sleep(seconds)


def measured(seconds):
    """The window that is measured passes."""
    time.sleep(seconds)


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
            time.sleep(LOOK_EVERY)

    def links_up(self, side):
        return run("ip", "-n", self.ns(side), "-br", "link").stdout.count(" UP ")

    def __enter__(self):
        return self

    def ns(self, side):
        return f"{self.tag}-{side}"

    def inside(self, side):
        """What goes in front of a command to run it on that side."""
        return "ip", "netns", "exec", self.ns(side)

    def ip(self, side):
        return "ip", "-n", self.ns(side)

    def __exit__(self, *_):
        for daemon in list(self.daemons):
            daemon.kill()
        for side in "ab":
            run("ip", "netns", "del", self.ns(side), check=False)
        shutil.rmtree(self.dir, ignore_errors=True)


class HostLab(Lab):
    """A veth pair in the first network namespace, for what works only there. Its other end hears
    the adverts; the daemons are on side a."""

    def __init__(self):
        self.tag = f"kab{os.getpid()}"
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="keepalived-bench-"))
        self.daemons = []
        self.link = f"{self.tag}x"
        run("ip", "link", "add", self.link, "type", "veth", "peer", "name", f"{self.tag}y")
        run("ip", "addr", "add", "10.199.255.1/16", "dev", self.link)
        for name in (self.link, f"{self.tag}y"):
            run("ip", "link", "set", name, "up")

    def inside(self, side):
        return ()

    def ip(self, side):
        return ("ip",)

    def __exit__(self, *_):
        for daemon in list(self.daemons):
            daemon.kill()
        run("ip", "link", "del", self.link, check=False)
        shutil.rmtree(self.dir, ignore_errors=True)


class Daemon:
    def __init__(self, lab, side, binary, config):
        self.lab, self.side = lab, side
        home = lab.dir / f"{side}{len(list(lab.dir.iterdir()))}"
        home.mkdir()
        self.home, self.config = home, home / "keepalived.conf"
        self.config.write_text(config)
        self.process = subprocess.Popen(
            [*lab.inside(side), str(binary), "-n", "-G", "-P", "-f", str(self.config),
             "-p", str(home / "keepalived.pid"), "-r", str(home / "vrrp.pid"),
             "-c", str(home / "c.pid"), "-b", str(home / "b.pid")],
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
        return run(*self.lab.ip(self.side), "-4", "-o", "addr").stdout.count(" 10.200.")

    def route_count(self):
        return run(*self.lab.ip(self.side), "route").stdout.count("10.201.")

    def wait_vips(self, count, seconds=60):
        deadline = time.monotonic() + seconds
        while self.vip_count() < count:
            if time.monotonic() > deadline:
                raise RuntimeError(f"only {self.vip_count()} of {count} addresses after {seconds} s")
            time.sleep(LOOK_EVERY)

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
    """@link "any": all of them, told apart by the sender."""

    def __init__(self, lab, tool, side, link, seconds):
        self.file = lab.dir / f"capture{time.monotonic_ns()}"
        self.process = subprocess.Popen(
            [*lab.inside(side), str(tool), "capture", link, str(self.file),
             str(seconds)], stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def records(self):
        """(ns, kind, vrid, priority, last byte of the MAC, address)"""
        self.process.wait()
        return list(RECORD.iter_unpack(self.file.read_bytes()))

    def stop(self):
        self.process.terminate()
        self.process.wait()


def config(n, priority, advert_int="1", extra="", more_vips=0, version=3, inside="", routes=0):
    """@n instances, 250 on each interface; @extra goes into global_defs, @inside into each of them,
    @more_vips addresses and @routes routes into the first."""
    lines = ["global_defs {", "    router_id bench", f"    vrrp_version {version}", extra, "}"]
    for i in range(n):
        link, vrid = i // 250, i % 250 + 1
        lines += [f"vrrp_instance v{i} {{", f"    interface e{link}",
                  f"    virtual_router_id {vrid}", f"    priority {priority}",
                  f"    advert_int {advert_int}", inside, "    virtual_ipaddress {",
                  f"        10.200.{i // 250}.{i % 250 + 1}/32", "    }"]
        if more_vips and i == 0:
            lines += ["    virtual_ipaddress_excluded {"]
            lines += [f"        10.200.{100 + k // 250}.{k % 250 + 1}/32" for k in range(more_vips)]
            lines += ["    }"]
        if routes and i == 0:
            lines += ["    virtual_routes {"]
            lines += [f"        10.201.{k // 250}.{k % 250 + 1}/32 dev e0" for k in range(routes)]
            lines += ["    }"]
        lines += ["}"]
    return "\n".join(lines) + "\n"
