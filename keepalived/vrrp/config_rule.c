/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One policy rule: a line of virtual_rules or static_rules, in the words of ip-rule(8).
 *
 * As with routes, a rule with any mistake is dropped whole: without the selector that was misspelt
 * it would catch other packets. Preferences of rules without one are assigned by config_check.c.
 */
#include <inttypes.h>

#include "base/num.h"
#include "vrrp/config_address.h"
#include "vrrp/config_value.h"

#define AT(m) offsetof(struct rule_config, m)
#define RTPROT_OURS 18

static const struct iproute_value tables = {
	.table = IPROUTE_TABLES, .min = 1, .max = UINT32_MAX, .what = "routing table",
};
static const struct iproute_value tos_values = {
	.table = IPROUTE_DSFIELD, .max = UINT8_MAX, .what = "TOS",
};
static const struct iproute_value groups = {
	.table = IPROUTE_GROUPS, .max = UINT32_MAX, .what = "interface group",
};

static struct rule_config *rule_of(const struct keyword *kw, void *field)
{
	return (void *)((char *)field - kw->at);
}

/* N[/MASK], hexadecimal allowed. */
static bool parse_fwmark(struct bind *b, const struct keyword *kw, struct node *node,
			 unsigned *next, void *field)
{
	struct rule_config *r = rule_of(kw, field);
	const struct word *word = value_next_word(b, kw, node, next);
	uint64_t mark, mask = UINT32_MAX;
	const char *end;

	if (!word)
		return false;
	bool ok = num_scan_u64(word->text, 0, &mark, &end) && mark <= UINT32_MAX;
	bool has_mask = ok && *end == '/';

	if (has_mask)
		ok = num_scan_u64(end + 1, 0, &mask, &end) && mask <= UINT32_MAX;
	if (!ok || *end) {
		diag_error(b->diags, "bad-number", word->at,
			   "'%s' is not a firewall mark, N or N/MASK", word->text);
		return false;
	}
	r->rule.fwmark = (uint32_t)mark;
	r->rule.fwmask = (uint32_t)mask;
	r->rule.has_fwmark = true;
	r->rule.has_fwmask = has_mask;
	return true;
}

static void print_fwmark(const struct keyword *kw, const void *field, struct strbuf *out)
{
	const struct rule_config *r = (const void *)((const char *)field - kw->at);

	strbuf_addf(out, "0x%" PRIx32, r->rule.fwmark);
	if (r->rule.has_fwmask)
		strbuf_addf(out, "/0x%" PRIx32, r->rule.fwmask);
}

static const struct value_type value_fwmark = {
	.name = "firewall mark",
	.size = sizeof(uint32_t),
	.parse = parse_fwmark,
	.print = print_fwmark,
	.synopsis = "N[/MASK]",
};

static const struct {
	const char *name;
	uint8_t number;
} ip_protos[] = {
	{ "ip", 0 },	      { "icmp", IPPROTO_ICMP },	    { "igmp", IPPROTO_IGMP },
	{ "ipip", IPPROTO_IPIP }, { "ipencap", IPPROTO_IPIP }, { "tcp", IPPROTO_TCP },
	{ "egp", IPPROTO_EGP }, { "udp", IPPROTO_UDP },	    { "dccp", IPPROTO_DCCP },
	{ "ipv6", IPPROTO_IPV6 }, { "rsvp", IPPROTO_RSVP },   { "gre", IPPROTO_GRE },
	{ "esp", IPPROTO_ESP }, { "ah", IPPROTO_AH },	    { "ospf", 89 },
	{ "ipv6-icmp", IPPROTO_ICMPV6 }, { "icmpv6", IPPROTO_ICMPV6 }, { "pim", IPPROTO_PIM },
	{ "comp", IPPROTO_COMP }, { "ipcomp", IPPROTO_COMP }, { "vrrp", 112 }, { "l2tp", 115 },
	{ "sctp", IPPROTO_SCTP }, { "udplite", IPPROTO_UDPLITE },
	{ "mpls-in-ip", IPPROTO_MPLS },
};

static bool parse_ip_proto(struct bind *b, const struct keyword *kw, struct node *node,
			   unsigned *next, void *field)
{
	struct rule_config *r = rule_of(kw, field);
	const struct word *word = value_next_word(b, kw, node, next);
	uint64_t n = 0;

	if (!word)
		return false;
	r->rule.has_ip_proto = true;
	for (size_t i = 0; i < ARRAY_LEN(ip_protos); i++) {
		if (strcmp(word->text, ip_protos[i].name))
			continue;
		r->rule.ip_proto = ip_protos[i].number;
		return true;
	}
	if (word->text[0] < '0' || word->text[0] > '9') {
		diag_error(b->diags, "unknown-name", word->at,
			   "IP protocol '%s' is not known; write its number", word->text);
		return false;
	}
	if (!value_read_u64(b, kw->word, word, 0, UINT8_MAX, &n))
		return false;
	r->rule.ip_proto = (uint8_t)n;
	return true;
}

static void print_u8(const struct keyword *kw, const void *field, struct strbuf *out)
{
	(void)kw;
	strbuf_addf(out, "%u", *(const uint8_t *)field);
}

static const struct value_type value_ip_proto = {
	.name = "IP protocol",
	.size = sizeof(uint8_t),
	.parse = parse_ip_proto,
	.print = print_u8,
	.synopsis = "NAME|N",
};

/* A or A-B; ->max of the row limits both. */
static bool parse_range(struct bind *b, const struct keyword *kw, struct node *node,
			unsigned *next, void *field)
{
	const struct word *word = value_next_word(b, kw, node, next);
	uint64_t from, to, max = (uint64_t)kw->max;
	const char *end;

	if (!word)
		return false;
	bool ok = num_scan_u64(word->text, 10, &from, &end);

	to = from;
	if (ok && *end == '-')
		ok = num_scan_u64(end + 1, 10, &to, &end);
	if (!ok || *end || from > max || to > max) {
		diag_error(b->diags, "bad-range", word->at,
			   "'%s' is not a number from 0 to %" PRIu64 " or a range A-B of them",
			   word->text, max);
		return false;
	}
	if (from > to) {
		struct diag *d = diag_error(b->diags, "bad-range", word->at,
					    "the range %s ends before it begins", word->text);

		diag_hint(b->diags, d, "write %" PRIu64 "-%" PRIu64, to, from);
		return false;
	}
	*(struct rule_range *)field =
		(struct rule_range){ .set = true, .from = (uint32_t)from, .to = (uint32_t)to };
	return true;
}

static void print_range(const struct keyword *kw, const void *field, struct strbuf *out)
{
	const struct rule_range *range = field;

	(void)kw;
	strbuf_addf(out, "%" PRIu32 "-%" PRIu32, range->from, range->to);
}

static bool equal_range(const struct keyword *kw, const void *a, const void *b)
{
	const struct rule_range *x = a, *y = b;

	(void)kw;
	return x->set == y->set && x->from == y->from && x->to == y->to;
}

static const struct value_type value_range = {
	.name = "range",
	.size = sizeof(struct rule_range),
	.parse = parse_range,
	.print = print_range,
	.equal = equal_range,
	.synopsis = "A[-B]",
};

/* Actions without a value: ->alone is the action. */
static bool parse_action(struct bind *b, const struct keyword *kw, struct node *node,
			 unsigned *next, void *field)
{
	(void)b;
	(void)node;
	(void)next;
	*(int *)field = (int)kw->alone;
	rule_of(kw, field)->n_actions++;
	return true;
}

static void print_nothing(const struct keyword *kw, const void *field, struct strbuf *out)
{
	(void)kw;
	(void)field;
	(void)out;
}

static const struct value_type value_action = {
	.name = "action",
	.size = sizeof(int),
	.parse = parse_action,
	.print = print_nothing,
};

/* "type blackhole": the action's word follows as a row of its own. */
static bool parse_type(struct bind *b, const struct keyword *kw, struct node *node,
		       unsigned *next, void *field)
{
	static const char *const types[] = { "blackhole", "unreachable", "prohibit" };

	(void)field;
	for (size_t i = 0; *next < node->n_words && i < ARRAY_LEN(types); i++)
		if (!strcmp(node->words[*next].text, types[i]))
			return true;
	const struct word *word = value_next_word(b, kw, node, next);

	if (word)
		diag_error(b->diags, "rule-action", word->at, "'%s' is no action of a rule",
			   word->text);
	return false;
}

static const struct value_type value_type_word = {
	.name = "action",
	.parse = parse_type,
	.synopsis = "blackhole|unreachable|prohibit",
};

static void action_stored(struct bind *b, const struct keyword *kw, struct node *node,
			  void *object)
{
	struct rule_config *r = object;

	(void)b;
	(void)node;
	r->rule.action = (enum rule_action)kw->alone;
	r->n_actions++;
}

static void preference_stored(struct bind *b, const struct keyword *kw, struct node *node,
			      void *object)
{
	(void)b;
	(void)kw;
	(void)node;
	((struct rule_config *)object)->has_preference = true;
}

static void suppress_stored(struct bind *b, const struct keyword *kw, struct node *node,
			    void *object)
{
	struct rule_config *r = object;

	(void)b;
	(void)node;
	if (kw->at == AT(rule.suppress_plen))
		r->rule.has_suppress_plen = true;
	else
		r->rule.has_suppress_group = true;
}

static void tunnel_stored(struct bind *b, const struct keyword *kw, struct node *node,
			  void *object)
{
	(void)b;
	(void)kw;
	(void)node;
	((struct rule_config *)object)->rule.has_tunnel_id = true;
}

/* Numbers only, but the names are harmless. */
static const struct iproute_value protocols = {
	.table = IPROUTE_PROTOS, .max = UINT8_MAX, .what = "routing protocol",
};

#define ALIAS(row_) .flags = KW_MASKED, .instead = (row_), .help = "As " row_ "."
#define ACTION_ROW(name, action_, help_)                                                       \
	{ .word = #name, .type = &value_action, .at = AT(rule.action), .alone = (action_), \
	  .flags = KW_OWN_ROW, .help = (help_) }

#define RULE_ROWS                                                                                \
	{ .word = "inet", .type = &value_family, .at = AT(forced_family), .alone = AF_INET,      \
	  .flags = KW_OWN_ROW, .help = "The rule is for IPv4." },                             \
	{ .word = "inet6", .type = &value_family, .at = AT(forced_family), .alone = AF_INET6,    \
	  .flags = KW_OWN_ROW, .help = "The rule is for IPv6." },                             \
	{ .word = "not", .type = &value_flag, .at = AT(rule.invert),                             \
	  .help = "The rule is for packets that the selectors do not match." },                  \
	{ .word = "from", .type = &value_prefix_any, .at = AT(rule.from),                        \
	  .help = "Source prefix." },                                                            \
	{ .word = "to", .type = &value_prefix_any, .at = AT(rule.to),                            \
	  .help = "Destination prefix." },                                                       \
	{ .word = "iif", .type = &value_ifname, .at = AT(rule.iif),                              \
	  .help = "Interface that the packet came in by." },                                     \
	{ .word = "dev", .type = &value_ifname, .at = AT(rule.iif), ALIAS("iif") },              \
	{ .word = "oif", .type = &value_ifname, .at = AT(rule.oif),                              \
	  .help = "Interface that the sending socket is bound to." },                            \
	{ .word = "tos", .type = &value_iproute8, .at = AT(rule.tos), .arg = &tos_values,        \
	  .help = "TOS, a name of rt_dsfield or a number." },                                    \
	{ .word = "dsfield", .type = &value_iproute8, .at = AT(rule.tos), .arg = &tos_values,    \
	  ALIAS("tos") },                                                                        \
	{ .word = "fwmark", .type = &value_fwmark, .at = AT(rule.fwmark),                        \
	  .help = "Firewall mark, of which only the bits of MASK count." },                      \
	{ .word = "realms", .type = &value_realms, .at = AT(rule.realms),                        \
	  .help = "Realms that routes found get. IPv4 and action table only." },                 \
	{ .word = "ipproto", .type = &value_ip_proto, .at = AT(rule.ip_proto),                   \
	  .help = "IP protocol, a usual name or the number." },                                  \
	{ .word = "ip_proto", .type = &value_ip_proto, .at = AT(rule.ip_proto),                  \
	  ALIAS("ipproto") },                                                                    \
	{ .word = "sport", .type = &value_range, .at = AT(rule.sport), .max = UINT16_MAX,        \
	  .help = "Source port or ports." },                                                     \
	{ .word = "dport", .type = &value_range, .at = AT(rule.dport), .max = UINT16_MAX,        \
	  .help = "Destination port or ports." },                                                \
	{ .word = "uidrange", .type = &value_range, .at = AT(rule.uids), .max = UINT32_MAX,      \
	  .help = "User ids of the sending process." },                                          \
	{ .word = "tunnel-id", .type = &value_u64, .at = AT(rule.tunnel_id),                     \
	  .stored = tunnel_stored, .help = "Id of the tunnel that the packet came by." },        \
	{ .word = "tunnel_id", .type = &value_u64, .at = AT(rule.tunnel_id),                     \
	  .stored = tunnel_stored, ALIAS("tunnel-id") },                                         \
	{ .word = "table", .type = &value_iproute32, .at = AT(rule.table), .arg = &tables,       \
	  .alone = RULE_TABLE, .stored = action_stored,                                          \
	  .help = "Action: look up this table, a name of rt_tables or a number." },              \
	{ .word = "lookup", .type = &value_iproute32, .at = AT(rule.table), .arg = &tables,      \
	  .alone = RULE_TABLE, .stored = action_stored, ALIAS("table") },                        \
	{ .word = "goto", .type = &value_u32_c, .at = AT(rule.target), .alone = RULE_GOTO,       \
	  .stored = action_stored,                                                               \
	  .help = "Action: go on at the rule with this preference, which is after this one." },  \
	ACTION_ROW(l3mdev, RULE_L3MDEV, "Action: look up the table of the packet's VRF."),       \
	ACTION_ROW(nop, RULE_NOP, "Action: none; a place for goto."),                            \
	ACTION_ROW(blackhole, RULE_BLACKHOLE, "Action: drop silently."),                         \
	ACTION_ROW(unreachable, RULE_UNREACHABLE, "Action: drop, answer network unreachable."),  \
	ACTION_ROW(prohibit, RULE_PROHIBIT, "Action: drop, answer prohibited."),                 \
	{ .word = "type", .type = &value_type_word, .flags = KW_MASKED,                          \
	  .help = "May stand before blackhole, unreachable and prohibit." },                     \
	{ .word = "suppress_prefixlength", .type = &value_u32, .at = AT(rule.suppress_plen),     \
	  .max = INT32_MAX, .stored = suppress_stored,                                           \
	  .help = "Do not use routes found whose prefix is this long or shorter." },             \
	{ .word = "sup_pl", .type = &value_u32, .at = AT(rule.suppress_plen),                    \
	  .max = INT32_MAX, .stored = suppress_stored, ALIAS("suppress_prefixlength") },         \
	{ .word = "suppress_ifgroup", .type = &value_iproute32, .at = AT(rule.suppress_group),   \
	  .arg = &groups, .stored = suppress_stored,                                             \
	  .help = "Do not use routes found over interfaces of this group." },                    \
	{ .word = "sup_group", .type = &value_iproute32, .at = AT(rule.suppress_group),          \
	  .arg = &groups, .stored = suppress_stored, ALIAS("suppress_ifgroup") },                \
	{ .word = "preference", .type = &value_u32_c, .at = AT(rule.preference),                 \
	  .stored = preference_stored, .default_text = "16384, 16383, ... for each family",      \
	  .help = "Place of the rule among all; lower ones come first." },                       \
	{ .word = "priority", .type = &value_u32_c, .at = AT(rule.preference),                   \
	  .stored = preference_stored, ALIAS("preference") },                                    \
	{ .word = "order", .type = &value_u32_c, .at = AT(rule.preference),                      \
	  .stored = preference_stored, ALIAS("preference") },                                    \
	{ .word = "pref", .type = &value_u32_c, .at = AT(rule.preference),                       \
	  .stored = preference_stored, ALIAS("preference") },                                    \
	{ .word = "protocol", .type = &value_iproute8, .at = AT(rule.protocol),                  \
	  .arg = &protocols, .help = "Who made the rule. Needs no_track: tracked rules are "     \
				      "known by theirs." },                                      \
	{ .word = "proto", .type = &value_iproute8, .at = AT(rule.protocol),                     \
	  .arg = &protocols, ALIAS("protocol") },                                                \
	{ .word = "no_track", .type = &value_flag, .at = AT(no_track),                           \
	  .help = "Do nothing when somebody else removes the rule or its interface goes down." }

static const struct keyword virtual_keywords[] = { RULE_ROWS };

static const struct keyword static_keywords[] = {
	RULE_ROWS,
	{ .word = "track_group", .type = &value_text, .at = AT(track_group),
	  .help = "Instances of this group go to FAULT when the rule cannot be kept." },
};

static const struct rule_config rule_defaults = {
	.rule.protocol = RTPROT_OURS,
};

static bool rule_head(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	struct rule_config *r = (void *)object;

	(void)node;
	(void)next;
	r->errors_before = errors_now(b);
	return true;
}

static void check_action(struct bind *b, const struct rule_config *r, struct node *node)
{
	bool table = r->rule.action == RULE_TABLE;

	if (!r->n_actions) {
		struct diag *d = bind_error(b, "rule-action", node, node->n_words,
					    "the rule has no action");

		diag_hint(b->diags, d, "add table, l3mdev, goto, nop, blackhole, unreachable or "
				       "prohibit");
	}
	if (r->n_actions > 1)
		bind_error(b, "rule-action", node, 0, "the rule has more than one action");
	if (!table && r->rule.has_suppress_plen)
		diag_error(b->diags, "rule-action",
			   object_place(&r->object, AT(rule.suppress_plen)),
			   "suppress_prefixlength needs the action table");
	if (!table && r->rule.has_suppress_group)
		diag_error(b->diags, "rule-action",
			   object_place(&r->object, AT(rule.suppress_group)),
			   "suppress_ifgroup needs the action table");
	if (!table && r->rule.realms.set)
		diag_error(b->diags, "rule-action", object_place(&r->object, AT(rule.realms)),
			   "realms needs the action table");
	if (r->rule.action != RULE_GOTO)
		return;
	if (!r->has_preference)
		diag_error(b->diags, "rule-goto", object_place(&r->object, AT(rule.target)),
			   "goto needs a preference of its own");
	else if (r->rule.target <= r->rule.preference)
		diag_error(b->diags, "rule-goto", object_place(&r->object, AT(rule.target)),
			   "goto %" PRIu32 " does not lead behind the rule's own preference "
			   "%" PRIu32,
			   r->rule.target, r->rule.preference);
}

static void check_family(struct bind *b, struct rule_config *r)
{
	uint8_t from = r->rule.from.addr.family, to = r->rule.to.addr.family;
	uint8_t family = r->forced_family ? r->forced_family : from ? from : to;

	if (!family)
		family = AF_INET;
	r->rule.family = family;
	if (from && from != family)
		diag_error(b->diags, "family", object_place(&r->object, AT(rule.from)),
			   "from is of another family than the rule");
	if (to && to != family)
		diag_error(b->diags, "family", object_place(&r->object, AT(rule.to)),
			   "to is of another family than %s",
			   from ? "from" : "the rule");
	if (r->rule.realms.set && family == AF_INET6)
		diag_error(b->diags, "family", object_place(&r->object, AT(rule.realms)),
			   "realms does not fit an IPv6 rule");
}

static bool rule_done(struct bind *b, struct object *object, struct node *node)
{
	struct rule_config *r = (void *)object;

	if (errors_since(b, r->errors_before))
		return false;
	check_action(b, r, node);
	check_family(b, r);
	if (errors_since(b, r->errors_before))
		return false;
	if (!r->no_track && r->rule.protocol != RTPROT_OURS) {
		struct diag *d = diag_warning(
			b->diags, "tracked-protocol", object_place(object, AT(rule.protocol)),
			"a tracked rule has protocol %u: what was written is ignored", RTPROT_OURS);

		diag_hint(b->diags, d, "add no_track to choose the protocol");
		r->rule.protocol = RTPROT_OURS;
	}
	return true;
}

static void rule_print_head(const struct object *object, struct strbuf *out)
{
	(void)object;
	(void)out;
}

static void rule_key(const struct object *object, struct strbuf *out)
{
	const struct rule_config *r = (const void *)object;

	strbuf_add(out, r->rule.family == AF_INET6 ? "6 " : "");
	rule_text(&r->rule, out);
}

#define RULE_BLOCK                                                                       \
	.form = BLOCK_RECORD, .size = sizeof(struct rule_config), .defaults = &rule_defaults, \
	.head = rule_head, .head_synopsis = "", .done = rule_done,                       \
	.print_head = rule_print_head, .key = rule_key

const struct block_type vrrp_rule_block = {
	.name = "rule",
	KEYWORDS(virtual_keywords),
	RULE_BLOCK,
	.help = "Selectors and one action in the words of ip-rule(8).",
};

const struct block_type static_rule_block = {
	.name = "static rule",
	KEYWORDS(static_keywords),
	RULE_BLOCK,
	.help = "Selectors and one action in the words of ip-rule(8).",
};
