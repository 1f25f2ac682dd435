# SPDX-License-Identifier: GPL-2.0-or-later
"""The real processes: what the kernel says that they may do, and life with few rights.

What a process in the sandbox is refused is shown from inside by tests/unit/sandbox_io_test.c.
"""
import pathlib

import netlab
import routers

CAPS = {"DAC_READ_SEARCH": 2, "KILL": 5, "NET_ADMIN": 12, "NET_RAW": 13, "SYS_CHROOT": 18,
        "SYS_ADMIN": 21}
VRRP = {"DAC_READ_SEARCH", "NET_ADMIN", "NET_RAW"}


def status_of(pid):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return {key: value.strip() for key, value in (line.split(":", 1) for line in lines)}


def bits(names):
    return sum(1 << CAPS[name] for name in names)


def test_engine_is_locked_in(lab):
    a, = lab.pair(routers.ADDRESSES["a"])
    daemon = a.keepalived(routers.instance(routers.V3, "a", "b", 100))
    daemon.wait_state("MASTER")
    status = status_of(daemon.child())
    assert status["Seccomp"] == "2" and status["NoNewPrivs"] == "1"
    for kind in ("CapEff", "CapPrm", "CapBnd"):
        assert int(status[kind], 16) & ~bits(VRRP) == 0, kind
    assert int(status["CapInh"], 16) == 0 and int(status["CapAmb"], 16) == 0
    assert int(status["CapEff"], 16) & bits(["NET_ADMIN", "NET_RAW"]) == bits(["NET_ADMIN",
                                                                              "NET_RAW"])
    assert daemon.stop() == 0


def test_few_rights(lab, tmp_path):
    """As in a container that grants NET_ADMIN, NET_RAW and SYS_CHROOT only: it leads, moves the
    address, runs its scripts, reloads and cleans up."""
    a, = lab.pair(routers.ADDRESSES["a"])
    told = tmp_path / "told"
    script = tmp_path / "notify"
    script.write_text(f"#!/bin/sh\necho \"$3\" >> {told}\n")
    script.chmod(0o755)
    wrapper = tmp_path / "few-rights"
    wrapper.write_text("#!/bin/sh\nexec setpriv --no-new-privs --bounding-set "
                       "-all,+net_admin,+net_raw,+sys_chroot --inh-caps -all "
                       f"{netlab.OURS} \"$@\"\n")
    wrapper.chmod(0o755)
    text = "global_defs {\nscript_user root\n}\n" + routers.instance(
        routers.V3, "a", "b", 100, f'notify "{script}"')
    daemon = a.keepalived(text, binary=str(wrapper))
    daemon.wait_state("MASTER")
    assert int(status_of(daemon.pid)["CapBnd"], 16) == bits(["NET_ADMIN", "NET_RAW",
                                                             "SYS_CHROOT"])
    a.wait_addr(routers.VIP4)
    since = daemon.reload(text.replace(routers.VIP4, "192.0.2.150"))
    daemon.wait_log("reload: ", since)
    a.wait_addr("192.0.2.150")
    a.wait_addr(routers.VIP4, present=False)
    deadline = netlab.deadline_in(None)
    while not told.exists() or "MASTER" not in told.read_text():
        netlab.watch_folder(tmp_path, 0.5)
        assert netlab.time.monotonic() < deadline
    assert daemon.stop() == 0
    assert "192.0.2.150" not in a.addresses()
