/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gateways and nexthops of routes.
 */
#include "vrrp/config_address.h"
#include "vrrp/config_route.h"
#include "vrrp/config_value.h"

static bool parse_via(struct bind *b, const struct keyword *kw, struct node *node,
		      unsigned *next, void *field)
{
	const struct word *word = value_next_word(b, kw, node, next);
	uint8_t *family = (uint8_t *)field - kw->at + *(const size_t *)kw->arg;
	uint8_t written = 0;
	struct addr addr;

	if (word && !strcmp(word->text, "inet"))
		written = AF_INET;
	else if (word && !strcmp(word->text, "inet6"))
		written = AF_INET6;
	if (written)
		word = value_next_word(b, kw, node, next);
	if (!word || !read_addr(b, word, &addr))
		return false;
	if (written && written != addr.family) {
		diag_error(b->diags, "family", word->at, "%s is not an %s address", word->text,
			   written == AF_INET ? "IPv4" : "IPv6");
		return false;
	}
	*family = written;
	*(struct addr *)field = addr;
	return true;
}

static void print_via(const struct keyword *kw, const void *field, struct strbuf *out)
{
	const struct addr *addr = field;
	char text[ADDR_TEXT_MAX];

	(void)kw;
	strbuf_addf(out, "%s %s", addr->family == AF_INET ? "inet" : "inet6",
		    addr_print(*addr, text));
}

static bool equal_via(const struct keyword *kw, const void *a, const void *b)
{
	(void)kw;
	return addr_equal(*(const struct addr *)a, *(const struct addr *)b);
}

const struct value_type value_via = {
	.name = "gateway",
	.size = sizeof(struct addr),
	.parse = parse_via,
	.print = print_via,
	.equal = equal_via,
	.synopsis = "[inet|inet6] ADDR",
};

#define AT(m) offsetof(struct nexthop_config, m)

static const size_t via_family_at = AT(via_family);

static const struct keyword nexthop_keywords[] = {
	{ .word = "via", .type = &value_via, .at = AT(hop.via), .arg = &via_family_at,
	  .help = "Gateway." },
	{ .word = "dev", .type = &value_ifname, .at = AT(hop.dev), .help = "Interface." },
	{ .word = "oif", .type = &value_ifname, .at = AT(hop.dev), .flags = KW_MASKED,
	  .instead = "dev", .help = "As dev." },
	{ .word = "weight", .type = &value_u16, .at = AT(hop.weight), .min = 1, .max = 256,
	  .help = "Share of the traffic." },
	{ .word = "onlink", .type = &value_flag, .at = AT(hop.onlink),
	  .help = "The gateway is on the link even if no prefix says so." },
	{ .word = "encap", .type = &value_encap, .at = AT(hop.encap),
	  .help = "Send through a lightweight tunnel." },
	{ .word = "realms", .type = &value_realms, .at = AT(hop.realms),
	  .help = "Realms. IPv4 only." },
};

static const struct nexthop_config nexthop_defaults = {
	.hop.weight = 1,
};

static bool nexthop_head(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	(void)b;
	(void)object;
	(void)node;
	(void)next;
	return true;
}

static bool nexthop_done(struct bind *b, struct object *object, struct node *node)
{
	const struct nexthop_config *hop = (const void *)object;

	(void)node;
	if (addr_is_set(hop->hop.via) || hop->hop.dev)
		return true;
	diag_error(b->diags, "nexthop", object->at, "a nexthop needs via or dev");
	return false;
}

const struct block_type nexthop_block = {
	.name = "nexthop",
	.form = BLOCK_RECORD,
	KEYWORDS(nexthop_keywords),
	.size = sizeof(struct nexthop_config),
	.defaults = &nexthop_defaults,
	.head = nexthop_head,
	.head_synopsis = "",
	.done = nexthop_done,
	.help = "One of several ways of a multipath route.",
};

static unsigned nexthop_end(const struct node *node, unsigned from)
{
	while (from < node->n_words && strcmp(node->words[from].text, "nexthop"))
		from++;
	return from;
}

static bool parse_nexthop(struct bind *b, const struct keyword *kw, struct node *node,
			  unsigned *next, void *field)
{
	unsigned end = nexthop_end(node, *next);
	struct nexthop_config *hop = bind_object_new(b, &nexthop_block);
	struct node part = node_until(node, end);
	unsigned first = *next;

	(void)kw;
	*next = end;
	hop->object.at = node_place(node, first - 1);
	if (!bind_record(b, &nexthop_block, &part, first, &hop->object))
		return false;
	object_list_add(b->arena, field, hop);
	return true;
}

static bool equal_nexthops(const struct keyword *kw, const void *a, const void *b)
{
	const struct object_list *x = a, *y = b;

	(void)kw;
	if (x->n != y->n)
		return false;
	for (uint32_t i = 0; i < x->n; i++) {
		attr_cleanup(strbuf_fini) struct strbuf s = { 0 }, t = { 0 };

		nexthop_text(&((const struct nexthop_config *)x->items[i])->hop, &s);
		nexthop_text(&((const struct nexthop_config *)y->items[i])->hop, &t);
		if (!str_eq(strbuf_text(&s), strbuf_text(&t)))
			return false;
	}
	return true;
}

static void print_nexthops(const struct keyword *kw, const void *field, struct strbuf *out)
{
	const struct object_list *hops = field;

	(void)kw;
	for (uint32_t i = 0; i < hops->n; i++) {
		strbuf_add(out, i ? " nexthop" : "");
		nexthop_text(&((const struct nexthop_config *)hops->items[i])->hop, out);
	}
}

void nexthop_text(const struct route_nexthop *hop, struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];

	if (addr_is_set(hop->via))
		strbuf_addf(out, " via %s %s", hop->via.family == AF_INET ? "inet" : "inet6",
			    addr_print(hop->via, text));
	if (hop->dev)
		strbuf_addf(out, " dev %s", hop->dev);
	strbuf_addf(out, " weight %u", hop->weight);
	if (hop->onlink)
		strbuf_add(out, " onlink");
	if (hop->encap.type != ROUTE_ENCAP_NONE) {
		strbuf_add(out, " encap ");
		route_encap_text(&hop->encap, out);
	}
	if (hop->realms.set)
		strbuf_addf(out, " realms %u/%u", hop->realms.from, hop->realms.to);
}

const struct value_type value_nexthop = {
	.name = "nexthop",
	.size = sizeof(struct object_list),
	.parse = parse_nexthop,
	.print = print_nexthops,
	.equal = equal_nexthops,
	.synopsis = "OPTION...",
};
