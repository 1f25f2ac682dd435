/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Process-wide keywords: the tables of core and their defaults.
 *
 * The rows of global_defs stand in config_global_*.inc by theme. Names that need the system (host
 * name, users) stay unset here; whoever needs them finds them out. What follows from several rows
 * together is config_global_resolve.c.
 */
#include "core/config_global.h"

#include <netinet/in.h>

#include "core/config.h"
#include "core/config_global_value.h"

#define NS(s) ((int64_t)(s) * 1000000000)
#define MS(ms) ((int64_t)(ms) * 1000000)
#define US(us) ((int64_t)(us) * 1000)
/** Flag of rows whose feature this build may lack. */
#define UNLESS(built) ((built) ? 0 : KW_NOT_BUILT)

ENUM_WORDS(dynamic_words, "an option of dynamic_interfaces",
	   { "allow_if_changes", DYNAMIC_IF_CHANGES });
ENUM_WORDS(flush_words, "an option of lvs_flush_on_stop", { "VS", LVS_FLUSH_STOP_OWN });

/* ->head of blocks and records without header words. */
static bool no_name(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	(void)b, (void)object, (void)node, (void)next;
	return true;
}

/* lvs_timeouts */
#define AT(m) offsetof(struct lvs_timeouts, m)
static const struct keyword lvs_timeouts_keywords[] = {
	{ .word = "tcp", .type = &value_whole_seconds, .at = AT(tcp), .max = NS(2678400),
	  .help = "Established TCP connections." },
	{ .word = "tcpfin", .type = &value_whole_seconds, .at = AT(tcpfin), .max = NS(2678400),
	  .help = "TCP connections after a FIN." },
	{ .word = "udp", .type = &value_whole_seconds, .at = AT(udp), .max = NS(2678400),
	  .help = "UDP." },
};
#undef AT

static bool lvs_timeouts_done(struct bind *b, struct object *object, struct node *node)
{
	if (object->n_marks)
		return true;
	bind_error(b, "missing-argument", node, node->n_words,
		   "lvs_timeouts needs at least one of tcp, tcpfin and udp with its seconds");
	return false;
}

static const struct block_type lvs_timeouts_type = {
	.name = "lvs_timeouts",
	.form = BLOCK_RECORD,
	KEYWORDS(lvs_timeouts_keywords),
	.size = sizeof(struct lvs_timeouts),
	.head = no_name,
	.done = lvs_timeouts_done,
};

/* lvs_sync_daemon */
#define AT(m) offsetof(struct lvs_sync_daemon, m)
static const struct keyword lvs_sync_keywords[] = {
	{ .word = "inst", .type = &value_text, .at = AT(instance), .synopsis = "INSTANCE",
	  .help = "VRRP instance whose state the daemon follows." },
	{ .word = "id", .type = &value_i32, .at = AT(sync_id), .max = 255,
	  .default_text = "the instance's virtual_router_id, else 0", .help = "Sync id." },
	{ .word = "maxlen", .type = &value_u32, .at = AT(maxlen), .min = 1, .max = 65507,
	  .default_text = "kernel", .help = "Longest packet." },
	{ .word = "port", .type = &value_u16, .at = AT(port), .min = 1, .max = 65535,
	  .default_text = "kernel", .help = "UDP port." },
	{ .word = "ttl", .type = &value_u8, .at = AT(ttl), .min = 1, .max = 255,
	  .default_text = "kernel", .help = "Time to live of the packets." },
	{ .word = "group", .type = &value_addr, .at = AT(group), .default_text = "kernel",
	  .help = "Multicast group." },
};
#undef AT

static bool lvs_sync_head(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	struct lvs_sync_daemon *sync = container_of(object, struct lvs_sync_daemon, object);
	static const struct keyword row = { .word = "lvs_sync_daemon",
					    .type = &value_ifname };

	return value_ifname.parse(b, &row, node, next, &sync->ifname);
}

static void lvs_sync_print_head(const struct object *object, struct strbuf *out)
{
	const struct lvs_sync_daemon *sync =
		container_of(object, const struct lvs_sync_daemon, object);

	if (sync->ifname)
		value_print_word(sync->ifname, out);
}

/* The old form is IFNAME INSTANCE [ID]. */
static bool lvs_sync_other(struct bind *b, struct object *object, struct node *node,
			   unsigned *next)
{
	struct lvs_sync_daemon *sync = container_of(object, struct lvs_sync_daemon, object);
	const struct word *w = &node->words[*next];
	int64_t id;

	if (!sync->instance) {
		++*next;
		sync->instance = arena_strdup(b->arena, w->text);
		sync->instance_at = w->at;
		return true;
	}
	if (w->text[0] < '0' || w->text[0] > '9')
		return false;
	++*next;
	if (!value_read_i64(b, "lvs_sync_daemon id", w, 0, 255, &id))
		return true;
	sync->sync_id = (int32_t)id;
	diag_warning(b->diags, "deprecated", w->at,
		     "a sync id without the word id is deprecated; write 'id %s'", w->text);
	return true;
}

static const struct lvs_sync_daemon lvs_sync_defaults = { .sync_id = -1 };

static const struct block_type lvs_sync_type = {
	.name = "lvs_sync_daemon",
	.form = BLOCK_RECORD,
	KEYWORDS(lvs_sync_keywords),
	.size = sizeof(struct lvs_sync_daemon),
	.defaults = &lvs_sync_defaults,
	.head = lvs_sync_head,
	.head_synopsis = "IFNAME",
	.print_head = lvs_sync_print_head,
	.other = lvs_sync_other,
};

/* Stored hooks. */
static void stored_script_user(struct bind *b, const struct keyword *k, struct node *node,
			       void *object)
{
	struct script_scope *scope = script_scope_of(b);

	(void)k, (void)node;
	if (scope)
		scope->owner = ((struct global_config *)object)->script_user;
}

static void stored_all_groups(struct bind *b, const struct keyword *k, struct node *node,
			      void *object)
{
	struct script_scope *scope = script_scope_of(b);

	(void)k, (void)node;
	if (scope)
		scope->all_groups = ((struct global_config *)object)->set_supplementary_groups;
}

/* Multicast groups. */
static const struct value_type value_mcast4, value_mcast6;

static bool mcast_parse(struct bind *b, const struct keyword *k, struct node *node,
			unsigned *next, void *field)
{
	sa_family_t family = k->type == &value_mcast4 ? AF_INET : AF_INET6;
	const struct word *w = value_next_word(b, k, node, next);
	struct addr *out = field, group;

	if (!w)
		return false;
	if (!addr_parse(w->text, &group) || group.family != family || !addr_is_multicast(group)) {
		diag_error(b->diags, "bad-address", w->at, "%s '%s' is not an %s", k->word,
			   w->text, k->type->name);
		return false;
	}
	if (group.family == AF_INET6 && !IN6_IS_ADDR_MC_LINKLOCAL(&group.v6))
		diag_warning(b->diags, "bad-address", w->at,
			     "%s '%s' is not a link-local group; adverts could be routed",
			     k->word, w->text);
	*out = group;
	return true;
}

static void mcast_print(const struct keyword *k, const void *field, struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];

	(void)k;
	strbuf_add(out, addr_print(*(const struct addr *)field, text));
}

static bool mcast_equal(const struct keyword *k, const void *a, const void *b)
{
	(void)k;
	return addr_equal(*(const struct addr *)a, *(const struct addr *)b);
}

static const struct value_type value_mcast4 = {
	.name = "IPv4 multicast address",
	.size = sizeof(struct addr),
	.parse = mcast_parse,
	.print = mcast_print,
	.equal = mcast_equal,
	.synopsis = "ADDRESS",
};

static const struct value_type value_mcast6 = {
	.name = "IPv6 multicast address",
	.size = sizeof(struct addr),
	.parse = mcast_parse,
	.print = mcast_print,
	.equal = mcast_equal,
	.synopsis = "ADDRESS",
};

/* global_defs */
#define AT(m) offsetof(struct global_config, m)
static const struct keyword global_keywords[] = {
#include "core/config_global_process.inc"
#include "core/config_global_notify.inc"
#include "core/config_global_vrrp.inc"
#include "core/config_global_lvs.inc"
#include "core/config_global_files.inc"
};
#undef AT

static const struct global_config global_defaults = {
	.smtp_connect_timeout = SEC(30),
	.startup_script_timeout = SEC(10),
	.shutdown_script_timeout = SEC(10),
	.vrrp_sched.rlimit_rttime_us = 10000,
	.checker_sched.rlimit_rttime_us = 10000,
	.bfd_sched.rlimit_rttime_us = 10000,
	.min_auto_priority_delay_us = 1000000,
	.default_interface = "eth0",
	.iproute_usr_dir = "/usr/share/iproute2",
	.iproute_etc_dir = "/etc/iproute2",
	.umask = 0177,
	.vrrp_version = 2,
	.mcast_group4 = { .family = AF_INET, .bytes = { 224, 0, 0, 18 } },
	.mcast_group6 = { .family = AF_INET6, .bytes = { 0xff, 2, [15] = 0x12 } },
	.down_timer_adverts = 3,
	.garp_delay = SEC(5),
	.garp_repeat = 5,
	.garp_refresh_repeat = 1,
	.garp_lower_prio_delay = SEC(5),
	.garp_lower_prio_repeat = 5,
	.vmac_prefix = "vrrp",
	.vmac_addr_prefix = "vrrp",
	.rx_bufs_multiplier = 3,
	.nftables_priority = -1,
	.nftables_ipvs_priority = -1,
	.nftables_ipvs_start_fwmark = 1000,
	.snmp_vs_stats_every = SEC(5),
	.snmp_rs_stats_every = SEC(5),
	.dbus_service_name = "org.keepalived.Vrrp1",
	.dbus_no_interface_name = "none",
	.json_version = 1,
};

/* What follows may need it while it is bound: names of iproute2. */
static bool global_done(struct bind *b, struct object *object, struct node *node)
{
	struct config *config = b->root;

	(void)node;
	if (config)
		config->global = container_of(object, struct global_config, object);
	return true;
}

const struct block_type global_config_type = {
	.name = "global_defs",
	.done = global_done,
	KEYWORDS(global_keywords),
	.size = sizeof(struct global_config),
	.defaults = &global_defaults,
	.head = no_name,
	.help = "Settings for the whole daemon. The block may be repeated; later values override.",
};

/* Top level. */
#define AT(m) offsetof(struct process_config, m)
static const struct keyword process_keywords[] = {
	{ .word = "global_defs", .type = &value_one_block, .at = AT(global_defs),
	  .arg = &global_config_type, .help = "Settings for the whole daemon." },
	{ .word = "net_namespace", .type = &value_text, .at = AT(net_namespace),
	  .flags = KW_FIRST_WINS | KW_FIXED, .label = "Network namespace", .synopsis = "NAME",
	  .default_text = "the current one",
	  .help = "Network namespace to run in; implies use_pid_dir. --namespace wins." },
	{ .word = "net_namespace_ipvs", .type = &value_or_text, .at = AT(net_namespace_ipvs),
	  .flags = KW_FIRST_WINS | KW_FIXED, .arg = "", .label = "Network namespace ipvs",
	  .default_text = "as net_namespace",
	  .help = "Network namespace of IPVS; without argument that of process 1." },
	{ .word = "namespace_with_ipsets", .type = &value_flag, .at = AT(namespace_with_ipsets),
	  .help = "Allow ipsets in a network namespace on kernels before 3.13." },
	{ .word = "use_pid_dir", .type = &value_flag, .at = AT(use_pid_dir), .flags = KW_FIXED,
	  .help = "Keep pid files in the subdirectory keepalived of the run directory." },
	{ .word = "instance", .type = &value_text, .at = AT(instance),
	  .flags = KW_FIRST_WINS | KW_FIXED, .label = "Instance name", .synopsis = "NAME",
	  .help = "Name of this daemon when several run: part of pid files and log identifiers; "
		  "implies use_pid_dir." },
	{ .word = "child_wait_time", .type = &value_whole_seconds, .at = AT(child_wait),
	  .max = NS(UINT32_MAX),
	  .help = "Time for the processes to end at stop before they are killed." },
};
#undef AT

static const struct process_config process_defaults = { .child_wait = SEC(5) };

const struct block_type process_config_type = {
	.name = "configuration",
	KEYWORDS(process_keywords),
	.size = sizeof(struct process_config),
	.defaults = &process_defaults,
	.head = no_name,
};
