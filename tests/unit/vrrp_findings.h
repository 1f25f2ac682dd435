/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the cross-checks must find in which text, for vrrp_check_test.c.
 */
#pragma once

#include "vrrp/config.h"

#define HEAD	"vrrp_instance V {\ninterface eth0\nvirtual_router_id 7\n" /* lines 1 to 3 */
#define VIP	"virtual_ipaddress {\n192.0.2.1/24\n}\n"
#define VI(body) HEAD VIP body "\n}\n"			/* body: line 7 on */
#define BARE(body) HEAD body "\n}\n"			/* body: line 4 on */
#define TWO	"vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\n" VIP "}\n" \
		"vrrp_instance B {\ninterface eth0\nvirtual_router_id 2\n" VIP "}\n" /* 14 lines */
#define HEX32	"hex:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

struct finding {
	const char *text;
	const char *rule;
	enum diag_severity severity;
	unsigned line;
	unsigned faults;	/* of the first instance */
};

static const struct finding findings[] = {
	/* identity */
	{ "vrrp_instance V {\ninterface eth0\n" VIP "}\n", "missing-keyword", DIAG_ERROR, 1,
	  VRRP_BAD_NO_VRID },
	{ "vrrp_instance V {\nvirtual_router_id 1\n" VIP "}\n", "missing-keyword", DIAG_ERROR, 1,
	  VRRP_BAD_NO_INTERFACE },
	{ "vrrp_instance V {\ninterface lo\nvirtual_router_id 1\n" VIP "}\n", "loopback",
	  DIAG_ERROR, 2, VRRP_BAD_NO_INTERFACE },
	{ VI("version 3\nversion 2"), "repeated-keyword", DIAG_WARNING, 8, 0 },
	{ BARE("virtual_ipaddress {\nfe80::1\n}\nversion 2"), "version", DIAG_WARNING, 7, 0 },
	{ VI("native_ipv6"), "family", DIAG_WARNING, 7, 0 },
	{ VI("mcast_src_ip 2001:db8::1"), "family", DIAG_ERROR, 7, 0 },
	{ VI("virtual_ipaddress {\n2001:db8::1\n}"), "family", DIAG_ERROR, 8, 0 },
	{ VI("unicast_peer {\n2001:db8::1\n}"), "family", DIAG_ERROR, 8, 0 },
	/* state, preemption, timers */
	{ VI("state MASTER\nstate BACKUP"), "repeated-keyword", DIAG_WARNING, 8, 0 },
	{ VI("state MASTER\npriority 100\nnopreempt"), "nopreempt", DIAG_WARNING, 9, 0 },
	{ VI("priority 255\nnopreempt"), "nopreempt", DIAG_WARNING, 8, 0 },
	{ VI("nopreempt\npreempt_delay 5"), "preempt-delay", DIAG_WARNING, 8, 0 },
	{ VI("timer_expired_backup"), "timer-expired", DIAG_WARNING, 7, 0 },
	{ VI("advert_int 1.5"), "advert-int", DIAG_WARNING, 7, 0 },
	{ VI("version 3\nadvert_int 41"), "advert-int", DIAG_WARNING, 8, 0 },
	{ VI("owner_ignore_adverts"), "owner", DIAG_WARNING, 7, 0 },
	/* strict mode */
	{ VI("strict_mode\npriority 100\nstate MASTER"), "strict", DIAG_WARNING, 9, 0 },
	{ VI("strict_mode\npreempt_delay 3"), "preempt-delay", DIAG_WARNING, 8, 0 },
	{ VI("strict_mode\ndown_timer_adverts 4"), "strict", DIAG_WARNING, 8, 0 },
	{ VI("strict_mode\naccept"), "strict", DIAG_WARNING, 8, 0 },
	{ VI("strict_mode\ngarp_lower_prio_repeat 2"), "strict", DIAG_WARNING, 8, 0 },
	{ VI("strict_mode\nunicast_peer {\n192.0.2.9\n}"), "strict", DIAG_ERROR, 8,
	  VRRP_BAD_STRICT },
	{ VI("strict_mode\nauthentication {\nauth_type PASS\nauth_pass x\n}"), "authentication",
	  DIAG_WARNING, 8, 0 },
	{ VI("strict_mode\nuse_vmac 02:00:00:00:00:01"), "strict", DIAG_WARNING, 8, 0 },
	/* addresses */
	{ BARE("virtual_ipaddress {\n192.0.2.1/24\n192.0.2.1/32\n}"), "duplicate", DIAG_WARNING,
	  6, 0 },
	{ VI("virtual_ipaddress_excluded {\n192.0.2.1\n}"), "duplicate", DIAG_WARNING, 8, 0 },
	{ BARE("priority 5"), "no-address", DIAG_WARNING, 1, 0 },
	{ BARE("version 3"), "no-address", DIAG_ERROR, 1, VRRP_BAD_NO_VIP },
	{ BARE("virtual_ipaddress {\n2001:db8::1\n}"), "first-ipv6-address", DIAG_NOTE, 5, 0 },
	{ BARE("strict_mode\nvirtual_ipaddress {\n2001:db8::1\n}"), "first-ipv6-address",
	  DIAG_WARNING, 6, 0 },
	{ VI("use_vmac\nvirtual_ipaddress {\n192.0.2.2 use_vmac\n}"), "vmac", DIAG_WARNING, 9, 0 },
	{ BARE("virtual_ipaddress {\n192.0.2.1/24 brd +\n192.0.2.3/31 brd +\n}"),
	  "broadcast-bits", DIAG_WARNING, 6, 0 },
	{ BARE("virtual_ipaddress {\n192.0.2.1/24 peer 192.0.2.2\n}"), "peer-prefix",
	  DIAG_WARNING, 5, 0 },
	/* transport */
	{ VI("unicast_src_ip 192.0.2.5"), "unicast", DIAG_WARNING, 7, 0 },
	{ VI("unicast_fault_no_peer"), "unicast", DIAG_WARNING, 7, VRRP_BAD_NO_PEERS },
	{ VI("unicast_ttl 5"), "unicast", DIAG_WARNING, 7, 0 },
	{ VI("unicast_peer {\n192.0.2.9\n192.0.2.9\n}"), "duplicate", DIAG_WARNING, 9, 0 },
	{ VI("unicast_peer {\n192.0.2.9 min_ttl 5 max_ttl 4\n}"), "peer-ttl", DIAG_WARNING, 8, 0 },
	{ VI("mcast_dst_ip 192.0.2.9"), "multicast", DIAG_ERROR, 7, 0 },
	{ BARE("virtual_ipaddress {\nfe80::1\n}\nmcast_dst_ip ff05::12"), "multicast", DIAG_ERROR,
	  7, 0 },
	{ VI("mcast_dst_ip 224.0.0.20\nunicast_peer {\n192.0.2.9\n}"), "multicast", DIAG_WARNING,
	  7, 0 },
	{ VI("vrf blue"), "vrf", DIAG_WARNING, 7, 0 },
	{ VI("track_src_ip"), "track-src-ip", DIAG_NOTE, 7, 0 },
	/* VMAC */
	{ VI("vmac_xmit_base"), "vmac", DIAG_WARNING, 7, 0 },
	{ VI("use_vmac\nunicast_peer {\n192.0.2.9\n}"), "vmac", DIAG_WARNING, 7, 0 },
	{ VI("use_vmac 01:00:00:00:00:01"), "bad-mac", DIAG_WARNING, 7, 0 },
	{ VI("use_vmac 00:00:5e:00:01:07"), "bad-mac", DIAG_WARNING, 7, 0 },
	{ VI("use_vmac averylonginterfacename"), "bad-name", DIAG_WARNING, 7, 0 },
	{ VI("use_vmac a b"), "repeated-option", DIAG_WARNING, 7, 0 },
	{ VI("use_ipvlan"), "ipvlan", DIAG_ERROR, 7, VRRP_BAD_IPVLAN_ADDRESS },
	{ VI("use_vmac\npromote_secondaries"), "promote-secondaries", DIAG_WARNING, 8, 0 },
	/* authentication */
	{ VI("version 3\nauthentication {\nauth_type PASS\nauth_pass x\n}"), "authentication",
	  DIAG_WARNING, 8, 0 },
	{ VI("authentication {\nauth_type PASS\n}"), "authentication", DIAG_WARNING, 7, 0 },
	{ VI("authentication {\nauth_type PASS\nauth_pass 123456789\n}"), "password-length",
	  DIAG_WARNING, 9, 0 },
	{ VI("authentication {\nauth_type AH\nauth_pass x\n}\nstate MASTER\npriority 9"),
	  "authentication", DIAG_WARNING, 11, 0 },
	{ VI("auth_hmac {\nkey 1 " HEX32 "\nactive_key 2\n}"), "hmac-key", DIAG_ERROR, 9,
	  VRRP_BAD_HMAC_KEY },
	{ VI("auth_hmac {\nkey 1 " HEX32 "\n}"), "hmac-key", DIAG_ERROR, 7, VRRP_BAD_HMAC_KEY },
	{ VI("auth_hmac {\nkey 1 short\nactive_key 1\n}"), "hmac-key", DIAG_ERROR, 8,
	  VRRP_BAD_HMAC_KEY },
	{ VI("auth_hmac {\nkey 1 hex:0g\nactive_key 1\n}"), "hmac-key", DIAG_ERROR, 8,
	  VRRP_BAD_HMAC_KEY },
	{ VI("auth_hmac {\nkey 1 " HEX32 "\nkey 1 " HEX32 "\nactive_key 1\n}"), "duplicate",
	  DIAG_ERROR, 9, 0 },
	{ VI("strict_mode\nauth_hmac {\nkey 1 " HEX32 "\nactive_key 1\nmode permissive\n}"),
	  "strict", DIAG_WARNING, 11, 0 },
	/* trackers */
	{ VI("track_interface {\neth0\n}"), "own-interface", DIAG_WARNING, 8, 0 },
	{ VI("track_interface {\neth1\neth1\n}"), "duplicate", DIAG_WARNING, 9, 0 },
	{ VI("track_interface {\neth1 weight 254\n}"), "range", DIAG_WARNING, 8, 0 },
	{ VI("track_interface {\neth1 weight 5 noreverse\n}"), "noreverse", DIAG_WARNING, 8, 0 },
	{ VI("priority 255\ntrack_interface {\neth1 weight 5\n}"), "owner-weight", DIAG_WARNING, 9,
	  0 },
	/* groups */
	{ TWO "vrrp_sync_group G {\n}\n", "no-members", DIAG_ERROR, 15, 0 },
	{ TWO "vrrp_sync_group G {\ngroup {\nA\n}\n}\n", "one-member", DIAG_WARNING, 16, 0 },
	{ TWO "vrrp_sync_group G {\ngroup {\nA\nB\n}\n}\nvrrp_sync_group H {\ngroup {\nA\n}\n}\n",
	  "two-groups", DIAG_ERROR, 23, 0 },
	{ TWO "vrrp_sync_group G {\ngroup {\nA\nA\n}\n}\n", "duplicate", DIAG_WARNING, 18, 0 },
	/* two of a kind */
	{ VI("") "vrrp_instance W {\ninterface eth0\nvirtual_router_id 7\n" VIP "}\n",
	  "duplicate-vrid", DIAG_ERROR, 11, 0 },
	/* static entries and the rest */
	{ "static_rules {\nfrom 192.0.2.1 table 5\n}\n", "rule-preference", DIAG_WARNING, 2, 0 },
	{ "garp_group {\ninterface eth0\n}\n", "no-effect", DIAG_WARNING, 1, 0 },
	{ "garp_group {\ngarp_interval 0.1\ninterface eth0\ninterface eth0\n}\n", "duplicate",
	  DIAG_WARNING, 4, 0 },
	{ "garp_group {\ngarp_interval 1\ninterface eth0\n}\n", "garp-interval", DIAG_NOTE, 2, 0 },
	{ "interface_up_down_delays {\neth0 5\n}\n" VI(""), "delay", DIAG_NOTE, 2, 0 },
	{ "vrrp_track_process p {\nprocess a\nquorum 5\nquorum_max 4\n}\n", "quorum", DIAG_ERROR, 4,
	  0 },
	{ "vrrp_track_process p {\nprocess /usr/sbin/sshd\n}\n", "process-name", DIAG_NOTE, 2, 0 },
	{ "track_http h {\nurl http://name.example/\n}\n", "bad-url", DIAG_ERROR, 2, 0 },
	{ "track_http h {\nurl https://192.0.2.1/\n}\n", "bad-url", DIAG_ERROR, 2, 0 },
	{ "track_tcp t {\nport 1\n}\n", "missing-keyword", DIAG_ERROR, 1, 0 },
	/* routes and rules: dropped whole */
	{ VI("virtual_routes {\nvia 192.0.2.9\n}"), "route-destination", DIAG_ERROR, 8, 0 },
	{ VI("virtual_routes {\n10.0.0.0/8 via 2001:db8::1\n}"), "family", DIAG_ERROR, 8, 0 },
	{ VI("virtual_routes {\n10.0.0.0/8 dev eth0 encap seg6\n}"), "encap", DIAG_ERROR, 8, 0 },
	{ VI("virtual_routes {\n10.0.0.0/8 dev eth0 protocol bird\n}"), "tracked-protocol",
	  DIAG_WARNING, 8, 0 },
	{ VI("virtual_rules {\nfrom 10.0.0.0/8 priority 5\n}"), "rule-action", DIAG_ERROR, 8, 0 },
	{ VI("virtual_rules {\nfrom 10.0.0.0/8 table 1 nop priority 5\n}"), "rule-action",
	  DIAG_ERROR, 8, 0 },
	{ VI("virtual_rules {\nfrom 10.0.0.0/8 goto 4 priority 5\n}"), "rule-goto", DIAG_ERROR, 8,
	  0 },
	{ VI("virtual_rules {\nsport 90-80 table 1 priority 5\n}"), "bad-range", DIAG_ERROR, 8, 0 },
};
