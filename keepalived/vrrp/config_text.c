/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Routes and rules as one line of text for dumps, in the words of ip-route(8) and ip-rule(8).
 *
 * Programs read these lines: words and their order are an interface.
 */
#include <inttypes.h>

#include "vrrp/config_address.h"
#include "vrrp/config_route.h"

static const char *const type_words[] = {
	[RTN_LOCAL] = "local",		   [RTN_BROADCAST] = "broadcast",
	[RTN_ANYCAST] = "anycast",	   [RTN_MULTICAST] = "multicast",
	[RTN_BLACKHOLE] = "blackhole",	   [RTN_UNREACHABLE] = "unreachable",
	[RTN_PROHIBIT] = "prohibit",	   [RTN_THROW] = "throw",
	[RTN_NAT] = "nat",		   [RTN_XRESOLVE] = "xresolve",
};

static void add_prefix(struct prefix p, struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];

	strbuf_add(out, addr_print(p.addr, text));
	if (p.len != addr_bits(p.addr))
		strbuf_addf(out, "/%u", p.len);
}

static void add_addr(const char *word, struct addr a, struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];

	if (addr_is_set(a))
		strbuf_addf(out, " %s %s", word, addr_print(a, text));
}

static void add_dst(const struct route *r, struct strbuf *out)
{
	switch (r->place) {
	case ROUTE_PREPEND:
		strbuf_add(out, "prepend ");
		break;
	case ROUTE_APPEND:
		strbuf_add(out, "append ");
		break;
	case ROUTE_ADD:
		strbuf_add(out, "add ");
		break;
	}
	if (r->type >= ARRAY_LEN(type_words))
		strbuf_addf(out, "%u ", r->type);
	else if (type_words[r->type])
		strbuf_addf(out, "%s ", type_words[r->type]);
	if (r->dst.len || !addr_is_unspecified(r->dst.addr))
		add_prefix(r->dst, out);
	else
		strbuf_add(out, "default");
}

static void add_where(const struct route *r, struct strbuf *out)
{
	if (addr_is_set(r->from.addr)) {
		strbuf_add(out, " from ");
		add_prefix(r->from, out);
	}
	add_addr(r->via.family == AF_INET6 ? "via inet6" : "via inet", r->via, out);
	if (r->dev)
		strbuf_addf(out, " dev %s", r->dev);
	if (r->tos)
		strbuf_addf(out, " tos 0x%x", r->tos);
	add_addr("src", r->src, out);
	if (r->vrf)
		strbuf_addf(out, " vrf %s", r->vrf);
	else if (r->table != RT_TABLE_MAIN)
		strbuf_addf(out, " table %" PRIu32, r->table);
	if (r->scope != RT_SCOPE_UNIVERSE)
		strbuf_addf(out, " scope %u", r->scope);
	if (r->metric)
		strbuf_addf(out, " metric %" PRIu32, r->metric);
	strbuf_addf(out, " proto %u", r->protocol);
	if (r->onlink)
		strbuf_add(out, " onlink");
}

static void add_rest(const struct route *r, struct strbuf *out)
{
	if (r->encap.type != ROUTE_ENCAP_NONE) {
		strbuf_add(out, " encap ");
		route_encap_text(&r->encap, out);
	}
	if (r->realms.set)
		strbuf_addf(out, " realms %u/%u", r->realms.from, r->realms.to);
	route_metrics_text(&r->metrics, out);
	if (r->has_pref)
		strbuf_addf(out, " pref %u", r->pref);
	if (r->has_expires)
		strbuf_addf(out, " expires %" PRIu32 "sec", r->expires);
	if (r->ttl_propagate != ROUTE_TTL_UNSET)
		strbuf_addf(out, " ttl-propagate %s",
			    r->ttl_propagate == ROUTE_TTL_ENABLED ? "enabled" : "disabled");
	for (uint32_t i = 0; i < r->n_nexthops; i++) {
		strbuf_add(out, " nexthop");
		nexthop_text(&r->nexthops[i], out);
	}
}

void route_text(const struct route *r, struct strbuf *out)
{
	add_dst(r, out);
	add_where(r, out);
	add_rest(r, out);
}

static void add_range(const char *word, const struct rule_range *range, struct strbuf *out)
{
	if (!range->set)
		return;
	strbuf_addf(out, " %s %" PRIu32, word, range->from);
	if (range->to != range->from)
		strbuf_addf(out, "-%" PRIu32, range->to);
}

static void add_action(const struct rule *r, struct strbuf *out)
{
	switch (r->action) {
	case RULE_NO_ACTION:
		break;
	case RULE_TABLE:
		strbuf_addf(out, " lookup %" PRIu32, r->table);
		break;
	case RULE_L3MDEV:
		strbuf_add(out, " l3mdev");
		break;
	case RULE_GOTO:
		strbuf_addf(out, " goto %" PRIu32, r->target);
		break;
	case RULE_NOP:
		strbuf_add(out, " nop");
		break;
	case RULE_BLACKHOLE:
		strbuf_add(out, " type blackhole");
		break;
	case RULE_UNREACHABLE:
		strbuf_add(out, " type unreachable");
		break;
	case RULE_PROHIBIT:
		strbuf_add(out, " type prohibit");
		break;
	}
}

static void add_selectors(const struct rule *r, struct strbuf *out)
{
	if (r->iif)
		strbuf_addf(out, " iif %s", r->iif);
	if (r->oif)
		strbuf_addf(out, " oif %s", r->oif);
	if (r->has_fwmark)
		strbuf_addf(out, " fwmark 0x%" PRIx32, r->fwmark);
	if (r->has_fwmask)
		strbuf_addf(out, "/0x%" PRIx32, r->fwmask);
	if (r->has_ip_proto)
		strbuf_addf(out, " ipproto %u", r->ip_proto);
	add_range("sport", &r->sport, out);
	add_range("dport", &r->dport, out);
	add_range("uidrange", &r->uids, out);
	if (r->has_tunnel_id)
		strbuf_addf(out, " tunnel-id %" PRIu64, r->tunnel_id);
	if (r->realms.set)
		strbuf_addf(out, " realms %u/%u", r->realms.from, r->realms.to);
	if (r->has_suppress_plen)
		strbuf_addf(out, " suppress_prefixlength %" PRIu32, r->suppress_plen);
	if (r->has_suppress_group)
		strbuf_addf(out, " suppress_ifgroup %" PRIu32, r->suppress_group);
}

void rule_text(const struct rule *r, struct strbuf *out)
{
	strbuf_add(out, r->invert ? "not from " : "from ");
	if (addr_is_set(r->from.addr))
		add_prefix(r->from, out);
	else
		strbuf_add(out, "all");
	if (addr_is_set(r->to.addr)) {
		strbuf_add(out, " to ");
		add_prefix(r->to, out);
	}
	strbuf_addf(out, " priority %" PRIu32 " tos 0x%x", r->preference, r->tos);
	add_selectors(r, out);
	strbuf_addf(out, " protocol %u", r->protocol);
	add_action(r, out);
}
