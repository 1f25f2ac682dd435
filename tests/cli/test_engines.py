# SPDX-License-Identifier: GPL-2.0-or-later
"""Engines that break the rules, as one that was taken over would, or that hang: the supervisor
gets rid of them, starts them again and works on."""
import os
import pathlib
import signal

import pytest

from test_supervisor import (DEADLINE, ONE, TOY, daemon, is_alive,  # noqa: F401
                             wait_for)

pytestmark = [
    pytest.mark.skipif(not TOY.exists(), reason=f"{TOY} is not built"),
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root"),
]

WAYS = {
    "close": "has closed its connection and does not end: killing it",
    "size": "message of a wrong size for its type: killing it",
    "type": "message of an unknown type: killing it",
    "event": "it reports an event that cannot be: killing it",
    "cause": "it reports an event that cannot be: killing it",
    "page": "its status page is none: killing it",
    "result": "it answers a reload with what is no result: killing it",
    "pong": "it answers what nobody asked: killing it",
    "script": "it asks for what there is not: killing it",
    "words": "it asks for what there is not: killing it",
    "twice": "it asks for what there is not: killing it",
    "filter": "it asks for what there is not: killing it",
}


def children_named(pid, comm):
    """How many children of that name a process has."""
    n = 0
    for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            n += pathlib.Path(f"/proc/{child}/comm").read_text().strip() == comm
        except FileNotFoundError:
            pass
    return n


@pytest.mark.parametrize("how", WAYS)
def test_engine_breaks_the_rules(daemon, how):
    d = daemon(f'toy A {{ notify "NOTE n"; run "/bin/sleep 1000"; misbehave {how} }}\n'
               .replace("; ", "\n"))
    d.wait_log(f"VRRP process:? {WAYS[how]}")
    d.wait_log("died: Respawning")
    d.wait_log("toys: 1, restarted 1")
    assert d.process.poll() is None
    assert d.stop() == 0


def test_no_more_scripts_than_objects(daemon):
    d = daemon('toy A { run "/bin/sleep 1000"\n misbehave runs }\n')
    d.wait_log("wants to run .* more often at once than there is work for it: not run")
    assert children_named(d.process.pid, "sleep") <= 4
    assert d.stop() == 0


def cpu_seconds(pid):
    words = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def test_flood_of_messages(daemon):
    """The supervisor answers signals, is not kept busy, and gets rid of the engine."""
    d = daemon("toy A { misbehave flood }\n")
    flooding = d.engine
    d.wait_log("asks for more than can be done: it has to wait")
    d.signal(signal.SIGUSR1)
    wait_for(lambda: (d.dir / "keepalived_parent.data").exists(), "parent dump")
    d.wait_log("VRRP process does not answer: killing it", limit=40)
    assert cpu_seconds(d.process.pid) < 5
    wait_for(lambda: not is_alive(flooding), "engine to end")
    d.wait_log("toys: 1, restarted 1")
    assert d.stop() == 0


def test_engine_that_is_stopped(daemon):
    """Killed after ten to fifteen seconds without an answer; not earlier."""
    d = daemon(ONE)
    frozen = d.engine
    os.kill(frozen, signal.SIGSTOP)
    d.wait_log("VRRP process does not answer: killing it", limit=40)
    d.wait_log("toys: 1, restarted 1")
    assert wait_for(lambda: d.engine != frozen and d.engine, "new engine")
    assert d.stop() == 0


def test_engine_without_work_that_does_not_end(daemon):
    """No process outlives the reload that takes its work away."""
    d = daemon("toy A { hang_at_stop }\n")
    engine = d.engine
    d.configure("")
    d.signal(signal.SIGHUP)
    d.wait_log("VRRP process does not end: killing it")
    wait_for(lambda: not is_alive(engine), "engine to end")
    assert d.process.poll() is None


def test_supervisor_dies_while_addresses_are_withdrawn(daemon, tmp_path):
    """The withdrawal goes on; a new daemon does not come in between."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    d = daemon(ONE, env={"TOY_GATE": str(gate)})
    first = d.engine
    os.kill(first, signal.SIGKILL)
    d.wait_log("toys: 1, restarted 1")
    os.kill(wait_for(lambda: d.engine != first and d.engine, "new engine"), signal.SIGKILL)
    d.wait_log("withdrawing 1 toys, page known")
    d.process.kill()
    d.process.wait()
    again = daemon(ONE, wait=False)
    again.wait_log("what a killed daemon has left is still at work: waiting for its end")
    with open(gate, "w", encoding="ascii"):
        pass
    again.wait_log("withdrawn")
    again.wait_log("Startup complete", count=2)
    assert "starting beside it" not in again.log
    assert again.stop() == 0


def test_frozen_engine_of_a_killed_supervisor(daemon):
    """It cannot end, but it keeps nobody out either."""
    d = daemon(ONE)
    engine = d.engine
    os.kill(engine, signal.SIGSTOP)
    d.process.kill()
    d.process.wait()
    again = daemon(ONE, wait=False)
    again.wait_log("what a killed daemon has left does not end: starting beside it")
    again.wait_log("Startup complete", count=2)
    os.kill(engine, signal.SIGCONT)
    wait_for(lambda: not is_alive(engine), "engine to end")
    assert again.stop() == 0
