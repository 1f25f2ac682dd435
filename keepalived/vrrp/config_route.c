/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One route: a line of virtual_routes or static_routes, in the words of ip-route(8).
 *
 * The words come in any order. A route with any mistake is dropped whole: a route without the
 * option that was misspelt is another route.
 */
#include "vrrp/config_route.h"

#include <linux/icmpv6.h>

#include "base/num.h"
#include "vrrp/config_address.h"
#include "vrrp/config_value.h"

#define AT(m) offsetof(struct route_config, m)
#define RTPROT_OURS 18

/* The type is printed before the destination. */
static void print_nothing(const struct keyword *kw, const void *field, struct strbuf *out)
{
	(void)kw;
	(void)field;
	(void)out;
}

static bool is_default(const char *word)
{
	return !strcmp(word, "default") || !strcmp(word, "any") || !strcmp(word, "all") ||
	       !strcmp(word, "default6");
}

static bool read_dst(struct bind *b, const struct word *word, struct route_config *r)
{
	struct prefix dst = { 0 };

	if (r->has_dst) {
		diag_error(b->diags, "route-option", word->at,
			   "'%s' is no option of a route, and it has a destination already",
			   word->text);
		return true;
	}
	if (!strcmp(word->text, "default6")) {
		struct diag *d = diag_note(b->diags, "deprecated", word->at,
					   "default6 is deprecated");

		diag_hint(b->diags, d, "write ::/0");
		dst.addr.family = AF_INET6;
	} else if (!is_default(word->text) && !read_prefix(b, word, &dst, NULL)) {
		return true;
	}
	r->route.dst = dst;
	r->has_dst = true;
	return true;
}

static bool parse_to(struct bind *b, const struct keyword *kw, struct node *node, unsigned *next,
		     void *field)
{
	struct route_config *r = (void *)((char *)field - kw->at);

	/* "to blackhole 192.0.2.0/24": the type is a row of its own */
	if (*next < node->n_words && !is_default(node->words[*next].text) &&
	    !strchr(node->words[*next].text, '.') && !strchr(node->words[*next].text, ':'))
		return true;
	const struct word *word = value_next_word(b, kw, node, next);

	return word && read_dst(b, word, r);
}

static const struct value_type value_to = {
	.name = "destination",
	.parse = parse_to,
	.print = print_nothing,
	.synopsis = "DST",
};

static bool parse_or(struct bind *b, const struct keyword *kw, struct node *node, unsigned *next,
		     void *field)
{
	const struct word *word = value_next_word(b, kw, node, next);

	if (!word || !read_addr(b, word, field))
		return false;
	struct diag *d = bind_warning(b, "deprecated", node, *next - 2,
				      "a second gateway after 'or' is deprecated");

	diag_hint(b->diags, d, "write nexthop via ADDR nexthop via ADDR");
	return true;
}

static void print_or(const struct keyword *kw, const void *field, struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];

	(void)kw;
	strbuf_add(out, addr_print(*(const struct addr *)field, text));
}

static const struct value_type value_or = {
	.name = "address",
	.size = sizeof(struct addr),
	.parse = parse_or,
	.print = print_or,
	.synopsis = "ADDR",
};

static bool parse_as(struct bind *b, const struct keyword *kw, struct node *node, unsigned *next,
		     void *field)
{
	const struct word *word = value_next_word(b, kw, node, next);
	struct addr addr;

	(void)field;
	if (word && !strcmp(word->text, "to"))
		word = value_next_word(b, kw, node, next);
	if (!word || !read_addr(b, word, &addr))
		return false;
	diag_warning(b->diags, "ignored-option", word->at, "as is for MPLS routes only: ignored");
	return true;
}

static const struct value_type value_as = {
	.name = "address",
	.parse = parse_as,
	.synopsis = "[to] ADDR",
};

static const struct enum_word pref_list[] = {
	{ "low", ICMPV6_ROUTER_PREF_LOW, NULL },
	{ "medium", ICMPV6_ROUTER_PREF_MEDIUM, NULL },
	{ "high", ICMPV6_ROUTER_PREF_HIGH, NULL },
};

static bool parse_pref(struct bind *b, const struct keyword *kw, struct node *node,
		       unsigned *next, void *field)
{
	struct route_config *r = (void *)((char *)field - kw->at);
	const struct word *word = value_next_word(b, kw, node, next);
	uint64_t n;

	if (!word)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(pref_list); i++) {
		if (strcmp(word->text, pref_list[i].word))
			continue;
		r->route.pref = (uint8_t)pref_list[i].value;
		r->route.has_pref = true;
		return true;
	}
	if (!value_read_u64(b, kw->word, word, 0, UINT8_MAX, &n))
		return false;
	r->route.pref = (uint8_t)n;
	r->route.has_pref = true;
	return true;
}

static void print_pref(const struct keyword *kw, const void *field, struct strbuf *out)
{
	(void)kw;
	strbuf_addf(out, "%u", *(const uint8_t *)field);
}

static const struct value_type value_pref = {
	.name = "preference",
	.size = sizeof(uint8_t),
	.parse = parse_pref,
	.print = print_pref,
	.synopsis = "low|medium|high|N",
};

static void expires_stored(struct bind *b, const struct keyword *kw, struct node *node,
			   void *object)
{
	struct route_config *r = object;

	(void)b;
	(void)kw;
	(void)node;
	r->route.has_expires = true;
}

static void scope_stored(struct bind *b, const struct keyword *kw, struct node *node,
			 void *object)
{
	struct route_config *r = object;

	(void)b;
	(void)kw;
	(void)node;
	r->route.has_scope = true;
}

static const struct iproute_value tables = {
	.table = IPROUTE_TABLES, .max = UINT32_MAX, .what = "routing table",
};
static const struct iproute_value protocols = {
	.table = IPROUTE_PROTOS, .max = UINT8_MAX, .what = "routing protocol",
};
static const struct iproute_value scopes = {
	.table = IPROUTE_SCOPES, .max = UINT8_MAX, .what = "scope",
};
static const struct iproute_value tos_values = {
	.table = IPROUTE_DSFIELD, .max = UINT8_MAX, .what = "TOS",
};

ENUM_WORDS(ttl_words, "enabled or disabled", { "enabled", ROUTE_TTL_ENABLED, NULL },
	   { "disabled", ROUTE_TTL_DISABLED, NULL });

static const size_t via_family_at = AT(via_family);

#define METRIC(name, number_, ...)                                        \
	static const struct route_metric metric_##name = { .number = (number_), __VA_ARGS__ }
METRIC(mtu, RTAX_MTU, .lock = true);
METRIC(advmss, RTAX_ADVMSS, .lock = true);
METRIC(reordering, RTAX_REORDERING, .lock = true);
METRIC(cwnd, RTAX_CWND, .lock = true);
METRIC(ssthresh, RTAX_SSTHRESH, .lock = true);
METRIC(window, RTAX_WINDOW, .max = 0);
METRIC(initcwnd, RTAX_INITCWND, .max = 0);
METRIC(initrwnd, RTAX_INITRWND, .max = 0);
METRIC(hoplimit, RTAX_HOPLIMIT, .max = UINT8_MAX);
METRIC(rtt, RTAX_RTT, .lock = true, .time = true, .per_ms = 8);
METRIC(rttvar, RTAX_RTTVAR, .lock = true, .time = true, .per_ms = 4);
METRIC(rto_min, RTAX_RTO_MIN, .lock = true, .time = true, .per_ms = 1);
METRIC(features, RTAX_FEATURES, .max = 0);
METRIC(quickack, RTAX_QUICKACK, .max = 1);
METRIC(fastopen_no_cookie, RTAX_FASTOPEN_NO_COOKIE, .max = 1);
METRIC(congctl, RTAX_CC_ALGO, .lock = true);

#define METRIC_ROW(name, synopsis_, help_)                                                       \
	{ .word = #name, .type = &value_metric, .at = AT(route.metrics), .arg = &metric_##name, \
	  .flags = KW_OWN_ROW, .synopsis = (synopsis_), .help = (help_) }
#define TYPE_ROW(name, number, help_)                                                      \
	{ .word = #name, .type = &value_constant8, .at = AT(route.type), .alone = (number), \
	  .flags = KW_OWN_ROW, .help = (help_) }
#define FAMILY_ROW(word_, family)                                                              \
	{ .word = (word_), .type = &value_family, .at = AT(forced_family), .alone = (family),  \
	  .flags = KW_OWN_ROW, .help = "The route is of this family." }
#define PLACE_ROW(name, place_, help_)                                                       \
	{ .word = #name, .type = &value_constant, .at = AT(route.place), .alone = (place_), \
	  .flags = KW_OWN_ROW, .help = (help_) }

#define ROUTE_ROWS                                                                               \
	FAMILY_ROW("inet", AF_INET), FAMILY_ROW("inet6", AF_INET6),                              \
	{ .word = "to", .type = &value_to, .at = AT(route.dst),                                  \
	  .help = "May stand before the destination." },                                         \
	TYPE_ROW(unicast, RTN_UNICAST, "An ordinary route."),                                    \
	TYPE_ROW(local, RTN_LOCAL, "The destination is this host."),                             \
	TYPE_ROW(broadcast, RTN_BROADCAST, "Sent as link broadcasts."),                          \
	TYPE_ROW(brd, RTN_BROADCAST, "As broadcast."),                                           \
	TYPE_ROW(anycast, RTN_ANYCAST, "A local address that is used elsewhere too."),           \
	TYPE_ROW(multicast, RTN_MULTICAST, "Multicast routing."),                                \
	TYPE_ROW(blackhole, RTN_BLACKHOLE, "Drop silently."),                                    \
	TYPE_ROW(unreachable, RTN_UNREACHABLE, "Drop and answer host unreachable."),             \
	TYPE_ROW(prohibit, RTN_PROHIBIT, "Drop and answer communication prohibited."),           \
	TYPE_ROW(throw, RTN_THROW, "End the look-up in this table."),                            \
	TYPE_ROW(nat, RTN_NAT, "Not supported by kernels any more."),                            \
	TYPE_ROW(xresolve, RTN_XRESOLVE, "Not supported by kernels."),                           \
	{ .word = "via", .type = &value_via, .at = AT(route.via), .arg = &via_family_at,         \
	  .help = "Gateway. With inet or inet6 it may be of the other family." },                \
	{ .word = "gateway", .type = &value_via, .at = AT(route.via), .arg = &via_family_at,     \
	  .flags = KW_MASKED | KW_ALIAS, .instead = "via", .help = "As via." },                  \
	{ .word = "gw", .type = &value_via, .at = AT(route.via), .arg = &via_family_at,          \
	  .flags = KW_MASKED | KW_DEPRECATED, .instead = "via", .help = "As via." },             \
	{ .word = "or", .type = &value_or, .at = AT(or_via),                                     \
	  .flags = KW_MASKED, .help = "A second gateway." },                              \
	{ .word = "dev", .type = &value_ifname, .at = AT(route.dev),                             \
	  .help = "Interface. Its state is tracked unless no_track is given." },                 \
	{ .word = "oif", .type = &value_ifname, .at = AT(route.dev), .flags = KW_MASKED,         \
	  .instead = "dev", .help = "As dev." },                                                 \
	{ .word = "src", .type = &value_addr, .at = AT(route.src),                               \
	  .help = "Preferred source address." },                                                 \
	{ .word = "from", .type = &value_prefix_any, .at = AT(route.from),                       \
	  .synopsis = "ADDR[/LEN]", .help = "Only for packets from this prefix. IPv6 only." },   \
	{ .word = "tos", .type = &value_iproute8, .at = AT(route.tos), .arg = &tos_values,       \
	  .help = "Only for packets with this TOS, a name of rt_dsfield or a number." },         \
	{ .word = "dsfield", .type = &value_iproute8, .at = AT(route.tos), .arg = &tos_values,   \
	  .flags = KW_MASKED, .instead = "tos", .help = "As tos." },                             \
	{ .word = "table", .type = &value_iproute32, .at = AT(route.table), .arg = &tables,      \
	  .help = "Routing table, a name of rt_tables or a number." },                           \
	{ .word = "vrf", .type = &value_ifname, .at = AT(route.vrf),                             \
	  .help = "Use the routing table of this VRF." },                                        \
	{ .word = "protocol", .type = &value_iproute8, .at = AT(route.protocol),                 \
	  .arg = &protocols, .help = "Who made the route, a name of rt_protos or a number. "     \
				      "Needs no_track: tracked routes are known by theirs." },   \
	{ .word = "proto", .type = &value_iproute8, .at = AT(route.protocol),                    \
	  .arg = &protocols, .flags = KW_MASKED | KW_ALIAS, .instead = "protocol",               \
	  .help = "As protocol." },                                                              \
	{ .word = "scope", .type = &value_iproute8, .at = AT(route.scope), .arg = &scopes,       \
	  .stored = scope_stored, .default_text = "global",                                      \
	  .help = "Scope, a name of rt_scopes or a number." },                                   \
	{ .word = "metric", .type = &value_u32, .at = AT(route.metric),                          \
	  .help = "Lower is preferred." },                                                       \
	{ .word = "priority", .type = &value_u32, .at = AT(route.metric), .flags = KW_MASKED,    \
	  .instead = "metric", .help = "As metric." },                                           \
	{ .word = "preference", .type = &value_u32, .at = AT(route.metric), .flags = KW_MASKED,  \
	  .instead = "metric", .help = "As metric." },                                           \
	PLACE_ROW(prepend, ROUTE_PREPEND, "Before a route that is already there."),              \
	PLACE_ROW(append, ROUTE_APPEND, "After a route that is already there."),                 \
	PLACE_ROW(add, ROUTE_ADD, "Only if there is no such route."),                            \
	{ .word = "onlink", .type = &value_flag, .at = AT(route.onlink),                         \
	  .help = "The gateway is on the link even if no prefix says so." },                     \
	{ .word = "encap", .type = &value_encap, .at = AT(route.encap),                          \
	  .help = "Send through a lightweight tunnel." },                                        \
	METRIC_ROW(mtu, "[lock] N", "MTU of the path; lock: do not discover it."),               \
	METRIC_ROW(advmss, "[lock] N", "Segment size that TCP announces."),                      \
	METRIC_ROW(reordering, "[lock] N", "Reordering that TCP expects."),                      \
	METRIC_ROW(cwnd, "[lock] N", "Limit of the congestion window."),                         \
	METRIC_ROW(ssthresh, "[lock] N", "Slow start threshold."),                               \
	METRIC_ROW(window, "N", "Largest window that is announced."),                            \
	METRIC_ROW(initcwnd, "N", "First congestion window, in segments."),                      \
	METRIC_ROW(initrwnd, "N", "First receive window, in segments."),                         \
	METRIC_ROW(hoplimit, "N", "Hop limit or TTL of packets."),                               \
	METRIC_ROW(rtt, "[lock] N|Ns|Nms", "First estimate of the round trip, 200 ms to 120 s; a " \
					   "bare number counts eighths of a millisecond."),      \
	METRIC_ROW(rttvar, "[lock] N|Ns|Nms", "First estimate of its variance, 200 ms to 120 s; " \
					      "a bare number counts quarters of a millisecond."), \
	METRIC_ROW(rto_min, "[lock] N|Ns|Nms", "Shortest retransmission time-out, 200 ms to "    \
					       "120 s; a bare number counts milliseconds."),     \
	METRIC_ROW(features, "ecn", "Features of the path."),                                    \
	METRIC_ROW(quickack, "0|1", "Acknowledge at once."),                                     \
	METRIC_ROW(fastopen_no_cookie, "0|1", "TCP fast open without a cookie."),                \
	{ .word = "congctl", .type = &value_metric_name, .at = AT(route.metrics),                \
	  .arg = &metric_congctl, .flags = KW_OWN_ROW, .synopsis = "[lock] NAME",                \
	  .help = "Congestion control." },                                                       \
	{ .word = "realms", .type = &value_realms, .at = AT(route.realms),                       \
	  .help = "Realms, names of rt_realms or numbers. IPv4 only." },                         \
	{ .word = "pref", .type = &value_pref, .at = AT(route.pref),                             \
	  .help = "Preference as in router advertisements. IPv6 only." },                        \
	{ .word = "expires", .type = &value_u32, .at = AT(route.expires),                        \
	  .stored = expires_stored, .help = "Life time in seconds. IPv6 only." },                \
	{ .word = "ttl-propagate", .type = &value_enum, .at = AT(route.ttl_propagate),           \
	  .arg = &ttl_words, .help = "Carry the TTL over to and from MPLS." },                   \
	{ .word = "as", .type = &value_as, .flags = KW_MASKED | KW_NO_EFFECT,                    \
	  .help = "Ignored." },                                                                  \
	{ .word = "nexthop", .type = &value_nexthop, .at = AT(nexthops), .flags = KW_APPEND,     \
	  .help = "One of several ways; repeat the word for each. Last on the line." },          \
	{ .word = "no_track", .type = &value_flag, .at = AT(no_track),                           \
	  .help = "Do nothing when somebody else removes the route or its interface goes down." }

static const struct keyword virtual_keywords[] = { ROUTE_ROWS };

static const struct keyword static_keywords[] = {
	ROUTE_ROWS,
	{ .word = "track_group", .type = &value_text, .at = AT(track_group),
	  .help = "Instances of this group go to FAULT when the route cannot be kept." },
};

static const struct route_config route_defaults = {
	.route = {
		.type = RTN_UNICAST,
		.scope = RT_SCOPE_UNIVERSE,
		.protocol = RTPROT_OURS,
		.table = RT_TABLE_MAIN,
	},
};

static bool route_head(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	struct route_config *r = (void *)object;

	(void)node;
	(void)next;
	r->errors_before = errors_now(b);
	return true;
}

/* A word that is no option: the destination, or a type by its number before it. */
static bool route_other(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	struct route_config *r = (void *)object;
	const struct word *word = &node->words[*next];
	uint64_t type;

	if (r->has_dst && !is_default(word->text) && !strpbrk(word->text, ".:"))
		return false;
	(*next)++;
	if (!r->has_dst && *next < node->n_words &&
	    num_parse_u64(word->text, 0, 0, UINT8_MAX, &type) == NUM_OK) {
		r->route.type = (uint8_t)type;
		return true;
	}
	return read_dst(b, word, r);
}

static void check_family(struct bind *b, const struct route_config *r, uint8_t family, size_t at,
			 const char *what)
{
	if (family && family != r->route.family)
		diag_error(b->diags, "family", object_place(&r->object, at),
			   "%s does not fit an %s route", what,
			   r->route.family == AF_INET ? "IPv4" : "IPv6");
}

/* The first that says something decides; a gateway with its family written says nothing. */
static uint8_t route_family(const struct route_config *r)
{
	uint8_t via = r->via_family ? 0 : r->route.via.family;
	uint8_t said[] = { r->forced_family, r->route.dst.addr.family, via,
			   r->route.src.family, r->route.from.addr.family, r->or_via.family };

	for (size_t i = 0; i < ARRAY_LEN(said); i++)
		if (said[i])
			return said[i];
	for (uint32_t i = 0; i < r->nexthops.n; i++) {
		const struct nexthop_config *hop = r->nexthops.items[i];

		if (!hop->via_family && hop->hop.via.family)
			return hop->hop.via.family;
	}
	if (r->route.has_pref || r->route.has_expires)
		return AF_INET6;
	return r->route.via.family ? r->route.via.family : AF_INET;
}

static void check_nexthops(struct bind *b, const struct route_config *r)
{
	for (uint32_t i = 0; i < r->nexthops.n; i++) {
		const struct nexthop_config *hop = r->nexthops.items[i];
		struct place at = object_place(&hop->object,
					       offsetof(struct nexthop_config, hop.via));

		if (!hop->via_family && hop->hop.via.family &&
		    hop->hop.via.family != r->route.family)
			diag_error(b->diags, "family", at, "the gateway is of another family");
		if (hop->hop.realms.set && r->route.family == AF_INET6)
			diag_error(b->diags, "family", hop->object.at,
				   "realms does not fit an IPv6 route");
	}
	if (r->nexthops.n && (addr_is_set(r->or_via) || addr_is_set(r->route.via)))
		diag_error(b->diags, "nexthop", object_place(&r->object, AT(route.via)),
			   "a route has either a gateway or nexthops");
	if (addr_is_set(r->or_via) && !addr_is_set(r->route.via))
		diag_error(b->diags, "nexthop", object_place(&r->object, AT(or_via)),
			   "a second gateway needs a first: via");
}

static void check_families(struct bind *b, struct route_config *r)
{
	r->route.family = route_family(r);
	check_family(b, r, r->route.dst.addr.family, AT(route.dst), "the destination");
	check_family(b, r, r->route.src.family, AT(route.src), "src");
	check_family(b, r, r->or_via.family, AT(or_via), "the second gateway");
	if (!r->via_family)
		check_family(b, r, r->route.via.family, AT(route.via), "the gateway");
	check_family(b, r, r->route.from.addr.family, AT(route.from), "from");
	if (addr_is_set(r->route.from.addr))
		check_family(b, r, AF_INET6, AT(route.from), "from");
	if (r->route.has_pref)
		check_family(b, r, AF_INET6, AT(route.pref), "pref");
	if (r->route.has_expires)
		check_family(b, r, AF_INET6, AT(route.expires), "expires");
	if (r->route.realms.set)
		check_family(b, r, AF_INET, AT(route.realms), "realms");
	check_nexthops(b, r);
}

/* "via A or B" is two nexthops too. */
static void collect_nexthops(struct bind *b, struct route_config *r)
{
	bool two = addr_is_set(r->or_via);
	uint32_t n = two ? 2 : r->nexthops.n;
	struct route_nexthop *hops;

	if (!n)
		return;
	hops = arena_calloc(b->arena, n, sizeof(*hops));
	for (uint32_t i = 0; i < n; i++)
		hops[i] = two ? (struct route_nexthop){ .via = i ? r->or_via : r->route.via,
							.dev = r->route.dev,
							.weight = 1 } :
				((const struct nexthop_config *)r->nexthops.items[i])->hop;
	r->route.nexthops = hops;
	r->route.n_nexthops = n;
}

static void check_protocol(struct bind *b, struct route_config *r)
{
	if (r->no_track || r->route.protocol == RTPROT_OURS)
		return;
	struct diag *d = diag_warning(b->diags, "tracked-protocol",
				      object_place(&r->object, AT(route.protocol)),
				      "a tracked route has protocol %u: this is ignored",
				      RTPROT_OURS);

	diag_hint(b->diags, d, "add no_track to choose the protocol");
	r->route.protocol = RTPROT_OURS;
}

static bool route_done(struct bind *b, struct object *object, struct node *node)
{
	struct route_config *r = (void *)object;

	if (errors_since(b, r->errors_before))
		return false;
	if (!r->has_dst) {
		bind_error(b, "route-destination", node, 0, "a route must have a destination");
		return false;
	}
	check_families(b, r);
	if (errors_since(b, r->errors_before))
		return false;
	if (!addr_is_set(r->route.dst.addr))
		r->route.dst.addr.family = r->route.family;
	check_protocol(b, r);
	collect_nexthops(b, r);
	return true;
}

static void route_print_head(const struct object *object, struct strbuf *out)
{
	const struct route_config *r = (const void *)object;
	char text[ADDR_TEXT_MAX];

	if (r->route.type != RTN_UNICAST && !object_is_set(object, AT(route.type)))
		strbuf_addf(out, "%u ", r->route.type);
	strbuf_addf(out, "%s/%u", addr_print(r->route.dst.addr, text), r->route.dst.len);
}

static void route_key(const struct object *object, struct strbuf *out)
{
	route_text(&((const struct route_config *)(const void *)object)->route, out);
}

#define ROUTE_BLOCK                                                                        \
	.form = BLOCK_RECORD, .size = sizeof(struct route_config), .defaults = &route_defaults, \
	.head = route_head, .head_synopsis = "[TYPE] DST", .done = route_done,             \
	.other = route_other, .print_head = route_print_head, .key = route_key

const struct block_type vrrp_route_block = {
	.name = "route",
	KEYWORDS(virtual_keywords),
	ROUTE_BLOCK,
	.help = "A route in the words of ip-route(8); DST is ADDR[/LEN], default, any or all.",
};

const struct block_type static_route_block = {
	.name = "static route",
	KEYWORDS(static_keywords),
	ROUTE_BLOCK,
	.help = "A route in the words of ip-route(8); DST is ADDR[/LEN], default, any or all.",
};
