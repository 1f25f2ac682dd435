/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An example of every row of VRRP's tables, for vrrp_rows_test.c.
 */
#pragma once

struct example {
	const char *word;
	const char *args;
	const char *printed;	/* the field as text; NULL: as ->args; "": is not looked at */
	const char *around;	/* other context, %s: the line; NULL: that of the table */
};

#define VI(body) "vrrp_instance V {\ninterface eth0\nvirtual_router_id 7\n" body "\n}\n"
#define VIP	 "virtual_ipaddress {\n192.0.2.1/24\n}\n"
#define VIP6	 "virtual_ipaddress {\nfe80::1\n}\n"
#define MEMBERS	 "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\n" VIP "}\n" \
		 "vrrp_instance B {\ninterface eth0\nvirtual_router_id 2\n" VIP "}\n"
#define TRACKED	 "vrrp_script s {\nscript \"/x\"\n}\ntrack_file f {\nfile /run/f\n}\n" \
		 "vrrp_track_process p {\nprocess sshd\n}\n"

static const struct example sections[] = {
	{ "garp_group", "{\ngarp_interval 0.1\ninterface eth0\n}", "", NULL },
	{ "linkbeat_interfaces", "{\neth0 MII\n}", "", NULL },
	{ "linkbeat_use_polling", "", "", NULL },
	{ "interface_up_down_delays", "{\neth0 1 2\n}", "", NULL },
	{ "track_group", "t {\ngroup {\nV\n}\n}", "", VI(VIP) "%s" },
	{ "static_ipaddress", "{\n192.0.2.1/24 dev eth0\n}", "", NULL },
	{ "static_routes", "{\n192.0.2.0/24 via 198.51.100.1 dev eth0\n}", "", NULL },
	{ "static_rules", "{\nfrom 192.0.2.0/24 table 100 priority 100\n}", "", NULL },
	{ "vrrp_script", "s {\nscript \"/bin/true\"\n}", "", NULL },
	{ "track_tcp", "t {\nhost 192.0.2.1\nport 80\n}", "", NULL },
	{ "track_http", "h {\nurl http://192.0.2.1/\n}", "", NULL },
	{ "track_ping", "p {\nhost 192.0.2.1\n}", "", NULL },
	{ "track_file", "f {\nfile /run/f\n}", "", NULL },
	{ "vrrp_track_file", "f {\nfile /run/f\n}", "", NULL },
	{ "vrrp_track_process", "p {\nprocess sshd\n}", "", NULL },
	{ "vrrp_instance", "V {\ninterface eth0\nvirtual_router_id 1\n" VIP "}", "", NULL },
	{ "vrrp_sync_group", "G {\ngroup {\nA\nB\n}\n}", "", MEMBERS "%s" },
};

#define V3    VI("version 3\n" VIP "%s")
#define OWNER VI("priority 255\n" VIP "%s")
#define PEER  VI(VIP "unicast_peer {\n192.0.2.9\n}\n%s")

static const struct example instances[] = {
	{ "state", "BACKUP", NULL, NULL },
	{ "interface", "eth1", NULL, "vrrp_instance V {\nvirtual_router_id 1\n" VIP "%s\n}\n" },
	{ "virtual_router_id", "51", NULL, "vrrp_instance V {\ninterface eth0\n" VIP "%s\n}\n" },
	{ "priority", "150", NULL, NULL },
	{ "version", "3", NULL, NULL },
	{ "native_ipv6", "", NULL, VI("%s\n" VIP6) },
	{ "advert_int", "0.5", NULL, V3 },
	{ "strict_mode", "no", "false", NULL },
	{ "debug", "2", NULL, NULL },
	{ "net_namespace", "blue", NULL, NULL },
	{ "nopreempt", "", NULL, NULL },
	{ "preempt", "", NULL, NULL },
	{ "preempt_delay", "4.5", NULL, NULL },
	{ "down_timer_adverts", "5", NULL, NULL },
	{ "timer_expired_backup", "200", NULL, VI(VIP "nopreempt\n%s") },
	{ "thread_timer_expired", "200", NULL, VI(VIP "nopreempt\n%s") },
	{ "lower_prio_no_advert", "yes", "true", NULL },
	{ "higher_prio_send_advert", "on", "true", NULL },
	{ "owner_ignore_adverts", "false", "false", OWNER },
	{ "skip_check_adv_addr", "off", "false", NULL },
	{ "accept", "", NULL, NULL },
	{ "no_accept", "", NULL, NULL },
	{ "virtual_ipaddress", "{\n192.0.2.1\n}", "", VI("%s") },
	{ "virtual_ipaddress_excluded", "{\n2001:db8::1\n}", "", NULL },
	{ "no_virtual_ipaddress", "", NULL, VI("version 3\n%s") },
	{ "promote_secondaries", "", NULL, NULL },
	{ "virtual_routes", "{\n198.51.100.0/24 dev eth0\n}", "", NULL },
	{ "virtual_rules", "{\nfrom 192.0.2.1 table 1 priority 2\n}", "", NULL },
	{ "track_interface", "{\neth1\n}", "", NULL },
	{ "track_script", "{\ns weight 5\n}", "", TRACKED VI(VIP "%s") },
	{ "track_file", "{\nf\n}", "", TRACKED VI(VIP "%s") },
	{ "track_process", "{\np\n}", "", TRACKED VI(VIP "%s") },
	{ "dont_track_primary", "", NULL, NULL },
	{ "track_src_ip", "", NULL, VI(VIP "mcast_src_ip 192.0.2.5\n%s") },
	{ "linkbeat_use_polling", "", NULL, NULL },
	{ "mcast_src_ip", "192.0.2.5", NULL, NULL },
	{ "unicast_src_ip", "192.0.2.5", NULL, PEER },
	{ "mcast_dst_ip", "224.0.0.20", NULL, NULL },
	{ "unicast_peer", "{\n192.0.2.9\n}", "", NULL },
	{ "unicast_ttl", "64", NULL, PEER },
	{ "unicast_fault_no_peer", "", NULL, PEER },
	{ "check_unicast_src", "", NULL, PEER },
	{ "old_unicast_checksum", "never", NULL, PEER },
	{ "v3_checksum_as_v2", "", "true", V3 },
	{ "vrf", "blue", NULL, "vrrp_instance V {\nvirtual_router_id 1\nunicast_src_ip 192.0.2.5\n"
			       "unicast_peer {\n192.0.2.9\n}\nvirtual_ipaddress {\n192.0.2.1 dev "
			       "eth0\n}\n%s\n}\n" },
	{ "kernel_rx_buf_size", "100000", NULL, NULL },
	{ "use_vmac", "vrrp.7", "", NULL },
	{ "use_vmac_addr", "", NULL, NULL },
	{ "vmac_xmit_base", "", NULL, VI(VIP "use_vmac\n%s") },
	{ "use_ipvlan", "ipv 192.0.2.51/24 private", "", NULL },
	{ "garp_master_delay", "10", NULL, NULL },
	{ "garp_master_repeat", "3", NULL, NULL },
	{ "garp_master_refresh", "60", NULL, NULL },
	{ "garp_master_refresh_repeat", "2", NULL, NULL },
	{ "garp_lower_prio_delay", "11", NULL, NULL },
	{ "garp_lower_prio_repeat", "0", NULL, NULL },
	{ "garp_extra_if", "all 100", NULL, NULL },
	{ "vmac_garp_intvl", "100", NULL, NULL },
	{ "notify_master", "\"/m a\" u g", NULL, NULL },
	{ "notify_backup", "\"/b\"", NULL, NULL },
	{ "notify_fault", "\"/f\"", NULL, NULL },
	{ "notify_stop", "\"/s\"", NULL, NULL },
	{ "notify", "\"/n\"", NULL, NULL },
	{ "notify_primary", "\"/p\"", NULL, NULL },
	{ "notify_secondary", "\"/q\"", NULL, NULL },
	{ "notify_master_rx_lower_pri", "\"/r\"", NULL, NULL },
	{ "notify_deleted", "\"/d\"", NULL, NULL },
	{ "notify_stop_wait", "2.5", NULL, NULL },
	{ "notify_priority_changes", "no", "false", NULL },
	{ "smtp_alert", "", "true", NULL },
	{ "lvs_sync_daemon_interface", "eth0", NULL, NULL },
	{ "lvs_sync_daemon_inteface", "eth0", NULL, NULL },
	{ "authentication", "{\nauth_type PASS\nauth_pass abc\n}", "", NULL },
	{ "auth_hmac", "{\nkey 1 0123456789012345678901234567890123456789\nactive_key 1\n}", "",
	  NULL },
};

static const struct example groups[] = {
	{ "group", "{\nA\nB\n}", "", MEMBERS "vrrp_sync_group G {\n%s\n}\n" },
	{ "track_interface", "{\neth1\n}", "", NULL },
	{ "track_script", "{\ns\n}", "", NULL },
	{ "track_file", "{\nf weight 2\n}", "", NULL },
	{ "track_process", "{\np\n}", "", NULL },
	{ "notify_master", "\"/m a\" u g", NULL, NULL },
	{ "notify_backup", "\"/b\"", NULL, NULL },
	{ "notify_fault", "\"/f\"", NULL, NULL },
	{ "notify_stop", "\"/s\"", NULL, NULL },
	{ "notify", "\"/n\"", NULL, NULL },
	{ "notify_primary", "\"/p\"", NULL, NULL },
	{ "notify_secondary", "\"/q\"", NULL, NULL },
	{ "notify_stop_wait", "3", NULL, NULL },
	{ "smtp_alert", "yes", "true", NULL },
	{ "notify_priority_changes", "on", "true", NULL },
	{ "sync_group_tracking_weight", "", NULL, NULL },
	{ "global_tracking", "", NULL, NULL },
};

#define ADDRESS(line) VI("virtual_ipaddress {\n" line "\n}\n")
#define ADDRESS_EXAMPLES                                                 \
	{ "dev", "eth1", NULL, NULL },                                   \
	{ "brd", "192.0.2.255", NULL, NULL },                            \
	{ "broadcast", "+", "192.0.2.255", NULL },                       \
	{ "scope", "link", "253", NULL },                                \
	{ "label", "eth0:1", NULL, NULL },                               \
	{ "home", "", NULL, NULL },                                      \
	{ "-nodad", "", NULL, NULL },                                    \
	{ "mngtmpaddr", "", NULL, NULL },                                \
	{ "noprefixroute", "", NULL, NULL },                             \
	{ "autojoin", "", NULL, NULL },                                  \
	{ "no_track", "", NULL, NULL }

static const struct example addresses[] = {
	ADDRESS_EXAMPLES,
	{ "peer", "192.0.2.200", NULL, ADDRESS("192.0.2.1 %s") },
	{ "preferred_lft", "100", NULL, ADDRESS("fe80::1/64 %s") },
	{ "use_vmac", "", NULL, ADDRESS("192.0.2.1/24 dev eth1 %s") },
};

#define STATIC_ADDRESS(line) VI(VIP) "track_group T {\ngroup {\nV\n}\n}\n" \
				     "static_ipaddress {\n" line "\n}\n"
static const struct example static_addresses[] = {
	ADDRESS_EXAMPLES,
	{ "peer", "192.0.2.200", NULL, STATIC_ADDRESS("192.0.2.1 %s") },
	{ "preferred_lft", "forever", NULL, STATIC_ADDRESS("2001:db8::1/64 %s") },
	{ "track_group", "T", NULL, STATIC_ADDRESS("192.0.2.1/24 dev eth0 %s") },
};

#define ROUTE(line)  VI(VIP "virtual_routes {\n" line "\n}\n")
#define SROUTE(line) VI(VIP) "track_group T {\ngroup {\nV\n}\n}\nstatic_routes {\n" line "\n}\n"
#define ROUTE_EXAMPLES(in)                                                              \
	{ "inet", "", NULL, in("default dev eth0 %s") },                                \
	{ "inet6", "", NULL, in("default dev eth0 %s") },                               \
	{ "to", "198.51.100.0/24", "", in("%s dev eth0") },                             \
	{ "unicast", "198.51.100.0/24", "", in("%s dev eth0") },                        \
	{ "local", "198.51.100.0/24", "", in("%s dev eth0") },                          \
	{ "broadcast", "198.51.100.0/24", "", in("%s dev eth0") },                      \
	{ "brd", "198.51.100.0/24", "", in("%s dev eth0") },                            \
	{ "anycast", "198.51.100.0/24", "", in("%s dev eth0") },                        \
	{ "multicast", "198.51.100.0/24", "", in("%s dev eth0") },                      \
	{ "blackhole", "198.51.100.0/24", "", in("%s") },                               \
	{ "unreachable", "to 198.51.100.0/24", "", in("%s") },                          \
	{ "prohibit", "198.51.100.0/24", "", in("to %s") },                             \
	{ "throw", "198.51.100.0/24", "", in("%s") },                                   \
	{ "nat", "198.51.100.0/24", "", in("%s via 192.0.2.1") },                       \
	{ "xresolve", "198.51.100.0/24", "", in("%s") },                                \
	{ "via", "192.0.2.9", "inet 192.0.2.9", in("198.51.100.0/24 %s") },             \
	{ "gateway", "inet6 fe80::9", NULL, in("198.51.100.0/24 dev eth0 %s") },        \
	{ "gw", "192.0.2.9", "inet 192.0.2.9", in("198.51.100.0/24 %s") },              \
	{ "or", "192.0.2.9", "", in("198.51.100.0/24 via 192.0.2.8 %s") },              \
	{ "dev", "eth0", NULL, in("198.51.100.0/24 %s") },                              \
	{ "oif", "eth0", NULL, in("198.51.100.0/24 %s") },                              \
	{ "src", "192.0.2.7", NULL, in("198.51.100.0/24 dev eth0 %s") },                \
	{ "from", "2001:db8::/64", NULL, in("2001:db8:9::/48 dev eth0 %s") },           \
	{ "tos", "0x10", "16", in("198.51.100.0/24 dev eth0 %s") },                     \
	{ "dsfield", "8", NULL, in("198.51.100.0/24 dev eth0 %s") },                    \
	{ "table", "100", NULL, in("198.51.100.0/24 dev eth0 %s") },                    \
	{ "vrf", "blue", NULL, in("198.51.100.0/24 %s") },                              \
	{ "protocol", "static", "4", in("198.51.100.0/24 dev eth0 no_track %s") },      \
	{ "proto", "5", NULL, in("198.51.100.0/24 dev eth0 no_track %s") },             \
	{ "scope", "link", "253", in("198.51.100.0/24 dev eth0 %s") },                  \
	{ "metric", "10", NULL, in("198.51.100.0/24 dev eth0 %s") },                    \
	{ "priority", "11", NULL, in("198.51.100.0/24 dev eth0 %s") },                  \
	{ "preference", "12", NULL, in("198.51.100.0/24 dev eth0 %s") },                \
	{ "prepend", "", NULL, in("198.51.100.0/24 dev eth0 %s") },                     \
	{ "append", "", NULL, in("198.51.100.0/24 dev eth0 %s") },                      \
	{ "add", "", NULL, in("198.51.100.0/24 dev eth0 %s") },                         \
	{ "onlink", "", NULL, in("198.51.100.0/24 via 192.0.2.9 dev eth0 %s") },        \
	{ "encap", "ip id 5 dst 203.0.113.9 ttl 64", NULL, in("198.51.100.0/24 dev eth0 %s") }, \
	{ "mtu", "lock 1400", NULL, in("198.51.100.0/24 dev eth0 %s") },                \
	{ "advmss", "1300", NULL, in("198.51.100.0/24 dev eth0 %s") },                  \
	{ "reordering", "5", NULL, in("198.51.100.0/24 dev eth0 %s") },                 \
	{ "cwnd", "lock 10", NULL, in("198.51.100.0/24 dev eth0 %s") },                 \
	{ "ssthresh", "lock 11", NULL, in("198.51.100.0/24 dev eth0 %s") },             \
	{ "window", "10000", NULL, in("198.51.100.0/24 dev eth0 %s") },                 \
	{ "initcwnd", "12", NULL, in("198.51.100.0/24 dev eth0 %s") },                  \
	{ "initrwnd", "13", NULL, in("198.51.100.0/24 dev eth0 %s") },                  \
	{ "hoplimit", "64", NULL, in("198.51.100.0/24 dev eth0 %s") },                  \
	{ "rtt", "1s", "8000", in("198.51.100.0/24 dev eth0 %s") },                     \
	{ "rttvar", "lock 500ms", "lock 2000", in("198.51.100.0/24 dev eth0 %s") },     \
	{ "rto_min", "300", NULL, in("198.51.100.0/24 dev eth0 %s") },                  \
	{ "features", "ecn", NULL, in("198.51.100.0/24 dev eth0 %s") },                 \
	{ "quickack", "1", NULL, in("198.51.100.0/24 dev eth0 %s") },                   \
	{ "fastopen_no_cookie", "1", NULL, in("198.51.100.0/24 dev eth0 %s") },         \
	{ "congctl", "lock cubic", NULL, in("198.51.100.0/24 dev eth0 %s") },           \
	{ "realms", "10/20", NULL, in("198.51.100.0/24 dev eth0 %s") },                 \
	{ "pref", "high", "1", in("2001:db8:9::/48 dev eth0 %s") },                     \
	{ "expires", "100", NULL, in("2001:db8:9::/48 dev eth0 %s") },                  \
	{ "ttl-propagate", "enabled", NULL, in("198.51.100.0/24 dev eth0 %s") },        \
	{ "as", "to 203.0.113.9", "", in("198.51.100.0/24 dev eth0 %s") },              \
	{ "nexthop", "via 192.0.2.9 dev eth0 weight 2 nexthop via 192.0.2.8",           \
	  " via inet 192.0.2.9 dev eth0 weight 2 nexthop via inet 192.0.2.8 weight 1",  \
	  in("198.51.100.0/24 %s") },                                                   \
	{ "no_track", "", NULL, in("198.51.100.0/24 dev eth0 %s") }

static const struct example routes[] = { ROUTE_EXAMPLES(ROUTE) };
static const struct example static_routes[] = {
	ROUTE_EXAMPLES(SROUTE),
	{ "track_group", "T", NULL, SROUTE("198.51.100.0/24 dev eth0 %s") },
};

static const struct example nexthops[] = {
	{ "via", "192.0.2.9", "inet 192.0.2.9", NULL },
	{ "dev", "eth0", NULL, NULL },
	{ "oif", "eth0", NULL, NULL },
	{ "weight", "256", NULL, ROUTE("198.51.100.0/24 nexthop via 192.0.2.9 %s") },
	{ "onlink", "", NULL, ROUTE("198.51.100.0/24 nexthop via 192.0.2.9 %s") },
	{ "encap", "mpls 100/200", NULL, ROUTE("198.51.100.0/24 nexthop via 192.0.2.9 %s") },
	{ "realms", "5", NULL, ROUTE("198.51.100.0/24 nexthop via 192.0.2.9 %s") },
};

#define RULE(line)  VI(VIP "virtual_rules {\n" line "\n}\n")
#define SRULE(line) VI(VIP) "track_group T {\ngroup {\nV\n}\n}\nstatic_rules {\n" line "\n}\n"
#define RULE_EXAMPLES(in)                                                                \
	{ "inet", "", NULL, in("from all table 1 priority 5 %s") },                      \
	{ "inet6", "", NULL, in("from all table 1 priority 5 %s") },                     \
	{ "not", "", NULL, in("from 192.0.2.0/24 %s table 1 priority 5") },              \
	{ "from", "192.0.2.0/24", NULL, in("%s table 1 priority 5") },                   \
	{ "to", "192.0.2.0/24", NULL, in("%s table 1 priority 5") },                     \
	{ "iif", "eth0", NULL, in("%s table 1 priority 5") },                            \
	{ "dev", "eth0", NULL, in("%s table 1 priority 5") },                            \
	{ "oif", "eth0", NULL, in("%s table 1 priority 5") },                            \
	{ "tos", "0x10", "16", in("%s table 1 priority 5") },                            \
	{ "dsfield", "0x08", "8", in("%s table 1 priority 5") },                         \
	{ "fwmark", "0x1/0xff", NULL, in("%s table 1 priority 5") },                     \
	{ "realms", "1/2", NULL, in("%s table 1 priority 5") },                          \
	{ "ipproto", "tcp", "6", in("%s table 1 priority 5") },                          \
	{ "ip_proto", "200", NULL, in("%s table 1 priority 5") },                        \
	{ "sport", "80", "80-80", in("%s table 1 priority 5") },                         \
	{ "dport", "80-90", NULL, in("%s table 1 priority 5") },                         \
	{ "uidrange", "1000-1999", NULL, in("%s table 1 priority 5") },                  \
	{ "tunnel-id", "5", NULL, in("%s table 1 priority 5") },                         \
	{ "tunnel_id", "6", NULL, in("%s table 1 priority 5") },                         \
	{ "table", "100", NULL, in("from all priority 5 %s") },                          \
	{ "lookup", "main", "254", in("from all priority 5 %s") },                       \
	{ "goto", "600", NULL, in("from all priority 5 %s") },                           \
	{ "l3mdev", "", NULL, in("priority 5 %s") },                                     \
	{ "nop", "", NULL, in("from all priority 5 %s") },                               \
	{ "blackhole", "", NULL, in("from all priority 5 %s") },                         \
	{ "unreachable", "", NULL, in("from all priority 5 %s") },                       \
	{ "prohibit", "", NULL, in("from all priority 5 type %s") },                     \
	{ "type", "blackhole", "", in("from all priority 5 %s") },                       \
	{ "suppress_prefixlength", "0", NULL, in("table 1 priority 5 %s") },             \
	{ "sup_pl", "1", NULL, in("table 1 priority 5 %s") },                            \
	{ "suppress_ifgroup", "default", "0", in("table 1 priority 5 %s") },             \
	{ "sup_group", "3", NULL, in("table 1 priority 5 %s") },                         \
	{ "preference", "0x10", "16", in("table 1 %s") },                                \
	{ "priority", "10", NULL, in("table 1 %s") },                                    \
	{ "order", "10", NULL, in("table 1 %s") },                                       \
	{ "pref", "10", NULL, in("table 1 %s") },                                        \
	{ "protocol", "200", NULL, in("table 1 priority 5 no_track %s") },               \
	{ "proto", "bird", "12", in("table 1 priority 5 no_track %s") },                 \
	{ "no_track", "", NULL, in("table 1 priority 5 %s") }

static const struct example rules[] = { RULE_EXAMPLES(RULE) };
static const struct example static_rules[] = {
	RULE_EXAMPLES(SRULE),
	{ "track_group", "T", NULL, SRULE("iif eth0 table 1 priority 5 %s") },
};

static const struct example weights[] = {
	{ "weight", "-20 reverse", NULL, NULL },
};
static const struct example plain_weights[] = {
	{ "weight", "20", NULL, NULL },
};
static const struct example peers[] = {
	{ "min_ttl", "1", NULL, NULL },
	{ "max_ttl", "254", NULL, NULL },
};
static const struct example vmacs[] = {
	{ "name", "group", "", NULL },
	{ "netlink_notify_msg", "", NULL, NULL },
	{ "group", "5", NULL, NULL },
};
static const struct example ipvlans[] = {
	{ "name", "private", "", NULL },
	{ "bridge", "", NULL, NULL },
	{ "private", "", NULL, NULL },
	{ "vepa", "", NULL, NULL },
	{ "group", "5", NULL, NULL },
};
static const struct example auths[] = {
	{ "auth_type", "AH", NULL, VI(VIP "authentication {\nauth_pass x\n%s\n}\n") },
	{ "auth_pass", "secret", NULL, VI(VIP "authentication {\nauth_type PASS\n%s\n}\n") },
};
#define HMAC(line) VI(VIP "auth_hmac {\n" line "\n}\n")
#define HEX32	   "hex:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define KEY	   "key 1 " HEX32 "\n"
static const struct example hmacs[] = {
	{ "key", "1 " HEX32, "", HMAC("%s\nactive_key 1") },
	{ "active_key", "1", NULL, HMAC(KEY "%s") },
	{ "time_window", "10", NULL, HMAC(KEY "active_key 1\n%s") },
	{ "anti_replay", "monotonic", NULL, HMAC(KEY "active_key 1\n%s") },
	{ "mode", "receive-only", NULL, HMAC(KEY "active_key 1\n%s") },
};
#define CHECK_EXAMPLES                                  \
	{ "interval", "2.5", NULL, NULL },              \
	{ "timeout", "0.5", NULL, NULL },               \
	{ "weight", "-20", NULL, NULL },                \
	{ "rise", "2", NULL, NULL },                    \
	{ "fall", "3", NULL, NULL },                    \
	{ "init_fail", "", NULL, NULL }
static const struct example scripts[] = {
	CHECK_EXAMPLES,
	{ "script", "\"/bin/true a\"", NULL, "vrrp_script s {\n%s\n}\n" },
	{ "user", "root root", NULL, NULL },
};
static const struct example tcps[] = {
	CHECK_EXAMPLES,
	{ "host", "192.0.2.1", NULL, "track_tcp t {\nport 1\n%s\n}\n" },
	{ "port", "80", NULL, "track_tcp t {\nhost 192.0.2.1\n%s\n}\n" },
	{ "dev", "eth0", NULL, NULL },
};
static const struct example https[] = {
	CHECK_EXAMPLES,
	{ "url", "http://[2001:db8::1]:8080/x", NULL, "track_http h {\n%s\n}\n" },
	{ "status", "200-399", NULL, NULL },
	{ "host", "192.0.2.1", NULL, NULL },
	{ "dev", "eth0", NULL, NULL },
};
static const struct example pings[] = {
	CHECK_EXAMPLES,
	{ "host", "192.0.2.1", NULL, "track_ping p {\n%s\n}\n" },
	{ "dev", "eth0", NULL, NULL },
};
static const struct example files[] = {
	{ "file", "/run/f", NULL, "track_file f {\n%s\n}\n" },
	{ "weight", "2 reverse", NULL, NULL },
	{ "init_file", "5 overwrite", NULL, NULL },
};
static const struct example processes[] = {
	{ "process", "sshd -D", NULL, "vrrp_track_process p {\n%s\n}\n" },
	{ "param_match", "partial", NULL, NULL },
	{ "weight", "10", NULL, NULL },
	{ "quorum", "2", NULL, NULL },
	{ "quorum_max", "5", NULL, NULL },
	{ "fork_delay", "0.5", NULL, NULL },
	{ "terminate_delay", "0.000001", NULL, NULL },
	{ "delay", "0.5", NULL, NULL },
	{ "full_command", "", NULL, NULL },
};
static const struct example track_groups[] = {
	{ "group", "{\nV\n}", "", NULL },
};
static const struct example garp_groups[] = {
	{ "garp_interval", "0.01", NULL, NULL },
	{ "gna_interval", "0.02", NULL, NULL },
	{ "interface", "eth0", "", "garp_group {\ngna_interval 0.1\n%s\n}\n" },
	{ "interfaces", "{\neth0 eth1\n}", "", "garp_group {\ngna_interval 0.1\n%s\n}\n" },
};
static const struct example linkbeats[] = {
	{ "MII", "", NULL, NULL },
	{ "ETHTOOL", "", NULL, NULL },
	{ "IOCTL", "", NULL, NULL },
};
