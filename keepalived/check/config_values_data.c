/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Value types of UDP and DNS checks: bytes written in hexadecimal, and domain names (RFC 1035
 * section 2.3.4 for their sizes).
 */
#include "check/config_values.h"

/* ---- bytes ---- */

#define HEX_BYTES_MAX 65507	/* payload of the largest UDP datagram over IPv4 */

struct hex_reader {
	uint8_t *value, *mask;
	uint32_t len;
	bool wild;		/* a wildcard was read */
};

/* One digit: its value and its mask; false if it is none. */
static bool hex_nibble(char c, bool wildcards, unsigned *out_value, unsigned *out_mask)
{
	*out_mask = 0xf;
	if (c >= '0' && c <= '9')
		*out_value = (unsigned)(c - '0');
	else if (c >= 'a' && c <= 'f')
		*out_value = (unsigned)(c - 'a' + 10);
	else if (c >= 'A' && c <= 'F')
		*out_value = (unsigned)(c - 'A' + 10);
	else if (wildcards && (c == 'x' || c == 'X'))
		*out_value = *out_mask = 0;
	else
		return false;
	return true;
}

static void hex_add(struct hex_reader *r, unsigned value, unsigned mask)
{
	r->value[r->len] = (uint8_t)value;
	r->mask[r->len] = (uint8_t)mask;
	r->wild |= mask != 0xff;
	r->len++;
}

/* Two digits make a byte; a lone digit before a blank or the end is one too. */
static bool hex_read_word(struct bind *bind, const struct word *word, bool wildcards,
			  struct hex_reader *r)
{
	const char *c = word->text;
	unsigned high, low, high_mask, low_mask;

	while (*c) {
		if (*c == ' ' || *c == '\t') {
			c++;
			continue;
		}
		if (!hex_nibble(*c, wildcards, &high, &high_mask) ||
		    (c[1] && c[1] != ' ' && c[1] != '\t' &&
		     !hex_nibble(c[1], wildcards, &low, &low_mask))) {
			diag_error(bind->diags, "bad-value", word->at,
				   "'%s' is not hexadecimal data", word->text);
			return false;
		}
		if (c[1] && c[1] != ' ' && c[1] != '\t') {
			hex_add(r, high << 4 | low, high_mask << 4 | low_mask);
			c += 2;
		} else {
			hex_add(r, high, 0xf0 | high_mask);
			c++;
		}
	}
	return true;
}

static size_t hex_capacity(const struct node *node, unsigned first)
{
	size_t n = 0;

	for (unsigned i = first; i < node->n_words; i++)
		n += strlen(node->words[i].text);
	return n;
}

static bool hex_parse(struct bind *bind, const struct keyword *row, struct node *node,
		      unsigned *next, void *field)
{
	bool wildcards = row->alone;
	size_t capacity = hex_capacity(node, *next);
	struct hex_reader r = { 0 };

	if (*next >= node->n_words && !wildcards)
		return value_next_word(bind, row, node, next);	/* reports */
	r.value = (uint8_t *)arena_text(bind->arena, capacity + 1);
	r.mask = (uint8_t *)arena_text(bind->arena, capacity + 1);
	while (*next < node->n_words)
		if (!hex_read_word(bind, &node->words[(*next)++], wildcards, &r))
			return false;
	if (r.len > HEX_BYTES_MAX) {
		bind_error(bind, "bad-value", node, 1, "%u bytes do not fit into a datagram",
			   r.len);
		return false;
	}
	*(struct hex_data *)field = (struct hex_data){
		.value = r.value, .mask = r.wild ? r.mask : NULL, .len = r.len, .set = true,
	};
	return true;
}

static void hex_print(const struct keyword *row, const void *field, struct strbuf *out)
{
	static const char digits[] = "0123456789abcdef";
	const struct hex_data *data = field;

	(void)row;
	for (uint32_t i = 0; i < data->len; i++) {
		unsigned mask = data->mask ? data->mask[i] : 0xff;
		char high = mask & 0xf0 ? digits[data->value[i] >> 4] : 'x';
		char low = mask & 0x0f ? digits[data->value[i] & 0xf] : 'x';

		strbuf_addf(out, "%s%c%c", i ? " " : "", high, low);
	}
}

static bool hex_equal(const struct keyword *row, const void *a, const void *b)
{
	const struct hex_data *x = a, *y = b;

	(void)row;
	if (x->set != y->set || x->len != y->len || !x->mask != !y->mask)
		return false;
	return !x->len || (!memcmp(x->value, y->value, x->len) &&
			   (!x->mask || !memcmp(x->mask, y->mask, x->len)));
}

const struct value_type value_hex = {
	.name = "hexadecimal data",
	.size = sizeof(struct hex_data),
	.parse = hex_parse,
	.print = hex_print,
	.equal = hex_equal,
	.synopsis = "HEX...",
};

/* ---- domain names ---- */

#define DNS_LABEL_MAX 63
#define DNS_NAME_TEXT_MAX 253	/* without the dot of the root */

static const char *dns_name_problem(const char *name)
{
	size_t len = strlen(name);

	if (!len)
		return "is empty";
	if (!strcmp(name, "."))
		return NULL;
	if (len - (name[len - 1] == '.') > DNS_NAME_TEXT_MAX)
		return "is longer than 253 characters";
	while (*name) {
		size_t label = strcspn(name, ".");

		if (!label)
			return "has an empty label";
		if (label > DNS_LABEL_MAX)
			return "has a label of more than 63 characters";
		name += label + (name[label] == '.');
	}
	return NULL;
}

static bool dns_name_parse(struct bind *bind, const struct keyword *row, struct node *node,
			   unsigned *next, void *field)
{
	const struct word *word = value_next_word(bind, row, node, next);
	const char *problem = word ? dns_name_problem(word->text) : NULL;

	if (!word)
		return false;
	if (problem) {
		diag_error(bind->diags, "bad-value", word->at, "domain name '%.80s' %s",
			   word->text, problem);
		return false;
	}
	*(const char **)field = arena_strdup(bind->arena, word->text);
	return true;
}

static void dns_name_print(const struct keyword *row, const void *field, struct strbuf *out)
{
	(void)row;
	value_print_word(*(const char *const *)field, out);
}

static bool dns_name_equal(const struct keyword *row, const void *a, const void *b)
{
	(void)row;
	return str_eq(*(const char *const *)a, *(const char *const *)b);
}

const struct value_type value_dns_name = {
	.name = "domain name",
	.size = sizeof(const char *),
	.parse = dns_name_parse,
	.print = dns_name_print,
	.equal = dns_name_equal,
	.synopsis = "NAME",
};
