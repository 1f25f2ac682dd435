# SPDX-License-Identifier: GPL-2.0-or-later
"""What rows of the keyword tables need besides their example: by path."""
import language

GLOBAL = "global_defs {\n%s\n}"
PEER = "unicast_peer {\n192.0.2.2\n}\n"
KEY = "key 1 hex:" + "0123456789abcdef" * 4 + "\n"
SERVER = "lvs_sched rr\nlvs_method NAT\nprotocol TCP\n"
REAL = language.REAL % "TCP_CHECK {\n}"
CHECKER = "virtual_server > real_server > "

# Where a row stands when its path does not say it.
SPECIAL = {
    "(language) > comment": GLOBAL,
    "(language) > ${_INSTANCE}": GLOBAL,
    "(language) > ${_RANDOM}": GLOBAL,
    "(language) > ${_ENV}": GLOBAL,
    "(language) > ${_HASH}": GLOBAL,
    "(language) > ${_BANG}": GLOBAL,
}

# The inside of blocks whose example ends with the brace.
FILL = {
    "bfd_instance": "neighbor_ip 192.0.2.9\n",
    "virtual_server_group": "192.0.2.10 80\n",
    "virtual_server": SERVER + REAL,
    CHECKER + "MISC_CHECK": "misc_path /usr/bin/true\n",
    CHECKER + "HTTP_GET": language.URL,
    CHECKER + "SSL_GET": language.URL,
    CHECKER + "HTTP_GET > url": "path /t\n",
    CHECKER + "SSL_GET > url": "path /t\n",
    CHECKER + "FILE_CHECK": "track_file f\n",
    CHECKER + "BFD_CHECK": "name b\n",
    CHECKER + "DNS_CHECK": "type NS\n",
    "SSL": "ca /etc/ca.pem\n",
    CHECKER + "SMTP_CHECK > host": "connect_port 587\n",
    "track_file": "file /run/t\n",
    "vrrp_track_file": "file /run/t\n",
}
FILL["virtual_server > real_server"] = "weight 2\nTCP_CHECK {\n}\n"

# Statements without which a row would be complained about.
NEEDS = {
    "virtual_server > hashed": "@lvs_sched sh",
    "virtual_server > sh-port": "@lvs_sched sh",
    "virtual_server > sh-fallback": "@lvs_sched sh",
    "virtual_server > mh-port": "@lvs_sched mh",
    "virtual_server > mh-fallback": "@lvs_sched mh",
    "virtual_server > ops": "@protocol UDP",
    "virtual_server > sorry_server_inhibit": "sorry_server 192.0.2.11 80\n",
    "virtual_server > sorry_server_lvs_method": "sorry_server 192.0.2.11 80\n",
    "garp_group > interface": "garp_interval 0.1\n",
    "garp_group > interfaces": "garp_interval 0.1\n",
    "vrrp_instance > advert_int": "version 3\n",
    "vrrp_instance > native_ipv6": "@192.0.2.77/24 2001:db8::77",
    "vrrp_instance > unicast_src_ip": PEER,
    "vrrp_instance > unicast_ttl": PEER,
    "vrrp_instance > unicast_fault_no_peer": PEER,
    "vrrp_instance > check_unicast_src": PEER,
    "vrrp_instance > old_unicast_checksum": "version 3\n" + PEER,
    "vrrp_instance > vrf": "@interface\n@192.0.2.77/24 192.0.2.77/24 dev eth0\nunicast_src_ip 192.0.2.1\ndont_track_primary\n" + PEER,
    "vrrp_instance > track_src_ip": "mcast_src_ip 192.0.2.1\n",
    "vrrp_instance > vmac_xmit_base": "use_vmac\n",
    "vrrp_instance > timer_expired_backup": "nopreempt\n",
    "vrrp_instance > thread_timer_expired": "nopreempt\n",
    "vrrp_instance > owner_ignore_adverts": "priority 255\n",
    "vrrp_instance > authentication > auth_type": "auth_pass abc\n",
    "vrrp_instance > authentication > auth_pass": "auth_type PASS\n",
    "vrrp_instance > auth_hmac > key": "active_key 1\n",
    "vrrp_instance > auth_hmac > active_key": KEY,
    "vrrp_instance > auth_hmac > time_window": KEY + "active_key 1\n",
    "vrrp_instance > auth_hmac > anti_replay": KEY + "active_key 1\n",
    "vrrp_instance > auth_hmac > mode": KEY + "active_key 1\n",
}

# Words of examples that the canonical text writes otherwise, besides the aliases of the tables.
CANONICAL = {
    "noreverse": ["weight"], "lb_algo": ["lvs_sched"], "lb_kind": ["lvs_method"],
    "vrrp_track_file": ["track_file"], "yes": ["true"], "on": ["true"], "no": ["false"], "off": ["false"], "main": ["254"],
    "tcp": ["6"], "udp": ["17"], "192.0.2.100": ["192.0.2.100/32"],
}

# The canonical text of rows that is written in another form.
SHOWN_AS = {
    "bfd_instance > neighbour_ip": "neighbor_ip 192.168.1.2",
    "bfd_instance > hoplimit": "ttl 255",
    "virtual_server_group > RANGE-SUFFIX": "192.168.200.1-192.168.200.10 80",
    CHECKER + "SMTP_CHECK > host": "connect_port 587",
    "(language) > comment": "router_id a",
    "(language) > $NAME=VALUE": "192.0.2.1/24 dev eth0",
    "(language) > ${NAME}": "192.0.2.1/24 dev eth0",
    "(language) > $NAME= \\": "192.0.2.1/24 dev eth0",
    "(language) > ${_INSTANCE}": "router_id here",
    "(language) > ${_RANDOM}": "router_id",
    "(language) > ${_ENV}": "router_id h",
    "(language) > ${_HASH}": "router_id a#b",
    "(language) > ${_BANG}": "router_id a!b",
    "(language) > ~SEQ": "192.0.2.1/24 192.0.2.2/24 192.0.2.3/24",
    "(language) > ~SEQx": "2001:db8::9/64 2001:db8::a/64 2001:db8::b/64",
    "(language) > ~LST": "192.0.2.1/24 eth0 192.0.2.2/24 eth1",
    "(language) > @^ID": "192.0.2.1/24 dev eth0",
    "global_defs": "router_id r1",
    "global_defs > umask": "umask 022",
    "garp_group > interface": "interfaces eth0",
    "vrrp_instance > linkbeat_use_polling": "linkbeat_use_polling",
    "linkbeat_use_polling": "linkbeat_use_polling",
    "vrrp_instance > unicast_src_ip": "mcast_src_ip 192.0.2.1",
    "vrrp_instance > thread_timer_expired": "timer_expired_backup 200",
    "vrrp_instance > vmac_garp_intvl": "garp_extra_if 100",
    "vrrp_instance > virtual_ipaddress": "192.0.2.100/24",
    "vrrp_sync_group > global_tracking": "sync_group_tracking_weight",
    "static_rules > <rule> > [type] blackhole | unreachable | prohibit": "blackhole preference 10",
}
for block in ("static_ipaddress", "vrrp_instance > virtual_ipaddress",
              "vrrp_instance > virtual_ipaddress_excluded"):
    SHOWN_AS[block + " > <address> > brd | broadcast"] = "dev eth0 brd"
    SHOWN_AS[block + " > <address> > scope"] = "dev eth0 scope 253"
for block, network in (("static_routes", "192.0.2.0/24"),
                       ("vrrp_instance > virtual_routes", "198.51.100.0/24")):
    SHOWN_AS.update({
        block + " > <route> > inet | inet6": "::/0 inet6 dev eth0",
        block + " > <route> > to": network + " dev eth0",
        block + " > <route> > protocol": network + " dev eth0 protocol 4 no_track",
        block + " > <route> > scope": network + " dev eth0 scope 253",
        block + " > <route> > pref": "pref 1",
        block + " > <route> > gw": network + " via inet",
        block + " > <route> > default6": "::/0 dev eth0",
    })
SHOWN_AS.update({
    "static_routes > <route> > rtt": "rtt 2400",
    "static_routes > <route> > rttvar": "rttvar lock 4000",
    "vrrp_instance > virtual_routes > <route> > rtt": "rtt 8000",
    "vrrp_instance > virtual_routes > <route> > rttvar": "rttvar 4000",
    "vrrp_instance > virtual_routes > <route> > rto_min": "rto_min 200",
    "vrrp_instance > virtual_rules > <rule> > [type] blackhole | unreachable | prohibit":
        "from 192.0.2.100/32 prohibit preference 500",
})

# Rows that leave no trace in the canonical text, because what they say holds anyway ("same") or
# because there is nothing to keep ("none").
LEFT_OUT = {
    **{f"(language) > {word}": "none"
       for word in ("include", "includer", "includem", "includew", "includeb", "includea",
                    "${_PWD}", "@ID")},
    "bfd_instance > ttl": "same", "bfd_instance > hoplimit": "same",
    "bfd_instance > vrrp": "same", "bfd_instance > checker": "same",
    "global_defs > enable_script_security": "same",
    "vrrp_instance > preempt": "none", "vrrp_instance > strict_mode": "same",
    "vrrp_instance > debug": "none", "virtual_server > hashed": "none",
    "static_routes > <route> > as [to]": "none",
    "vrrp_instance > virtual_routes > <route> > as": "none",
}

# Rows that are complained about although they are accepted: what the message says.
NOTED = {
    CHECKER + "HTTP_GET > nb_get_retry": ("retry",),
    CHECKER + "SSL_GET > nb_get_retry": ("retry",),
    CHECKER + "SMTP_CHECK > host": ("host",),
    "global_defs > vrrp_vmac_garp_intvl": ("vrrp_garp_extra_if",),
    "vrrp_instance > vmac_garp_intvl": ("garp_extra_if",),
    "vrrp_instance > lvs_sync_daemon_interface": ("lvs_sync_daemon",),
    "vrrp_instance > linkbeat_use_polling": ("linkbeat_interfaces",),
    "vrrp_instance > thread_timer_expired": ("timer_expired_backup",),
    "vrrp_sync_group > global_tracking": ("sync_group_tracking_weight",),
}
for block in ("static_routes", "vrrp_instance > virtual_routes"):
    NOTED[block + " > <route> > gw"] = ("via",)
    NOTED[block + " > <route> > or"] = ("deprecated",)
NOTED["static_routes > <route> > as [to]"] = ("MPLS",)
NOTED["vrrp_instance > virtual_routes > <route> > as"] = ("MPLS",)
