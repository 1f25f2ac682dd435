/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The encap option of routes and nexthops: lightweight tunnels as ip-route(8) writes them.
 */
#include <inttypes.h>

#include "base/num.h"
#include "vrrp/config_route.h"
#include "vrrp/config_value.h"

#define MPLS_LABEL_MAX 1048575
#define ILA_PARTS      4

static const struct iproute_value tos_value = {
	.table = IPROUTE_DSFIELD, .max = UINT8_MAX, .what = "TOS",
};

/* What option words are called for IPv4 and IPv6 tunnels. */
struct ip_words {
	int family;
	const char *tos, *ttl;
};
static const struct ip_words ip4_words = { AF_INET, "tos", "ttl" };
static const struct ip_words ip6_words = { AF_INET6, "tc", "hoplimit" };

static bool read_tunnel_addr(struct bind *b, const struct word *word, int family,
			     struct addr *out)
{
	if (!read_addr(b, word, out))
		return false;
	if (out->family == family)
		return true;
	diag_error(b->diags, "family", word->at, "%s is not an address of an %s tunnel",
		   word->text, family == AF_INET ? "ip" : "ip6");
	return false;
}

static bool read_limited(struct bind *b, const char *what, const struct word *word, uint64_t max,
			 uint64_t *out)
{
	return value_read_u64(b, what, word, 0, max, out);
}

enum option_result { OPTION_OTHER, OPTION_TAKEN, OPTION_BAD };

static enum option_result result_of(bool ok)
{
	return ok ? OPTION_TAKEN : OPTION_BAD;
}

/* One option with its value; @value is NULL at the end of the line. */
static enum option_result ip_option(struct bind *b, const struct ip_words *words,
				    const struct word *option, const struct word *value,
				    struct route_encap *e)
{
	uint64_t n = 0;
	uint32_t tos = 0;
	bool ok;

	if (!strcmp(option->text, "dst"))
		return result_of(value && read_tunnel_addr(b, value, words->family, &e->dst));
	if (!strcmp(option->text, "src"))
		return result_of(value && read_tunnel_addr(b, value, words->family, &e->src));
	if (!strcmp(option->text, "id")) {
		ok = value && read_limited(b, "id", value, UINT64_MAX, &e->id);
		e->has |= ROUTE_ENCAP_HAS_ID;
		return result_of(ok);
	}
	if (!strcmp(option->text, words->tos)) {
		ok = value && read_iproute(b, &tos_value, value, &tos);
		e->tos = (uint8_t)tos;
		e->has |= ROUTE_ENCAP_HAS_TOS;
		return result_of(ok);
	}
	if (!strcmp(option->text, words->ttl)) {
		ok = value && read_limited(b, words->ttl, value, UINT8_MAX, &n);
		e->ttl = (uint8_t)n;
		e->has |= ROUTE_ENCAP_HAS_TTL;
		return result_of(ok);
	}
	if (!strcmp(option->text, "flags")) {
		ok = value && read_limited(b, "flags", value, UINT16_MAX, &n);
		e->flags = (uint16_t)n;
		e->has |= ROUTE_ENCAP_HAS_FLAGS;
		return result_of(ok);
	}
	return OPTION_OTHER;
}

static bool parse_ip(struct bind *b, const struct ip_words *words, struct node *node,
		     unsigned *next, struct route_encap *e)
{
	bool ok = true;
	unsigned type_at = *next - 1;

	while (*next < node->n_words) {
		const struct word *option = &node->words[*next];
		const struct word *value =
			*next + 1 < node->n_words ? &node->words[*next + 1] : NULL;
		enum option_result result = ip_option(b, words, option, value, e);

		if (result == OPTION_OTHER)
			break;
		if (!value)
			bind_error(b, "missing-value", node, *next, "%s needs a value",
				   option->text);
		ok = ok && result == OPTION_TAKEN;
		*next += value ? 2 : 1;
	}
	if (ok && !addr_is_set(e->dst) && !(e->has & ROUTE_ENCAP_HAS_ID)) {
		bind_error(b, "encap", node, type_at, "a tunnel needs dst or id");
		ok = false;
	}
	return ok;
}

static bool parse_mpls(struct bind *b, const struct word *word, struct route_encap *e)
{
	const char *p = word->text;

	for (;;) {
		uint64_t label;
		const char *end;

		if (!num_scan_u64(p, 10, &label, &end) || label > MPLS_LABEL_MAX ||
		    (*end && *end != '/'))
			break;
		if (e->n_labels == ROUTE_MPLS_LABELS_MAX) {
			diag_error(b->diags, "encap", word->at, "more than %u labels in '%s'",
				   ROUTE_MPLS_LABELS_MAX, word->text);
			return false;
		}
		e->labels[e->n_labels++] = (uint32_t)label;
		if (!*end)
			return true;
		p = end + 1;
	}
	diag_error(b->diags, "encap", word->at,
		   "'%s' is not a list of labels from 0 to %u, LABEL[/LABEL]", word->text,
		   MPLS_LABEL_MAX);
	return false;
}

static bool parse_ila(struct bind *b, const struct word *word, struct route_encap *e)
{
	const char *p = word->text;

	for (unsigned i = 0; i < ILA_PARTS; i++) {
		uint64_t part;
		const char *end;
		char stop = i + 1 < ILA_PARTS ? ':' : '\0';

		if (!num_scan_u64(p, 16, &part, &end) || part > UINT16_MAX || *end != stop) {
			diag_error(b->diags, "encap", word->at,
				   "'%s' is not a locator: four hexadecimal numbers, A:B:C:D",
				   word->text);
			return false;
		}
		e->locator = e->locator << 16 | part;
		p = end + 1;
	}
	return true;
}

static const struct {
	const char *word;
	enum route_encap_type type;
} encap_types[] = {
	{ "ip", ROUTE_ENCAP_IP },
	{ "ip6", ROUTE_ENCAP_IP6 },
	{ "mpls", ROUTE_ENCAP_MPLS },
	{ "ila", ROUTE_ENCAP_ILA },
};

static enum route_encap_type encap_type(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(encap_types); i++)
		if (!strcmp(word, encap_types[i].word))
			return encap_types[i].type;
	return ROUTE_ENCAP_NONE;
}

static bool parse_type(struct bind *b, const struct keyword *kw, struct node *node,
		       unsigned *next, struct route_encap *e)
{
	const struct word *value = NULL;

	if (e->type == ROUTE_ENCAP_IP)
		return parse_ip(b, &ip4_words, node, next, e);
	if (e->type == ROUTE_ENCAP_IP6)
		return parse_ip(b, &ip6_words, node, next, e);
	value = value_next_word(b, kw, node, next);
	if (!value)
		return false;
	return e->type == ROUTE_ENCAP_MPLS ? parse_mpls(b, value, e) : parse_ila(b, value, e);
}

static bool parse_encap(struct bind *b, const struct keyword *kw, struct node *node,
			unsigned *next, void *field)
{
	const struct word *word = value_next_word(b, kw, node, next);
	struct route_encap e = { 0 };

	if (!word)
		return false;
	e.type = encap_type(word->text);
	if (e.type == ROUTE_ENCAP_NONE) {
		struct diag *d = diag_error(b->diags, "encap", word->at,
					    "encap type '%s' is not known", word->text);

		diag_hint(b->diags, d, "known are ip, ip6, mpls and ila");
		return false;
	}
	if (!parse_type(b, kw, node, next, &e))
		return false;
	*(struct route_encap *)field = e;
	return true;
}

static void print_ip(const struct route_encap *e, const struct ip_words *words,
		     struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];

	if (e->has & ROUTE_ENCAP_HAS_ID)
		strbuf_addf(out, " id %" PRIu64, e->id);
	if (addr_is_set(e->dst))
		strbuf_addf(out, " dst %s", addr_print(e->dst, text));
	if (addr_is_set(e->src))
		strbuf_addf(out, " src %s", addr_print(e->src, text));
	if (e->has & ROUTE_ENCAP_HAS_TOS)
		strbuf_addf(out, " %s %u", words->tos, e->tos);
	if (e->has & ROUTE_ENCAP_HAS_TTL)
		strbuf_addf(out, " %s %u", words->ttl, e->ttl);
	if (e->has & ROUTE_ENCAP_HAS_FLAGS)
		strbuf_addf(out, " flags %u", e->flags);
}

void route_encap_text(const struct route_encap *e, struct strbuf *out)
{
	switch (e->type) {
	case ROUTE_ENCAP_NONE:
		return;
	case ROUTE_ENCAP_IP:
		strbuf_add(out, "ip");
		print_ip(e, &ip4_words, out);
		return;
	case ROUTE_ENCAP_IP6:
		strbuf_add(out, "ip6");
		print_ip(e, &ip6_words, out);
		return;
	case ROUTE_ENCAP_MPLS:
		strbuf_add(out, "mpls ");
		for (unsigned i = 0; i < e->n_labels; i++)
			strbuf_addf(out, "%s%" PRIu32, i ? "/" : "", e->labels[i]);
		return;
	case ROUTE_ENCAP_ILA:
		strbuf_addf(out, "ila %x:%x:%x:%x", (unsigned)(e->locator >> 48),
			    (unsigned)(e->locator >> 32 & 0xffff),
			    (unsigned)(e->locator >> 16 & 0xffff),
			    (unsigned)(e->locator & 0xffff));
		return;
	}
}

static void print_encap(const struct keyword *kw, const void *field, struct strbuf *out)
{
	(void)kw;
	route_encap_text(field, out);
}

static bool equal_encap(const struct keyword *kw, const void *a, const void *b)
{
	attr_cleanup(strbuf_fini) struct strbuf x = { 0 }, y = { 0 };

	(void)kw;
	route_encap_text(a, &x);
	route_encap_text(b, &y);
	return str_eq(strbuf_text(&x), strbuf_text(&y));
}

const struct value_type value_encap = {
	.name = "tunnel",
	.size = sizeof(struct route_encap),
	.parse = parse_encap,
	.print = print_encap,
	.equal = equal_encap,
	.synopsis = "ip|ip6 OPTION...|mpls LABEL[/LABEL]|ila A:B:C:D",
};
