# SPDX-License-Identifier: GPL-2.0-or-later
"""What programs that drive the daemon rely on: version, signal numbers, usage, exit statuses."""
import os
import pathlib
import re
import signal
import subprocess

import pytest

KEEPALIVED = str(pathlib.Path(os.environ.get("KEEPALIVED", "build/sanitized/keepalived/keepalived"))
                 .resolve())


def run(*argv, name=None):
    return subprocess.run([name or KEEPALIVED, *argv], executable=KEEPALIVED, text=True,
                          capture_output=True, timeout=30)


def test_version():
    for option in ("-v", "--version"):
        done = run(option)
        assert done.returncode == 0 and done.stdout == ""
        first, *rest = done.stderr.splitlines()
        assert re.fullmatch(r"Keepalived v\d+\.\d+\.\d+ \(\d\d/\d\d,\d{4}\)", first)
        assert rest
        assert "--enable-json" in done.stderr
        features = re.search(r"^Config options:  (.*)$", done.stderr, re.M).group(1).split()
        assert {"VRRP", "JSON"} <= set(features)


@pytest.mark.parametrize("function, number", [
    ("STOP", signal.SIGTERM), ("RELOAD", signal.SIGHUP), ("DATA", signal.SIGUSR1),
    ("STATS", signal.SIGUSR2), ("STATS_CLEAR", signal.SIGRTMAX - 1),
    ("JSON", signal.SIGRTMIN + 2), ("TDATA", signal.SIGRTMAX)])
def test_signum(function, number):
    done = run(f"--signum={function}")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{int(number)}\n", "")


def test_mistakes():
    done = run("--signum=FLY")
    assert (done.returncode, done.stderr) == (1, "Unknown sigfunc FLY\n")
    done = run("--fly", "-f")
    assert done.returncode == 1
    assert done.stderr == "Unknown option --fly\nMissing parameter for option --use-file\n"


def test_help():
    done = run("--help")
    assert done.returncode == 0 and done.stdout == ""
    for word in re.findall(r"--[a-z_-]+", done.stderr):
        assert len(word) > 4
    assert "--use-file=FILE" in done.stderr


def test_manual_names_every_option():
    manual = (pathlib.Path(__file__).parents[2] / "doc" / "keepalived.8.in").read_text()
    for word in re.findall(r"^ {2}(?:-., |    )--([a-z_-]+)", run("--help").stderr, re.M):
        assert re.search(rf"Fl -{word}\b", manual), word


def test_genhash_without_it():
    for argv, name in ((["-T", "-s", "192.0.2.1"], None), (["-s", "192.0.2.1"], "genhash")):
        done = run(*argv, name=name)
        assert "Unknown option" not in done.stderr


def test_print_and_diff(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    text = "global_defs {\n    router_id one\n}\n"
    old.write_text(text)
    new.write_text(text.replace("one", "two"))
    printed = run("--config-print", "-f", str(old))
    assert printed.returncode == 0 and "router_id one" in printed.stdout
    (tmp_path / "again").write_text(printed.stdout)
    assert run("--config-print", "-f", str(tmp_path / "again")).stdout == printed.stdout
    assert run("--config-diff", str(old), str(old)).returncode == 0
    done = run("--config-diff", str(old), str(new))
    assert done.returncode == 1 and "router_id: one -> two" in done.stdout
    assert run("--config-diff", str(old), str(tmp_path / "none")).returncode == 3


SECRETS = """vrrp_instance VI_1 {
    interface ka0
    virtual_router_id 9
    virtual_ipaddress {
        192.0.2.9/24
    }
    authentication {
        auth_type PASS
        auth_pass hidden01
    }
}
vrrp_instance VI_2 {
    interface ka0
    virtual_router_id 10
    version 3
    virtual_ipaddress {
        192.0.2.10/24
    }
    auth_hmac {
        key 1 hidden01hidden01hidden01hidden01
        active_key 1
    }
}
"""


def test_secrets_are_not_shown(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text(SECRETS)
    new.write_text(SECRETS.replace("hidden01", "hidden02"))
    printed = run("--config-print", "-f", str(old))
    assert "auth_pass ***" in printed.stdout and "key 1 ***" in printed.stdout
    changed = run("--config-diff", str(old), str(new))
    assert changed.returncode == 1 and "auth_pass" in changed.stdout
    for done in (printed, changed):
        assert "hidden" not in done.stdout + done.stderr


def test_secrets_are_printed_on_demand(tmp_path):
    first, again = tmp_path / "first", tmp_path / "again"
    first.write_text(SECRETS)
    printed = run("--config-print=secrets", "-f", str(first))
    assert "auth_pass hidden01" in printed.stdout and "key 1 hidden01" in printed.stdout
    again.write_text(printed.stdout)
    assert run("--config-print=secrets", "-f", str(again)).stdout == printed.stdout
    assert run("--config-diff", str(first), str(again)).returncode == 0
    assert run("--config-print=all", "-f", str(first)).returncode == 1
