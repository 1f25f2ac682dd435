#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Two routers under random faults.

Rounds of random operations (kill, stop, unplug, delete, flush, flood, reload) are followed by a
rest in which everything is healed. Then every instance must have exactly one MASTER and the kernel
must hold what the configuration says; at the end, after a stop, what it held before the start.

    sudo tests/chaos/chaos.py --seconds 600 [--seed N] [--verbose]

The seed is printed; the same seed makes the same operations (their timing depends on the machine).
The wall clock belongs to the whole system, so it is stepped for each router alone, by a library
that is loaded before its own (world.CLOCK). Nothing may come of that: only the time stamps of
auth_hmac depend on it, and those are stepped in tests/sim.
"""
import argparse
import os
import pathlib
import random
import re
import signal
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "net"))

import netlab  # noqa: E402
import world  # noqa: E402

OPS_PER_ROUND = (4, 14)
PAUSE = (0.02, 0.7)		# between operations, seconds
CALM = 90			# to settle, on a machine that has other things to do
LOG_SHOWN = 20000	# of each program, when something went wrong
BAD = re.compile(r"AddressSanitizer|runtime error:|LeakSanitizer|Assertion|assert_|stack smashing")


class Failure(Exception):
    pass


class Router:
    def __init__(self, host):
        self.host, self.name = host, host.name
        self.clock = world.Clock(host.scratch)
        self.options = world.Options.first()
        self.daemon = self.child = None
        self.stopped = set()
        self.pulled = self.busy = self.forgotten = False
        self.base = world.snapshot(host)

    def running(self):
        return self.daemon is not None and self.daemon.poll() is None

    def start(self):
        self.stopped.clear()
        self.busy = False
        if self.forgotten:
            world.put_back(self.host, self.base)
        self.forgotten = False
        self.daemon = self.host.keepalived(self.options.text(self.name), self.clock.wrapper)

    def children(self):
        return netlab.children_of(self.daemon.pid) if self.running() else []

    def send(self, pid, number):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        if number == signal.SIGSTOP:
            self.stopped.add(pid)
        elif number in (signal.SIGCONT, signal.SIGKILL):
            self.stopped.discard(pid)


class Chaos:
    def __init__(self, lab, seed, verbose=False):
        self.rng, self.lab, self.verbose = random.Random(seed), lab, verbose
        # Pauses are part of the random schedule, or lie between two looks; nothing is taken for
        # granted after one.
        self.pauses = threading.Event()
        self.began, self.done, self.counts = time.monotonic(), [], {}
        lan = lab.switch("lan")
        self.lan = lan
        self.routers = [Router(lab.host(name, lan, *addresses))
                        for name, addresses in world.ADDRESSES.items()]
        self.ops = {name[3:]: getattr(self, name) for name in sorted(dir(self))
                    if name.startswith("op_")}

    def note(self, text):
        self.done.append(f"{time.monotonic() - self.began:8.2f} {text}")
        if self.verbose:
            print(self.done[-1], flush=True)

    # -- operations: each takes a router -----------------------------------------------------

    def op_kill_child(self, r):
        for pid in r.children()[:1]:
            r.send(pid, self.rng.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM,
                                         signal.SIGABRT]))

    # Nobody can know what to take back when all processes die in the middle of a reload: what
    # the kernel holds is then in no file. So the last one is killed at other times only.
    def op_kill_parent(self, r):
        if r.running() and not r.busy:
            r.forgotten = bool(r.stopped)
            r.send(r.daemon.pid, signal.SIGKILL)

    def op_stop_parent(self, r):
        if r.running():
            r.send(r.daemon.pid, signal.SIGTERM)

    def op_kill_all(self, r):
        for pid in [r.daemon.pid, *r.children()] if r.running() and not r.busy else []:
            r.forgotten = True
            r.send(pid, signal.SIGKILL)

    def op_restart(self, r):
        if not r.running():
            r.start()

    def op_freeze(self, r):
        for pid in r.children()[:1]:
            r.send(pid, signal.SIGSTOP)

    def op_freeze_parent(self, r):
        if r.running():
            r.send(r.daemon.pid, signal.SIGSTOP)

    def op_thaw(self, r):
        for pid in list(r.stopped):
            r.send(pid, signal.SIGCONT)

    def op_carrier(self, r):
        if "eth0" in world.links(r.host):
            self.lan.set(self.lan.port(r.host), self.rng.choice(["down", "up"]))

    def op_admin(self, r):
        r.host.ip("link", "set", "eth0", self.rng.choice(["down", "up"]), check=False)

    def op_unplug(self, r):
        if "eth0" in world.links(r.host):
            (self.lan.plug if r.pulled else self.lan.unplug)(r.host)
            r.pulled = not r.pulled

    def op_delete_link(self, r):
        if "eth0" in world.links(r.host):
            r.host.del_link()

    def op_make_link(self, r):
        if "eth0" not in world.links(r.host):
            r.host.add_link()
            r.pulled = False

    def op_delete_vmac(self, r):
        r.host.ip("link", "del", f"vm{r.name}.53", check=False)

    def op_remove_address(self, r):
        held = sorted(world.addresses(r.host) - r.base["addresses"])
        for ifname, address in self.rng.sample(held, min(len(held), self.rng.randint(1, 3))):
            r.host.ip("address", "del", address + ("/128" if ":" in address else "/32"), "dev",
                      ifname, check=False)

    def op_remove_route(self, r):
        r.host.ip("route", "del", world.ROUTE_NET, check=False)

    def op_remove_rule(self, r):
        r.host.ip("rule", "del", "from", "192.0.2.100", "table", "100", check=False)

    def op_flush_firewall(self, r):
        for family, table in sorted(world.tables(r.host)):
            netlab.run("ip", "netns", "exec", r.host.space, "nft", "delete", "table", family,
                       table, check=False)

    def op_netlink_flood(self, r):
        made = [f"10.{self.rng.randint(1, 250)}.{i // 250}.{i % 250 + 1}/32" for i in range(400)]
        for verb in ("add", "del"):
            netlab.run("ip", "-n", r.host.space, "-force", "-batch", "-", check=False,
                       stdin="".join(f"address {verb} {a} dev lo\n" for a in made))

    def reload(self, r, text):
        since = r.daemon.reload(text)
        r.busy = True
        return since

    @staticmethod
    def reload_is_over(r, since):
        lines = [line for _when, line in r.daemon.lines[since:]
                 if re.search(r"Reload complete|New config failed|validate conf", line)]
        return lines and "validate conf" not in lines[-1]

    def await_reload(self, r, since):
        """Until the last reload that was asked for is over; it may take part of the fun away, so
        not for long."""
        deadline = time.monotonic() + 5
        with r.daemon.more:
            while not self.reload_is_over(r, since):
                left = deadline - time.monotonic()
                if left <= 0 or not r.running():
                    self.note("  (no end of the reload was seen)")
                    return
                r.daemon.more.wait(left)
        r.busy = False

    def may_reload(self, r):
        return r.running() and not r.stopped and bool(r.daemon.has_log("Startup complete"))

    def op_reload(self, r):
        if self.may_reload(r):
            r.options = r.options.changed(self.rng)
            self.await_reload(r, self.reload(r, r.options.text(r.name)))

    def op_reload_refused(self, r):
        if self.may_reload(r):
            since = self.reload(r, "vrrp_instance V4 {\nno_such_keyword\n")
            self.await_reload(r, since)
            r.daemon.write(r.options.text(r.name))

    def op_reload_burst(self, r):
        count, since = self.rng.randint(2, 6), r.daemon.mark()
        changes = [r.options]
        for _ in range(count):
            changes.append(changes[-1].changed(self.rng))
        for options in changes[1:] if self.may_reload(r) else []:
            r.options = options
            self.reload(r, options.text(r.name))
            self.pauses.wait(0.02)
        if r.busy:
            self.await_reload(r, since)

    def op_step_clock(self, r):
        r.clock.step(self.rng.choice([-1, 1]) * self.rng.choice([1, 60, 3600, 86400, 30000000]))

    # -- rest --------------------------------------------------------------------------------

    def heal(self):
        for r in self.routers:
            self.op_thaw(r)
            self.op_make_link(r)
            if r.pulled:
                self.op_unplug(r)
            self.lan.set(self.lan.port(r.host), "up")
            r.host.ip("link", "set", "eth0", "up")
            for _switch, addresses in r.host.links.values():
                for address in addresses:
                    r.host.ip("address", "add", address, "dev", "eth0",
                              *(["nodad"] if ":" in address else []), check=False)
            if r.running():
                self.await_reload(r, self.reload(r, r.options.text(r.name)))
            else:
                if r.daemon is not None and r.daemon.poll() is None:
                    r.daemon.wait_exit()
                r.start()

    def problems(self):
        found, leads = [], {}
        for r in self.routers:
            have = {address for _ifname, address in world.addresses(r.host)}
            leads[r.name] = [n for n, vips in r.options.vips().items() if vips[0] in have]
            found += world.wrong(r.host, r.base, r.options, leads[r.name])
            if not r.running():
                found.append(f"{r.name}: has ended with {r.daemon.poll()}")
        for name in world.VRIDS:
            wants = [r.name for r in self.routers if name in r.options.vips()]
            has = [r.name for r in self.routers if name in leads[r.name]]
            if wants and len(has) != 1:
                found.append(f"{name} has masters {has}, of {wants}")
        for r in self.routers:
            if r.options["grouped"] and len({"V4", "V6"} & set(leads[r.name])) == 1:
                found.append(f"{r.name}: the group is split: {leads[r.name]}")
        return found

    def settle(self):
        """Until nothing is wrong, and still is not an interval later."""
        deadline, calm = time.monotonic() + CALM, 0
        while True:
            found = self.problems()
            calm = calm + 1 if not found else 0
            if calm == 3:
                return
            for r in self.routers:
                if not r.running():
                    r.start()
            if time.monotonic() > deadline:
                raise Failure("does not settle:\n" + "\n".join(found))
            self.pauses.wait(0.7 if not found else 0.2)

    def check_logs(self):
        for program in self.lab.programs:
            if BAD.search(program.text()):
                raise Failure(f"{program.title}: {BAD.search(program.text())[0]}")

    # -- all of it ---------------------------------------------------------------------------

    def round(self):
        for _ in range(self.rng.randint(*OPS_PER_ROUND)):
            r, name = self.rng.choice(self.routers), self.rng.choice(sorted(self.ops))
            pause = self.rng.uniform(*PAUSE)
            self.note(f"{name} {r.name}")
            self.counts[name] = self.counts.get(name, 0) + 1
            self.ops[name](r)
            self.pauses.wait(pause)
        self.note("rest")
        self.heal()
        self.settle()
        self.check_logs()
        # Old programs have said what they had to say.
        for program in [p for p in self.lab.programs if p.poll() is not None]:
            if program not in [r.daemon for r in self.routers]:
                program.end()
                self.lab.programs.remove(program)

    def finish(self):
        self.note("stop")
        for r in self.routers:
            if r.daemon.stop(timeout=CALM) != 0:
                raise Failure(f"{r.name}: ended with {r.daemon.poll()}")
        for r in self.routers:
            left = world.difference(r.base, world.snapshot(r.host))
            if left:
                raise Failure(f"{r.name} after the stop:\n{left}")
            if world.processes(r.host):
                raise Failure(f"{r.name}: processes {world.processes(r.host)} are left")
            pids = list(r.daemon.folder.glob("*.pid"))
            if pids:
                raise Failure(f"{r.name}: {pids} are left")
        self.check_logs()

    def run(self, seconds):
        deadline, rounds = time.monotonic() + seconds, 0
        for r in self.routers:
            r.start()
        self.settle()
        while time.monotonic() < deadline:
            self.round()
            rounds += 1
        self.finish()
        return rounds

    def story(self):
        quiet = re.compile(r"Sending (gratuitous|unsolicited)")
        logs = "\n".join(f"--- {p.title} (pid {p.pid}, status {p.poll()})\n" + "\n".join(
            line for line in p.text().split("\n") if not quiet.search(line))[-LOG_SHOWN:]
            for p in self.lab.programs)
        return "\n".join(self.done[-60:]) + "\n" + logs


def chaos(seed, seconds, scratch, verbose=False):
    """(rounds, operations by name); raises Failure with the whole story."""
    with netlab.Lab(scratch) as lab:
        world_of_pain = Chaos(lab, seed, verbose)
        try:
            rounds = world_of_pain.run(seconds)
        except Exception as problem:
            raise Failure(f"seed {seed}: {problem!r}\n{problem}\n{world_of_pain.story()}") \
                from problem
        return rounds, world_of_pain.counts


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("--seconds", type=float, default=600)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options.add_argument("--verbose", action="store_true")
    args = options.parse_args()
    print(f"seed {args.seed}", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        rounds, counts = chaos(args.seed, args.seconds, scratch, args.verbose)
    print(f"{rounds} rounds, " + ", ".join(f"{n} {counts[n]}" for n in sorted(counts)))


if __name__ == "__main__":
    main()
