# SPDX-License-Identifier: GPL-2.0-or-later
"""The IPVS synchronisation daemon that follows an instance, as ipvsadm shows it."""
import re
import time

import netlab
from lab import needs

INSTANCE = """
vrrp_instance VI_1 {{
	interface eth0
	version 3
	virtual_router_id 51
	priority {priority}
	advert_int 0.2
	{more}
	virtual_ipaddress {{
		192.0.2.100
	}}
}}
"""


def config(line, priority=100, more="", extra=""):
    return (f"global_defs {{\nlvs_sync_daemon {line}\n{extra}}}\n" +
            INSTANCE.format(priority=priority, more=more))


def daemons(host):
    """What runs, as {role: rest of the line of ipvsadm}."""
    text = netlab.run("ip", "netns", "exec", host.space, "ipvsadm", "-l", "--daemon", check=False)
    return {role: rest for role, rest in re.findall(r"^(master|backup) sync daemon (.*)$", text,
                                                    re.M)}


def wait_daemons(host, *roles):
    """The kernel announces nothing: ask until it is so."""
    deadline = netlab.deadline_in(None)
    while set(daemons(host)) != set(roles):
        if time.monotonic() > deadline:
            raise netlab.Timeout(f"{host.name}: {daemons(host)}, not {roles}")
        netlab.watch_folder(host.scratch, 0.05)
    return daemons(host)


@needs("ipvs")
def test_follows_the_instance(lab):
    """BACKUP listens, MASTER sends, after stop nothing runs."""
    a, b = lab.pair(["192.0.2.1/24"], ["192.0.2.2/24"])
    first = a.keepalived(config("eth0 VI_1", 150))
    first.wait_state("MASTER")
    text = wait_daemons(a, "master")["master"]
    assert "mcast=eth0" in text and "syncid=51" in text
    second = b.keepalived(config("eth0 VI_1 id 7", 100))
    second.wait_state("BACKUP")
    assert "syncid=7" in wait_daemons(b, "backup")["backup"]
    assert first.stop() == 0
    wait_daemons(a)
    wait_daemons(b, "master")
    assert second.stop() == 0
    wait_daemons(b)


@needs("ipvs")
def test_all_attributes_and_reload(lab):
    """Every option reaches the kernel; a reload changes what differs and nothing else."""
    (a,) = lab.pair(["192.0.2.1/24"])
    line = "eth0 inst VI_1 id 9 maxlen 1200 port 9000 ttl 3 group 224.0.0.99"
    daemon = a.keepalived(config(line))
    daemon.wait_state("MASTER")
    text = wait_daemons(a, "master")["master"]
    for word in ("syncid=9", "maxlen=1200", "group=224.0.0.99", "port=9000", "ttl=3"):
        assert word in text, text
    since = daemon.reload(config(line, 120))
    daemon.wait_log("reload: ", since)
    assert not daemon.has_log("synchronisation daemon", since), "restarted without need"
    since = daemon.reload(config("eth0 inst VI_1 id 10"))
    daemon.wait_log("synchronisation daemon: master on eth0, id 10", since)
    assert "syncid=10" in wait_daemons(a, "master")["master"]
    daemon.reload(INSTANCE.format(priority=100, more=""))
    wait_daemons(a)


@needs("ipvs")
def test_leftovers_and_death(lab):
    """Daemons of a killed predecessor are replaced; a respawned engine takes over its own."""
    (a,) = lab.pair(["192.0.2.1/24"])
    netlab.run("ip", "netns", "exec", a.space, "ipvsadm", "--start-daemon", "backup",
               "--mcast-interface", "eth0", "--syncid", "3")
    daemon = a.keepalived(config("eth0 VI_1"))
    daemon.wait_state("MASTER")
    assert "syncid=51" in wait_daemons(a, "master")["master"]
    pid = daemon.child()
    since = daemon.mark()
    netlab.os.kill(pid, netlab.signal.SIGKILL)
    daemon.wait_state("MASTER", since=since)
    wait_daemons(a, "master")
    assert daemon.stop() == 0
    wait_daemons(a)


@needs("ipvs")
def test_old_keyword_and_late_interface(lab):
    """lvs_sync_daemon_interface in the instance means the same; an interface may come later."""
    (a,) = lab.pair(["192.0.2.1/24"])
    daemon = a.keepalived("global_defs {\ndynamic_interfaces\n}\n" + INSTANCE.format(
        priority=100, more="lvs_sync_daemon_interface sync0"))
    daemon.wait_state("MASTER")
    daemon.wait_log("synchronisation daemon: cannot start the backup on sync0: No such device")
    a.ip("link add sync0 type veth peer name sync1")
    a.ip("link set sync0 up")
    a.ip("address add 198.51.100.1/24 dev sync0")
    assert "mcast=sync0" in wait_daemons(a, "master")["master"]
    assert daemon.stop() == 0
