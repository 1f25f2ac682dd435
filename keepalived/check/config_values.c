/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Value types of servers: address and port, forwarding method, persistence mask, sorry server,
 * the weight of a file check.
 */
#include <arpa/inet.h>

#include "base/num.h"
#include "check/config_values.h"

/* ---- address and port ---- */

/* keepalived has always cut text behind a prefix length or range where one address is read. */
static bool read_plain_addr(struct bind *bind, const char *what, struct node *node, unsigned i,
			    struct addr *out)
{
	const struct word *word = &node->words[i];
	size_t len = strcspn(word->text, "/-");
	char text[ADDR_TEXT_MAX];

	if (addr_parse(word->text, out))
		return true;
	if (word->text[len] && len < sizeof(text)) {
		memcpy(text, word->text, len);
		text[len] = '\0';
		if (addr_parse(text, out)) {
			diag_note(bind->diags, "ignored-words", word->at,
				  "'%s' after the address of the %s is ignored", word->text + len,
				  what);
			return true;
		}
	}
	bind_error(bind, "bad-address", node, i, "'%s' is not an IPv4 or IPv6 address for the %s",
		   word->text, what);
	return false;
}

static bool read_port(struct bind *bind, const char *what, struct node *node, unsigned i,
		      uint16_t *out)
{
	uint64_t port;

	switch (num_parse_u64(node->words[i].text, 10, 0, UINT16_MAX, &port)) {
	case NUM_OK:
		*out = (uint16_t)port;
		return true;
	case NUM_EMPTY:
	case NUM_INVALID:
	case NUM_NEGATIVE:
	case NUM_RANGE:
	case NUM_DECIMALS:
		break;
	}
	diag_hint(bind->diags,
		  bind_error(bind, "bad-number", node, i, "'%s' is not a port for the %s",
			     node->words[i].text, what),
		  "a port is a number from 1 to 65535; 0 or none means all ports");
	return false;
}

bool read_endpoint(struct bind *bind, const char *what, struct node *node, unsigned *next,
		   struct endpoint *out)
{
	struct endpoint read = { .port = 0 };

	if (*next >= node->n_words) {
		bind_error(bind, "missing-argument", node, *next - 1, "the %s needs an address",
			   what);
		return false;
	}
	if (!read_plain_addr(bind, what, node, *next, &read.addr))
		return false;
	if (*next + 1 < node->n_words) {
		if (!read_port(bind, what, node, *next + 1, &read.port))
			return false;
		(*next)++;
	}
	(*next)++;
	*out = read;
	return true;
}

void print_endpoint(struct addr addr, uint16_t port, struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];

	strbuf_add(out, addr_print(addr, text));
	if (port)
		strbuf_addf(out, " %u", port);
}

void one_word_stored(struct bind *bind, const struct keyword *row, struct node *node,
		     void *object)
{
	(void)object;
	if (node->n_words > 2)
		bind_warning(bind, "superfluous-words", node, 2,
			     "%s is one word: quote a text with blanks", row->word);
}

#define WEIGHT_SENSIBLE 65535	/* what the tools of IPVS take */

void weight_stored(struct bind *bind, const struct keyword *row, struct node *node, void *object)
{
	const int32_t *weight = (const int32_t *)(const void *)((char *)object + row->at);

	if (*weight > WEIGHT_SENSIBLE)
		bind_warning(bind, "unusual-value", node, 1, "weight %d is more than %d", *weight,
			     WEIGHT_SENSIBLE);
}

/* ---- forwarding method ---- */

static const char *const method_words[] = {
	[FORWARD_UNSET] = "", [FORWARD_NAT] = "NAT", [FORWARD_DR] = "DR", [FORWARD_TUN] = "TUN",
};
static const char *const tunnel_words[] = {
	[TUNNEL_IPIP] = "ipip", [TUNNEL_GUE] = "gue", [TUNNEL_GRE] = "gre",
};
static const char *const csum_words[] = {
	[TUNNEL_NOCSUM] = "nocsum", [TUNNEL_CSUM] = "csum", [TUNNEL_REMCSUM] = "remcsum",
};

static bool word_index(const char *text, const char *const *words, size_t n, uint8_t *out)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(text, words[i])) {
			*out = (uint8_t)i;
			return true;
		}
	return false;
}

static bool read_method(struct bind *bind, const struct word *word, uint8_t *out)
{
	for (uint8_t i = FORWARD_NAT; i < ARRAY_LEN(method_words); i++)
		if (!strcmp(word->text, method_words[i])) {
			*out = i;
			return true;
		}
	for (uint8_t i = FORWARD_NAT; i < ARRAY_LEN(method_words); i++) {
		if (str_distance(word->text, method_words[i], 1) > 1)
			continue;
		diag_error(bind->diags, "bad-value", word->at,
			   "'%s' is not a forwarding method: did you mean '%s'?", word->text,
			   method_words[i]);
		return false;
	}
	diag_hint(bind->diags,
		  diag_error(bind->diags, "bad-value", word->at,
			     "'%s' is not a forwarding method", word->text),
		  "it can be NAT, DR or TUN");
	return false;
}

/* One option behind the method. False: reported. */
static bool read_tunnel_option(struct bind *bind, struct node *node, unsigned *next,
			       struct forward_config *f)
{
	const struct word *word = &node->words[(*next)++];
	bool is_type = !strcmp(word->text, "type");
	bool is_port = !strcmp(word->text, "port");
	uint64_t port;

	if (word_index(word->text, csum_words, ARRAY_LEN(csum_words), &f->csum))
		return true;
	if (!is_type && !is_port) {
		diag_hint(bind->diags,
			  diag_error(bind->diags, "bad-value", word->at,
				     "'%s' is not an option of a forwarding method", word->text),
			  "options are: type ipip|gue|gre, port N, nocsum, csum, remcsum");
		return false;
	}
	if (*next >= node->n_words) {
		bind_error(bind, "missing-argument", node, *next - 1, "%s needs a value",
			   word->text);
		return false;
	}
	word = &node->words[(*next)++];
	if (is_port) {
		if (!value_read_u64(bind, "the tunnel port", word, 1, UINT16_MAX, &port))
			return false;
		f->tunnel_port = (uint16_t)port;
		return true;
	}
	if (word_index(word->text, tunnel_words, ARRAY_LEN(tunnel_words), &f->tunnel))
		return true;
	diag_error(bind->diags, "bad-value", word->at,
		   "'%s' is not a tunnel type: ipip, gue or gre", word->text);
	return false;
}

/* What does not go together; NULL if all is well. */
static const char *tunnel_conflict(const struct forward_config *f)
{
	if (f->tunnel == TUNNEL_GUE && !f->tunnel_port)
		return "a gue tunnel needs a port";
	if (f->tunnel != TUNNEL_GUE && f->tunnel_port)
		return "only a gue tunnel has a port";
	if (f->tunnel == TUNNEL_IPIP && f->csum != TUNNEL_NOCSUM)
		return "an ipip tunnel has no checksum";
	if (f->tunnel == TUNNEL_GRE && f->csum == TUNNEL_REMCSUM)
		return "a gre tunnel cannot have remcsum";
	return NULL;
}

static bool forward_parse(struct bind *bind, const struct keyword *row, struct node *node,
			  unsigned *next, void *field)
{
	struct forward_config *out = field, read = { 0 };
	const struct word *word = value_next_word(bind, row, node, next);
	unsigned first = *next;
	const char *conflict;
	bool ok = true;

	if (!word || !read_method(bind, word, &read.method))
		return false;
	while (ok && *next < node->n_words)
		ok = read_tunnel_option(bind, node, next, &read);
	conflict = ok ? tunnel_conflict(&read) : NULL;
	if (conflict)
		bind_error(bind, "conflict", node, first, "%s", conflict);
	else if (ok && first < node->n_words && read.method != FORWARD_TUN)
		diag_note(bind->diags, "no-effect", node_place(node, first),
			  "tunnel options have no effect with %s", method_words[read.method]);
	*next = node->n_words;
	/* A bad option leaves the tunnel as it was, but the method counts. */
	if (!ok || conflict)
		out->method = read.method;
	else
		*out = read;
	return true;
}

static void forward_print(const struct keyword *row, const void *field, struct strbuf *out)
{
	const struct forward_config *f = field;

	(void)row;
	strbuf_add(out, method_words[f->method]);
	if (f->method != FORWARD_TUN)
		return;
	if (f->tunnel != TUNNEL_IPIP)
		strbuf_addf(out, " type %s", tunnel_words[f->tunnel]);
	if (f->tunnel_port)
		strbuf_addf(out, " port %u", f->tunnel_port);
	if (f->csum != TUNNEL_NOCSUM)
		strbuf_addf(out, " %s", csum_words[f->csum]);
}

static bool forward_equal(const struct keyword *row, const void *a, const void *b)
{
	const struct forward_config *x = a, *y = b;

	(void)row;
	return x->method == y->method && x->tunnel == y->tunnel && x->csum == y->csum &&
	       x->tunnel_port == y->tunnel_port;
}

const struct value_type value_forward = {
	.name = "forwarding method",
	.size = sizeof(struct forward_config),
	.parse = forward_parse,
	.print = forward_print,
	.equal = forward_equal,
	.synopsis = "NAT|DR|TUN [type ipip|gue|gre] [port N] [nocsum|csum|remcsum]",
};

/* ---- sorry server ---- */

static bool sorry_parse(struct bind *bind, const struct keyword *row, struct node *node,
			unsigned *next, void *field)
{
	struct sorry_server *sorry = field;
	struct endpoint server;

	(void)row;
	if (!read_endpoint(bind, "sorry_server", node, next, &server))
		return false;
	sorry->addr = server.addr;
	sorry->port = server.port;
	sorry->set = true;
	sorry->at = node_place(node, 0);
	return true;
}

static void sorry_print(const struct keyword *row, const void *field, struct strbuf *out)
{
	const struct sorry_server *sorry = field;

	(void)row;
	print_endpoint(sorry->addr, sorry->port, out);
}

static bool sorry_equal(const struct keyword *row, const void *a, const void *b)
{
	const struct sorry_server *x = a, *y = b;

	(void)row;
	return x->set == y->set && addr_equal(x->addr, y->addr) && x->port == y->port;
}

const struct value_type value_sorry = {
	.name = "server address",
	.size = sizeof(struct sorry_server),
	.parse = sorry_parse,
	.print = sorry_print,
	.equal = sorry_equal,
	.synopsis = "ADDRESS [PORT]",
};

/* ---- persistence mask ---- */

static bool granularity_parse(struct bind *bind, const struct keyword *row, struct node *node,
			      unsigned *next, void *field)
{
	const struct word *word = value_next_word(bind, row, node, next);
	struct persistence_mask mask = { 0 };
	uint64_t len;

	if (!word)
		return false;
	if (!strpbrk(word->text, ".x")) {
		if (!value_read_u64(bind, "the prefix length", word, 1, 128, &len))
			return false;
		mask.prefix_len = (uint8_t)len;
	} else if (inet_aton(word->text, &mask.mask.v4)) {
		mask.mask.family = AF_INET;
	} else {
		diag_hint(bind->diags,
			  diag_error(bind->diags, "bad-address", word->at,
				     "'%s' is not a network mask", word->text),
			  "write an IPv4 mask such as 255.255.255.0 or an IPv6 prefix length");
		return false;
	}
	*(struct persistence_mask *)field = mask;
	return true;
}

static void granularity_print(const struct keyword *row, const void *field, struct strbuf *out)
{
	const struct persistence_mask *mask = field;
	char text[ADDR_TEXT_MAX];

	(void)row;
	if (addr_is_set(mask->mask))
		strbuf_add(out, addr_print(mask->mask, text));
	else
		strbuf_addf(out, "%u", mask->prefix_len);
}

static bool granularity_equal(const struct keyword *row, const void *a, const void *b)
{
	const struct persistence_mask *x = a, *y = b;

	(void)row;
	return x->prefix_len == y->prefix_len && addr_equal(x->mask, y->mask);
}

const struct value_type value_granularity = {
	.name = "mask",
	.size = sizeof(struct persistence_mask),
	.parse = granularity_parse,
	.print = granularity_print,
	.equal = granularity_equal,
	.synopsis = "NETMASK|PREFIXLEN",
};

/* ---- names of other objects ---- */

static bool named_ref_parse(struct bind *bind, const struct keyword *row, struct node *node,
			    unsigned *next, void *field)
{
	struct named_ref *ref = field;
	struct place at = node_place(node, *next);

	if (!value_name.parse(bind, row, node, next, &ref->name))
		return false;
	ref->at = at;
	return true;
}

static void named_ref_print(const struct keyword *row, const void *field, struct strbuf *out)
{
	const struct named_ref *ref = field;

	value_name.print(row, &ref->name, out);
}

static bool named_ref_equal(const struct keyword *row, const void *a, const void *b)
{
	const struct named_ref *x = a, *y = b;

	(void)row;
	return str_eq(x->name, y->name);
}

const struct value_type value_named_ref = {
	.name = "name",
	.size = sizeof(struct named_ref),
	.parse = named_ref_parse,
	.print = named_ref_print,
	.equal = named_ref_equal,
	.synopsis = "NAME",
};

/* ---- weight of a file check ---- */

static bool file_weight_parse(struct bind *bind, const struct keyword *row, struct node *node,
			      unsigned *next, void *field)
{
	const struct word *word = value_next_word(bind, row, node, next);
	struct file_weight weight = { .set = true };
	int64_t value;

	if (!word || !value_read_i64(bind, row->word, word, row->min, row->max, &value))
		return false;
	weight.value = (int32_t)value;
	if (*next < node->n_words) {
		word = &node->words[(*next)++];
		weight.reverse = !strcmp(word->text, "reverse");
		if (!weight.reverse && strcmp(word->text, "noreverse")) {
			diag_error(bind->diags, "bad-value", word->at,
				   "'%s' after a weight: only reverse and noreverse can follow",
				   word->text);
			return false;
		}
	}
	*(struct file_weight *)field = weight;
	return true;
}

static void file_weight_print(const struct keyword *row, const void *field, struct strbuf *out)
{
	const struct file_weight *weight = field;

	(void)row;
	strbuf_addf(out, "%d%s", weight->value, weight->reverse ? " reverse" : "");
}

static bool file_weight_equal(const struct keyword *row, const void *a, const void *b)
{
	const struct file_weight *x = a, *y = b;

	(void)row;
	return x->value == y->value && x->reverse == y->reverse;
}

const struct value_type value_file_weight = {
	.name = "weight",
	.size = sizeof(struct file_weight),
	.parse = file_weight_parse,
	.print = file_weight_print,
	.equal = file_weight_equal,
	.synopsis = "N [reverse|noreverse]",
};
