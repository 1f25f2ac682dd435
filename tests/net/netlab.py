# SPDX-License-Identifier: GPL-2.0-or-later
"""Small networks of namespaces for tests, and the programs that run in them.

A Lab owns everything it makes: namespaces, links, processes, files; close() takes all of it away
again, whatever happened. Names carry the process number, so labs run side by side. Waiting is
always for an event (a line of a log, a netlink message, a packet) with a deadline.

    lab = Lab(tmp_path)
    lan = lab.switch("lan")
    a = lab.host("a", lan, "192.0.2.1/24", "2001:db8::1/64")
    k = a.keepalived(CONFIG)
    k.wait_log(r"\\(VI_1\\) Entering MASTER STATE")
    a.wait_addr("192.0.2.100")
"""
import atexit
import ctypes
import itertools
import json
import os
import pathlib
import re
import selectors
import signal
import socket
import struct
import subprocess
import threading
import time

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
NETNS_DIR = "/run/netns"
DEADLINE = float(os.environ.get("NETLAB_DEADLINE", "20"))
DEBIAN = "/usr/sbin/keepalived"
OURS = os.environ.get("KEEPALIVED", DEBIAN)
_numbers = itertools.count(1)


class Timeout(AssertionError):
    """What a test waited for did not happen in time."""


def run(*argv, check=True, stdin=None):
    """Run a program to its end; its output as text."""
    done = subprocess.run([str(a) for a in argv], input=stdin, text=True, timeout=60,
                          stdin=None if stdin is not None else subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(map(str, argv))}: status {done.returncode}\n{done.stdout}")
    return done.stdout


def deadline_in(timeout):
    return time.monotonic() + (DEADLINE if timeout is None else timeout)


class in_netns:
    """Run the body of a with statement in another network namespace (this thread only)."""

    def __init__(self, name):
        self.path = f"{NETNS_DIR}/{name}"

    def _enter(self, path):
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            if LIBC.setns(fd, CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), f"setns {path}")
        finally:
            os.close(fd)

    def __enter__(self):
        self.own = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        self._enter(self.path)

    def __exit__(self, *unused):
        failed = LIBC.setns(self.own, CLONE_NEWNET)
        os.close(self.own)
        if failed:
            raise OSError(ctypes.get_errno(), "setns back")


class Lab:
    """One network. Usable as a context manager; close() may be called twice."""

    def __init__(self, scratch):
        atexit.register(self.close)     # whatever becomes of who made it
        self.scratch = pathlib.Path(scratch)
        self.tag = f"kn{os.getpid()}x{next(_numbers)}"
        self.spaces, self.programs, self.captures = [], [], []
        self.switches, self.hosts = {}, {}

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def namespace(self, name):
        full = f"{self.tag}-{name}"
        run("ip", "netns", "add", full)
        self.spaces.append(full)
        run("ip", "-n", full, "link", "set", "lo", "up")
        return full

    def switch(self, name):
        self.switches[name] = Switch(self, name)
        return self.switches[name]

    def host(self, name, *ports, **options):
        """A namespace connected to switches: host("a", lan, "192.0.2.1/24", wan, ...). Its
        interfaces are eth0, eth1... in that order."""
        self.hosts[name] = Host(self, name, ports, **options)
        return self.hosts[name]

    def pair(self, *addresses_of_hosts):
        """Hosts a, b, c... on one switch, each with its list of addresses."""
        lan = self.switch("lan")
        return [self.host(chr(ord("a") + i), lan, *addresses)
                for i, addresses in enumerate(addresses_of_hosts)]

    def logs(self):
        """All program output, for the report of a failed test."""
        return "\n".join(f"--- {p.title} (pid {p.pid}, status {p.poll()})\n{p.text()[-6000:]}"
                         for p in self.programs)

    def close(self):
        atexit.unregister(self.close)
        for capture in self.captures:
            capture.close()
        for program in reversed(self.programs):
            program.ask_to_end()
        for program in reversed(self.programs):
            program.end()
        for space in self.spaces:
            for pid in run("ip", "netns", "pids", space, check=False).split():
                try:
                    os.kill(int(pid), signal.SIGKILL)
                except (ProcessLookupError, ValueError):
                    pass
            run("ip", "netns", "del", space, check=False)
        self.spaces, self.programs, self.captures = [], [], []


class Switch:
    """A bridge in a namespace of its own, one port for each host."""

    def __init__(self, lab, name):
        self.lab, self.name, self.space = lab, name, lab.namespace(name)
        self.ports = {}
        batch = "link add br0 type bridge forward_delay 0 mcast_snooping 0\nlink set br0 up\n"
        run("ip", "-n", self.space, "-batch", "-", stdin=batch)

    def connect(self, host, ifname):
        """Plug the host's (new) interface in; again after it was deleted."""
        port = f"p-{host.name}-{ifname}"[:15]
        run("ip", "-n", host.space, "link", "add", ifname, "type", "veth",
            "peer", "name", port, "netns", self.space)
        run("ip", "-n", self.space, "link", "set", port, "master", "br0", "up")
        self.ports[host.name, ifname] = port

    def port(self, host, ifname="eth0"):
        return self.ports[host.name, ifname]

    def set(self, port, *words):
        run("ip", "-n", self.space, "link", "set", port, *words)

    def unplug(self, host, ifname="eth0"):
        run("ip", "-n", self.space, "link", "set", self.port(host, ifname), "nomaster")

    def plug(self, host, ifname="eth0"):
        run("ip", "-n", self.space, "link", "set", self.port(host, ifname), "master", "br0")

    def capture(self):
        """Everything that hosts send into the switch, from now on."""
        capture = Capture(self.space)
        self.lab.captures.append(capture)
        return capture


class Host:
    """A namespace with interfaces and programs."""

    def __init__(self, lab, name, ports, forward=False):
        self.lab, self.name, self.space = lab, name, lab.namespace(name)
        self.scratch = lab.scratch / name
        self.scratch.mkdir(parents=True, exist_ok=True)
        self.links = {}
        for value in ports:
            if isinstance(value, Switch):
                ifname = f"eth{len(self.links)}"
                self.links[ifname] = (value, [])
            else:
                self.links[f"eth{len(self.links) - 1}"][1].append(value)
        for key in ("all", "default"):
            self.sysctl(f"net.ipv6.conf.{key}.accept_dad", 0)
        if forward:
            self.sysctl("net.ipv4.ip_forward", 1)
        for ifname in self.links:
            self.add_link(ifname)

    def ip(self, *words, check=True):
        words = words[0].split() if len(words) == 1 else words
        return run("ip", "-n", self.space, *words, check=check)

    def sysctl(self, name, value):
        with in_netns(self.space):
            pathlib.Path("/proc/sys/" + name.replace(".", "/")).write_text(f"{value}\n")

    def add_link(self, ifname="eth0"):
        """Make the interface with its addresses, at first or after del_link()."""
        switch, addresses = self.links[ifname]
        switch.connect(self, ifname)
        batch = "".join(f"address add {a} dev {ifname}{' nodad' if ':' in a else ''}\n"
                        for a in addresses)
        self.ip_batch(f"link set {ifname} up\n" + batch)

    def del_link(self, ifname="eth0"):
        self.ip("link", "del", ifname)

    def ip_batch(self, text):
        run("ip", "-n", self.space, "-batch", "-", stdin=text)

    def addresses(self, ifname=None):
        """The set of addresses, without prefix length."""
        words = ["-j", "address", "show"] + (["dev", ifname] if ifname else [])
        text = run("ip", "-n", self.space, *words, check=False)
        try:
            links = json.loads(text or "[]")
        except json.JSONDecodeError:
            return set()
        return {a["local"] for link in links for a in link.get("addr_info", []) if "local" in a}

    def wait_addr(self, address, present=True, timeout=None):
        """Wait until the address is there (or gone)."""
        with Netlink(self.space, Netlink.ADDRESSES) as events:
            events.wait(lambda: (address in self.addresses()) == present, timeout,
                        f"{self.name}: {address} {'added' if present else 'removed'}")

    def start(self, title, *argv, env=None, ready=None):
        """Start a program in the namespace; with @ready wait for that line of its output."""
        program = Program(self, title, [str(a) for a in argv], env)
        self.lab.programs.append(program)
        if ready:
            program.wait_log(ready)
        return program

    def keepalived(self, config, binary=None, name="keepalived", args=()):
        """Start a keepalived of its own: pid files, log and dumps in the host's folder."""
        return Keepalived(self, config, binary or OURS, name, args)


class Netlink:
    """Notifications of one namespace: a reason to look again."""

    LINKS, ADDRESSES, ROUTES = 1, 0x10 | 0x100, 0x40 | 0x400

    def __init__(self, space, groups):
        with in_netns(space):
            self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
            self.socket.bind((0, groups))

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.socket.close()

    def wait(self, condition, timeout, what):
        deadline = deadline_in(timeout)
        while not condition():
            left = deadline - time.monotonic()
            if left <= 0:
                raise Timeout(f"not in time: {what}")
            self.socket.settimeout(left)
            try:
                self.socket.recv(65536)
            except (socket.timeout, OSError):
                pass


class Program:
    """A running program whose output can be waited for."""

    def __init__(self, host, title, argv, env=None):
        self.host, self.title, self.lines = host, f"{host.name}/{title}", []
        self.more = threading.Condition()
        self.process = subprocess.Popen(["ip", "netns", "exec", host.space, *argv],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, start_new_session=True,
                                        env=dict(os.environ, **(env or {})))
        self.pid = self.process.pid
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for raw in self.process.stdout:
            line = raw.decode(errors="replace").rstrip("\n")
            with self.more:
                self.lines.append((time.monotonic(), line))
                self.more.notify_all()
        with self.more:
            self.lines.append((time.monotonic(), "[end of output]"))
            self.more.notify_all()

    def text(self):
        with self.more:
            return "\n".join(line for _, line in self.lines)

    def mark(self):
        """A place in the log to wait from."""
        with self.more:
            return len(self.lines)

    def wait_log(self, pattern, since=0, timeout=None, count=1):
        """Wait for the @count-th line that matches; gives the match. The time of the line is
        match.when."""
        deadline, seen, at = deadline_in(timeout), 0, since
        with self.more:
            while True:
                for when, line in self.lines[at:]:
                    at += 1
                    match = re.search(pattern, line)
                    if match:
                        seen += 1
                        if seen == count:
                            return LogLine(when, line, match)
                left = deadline - time.monotonic()
                if left <= 0:
                    raise Timeout(f"{self.title}: no line like {pattern!r}")
                self.more.wait(left)

    def has_log(self, pattern, since=0):
        with self.more:
            return any(re.search(pattern, line) for _, line in self.lines[since:])

    def poll(self):
        return self.process.poll()

    def signal(self, number):
        os.kill(self.pid, number)

    def wait_exit(self, timeout=None):
        try:
            return self.process.wait(DEADLINE if timeout is None else timeout)
        except subprocess.TimeoutExpired:
            raise Timeout(f"{self.title} does not end") from None

    def ask_to_end(self):
        if self.poll() is None:
            self.process.terminate()

    def end(self, timeout=5):
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reader.join(2)
        if not self.reader.is_alive():
            self.process.stdout.close()


class LogLine:
    def __init__(self, when, line, match):
        self.when, self.line, self.match = when, line, match

    def __getitem__(self, group):
        return self.match[group]


class Keepalived(Program):
    """A keepalived in the foreground that logs to us."""

    def __init__(self, host, config, binary, name, args):
        self.folder = host.scratch / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.config_file = self.folder / "keepalived.conf"
        self.binary = binary
        self.write(config)
        argv = [binary, "-n", "-l", "-D", "-f", self.config_file,
                "-p", self.pid_file(), "-r", self.pid_file("vrrp"),
                "-c", self.pid_file("checkers"), "-b", self.pid_file("bfd"), *args]
        super().__init__(host, f"{name} ({binary})", [str(a) for a in argv],
                         {"TMPDIR": str(self.folder)})
        host.lab.programs.append(self)

    def pid_file(self, part=""):
        return self.folder / f"{part or 'parent'}.pid"

    def write(self, config):
        text = config if "global_defs" in config else f"global_defs {{\n}}\n{config}"
        self.config_file.write_text(text)

    def reload(self, config=None):
        """New configuration; returns the place in the log before it."""
        if config is not None:
            self.write(config)
        since = self.mark()
        self.signal(signal.SIGHUP)
        return since

    def child(self, part="vrrp", other_than=None, timeout=None):
        """Process number of a child, once its pid file names one (other than @other_than)."""
        deadline = deadline_in(timeout)
        while True:
            try:
                pid = int(self.pid_file(part).read_text())
                os.kill(pid, 0)
                if pid != other_than:
                    return pid
            except (OSError, ValueError):
                pass
            if time.monotonic() > deadline:
                raise Timeout(f"{self.title}: no pid of {part}")
            watch_folder(self.folder, 0.2)

    def wait_state(self, state, instance="VI_1", since=0, timeout=None):
        return self.wait_log(rf"\({re.escape(instance)}\) Entering {state} STATE", since, timeout)

    def stop(self, timeout=None):
        self.signal(signal.SIGTERM)
        return self.wait_exit(timeout)

    def kill(self):
        """SIGKILL for the parent and all its children."""
        pids = [self.pid] + children_of(self.pid)
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.wait_exit()


def children_of(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(p) for p in text.split()]


def wait_gone(pid, timeout=None):
    """Wait until a process that need not be our child has ended."""
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(fd, selectors.EVENT_READ)
            if not selector.select(DEADLINE if timeout is None else timeout):
                raise Timeout(f"process {pid} does not end")
    finally:
        os.close(fd)


def watch_folder(folder, timeout):
    """Wait until something happens to the files of a folder, at most @timeout."""
    inotify = LIBC.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        LIBC.inotify_add_watch(inotify, str(folder).encode(), 0x2 | 0x8 | 0x80 | 0x100 | 0x200)
        with selectors.DefaultSelector() as selector:
            selector.register(inotify, selectors.EVENT_READ)
            selector.select(timeout)
    finally:
        os.close(inotify)


class Packet:
    """What a host sent: VRRP advertisement, ARP or neighbour advertisement. @when is our clock, to
    compare with logs; @sent that of the kernel, to compare packets."""

    def __init__(self, when, sent, port, frame):
        self.when, self.sent, self.port, self.frame = when, sent, port, frame
        self.kind, self.source, self.target = "other", None, None
        self.mac_to, self.mac_from = frame[0:6].hex(":"), frame[6:12].hex(":")
        (ethertype,) = struct.unpack("!H", frame[12:14])
        body = frame[14:]
        if ethertype == 0x0800 and len(body) >= 20:
            self._ipv4(body)
        elif ethertype == 0x86DD and len(body) >= 40:
            self._ipv6(body)
        elif ethertype == 0x0806 and len(body) >= 28:
            self._arp(body)

    def _ipv4(self, body):
        header = (body[0] & 15) * 4
        self.ttl, self.source = body[8], socket.inet_ntoa(body[12:16])
        self.target = socket.inet_ntoa(body[16:20])
        (length,) = struct.unpack("!H", body[2:4])
        protocol, data = body[9], body[header:length]
        self.authenticated = protocol == 51
        if protocol == 51:
            protocol, data = data[0], data[(data[1] + 2) * 4:]
        if protocol == 112:
            self._vrrp(data, 4)

    def _ipv6(self, body):
        self.ttl = body[7]
        self.source = socket.inet_ntop(socket.AF_INET6, body[8:24])
        self.target = socket.inet_ntop(socket.AF_INET6, body[24:40])
        self.authenticated = False
        (length,) = struct.unpack("!H", body[4:6])
        data = body[40:40 + length]
        if body[6] == 112:
            self._vrrp(data, 16)
        elif body[6] == 58 and data[0] == 136:
            self.kind = "na"
            self.address = socket.inet_ntop(socket.AF_INET6, data[8:24])

    def _arp(self, body):
        self.kind = "arp"
        (self.operation,) = struct.unpack("!H", body[6:8])
        self.address = socket.inet_ntoa(body[14:18])
        self.asked = socket.inet_ntoa(body[24:28])
        self.gratuitous = self.address == self.asked

    def _vrrp(self, data, size):
        if len(data) < 8:
            return
        self.kind = "vrrp"
        self.version, self.vrid, self.priority = data[0] >> 4, data[1], data[2]
        count = data[3]
        if self.version == 3:
            self.interval = struct.unpack("!H", data[4:6])[0] / 100
        else:
            self.auth, self.interval = data[4], float(data[5])
        family = socket.AF_INET if size == 4 else socket.AF_INET6
        self.addresses = [socket.inet_ntop(family, data[8 + i * size:8 + (i + 1) * size])
                          for i in range(count) if len(data) >= 8 + (i + 1) * size]

    def __repr__(self):
        if self.kind == "vrrp":
            return (f"<{self.when:.3f} v{self.version} vrid {self.vrid} prio {self.priority} "
                    f"{self.source} > {self.target} {self.addresses}>")
        return f"<{self.when:.3f} {self.kind} {self.source or self.mac_from}>"


class Capture:
    """Packets of a namespace as they come in, in a thread of its own."""

    OUTGOING, TIMESTAMPNS = 4, 35

    def __init__(self, space):
        with in_netns(space):
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.socket.settimeout(0.5)
        self.socket.setsockopt(socket.SOL_SOCKET, self.TIMESTAMPNS, 1)
        self.packets, self.more, self.closed = [], threading.Condition(), False
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        while not self.closed:
            try:
                frame, news, _flags, address = self.socket.recvmsg(4096, 64)
            except socket.timeout:
                continue
            except OSError:
                return
            if address[2] == self.OUTGOING or not address[0].startswith("p-"):
                continue
            seconds, nanoseconds = struct.unpack("@ll", news[0][2])
            packet = Packet(time.monotonic(), seconds + nanoseconds / 1e9, address[0], frame)
            with self.more:
                self.packets.append(packet)
                self.more.notify_all()

    def mark(self):
        with self.more:
            return len(self.packets)

    def of(self, kind, since=0, **fields):
        with self.more:
            return [p for p in self.packets[since:] if self._fits(p, kind, fields)]

    @staticmethod
    def _fits(packet, kind, fields):
        return packet.kind == kind and all(getattr(packet, k, None) == v
                                           for k, v in fields.items())

    def wait(self, kind, since=0, timeout=None, count=1, where=None, **fields):
        """The @count-th packet of that kind with these fields (and where(packet))."""
        deadline, at, seen = deadline_in(timeout), since, 0
        with self.more:
            while True:
                for packet in self.packets[at:]:
                    at += 1
                    if self._fits(packet, kind, fields) and (not where or where(packet)):
                        seen += 1
                        if seen == count:
                            return packet
                left = deadline - time.monotonic()
                if left <= 0:
                    raise Timeout(f"no {kind} packet with {fields}")
                self.more.wait(left)

    def close(self):
        self.closed = True
        self.thread.join(2)
        self.socket.close()
