/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Value types of VRRP's tables: constants for pairs of words, whole seconds, prefixes, numbers
 * that have names in iproute2's files.
 *
 * Types for one option only stand beside the table that uses them.
 */
#include "vrrp/config_value.h"

#include "base/num.h"
#include "config/map.h"
#include "core/config.h"

static bool parse_constant(struct bind *b, const struct keyword *kw, struct node *node,
			   unsigned *next, void *field)
{
	(void)b;
	(void)node;
	(void)next;
	*(int *)field = (int)kw->alone;
	return true;
}

/* Which of the words is printed is decided by the value: the others must stay silent. */
static void print_constant(const struct keyword *kw, const void *field, struct strbuf *out)
{
	(void)kw;
	(void)field;
	(void)out;
}

const struct value_type value_constant = {
	.name = "flag",
	.size = sizeof(int),
	.parse = parse_constant,
	.print = print_constant,
};

static bool parse_constant8(struct bind *b, const struct keyword *kw, struct node *node,
			    unsigned *next, void *field)
{
	(void)b;
	(void)node;
	(void)next;
	*(uint8_t *)field = (uint8_t)kw->alone;
	return true;
}

const struct value_type value_constant8 = {
	.name = "flag",
	.size = sizeof(uint8_t),
	.parse = parse_constant8,
	.print = print_constant,
};

static bool parse_family(struct bind *b, const struct keyword *kw, struct node *node,
			 unsigned *next, void *field)
{
	*(uint8_t *)field = (uint8_t)kw->alone;
	if (*next < node->n_words)
		diag_hint(b->diags,
			  bind_warning(b, "older-release", node, *next - 1,
				       "keepalived before 3.0 skips the word after %s", kw->word),
			  "write it last");
	return true;
}

const struct value_type value_family = {
	.name = "family",
	.size = sizeof(uint8_t),
	.parse = parse_family,
	.print = print_constant,
};

static bool parse_unflag(struct bind *b, const struct keyword *kw, struct node *node,
			 unsigned *next, void *field)
{
	(void)b;
	(void)kw;
	(void)node;
	(void)next;
	*(bool *)field = false;
	return true;
}

const struct value_type value_unflag = {
	.name = "flag",
	.size = sizeof(bool),
	.parse = parse_unflag,
	.print = print_constant,
};

static bool parse_seconds(struct bind *b, const struct keyword *kw, struct node *node,
			  unsigned *next, void *field)
{
	const struct word *word = value_next_word(b, kw, node, next);
	uint64_t max = kw->max ? (uint64_t)kw->max : UINT32_MAX;
	uint64_t seconds;

	if (!word || !value_read_u64(b, kw->word, word, (uint64_t)kw->min, max, &seconds))
		return false;
	*(kspan *)field = SEC((int64_t)seconds);
	return true;
}

static void print_seconds(const struct keyword *kw, const void *field, struct strbuf *out)
{
	(void)kw;
	strbuf_addf(out, "%lld", (long long)kspan_sec(*(const kspan *)field));
}

const struct value_type value_seconds = {
	.name = "whole seconds",
	.size = sizeof(kspan),
	.parse = parse_seconds,
	.print = print_seconds,
	.synopsis = "SECS",
};

bool read_addr(struct bind *b, const struct word *word, struct addr *out)
{
	struct prefix p;
	bool has_len;

	if (addr_parse(word->text, out))
		return true;
	struct diag *d = diag_error(b->diags, "bad-address", word->at,
				    "'%s' is not an IP address", word->text);

	if (prefix_parse(word->text, &p, &has_len) && has_len)
		diag_hint(b->diags, d, "no prefix length is allowed here");
	return false;
}

static bool prefix_error(struct bind *b, const struct word *word)
{
	const char *slash = strchr(word->text, '/');
	char addr_part[INET6_ADDRSTRLEN];
	size_t len = slash ? (size_t)(slash - word->text) : 0;
	struct place at = word->at;
	struct addr addr;

	if (slash && len < sizeof(addr_part)) {
		memcpy(addr_part, word->text, len);
		addr_part[len] = '\0';
		if (addr_parse(addr_part, &addr)) {
			if (at.line < MADE_LINE_FIRST && !word->quoted && at.length > len) {
				at.column = (uint16_t)(at.column + len);
				at.length = (uint16_t)(at.length - len);
			}
			if (!slash[1])
				diag_error(b->diags, "bad-prefix", at,
					   "the prefix length is missing after '/'");
			else
				diag_error(b->diags, "bad-prefix", at,
					   "prefix length '/%s' is not a number from 0 to %u",
					   slash + 1, addr_bits(addr));
			return false;
		}
	}
	diag_error(b->diags, "bad-address", word->at, "'%s' is not an IP address", word->text);
	return false;
}

bool read_prefix(struct bind *b, const struct word *word, struct prefix *out, bool *out_has_len)
{
	bool has_len;

	if (!prefix_parse(word->text, out, &has_len))
		return prefix_error(b, word);
	if (out_has_len)
		*out_has_len = has_len;
	return true;
}

static bool is_any(const char *word)
{
	return !strcmp(word, "default") || !strcmp(word, "any") || !strcmp(word, "all");
}

static bool parse_prefix_any(struct bind *b, const struct keyword *kw, struct node *node,
			     unsigned *next, void *field)
{
	const struct word *word = value_next_word(b, kw, node, next);
	struct prefix p = { 0 };

	if (!word)
		return false;
	if (!is_any(word->text) && !read_prefix(b, word, &p, NULL))
		return false;
	*(struct prefix *)field = p;
	return true;
}

static void print_prefix_any(const struct keyword *kw, const void *field, struct strbuf *out)
{
	const struct prefix *p = field;
	char text[ADDR_TEXT_MAX];

	(void)kw;
	if (addr_is_set(p->addr))
		strbuf_addf(out, "%s/%u", addr_print(p->addr, text), p->len);
	else
		strbuf_add(out, "all");
}

static bool equal_prefix(const struct keyword *kw, const void *a, const void *b)
{
	const struct prefix *x = a, *y = b;

	(void)kw;
	return x->len == y->len && addr_equal(x->addr, y->addr);
}

const struct value_type value_prefix_any = {
	.name = "address",
	.size = sizeof(struct prefix),
	.parse = parse_prefix_any,
	.print = print_prefix_any,
	.equal = equal_prefix,
	.synopsis = "ADDR[/LEN]|default|any|all",
};

static void unknown_name(struct bind *b, const struct iproute_value *v, const struct word *word)
{
	const struct iproute_names *names = config_iproute_names(b->root);
	const char *near = iproute_names_suggest(names, v->table, word->text);
	struct diag *d = diag_error(b->diags, "unknown-name", word->at,
				    "'%s' is neither the name of a %s nor a number from %u to %u",
				    word->text, v->what, v->min, v->max);

	if (near)
		diag_hint(b->diags, d, "did you mean '%s'?", near);
}

bool read_iproute(struct bind *b, const struct iproute_value *v, const struct word *word,
		  uint32_t *out)
{
	uint64_t number;
	uint32_t named;

	switch (num_parse_u64(word->text, 0, v->min, v->max, &number)) {
	case NUM_OK:
		*out = (uint32_t)number;
		return true;
	case NUM_RANGE:
	case NUM_NEGATIVE:
	case NUM_DECIMALS:
		diag_error(b->diags, "range", word->at, "%s %s is out of range %u-%u", v->what,
			   word->text, v->min, v->max);
		return false;
	case NUM_EMPTY:
	case NUM_INVALID:
		break;
	}
	if (iproute_names_find(config_iproute_names(b->root), v->table, word->text, &named) &&
	    named >= v->min && named <= v->max) {
		*out = named;
		return true;
	}
	unknown_name(b, v, word);
	return false;
}

static bool parse_iproute8(struct bind *b, const struct keyword *kw, struct node *node,
			   unsigned *next, void *field)
{
	const struct word *word = value_next_word(b, kw, node, next);
	uint32_t number;

	if (!word || !read_iproute(b, kw->arg, word, &number))
		return false;
	*(uint8_t *)field = (uint8_t)number;
	return true;
}

static void print_iproute8(const struct keyword *kw, const void *field, struct strbuf *out)
{
	(void)kw;
	strbuf_addf(out, "%u", *(const uint8_t *)field);
}

const struct value_type value_iproute8 = {
	.name = "name or number",
	.size = sizeof(uint8_t),
	.parse = parse_iproute8,
	.print = print_iproute8,
	.synopsis = "NAME|N",
};

static bool parse_iproute32(struct bind *b, const struct keyword *kw, struct node *node,
			    unsigned *next, void *field)
{
	const struct word *word = value_next_word(b, kw, node, next);

	return word && read_iproute(b, kw->arg, word, field);
}

static void print_iproute32(const struct keyword *kw, const void *field, struct strbuf *out)
{
	(void)kw;
	strbuf_addf(out, "%u", *(const uint32_t *)field);
}

const struct value_type value_iproute32 = {
	.name = "name or number",
	.size = sizeof(uint32_t),
	.parse = parse_iproute32,
	.print = print_iproute32,
	.synopsis = "NAME|N",
};

static const struct iproute_value realm = {
	.table = IPROUTE_REALMS, .max = UINT16_MAX, .what = "realm",
};

/* One half of FROM/TO: a word of its own for the message. */
static bool read_realm(struct bind *b, const struct word *whole, size_t from, size_t len,
		       uint16_t *out)
{
	struct word half = { .text = arena_strndup(b->arena, whole->text + from, len),
			     .at = whole->at,
			     .len = (uint32_t)len };
	uint32_t number;

	half.at.column = (uint16_t)(half.at.column + from);
	half.at.length = (uint16_t)len;
	if (!read_iproute(b, &realm, &half, &number))
		return false;
	*out = (uint16_t)number;
	return true;
}

static bool parse_realms(struct bind *b, const struct keyword *kw, struct node *node,
			 unsigned *next, void *field)
{
	const struct word *word = value_next_word(b, kw, node, next);
	struct route_realms realms = { .set = true };

	if (!word)
		return false;
	const char *slash = strchr(word->text, '/');
	size_t to_at = slash ? (size_t)(slash - word->text) + 1 : 0;

	if (slash && !read_realm(b, word, 0, to_at - 1, &realms.from))
		return false;
	if (!read_realm(b, word, to_at, strlen(word->text) - to_at, &realms.to))
		return false;
	*(struct route_realms *)field = realms;
	return true;
}

static void print_realms(const struct keyword *kw, const void *field, struct strbuf *out)
{
	const struct route_realms *realms = field;

	(void)kw;
	if (realms->from)
		strbuf_addf(out, "%u/", realms->from);
	strbuf_addf(out, "%u", realms->to);
}

static bool equal_realms(const struct keyword *kw, const void *a, const void *b)
{
	const struct route_realms *x = a, *y = b;

	(void)kw;
	return x->set == y->set && x->from == y->from && x->to == y->to;
}

const struct value_type value_realms = {
	.name = "realms",
	.size = sizeof(struct route_realms),
	.parse = parse_realms,
	.print = print_realms,
	.equal = equal_realms,
	.synopsis = "[FROM/]TO",
};
