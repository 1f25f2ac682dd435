# SPDX-License-Identifier: GPL-2.0-or-later
"""The process around VRRP, seen in /proc; overruns, polling, and what is told to others."""
import os
import pathlib
import resource
import shutil
import signal
import tempfile

import pytest

import netlab
import solo

VIP = "192.0.2.100"


def instance(*lines, vips=(VIP,), priority=100):
    return "\n".join(["vrrp_instance VI_1 {", "interface eth0", "version 3",
                      "virtual_router_id 51", f"priority {priority}", "advert_int 0.1", *lines,
                      "virtual_ipaddress {", *vips, "}", "}"]) + "\n"


def global_defs(*lines):
    return "global_defs {\n" + "\n".join(lines) + "\n}\n"


@pytest.fixture
def host(lab):
    (a,) = lab.pair(["192.0.2.1/24"])
    a.capture = lab.switches["lan"].capture()
    return a


def status_of(pid, key):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(key + ":"):
            return line.split(":", 1)[1].strip()
    raise KeyError(key)


# ---- priorities and limits ----

def test_real_time(host):
    """Scheduling, limit of CPU time, affinity and memory lock of the engine, not of others."""
    daemon = host.keepalived(global_defs("vrrp_rt_priority 20", "vrrp_rlimit_rttime 200000",
                                         "vrrp_cpu_affinity 0", "vrrp_no_swap") + instance())
    daemon.wait_state("MASTER")
    pid = daemon.child()
    assert os.sched_getscheduler(pid) & ~os.SCHED_RESET_ON_FORK == os.SCHED_RR
    assert os.sched_getparam(pid).sched_priority == 20
    assert resource.prlimit(pid, resource.RLIMIT_RTTIME) == (100000, 200000)
    assert os.sched_getaffinity(pid) == {0}
    if int(status_of(os.getpid(), "CapEff"), 16) & 1 << 24:     # CAP_SYS_RESOURCE
        assert int(status_of(pid, "VmLck").split()[0]) > 0
    else:
        daemon.wait_log("cannot lock memory: it is limited")
    assert os.sched_getscheduler(daemon.pid) == os.SCHED_OTHER


def test_nice(host):
    daemon = host.keepalived(global_defs("vrrp_priority -5") + instance())
    daemon.wait_state("MASTER")
    assert os.getpriority(os.PRIO_PROCESS, daemon.child()) == -5


def test_without_the_right_to_any_of_it(host, tmp_path):
    """As in a container: said once, and everything else works."""
    wrapped = tmp_path / "wrapped"
    wrapped.write_text("#!/bin/sh\nexec setpriv --bounding-set=-all,+net_admin,+net_raw,"
                       "+sys_chroot --inh-caps=-all "
                       f"prlimit --rtprio=0 --memlock=0 --nice=0 {netlab.OURS} \"$@\"\n")
    wrapped.chmod(0o755)
    daemon = host.keepalived(global_defs("vrrp_rt_priority 20", "vrrp_no_swap",
                                         "vrrp_priority -5") + instance(), wrapped)
    daemon.wait_state("MASTER")
    host.wait_addr(VIP)
    assert daemon.stop() == 0
    assert VIP not in host.addresses()


def test_as_an_ordinary_user(lab, tmp_path):
    """The places of root's files: nothing runs. Places of its own: no advert and no address, and
    why is said, until it is told to stop."""
    (a,) = lab.pair(["192.0.2.1/24"])
    nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        file = pathlib.Path(folder) / "keepalived.conf"
        file.write_text(instance())
        binary = shutil.copy(netlab.OURS, folder)
        own = pathlib.Path(folder) / "own"
        own.mkdir()
        os.chown(own, 65534, 65534)
        words = (*nobody, binary, "-n", "-l", "-f", file, "-p")
        program = a.start("keepalived", *words, f"{folder}/p")
        assert program.wait_exit() == 2
        assert program.has_log(f"cannot use pid file {folder}/p: Permission denied")
        program = a.start("keepalived", *words, own / "p", "-r", own / "r",
                          ready="cannot open a socket for adverts: Operation not permitted")
        program.wait_log(r"\(VI_1\) Entering FAULT STATE")
        assert VIP not in a.addresses()
        program.signal(signal.SIGTERM)
        assert program.wait_exit() == 0


# ---- the kernel's messages ----

def test_overrun(host):
    """With the smallest buffers a burst of news is lost; what really holds is found out."""
    daemon = host.keepalived(global_defs("vrrp_netlink_monitor_rcv_bufs 2048",
                                         "vrrp_netlink_cmd_rcv_bufs 2048") + instance())
    daemon.wait_state("MASTER")
    host.wait_addr(VIP)
    pid = daemon.child()
    os.kill(pid, netlab.signal.SIGSTOP)
    try:
        host.ip_batch("".join(f"address add 198.51.100.{i}/32 dev eth0\n" for i in range(1, 200)) +
                      "".join(f"address del 198.51.100.{i}/32 dev eth0\n" for i in range(1, 200)) +
                      f"address del {VIP}/32 dev eth0\n")
        assert solo.overruns(host, pid) > 0
    finally:
        os.kill(pid, netlab.signal.SIGCONT)
    daemon.wait_log(f"IP {VIP} removed from eth0")
    host.wait_addr(VIP)


def test_many_addresses_with_tiny_buffers(host):
    """Answers that are lost do not leave addresses out. (The kernel does not tell of IPv4 addresses
    that we set ourselves; those of IPv6 are too many for the buffer.)"""
    vips = [f"198.51.1.{1 + i}" for i in range(200)] + [f"2001:db8::{i:x}" for i in range(1, 600)]
    daemon = host.keepalived(global_defs("vrrp_netlink_monitor_rcv_bufs 2048",
                                         "vrrp_netlink_cmd_rcv_bufs 2048") +
                             instance().replace(
                                 "virtual_ipaddress", "virtual_ipaddress_excluded {\n" +
                                 "\n".join(vips) + "\n}\nvirtual_ipaddress"))
    daemon.wait_state("MASTER")
    with netlab.Netlink(host.space, netlab.Netlink.ADDRESSES) as events:
        events.wait(lambda: set(vips) <= host.addresses("eth0"), None, "all addresses")
    assert solo.overruns(host, daemon.child()) > 0
    assert daemon.stop() == 0
    assert not set(vips) & host.addresses("eth0")


@pytest.mark.parametrize("how", ["", "ETHTOOL", "IOCTL"])
def test_linkbeat(lab, how):
    """The state of a polled interface comes from the poll."""
    lan = lab.switch("lan")
    a = lab.host("a", lan, "192.0.2.1/24")
    text = f"linkbeat_interfaces {{\neth0 {how}\n}}\n" + instance("linkbeat_use_polling")
    daemon = a.keepalived(text)
    daemon.wait_state("MASTER")
    lan.set(lan.port(a), "down")
    daemon.wait_state("FAULT")
    a.wait_addr(VIP, present=False)
    lan.set(lan.port(a), "up")
    a.wait_addr(VIP)


def test_linkbeat_over_a_reload(lab):
    """A reload goes on polling; an interface that is made again is asked at once."""
    lan = lab.switch("lan")
    a = lab.host("a", lan, "192.0.2.1/24")
    text = "linkbeat_interfaces {\neth0\n}\n" + instance("linkbeat_use_polling")
    daemon = a.keepalived(text, args=("-D",))
    daemon.wait_state("MASTER")
    log = daemon.mark()
    daemon.wait_log("Reload complete", daemon.reload(text.replace("priority 254", "priority 253")))
    assert not daemon.has_log("Entering|eth0 (up|down)", log)
    lan.set(lan.port(a), "down")
    daemon.wait_state("FAULT", since=log)
    log = daemon.reload(text)
    daemon.wait_log("Reload complete", log)
    assert not daemon.has_log("Entering|eth0 up", log)
    a.del_link()
    daemon.wait_log("Interface eth0 deleted", log)
    a.add_link()
    daemon.wait_state("MASTER", since=log)


# ---- what is told ----

def test_stop_waits_for_the_script(host, tmp_path):
    """notify_stop_wait: the script of the stop ends while the addresses still are there, and runs
    once."""
    script, seen = tmp_path / "stop.sh", tmp_path / "seen"
    script.write_text(f"#!/bin/sh\nsleep 0.5\n{shutil.which('ip')} -4 -o addr >> {seen}\n"
                      f"echo done >> {seen}\n")
    script.chmod(0o755)
    daemon = host.keepalived(global_defs("script_user root") + instance(
        f"notify_stop {script}", "notify_stop_wait 10"))
    host.wait_addr(VIP)
    assert daemon.stop() == 0
    assert f" {VIP}/" in seen.read_text()
    assert seen.read_text().count("done\n") == 1
    assert VIP not in host.addresses()


def test_supervisor_dies_while_the_stop_waits(host, tmp_path):
    """notify_stop_wait: without a supervisor nobody will tell that the script has ended."""
    script, begun = tmp_path / "stop.sh", tmp_path / "begun"
    os.mkfifo(begun)
    script.write_text(f"#!/bin/sh\necho begun >{begun}\nread forever <{begun}\n")
    script.chmod(0o755)
    daemon = host.keepalived(global_defs("script_user root") + instance(
        f"notify_stop {script}", "notify_stop_wait 600"))
    host.wait_addr(VIP)
    engine = daemon.child()
    os.kill(daemon.pid, signal.SIGTERM)
    assert begun.read_text() == "begun\n"
    assert VIP in host.addresses()
    os.kill(daemon.pid, signal.SIGKILL)
    host.wait_addr(VIP, present=False)
    netlab.wait_gone(engine)


def test_engine_killed_while_stopping(host):
    """An engine that does not end is killed after child_wait_time; its addresses go, too."""
    daemon = host.keepalived("child_wait_time 1\n" + instance())
    host.wait_addr(VIP)
    os.kill(daemon.child(), signal.SIGSTOP)
    daemon.stop()
    assert daemon.has_log("died: before it had stopped")
    assert VIP not in host.addresses()


def test_priority_changes_and_fifo_without_reader(host, tmp_path):
    """Nobody reads the FIFO: nothing waits, and what fits the pipe is there for who comes late."""
    fifo, file = tmp_path / "fifo", tmp_path / "value"
    os.mkfifo(fifo)
    file.write_text("0\n")
    daemon = host.keepalived(
        global_defs(f"vrrp_notify_fifo {fifo}") +
        f"track_file F {{\nfile {file}\nweight 1\n}}\n" +
        instance("notify_priority_changes", "track_file {\nF\n}"))
    daemon.wait_state("MASTER")
    for value in range(1, 6):
        file.write_text(f"{value}\n")
        host.capture.wait("vrrp", host.capture.mark(), priority=100 + value)
    lines = solo.read_fifo(fifo, lambda text: text.endswith(" 105\n")).splitlines()
    assert 'INSTANCE "VI_1" MASTER 100' in lines
    assert [line for line in lines if "PRIORITY" in line] == [
        f'INSTANCE "VI_1" MASTER_PRIORITY {100 + v}' for v in range(1, 6)]


def test_descriptors_of_the_next_child(lab):
    """A child that takes the place of a killed one uses no descriptor that is not its own: whoever
    closes a number twice takes it away from somebody else."""
    if shutil.which("strace") is None:
        pytest.skip("there is no strace")
    host, = lab.pair(["192.0.2.1/24"])
    daemon = host.keepalived(solo.conf())
    host.wait_addr(solo.VIP)
    first, since = daemon.child(), daemon.mark()
    trace = host.scratch / "trace"
    tracer = host.start("strace", "strace", "-f", "-p", str(daemon.pid), "-e", "status=failed",
                        "-o", str(trace), ready="attached")
    os.kill(first, signal.SIGKILL)
    daemon.wait_state("MASTER", since=since)
    assert daemon.child(other_than=first) and daemon.stop() == 0
    tracer.wait_exit()
    assert [line for line in trace.read_text().splitlines() if "EBADF" in line] == []
