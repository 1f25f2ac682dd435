/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text values: words, names, paths, interfaces, addresses, lists of words.
 *
 * Texts are copied into the configuration's arena.
 */
#include <string.h>

#include "config/value_state.h"

enum { IFNAME_BYTES = 15 };

static void print_text(const struct keyword *kw, const void *field, struct strbuf *out)
{
	const char *text = *(const char *const *)field;

	(void)kw;
	if (text)
		value_print_word(text, out);
}

static bool equal_text(const struct keyword *kw, const void *a, const void *b)
{
	(void)kw;
	return str_eq(*(const char *const *)a, *(const char *const *)b);
}

/** What a text has to be besides a word; NULL or why it is not. */
typedef const char *text_check(const struct keyword *, const struct word *);

static bool parse_checked(struct bind *b, const struct keyword *kw, struct node *node,
			  unsigned *next, text_check *check, const char **field)
{
	const struct word *word;
	const char *wrong;
	char shown[SHOWN_MAX];
	struct diag *d;

	if (value_is_alone(b, kw, node, *next)) {
		*field = "";
		return true;
	}
	word = value_next_word(b, kw, node, next);
	if (!word)
		return false;
	wrong = check ? check(kw, word) : NULL;
	if (wrong) {
		d = diag_error(b->diags, "bad-value", word->at, "'%s' is not %s",
			       bind_shown(shown, sizeof(shown), word), wrong);
		bind_hint_slip(b, d, word->text);
		return false;
	}
	*field = arena_strndup(b->arena, word->text, word->len);
	return true;
}

static bool parse_text(struct bind *b, const struct keyword *kw, struct node *node, unsigned *next,
		       void *field)
{
	return parse_checked(b, kw, node, next, NULL, field);
}

const struct value_type value_text = { .name = "word",
				       .size = sizeof(char *),
				       .parse = parse_text,
				       .print = print_text,
				       .equal = equal_text,
				       .synopsis = "TEXT" };

static const char *check_name(const struct keyword *kw, const struct word *word)
{
	if (!word->len)
		return "a name: it is empty";
	if (kw->max > 0 && word->len > (uint64_t)kw->max)
		return "a name that fits: it is too long";
	return NULL;
}

static bool parse_name(struct bind *b, const struct keyword *kw, struct node *node, unsigned *next,
		       void *field)
{
	return parse_checked(b, kw, node, next, check_name, field);
}

const struct value_type value_name = { .name = "name",
				       .size = sizeof(char *),
				       .parse = parse_name,
				       .print = print_text,
				       .equal = equal_text,
				       .synopsis = "NAME" };

static const char *check_ifname(const struct keyword *kw, const struct word *word)
{
	(void)kw;
	if (!word->len || !strcmp(word->text, ".") || !strcmp(word->text, ".."))
		return "an interface name";
	if (word->len > IFNAME_BYTES)
		return "an interface name: it is longer than 15 bytes";
	if (strpbrk(word->text, "/ \t\v\f\r\n"))
		return "an interface name: no '/' or blank is allowed";
	return NULL;
}

static bool parse_ifname(struct bind *b, const struct keyword *kw, struct node *node,
			 unsigned *next, void *field)
{
	return parse_checked(b, kw, node, next, check_ifname, field);
}

const struct value_type value_ifname = { .name = "interface name",
					 .size = sizeof(char *),
					 .parse = parse_ifname,
					 .print = print_text,
					 .equal = equal_text,
					 .synopsis = "IFNAME" };

static const char *check_path(const struct keyword *kw, const struct word *word)
{
	if (!word->len)
		return "a path: it is empty";
	if (!kw->arg && word->text[0] != '/')
		return "an absolute path";
	return NULL;
}

static bool parse_path(struct bind *b, const struct keyword *kw, struct node *node, unsigned *next,
		       void *field)
{
	return parse_checked(b, kw, node, next, check_path, field);
}

const struct value_type value_path = { .name = "path",
				       .size = sizeof(char *),
				       .parse = parse_path,
				       .print = print_text,
				       .equal = equal_text,
				       .synopsis = "PATH" };

/** A prefix length says nothing about one address, but has always been accepted. */
static bool parse_addr_word(struct bind *b, const struct word *word, struct addr *out)
{
	struct prefix prefix;
	bool has_len;

	if (addr_parse(word->text, out))
		return true;
	if (!prefix_parse(word->text, &prefix, &has_len))
		return false;
	diag_note(b->diags, "ignored-prefix", word->at, "the prefix length of '%s' is ignored",
		  word->text);
	*out = prefix.addr;
	return true;
}

static bool read_addr(struct bind *b, const struct keyword *kw, struct node *node, unsigned *next,
		      struct addr *out)
{
	const struct word *word = value_next_word(b, kw, node, next);
	bool only4 = kw->type == &value_addr4, only6 = kw->type == &value_addr6;
	struct addr addr;

	if (!word)
		return false;
	if (!parse_addr_word(b, word, &addr) || (only4 && addr.family != AF_INET) ||
	    (only6 && addr.family != AF_INET6)) {
		value_report(b, kw, word, "bad-address");
		return false;
	}
	*out = addr;
	return true;
}

static bool parse_addr(struct bind *b, const struct keyword *kw, struct node *node, unsigned *next,
		       void *field)
{
	return read_addr(b, kw, node, next, field);
}

static void print_addr(const struct keyword *kw, const void *field, struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];

	(void)kw;
	strbuf_add(out, addr_print(*(const struct addr *)field, text));
}

static bool equal_addr(const struct keyword *kw, const void *a, const void *b)
{
	(void)kw;
	return addr_equal(*(const struct addr *)a, *(const struct addr *)b);
}

#define ADDR_TYPE(type, text, argument)                           \
	const struct value_type type = { .name = (text),          \
					 .size = sizeof(struct addr), \
					 .parse = parse_addr,     \
					 .print = print_addr,     \
					 .equal = equal_addr,     \
					 .synopsis = (argument) };

ADDR_TYPE(value_addr, "IP address", "ADDR")
ADDR_TYPE(value_addr4, "IPv4 address", "ADDR")
ADDR_TYPE(value_addr6, "IPv6 address", "ADDR")

/** A list that a second use replaces, unless every use adds. */
static struct word_list *open_list(struct bind *b, const struct keyword *kw, void *field)
{
	struct word_list *list = field;

	if (!(kw->flags & KW_APPEND) && bind_used_before(b, kw))
		*list = (struct word_list){ 0 };
	return list;
}

static bool parse_words(struct bind *b, const struct keyword *kw, struct node *node,
			unsigned *next, void *field)
{
	struct word_list *list;

	if (!value_is_alone(b, kw, node, *next) && *next >= node->n_words)
		return value_next_word(b, kw, node, next);
	list = open_list(b, kw, field);
	for (; *next < node->n_words; ++*next)
		word_list_add(b->arena, list, node->words[*next].text, node->words[*next].at);
	return true;
}

static void print_words(const struct keyword *kw, const void *field, struct strbuf *out)
{
	const struct word_list *list = field;

	(void)kw;
	for (uint32_t i = 0; i < list->n; i++) {
		if (i)
			strbuf_add_char(out, ' ');
		value_print_word(list->items[i], out);
	}
}

static bool equal_words(const struct keyword *kw, const void *a, const void *b)
{
	const struct word_list *x = a, *y = b;

	(void)kw;
	if (x->n != y->n)
		return false;
	for (uint32_t i = 0; i < x->n; i++) {
		if (strcmp(x->items[i], y->items[i]))
			return false;
	}
	return true;
}

const struct value_type value_words = { .name = "list of words",
					.size = sizeof(struct word_list),
					.parse = parse_words,
					.print = print_words,
					.equal = equal_words,
					.synopsis = "WORD..." };

static bool parse_word_block(struct bind *b, const struct keyword *kw, struct node *node,
			     unsigned *next, void *field)
{
	struct word_list *list = open_list(b, kw, field);

	(void)next;
	for (const struct node *line = node->first; line; line = line->next) {
		for (unsigned i = 0; !line->broken && i < line->n_words; i++)
			word_list_add(b->arena, list, line->words[i].text, line->words[i].at);
		if (line->has_block)
			diag_error(b->diags, "unexpected-block", line->open_at,
				   "unexpected '{': %s holds words only", kw->word);
	}
	return true;
}

const struct value_type value_word_block = { .name = "block of words",
					     .size = sizeof(struct word_list),
					     .parse = parse_word_block,
					     .print = print_words,
					     .equal = equal_words,
					     .synopsis = "{ WORD ... }",
					     .takes_block = VALUE_NEEDS_BLOCK };
