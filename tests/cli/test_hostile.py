# SPDX-License-Identifier: GPL-2.0-or-later
"""Configurations that would grow without end: a located error, within 64 MiB of memory (RLIMIT_DATA)
and a processor time that is compared with that of a plain file in the same run, which on a machine
of today is a second."""
import os
import re
import resource
import subprocess
import tempfile

import pytest

KEEPALIVED = os.environ.get("KEEPALIVED_RELEASE") or os.environ["KEEPALIVED"]
PLAIN_INSTANCES, TIMES_PLAIN = 20000, 5
CPU_SECONDS = 120      # nothing runs on for ever
MEMORY = 64 << 20
OUTPUT_MAX = 4 << 20


def doubling(n):
    lines = ["$A0=xx"] + [f"$A{i + 1}=${{A{i}}}${{A{i}}}" for i in range(n)]
    return "\n".join(lines) + f"\nglobal_defs {{\n router_id ${{A{n}}}\n}}\n"


def doubling_blocks(n):
    text = "$M0= \\\nstatic_routes { \\\n}\n"
    for i in range(n):
        text += f"$M{i + 1}= \\\n$M{i} \\\n$M{i}\n"
    return text + f"$M{n}\n"


HOSTILE = {
    "a definition of itself": "$A=${A}\nglobal_defs {\n router_id ${A}\n}\n",
    "two definitions of each other":
        "$A=${B}\n$B=${A}\nglobal_defs {\n router_id ${A}\n}\n",
    "a definition that grows": "$A=x${A}${A}\nglobal_defs {\n router_id ${A}\n}\n",
    "a block that uses itself": "$M= \\\nglobal_defs { \\\n$M \\\n}\n$M\n",
    "definitions that double": doubling(60),
    "blocks that double": doubling_blocks(40),
    "sequences in sequences": "".join(f"~SEQ(V{i},1,1000) " for i in range(6)) + "use_pid_dir\n",
    "a sequence without end": "~SEQ(N,1,9000000000000000000) use_pid_dir\n",
    "a sequence of hexadecimals": "~SEQx(N,0,0x7fffffffffffffff) use_pid_dir\n",
    "lists in lists": "~LST(A,1,2,3,4,5,6,7,8,9,10) " * 12 + "use_pid_dir\n",
    "includes of itself": "include hostile.conf\ninclude hostile.conf\n",
    "includes of all": "include *.conf\ninclude ./*.conf\n",
    "blocks in blocks": "vrrp_instance a {\n" * 10000,
    "closing braces": "}\n" * 100000,
    "unknown words": "wrong here\n" * 100000,
    "one long word": "a" * 8000000,
    "one long line": "global_defs { router_id " + "a " * 200000 + "}\nwrong\n",
    "braces to expand": "include " + "{a,b}" * 40 + "\nwrong\n",
}


def plain():
    """A file without anything special."""
    return "".join(f"vrrp_instance V{i} {{\n interface eth0\n virtual_router_id {i % 255 + 1}\n"
                   f" priority 100\n virtual_ipaddress {{\n  10.{i // 250}.{i % 250}.1\n }}\n}}\n"
                   for i in range(PLAIN_INSTANCES))


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def check(path, text, limits):
    """(status, output, seconds of processor time) of a test of the configuration."""
    path.write_text(text)
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen([KEEPALIVED, "-t", "-f", str(path)], stdin=subprocess.DEVNULL,
                                 stdout=output, stderr=output, preexec_fn=limits)
        _pid, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        return child.returncode, output.read(), used.ru_utime + used.ru_stime


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """Processor time of the plain file: the shortest of three, as others disturb only upwards."""
    path = tmp_path_factory.mktemp("plain") / "plain.conf"
    return min(check(path, plain(), None)[2] for _ in range(3))


@pytest.mark.skipif("sanitized" in KEEPALIVED, reason="sanitizers need more address space")
@pytest.mark.parametrize("what", HOSTILE)
def test_bounded(what, tmp_path, reference):
    status, output, seconds = check(tmp_path / "hostile.conf", HOSTILE[what], limit)
    text = output.decode("utf-8", "replace")
    assert status in (3, 4), f"status {status}: {text[:500]}"
    assert re.search(r"hostile\.conf:\d+(:\d+)?: error: ", text), text[:500]
    assert len(output) < OUTPUT_MAX
    assert seconds < TIMES_PLAIN * reference, f"{seconds} s, a plain file {reference} s"
