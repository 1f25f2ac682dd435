# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs that drive keepalived: configurations of the shape they write, started the way they
start it, and readers that are as strict as theirs.

The shapes are ours, written after what those programs are documented to generate; intervals are
short where the program does not depend on them. World starts one of them in namespaces of its own.
"""
import json
import os
import pathlib
import re
import signal
import subprocess
import time

import netlab

# ---- readers ----

STATS_KEYS = {
    "Advertisements": ["Received", "Sent"],
    "Packet Errors": ["Length", "TTL", "Invalid Type", "Advertisement Interval", "Address List"],
    "Authentication Errors": ["Invalid Type", "Type Mismatch", "Failure"],
    "Priority Zero": ["Received", "Sent"],
}
JSON_DATA = {"iname": str, "ifp_ifname": str, "vrid": int, "state": int, "wantstate": int,
             "effective_priority": int, "last_transition": float, "garp_delay": int}
JSON_STATS = ("advert_rcvd advert_sent become_master release_master packet_len_err "
              "advert_interval_err ip_ttl_err invalid_type_rcvd addr_list_err invalid_authtype "
              "authtype_mismatch auth_failure pri_zero_rcvd pri_zero_sent").split()
STATES = ("INIT", "BACKUP", "MASTER", "FAULT")


def read_stats(text):
    """{instance: {section or label: ...}}; a line of another form is an error."""
    all_of_them, section = {}, None
    for line in text.splitlines():
        if match := re.fullmatch(r"VRRP Instance: (\S+)", line):
            instance = all_of_them[match[1]] = {}
        elif match := re.fullmatch(r"  (\w[\w ]*):", line):
            section = instance[match[1]] = {}
        elif match := re.fullmatch(r"  (\w[\w ]*): (\d+)", line):
            instance[match[1]] = int(match[2])
        elif match := re.fullmatch(r"    (\w[\w ]*): (\d+)", line):
            section[match[1]] = int(match[2])
        else:
            raise AssertionError(f"a statistics line no reader knows: {line!r}")
    for instance in all_of_them.values():
        for name, keys in STATS_KEYS.items():
            assert set(keys) <= set(instance[name]), (name, instance[name])
        assert {"Became master", "Released master"} <= set(instance)
    return all_of_them


def read_data(text):
    """{"Instance"|"Script"...: {name: {key: value or list}}} of the blocks ' VRRP X = NAME'."""
    blocks, block, items = {}, None, None
    for line in text.splitlines():
        if match := re.fullmatch(r" VRRP (\w[\w ]*) = (\S+?),?(?: .*)?", line):
            block = blocks.setdefault(match[1], {}).setdefault(match[2], {})
        elif block is None or not line.startswith("   "):
            block = None
        elif line.startswith("     "):
            items.append(line.strip())
        elif match := re.fullmatch(r"   (\S.*?)(?: = (.*)|(?: \(\d+\))?:.*)?", line):
            items = []
            block[match[1]] = match[2] if match[2] is not None else items
    for instance in blocks.get("Instance", {}).values():
        assert instance["State"] in STATES and instance["Wantstate"] in STATES
        assert "Interface" in instance
        int(instance["Gratuitous ARP delay"])
        int(instance["Virtual Router ID"])
        for address in instance.get("Virtual IP", []) + instance.get("Virtual IP Excluded", []):
            assert re.match(r"[\da-fA-F.:]+(/\d+)?( peer \S+| brd \S+)? dev \S+", address), address
    for script in blocks.get("Script", {}).values():
        assert script["Status"] in ("GOOD", "BAD")
        assert script["State"] in ("idle", "running", "requested termination",
                                   "forcing termination")
    return blocks


def read_json(text):
    """The array; types as readers decode them."""
    top = json.loads(text)
    assert isinstance(top, list)
    for element in top:
        data, stats = element["data"], element["stats"]
        for key, kind in JSON_DATA.items():
            assert isinstance(data[key], kind), (key, data[key])
        assert all(isinstance(stats[key], int) for key in JSON_STATS)
        assert data["state"] in range(4) and data["wantstate"] in range(4)
        for address in data.get("vips", []) + data.get("evips", []):
            assert re.match(r"\S+( brd \S+| peer \S+)? dev \S+ scope ", address), address
    return top


# ---- one client's world ----

class World:
    """A host (and others) with the daemon a client starts. Close it by its lab."""

    def __init__(self, scratch, *links, forward=False):
        self.lab = netlab.Lab(scratch)
        self.folder = pathlib.Path(scratch) / "files"
        self.folder.mkdir()
        self.lans = [self.lab.switch(f"lan{i}") for i in range(len(links))]
        ports = [port for lan, addresses in zip(self.lans, links) for port in (lan, *addresses)]
        self.host = self.lab.host("r", *ports, forward=forward)
        self.capture = self.lans[0].capture()
        self.program = None

    def file(self, name, text, mode=0o644):
        path = self.folder / name
        path.write_text(text)
        path.chmod(mode)
        return path

    def script(self, name, text):
        return self.file(name, "#!/bin/sh\n" + text, 0o755)

    def start(self, *arguments, before=(), ready="Startup complete"):
        """In the foreground, as containers and units do."""
        self.program = self.host.start("keepalived", *before, netlab.OURS, *arguments, ready=ready,
                                       env={"TMPDIR": str(self.folder)})
        return self

    def start_forking(self, *arguments, env=None):
        """As an init script does; the log goes to a file."""
        began = time.monotonic()
        done = subprocess.run(["ip", "netns", "exec", self.host.space, netlab.OURS, "-G",
                               f"--log-file={self.folder}/log", "--flush-log-file",
                               *map(str, arguments)],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, timeout=30,
                              env=dict(os.environ, TMPDIR=str(self.folder), **(env or {})))
        assert done.returncode == 0, done.stderr
        return time.monotonic() - began

    def wait_file(self, name, condition=lambda text: text, timeout=None):
        """The content of a file once it is there and as wanted."""
        path, deadline = self.folder / name, netlab.deadline_in(timeout)
        while True:
            text = path.read_text() if path.exists() else ""
            if condition(text):
                return text
            if time.monotonic() > deadline:
                raise netlab.Timeout(f"{path}: {text[-3000:]!r}")
            netlab.watch_folder(path.parent, 0.2)

    def dump(self, pid, signo, name):
        """What a reader does: remove the old file, ask, wait for the new one."""
        (self.folder / name).unlink(missing_ok=True)
        os.kill(pid, signo)
        return self.wait_file(name)

    def data(self, pid):
        return read_data(self.dump(pid, signal.SIGUSR1, "keepalived.data"))

    def stats(self, pid):
        return read_stats(self.dump(pid, signal.SIGUSR2, "keepalived.stats"))

    def json(self, pid):
        return read_json(self.dump(pid, signal.SIGRTMIN + 2, "keepalived.json"))

    def addresses(self, ifname):
        """ADDRESS/LENGTH of an interface."""
        links = json.loads(self.host.ip("-j", "address", "show", "dev", ifname))
        return [f"{a['local']}/{a['prefixlen']}" for link in links for a in link["addr_info"]]

    def routes(self, *words):
        return json.loads(self.host.ip("-j", "route", "show", *words))


def processes_of(pid):
    return [pid] + netlab.children_of(pid)


# ---- what they write ----

VYOS = """\
# generated, do not edit
global_defs {
    dynamic_interfaces
    script_user root
    vrrp_startup_delay 0
    vrrp_garp_master_delay 1
    vrrp_version 3
    notify_fifo FOLDER/notify_fifo
    notify_fifo_script FOLDER/fifo.py
}

vrrp_script healthcheck_WEB {
    script "/bin/true"
    interval 1
    fall 2
    rise 1

}

vrrp_instance WEB {
    state BACKUP
    interface eth0
    virtual_router_id 10
    priority 200
    advert_int 1
    dont_track_primary
    preempt_delay 0
    use_vmac eth0v10v4
    authentication {
        auth_pass "s3cr3t"
        auth_type PASS
    }
    virtual_ipaddress {
        192.0.2.100/24
        203.0.113.10/28 dev eth1
    }
    virtual_ipaddress_excluded {
        198.51.100.1/24
    }
    track_interface {
        eth1
    }
    track_script {
        healthcheck_WEB
    }
}

vrrp_instance WEB6 {
    state BACKUP
    interface eth0
    virtual_router_id 10
    priority 200
    advert_int 1
    nopreempt
    use_vmac eth0v10v6
    virtual_ipaddress {
        fe80::10/64
        2001:db8::10/64
    }
}

vrrp_sync_group MAIN {
    group {
        WEB
        WEB6
    }
    notify_master "FOLDER/note sync master MAIN"
    notify_backup "FOLDER/note sync backup MAIN"
    notify_fault "FOLDER/note sync fault MAIN"
}
"""

NEUTRON = """\
global_defs {
    notification_email_from neutron@openstack.local
    router_id neutron
}
vrrp_script ha_health_check_1 {
    script "FOLDER/ha_check_script_1.sh"
    interval 1
    fall 2
    rise 2
}

vrrp_instance VR_1 {
    state BACKUP
    interface eth0
    virtual_router_id 1
    priority 50
    garp_master_delay 60
    nopreempt
    advert_int 1
    track_interface {
        eth0
    }
    virtual_ipaddress {
        169.254.0.1/24 dev eth0
    }
    virtual_ipaddress_excluded {
        10.10.0.1/24 dev eth1 no_track
        FLOATING
        fe80::f816:3eff:fe00:1/64 dev eth1 scope link no_track
    }
    virtual_routes {
        0.0.0.0/0 via 10.10.0.254 dev eth1 no_track protocol static
        8.8.0.0/16 via 10.10.0.253 no_track protocol static
        10.20.0.0/24 dev eth1 scope link no_track protocol static
    }
    track_script {
        ha_health_check_1
    }
}
"""

OCTAVIA = """\
vrrp_script check_script {
  script FOLDER/check_script.sh
  interval 1
  fall 2
  rise 2
}

vrrp_instance amphora {
  state MASTER
  interface eth0
  virtual_router_id 1
  priority 100
  nopreempt
  accept
  garp_master_refresh 5
  garp_master_refresh_repeat 2
  advert_int 1
  authentication {
    auth_type PASS
    auth_pass 0123456
  }

  unicast_src_ip 192.0.2.1
  unicast_peer {
    192.0.2.2

  }

  virtual_ipaddress {
    192.0.2.100
  }
  virtual_ipaddress_excluded {

  }

  virtual_routes {
    192.0.2.0/24 dev eth0 src 192.0.2.100 scope link table 1
    default via 192.0.2.254 dev eth0 onlink table 1
    198.51.100.0/24 dev eth0 gateway 192.0.2.253 onlink table 1
  }

  virtual_rules {
    from 192.0.2.100/32 table 1 priority 100
  }

  track_script {
    check_script
  }
}
"""

OCTAVIA_LVS = """\
net_namespace SPACE

virtual_server_group ipv4-group {
    192.0.2.100 80
}

virtual_server group ipv4-group {
    lb_algo rr
    lb_kind NAT
    protocol UDP
    persistence_timeout 33
    persistence_granularity 255.255.255.0

    delay_loop 3
    delay_before_retry 5
    retry 2

    real_server 192.0.2.11 82 {
        weight 13
        uthreshold 98
        MISC_CHECK {
            misc_path "/bin/true 192.0.2.11 82"
            misc_timeout 3
        }
    }
}
"""

CEPHADM = """\
# This file is generated by cephadm.
global_defs {
    enable_script_security
    script_user root
}

vrrp_script check_backend {
    script "FOLDER/curl http://192.0.2.1:8999/health"
    weight -20
    interval 1
    rise 1
    fall 1
}

vrrp_instance VI_0 {
  state MASTER
  priority 100
  interface eth0
  virtual_router_id 50
  advert_int 1
  authentication {
      auth_type PASS
      auth_pass 12345678
  }
  unicast_src_ip 192.0.2.1
  unicast_peer {
    192.0.2.2
    192.0.2.3
  }
  virtual_ipaddress {
    192.0.2.100/24 dev eth0
  }
  track_script {
      check_backend
  }
}
vrrp_instance VI_1 {
  state BACKUP
  priority 90
  interface eth0
  virtual_router_id 51
  advert_int 1
  authentication {
      auth_type PASS
      auth_pass 12345678
  }
  unicast_src_ip 192.0.2.1
  unicast_peer {
    192.0.2.2
    192.0.2.3
  }
  virtual_ipaddress {
    192.0.2.101/24 dev eth0
  }
  track_script {
      check_backend
  }
}
"""

CLOUDSTACK = """\
! Configuration File for keepalived

global_defs {
   router_id r-1-VM
}

vrrp_script heartbeat {
    script "FOLDER/heartbeat.sh"
    interval 1
}

vrrp_instance inside_network {
    state EQUAL
    interface eth0
    virtual_router_id 51
    nopreempt

    advert_int 1
    authentication {
        auth_type AH
        auth_pass k33pal1v
    }

    virtual_ipaddress {
        192.0.2.100 brd 192.0.2.255 dev eth0
        203.0.113.10/28 brd 203.0.113.15 dev eth1
    }

    track_script {
        heartbeat
    }

    notify_backup "FOLDER/note backup"
    notify_primary "FOLDER/note primary"
    notify_fault "FOLDER/note fault"
}
"""

OPENSHIFT = """\
global_defs {
    enable_script_security
    script_user root
    max_auto_priority -1
    vrrp_garp_master_refresh 60
}

vrrp_script chk_ocp_lb {
    script "/usr/bin/timeout 1.9 FOLDER/chk_ocp_script.sh"
    interval 1
    weight 20
    rise 1
    fall 1
}

vrrp_script chk_ocp_both {
    script "/usr/bin/timeout 1.9 /bin/true"
    interval 1
    # Use a smaller weight for this check
    weight 5
    rise 1
    fall 1
}

vrrp_instance ocp_API_0 {
    state BACKUP
    interface eth0
    virtual_router_id 63
    priority 40
    advert_int 1
    unicast_src_ip 192.0.2.1
    unicast_peer {
        192.0.2.2
        192.0.2.3
    }
    authentication {
        auth_type PASS
        auth_pass ocp_api_vip
    }
    virtual_ipaddress {
        192.0.2.100/32 label vip
    }
    track_script {
        chk_ocp_lb
        chk_ocp_both
    }
}
vrrp_instance ocp_API_1 {
    state BACKUP
    interface eth0
    virtual_router_id 64
    priority 40
    advert_int 1
    unicast_src_ip 2001:db8::1
    unicast_peer {
        2001:db8::2
    }
    virtual_ipaddress {
        2001:db8::100/128
    }
}
vrrp_sync_group ocp_API {
    group {
        ocp_API_0
        ocp_API_1
    }
    track_script {
        chk_ocp_lb
        chk_ocp_both
    }
}
"""

KUBE = """\
global_defs {
  vrrp_version 3
  vrrp_iptables KUBE-KEEPALIVED-VIP
}

vrrp_instance vips {
  state BACKUP
  interface eth0
  virtual_router_id 50
  priority 100
  nopreempt
  advert_int 1

  track_interface {
    eth0
  }

  notify FOLDER/notify.sh
  notify "FOLDER/note second"

  virtual_ipaddress {
    192.0.2.100
    192.0.2.101
  }
}
"""

TRUENAS = """\
global_defs {
    vrrp_notify_fifo FOLDER/vrrpd.fifo
    vrrp_version 3
}
vrrp_instance eth0_v4 {
    interface eth0
    state BACKUP
    advert_int 0.68
    virtual_router_id 20
    priority 254
    version 3
    unicast_peer {
        192.0.2.2
    }
    preempt
    virtual_ipaddress {
        192.0.2.100/24 dev eth0
    }
}
vrrp_instance eth0_v6 {
    interface eth0
    state BACKUP
    advert_int 0.68
    virtual_router_id 20
    priority 254
    version 3
    unicast_peer {
        2001:db8::2
    }
    preempt
    virtual_ipaddress {
        2001:db8::100/64 dev eth0
    }
}
vrrp_sync_group truenas {
    group {
        eth0_v4
        eth0_v6
    }
}
"""

OPENNEBULA = """\
global_defs {
    router_id router
    vrrp_notify_fifo FOLDER/vrrp_notify_fifo.sock
    fifo_write_vrrp_states_on_reload
}
include FOLDER/conf.d/*.conf
"""

OPENNEBULA_INSTANCE = """\
vrrp_sync_group VRouter {
    group {
        ETH0
    }
}
vrrp_instance ETH0 {
    state             BACKUP
    interface         eth0
    virtual_router_id 17
    priority          100
    advert_int        1
    virtual_ipaddress {
        192.0.2.100/24 dev eth0
    }
    virtual_routes {
    }
}
"""
