# SPDX-License-Identifier: GPL-2.0-or-later
"""The supervisor with a toy for an engine: start, stop, reload, respawn, scripts, FIFOs, dumps.

No network is needed; every daemon has its own directory for everything it writes.
"""
import ctypes
import fcntl
import json
import os
import pathlib
import re
import signal
import socket
import stat
import struct
import subprocess
import sys
import termios
import time

import pytest

OURS = pathlib.Path(os.environ.get("KEEPALIVED", "build/sanitized/keepalived/keepalived"))
TOY = pathlib.Path(os.environ.get("KEEPALIVED_TOY", OURS.parent.parent / "tests/tools/toy"))
DEADLINE = 15.0

pytestmark = [
    pytest.mark.skipif(not TOY.exists(), reason=f"{TOY} is not built"),
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root: capabilities, namespaces"),
]

GLOBALS = """
child_wait_time 2
global_defs {
    enable_script_security
    script_user root
    %s
}
"""


def wait_for(what, describe, limit=DEADLINE):
    """The first true value of what(); a failure after the limit."""
    end = time.monotonic() + limit
    while True:
        value = what()
        if value:
            return value
        if time.monotonic() > end:
            text = describe() if callable(describe) else describe
            raise AssertionError(f"not in {limit} s: {text}")
        time.sleep(0.005)


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as f:
            return f.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Daemon:
    """One toy daemon with its files."""

    def __init__(self, directory, config, *options, globals="", env=None, wait=True):
        self.dir = directory
        self.conf = directory / "k.conf"
        self.pid_file = directory / "parent.pid"
        self.engine_pid_file = directory / "engine.pid"
        self.script = directory / "note"
        self.notes = directory / "notes"
        self.script.write_text(f'#!/bin/sh\necho "$@" >>{self.notes}\n')
        self.script.chmod(0o755)
        self.configure(config, globals)
        self.log_path = directory / "log"
        self.argv = [str(TOY), "-n", "-l", "-D", "-G", "-f", str(self.conf),
                     "-p", str(self.pid_file), "-r", str(self.engine_pid_file), *options]
        self.env = {**os.environ, "TMPDIR": str(directory), **(env or {})}
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.argv, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, env=self.env)
        if wait:
            self.wait_log("Startup complete")

    def configure(self, config, globals=""):
        text = (GLOBALS % globals) + config
        self.conf.write_text(text.replace("NOTE", str(self.script)).replace("DIR", str(self.dir)))

    @property
    def log(self):
        return self.log_path.read_text(errors="replace")

    def wait_log(self, pattern, count=1, limit=DEADLINE):
        wait_for(lambda: len(re.findall(pattern, self.log)) >= count,
                 lambda: f"{count} times {pattern} in\n{self.log}", limit)

    def signal(self, signo):
        self.process.send_signal(signo)

    @property
    def engine(self):
        return int(wait_for(lambda: self.engine_pid_file.exists()
                            and self.engine_pid_file.read_text().strip(), "engine pid file"))

    def lines(self, n):
        """The first n notes, once they are there."""
        wait_for(lambda: self.notes.exists() and len(self.notes.read_text().splitlines()) >= n,
                 lambda: f"{n} notes; log:\n{self.log}")
        return self.notes.read_text().splitlines()

    def stop(self):
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        return self.process.wait(DEADLINE)

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@pytest.fixture
def daemon(tmp_path):
    made = []

    def make(config, *options, **more):
        d = Daemon(tmp_path, config, *options, **more)
        made.append(d)
        return d

    yield make
    for d in made:
        d.close()


ONE = 'toy A { notify "NOTE n" }\n'


def test_start_and_stop(daemon):
    d = daemon(ONE)
    assert d.pid_file.read_text() == f"{d.process.pid}\n"
    assert stat.S_IMODE(d.pid_file.stat().st_mode) == 0o644
    assert d.engine_pid_file.read_text() == f"{d.engine}\n"
    argv = pathlib.Path(f"/proc/{d.process.pid}/cmdline").read_bytes()
    assert pathlib.Path(f"/proc/{d.engine}/cmdline").read_bytes() == argv
    assert pathlib.Path(f"/proc/{d.engine}/comm").read_text() == "toy\n"
    engine = d.engine
    assert d.stop() == 0
    assert not is_alive(engine)
    assert not d.pid_file.exists() and not d.engine_pid_file.exists()
    assert d.lines(3) == ["n INSTANCE A BACKUP 100", "n INSTANCE A MASTER 100",
                          "n INSTANCE A STOP 100"]


def test_stop_is_not_delayed(daemon, tmp_path):
    """A stop with nothing to wait for ends at once: one of five is done within a second, however
    busy the machine is."""
    spans = []
    for _ in range(5):
        (tmp_path / "log").unlink(missing_ok=True)
        d = daemon("toy A { }\n")
        began = time.monotonic()
        assert d.stop() == 0
        spans.append(time.monotonic() - began)
    assert min(spans) < 1, spans


def test_engine_is_locked_in(daemon):
    d = daemon(ONE)
    status = pathlib.Path(f"/proc/{d.engine}/status").read_text()
    assert re.search(r"^CapEff:\s*0000000000001000$", status, re.M)
    assert re.search(r"^CapBnd:\s*0{16}$", status, re.M)
    assert re.search(r"^NoNewPrivs:\s*1$", status, re.M)
    assert re.search(r"^Seccomp:\s*2$", status, re.M)


def test_scripts_of_one_object_keep_their_order(daemon):
    """The first script is slow; the second waits for it."""
    slow = "slow"
    d = daemon('toy A { notify "DIR/slow" }\n', wait=False)
    path = d.dir / slow
    path.write_text(f"#!/bin/sh\n[ $3 = BACKUP ] && read x <{d.dir}/gate\necho $3 >>{d.notes}\n")
    path.chmod(0o755)
    os.mkfifo(d.dir / "gate")
    d.close()
    d = daemon('toy A { notify "DIR/slow" }\ntoy B { notify "NOTE b" }\n')
    # B does not wait for A.
    assert [line.split()[3] for line in d.lines(2)] == ["BACKUP", "MASTER"]
    with open(d.dir / "gate", "w", encoding="ascii") as gate:
        gate.write("go\n")
    assert d.lines(4)[2:] == ["BACKUP", "MASTER"]


def test_dumps(daemon):
    d = daemon('toy A { run "/bin/true" }\n', globals="umask 022")
    d.wait_log("script of toy 0 ended")
    final = d.dir / "keepalived.data"
    final.write_text("old")
    before = time.monotonic()
    d.signal(signal.SIGUSR1)
    wait_for(lambda: (d.dir / "keepalived_parent.data").exists(), "parent dump")
    assert time.monotonic() - before < 1
    text = final.read_text()
    assert text.startswith("------< Global definitions >------\n")
    assert " Toy = A\n   Known = 1\n   Runs = 1\n" in text
    assert stat.S_IMODE(final.stat().st_mode) == 0o644
    d.signal(signal.SIGUSR2)
    stats = wait_for(lambda: (d.dir / "keepalived.stats").exists()
                     and (d.dir / "keepalived.stats").read_text(), "stats")
    assert stats == "Toy: A\n  Runs: 1\n"
    d.signal(signal.SIGRTMIN + 2)
    shown = wait_for(lambda: (d.dir / "keepalived.json").exists()
                     and (d.dir / "keepalived.json").read_text(), "json")
    assert json.loads(shown) == [{"name": "A", "runs": 1}]
    assert not [p for p in d.dir.iterdir() if "ka-dump" in p.name]


def test_events_that_readers_wait_for(daemon, tmp_path):
    """The name appears complete, then is closed after writing; no other name begins like it."""
    close_write, moved_to, nonblock = 0x8, 0x80, 0o4000
    d = daemon(ONE)
    libc = ctypes.CDLL(None, use_errno=True)
    fd = libc.inotify_init1(nonblock)
    assert fd >= 0
    assert libc.inotify_add_watch(fd, str(tmp_path).encode(), 0xfff) >= 0
    d.signal(signal.SIGRTMIN + 2)
    seen = []

    def read():
        try:
            data = os.read(fd, 65536)
        except BlockingIOError:
            return False
        while data:
            _, mask, _, size = struct.unpack_from("iIII", data)
            seen.append((data[16:16 + size].rstrip(b"\0").decode(), mask))
            data = data[16 + size:]
        return ("keepalived.json", close_write) in seen
    wait_for(read, lambda: f"CLOSE_WRITE in {seen}")
    os.close(fd)
    about = [event for event in seen if event[0].startswith("keepalived.json")]
    assert {name for name, _ in about} == {"keepalived.json"}
    assert about[0][1] == moved_to
    assert about[-1][1] == close_write


def test_dump_is_not_written_through_a_link(daemon):
    d = daemon(ONE)
    victim = d.dir / "victim"
    victim.write_text("precious")
    (d.dir / "keepalived.stats").symlink_to(victim)
    d.signal(signal.SIGUSR2)
    wait_for(lambda: not (d.dir / "keepalived.stats").is_symlink(), "link replaced")
    assert victim.read_text() == "precious"


def test_clearing_statistics(daemon):
    d = daemon('toy A { run "/bin/true" }\n')
    d.wait_log("script of toy 0 ended")
    path = d.dir / "keepalived.stats"
    d.signal(signal.SIGRTMAX - 1)
    assert wait_for(lambda: path.exists() and path.read_text(), "stats") == "Toy: A\n  Runs: 1\n"

    def cleared():
        d.signal(signal.SIGUSR2)
        return path.read_text() == "Toy: A\n  Runs: 0\n"
    wait_for(cleared, "counters to be zero")


def test_signals_to_the_engine_reach_the_parent(daemon):
    d = daemon(ONE)
    os.kill(d.engine, signal.SIGUSR1)
    wait_for(lambda: (d.dir / "keepalived.data").exists(), "dump")


def test_results_of_scripts(daemon):
    trap = "#!/bin/sh\ntrap 'exit 7' TERM\nwhile :; do sleep 0.1; done\n"
    d = daemon("", wait=False)
    d.close()
    (d.dir / "trap").write_text(trap)
    (d.dir / "trap").chmod(0o755)
    (d.dir / "bad").write_text("#!/nonexistent/interpreter\n")
    (d.dir / "bad").chmod(0o755)
    (d.dir / "loose").write_text("#!/bin/sh\n")
    (d.dir / "loose").chmod(0o777)
    d = daemon('toy A { run "/bin/sh -c \'exit 3\'" }\n'
               'toy B { run "/bin/sh -c \'kill -9 $$\'" }\n'
               'toy C { run "DIR/trap" ; run_timeout 0.2 }\n'.replace(" ; ", "\n")
               + 'toy D { run "DIR/loose" }\n')
    d.wait_log("script of toy 0 ended: 0, code 3")
    d.wait_log("script of toy 1 ended: 1, code 9")
    d.wait_log("script of toy 2 ended: 2, code 7")
    d.wait_log("script of toy 3 ended: 4,")


def test_packet_filter_by_the_supervisor(daemon, tmp_path):
    name = f"gfilter{os.getpid()}"
    subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        d = daemon("toy A { filter }\n", "-s", name, globals="vrrp_iptables")
        d.wait_log("script of toy 0 ended: 0, code 0")
        rules = subprocess.run(["ip", "netns", "exec", name, "iptables-save"], check=True,
                               capture_output=True, text=True).stdout
        assert "-A TOY -j DROP" in rules
        d.stop()
    finally:
        subprocess.run(["ip", "netns", "del", name], check=True)


def test_no_packet_filter_without_vrrp_iptables(daemon):
    d = daemon("toy A { filter }\n")
    d.wait_log("script of toy 0 ended: 4,")


def test_environment_of_scripts(daemon):
    d = daemon('toy A { notify "/bin/sh -c \'env >DIR/env.new; mv DIR/env.new DIR/env\'" }\n',
               env={"LD_PRELOAD": "", "IFS": "x", "NOTIFY_SOCKET": "/nonexistent", "KEPT": "1"})
    env = wait_for(lambda: (d.dir / "env").exists() and (d.dir / "env").read_text(), "environment")
    assert "KEPT=1\n" in env
    for name in ("LD_PRELOAD", "IFS", "NOTIFY_SOCKET"):
        assert not re.search(f"^{name}=", env, re.M)


def test_fifo(daemon):
    d = daemon(ONE, globals="vrrp_notify_fifo DIR/fifo")
    fifo = d.dir / "fifo"
    assert stat.S_ISFIFO(fifo.stat().st_mode)
    with open(os.open(fifo, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0) as reader:
        def read():
            seen.extend(reader.read(4096) or b"")
            return seen
        seen = bytearray()
        wait_for(lambda: read().count(b"\n") >= 2, "lines of the start")
        assert d.stop() == 0
        wait_for(lambda: read().count(b"\n") >= 3, "line of the stop")
    assert bytes(seen) == (b'INSTANCE "A" BACKUP 100\nINSTANCE "A" MASTER 100\n'
                           b'INSTANCE "A" STOP 100\n')
    assert not fifo.exists()


def test_full_fifo_loses_nothing(daemon, tmp_path):
    """Lines for which the pipe has no room wait for the reader, in their order."""
    count, size = 300, 4096
    os.mkfifo(tmp_path / "fifo", 0o600)
    reader = os.open(tmp_path / "fifo", os.O_RDONLY | os.O_NONBLOCK)
    assert fcntl.fcntl(reader, fcntl.F_SETPIPE_SZ, size) == size
    names = [f"instance_with_a_long_name_{i:03}" for i in range(count)]
    daemon("".join(f"toy {name} {{ }}\n" for name in names), globals="notify_fifo DIR/fifo")

    def is_full():
        text[:] = fcntl.ioctl(reader, termios.FIONREAD, bytes(4))
        return int.from_bytes(text, sys.byteorder) > size - 100
    text = bytearray()
    wait_for(is_full, "a full pipe")
    seen = bytearray()

    def read():
        try:
            seen.extend(os.read(reader, size))
        except BlockingIOError:
            pass
        return seen.count(b"\n") >= 2 * count
    wait_for(read, lambda: f"all lines: only {seen.count(bytes([10]))}")
    os.close(reader)
    lines = seen.decode().splitlines()
    assert [line for line in lines if " BACKUP " in line] == [
        f'INSTANCE "{name}" BACKUP 100' for name in names]
    assert [line for line in lines if " MASTER " in line] == [
        f'INSTANCE "{name}" MASTER 100' for name in names]


def test_fifo_of_the_reader_stays(daemon, tmp_path):
    os.mkfifo(tmp_path / "fifo", 0o600)
    d = daemon(ONE, globals="notify_fifo DIR/fifo")
    d.stop()
    assert (tmp_path / "fifo").exists()


def test_file_in_place_of_a_fifo(daemon, tmp_path):
    (tmp_path / "fifo").write_text("data")
    d = daemon(ONE, globals="notify_fifo DIR/fifo")
    d.wait_log("not a fifo we own - not using")
    d.stop()
    assert (tmp_path / "fifo").read_text() == "data"


def test_fifo_script_sees_the_stop(daemon):
    d = daemon(ONE, globals='notify_fifo DIR/fifo\n    notify_fifo_script "DIR/reader"', wait=False)
    d.close()
    (d.dir / "reader").write_text(f'#!/bin/sh\nwhile read l; do echo "$l" >>{d.notes}; done <$1\n')
    (d.dir / "reader").chmod(0o755)
    d.notes.unlink(missing_ok=True)
    d = daemon("toy A { }\n",
               globals='notify_fifo DIR/fifo\n    notify_fifo_script "DIR/reader"')
    d.lines(2)
    assert d.stop() == 0
    assert d.lines(3)[2] == 'INSTANCE "A" STOP 100'


def test_reload(daemon):
    d = daemon(ONE, globals="vrrp_notify_fifo DIR/fifo\n    reload_file DIR/reloading")
    engine, inode = d.engine, (d.dir / "fifo").stat().st_ino
    d.configure('toy A { notify "NOTE n" }\ntoy B { }\n',
                "vrrp_notify_fifo DIR/fifo\n    reload_file DIR/reloading")
    d.signal(signal.SIGHUP)
    d.wait_log("Reload complete")
    assert d.engine == engine
    assert (d.dir / "fifo").stat().st_ino == inode
    assert not (d.dir / "reloading").exists()
    d.signal(signal.SIGRTMIN + 2)
    wait_for(lambda: (d.dir / "keepalived.json").exists(), "json")
    assert [t["name"] for t in json.loads((d.dir / "keepalived.json").read_text())] == ["A", "B"]


def test_saved_copies(daemon, tmp_path):
    d = daemon(ONE, globals="config_save_dir DIR/saved")
    d.signal(signal.SIGHUP)
    d.wait_log("Reload complete")
    d.stop()
    pid = d.process.pid
    saved = {p.name: p for p in (tmp_path / "saved").iterdir()}
    assert sorted(saved) == [f"keepalived.conf.{pid}.1", f"keepalived.conf.{pid}.2",
                             f"keepalived_vrrp.{pid}.2.post", f"keepalived_vrrp.{pid}.2.pre"]
    assert {stat.S_IMODE(p.stat().st_mode) for p in saved.values()} == {0o600}
    assert "toy A {" in saved[f"keepalived.conf.{pid}.2"].read_text()


def test_reload_with_errors_is_refused(daemon):
    d = daemon(ONE)
    good = d.conf.read_text()
    for bad in ("toy B { nonsense }\n", "toy B {\n"):
        d.conf.write_text(good + bad)
        before = d.log.count("New config failed validation")
        d.signal(signal.SIGHUP)
        d.wait_log("New config failed validation", before + 1)
    assert re.search(r"k\.conf:\d+:\d+: error: .*nonsense", d.log)
    d.conf.unlink()
    d.signal(signal.SIGHUP)
    d.wait_log("New config failed validation", 3)
    d.conf.write_text(good.replace("script_user root", "script_user root\n") + "instance other\n")
    d.signal(signal.SIGHUP)
    d.wait_log("Cannot change instance at a reload - please restart keepalived")
    d.conf.write_text(good)
    d.signal(signal.SIGHUP)
    d.wait_log("Reload complete")
    assert is_alive(d.engine)


def test_reload_with_an_empty_file_is_refused(daemon):
    """Not one statement: a file that is being written. An empty block says that nothing is wanted."""
    d = daemon(ONE)
    for n, nothing in enumerate(("", "\n\n", "# only\n  ! comments\n")):
        d.conf.write_text(nothing)
        d.signal(signal.SIGHUP)
        d.wait_log("is empty: the running configuration stays", n + 1)
    assert "gone from" not in d.log and is_alive(d.engine)
    d.conf.write_text("global_defs {\n}\n")
    d.signal(signal.SIGHUP)
    d.wait_log("Reload complete|Cannot change")


def test_reload_of_a_configuration_that_has_errors(daemon):
    """Errors were there before: what is usable of the new one is applied."""
    d = daemon(ONE + "nonsense\n")
    d.configure(ONE + "other_nonsense\ntoy B { }\n")
    d.signal(signal.SIGHUP)
    d.wait_log("Reload complete")


def test_reloads_merge(daemon):
    d = daemon(ONE)
    for _ in range(10):
        d.signal(signal.SIGHUP)
    d.wait_log("Reload complete")
    d.stop()
    assert 1 <= d.log.count("Reload complete") <= 3


def test_engine_that_refuses_a_reload(daemon):
    d = daemon("toy A { refuse_reload }\n")
    d.configure("toy B { }\n")
    d.signal(signal.SIGHUP)
    d.wait_log("could not take over the new configuration")
    d.wait_log("Reload complete")
    d.signal(signal.SIGRTMIN + 2)
    wait_for(lambda: (d.dir / "keepalived.json").exists(), "json")
    assert json.loads((d.dir / "keepalived.json").read_text())[0]["name"] == "A"


def test_work_comes_and_goes(daemon):
    d = daemon("")
    d.wait_log("has no configuration to run")
    d.configure(ONE)
    d.signal(signal.SIGHUP)
    d.wait_log("Reload complete")
    engine = d.engine
    d.configure("")
    d.signal(signal.SIGHUP)
    wait_for(lambda: not is_alive(engine), "engine without work to end")
    wait_for(lambda: not d.engine_pid_file.exists(), "its pid file to go")
    assert d.process.poll() is None


def test_respawn(daemon):
    d = daemon(ONE)
    first = d.engine
    os.kill(first, signal.SIGKILL)
    d.wait_log(rf"VRRP child process\({first}\) died: Respawning")
    d.wait_log("toys: 1, restarted 1")
    second = wait_for(lambda: d.engine != first and d.engine, "new engine")
    before = time.monotonic()
    os.kill(second, signal.SIGKILL)
    d.wait_log("Restart of VRRP process delayed 1 seconds to limit respawn rate")
    d.wait_log("withdrawing 1 toys, page known")
    wait_for(lambda: d.log.count("restarted 1") == 2, "second restart")
    assert time.monotonic() - before >= 0.9
    assert d.process.poll() is None


def test_permanent_failure_leaves_the_daemon_alone(daemon):
    d = daemon("toy A { exit_with 2 }\n", wait=False)
    d.wait_log("exited with permanent error CONFIG: it is not started again")
    d.wait_log("Startup complete")
    assert d.process.poll() is None
    d.configure(ONE)
    d.signal(signal.SIGHUP)
    d.wait_log("Reload complete")
    assert is_alive(d.engine)


def test_dont_respawn(daemon):
    d = daemon(ONE, "-R")
    os.kill(d.engine, signal.SIGKILL)
    d.process.wait(DEADLINE)
    assert "died: Exiting" in d.log


def test_children_die_with_the_parent(daemon):
    d = daemon('toy A { run "/bin/sleep 1000" }\n')
    engine = d.engine
    d.process.kill()
    d.process.wait()
    wait_for(lambda: not is_alive(engine), "engine to end")
    again = daemon(ONE)
    assert again.process.poll() is None


def test_engine_that_does_not_stop(daemon):
    d = daemon("toy A { hang_at_stop }\n")
    assert d.stop() == 0
    assert "VRRP process failed to die - forcing termination" in d.log


def test_second_start(daemon):
    d = daemon(ONE)
    second = subprocess.run(d.argv, env=d.env, capture_output=True, text=True, timeout=DEADLINE)
    assert second.returncode != 0
    assert "daemon is already running" in second.stderr
    assert d.process.poll() is None


def test_stale_pid_file(daemon, tmp_path):
    (tmp_path / "parent.pid").write_text("1\n")
    d = daemon(ONE)
    assert d.pid_file.read_text() == f"{d.process.pid}\n"


def test_background(daemon):
    """The command returns when the daemon runs, with status 0."""
    d = daemon(ONE, wait=False)
    d.close()
    argv = [a for a in d.argv if a not in ("-n", "-l")] + [f"--log-file={d.dir}/file.log"]
    done = subprocess.run(argv, env=d.env, timeout=DEADLINE)
    assert done.returncode == 0
    pid = int(d.pid_file.read_text())
    try:
        assert is_alive(pid)
        assert "Startup complete" in (d.dir / "file.log").read_text()
        wait_for(lambda: "toys: 1" in (d.dir / "file_vrrp.log").read_text(), "engine's log")
        assert os.readlink(f"/proc/{pid}/cwd") == "/"
    finally:
        os.kill(pid, signal.SIGTERM)
        wait_for(lambda: not is_alive(pid), "daemon to end")


def test_missing_configuration(daemon, tmp_path):
    done = subprocess.run([str(TOY), "-n", "-G", "-f", str(tmp_path / "none")],
                          capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode == 6
    assert "Unable to open configuration file" in done.stderr


def test_startup_and_shutdown_scripts(daemon):
    d = daemon(ONE, globals='startup_script "NOTE up"\n    shutdown_script "NOTE down"')
    assert d.stop() == 0
    lines = d.lines(5)
    assert lines[0] == "up" and lines[-1] == "down" and "n INSTANCE A STOP 100" in lines


def test_reload_during_the_startup_script(daemon):
    d = daemon(ONE, globals='startup_script "/bin/sleep 0.3"', wait=False)
    d.wait_log("Configuration file")
    for _ in range(5):
        d.signal(signal.SIGHUP)
    d.wait_log("Reload complete")
    assert d.log.count("Starting VRRP child process") == 1


def test_startup_script_that_hangs(daemon):
    d = daemon(ONE, wait=False,
               globals='startup_script "/bin/sleep 100"\n    startup_script_timeout 1')
    d.wait_log("startup script timed out")
    d.wait_log("Startup complete")


def test_service_manager(daemon, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(DEADLINE)
        d = daemon(ONE, env={"NOTIFY_SOCKET": str(tmp_path / "notify"),
                             "WATCHDOG_USEC": "200000"},
                   globals='startup_script /bin/true\nstartup_script_timeout 7\nshutdown_script /bin/true')
        seen = []

        def expect(pattern):
            end = time.monotonic() + DEADLINE
            while not any(re.search(pattern, text, re.M) for text in seen):
                assert time.monotonic() < end, (pattern, seen)
                seen.append(manager.recv(4096).decode())
            seen.clear()
        expect(r"^STATUS=starting$")
        expect(r"^EXTEND_TIMEOUT_USEC=17000000$")
        expect(rf"^READY=1\nMAINPID={d.process.pid}$")
        expect(r"^WATCHDOG=1$")
        d.signal(signal.SIGHUP)
        expect(r"^RELOADING=1\nMONOTONIC_USEC=\d+$")
        expect(r"^READY=1$")
        d.configure("toy A { nonsense }\n")
        d.signal(signal.SIGHUP)
        expect(r"^RELOADING=1\nMONOTONIC_USEC=\d+$")
        expect(r"^READY=1$")
        assert "the running configuration stays" in d.log
        d.signal(signal.SIGTERM)
        expect(r"^STOPPING=1\nSTATUS=stopping\nEXTEND_TIMEOUT_USEC=4000000$")
        expect(r"^EXTEND_TIMEOUT_USEC=20000000$")
        assert d.stop() == 0


def test_time_of_reload(daemon, tmp_path):
    d = daemon(ONE, globals="reload_time_file DIR/when")
    when = tmp_path / "when"
    when.write_text("2000-01-01 00:00:00\n")
    d.wait_log("Reload date/time is in the past - ignoring")
    when.write_text("soon\n")
    d.wait_log("Reload time soon format is incorrect - ignoring")
    when.write_text(time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(time.time() + 3600)))
    d.wait_log("Scheduling reload for ")
    when.write_text(time.strftime("%H:%M:%S\n", time.localtime(time.time() + 2)))
    d.wait_log("Reload time updated from ")
    d.wait_log("Reload complete")
    wait_for(lambda: not when.exists(), "time file to be removed")


def test_process_one_reaps_orphans(daemon, tmp_path):
    """In a container the daemon is process 1 and inherits what scripts leave behind."""
    d = daemon(ONE, wait=False)
    d.close()
    orphan = tmp_path / "orphan"
    orphan.write_text(f"#!/bin/sh\n(sleep 0.1; echo gone >{tmp_path}/gone) &\n")
    orphan.chmod(0o755)
    d.configure('toy A { notify "DIR/orphan" }\n')
    d.log_path.write_text("")
    with open(d.log_path, "ab") as log:
        holder = subprocess.Popen(["unshare", "--pid", "--fork", "--kill-child", "--mount-proc",
                                   *d.argv], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                  env=d.env)
    try:
        d.wait_log(r"Keepalived\[1\]: Startup complete")
        wait_for(lambda: (tmp_path / "gone").exists(), "orphan to end")
        one = wait_for(lambda: pathlib.Path(f"/proc/{holder.pid}/task/{holder.pid}/children")
                       .read_text().split(), "process 1")[0]

        def children():
            text = pathlib.Path(f"/proc/{one}/task/{one}/children").read_text().split()
            return text if len(text) == 1 else None
        wait_for(children, "the engine to be the only child")
        os.kill(int(one), signal.SIGTERM)
        assert holder.wait(DEADLINE) == 0
    finally:
        if holder.poll() is None:
            holder.kill()
            holder.wait()


def test_process_names(daemon):
    d = daemon(ONE, globals="process_names\n    process_name parent_of_toys")
    assert pathlib.Path(f"/proc/{d.process.pid}/comm").read_text() == "parent_of_toys\n"
    assert pathlib.Path(f"/proc/{d.engine}/comm").read_text() == "keepalived_vrrp\n"


def test_namespace_and_instance(daemon, tmp_path):
    name = f"gsuper{os.getpid()}"
    subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        d = daemon(ONE, wait=False)
        d.close()
        d.configure("instance one\n" + ONE)
        with open(d.log_path, "wb") as log:
            d.process = subprocess.Popen([*d.argv, "-s", name], stdin=subprocess.DEVNULL,
                                         stdout=log, stderr=log, env=d.env)
        d.wait_log(rf"Keepalived_{name}_one\[\d+\]: Startup complete")
        d.wait_log(rf"Keepalived_vrrp_{name}_one\[\d+\]: toys")
        inside = os.stat(f"/run/netns/{name}").st_ino
        for pid in (d.process.pid, d.engine):
            assert os.stat(f"/proc/{pid}/ns/net").st_ino == inside
        assert d.stop() == 0
    finally:
        subprocess.run(["ip", "netns", "del", name], check=True)


def test_namespace_that_does_not_exist(daemon, tmp_path):
    d = daemon(ONE, wait=False)
    d.close()
    done = subprocess.run([*d.argv, "-s", "no_such_namespace"], env=d.env, timeout=DEADLINE,
                          capture_output=True)
    assert done.returncode == 2
