/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cross-checks of VRRP's configuration: what is found, where, and what is left for the engine.
 */
#include "tests/unit/vrrpconf.h"

#include "tests/unit/vrrp_findings.h"

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
	config = vrrp_read(BARE("mcast_src_ip 192.0.2.5\nvirtual_ipaddress {\nfe80::1\n"
				"192.0.2.1\n}"));
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
	assert_int_equal(kspan_sec(vi->common->garp_delay), 7);
	assert_int_equal(vi->common->garp_repeat, 2);
	assert_int_equal(kspan_sec(vi->common->garp_lower_prio_delay), 7);
	assert_int_equal(vi->common->garp_lower_prio_repeat, 4);
	assert_int_equal(vi->down_timer_adverts, 5);
	assert_int_equal(vi->check_unicast_src, TRISTATE_ON);
	assert_int_equal(vi->lower_prio_no_advert, TRISTATE_ON);
	assert_int_equal(vi->higher_prio_send_advert, TRISTATE_OFF);
	assert_int_equal(vi->smtp_alert, TRISTATE_ON);
	assert_int_equal(vi->notify_priority_changes, TRISTATE_ON);
	assert_string_equal(addr_text(vi->mcast_group), "224.0.0.99");
	assert_string_equal(vi->common->vmac_prefix, "vm");
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
	assert_int_equal(instance(config, 0)->rare->evips.n, 5);
	config_free(config);
	strbuf_reset(&text);
	strbuf_add(&text, HEAD "virtual_ipaddress {\nfe80::1\n");
	for (unsigned i = 1; i < 90; i++)
		strbuf_addf(&text, "2001:db8::%x\n", i);
	strbuf_add(&text, "}\n}\n");
	config = vrrp_read(strbuf_text(&text));
	assert_int_equal(instance(config, 0)->vips.n, 89);
	assert_int_equal(instance(config, 0)->rare->evips.n, 1);
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
				    *c = vi->vips.items[2], *d = vi->rare->evips.items[0];

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
	const struct tracker_lists *track = instance(config, 0)->track;
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
	assert_int_equal(vi->track->list[TRACKER_SCRIPT].n, 1);
	assert_non_null(strstr(strbuf_text(&out), "did you mean 'check'"));
	strbuf_fini(&out);
	config_free(config);
}

static void a_wrong_weight_keeps_the_tracker(void **state)
{
	struct config *config = vrrp_read("vrrp_script s {\nscript \"/x\"\nweight 5\n}\n"
					  VI("track_script {\ns weight x\n}"));
	const struct object_list *list = &instance(config, 0)->track->list[TRACKER_SCRIPT];

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
		const struct object_list *list = &vi->track->list[TRACKER_INTERFACE];
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
		const struct tracker_lists *track = instance(config, 0)->track;
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
		VI("virtual_rules {\nfrom 192.0.2.2 table 5\nfrom 192.0.2.3 table 5 priority 9\n"
		   "}"));
	const struct vrrp_config *vc = vrrp_config_of(config);
	const struct vrrp_instance_config *vi = instance(config, 0);
	const struct object_list *rules = &vi->rare->rules;

	(void)state;
	assert_int_equal(((const struct rule_config *)vc->rules.items[0])->rule.preference, 16384);
	assert_int_equal(((const struct rule_config *)vc->rules.items[1])->rule.preference, 16384);
	assert_int_equal(((const struct rule_config *)rules->items[0])->rule.preference, 16383);
	assert_int_equal(((const struct rule_config *)rules->items[1])->rule.preference, 9);
	config_free(config);
}

static void keys_are_decoded(void **state)
{
	struct config *config = vrrp_read_clean(
		VI("advert_int 2\nauth_hmac {\nkey 1 " HEX32
		   "\nkey 2 abcdefghijklmnopqrstuvwxyz0123456789\nkey 3 env:KEY\nactive_key 2\n}"));
	const struct vrrp_hmac_config *hmac = instance(config, 0)->rare->hmac;
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
