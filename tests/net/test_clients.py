# SPDX-License-Identifier: GPL-2.0-or-later
"""What programs that drive keepalived rely on: their configurations, started their way, and what
they wait for. Shapes and strict readers are in clients.py.

All of them are started side by side; a test then uses its own. D-Bus and SNMP are the business of
the monitor process and its tests.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import signal
import stat
import struct
import subprocess

import pytest

import clients
import netlab
import solo
from clients import World, processes_of

UUID = "0d64f5f7-2a4e-4d5c-8a2a-2f6c7d1f6b11"
LAN = ["192.0.2.1/24", "2001:db8::1/64"]


def config_of(world, text, **words):
    for word, value in words.items():
        text = text.replace(word, value)
    return world.file("keepalived.conf", text.replace("FOLDER", str(world.folder)))


def note_script(world):
    world.script("note", f'echo "$@" >>{world.folder}/notes\n')


# ---- how each is started ----

def start_vyos(scratch):
    world = World(scratch, LAN, ["203.0.113.1/28"])
    note_script(world)
    world.script("fifo.py", f'exec cat "$1" >>{world.folder}/fifo_lines\n')
    conf = config_of(world, clients.VYOS)
    world.pid_file = world.folder / "keepalived.pid"
    world.start("--use-file", conf, "--pid", world.pid_file, "--dont-fork", "--log-console",
                "-r", world.folder / "v.pid")
    world.host.wait_addr("2001:db8::10")
    world.host.wait_addr("203.0.113.10")
    return world


def start_neutron(scratch):
    world = World(scratch, ["169.254.192.1/18"], ["fe80::1/64"])
    world.script("ha_check_script_1.sh", "exit 0\n")
    for key in ("net.ipv4.ip_nonlocal_bind", "net.ipv6.conf.all.addr_gen_mode"):
        world.host.sysctl(key, 1)
    world.folder = world.folder / UUID
    world.folder.mkdir()
    world.script("ha_check_script_1.sh", "exit 0\n")
    world.conf = config_of(world, clients.NEUTRON, FLOATING="")
    world.monitor = world.host.start("monitor", "ip", "-o", "monitor", "address")
    world.pid_file = world.folder.parent / f"{UUID}.pid.keepalived"
    # The number of some other process, as after a reboot.
    world.pid_file.write_text("1\n")
    world.arguments = ["-P", "-f", world.conf, "-p", world.pid_file,
                       "-r", f"{world.pid_file}-vrrp", "-D"]
    world.start_forking(*world.arguments, env={"PROCESS_TAG": f"keepalived-{UUID}"})
    world.host.wait_addr("169.254.0.1")
    world.pid = int(world.pid_file.read_text())
    return world


def start_octavia(scratch):
    world = World(scratch, LAN)
    world.script("check_script.sh", "exit 0\n")
    conf = config_of(world, clients.OCTAVIA)
    world.pid_file = world.folder / "vrrp.pid"
    world.start_forking("--log-facility=0", "-f", conf, "-p", world.pid_file,
                        "-r", world.folder / "vrrp_process.pid")
    world.host.wait_addr("192.0.2.100")
    world.pid = int(world.pid_file.read_text())
    return world


def start_cephadm(scratch):
    world = World(scratch, LAN)
    world.script("curl", f"test ! -e {world.folder}/sick\n")
    world.start("-n", "-l", "-D", "-p", world.folder / "k.pid", "-r", world.folder / "v.pid",
                "-f", config_of(world, clients.CEPHADM))
    world.host.wait_addr("192.0.2.101")
    return world


def start_cloudstack(scratch):
    world = World(scratch, LAN, ["203.0.113.1/28"])
    note_script(world)
    world.script("heartbeat.sh", "exit 0\n")
    conf = config_of(world, clients.CLOUDSTACK)
    world.pid_file = world.folder / "k.pid"
    world.start_forking("-D", "-f", conf, "-p", world.pid_file, "--vrrp",
                        "-r", world.folder / "v.pid")
    world.host.wait_addr("203.0.113.10")
    world.pid = int(world.pid_file.read_text())
    return world


def start_openshift(scratch):
    world = World(scratch, LAN)
    world.script("chk_ocp_script.sh", f"test ! -e {world.folder}/sick\n")
    conf = config_of(world, clients.OPENSHIFT)
    few = "-all,+net_admin,+net_raw,+sys_chroot"
    world.start("-f", conf, "--dont-fork", "--vrrp", "--log-detail", "--log-console",
                "-p", world.folder / "k.pid", "-r", world.folder / "v.pid",
                before=("setpriv", f"--bounding-set={few}", f"--inh-caps={few}"))
    world.host.wait_addr("2001:db8::100")
    world.host.wait_addr("192.0.2.100")
    return world


def start_kube(scratch):
    world = World(scratch, LAN)
    note_script(world)
    world.script("notify.sh", f"echo $3 >{world.folder}/state\n")
    conf = config_of(world, clients.KUBE)
    # The pid files have their default names, in a /run of its own.
    world.start("--dont-fork", "--log-console", "--log-detail", "--release-vips", "-f", conf,
                before=("sh", "-c", 'mount -t tmpfs none /run && exec "$@"', "sh"))
    world.host.wait_addr("192.0.2.101")
    return world


def start_truenas(scratch):
    world = World(scratch, LAN)
    os.mkfifo(world.folder / "vrrpd.fifo")
    world.reader = os.open(world.folder / "vrrpd.fifo", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    world.start("--dont-fork", "--log-detail", "--vrrp", "--log-console",
                "-p", world.folder / "k.pid", "-r", world.folder / "v.pid",
                "-f", config_of(world, clients.TRUENAS))
    world.host.wait_addr("2001:db8::100")
    return world


def start_opennebula(scratch):
    world = World(scratch, LAN)
    (world.folder / "conf.d").mkdir()
    (world.folder / "conf.d" / "eth0.conf").write_text(clients.OPENNEBULA_INSTANCE)
    world.start("-n", "-l", "-p", world.folder / "k.pid", "-r", world.folder / "v.pid",
                "-f", config_of(world, clients.OPENNEBULA))
    world.host.wait_addr("192.0.2.100")
    return world


STARTERS = {name.removeprefix("start_"): start for name, start in list(globals().items())
            if name.startswith("start_")}


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """Each client's world as a future."""
    with concurrent.futures.ThreadPoolExecutor(len(STARTERS)) as pool:
        futures = {name: pool.submit(start, tmp_path_factory.mktemp(name))
                   for name, start in STARTERS.items()}
        yield futures
        for future in futures.values():
            if future.exception() is None:
                future.result().lab.close()


@pytest.fixture
def vyos(started):
    return started["vyos"].result()


@pytest.fixture
def neutron(started):
    return started["neutron"].result()


@pytest.fixture
def octavia(started):
    return started["octavia"].result()


@pytest.fixture
def cephadm(started):
    return started["cephadm"].result()


@pytest.fixture
def cloudstack(started):
    return started["cloudstack"].result()


@pytest.fixture
def openshift(started):
    return started["openshift"].result()


@pytest.fixture
def kube(started):
    return started["kube"].result()


@pytest.fixture
def truenas(started):
    return started["truenas"].result()


@pytest.fixture
def opennebula(started):
    return started["opennebula"].result()


def pid_of(world):
    return world.pid if hasattr(world, "pid") else world.program.pid


# ---- what holds for all of them ----

@pytest.mark.parametrize("name", STARTERS)
def test_state_files(started, name):
    """The three files parse as strictly as any reader does, and tell the same story."""
    world = started[name].result()
    pid = pid_of(world)
    data, stats, array = world.data(pid), world.stats(pid), world.json(pid)
    names = list(data["Instance"])
    assert list(stats) == names == [one["data"]["iname"] for one in array]
    for one in array:
        shown = data["Instance"][one["data"]["iname"]]
        assert shown["State"] == shown["Wantstate"] == "MASTER"
        assert one["data"]["state"] == one["data"]["wantstate"] == 2
        assert len(shown["Virtual IP"]) == len(one["data"]["vips"])
        assert one["stats"]["become_master"] == 1
        assert stats[one["data"]["iname"]]["Became master"] == 1


@pytest.mark.parametrize("name", STARTERS)
def test_process_table(started, name):
    """Every process shows the whole command line; the oldest is the one that takes signals."""
    world = started[name].result()
    parent, *children = processes_of(pid_of(world))
    engines = [pid for pid in children
               if pathlib.Path(f"/proc/{pid}/comm").read_text() == "keepalived\n"]
    assert engines
    words = pathlib.Path(f"/proc/{parent}/cmdline").read_bytes()
    assert os.path.basename(words.split(b"\0")[0]) == b"keepalived"
    assert pathlib.Path(f"/proc/{parent}/comm").read_text() == "keepalived\n"

    def started_at(pid):
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
        return int(text.rsplit(")", 1)[1].split()[19])
    for pid in engines:
        assert pathlib.Path(f"/proc/{pid}/cmdline").read_bytes() == words
        assert (started_at(pid), pid) > (started_at(parent), parent)


@pytest.mark.parametrize("name", STARTERS)
def test_configuration_can_run(started, name):
    """Generated files have warnings, never errors that keep them from running."""
    world = started[name].result()
    text = (world.folder / "keepalived.conf").read_text()
    path = world.file("test.conf", text)
    done = subprocess.run(["ip", "netns", "exec", world.host.space, netlab.OURS, "-t", "-f", path],
                          stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert done.returncode in (0, 4, 5), done.stderr


# ---- VyOS ----

def test_vyos_interfaces(vyos):
    links = {link["ifname"]: link for link in
             json.loads(vyos.host.ip("-j", "-d", "link", "show", "type", "macvlan"))}
    assert links["eth0v10v4"]["address"] == "00:00:5e:00:01:0a"
    assert links["eth0v10v6"]["address"] == "00:00:5e:00:02:0a"
    assert set(vyos.addresses("eth0v10v4")) >= {"192.0.2.100/24", "198.51.100.1/24"}
    assert set(vyos.addresses("eth0v10v6")) >= {"fe80::10/64", "2001:db8::10/64"}
    assert "203.0.113.10/28" in vyos.addresses("eth1")


def test_vyos_fifo(vyos):
    """Each line has the four words; the group is MASTER once all members are."""
    text = vyos.wait_file("fifo_lines", lambda t: 'GROUP "MAIN" MASTER 0\n' in t)
    assert all(re.match(r'^(\w+) "([\w-]+)" (\w+) (\d+)$', line) for line in text.splitlines())
    assert 'INSTANCE "WEB" MASTER 200\n' in text
    assert "sync master MAIN\n" in vyos.wait_file("notes", lambda t: "master" in t)


def test_vyos_waits_for_close_write(vyos):
    """The summary is read when the final name was closed after writing."""
    close_write, nonblock = 0x8, 0o4000
    inotify = netlab.LIBC.inotify_init1(nonblock)
    netlab.LIBC.inotify_add_watch(inotify, str(vyos.folder).encode(), close_write)
    os.kill(int(vyos.pid_file.read_text()), signal.SIGRTMIN + 2)
    deadline, names = netlab.deadline_in(None), []
    while "keepalived.json" not in names and netlab.time.monotonic() < deadline:
        try:
            events = os.read(inotify, 65536)
        except BlockingIOError:
            netlab.watch_folder(vyos.folder, 0.1)
            continue
        while events:
            size = struct.unpack_from("iIII", events)[3]
            names.append(events[16:16 + size].rstrip(b"\0").decode())
            events = events[16 + size:]
    os.close(inotify)
    assert "keepalived.json" in names
    rows = clients.read_json((vyos.folder / "keepalived.json").read_text())
    assert [(r["data"]["iname"], r["data"]["ifp_ifname"], r["data"]["vrid"],
             r["data"]["effective_priority"]) for r in rows] == [
        ("WEB", "eth0v10v4", 10, 200), ("WEB6", "eth0v10v6", 10, 200)]


def test_vyos_reload(vyos):
    """systemctl reload with the same text: nothing moves."""
    since, log = vyos.capture.mark(), vyos.program.mark()
    vyos.program.signal(signal.SIGHUP)
    vyos.program.wait_log("Reload complete", log)
    vyos.capture.wait("vrrp", vyos.capture.mark(), count=4)
    assert not vyos.capture.of("vrrp", since, priority=0)
    assert not vyos.program.has_log("Entering", log)


# ---- Neutron ----

def test_neutron_state_is_an_address(neutron):
    """The monitor shows exactly the address it looks for."""
    neutron.monitor.wait_log(r"eth0\s+inet 169\.254\.0\.1/24 .*scope global eth0")
    assert "169.254.0.1/24" in neutron.addresses("eth0")


def test_neutron_addresses_and_routes(neutron):
    neutron.host.wait_addr("fe80::f816:3eff:fe00:1")
    assert {"10.10.0.1/24", "fe80::f816:3eff:fe00:1/64"} <= set(neutron.addresses("eth1"))
    routes = {r["dst"]: r for r in neutron.routes("proto", "static")}
    assert routes["default"]["gateway"] == "10.10.0.254"
    assert routes["8.8.0.0/16"]["gateway"] == "10.10.0.253"
    assert routes["10.20.0.0/24"]["scope"] == "link"


def test_neutron_uuid_in_every_process(neutron):
    for pid in processes_of(neutron.pid):
        if pathlib.Path(f"/proc/{pid}/comm").read_text() == "keepalived\n":
            assert UUID in pathlib.Path(f"/proc/{pid}/cmdline").read_text()
    assert int(pathlib.Path(f"{neutron.pid_file}-vrrp").read_text()) in processes_of(neutron.pid)


def test_neutron_reload(neutron):
    """A floating address more; the address that stands for the state, and the default route,
    are left alone."""
    text = clients.NEUTRON.replace("FOLDER", str(neutron.folder))
    new = neutron.file("new.conf", text.replace("FLOATING", "10.10.0.77/32 dev eth1 no_track"))
    since = neutron.monitor.mark()
    with netlab.Netlink(neutron.host.space, netlab.Netlink.ROUTES) as events:
        os.rename(new, neutron.conf)
        os.kill(neutron.pid, signal.SIGHUP)
        neutron.monitor.wait_log(r"inet 10\.10\.0\.77/32", since)
        neutron.wait_file("log", lambda text: "Reload complete" in text)
        events.socket.setblocking(False)
        with pytest.raises(BlockingIOError):
            while True:
                kind, *_ = struct.unpack_from("=H", events.socket.recv(65536), 4)
                assert kind != 25, "a route was removed"
    neutron.host.ip("address", "add", "198.51.100.1/32", "dev", "lo")
    neutron.monitor.wait_log(r"198\.51\.100\.1/32", since)      # all before it was shown
    assert not neutron.monitor.has_log(r"169\.254\.0\.1/24", since)


def test_neutron_restarts(neutron):
    """TERM: gone within the time after which it is killed; KILL: no child stays, and a new one
    starts over the pid file of the old."""
    os.kill(neutron.pid, signal.SIGTERM)
    neutron.host.wait_addr("169.254.0.1", present=False, timeout=5)
    netlab.wait_gone(neutron.pid, 5)
    assert not neutron.pid_file.exists()
    assert not {"10.10.0.1", "10.10.0.77", "fe80::f816:3eff:fe00:1"} & neutron.host.addresses()
    neutron.start_forking(*neutron.arguments)
    pid = int(neutron.pid_file.read_text())
    neutron.host.wait_addr("169.254.0.1")
    children = processes_of(pid)[1:]
    os.kill(pid, signal.SIGKILL)
    for child in children:
        netlab.wait_gone(child)
    assert neutron.pid_file.read_text() == f"{pid}\n"
    neutron.start_forking(*neutron.arguments)
    neutron.pid = int(neutron.pid_file.read_text())
    assert neutron.pid != pid
    neutron.host.wait_addr("169.254.0.1")


# ---- Octavia ----

def test_octavia_routes_and_rules(octavia):
    """`gateway` means via; the rule sends the address to its table."""
    routes = {r["dst"]: r for r in octavia.routes("table", "1")}
    assert routes["192.0.2.0/24"]["prefsrc"] == "192.0.2.100"
    assert routes["default"]["gateway"] == "192.0.2.254"
    assert routes["default"]["flags"] == ["onlink"]
    assert routes["198.51.100.0/24"]["gateway"] == "192.0.2.253"
    rules = json.loads(octavia.host.ip("-j", "rule", "show"))
    assert [r["table"] for r in rules if r["priority"] == 100] == ["1"]
    assert [r["src"] for r in rules if r["priority"] == 100] == ["192.0.2.100"]


def test_octavia_speaks_to_its_peer(octavia):
    advert = octavia.capture.wait("arp", where=lambda p: p.address == "192.0.2.1"
                                  and p.asked == "192.0.2.2")
    assert not octavia.capture.of("vrrp", target="224.0.0.18"), advert


def test_octavia_servers(tmp_path, octavia):
    """The file of the virtual servers names its namespace outside global_defs."""
    conf = tmp_path / "lvs.conf"
    conf.write_text(clients.OCTAVIA_LVS.replace("SPACE", octavia.host.space))
    done = subprocess.run([netlab.OURS, "-t", "-f", conf], stdin=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True)
    assert done.returncode in (0, 4, 5), done.stderr


# ---- cephadm ----

def test_cephadm_health(cephadm):
    """A failed health check costs 20, and gives it back; both instances follow."""
    assert {"192.0.2.100/24", "192.0.2.101/24"} <= set(cephadm.addresses("eth0"))

    def priorities(pid):
        return [one["data"]["effective_priority"] for one in cephadm.json(pid)]
    assert priorities(cephadm.program.pid) == [100, 90]
    log = cephadm.program.mark()
    cephadm.file("sick", "")
    cephadm.program.wait_log(r"\(VI_0\).*effective priority.* 80", log)
    cephadm.program.wait_log(r"\(VI_1\).*effective priority.* 70", log)
    assert priorities(cephadm.program.pid) == [80, 70]
    log = cephadm.program.mark()
    (cephadm.folder / "sick").unlink()
    cephadm.program.wait_log(r"\(VI_0\).*effective priority.* 100", log)


# ---- CloudStack ----

def test_cloudstack(cloudstack):
    """AH on the wire, the broadcast addresses asked for, and the script for PRIMARY runs."""
    advert = cloudstack.capture.wait("vrrp", cloudstack.capture.mark())
    assert advert.authenticated and advert.priority == 100
    found = {a["local"]: a for link in json.loads(cloudstack.host.ip("-j", "address", "show"))
             for a in link["addr_info"]}
    assert found["192.0.2.100"]["broadcast"] == "192.0.2.255"
    assert found["203.0.113.10"]["broadcast"] == "203.0.113.15"
    assert cloudstack.wait_file("notes", lambda t: "primary" in t) == "backup\nprimary\n"


# ---- OpenShift ----

def test_openshift_runs_with_three_capabilities(openshift):
    status = pathlib.Path(f"/proc/{openshift.program.pid}/status").read_text()
    assert re.search(r"^CapBnd:\s*0000000000043000$", status, re.M)


def test_openshift_liveness(openshift):
    """The probe makes the file, asks, and looks for a word."""
    for _ in range(2):
        (openshift.folder / "keepalived.data").write_text("\n")
        os.kill(openshift.program.pid, signal.SIGUSR1)
        openshift.wait_file("keepalived.data", lambda text: "VRRP Instance" in text)


def test_openshift_scripts(openshift):
    """The weights of the group's scripts are the priority; the label is as written."""
    assert [one["data"]["effective_priority"] for one in openshift.json(openshift.program.pid)] \
        == [65, 65]
    links = json.loads(openshift.host.ip("-j", "address", "show", "dev", "eth0"))
    assert [a["label"] for a in links[0]["addr_info"] if a["local"] == "192.0.2.100"] == ["vip"]
    log = openshift.program.mark()
    openshift.file("sick", "")
    openshift.program.wait_log(r"\(ocp_API_1\).*effective priority.* 45", log)


# ---- kube-keepalived-vip ----

def test_kube_pid_files(kube):
    """Readiness is that both exist, by the names readers know."""
    root = pathlib.Path(f"/proc/{kube.program.pid}/root/run")
    assert (root / "keepalived.pid").read_text() == f"{kube.program.pid}\n"
    vrrp = int((root / "keepalived_vrrp.pid").read_text())
    assert vrrp in processes_of(kube.program.pid)
    assert int((root / "vrrp.pid").read_text()) == vrrp


def test_kube_notify_first_wins(kube):
    assert kube.wait_file("state", lambda t: "MASTER" in t) == "MASTER\n"
    assert not (kube.folder / "notes").exists()


# ---- TrueNAS ----

def test_truenas_fifo(truenas):
    """The reader made it, and splits each line into four words."""
    text = solo.read_fifo(truenas.reader, lambda text: 'GROUP "truenas" MASTER' in text)
    words = [line.split() for line in text.splitlines()]
    assert all(len(line) == 4 for line in words)
    assert ["INSTANCE", '"eth0_v4"', "MASTER", "254"] in words
    assert ["GROUP", '"truenas"', "MASTER", "0"] in words
    assert stat.S_ISFIFO(os.stat(truenas.folder / "vrrpd.fifo").st_mode)


def test_truenas_restart_is_a_migration(tmp_path):
    """An interval of 68 hundredths; a stop sends priority 0 to the peer at once."""
    with netlab.Lab(tmp_path) as lab:
        a, b = lab.pair(LAN, ["192.0.2.2/24", "2001:db8::2/64"])
        capture = lab.switches["lan"].capture()
        os.mkfifo(tmp_path / "vrrpd.fifo")
        daemon = a.keepalived(clients.TRUENAS.replace("FOLDER", str(tmp_path)))
        advert = capture.wait("vrrp", priority=254, target="192.0.2.2")
        assert advert.interval == pytest.approx(0.68) and b
        capture.wait("vrrp", priority=254, target="2001:db8::2")
        since = capture.mark()
        daemon.signal(signal.SIGTERM)
        capture.wait("vrrp", since, priority=0, target="192.0.2.2")
        capture.wait("vrrp", since, priority=0, target="2001:db8::2")
        assert daemon.wait_exit() == 0
        assert (tmp_path / "vrrpd.fifo").exists()


# ---- OpenNebula ----

def test_opennebula_states_on_reload(opennebula):
    """Readers get all states again after a reload, and the STOP at the end."""
    reader = os.open(opennebula.folder / "vrrp_notify_fifo.sock", os.O_RDWR | os.O_NONBLOCK)
    first = solo.read_fifo(reader, lambda text: text.count("\n") >= 4)
    assert first.splitlines() == [
        'GROUP "VRouter" BACKUP 0', 'INSTANCE "ETH0" BACKUP 100',
        'INSTANCE "ETH0" MASTER 100', 'GROUP "VRouter" MASTER 0']
    log = opennebula.program.mark()
    opennebula.program.signal(signal.SIGHUP)
    opennebula.program.wait_log("Reload complete", log)
    text = solo.read_fifo(reader, lambda text: text.count("\n") >= 2)
    assert sorted(text.splitlines()) == ['GROUP "VRouter" MASTER 0', 'INSTANCE "ETH0" MASTER 100']
    opennebula.program.signal(signal.SIGTERM)
    assert opennebula.program.wait_exit() == 0
    assert 'INSTANCE "ETH0" STOP 100\n' in os.read(reader, 65536).decode()
    os.close(reader)


# ---- places and modes ----

# The binary may be below /tmp: it is opened before.
PRIVATE = ('exec 9<"$1"; mount -t tmpfs none /run && printf "%b" "$2" >/run/k.conf && '
           'mount -t tmpfs none /tmp && exec /proc/self/fd/9 -n -l -f /run/k.conf')


@pytest.mark.parametrize("umask, mode", [("", 0o600), ("umask 022", 0o644)])
def test_default_places(lab, umask, mode):
    """/tmp/keepalived.* where nothing else is said, in the mode of the umask option."""
    host, = lab.pair(LAN)
    text = (f"global_defs {{\n{umask}\n}}\nvrrp_instance V {{\ninterface eth0\n"
            "virtual_router_id 1\nvirtual_ipaddress {\n192.0.2.100\n}\n}\n")
    program = host.start("keepalived", "env", "-u", "TMPDIR", "sh", "-c", PRIVATE, "sh",
                         netlab.OURS, text, ready="Startup complete")
    root = pathlib.Path(f"/proc/{program.pid}/root/tmp")
    for signo, name in ((signal.SIGUSR1, "keepalived.data"), (signal.SIGUSR2, "keepalived.stats"),
                        (signal.SIGRTMIN + 2, "keepalived.json")):
        program.signal(signo)
        deadline = netlab.deadline_in(None)
        while not (root / name).exists() and netlab.time.monotonic() < deadline:
            netlab.watch_folder(root, 0.2)
        assert stat.S_IMODE((root / name).stat().st_mode) == mode
        assert (root / name).read_text().strip()


def test_checkers_pid_file_tells_the_last_start(lab):
    pytest.skip("Octavia compares the time of the checkers' pid file: health checking is not there")
