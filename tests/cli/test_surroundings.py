# SPDX-License-Identifier: GPL-2.0-or-later
"""The supervisor where the surroundings are not as usual: leftovers, full disks, tight limits,
signals in bursts."""
import os
import pathlib
import re
import resource
import signal
import subprocess

import pytest

from test_supervisor import ONE, TOY, daemon, wait_for  # noqa: F401

pytestmark = [
    pytest.mark.skipif(not TOY.exists(), reason=f"{TOY} is not built"),
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root"),
]


def status_of(pid, key):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return re.search(rf"^{key}:\s*(\S+)", text, re.M)[1]


def dead_pid():
    process = subprocess.Popen(["/bin/true"])
    process.wait()
    return process.pid


@pytest.mark.parametrize("alive", [False, True], ids=["dead", "alive"])
def test_old_pid_file_of_another_program(daemon, tmp_path, alive):
    """The old name of the engine's file: a dead program's gives way to our link, a living one's
    does not."""
    place = tmp_path / "run"
    place.mkdir()
    old = place / "vrrp.pid"
    text = f"{os.getpid() if alive else dead_pid()}\n"
    old.write_text(text)
    name = f"core{os.getpid()}"
    # The standard names are in a directory that only a mount of ours can replace.
    wrapper = tmp_path / "wrapper"
    wrapper.write_text(f"#!/bin/sh\nmount --bind {place} /run || exit 9\nshift 3\n"
                       f"exec {TOY} \"$@\"\n")
    wrapper.chmod(0o755)
    conf = tmp_path / "k.conf"
    conf.write_text("global_defs {\nscript_user root\n}\ntoy A {\n}\n")
    log = open(tmp_path / "log", "wb")
    process = subprocess.Popen(
        ["unshare", "-m", str(wrapper), name, "x", "x", "-n", "-l", "-D", "-f", str(conf)],
        stdout=log, stderr=log, env={**os.environ, "TMPDIR": str(tmp_path)})
    try:
        wait_for(lambda: "Startup complete" in (tmp_path / "log").read_text(),
                 lambda: (tmp_path / "log").read_text())
        assert old.is_symlink() == (not alive)
        if alive:
            assert old.read_text() == text
    finally:
        process.terminate()
        process.wait()
        log.close()
    assert old.exists() == alive


@pytest.mark.skipif(not int(status_of("self", "CapEff"), 16) & 1 << 24,
                    reason="needs CAP_SYS_RESOURCE to lift the limit of locked memory")
def test_memory_is_locked_by_a_reload(daemon):
    d = daemon(ONE)
    assert status_of(d.engine, "VmLck") == "0"
    d.configure(ONE, globals="vrrp_no_swap")
    d.signal(signal.SIGHUP)
    d.wait_log("Reload complete")
    assert "cannot lock memory" not in d.log
    assert status_of(d.engine, "VmLck") != "0"
    d.configure(ONE)
    d.signal(signal.SIGHUP)
    d.wait_log("Reload complete", count=2)
    assert status_of(d.engine, "VmLck") == "0"


def test_bursts_of_reloads(daemon):
    """They merge; what was written last is what is in use; nothing piles up."""
    d = daemon(ONE)
    d.signal(signal.SIGHUP)
    d.wait_log("Reload complete")
    files = len(os.listdir(f"/proc/{d.process.pid}/fd"))
    for i in range(1000):
        if i == 500:
            d.configure('toy LAST { notify "NOTE n" }\n')
        d.signal(signal.SIGHUP)
    d.signal(signal.SIGUSR1)

    def shows_the_last():
        d.signal(signal.SIGUSR1)
        path = d.dir / "keepalived.data"
        return path.exists() and "Toy = LAST" in path.read_text()
    wait_for(shows_the_last, lambda: d.log[-2000:])
    # A last reload, so that all before it are over.
    done = d.log.count("Reload complete")
    d.signal(signal.SIGHUP)
    d.wait_log("Reload complete", count=done + 1)
    assert d.log.count("Reload complete") < 500
    wait_for(lambda: len(os.listdir(f"/proc/{d.process.pid}/fd")) <= files, "fewer descriptors")
    assert d.stop() == 0


def test_stop_during_a_reload(daemon):
    d = daemon(ONE)
    d.signal(signal.SIGHUP)
    d.wait_log("validate conf before Reload")
    assert d.stop() == 0
    assert not d.pid_file.exists() and not d.engine_pid_file.exists()


def test_few_descriptors(daemon):
    """No engine can be started: said once, tried again, no harm to the supervisor."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    d = daemon(ONE)
    resource.prlimit(d.process.pid, resource.RLIMIT_NOFILE, (12, before[1]))
    os.kill(d.engine, signal.SIGKILL)
    d.wait_log("cannot start the VRRP process: Too many open files; tried again every second")
    resource.prlimit(d.process.pid, resource.RLIMIT_NOFILE, before)
    d.wait_log("toys: 1, restarted 1")
    assert d.log.count("cannot start the VRRP process") == 1
    assert d.stop() == 0


def test_pid_file_on_a_full_disk(daemon, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "none", disk], check=True)
    try:
        (disk / "fill").write_bytes(b"x" * 4096)
        d = daemon(ONE, "-p", str(disk / "pid"))
        d.wait_log(f"cannot write pid file {disk}/pid: No space left on device")
        assert d.stop() == 0
    finally:
        subprocess.run(["umount", disk], check=True)


def test_scripts_of_root_have_all_rights(daemon, tmp_path):
    """What our parent may, a script of root may: nothing of the engine's sandbox reaches it."""
    script = tmp_path / "rights"
    script.write_text(f"#!/bin/sh\ncat /proc/self/status >{tmp_path}/out\nmv {tmp_path}/out "
                      f"{tmp_path}/status\n")
    script.chmod(0o755)
    d = daemon(f'toy A {{ run "{script}" }}\n')
    d.wait_log("script of toy 0 ended: 0, code 0")
    lines = dict(line.split(":", 1) for line in (tmp_path / "status").read_text().splitlines())
    for key in ("CapEff", "CapPrm", "CapBnd"):
        assert lines[key].strip() == status_of("self", key)
    assert lines["NoNewPrivs"].strip() == status_of("self", "NoNewPrivs")
    assert lines["Seccomp"].strip() == status_of("self", "Seccomp")
