/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cross-checks of VRRP's configuration: what is found, where, and what is left for the engine.
 */
#include "tests/unit/vrrpconf.h"

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

static void everything_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(findings); i++) {
		const struct finding *f = &findings[i];
		struct config *config = vrrp_read(f->text);

		if (!find_diag(config, f->rule))
			print_message("# in:\n%s", f->text);
		assert_diag(config, f->rule, f->severity, f->line);
		if (f->faults)
			assert_int_equal(instance(config, 0)->faults, f->faults);
		config_free(config);
	}
}

static void cannot_run_is_a_class(void **state)
{
	static const char *const texts[] = {
		"vrrp_instance V {\ninterface eth0\n" VIP "}\n",
		"vrrp_instance V {\nvirtual_router_id 1\n" VIP "}\n",
		BARE("version 3"),
		VI("") "vrrp_instance W {\ninterface eth0\nvirtual_router_id 7\n" VIP "}\n",
		VI("strict_mode\nunicast_peer {\n192.0.2.9\n}"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct config *config = vrrp_read(texts[i]);

		assert_int_equal(diags_count_class(config->diags, DIAG_CLASS_CANNOT_RUN), 1);
		config_free(config);
	}
}

static void the_first_address_decides(void **state)
{
	struct config *config = vrrp_read_clean(BARE("virtual_ipaddress {\nfe80::1\n}"));

	(void)state;
	assert_int_equal(instance(config, 0)->family, AF_INET6);
	assert_int_equal(instance(config, 0)->version, 3);
	assert_int_equal(instance(config, 0)->mcast_group.family, AF_INET6);
	config_free(config);
	/* version 2 that comes first stays */
	config = vrrp_read(BARE("version 2\nvirtual_ipaddress {\nfe80::1\n}"));
	assert_int_equal(instance(config, 0)->version, 2);
	config_free(config);
	config = vrrp_read(BARE("mcast_src_ip 192.0.2.5\nvirtual_ipaddress {\nfe80::1\n192.0.2.1\n}"));
	assert_int_equal(instance(config, 0)->family, AF_INET);
	assert_int_equal(instance(config, 0)->vips.n, 1);
	config_free(config);
}

static void defaults_come_from_the_globals(void **state)
{
	struct config *config = vrrp_read_clean(
		"global_defs {\nvrrp_version 3\nvrrp_garp_master_delay 7\n"
		"vrrp_garp_lower_prio_repeat 4\nvrrp_down_timer_adverts 5\nvrrp_check_unicast_src\n"
		"vrrp_lower_prio_no_advert\nsmtp_alert_vrrp\nvrrp_mcast_group4 224.0.0.99\n"
		"vrrp_notify_priority_changes\nvmac_prefix vm\n}\n" VI("garp_master_repeat 2"));
	const struct vrrp_instance_config *vi = instance(config, 0);

	(void)state;
	assert_int_equal(vi->version, 3);
	assert_int_equal(kspan_sec(vi->garp_delay), 7);
	assert_int_equal(vi->garp_repeat, 2);
	assert_int_equal(kspan_sec(vi->garp_lower_prio_delay), 7);
	assert_int_equal(vi->garp_lower_prio_repeat, 4);
	assert_int_equal(vi->down_timer_adverts, 5);
	assert_int_equal(vi->check_unicast_src, TRISTATE_ON);
	assert_int_equal(vi->lower_prio_no_advert, TRISTATE_ON);
	assert_int_equal(vi->higher_prio_send_advert, TRISTATE_OFF);
	assert_int_equal(vi->smtp_alert, TRISTATE_ON);
	assert_int_equal(vi->notify_priority_changes, TRISTATE_ON);
	assert_string_equal(addr_text(vi->mcast_group), "224.0.0.99");
	assert_string_equal(vi->vmac_prefix, "vm");
	assert_int_equal(vi->accept, TRISTATE_ON);
	assert_int_equal(vi->priority, 100);
	assert_int_equal(vi->want, VRRP_WANT_BACKUP);
	assert_true(vi->track_primary);
	config_free(config);
}

static void no_is_honoured(void **state)
{
	struct config *config = vrrp_read_clean(
		"global_defs {\nvrrp_skip_check_adv_addr\nvrrp_owner_ignore_adverts\n}\n"
		VI("priority 255\nskip_check_adv_addr no\nowner_ignore_adverts no"));

	(void)state;
	assert_int_equal(instance(config, 0)->skip_check_adv_addr, TRISTATE_OFF);
	assert_int_equal(instance(config, 0)->owner_ignore_adverts, TRISTATE_OFF);
	assert_true(instance(config, 0)->owner);
	assert_int_equal(instance(config, 0)->want, VRRP_WANT_MASTER);
	config_free(config);
}

static void intervals_are_rounded(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{ VI("advert_int 1.5"), 2000 },
		{ VI("advert_int 0.2"), 1000 },
		{ VI("version 3\nadvert_int 0.015"), 20 },
		{ VI("version 3\nadvert_int 41"), 40950 },
		{ VI("version 3\nadvert_int 0.25"), 250 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct config *config = vrrp_read(cases[i].text);

		assert_int_equal(kspan_msec(instance(config, 0)->advert_every), cases[i].ms);
		config_free(config);
	}
}

/* 1500 bytes hold (1500 - 14 - 20 - 8 - 8) / 4 = 362 > 255 IPv4 addresses; 89 IPv6 ones. */
static void excess_is_excluded(void **state)
{
	struct strbuf text = { 0 };

	(void)state;
	strbuf_add(&text, HEAD "virtual_ipaddress {\n");
	for (unsigned i = 1; i <= 260; i++)
		strbuf_addf(&text, "10.0.%u.%u\n", i / 256, i % 256);
	strbuf_add(&text, "}\n}\n");
	struct config *config = vrrp_read(strbuf_text(&text));

	assert_diag(config, "too-many-addresses", DIAG_WARNING, 5 + 255);
	assert_int_equal(instance(config, 0)->vips.n, 255);
	assert_int_equal(instance(config, 0)->evips.n, 5);
	config_free(config);
	strbuf_reset(&text);
	strbuf_add(&text, HEAD "virtual_ipaddress {\nfe80::1\n");
	for (unsigned i = 1; i < 90; i++)
		strbuf_addf(&text, "2001:db8::%x\n", i);
	strbuf_add(&text, "}\n}\n");
	config = vrrp_read(strbuf_text(&text));
	assert_int_equal(instance(config, 0)->vips.n, 89);
	assert_int_equal(instance(config, 0)->evips.n, 1);
	config_free(config);
	strbuf_fini(&text);
}

static void addresses_know_their_interface(void **state)
{
	struct config *config = vrrp_read_clean(BARE(
		"use_vmac\nvirtual_ipaddress {\n192.0.2.1/24\n192.0.2.2/24 dev eth1\n"
		"192.0.2.3 dev eth1 use_vmac\n}\nvirtual_ipaddress_excluded {\n2001:db8::1\n}"));
	const struct vrrp_instance_config *vi = instance(config, 0);
	const struct address_config *a = vi->vips.items[0], *b = vi->vips.items[1],
				    *c = vi->vips.items[2], *d = vi->evips.items[0];

	(void)state;
	assert_string_equal(a->dev, "eth0");
	assert_true(a->on_vmac);
	assert_string_equal(b->dev, "eth1");
	assert_false(b->on_vmac);
	assert_true(c->on_vmac);
	assert_string_equal(d->dev, "eth0");
	assert_true(d->on_vmac);
	assert_int_equal(d->preferred_lft, 0);
	assert_int_equal(vrrp_config_of(config)->n_addresses, 4);
	config_free(config);
}

static void trackers_are_found_anywhere(void **state)
{
	struct config *config = vrrp_read(
		VI("track_script {\ns\nt weight 7\n}\ntrack_file {\nf\n}")
		"vrrp_script s {\nscript \"/x\"\nweight -20\n}\n"
		"track_tcp t {\nhost 192.0.2.1\nport 80\n}\n"
		"track_file f {\nfile /run/f\nweight 3 reverse\n}\n");
	const struct tracker_lists *track = &instance(config, 0)->track;
	const struct tracker_config *s = track->list[TRACKER_SCRIPT].items[0];
	const struct tracker_config *t = track->list[TRACKER_SCRIPT].items[1];
	const struct tracker_config *f = track->list[TRACKER_FILE].items[0];

	(void)state;
	assert_int_equal(diags_count(config->diags, DIAG_ERROR), 0);
	assert_int_equal(s->weight.weight, -20);
	assert_int_equal(t->weight.weight, 7);
	assert_int_equal(t->target_id, 1);
	assert_int_equal(vrrp_config_of(config)->checks[1]->kind, VRRP_CHECK_TCP);
	assert_int_equal(f->weight.weight, 3);
	assert_true(f->weight.reverse);
	assert_true(vrrp_config_of(config)->checks[0]->used);
	config_free(config);
}

static void a_lost_tracker_is_a_fault(void **state)
{
	struct config *config = vrrp_read(
		"vrrp_script check {\nscript \"/x\"\n}\n" VI("track_script {\nchekc\n}"));
	const struct vrrp_instance_config *vi = instance(config, 0);
	struct strbuf out = diag_text(config, false);

	(void)state;
	assert_int_equal(vi->faults, VRRP_BAD_TRACKER);
	assert_int_equal(vi->track.list[TRACKER_SCRIPT].n, 1);
	assert_non_null(strstr(strbuf_text(&out), "did you mean 'check'"));
	strbuf_fini(&out);
	config_free(config);
}

static void a_wrong_weight_keeps_the_tracker(void **state)
{
	struct config *config = vrrp_read("vrrp_script s {\nscript \"/x\"\nweight 5\n}\n"
					  VI("track_script {\ns weight x\n}"));
	const struct object_list *list = &instance(config, 0)->track.list[TRACKER_SCRIPT];

	(void)state;
	assert_int_equal(diags_count(config->diags, DIAG_ERROR), 1);
	assert_int_equal(list->n, 1);
	assert_int_equal(((const struct tracker_config *)list->items[0])->weight.weight, 5);
	config_free(config);
}

static void members_follow_their_group(void **state)
{
	struct config *config = vrrp_read_clean(
		"vrrp_sync_group G {\ngroup {\nA\nB\n}\ntrack_interface {\neth1 weight 10\n}\n"
		"notify_priority_changes\n}\n" TWO);
	const struct vrrp_config *vc = vrrp_config_of(config);
	const struct vrrp_group_config *group = vc->groups.items[0];

	(void)state;
	assert_int_equal(group->n_members, 2);
	for (uint32_t i = 0; i < 2; i++) {
		const struct vrrp_instance_config *vi = instance(config, i);
		const struct object_list *list = &vi->track.list[TRACKER_INTERFACE];
		const struct tracker_config *t = list->items[0];

		assert_ptr_equal(group->members[i], vi);
		assert_ptr_equal(vi->group, group);
		assert_int_equal(list->n, 1);
		assert_true(t->from_group);
		assert_int_equal(t->weight.weight, 10);
		assert_int_equal(vi->notify_priority_changes, TRISTATE_ON);
	}
	config_free(config);
}

static void members_have_no_weights_of_their_own(void **state)
{
	static const char text[] =
		"vrrp_script s {\nscript \"/x\"\nweight 5\n}\n"
		"vrrp_track_process p {\nprocess a\nweight 5\n}\ntrack_file f {\nfile /run/f\n}\n"
		"vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\n" VIP
		"track_script {\ns\n}\ntrack_process {\np\n}\ntrack_file {\nf\n}\n"
		"track_interface {\neth1 weight 5\n}\n}\n"
		"vrrp_instance B {\ninterface eth0\nvirtual_router_id 2\n" VIP "}\n"
		"vrrp_sync_group G {\ngroup {\nA\nB\n}\n%s\n}\n";
	struct strbuf full = { 0 };

	(void)state;
	for (int allowed = 0; allowed < 2; allowed++) {
		strbuf_reset(&full);
		strbuf_addf(&full, text, allowed ? "sync_group_tracking_weight" : "");
		struct config *config = vrrp_read(strbuf_text(&full));
		const struct tracker_lists *track = &instance(config, 0)->track;
		const struct tracker_config *f = track->list[TRACKER_FILE].items[0];
		const struct tracker_config *i = track->list[TRACKER_INTERFACE].items[0];

		assert_int_equal(track->list[TRACKER_SCRIPT].n, allowed);
		assert_int_equal(track->list[TRACKER_PROCESS].n, allowed);
		assert_int_equal(f->weight.weight, allowed);
		assert_int_equal(i->weight.weight, allowed ? 5 : 0);
		config_free(config);
	}
	strbuf_fini(&full);
}

static void owners_and_others_do_not_mix(void **state)
{
	static const char *const orders[] = { "A\nB", "B\nA" };
	struct strbuf text = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		strbuf_reset(&text);
		strbuf_addf(&text,
			    "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\npriority 255\n"
			    VIP "}\nvrrp_instance B {\ninterface eth0\nvirtual_router_id 2\n" VIP
			    "}\nvrrp_sync_group G {\ngroup {\n%s\n}\n}\n",
			    orders[i]);
		struct config *config = vrrp_read(strbuf_text(&text));

		assert_non_null(find_diag(config, "owner-mix"));
		config_free(config);
	}
	strbuf_fini(&text);
}

#define UNICAST(name, peer, more) \
	"vrrp_instance " name " {\ninterface eth0\nvirtual_router_id 7\n" VIP \
	"unicast_src_ip 192.0.2.5\nunicast_peer {\n" peer "\n}\n" more "}\n"

static void unicast_instances_may_share_a_vrid(void **state)
{
	struct config *config = vrrp_read_clean(UNICAST("A", "192.0.2.8", "")
						UNICAST("B", "192.0.2.9", "") VI(""));

	(void)state;
	config_free(config);
	config = vrrp_read(UNICAST("A", "192.0.2.8", "") UNICAST("B", "192.0.2.8", ""));
	assert_int_equal(instance(config, 1)->faults, VRRP_BAD_DUPLICATE_VRID);
	config_free(config);
	/* another group, another namespace, the other family: other routers */
	config = vrrp_read_clean(VI("") "vrrp_instance W {\ninterface eth0\nvirtual_router_id 7\n"
				 "mcast_dst_ip 224.0.0.30\n" VIP "}\n"
				 "vrrp_instance X {\ninterface eth0\nvirtual_router_id 7\n"
				 "net_namespace blue\n" VIP "}\n"
				 "vrrp_instance Y {\ninterface eth0\nvirtual_router_id 7\n"
				 "virtual_ipaddress {\nfe80::1\n}\n}\n");
	config_free(config);
}

static void unicast_works_without_interface(void **state)
{
	struct config *config = vrrp_read_clean(
		"global_defs {\ndefault_interface eth9\n}\nvrrp_instance V {\n"
		"virtual_router_id 7\nunicast_src_ip 192.0.2.5\nunicast_peer {\n192.0.2.9\n}\n"
		"down_timer_adverts 1\n" VIP "}\n");
	const struct vrrp_instance_config *vi = instance(config, 0);

	(void)state;
	assert_null(vi->ifname);
	assert_false(vi->track_primary);
	assert_true(vi->unicast);
	assert_string_equal(((const struct address_config *)vi->vips.items[0])->dev, "eth9");
	config_free(config);
}

static void preferences_count_down(void **state)
{
	struct config *config = vrrp_read(
		"static_rules {\nfrom 192.0.2.1 table 5\nfrom 2001:db8::1 table 5\n}\n"
		VI("virtual_rules {\nfrom 192.0.2.2 table 5\nfrom 192.0.2.3 table 5 priority 9\n}"));
	const struct vrrp_config *vc = vrrp_config_of(config);
	const struct vrrp_instance_config *vi = instance(config, 0);

	(void)state;
	assert_int_equal(((const struct rule_config *)vc->rules.items[0])->rule.preference, 16384);
	assert_int_equal(((const struct rule_config *)vc->rules.items[1])->rule.preference, 16384);
	assert_int_equal(((const struct rule_config *)vi->rules.items[0])->rule.preference, 16383);
	assert_int_equal(((const struct rule_config *)vi->rules.items[1])->rule.preference, 9);
	config_free(config);
}

static void keys_are_decoded(void **state)
{
	struct config *config = vrrp_read_clean(
		VI("advert_int 2\nauth_hmac {\nkey 1 " HEX32
		   "\nkey 2 abcdefghijklmnopqrstuvwxyz0123456789\nkey 3 env:KEY\nactive_key 2\n}"));
	const struct vrrp_hmac_config *hmac = instance(config, 0)->hmac;
	const struct vrrp_hmac_key_config *hex = hmac->keys.items[0], *env = hmac->keys.items[2];

	(void)state;
	assert_int_equal(hmac->keys.n, 3);
	assert_int_equal(hex->len, 32);
	assert_int_equal(hex->bytes[1], 0x11);
	assert_int_equal(hmac->active->len, 36);
	assert_memory_equal(hmac->active->bytes, "abcdef", 6);
	assert_int_equal(env->source, VRRP_KEY_ENV);
	assert_string_equal(env->value, "KEY");
	assert_int_equal(env->len, 0);
	assert_int_equal(kspan_sec(hmac->time_window), 6);
	config_free(config);
}

static void interfaces_are_listed_once(void **state)
{
	struct config *config = vrrp_read_clean(
		VI("track_interface {\neth1\neth2\n}\nuse_vmac v1\n"
		   "virtual_routes {\n10.0.0.0/8 dev v1\n}")
		"static_ipaddress {\n192.0.2.99 dev eth1\n}\n");
	const struct vrrp_config *vc = vrrp_config_of(config);
	unsigned may_appear = 0;

	(void)state;
	assert_int_equal(vc->interfaces.n, 4);
	assert_string_equal(vc->interfaces.items[0], "eth0");
	for (uint32_t i = 0; i < config->n_needs; i++)
		if (config->needs[i].kind == NEED_INTERFACE &&
		    config->needs[i].flags & NEED_MAY_APPEAR)
			may_appear++;
	assert_int_equal(may_appear, 1);	/* v1, which we make */
	config_free(config);
}

static void a_reload_sees_what_changed(void **state)
{
	static const struct {
		const char *old, *new;
		enum diff_verdict verdict;
	} cases[] = {
		{ VI("priority 5"), VI("priority 5"), DIFF_SAME },
		{ VI("priority 5"), VI("priority 6"), DIFF_ADJUST },
		{ VI("advert_int 1"), "global_defs {\nvrrp_garp_master_delay 9\n}\n" VI(""),
		  DIFF_ADJUST },
		{ VI(""), VI("use_vmac"), DIFF_RESTART },
		{ VI(""), VI("unicast_peer {\n192.0.2.9\n}"), DIFF_RESTART },
		{ VI("auth_hmac {\nkey 1 " HEX32 "\nactive_key 1\n}"), VI(""), DIFF_ADJUST },
		{ VI(""), VI("track_interface {\neth1\n}"), DIFF_ADJUST },
		{ VI(""), VI("virtual_ipaddress {\n192.0.2.2\n}"), DIFF_ADJUST },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct config *old = vrrp_read(cases[i].old), *new = vrrp_read(cases[i].new);
		struct diff_rows rows;

		assert_int_equal(vrrp_instance_diff(instance(old, 0), instance(new, 0), &rows),
				 cases[i].verdict);
		config_free(old);
		config_free(new);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(everything_is_found),
	cmocka_unit_test(cannot_run_is_a_class),
	cmocka_unit_test(the_first_address_decides),
	cmocka_unit_test(defaults_come_from_the_globals),
	cmocka_unit_test(no_is_honoured),
	cmocka_unit_test(intervals_are_rounded),
	cmocka_unit_test(excess_is_excluded),
	cmocka_unit_test(addresses_know_their_interface),
	cmocka_unit_test(trackers_are_found_anywhere),
	cmocka_unit_test(a_lost_tracker_is_a_fault),
	cmocka_unit_test(a_wrong_weight_keeps_the_tracker),
	cmocka_unit_test(members_follow_their_group),
	cmocka_unit_test(members_have_no_weights_of_their_own),
	cmocka_unit_test(owners_and_others_do_not_mix),
	cmocka_unit_test(unicast_instances_may_share_a_vrid),
	cmocka_unit_test(unicast_works_without_interface),
	cmocka_unit_test(preferences_count_down),
	cmocka_unit_test(keys_are_decoded),
	cmocka_unit_test(interfaces_are_listed_once),
	cmocka_unit_test(a_reload_sees_what_changed),
};

UNIT_MAIN(tests)
