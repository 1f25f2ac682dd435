/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vrrp_sync_group and the small blocks of the top level: track_group, garp_group,
 * linkbeat_interfaces, interface_up_down_delays; and the table of the top level itself.
 *
 * Members are found by config_check_group.c: instances may be defined later.
 */
#include "vrrp/config_table.h"

#define AT(m) offsetof(struct vrrp_group_config, m)
#define TRACK_AT	 AT(track)
#define STOP_WAIT_AT	 AT(notify_stop_wait)
#define NOTIFY_AT(which) AT(notify.which)

static bool equal_names(const struct keyword *kw, const void *a, const void *b)
{
	const struct word_list *x = a, *y = b;

	(void)kw;
	if (x->n != y->n)
		return false;
	for (uint32_t i = 0; i < x->n; i++)
		if (strcmp(x->items[i], y->items[i]))
			return false;
	return true;
}

static const struct keyword group_keywords[] = {
	{ .word = "group", .type = &value_word_block, .at = AT(member_names),
	  .flags = KW_FIRST_WINS, .synopsis = "{ INSTANCE... }",
	  .label = "VRRP member instances", .json = "members",
	  .help = "The instances that change state together. Required." },
	TRACKER_ROWS,
	NOTIFY_ROWS,
	NOTIFY_ALIAS_ROWS,
	STOP_WAIT_ROW,
	{ .word = "smtp_alert", .type = &value_tristate, .at = AT(smtp_alert),
	  .flags = KW_OPTIONAL_ARG, .alone = TRISTATE_ON,
	  .default_text = "smtp_alert_vrrp, else smtp_alert of global_defs",
	  .json = "smtp_alert", .help = "Send mail when the state of the group changes." },
	{ .word = "notify_priority_changes", .type = &value_tristate,
	  .at = AT(notify_priority_changes), .flags = KW_OPTIONAL_ARG,
	  .alone = TRISTATE_ON, .json = "notify_priority_changes",
	  .help = "Default of that keyword in the members." },
	{ .word = "sync_group_tracking_weight", .type = &value_flag, .at = AT(tracking_weight),
	  .json = "sync_group_tracking_weight",
	  .help = "Members may have trackers with weights of their own." },
	{ .word = "global_tracking", .type = &value_flag, .at = AT(tracking_weight),
	  .flags = KW_DEPRECATED | KW_MASKED, .instead = "sync_group_tracking_weight",
	  .help = "As sync_group_tracking_weight." },
};

static bool group_done(struct bind *b, struct object *object, struct node *node)
{
	((struct vrrp_group_config *)(void *)object)->end = node->close_at;
	return config_symbol_add(b, SYMBOL_SYNC_GROUP, object);
}

const struct block_type vrrp_group_block = {
	.name = "vrrp_sync_group",
	.form = BLOCK_KEYWORDS,
	KEYWORDS(group_keywords),
	.size = sizeof(struct vrrp_group_config),
	.head = block_name,
	.head_synopsis = "NAME",
	.done = group_done,
	.help = "Instances that are MASTER together or not at all.",
};

#undef AT
#define AT(m) offsetof(struct vrrp_track_group_config, m)

static const struct keyword track_group_keywords[] = {
	{ .word = "group", .type = &value_word_block, .at = AT(member_names),
	  .flags = KW_FIRST_WINS, .synopsis = "{ INSTANCE... }",
	  .help = "Instances that go to FAULT." },
};

static bool track_group_done(struct bind *b, struct object *object, struct node *node)
{
	(void)node;
	return config_symbol_add(b, SYMBOL_TRACK_GROUP, object);
}

const struct block_type vrrp_track_group_block = {
	.name = "track_group",
	.form = BLOCK_KEYWORDS,
	KEYWORDS(track_group_keywords),
	.size = sizeof(struct vrrp_track_group_config),
	.head = block_name,
	.head_synopsis = "NAME",
	.done = track_group_done,
	.help = "Instances that suffer when a static address, route or rule cannot be kept.",
};

#undef AT
#define AT(m) offsetof(struct garp_group_config, m)
#define GARP_EVERY_MAX INT64_C(4294967295000)

static bool parse_one_interface(struct bind *b, const struct keyword *kw, struct node *node,
				unsigned *next, void *field)
{
	const char *name = NULL;
	unsigned at = *next;

	if (!value_ifname.parse(b, kw, node, next, &name))
		return false;
	word_list_add(b->arena, field, name, node_place(node, at));
	return true;
}

static const struct value_type value_one_interface = {
	.name = "interface",
	.size = sizeof(struct word_list),
	.parse = parse_one_interface,
	.equal = equal_names,
	.synopsis = "IFNAME",
};

static void interfaces_stored(struct bind *b, const struct keyword *kw, struct node *node,
			      void *object)
{
	(void)b;
	(void)kw;
	((struct garp_group_config *)object)->list_end = node->close_at;
}

static const struct keyword garp_group_keywords[] = {
	{ .word = "garp_interval", .type = &value_span, .at = AT(garp_interval),
	  .max = GARP_EVERY_MAX, .help = "Time between gratuitous ARPs." },
	{ .word = "gna_interval", .type = &value_span, .at = AT(gna_interval),
	  .max = GARP_EVERY_MAX, .help = "Time between unsolicited neighbour advertisements." },
	{ .word = "interfaces", .type = &value_word_block, .at = AT(interfaces),
	  .flags = KW_APPEND, .stored = interfaces_stored,
	  .help = "Interfaces that share the intervals." },
	{ .word = "interface", .type = &value_one_interface, .at = AT(interfaces),
	  .flags = KW_APPEND | KW_MASKED, .help = "One such interface." },
};

static bool no_name(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	(void)b;
	(void)object;
	*next = node->n_words;
	return true;
}

static bool garp_group_done(struct bind *b, struct object *object, struct node *node)
{
	(void)b;
	((struct garp_group_config *)(void *)object)->end = node->close_at;
	return true;
}

const struct block_type garp_group_block = {
	.name = "garp_group",
	.form = BLOCK_KEYWORDS,
	KEYWORDS(garp_group_keywords),
	.size = sizeof(struct garp_group_config),
	.head = no_name,
	.head_synopsis = "",
	.done = garp_group_done,
	.help = "Interfaces on which announcements are spaced out.",
};

static bool ifname_head(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	static const struct keyword name = { .word = "interface" };
	unsigned at = *next;

	if (!value_ifname.parse(b, &name, node, next, &object->name))
		return false;
	object->name_at = node_place(node, at);
	object->name_len = (uint32_t)strlen(object->name);
	return true;
}

#undef AT
#define AT(m) offsetof(struct linkbeat_config, m)
#define LINKBEAT_ROW(word_, type_)                                                     \
	{ .word = (word_), .type = &value_constant, .at = AT(type), .alone = (type_),  \
	  .flags = KW_OWN_ROW, .help = "Ask by " word_ "." }

static const struct keyword linkbeat_keywords[] = {
	LINKBEAT_ROW("MII", LINKBEAT_MII),
	LINKBEAT_ROW("ETHTOOL", LINKBEAT_ETHTOOL),
	LINKBEAT_ROW("IOCTL", LINKBEAT_IOCTL),
};

const struct block_type linkbeat_block = {
	.name = "polled interface",
	.form = BLOCK_RECORD,
	KEYWORDS(linkbeat_keywords),
	.size = sizeof(struct linkbeat_config),
	.head = ifname_head,
	.head_synopsis = "IFNAME",
	.help = "An interface whose link state is polled.",
};

static const struct keyword down_delay = {
	.word = "delay", .max = NS_OF_SEC(255), .type = &value_span,
};

/* IFNAME DOWN [UP] */
static bool updown_head(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	struct updown_delay_config *d = (void *)object;

	if (!ifname_head(b, object, node, next))
		return false;
	if (*next >= node->n_words) {
		diag_note(b->diags, "missing-value", node_place(node, *next),
			  "the delay of %s is missing: none", object->name);
		return true;
	}
	if (!value_span.parse(b, &down_delay, node, next, &d->down))
		return false;
	d->up = d->down;
	return *next >= node->n_words || value_span.parse(b, &down_delay, node, next, &d->up);
}

static void updown_print_head(const struct object *object, struct strbuf *out)
{
	const struct updown_delay_config *d = (const void *)object;

	value_print_word(object->name, out);
	strbuf_add_char(out, ' ');
	value_span.print(&down_delay, &d->down, out);
	strbuf_add_char(out, ' ');
	value_span.print(&down_delay, &d->up, out);
}

static void updown_key(const struct object *object, struct strbuf *out)
{
	strbuf_add(out, object->name);
}

const struct block_type updown_delay_block = {
	.name = "interface delay",
	.form = BLOCK_RECORD,
	.size = sizeof(struct updown_delay_config),
	.head = updown_head,
	.head_synopsis = "IFNAME DOWN [UP]",
	.print_head = updown_print_head,
	.key = updown_key,
	.help = "Changes of link state that last less than this are ignored.",
};

#undef AT
#define AT(m) offsetof(struct vrrp_config, m)

#define BLOCK_ROW(word_, list, block_, label_, help_)                                       \
	{ .word = (word_), .type = &value_block, .at = AT(list), .arg = &(block_),          \
	  .flags = KW_APPEND, .label = (label_), .help = (help_) }
#define RECORDS_ROW(word_, list, block_, label_, help_)                                     \
	{ .word = (word_), .type = &value_records, .at = AT(list), .arg = &(block_),        \
	  .flags = KW_APPEND, .label = (label_), .help = (help_) }

static const struct keyword section_keywords[] = {
	BLOCK_ROW("garp_group", garp_groups, garp_group_block, "Gratuitous ARP delays",
		  "Space announcements out on some interfaces."),
	RECORDS_ROW("linkbeat_interfaces", linkbeat, linkbeat_block, NULL,
		    "Poll the link state of these interfaces."),
	{ .word = "linkbeat_use_polling", .type = &value_flag, .at = AT(linkbeat_use_polling),
	  .flags = KW_EXTRA_IGNORED,
	  .help = "Poll the link state of every interface that an instance uses." },
	RECORDS_ROW("interface_up_down_delays", updown_delays, updown_delay_block, NULL,
		    "Ignore short changes of link state."),
	BLOCK_ROW("track_group", track_groups, vrrp_track_group_block, "Static Track groups",
		  "Instances that depend on static entries."),
	RECORDS_ROW("static_ipaddress", addresses, static_address_block, "Static Addresses",
		    "Addresses kept while keepalived runs."),
	RECORDS_ROW("static_routes", routes, static_route_block, "Static Routes",
		    "Routes kept while keepalived runs."),
	RECORDS_ROW("static_rules", rules, static_rule_block, "Static Rules",
		    "Policy rules kept while keepalived runs."),
	BLOCK_ROW("vrrp_script", scripts, vrrp_script_block, "VRRP Scripts",
		  "A script to track."),
	BLOCK_ROW("track_tcp", tcp_checks, vrrp_track_tcp_block, NULL,
		  "A TCP connection to track."),
	BLOCK_ROW("track_http", http_checks, vrrp_track_http_block, NULL, "A URL to track."),
	BLOCK_ROW("track_ping", ping_checks, vrrp_track_ping_block, NULL, "A host to track."),
	BLOCK_ROW("track_file", files, track_file_block, "VRRP Track files", "A file to track."),
	{ .word = "vrrp_track_file", .type = &value_block, .at = AT(files),
	  .arg = &track_file_block, .flags = KW_APPEND | KW_ALIAS | KW_MASKED,
	  .instead = "track_file", .help = "As track_file." },
	BLOCK_ROW("vrrp_track_process", processes, vrrp_process_block, "VRRP Track processes",
		  "Processes to track."),
	BLOCK_ROW("vrrp_instance", instances, vrrp_instance_block, "VRRP Topology",
		  "A virtual router."),
	BLOCK_ROW("vrrp_sync_group", groups, vrrp_group_block, "VRRP Sync groups",
		  "Virtual routers that change state together."),
};

const struct block_type vrrp_sections = {
	.name = "VRRP",
	.form = BLOCK_KEYWORDS,
	KEYWORDS(section_keywords),
	.size = sizeof(struct vrrp_config),
	.help = "Virtual Router Redundancy Protocol.",
};
