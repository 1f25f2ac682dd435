/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values that VRRP's tables refuse: an error that points at the value, and what stays in force.
 */
#include <stdlib.h>

#include "tests/unit/vrrpconf.h"

#define HEAD "vrrp_instance V {\ninterface eth0\nvirtual_router_id 7\n"
#define VIP  "virtual_ipaddress {\n192.0.2.1/24\n}\n"

struct refused {
	const char *around;	/* %s: the line */
	const char *line;
	const char *word;	/* that the diagnostic points at */
};

#define VI	HEAD VIP "%s\n}\n"
#define ADDRESS HEAD "virtual_ipaddress {\n192.0.2.9\n192.0.2.1/24 %s\n}\n}\n"
#define ROUTE	HEAD VIP "virtual_routes {\n198.51.100.0/24 dev eth0 %s\n}\n}\n"
#define RULE	HEAD VIP "virtual_rules {\npriority 5 table 1 %s\n}\n}\n"
#define KEY	"key 1 0123456789012345678901234567890123\nactive_key 1\n"
#define HMAC	HEAD VIP "auth_hmac {\n" KEY "%s\n}\n}\n"
#define SCRIPT	"vrrp_script s {\nscript \"/x\"\n%s\n}\n"
#define PROCESS "vrrp_track_process p {\nprocess a\n%s\n}\n"
#define GARP	"garp_group {\ninterface eth0\ngarp_interval 0.1\n%s\n}\n"

static const struct refused refused[] = {
	{ VI, "priority 0", "0" },
	{ VI, "priority 256", "256" },
	{ VI, "priority 1x", "1x" },
	{ VI, "virtual_router_id 0", "0" },
	{ VI, "version 4", "4" },
	{ VI, "advert_int 0", "0" },
	{ VI, "advert_int 256", "256" },
	{ VI, "advert_int 5s", "5s" },
	{ VI, "state master", "master" },
	{ VI, "debug 5", "5" },
	{ VI, "preempt_delay 1001", "1001" },
	{ VI, "down_timer_adverts 0", "0" },
	{ VI, "timer_expired_backup 255", "255" },
	{ VI, "strict_mode maybe", "maybe" },
	{ VI, "skip_check_adv_addr 1", "1" },
	{ VI, "mcast_src_ip 192.0.2", "192.0.2" },
	{ VI, "unicast_ttl 256", "256" },
	{ VI, "old_unicast_checksum always", "always" },
	{ VI, "kernel_rx_buf_size -1", "-1" },
	{ VI, "garp_master_delay 4295", "4295" },
	{ VI, "garp_master_delay 1.5", "1.5" },
	{ VI, "garp_master_repeat 0", "0" },
	{ VI, "garp_master_refresh -1", "-1" },
	{ VI, "garp_lower_prio_repeat 2147483648", "2147483648" },
	{ VI, "garp_extra_if all 86401", "86401" },
	{ VI, "notify_stop_wait 3601", "3601" },
	{ VI, "interface averyveryverylongname", "averyveryverylongname" },
	{ ADDRESS, "scope nothing", "nothing" },
	{ ADDRESS, "scope 256", "256" },
	{ ADDRESS, "label averyveryverylonglabel", "averyveryverylonglabel" },
	{ ADDRESS, "brd 192.0.2", "192.0.2" },
	{ ADDRESS, "peer 2001:db8::1", "2001:db8::1" },
	{ ADDRESS, "preferred_lft never", "never" },
	{ ADDRESS, "metric", "metric" },
	{ ROUTE, "mtu lock x", "x" },
	{ ROUTE, "hoplimit 256", "256" },
	{ ROUTE, "quickack 2", "2" },
	{ ROUTE, "table 4294967296", "4294967296" },
	{ ROUTE, "table nosuch", "nosuch" },
	{ ROUTE, "rtt 5h", "5h" },
	{ ROUTE, "encap mpls 1048576", "1048576" },
	{ ROUTE, "encap mpls 1/2/3", "1/2/3" },
	{ ROUTE, "encap ila 1:2:3", "1:2:3" },
	{ ROUTE, "encap ip ttl 5", "ip" },
	{ ROUTE, "encap ip id 5 dst 2001:db8::1", "2001:db8::1" },
	{ ROUTE, "nexthop via 192.0.2.9 weight 257", "257" },
	{ ROUTE, "nexthop via 192.0.2.9 weight 0", "0" },
	{ ROUTE, "nexthop via 192.0.2.9 sideways", "sideways" },
	{ ROUTE, "features x", "x" },
	{ ROUTE, "ttl-propagate maybe", "maybe" },
	{ ROUTE, "realms 1/70000", "70000" },
	{ ROUTE, "sideways", "sideways" },
	{ RULE, "fwmark 1/", "1/" },
	{ RULE, "fwmark 0x1ffffffff", "0x1ffffffff" },
	{ RULE, "sport 65536", "65536" },
	{ RULE, "uidrange 5-4", "5-4" },
	{ RULE, "ipproto 256", "256" },
	{ RULE, "ipproto nosuch", "nosuch" },
	{ RULE, "type throw", "throw" },
	{ RULE, "suppress_prefixlength 2147483648", "2147483648" },
	{ HMAC, "key 0 x", "0" },
	{ HMAC, "key 256 x", "256" },
	{ HMAC, "active_key 0", "0" },
	{ HMAC, "time_window 301", "301" },
	{ HMAC, "anti_replay never", "never" },
	{ HMAC, "mode off", "off" },
	{ SCRIPT, "interval 0", "0" },
	{ SCRIPT, "interval 5s", "5s" },
	{ SCRIPT, "timeout 4295", "4295" },
	{ SCRIPT, "weight 254", "254" },
	{ SCRIPT, "weight x", "x" },
	{ SCRIPT, "rise 0", "0" },
	{ SCRIPT, "fall 2147483648", "2147483648" },
	{ PROCESS, "quorum 0", "0" },
	{ PROCESS, "quorum_max 65536", "65536" },
	{ PROCESS, "delay 3601", "3601" },
	{ PROCESS, "param_match some", "some" },
	{ GARP, "gna_interval 4294.967296", "4294.967296" },
	{ "track_file f {\nfile run/f\n%s\n}\n", "weight 5", "run/f" },
	{ "track_file f {\nfile /run/f\n%s\n}\n", "weight 255", "255" },
	{ "track_tcp t {\nhost 192.0.2.1\n%s\n}\n", "port 0", "0" },
	{ "track_http h {\nurl http://192.0.2.1\n%s\n}\n", "status 99-200", "99-200" },
	{ "interface_up_down_delays {\n%s\n}\n", "eth0 256", "256" },
	{ "linkbeat_interfaces {\n%s\n}\n", "eth0 mii", "mii" },
	{ "static_ipaddress {\n%s\n}\n", "192.0.2.1/33 dev eth0", "/33" },
	{ "static_ipaddress {\n%s\n}\n", "192.0.2.1/ dev eth0", "/" },
};

static char *text_of(const struct refused *r)
{
	const char *mark = strstr(r->around, "%s");
	struct strbuf text = { 0 };

	assert_non_null(mark);
	strbuf_add_bytes(&text, r->around, (size_t)(mark - r->around));
	strbuf_add(&text, r->line);
	strbuf_add(&text, mark + 2);
	return text.data;
}

/* The word under the caret of the first error. */
static void check_refused(const struct refused *r)
{
	char *text = text_of(r);
	struct config *config = vrrp_read(text);
	const struct diag *error = NULL;
	struct place_info info;
	size_t n;
	const struct diag *const *all = diags_sorted(config->diags, &n);

	for (size_t i = 0; i < n && !error; i++)
		if (all[i]->severity == DIAG_ERROR)
			error = all[i];
	if (!error)
		fail_msg("'%s' is accepted", r->line);
	assert_true(source_resolve(config->sources, error->at, &info));
	if (info.length != strlen(r->word) ||
	    strncmp(info.text + info.column - 1, r->word, info.length))
		fail_msg("'%s': the error points at '%.*s': %s", r->line, (int)info.length,
			 info.text + info.column - 1, error->message);
	config_free(config);
	free(text);
}

static void wrong_values_are_pointed_at(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		check_refused(&refused[i]);
}

static void one_mistake_is_one_error(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		char *text = text_of(&refused[i]);
		struct config *config = vrrp_read(text);
		struct strbuf out = diag_text(config, false);

		if (diags_count(config->diags, DIAG_ERROR) != 1)
			fail_msg("'%s':\n%s", refused[i].line, strbuf_text(&out));
		strbuf_fini(&out);
		config_free(config);
		free(text);
	}
}

static void defaults_stay(void **state)
{
	struct config *config = vrrp_read(HEAD VIP "priority 300\nadvert_int 0\n"
					  "garp_master_repeat 0\nstate master\n"
					  "preempt_delay 2000\n}\n" SCRIPT);
	const struct vrrp_instance_config *vi = instance(config, 0);

	(void)state;
	assert_int_equal(vi->priority, 100);
	assert_int_equal(kspan_sec(vi->advert_every), 1);
	assert_int_equal(vi->common->garp_repeat, 5);
	assert_int_equal(vi->want, VRRP_WANT_BACKUP);
	assert_true(kspan_is_zero(vi->preempt_delay));
	config_free(config);
}

/* What is left of a list when a line of it is wrong. */
static void lines_are_dropped_or_kept(void **state)
{
	static const struct {
		const char *around, *line;
		unsigned vips, routes, rules;
	} cases[] = {
		{ ADDRESS, "scope nothing", 2, 0, 0 },
		{ ADDRESS, "preferred_lft x", 2, 0, 0 },
		{ ADDRESS, "unknown", 2, 0, 0 },
		{ ADDRESS, "dev", 1, 0, 0 },
		{ ADDRESS, "dev eth1 dev eth2", 1, 0, 0 },
		{ ADDRESS, "label averyveryverylonglabel", 1, 0, 0 },
		{ ROUTE, "metric 5", 1, 1, 0 },
		{ ROUTE, "metric x", 1, 0, 0 },
		{ ROUTE, "encap seg6", 1, 0, 0 },
		{ ROUTE, "nexthop via 192.0.2.9 weight 500", 1, 0, 0 },
		{ ROUTE, "sideways", 1, 0, 0 },
		{ RULE, "sport 80", 1, 0, 1 },
		{ RULE, "sport x", 1, 0, 0 },
		{ RULE, "sideways", 1, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *text = text_of(&(struct refused){ cases[i].around, cases[i].line, NULL });
		struct config *config = vrrp_read(text);
		const struct vrrp_instance_config *vi = instance(config, 0);

		if (vi->vips.n != cases[i].vips || vi->rare->routes.n != cases[i].routes ||
		    vi->rare->rules.n != cases[i].rules)
			fail_msg("'%s': %u addresses, %u routes, %u rules", cases[i].line,
				 vi->vips.n, vi->rare->routes.n, vi->rare->rules.n);
		config_free(config);
		free(text);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(wrong_values_are_pointed_at),
	cmocka_unit_test(one_mistake_is_one_error),
	cmocka_unit_test(defaults_stay),
	cmocka_unit_test(lines_are_dropped_or_kept),
};

UNIT_MAIN(tests)
