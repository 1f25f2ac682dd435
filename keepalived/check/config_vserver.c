/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtual_server: keyword table, the three forms of its head, and the sections of the engine.
 *
 * What a virtual server's keywords mean for one another is checked in config_service.c after the
 * whole text is known, so their order never matters.
 */
#include "check/config_rows.h"

#define AT(member)	 offsetof(struct virtual_server, member)
#define SECTION(member)	 offsetof(struct check_config, member)

/* ---- schedulers ---- */

static const struct enum_word scheduler_list[] = {
	{ .word = "rr", .value = 0 },	  { .word = "wrr", .value = 1 },
	{ .word = "lc", .value = 2 },	  { .word = "wlc", .value = CHECK_SCHEDULER_WLC },
	{ .word = "lblc", .value = 4 },	  { .word = "lblcr", .value = 5 },
	{ .word = "sh", .value = CHECK_SCHEDULER_SH },
	{ .word = "mh", .value = CHECK_SCHEDULER_MH },
	{ .word = "dh", .value = 8 },	  { .word = "fo", .value = 9 },
	{ .word = "ovf", .value = 10 },	  { .word = "sed", .value = 11 },
	{ .word = "nq", .value = 12 },	  { .word = "twos", .value = 13 },
};
const struct enum_words check_schedulers = {
	.words = scheduler_list,
	.n = ARRAY_LEN(scheduler_list),
	.what = "a scheduler",
};

const char *check_scheduler_name(int scheduler)
{
	return scheduler >= 0 && (size_t)scheduler < ARRAY_LEN(scheduler_list) ?
		       scheduler_list[scheduler].word :
		       "?";
}

/* ---- head ---- */

static struct check_parts *parts_of_section(struct bind *bind)
{
	struct check_config *section = container_of(bind->parent, struct check_config, object);

	if (!section->parts)
		section->parts = arena_new_of(bind->arena, struct check_parts);
	return section->parts;
}

static bool head_fwmark(struct bind *bind, struct virtual_server *vs, struct node *node,
			unsigned *next)
{
	uint64_t mark;

	vs->kind = SERVICE_FWMARK;
	if (++*next >= node->n_words) {
		bind_error(bind, "missing-argument", node, *next - 1,
			   "virtual_server fwmark needs a number");
		return false;
	}
	if (!value_read_u64(bind, "fwmark", &node->words[(*next)++], 1, UINT32_MAX, &mark))
		return false;
	vs->fwmark = (uint32_t)mark;
	return true;
}

static bool head_group(struct bind *bind, struct virtual_server *vs, struct node *node,
		       unsigned *next)
{
	vs->kind = SERVICE_GROUP;
	if (++*next >= node->n_words) {
		bind_error(bind, "missing-argument", node, *next - 1,
			   "virtual_server group needs the name of a virtual_server_group");
		return false;
	}
	vs->group_name = arena_strdup(bind->arena, node->words[*next].text);
	vs->group_at = node->words[(*next)++].at;
	return true;
}

static bool vs_head(struct bind *bind, struct object *object, struct node *node, unsigned *next)
{
	struct virtual_server *vs = (struct virtual_server *)(void *)object;
	const char *form = *next < node->n_words ? node->words[*next].text : "";
	struct endpoint service;

	vs->parts = parts_of_section(bind);
	if (!strcmp(form, "fwmark"))
		return head_fwmark(bind, vs, node, next);
	if (!strcmp(form, "group"))
		return head_group(bind, vs, node, next);
	vs->kind = SERVICE_ADDRESS;
	if (!read_endpoint(bind, "virtual_server", node, next, &service))
		return false;
	vs->addr = service.addr;
	vs->port = service.port;
	return true;
}

static bool vs_done(struct bind *bind, struct object *object, struct node *node)
{
	(void)bind;
	((struct virtual_server *)(void *)object)->end = node->close_at;
	return true;
}

static void vs_print_head(const struct object *object, struct strbuf *out)
{
	const struct virtual_server *vs = (const struct virtual_server *)(const void *)object;

	switch (vs->kind) {
	case SERVICE_ADDRESS:
		print_endpoint(vs->addr, vs->port, out);
		return;
	case SERVICE_FWMARK:
		strbuf_addf(out, "fwmark %u", vs->fwmark);
		return;
	case SERVICE_GROUP:
		strbuf_add(out, "group ");
		value_print_word(vs->group_name, out);
		return;
	}
}

static void vs_key(const struct object *object, struct strbuf *out)
{
	const struct virtual_server *vs = (const struct virtual_server *)(const void *)object;

	vs_print_head(object, out);
	if (vs->kind == SERVICE_FWMARK)
		strbuf_addf(out, " family %d", vs->family);
	else
		strbuf_addf(out, " protocol %d", vs->protocol);
}

/* ---- keywords ---- */

static const struct enum_word family_list[] = {
	{ .word = "inet", .value = AF_INET },
	{ .word = "inet6", .value = AF_INET6 },
};
static const struct enum_words family_words = {
	.words = family_list,
	.n = ARRAY_LEN(family_list),
	.what = "an address family",
};

static const struct enum_word protocol_list[] = {
	{ .word = "TCP", .value = IPPROTO_TCP },
	{ .word = "UDP", .value = IPPROTO_UDP },
	{ .word = "SCTP", .value = IPPROTO_SCTP },
};
static const struct enum_words protocol_words = {
	.words = protocol_list,
	.n = ARRAY_LEN(protocol_list),
	.any_case = true,
	.what = "a protocol",
};

static void persistence_stored(struct bind *bind, const struct keyword *row, struct node *node,
			       void *object)
{
	const struct virtual_server *vs = object;

	(void)row;
	if (!vs->persistence_timeout)
		diag_hint(bind->diags,
			  bind_warning(bind, "no-effect", node, 1,
				       "persistence_timeout 0 means not persistent"),
			  "leave the line out");
}

#define FLAG(word_, member, label_, help_)                                                 \
	{ .word = (word_), .type = &value_flag, .at = AT(member), .label = (label_),       \
	  .json = #member, .help = (help_) }

#define SCHEDULER_ROW(word_, flags_, instead_)                                             \
	{ .word = (word_), .type = &value_enum, .at = AT(scheduler),                       \
	  .arg = &check_schedulers, .flags = (flags_), .instead = (instead_),              \
	  .label = "lvs_sched", .json = "lvs_sched", .default_text = "wlc",                \
	  .synopsis = "SCHEDULER",                                                         \
	  .help = "How IPVS chooses a server: rr, wrr, lc, wlc, lblc, lblcr, sh, mh, dh, " \
		  "fo, ovf, sed, nq or twos." }

#define METHOD_ROW(word_, flags_, instead_)                                                \
	{ .word = (word_), .type = &value_forward, .at = AT(forward), .flags = (flags_),   \
	  .instead = (instead_), .label = "default forwarding method",                     \
	  .json = "lvs_method", .default_text = "NAT",                                     \
	  .help = "How packets reach the servers: network address translation, direct "    \
		  "routing, or a tunnel of the given type; a gue tunnel needs a port." }

#define INLINE_TIME_ROW(word_, member, from, to, label_, default_, help_)                  \
	{ .word = (word_), .type = &value_span, .at = AT(timing.member), RANGE(from, to),  \
	  .label = (label_), .json = (word_), .default_text = (default_), .help = (help_) }

static const struct keyword vs_keywords[] = {
	{ .word = "ip_family", .type = &value_enum, .at = AT(ip_family), .arg = &family_words,
	  .json = "ip_family", .synopsis = "inet|inet6",
	  .default_text = "by the address or the real servers",
	  .help = "Address family of a firewall mark whose servers are all tunnelled." },
	INLINE_TIME_ROW("delay_loop", delay_loop, TIMEOUT_MIN_NS, TIME_MAX_NS, "delay_loop", "60",
			"Time from one check to the next."),
	INLINE_TIME_ROW("connect_timeout", connect_timeout, TIMEOUT_MIN_NS, TIMEOUT_MAX_NS,
			"connection timeout", "5",
			"How long connecting, and each wait for an answer, may take."),
	{ .word = "retry", .type = &value_i64, .at = AT(timing.retry), RANGE(1, UINT32_MAX),
	  .label = "Retry count", .json = "retry", .default_text = "by the kind of check",
	  .help = "How often a failed check of a live server is repeated before the server "
		  "counts as failed." },
	INLINE_TIME_ROW("delay_before_retry", delay_before_retry, 0, TIME_MAX_NS, "Retry delay",
			"by the kind of check", "Time before each repetition of a failed check."),
	INLINE_TIME_ROW("warmup", warmup, 0, TIME_MAX_NS, "Warmup", "delay_loop",
			"Upper bound of the random delay of the first check."),
	FLAG("inhibit_on_failure", inhibit, "Inhibit on failure is",
	     "Failed servers stay in the table with weight 0."),
	SCHEDULER_ROW("lvs_sched", 0, NULL),
	SCHEDULER_ROW("lb_algo", KW_MASKED, NULL),
	METHOD_ROW("lvs_method", 0, NULL),
	METHOD_ROW("lb_kind", KW_MASKED, NULL),
	{ .word = "hashed", .type = &value_flag, .at = AT(hashed), .flags = KW_NO_EFFECT,
	  .label = "Hashed", .help = "Accepted with the schedulers sh and mh; does nothing." },
	FLAG("ops", ops, "One packet scheduling",
	     "Schedule each packet by itself; only for UDP and firewall marks."),
	FLAG("flag-1", flag1, "flag-1", "First flag of the scheduler."),
	FLAG("flag-2", flag2, "flag-2", "Second flag of the scheduler."),
	FLAG("flag-3", flag3, "flag-3", "Third flag of the scheduler."),
	FLAG("sh-port", sh_port, "sh-port", "Scheduler sh hashes the source port too."),
	FLAG("sh-fallback", sh_fallback, "sh-fallback",
	     "Scheduler sh takes another server if the hashed one is unavailable."),
	FLAG("mh-port", mh_port, "mh-port", "Scheduler mh hashes the source port too."),
	FLAG("mh-fallback", mh_fallback, "mh-fallback",
	     "Scheduler mh takes another server if the hashed one is unavailable."),
	{ .word = "persistence_engine", .type = &value_name, .at = AT(persistence_engine),
	  .max = 16, .label = "persistence engine", .json = "persistence_engine",
	  .default_text = "none",
	  .help = "Kernel module that tells the clients of a persistent service apart." },
	{ .word = "persistence_timeout", .type = &value_u32, .at = AT(persistence_timeout),
	  RANGE(0, 2678400), .flags = KW_OPTIONAL_ARG, .alone = 360,
	  .stored = persistence_stored, .label = "persistence timeout",
	  .json = "persistence_timeout", .synopsis = "[SECONDS]",
	  .help = "A client keeps its server until this long after its last connection; alone "
		  "360." },
	{ .word = "persistence_granularity", .type = &value_granularity,
	  .at = AT(granularity), .label = "persistence granularity",
	  .json = "persistence_granularity", .default_text = "each address by itself",
	  .help = "Clients with the same masked address count as one." },
	{ .word = "protocol", .type = &value_enum, .at = AT(protocol), .arg = &protocol_words,
	  .flags = KW_IDENTITY, .label = "protocol", .json = "protocol",
	  .synopsis = "TCP|UDP|SCTP", .default_text = "UDP",
	  .help = "Transport protocol of the service; a firewall mark has none." },
	FLAG("ha_suspend", ha_suspend, "Using HA suspend",
	     "Check only while the service address is on this host."),
	{ .word = "smtp_alert", .type = &value_tristate, .at = AT(smtp_alert),
	  INHERITED_TRISTATE, .label = "Using smtp notification", .json = "smtp_alert",
	  .default_text = "smtp_alert_checker, else smtp_alert, else off",
	  .help = "Send a mail when the quorum is gained or lost." },
	{ .word = "virtualhost", .type = &value_text, .at = AT(virtualhost),
	  .label = "VirtualHost", .json = "virtualhost",
	  .help = "Host header of HTTP checks." },
	{ .word = "snmp_name", .type = &value_text, .at = AT(snmp_name), .label = "SNMP name",
	  .flags = KW_EXTRA_IGNORED, .stored = one_word_stored, .json = "snmp_name",
	  .help = "Name of the virtual server for SNMP." },
	FLAG("alpha", alpha, "alpha is", "Servers are down until a check has succeeded."),
	FLAG("omega", omega, "omega is",
	     "Run the down notifications when the daemon stops."),
	{ .word = "quorum_up", .type = &value_script, .at = AT(quorum_up),
	  .flags = KW_FIRST_WINS, .label = "Quorum up notify script", .json = "quorum_up",
	  .help = "Program to run when the quorum is gained." },
	{ .word = "quorum_down", .type = &value_script, .at = AT(quorum_down),
	  .flags = KW_FIRST_WINS, .label = "Quorum down notify script", .json = "quorum_down",
	  .help = "Program to run when the quorum is lost." },
	{ .word = "quorum", .type = &value_u32, .at = AT(quorum), RANGE(1, UINT32_MAX),
	  .label = "quorum", .json = "quorum",
	  .help = "Sum of the weights of live servers from which the service counts as up; at "
		  "least 1." },
	{ .word = "hysteresis", .type = &value_u32, .at = AT(hysteresis),
	  RANGE(0, UINT32_MAX), .label = "hysteresis", .json = "hysteresis",
	  .help = "The quorum is gained at quorum plus this and lost at quorum less this." },
	{ .word = "weight", .type = &value_i32, .at = AT(weight), RANGE(1, INT32_MAX),
	  .stored = weight_stored,
	  .label = "weight", .json = "weight", .help = "Weight of servers without their own." },
	{ .word = "sorry_server", .type = &value_sorry, .at = AT(sorry),
	  .label = "sorry server", .json = "sorry_server",
	  .help = "Server to use while there is no quorum." },
	{ .word = "sorry_server_inhibit", .type = &value_flag, .at = AT(sorry.inhibit),
	  .label = "sorry server inhibit", .json = "sorry_server_inhibit",
	  .help = "The sorry server stays in the table with weight 0 while it is not used." },
	{ .word = "sorry_server_lvs_method", .type = &value_forward, .flags = KW_OWN_ROW,
	  .at = AT(sorry.forward), .label = "sorry server forwarding method",
	  .json = "sorry_server_lvs_method", .default_text = "lvs_method",
	  .help = "How packets reach the sorry server." },
	{ .word = "real_server", .type = &value_block, .at = AT(real_servers),
	  .arg = &real_server_block, .flags = KW_APPEND, .json = "real_servers",
	  .help = "A server and its checks." },
};

static const struct virtual_server vs_defaults = {
	.scheduler = -1,
	.timing = {
		.connect_timeout = { INT64_C(5000000000) },
		.delay_loop = { INT64_C(60000000000) },
		.delay_before_retry = { -1 },
		.warmup = { -1 },
		.retry = RETRY_UNSET,
	},
	.quorum = 1,
	.weight = 1,
};

const struct block_type virtual_server_block = {
	.name = "virtual_server",
	.form = BLOCK_KEYWORDS,
	KEYWORDS(vs_keywords),
	.size = sizeof(struct virtual_server),
	.defaults = &vs_defaults,
	.head = vs_head,
	.head_synopsis = "ADDRESS [PORT] | fwmark MARK | group NAME",
	.done = vs_done,
	.print_head = vs_print_head,
	.key = vs_key,
	.help = "An IPVS service, or one for each entry of a group, and its servers.",
};

/* ---- top level ---- */

static const struct keyword section_keywords[] = {
	{ .word = "SSL", .type = &value_block, .at = SECTION(ssl_blocks), .arg = &ssl_block,
	  .flags = KW_APPEND, .json = "ssl", .help = "TLS settings of SSL_GET checks." },
	{ .word = "virtual_server_group", .type = &value_block, .at = SECTION(groups),
	  .arg = &server_group_block, .flags = KW_APPEND, .json = "virtual_server_groups",
	  .help = "A named list of addresses and firewall marks." },
	{ .word = "virtual_server", .type = &value_block, .at = SECTION(virtual_servers),
	  .arg = &virtual_server_block, .flags = KW_APPEND, .json = "virtual_servers",
	  .help = "A service with its servers and checks." },
};

const struct block_type check_sections = {
	.name = "checkers",
	.form = BLOCK_KEYWORDS,
	KEYWORDS(section_keywords),
	.size = sizeof(struct check_config),
	.help = "Virtual servers and health checks.",
};
