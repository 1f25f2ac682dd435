/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Process-wide keywords: defaults, what follows from several of them, commands and their owners.
 */
#include <string.h>

#include "core/config.h"
#include "tests/unit/unit.h"

static struct config *read(const char *text)
{
	static const struct config_options options = { .source = { .config_id = "test" } };

	return config_read_text("test.conf", text, strlen(text), &options);
}

/* Read @text, which must have no errors and no warnings. */
static struct config *read_clean(const char *text)
{
	struct config *config = read(text);
	struct strbuf out = { 0 };
	const struct diag_print_options how = { .format = DIAG_TEXT };

	diags_render(config->diags, config->sources, &how, &out);
	assert_string_equal(strbuf_text(&out), "");
	strbuf_fini(&out);
	return config;
}

static bool has_rule(const struct config *config, const char *rule)
{
	size_t n;
	const struct diag *const *all = diags_sorted(config->diags, &n);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(all[i]->rule, rule))
			return true;
	return false;
}

static void empty_text_gives_defaults(void **state)
{
	struct config *config = read_clean("");
	const struct global_config *g = config->global;

	(void)state;
	assert_null(g->router_id);
	assert_int_equal(g->umask, 0177);
	assert_int_equal(g->garp_repeat, 5);
	assert_int_equal(g->garp_delay.ns, SEC(5).ns);
	assert_int_equal(g->garp_lower_prio_repeat, 5);
	assert_int_equal(g->vrrp_version, 2);
	assert_int_equal(g->mcast_group4.family, AF_INET);
	assert_string_equal(g->vmac_addr_prefix, "vrrp");
	assert_string_equal(g->default_interface, "eth0");
	assert_int_equal(config->process->child_wait.ns, SEC(5).ns);
	assert_int_equal(config->n_scripts, 0);
	config_free(config);
}

static void blocks_accumulate(void **state)
{
	struct config *config = read_clean("global_defs {\n router_id a\n vrrp_version 3\n}\n"
					   "instance left\nuse_pid_dir\n"
					   "global_defs {\n router_id b\n}\n");

	(void)state;
	assert_string_equal(config->global->router_id, "b");
	assert_int_equal(config->global->vrrp_version, 3);
	assert_string_equal(config->process->instance, "left");
	assert_true(config->process->use_pid_dir);
	config_free(config);
}

static void min_garp_keeps_what_is_set(void **state)
{
	struct config *config = read_clean("global_defs {\n vrrp_garp_master_delay 7\n"
					   " vrrp_min_garp\n}\n");

	(void)state;
	assert_int_equal(config->global->garp_delay.ns, SEC(7).ns);
	assert_int_equal(config->global->garp_repeat, 1);
	assert_int_equal(config->global->garp_lower_prio_delay.ns, SEC(7).ns);
	assert_int_equal(config->global->garp_lower_prio_repeat, 1);
	config_free(config);
}

static void names_follow_process_names(void **state)
{
	struct config *config =
		read_clean("global_defs {\n process_names\n"
			   " bfd_process_name mine\n vmac_prefix vm\n"
			   " enable_snmp_rfc\n snmp_vs_stats_update_interval 2.5\n}\n");
	const struct global_config *g = config->global;

	(void)state;
	assert_null(g->process_name);
	assert_string_equal(g->vrrp_process_name, "keepalived_vrrp");
	assert_string_equal(g->checker_process_name, "keepalived_lvs");
	assert_string_equal(g->bfd_process_name, "mine");
	assert_string_equal(g->vmac_addr_prefix, "vm");
	assert_true(g->enable_snmp_rfcv2 && g->enable_snmp_rfcv3);
	assert_int_equal(g->snmp_rs_stats_every.ns, MSEC(2500).ns);
	config_free(config);
}

static void lvs_timeouts_override(void **state)
{
	struct config *config = read_clean("global_defs {\n lvs_timeouts tcp 900 udp 300\n"
					   " lvs_timeouts udp 0 tcpfin 120\n}\n");

	(void)state;
	assert_int_equal(config->global->lvs_timeouts.tcp.ns, SEC(900).ns);
	assert_int_equal(config->global->lvs_timeouts.tcpfin.ns, SEC(120).ns);
	assert_int_equal(config->global->lvs_timeouts.udp.ns, 0);
	config_free(config);
}

static void sync_daemon_needs_its_instance(void **state)
{
	struct config *config = read("global_defs {\n lvs_sync_daemon eth1 VI_1 id 7\n}\n");

	(void)state;
	assert_null(config->global->lvs_sync);
	assert_true(has_rule(config, "unknown-name"));
	config_free(config);
	config = read_clean("global_defs {\n lvs_sync_daemon eth1 id 7 port 8848 ttl 3\n}\n");
	assert_string_equal(config->global->lvs_sync->ifname, "eth1");
	assert_int_equal(config->global->lvs_sync->sync_id, 7);
	assert_int_equal(config->global->lvs_sync->port, 8848);
	assert_int_equal(config->global->lvs_sync->ttl, 3);
	assert_int_equal(config->n_needs, 1);
	assert_string_equal(config->needs[0].name, "eth1");
	config_free(config);
}

static void set_names_are_derived(void **state)
{
	struct config *config =
		read_clean("global_defs {\n vrrp_iptables\n vrrp_ipsets ka4 kb6\n}\n");
	const struct global_config *g = config->global;

	(void)state;
	assert_string_equal(g->iptables_in, "INPUT");
	assert_string_equal(g->iptables_out, "OUTPUT");
	assert_string_equal(g->ipsets.addr4, "ka4");
	assert_string_equal(g->ipsets.addr6, "kb6");
	assert_string_equal(g->ipsets.if6, "kb_if6");
	assert_string_equal(g->ipsets.igmp, "ka4_igmp");
	config_free(config);
	config = read_clean("global_defs {\n vrrp_iptables one two\n vrrp_ipsets\n}\n");
	assert_string_equal(config->global->iptables_out, "two");
	assert_false(config->global->use_ipsets);
	config_free(config);
	config = read_clean("global_defs {\n vrrp_iptables\n nftables\n}\n");
	assert_null(config->global->iptables_in);
	assert_string_equal(config->global->nftables, "keepalived");
	config_free(config);
}

static uint32_t umask_of(const char *value)
{
	char text[128];
	struct config *config;
	uint32_t mask;

	snprintf(text, sizeof(text), "global_defs {\n umask %s\n}\n", value);
	config = read(text);
	mask = config->global->umask;
	config_free(config);
	return mask;
}

static void umask_forms(void **state)
{
	(void)state;
	assert_int_equal(umask_of("022"), 022);
	assert_int_equal(umask_of("0x3f"), 077);
	assert_int_equal(umask_of("18"), 022);
	assert_int_equal(umask_of("IWGRP|IWOTH"), 022);
	assert_int_equal(umask_of("IRWXG|IRWXO"), 077);
	assert_int_equal(umask_of("0o77"), 0177);
	assert_int_equal(umask_of("01000"), 0177);
	assert_int_equal(umask_of("IWXYZ"), 0177);
}

static void scripts_know_their_scope(void **state)
{
	struct config *config =
		read_clean("global_defs {\n startup_script \"/bin/a one\"\n"
			   " script_user alice staff\n set_supplementary_groups\n"
			   " shutdown_script '/bin/b two' bob :wheel\n"
			   " notify_fifo /run/f carol\n vrrp_notify_fifo /run/g\n}\n");
	const struct global_config *g = config->global;

	(void)state;
	assert_int_equal(config->n_scripts, 2);
	assert_ptr_equal(config->scripts[0], g->startup_script);
	assert_ptr_equal(config->scripts[1], g->shutdown_script);
	assert_int_equal(g->shutdown_script->id, 1);
	assert_null(g->startup_script->default_user);
	assert_false(g->startup_script->all_groups);
	assert_string_equal(g->shutdown_script->default_user, "alice");
	assert_string_equal(g->shutdown_script->default_group, "staff");
	assert_string_equal(g->shutdown_script->user, "bob");
	assert_string_equal(g->shutdown_script->group, ":wheel");
	assert_true(g->shutdown_script->all_groups);
	assert_string_equal(g->shutdown_script->argv[0], "/bin/b");
	assert_string_equal(g->shutdown_script->argv[1], "two");
	assert_string_equal(g->notify_fifo.owner.user, "carol");
	assert_null(g->vrrp_notify_fifo.owner.user);
	assert_string_equal(g->vrrp_notify_fifo.default_owner.user, "alice");
	config_free(config);
}

/* The words of a command as the language reference has them: LINE, then the words with | between.
 */
static const char *const commands[][2] = {
	{ "\"/p x y\"", "/p|x|y" },
	{ "'/p x y'", "/p|x|y" },
	{ "\"/p 'x y' z\"", "/p|x y|z" },
	{ "'/p \"x y\" z'", "/p|x y|z" },
	{ "\"/p \\\"x y\\\" z\"", "/p|\"x|y\"|z" },
	{ "\"/p x\\ y\"", "/p|x y" },
	{ "\"/p '' z\"", "/p||z" },
	{ "\"/p \\101\\x42\\cC\\E\"", "/p|AB\003\033" },
	{ "\"/p a;b|c $X *\"", "/p|a;b|c|$X|*" },
	{ "\"/a\"/b", "/a/b" },
	{ "\"</etc/x\"", "</etc/x" },
};

static void commands_are_split(void **state)
{
	char text[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		struct strbuf words = { 0 };
		struct config *config;
		const struct script_config *s;

		snprintf(text, sizeof(text), "global_defs {\n startup_script %s\n}\n",
			 commands[i][0]);
		config = read(text);
		s = config->global->startup_script;
		assert_non_null(s);
		for (uint32_t j = 0; j < s->argc; j++) {
			strbuf_add(&words, j ? "|" : "");
			strbuf_add(&words, s->argv[j]);
		}
		assert_string_equal(strbuf_text(&words), commands[i][1]);
		assert_null(s->argv[s->argc]);
		assert_int_equal(s->file_test, s->command[0] == '<');
		strbuf_fini(&words);
		config_free(config);
	}
}

static void first_lines_win(void **state)
{
	struct config *config = read("global_defs {\n startup_script /bin/a\n"
				     " startup_script /bin/b\n vmac_prefix x\n vmac_prefix y\n}\n"
				     "net_namespace one\nnet_namespace two\n");

	(void)state;
	assert_int_equal(config->n_scripts, 1);
	assert_string_equal(config->global->startup_script->argv[0], "/bin/a");
	assert_string_equal(config->global->vmac_prefix, "x");
	assert_string_equal(config->process->net_namespace, "one");
	assert_int_equal(diags_count(config->diags, DIAG_WARNING), 3);
	config_free(config);
}

static void instance_is_no_path(void **state)
{
	struct config *config = read("instance ../x\n");

	(void)state;
	assert_null(config->process->instance);
	assert_int_equal(diags_count(config->diags, DIAG_ERROR), 1);
	config_free(config);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(empty_text_gives_defaults),
	cmocka_unit_test(blocks_accumulate),
	cmocka_unit_test(min_garp_keeps_what_is_set),
	cmocka_unit_test(names_follow_process_names),
	cmocka_unit_test(lvs_timeouts_override),
	cmocka_unit_test(sync_daemon_needs_its_instance),
	cmocka_unit_test(set_names_are_derived),
	cmocka_unit_test(umask_forms),
	cmocka_unit_test(scripts_know_their_scope),
	cmocka_unit_test(commands_are_split),
	cmocka_unit_test(first_lines_win),
	cmocka_unit_test(instance_is_no_path),
};

UNIT_MAIN(tests)
