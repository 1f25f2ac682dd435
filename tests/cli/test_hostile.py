# SPDX-License-Identifier: GPL-2.0-or-later
"""Configurations that would grow without end: a located error, within one second of processor time
and 64 MiB of memory (RLIMIT_DATA), both enforced by the kernel."""
import os
import re
import resource
import subprocess

import pytest

KEEPALIVED = os.environ.get("KEEPALIVED_RELEASE") or os.environ["KEEPALIVED"]
CPU_SECONDS = 1
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


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@pytest.mark.skipif("sanitized" in KEEPALIVED, reason="sanitizers need more address space")
@pytest.mark.parametrize("what", HOSTILE)
def test_bounded(what, tmp_path):
    path = tmp_path / "hostile.conf"
    path.write_text(HOSTILE[what])
    done = subprocess.run([KEEPALIVED, "-t", "-f", str(path)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=limit,
                          timeout=120, check=False)
    text = done.stdout.decode("utf-8", "replace")
    assert done.returncode in (3, 4), f"status {done.returncode}: {text[:500]}"
    assert re.search(r"hostile\.conf:\d+(:\d+)?: error: ", text), text[:500]
    assert len(done.stdout) < OUTPUT_MAX
