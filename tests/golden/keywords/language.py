# SPDX-License-Identifier: GPL-2.0-or-later
"""The language for tests of keywords: places for statements, and many texts bound in one run.

PLACES says for each block what must stand around a statement of it so that everything else is in
order. bind() runs the config_batch program over texts.
"""
import json
import pathlib
import subprocess

NAMES = """\
global_defs {
	script_user root
	enable_script_security
}
bfd_instance b1 {
	neighbor_ip 198.18.9.9
}
bfd_instance b {
	neighbor_ip 198.18.9.8
}
bfd_instance bfd1 {
	neighbor_ip 198.18.9.7
}
vrrp_script chk {
	script "/usr/bin/true"
}
vrrp_script s {
	script "/usr/bin/true"
}
track_file tf {
	file /run/tf
}
track_file f {
	file /run/f
}
vrrp_track_process tp {
	process tp
}
vrrp_track_process p {
	process p
}
"""
TRACK_GROUP = """\
track_group TG1 {
	group {
		VI_1
	}
}
"""
INSTANCE = """\
vrrp_instance %s {
	interface eth0
	virtual_router_id %d
	virtual_ipaddress {
		192.0.2.%d/24
	}
}
"""
INSTANCES = INSTANCE % ("VI_1", 201, 201) + INSTANCE % ("VI_2", 202, 202)

# In each the statement under test stands for the only "%s".
UNIT = """vrrp_instance VI_T {
	interface eth0
	virtual_router_id 77
	virtual_ipaddress {
		192.0.2.77/24
	}
	%s
}
"""
SERVER = """virtual_server 10.9.9.9 80 {
	lvs_sched rr
	lvs_method NAT
	protocol TCP
	%s
}
"""
REAL = """	real_server 10.9.9.1 80 {
		weight 1
		%s
	}
"""
FULL_SERVER = SERVER % ("%s\n" + REAL % "TCP_CHECK {\n}")
IN_REAL = SERVER % (REAL % "%s")
GROUP = """vrrp_sync_group VG_T {
	group {
		VI_1
		VI_2
	}
	%s
}
"""
URL = "url {\n path /\n}\n"

# Block path -> text around a statement.
PLACES = {
    "": "%s",
    "global_defs": "global_defs {\n%s\n}",
    "track_group": "%s",
    "garp_group": "garp_group {\n%s\n}",
    "static_ipaddress": "static_ipaddress {\n%s\n}",
    "static_routes": "static_routes {\n%s\n}",
    "static_rules": "static_rules {\n%s\n}",
    "vrrp_script": "vrrp_script T {\nscript /usr/bin/true\n%s\n}",
    "track_file": "track_file T {\nfile /run/t\n%s\n}",
    "vrrp_track_file": "vrrp_track_file T {\nfile /run/t\n%s\n}",
    "vrrp_track_process": "vrrp_track_process T {\nprocess t\n%s\n}",
    "vrrp_instance": UNIT,
    "vrrp_instance > authentication": UNIT % "authentication {\n%s\n}",
    "vrrp_instance > auth_hmac": UNIT % "auth_hmac {\n%s\n}",
    "vrrp_sync_group": GROUP,
    "bfd_instance": "bfd_instance T {\nneighbor_ip 192.0.2.9\n%s\n}",
    "SSL": "SSL {\n%s\n}",
    "virtual_server_group": "virtual_server_group GT {\n192.0.2.10 80\n%s\n}",
    "virtual_server": FULL_SERVER,
    "virtual_server > real_server": SERVER % (REAL % "TCP_CHECK {\n}\n%s"),
}
for block in ("track_interface", "track_script", "track_file", "track_process", "track_bfd"):
    PLACES["vrrp_instance > " + block] = UNIT % f"{block} {{\n%s\n}}"
    PLACES["vrrp_sync_group > " + block] = GROUP % f"{block} {{\n%s\n}}"
for block in ("virtual_routes", "virtual_rules", "virtual_ipaddress_excluded", "unicast_peer"):
    PLACES["vrrp_instance > " + block] = UNIT % f"{block} {{\n%s\n}}"
PLACES["vrrp_instance > virtual_ipaddress"] = UNIT.replace("192.0.2.77/24", "%s", 1).replace(
    "\t%s\n}", "}")
for check in ("MISC_CHECK", "SMTP_CHECK", "TCP_CHECK", "PING_CHECK", "UDP_CHECK", "HTTP_GET",
              "SSL_GET", "DNS_CHECK", "FILE_CHECK", "BFD_CHECK"):
    needs = {"MISC_CHECK": "misc_path /usr/bin/true\n", "HTTP_GET": URL, "SSL_GET": URL,
             "FILE_CHECK": "track_file f\n", "BFD_CHECK": "name b\n",
             "DNS_CHECK": "type NS\n"}.get(check, "")
    PLACES["virtual_server > real_server > " + check] = IN_REAL % f"{check} {{\n{needs}%s\n}}"
PLACES["virtual_server > real_server > SMTP_CHECK > host"] = IN_REAL % (
    "SMTP_CHECK {\nhost {\n%s\n}\n}")
for check in ("HTTP_GET", "SSL_GET"):
    PLACES[f"virtual_server > real_server > {check} > url"] = IN_REAL % (
        f"{check} {{\nurl {{\npath /t\n%s\n}}\n}}")


def bind(build, texts):
    """[(findings, canonical text)] for each of @texts; findings as --config-test prints in JSON."""
    program = pathlib.Path(build) / "tests/golden/config_batch"
    given = b"".join(text.encode() + b"\0" for text in texts)
    done = subprocess.run([str(program)], input=given, stdout=subprocess.PIPE, check=True,
                          timeout=240)
    parts = done.stdout.decode("utf-8", "replace").split("\0")[:-1]
    assert len(parts) == 2 * len(texts), "an answer is missing"
    return [(json.loads(parts[i]), parts[i + 1]) for i in range(0, len(parts), 2)]


def complaints(findings):
    """Those that are no mere notes."""
    return [f for f in findings if f["severity"] != "note"]
