#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Two routers, a switch and a client in network namespaces: who is MASTER, and how long does the
client miss the virtual address when the master stops, is killed, or loses its link?

Everything lives in namespaces with names of this process; all of it is removed at the end, also
after an interruption.
"""
import argparse
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

VIP = "192.0.2.100"
PING_EVERY = 0.005

CONFIG = """\
global_defs {{
    router_id {name}
    vrrp_version 3
}}

vrrp_instance demo {{
    interface eth0
    virtual_router_id 51
    priority {priority}
    advert_int {advert_int}
    virtual_ipaddress {{
        {vip}/24
    }}
}}
"""


def run(*argv, check=True):
    result = subprocess.run(argv, capture_output=True, text=True)
    if check and result.returncode:
        sys.exit(f"demo: '{' '.join(argv)}' failed: {result.stderr.strip() or result.returncode}")
    return result


def say(text=""):
    print(text, flush=True)


class Lab:
    def __init__(self, keepalived, advert_int):
        self.keepalived = keepalived
        self.advert_int = advert_int
        self.tag = f"ka{os.getpid()}"
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="keepalived-demo-"))
        self.namespaces = []
        self.routers = {}

    def ns(self, name):
        return f"{self.tag}-{name}"

    def add_namespace(self, name):
        run("ip", "netns", "add", self.ns(name))
        self.namespaces.append(self.ns(name))
        run("ip", "-n", self.ns(name), "link", "set", "lo", "up")

    def build(self):
        self.add_namespace("switch")
        run("ip", "-n", self.ns("switch"), "link", "add", "br0", "type", "bridge")
        run("ip", "-n", self.ns("switch"), "link", "set", "br0", "up")
        for number, name in enumerate(("r1", "r2", "client"), start=1):
            self.add_namespace(name)
            run("ip", "-n", self.ns(name), "link", "add", "eth0", "type", "veth",
                "peer", "name", name, "netns", self.ns("switch"))
            run("ip", "-n", self.ns("switch"), "link", "set", name, "master", "br0", "up")
            run("ip", "-n", self.ns(name), "addr", "add", f"192.0.2.{number}/24", "dev", "eth0")
            run("ip", "-n", self.ns(name), "link", "set", "eth0", "up")

    def start(self, name, priority):
        home = self.dir / name
        home.mkdir(exist_ok=True)
        config = home / "keepalived.conf"
        config.write_text(CONFIG.format(name=name, priority=priority, vip=VIP,
                                        advert_int=self.advert_int))
        argv = ["ip", "netns", "exec", self.ns(name), str(self.keepalived), "-n", "-D", "-G",
                "--log-file=" + str(home / "keepalived.log"), "--flush-log-file",
                "-f", str(config), "-p", str(home / "keepalived.pid"),
                "-r", str(home / "vrrp.pid"), "-c", str(home / "checkers.pid"),
                "-b", str(home / "bfd.pid")]
        self.routers[name] = subprocess.Popen(argv, stdin=subprocess.DEVNULL,
                                              stdout=subprocess.DEVNULL,
                                              stderr=subprocess.DEVNULL,
                                              env=dict(os.environ, TMPDIR=str(home)))

    def pids(self, name):
        """The processes of one router, the supervisor last so that nothing is respawned."""
        pids = []
        for file in ("vrrp.pid", "keepalived.pid"):
            try:
                pids.append(int((self.dir / name / file).read_text()))
            except (OSError, ValueError):
                pass
        return pids

    def stop(self, name, hard=False):
        process = self.routers.pop(name, None)
        if process is None:
            return
        if hard:
            # The supervisor first: it must not clean up or respawn.
            for pid in reversed(self.pids(name)):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        else:
            process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def has_vip(self, name):
        return f" {VIP}/" in run("ip", "-n", self.ns(name), "-4", "-o", "addr").stdout

    def wait_master(self, name, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.has_vip(name):
                return True
            time.sleep(0.01)
        return False

    def masters(self):
        return [name for name in ("r1", "r2") if name in self.routers and self.has_vip(name)]

    def log_tail(self, name, lines=15):
        text = []
        for file in sorted((self.dir / name).glob("*.log")):
            text += file.read_text(errors="replace").splitlines()[-lines:]
        return "\n".join("    " + line for line in text)

    def fini(self):
        for name in list(self.routers):
            self.stop(name, hard=True)
        for namespace in self.namespaces:
            for pid in run("ip", "netns", "pids", namespace, check=False).stdout.split():
                try:
                    os.kill(int(pid), signal.SIGKILL)
                except (ProcessLookupError, ValueError):
                    pass
            run("ip", "netns", "del", namespace, check=False)
        shutil.rmtree(self.dir, ignore_errors=True)


class Pings:
    """Pings to the virtual address from the client; tells the longest gap between answers."""

    def __init__(self, lab):
        self.file = open(lab.dir / "pings", "w+")
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", lab.ns("client"), "ping", "-n", "-D", "-W", "1",
             "-i", str(PING_EVERY), VIP],
            stdout=self.file, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)

    def answers(self):
        self.file.flush()
        text = pathlib.Path(self.file.name).read_text()
        return [float(t) for t in re.findall(r"^\[([\d.]+)\] \d+ bytes from", text, re.M)]

    def wait_answer(self, after, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            answers = self.answers()
            if answers and answers[-1] > after:
                return True
            time.sleep(0.02)
        return False

    def finish(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait()
        answers = self.answers()
        self.file.close()
        return answers


def longest_gap_ms(answers, since):
    gaps = [b - a for a, b in zip(answers, answers[1:]) if b > since]
    return max(0.0, max(gaps, default=0.0) - PING_EVERY) * 1000


def scenario(lab, title, act, undo, expected):
    pings = Pings(lab)
    try:
        if not pings.wait_answer(0, 10):
            raise RuntimeError("the client gets no answer from the virtual address")
        began = time.time()
        act()
        if not lab.wait_master("r2", 15):
            raise RuntimeError("r2 did not take over\n" + lab.log_tail("r2"))
        if not pings.wait_answer(time.time(), 10):
            raise RuntimeError("no answer after the take-over\n" + lab.log_tail("r2"))
    finally:
        answers = pings.finish()
    gap = longest_gap_ms(answers, began)
    say(f"  {title:<28} client cut off for {gap:8.1f} ms   (protocol: {expected})")
    undo()
    deadline = time.monotonic() + 20
    while lab.masters() != ["r1"]:
        if time.monotonic() > deadline:
            raise RuntimeError("r1 did not come back\n" + lab.log_tail("r1") + lab.log_tail("r2"))
        time.sleep(0.01)
    return gap


def demo(lab):
    say("-- network: r1 and r2 (routers), client, all on one switch, in namespaces "
        f"{lab.tag}-*")
    lab.build()
    say("-- configuration of r1 (r2 has priority 100):\n")
    say("\n".join("    " + line for line in CONFIG.format(
        name="r1", priority=150, vip=VIP, advert_int=lab.advert_int).splitlines()) + "\n")
    lab.start("r1", 150)
    lab.start("r2", 100)
    if not lab.wait_master("r1", 20):
        raise RuntimeError("r1 did not become MASTER\n" + lab.log_tail("r1"))
    say(f"-- MASTER is {', '.join(lab.masters())}; {VIP} answers on it")
    say("-- taking the master away, and how long the client missed it:\n")
    skew = (256 - 100) / 256 * lab.advert_int * 1000
    down = 3 * lab.advert_int * 1000 + skew
    link = lambda state: run("ip", "-n", lab.ns("r1"), "link", "set", "eth0", state)
    scenario(lab, "clean stop (SIGTERM)", lambda: lab.stop("r1"),
             lambda: lab.start("r1", 150), f"skew time, {skew:.0f} ms")
    late = f"up to the master-down time, {down:.0f} ms"
    scenario(lab, "kill -9 of all its processes", lambda: lab.stop("r1", hard=True),
             lambda: lab.start("r1", 150), late)
    scenario(lab, "link down", lambda: link("down"), lambda: link("up"), late)
    say(f"\n-- r1 is back and MASTER: {', '.join(lab.masters())}")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keepalived", required=True, type=pathlib.Path)
    options.add_argument("--advert-int", type=float, default=0.2)
    args = options.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    lab = Lab(args.keepalived.resolve(), args.advert_int)
    try:
        demo(lab)
    except RuntimeError as error:
        say(f"demo failed: {error}")
        return 1
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        lab.fini()
    say("-- nothing is left behind")
    return 0


if __name__ == "__main__":
    sys.exit(main())
