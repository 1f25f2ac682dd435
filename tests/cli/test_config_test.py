# SPDX-License-Identifier: GPL-2.0-or-later
"""--config-test: what it says and the status it ends with (keepalived(8): 0, 3, 4, 5)."""
import json
import os
import pathlib
import stat
import subprocess

import pytest

KEEPALIVED = str(pathlib.Path(os.environ.get("KEEPALIVED", "build/sanitized/keepalived/keepalived"))
                 .resolve())
NAMESPACE = f"ka-conftest-{os.getpid()}"

INSTANCE = """
vrrp_instance VI_1 {{
    interface {interface}
    virtual_router_id 7
    virtual_ipaddress {{
        192.0.2.1/24
    }}
    {more}
}}
"""


def instance(interface="ka0", more=""):
    return INSTANCE.format(interface=interface, more=more)


@pytest.fixture(scope="module")
def namespace():
    """A network namespace with one interface, ka0."""
    if os.geteuid() != 0:
        pytest.skip("only root can make network namespaces")
    subprocess.run(["ip", "netns", "add", NAMESPACE], check=True)
    try:
        subprocess.run(["ip", "-n", NAMESPACE, "link", "add", "ka0", "type", "veth", "peer", "ka1"],
                       check=True)
        yield NAMESPACE
    finally:
        subprocess.run(["ip", "netns", "del", NAMESPACE], check=True)


@pytest.fixture
def run(tmp_path, namespace):
    """Test a text; (status, what was written to standard error)."""
    def go(text, *options, path=None):
        if path is None:
            path = tmp_path / "test.conf"
            path.write_bytes(text.encode())
        done = subprocess.run(["ip", "netns", "exec", namespace, KEEPALIVED, *(options or ["-t", "--config-test-notes=no"]), "-f", str(path)],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=60, cwd=tmp_path, check=False)
        assert done.stdout == b""
        return done.returncode, done.stderr.decode("utf-8", "replace")
    return go


def script(tmp_path, mode=0o755, text="#!/bin/sh\nexit 0\n"):
    path = tmp_path / "check.sh"
    path.write_text(text)
    path.chmod(mode)
    return path


def tracked(path, extra=""):
    return (f"{extra}vrrp_script chk {{\n script {path}\n timeout 1\n rise 2\n fall 2\n}}\n" +
            instance(more="track_script {\n chk\n }"))


SECURE = "global_defs {\n enable_script_security\n script_user root\n}\n"


def test_clean_file_is_silent(run):
    assert run("global_defs {\n router_id a\n}\n" + instance()) == (0, "")


def test_empty_file_is_fine(run):
    assert run("") == (0, "")


def test_unknown_interface_cannot_run(run):
    status, text = run(instance("nosuch0"))
    assert status == 3
    assert ":3:15: error: interface 'nosuch0' of vrrp_instance VI_1 does not exist" in text
    assert "1 error in " in text


def test_dynamic_interfaces_may_be_missing(run):
    assert run("global_defs {\n dynamic_interfaces\n}\n" + instance("nosuch0"))[0] == 0


def test_near_interface_is_suggested(run):
    assert "did you mean 'ka0'?" in run(instance("kao"))[1]


@pytest.mark.parametrize("name", ["missing.conf", "."])
def test_main_file_that_is_none(run, tmp_path, name):
    status, text = run("", path=tmp_path / name)
    assert status == 3
    assert "error" in text


def test_missing_namespace_cannot_run(run):
    status, text = run("net_namespace ka-no-such-namespace\n" + instance("nosuch0"))
    assert status == 3
    assert "ka-no-such-namespace" in text


def test_errors_and_warnings_are_status_4(run):
    assert run("global_defs {\n vrrp_version 4\n}\n")[0] == 4
    status, text = run("global_defs {\n vrrp_garp_master_repeat 0\n}\n")
    assert status == 4
    assert "1 warning in " in text


def test_cannot_run_beats_errors_beats_security(run, tmp_path):
    scripts = tracked(script(tmp_path))
    assert run(scripts)[0] == 5
    assert run("global_defs {\n vrrp_version 4\n}\n" + scripts)[0] == 4
    assert run("global_defs {\n vrrp_version 4\n}\n" + scripts.replace("interface ka0",
                                                                    "interface nosuch0"))[0] == 3


def test_script_security_is_said_once(run, tmp_path):
    path = script(tmp_path)
    status, text = run(tracked(path, f"global_defs {{\n startup_script {path}\n}}\n"))
    assert status == 5
    assert text.count("SECURITY VIOLATION") == 1
    assert f"{path} as root" in text
    assert "enable_script_security" in text and "script_user" in text


def test_script_security_on(run, tmp_path):
    path = script(tmp_path)
    assert run(tracked(path, SECURE))[0] == 0
    path.chmod(0o777)
    status, text = run(tracked(path, SECURE))
    assert status == 4
    assert "writable by everybody" in text
    assert "VI_1 depends on it (" in text


def test_script_that_cannot_be_run(run, tmp_path):
    status, text = run(tracked(tmp_path / "missing.sh", SECURE))
    assert status == 4
    assert "missing.sh does not exist" in text
    path = script(tmp_path, 0o644)
    assert "is not executable" in run(tracked(path, SECURE))[1]
    path = script(tmp_path, text="#!/no/such/interpreter\n")
    assert "interpreter /no/such/interpreter" in run(tracked(path, SECURE))[1]


def test_notification_script_that_is_missing_is_a_note(run):
    text = SECURE + instance(more="notify_master /no/such/script")
    assert run(text) == (0, "")
    status, said = run(text, "-t")
    assert status == 0
    assert ": /no/such/script does not exist" in said


def test_unknown_users(run, tmp_path):
    path = script(tmp_path)
    text = tracked(path, "global_defs {\n enable_script_security\n script_user ka_nobody\n}\n")
    status, said = run(text)
    assert status == 4
    assert ":3:" in said and "user 'ka_nobody' does not exist" in said
    status, said = run("global_defs {\n notify_fifo /run/ka.fifo ka_nobody\n}\n")
    assert status == 4
    assert "ka_nobody" in said


def test_advice_never_changes_the_status(run):
    text = instance().replace("virtual_router_id 7", "virtual_router_id 51")
    assert run(text) == (0, "")
    status, said = run(text, "-t")
    assert status == 0
    assert "advice:\n" in said and ": virtual_router_id 51" in said
    assert "note: virtual_router_id 51" not in said
    status, said = run(text, "-t", "--config-test-notes=yes")
    assert status == 0
    assert "note: virtual_router_id 51" in said


def test_report_goes_to_a_file(run, tmp_path):
    report = tmp_path / "report"
    text = "global_defs {\n vrrp_version 4\n}\n"
    assert run(text, f"-t{report}") == (4, "")
    assert run(text, f"--config-test={report}") == (4, "")
    assert report.read_text().count("vrrp_version 4") >= 2
    assert stat.S_IMODE(report.stat().st_mode) & 0o133 == 0


def test_report_not_through_a_link(run, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "target")
    status, text = run("", f"--config-test={tmp_path}/link")
    assert status == 1
    assert "link" in text
    assert not (tmp_path / "target").exists()


BAD = 'global_defs {\n router_id "\n vrrp_version 4\n}\n' + instance("nosuch0")


def test_json(run):
    status, text = run(BAD, "-t", "--config-test-format=json")
    assert status == 3
    found = json.loads(text)
    assert {d["severity"] for d in found} <= {"error", "warning", "note"}
    assert any(d["line"] == 3 and "vrrp_version" in d["message"] for d in found)


def test_sarif(run):
    found = json.loads(run(BAD, "-t", "--config-test-format=sarif")[1])
    assert found["version"] == "2.1.0"
    assert len(found["runs"][0]["results"]) >= 3


def test_github(run):
    lines = run(BAD, "-t", "--config-test-format=github")[1].splitlines()
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
    assert any("line=3" in line for line in lines)


def test_key_others_can_read(run, tmp_path):
    key = tmp_path / "key"
    key.write_text("0123456789abcdef0123456789abcdef\n")
    key.chmod(0o644)
    hmac = f"auth_hmac {{\n key 1 file:{key}\n active_key 1\n }}\n version 3\n"
    status, text = run(instance(more=hmac))
    assert status == 5, text
    key.chmod(0o600)
    assert run(instance(more=hmac)) == (0, "")
