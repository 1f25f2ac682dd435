/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values out of a few words: flags, booleans, enumerations.
 */
#include <string.h>
#include <strings.h>

#include "config/value_state.h"

static bool parse_flag(struct bind *b, const struct keyword *kw, struct node *node, unsigned *next,
		       void *field)
{
	(void)b;
	(void)kw;
	(void)node;
	(void)next;
	*(bool *)field = true;
	return true;
}

static void print_nothing(const struct keyword *kw, const void *field, struct strbuf *out)
{
	(void)kw;
	(void)field;
	(void)out;
}

const struct value_type value_flag = { .name = "flag",
				       .size = sizeof(bool),
				       .parse = parse_flag,
				       .print = print_nothing,
				       .synopsis = "" };

enum { FEW_WORDS = 3 };

struct bool_word {
	const char *word;
	bool value;
};

static const struct bool_word bool_words[] = {
	{ "true", true },   { "on", true },   { "yes", true },
	{ "false", false }, { "off", false }, { "no", false },
};

static const struct bool_word *find_bool(const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(bool_words); i++) {
		if (!strcmp(text, bool_words[i].word))
			return &bool_words[i];
	}
	return NULL;
}

/** 1, 0, or -1 after reporting. Without a word it is true. */
static int read_bool(struct bind *b, const struct keyword *kw, struct node *node, unsigned *next)
{
	const struct bool_word *found;
	const struct word *word;
	char shown[SHOWN_MAX];
	struct diag *d;

	if (value_is_alone(b, kw, node, *next))
		return true;
	word = value_next_word(b, kw, node, next);
	if (!word)
		return -1;
	found = find_bool(word->text);
	if (found)
		return found->value;
	d = diag_error(b->diags, "bad-value", word->at, "'%s' is not true or false",
		       bind_shown(shown, sizeof(shown), word));
	diag_hint(b->diags, d, "%s takes true, on, yes or false, off, no%s", kw->word,
		  kw->flags & KW_OPTIONAL_ARG ? "; alone it means true" : "");
	return -1;
}

static bool parse_bool(struct bind *b, const struct keyword *kw, struct node *node, unsigned *next,
		       void *field)
{
	int value = read_bool(b, kw, node, next);

	if (value >= 0)
		*(bool *)field = value;
	return value >= 0;
}

static void print_bool(const struct keyword *kw, const void *field, struct strbuf *out)
{
	(void)kw;
	strbuf_add(out, *(const bool *)field ? "true" : "false");
}

const struct value_type value_bool = { .name = "true or false",
				       .size = sizeof(bool),
				       .parse = parse_bool,
				       .print = print_bool,
				       .synopsis = "BOOL" };

static bool parse_tristate(struct bind *b, const struct keyword *kw, struct node *node,
			   unsigned *next, void *field)
{
	int value = read_bool(b, kw, node, next);

	if (value >= 0)
		*(enum tristate *)field = value ? TRISTATE_ON : TRISTATE_OFF;
	return value >= 0;
}

static void print_tristate(const struct keyword *kw, const void *field, struct strbuf *out)
{
	(void)kw;
	strbuf_add(out, *(const enum tristate *)field == TRISTATE_ON ? "true" : "false");
}

const struct value_type value_tristate = { .name = "true or false",
					   .size = sizeof(enum tristate),
					   .parse = parse_tristate,
					   .print = print_tristate,
					   .synopsis = "BOOL" };

static const struct enum_word *find_enum(const struct enum_words *words, const char *text)
{
	for (size_t i = 0; i < words->n; i++) {
		const struct enum_word *word = &words->words[i];

		if (words->any_case ? !strcasecmp(text, word->word) : !strcmp(text, word->word))
			return word;
	}
	return NULL;
}

static const char *nearest_enum(const struct enum_words *words, const char *text)
{
	const char *best = NULL;
	unsigned least = 0;

	for (size_t i = 0; i < words->n; i++) {
		unsigned distance;

		if (words->words[i].instead ||
		    !str_is_near(text, words->words[i].word, &distance) ||
		    (best && distance >= least))
			continue;
		best = words->words[i].word;
		least = distance;
	}
	return best;
}

/** The words that may be written: "a, b, c". How many. */
static unsigned list_words(const struct enum_words *words, struct strbuf *out)
{
	unsigned n = 0;

	for (size_t i = 0; i < words->n; i++) {
		if (!words->words[i].instead)
			strbuf_addf(out, "%s%s", n++ ? ", " : "", words->words[i].word);
	}
	return n;
}

static void report_enum(struct bind *b, const struct keyword *kw, const struct word *word)
{
	const struct enum_words *words = kw->arg;
	const char *near = nearest_enum(words, word->text);
	struct strbuf all = { 0 };
	bool few = list_words(words, &all) <= FEW_WORDS;
	char shown[SHOWN_MAX];
	struct diag *d;

	bind_shown(shown, sizeof(shown), word);
	if (few)
		d = diag_error(b->diags, "bad-value", word->at, "'%s' is not %s (%s)", shown,
			       words->what, strbuf_text(&all));
	else
		d = diag_error(b->diags, "bad-value", word->at, "'%s' is not %s%s%s%s", shown,
			       words->what, near ? "; did you mean '" : "", near ? near : "",
			       near ? "'?" : "");
	if (!few)
		diag_hint(b->diags, d, "%s is one of: %s", kw->word, strbuf_text(&all));
	strbuf_fini(&all);
	bind_hint_slip(b, d, word->text);
}

static bool parse_enum(struct bind *b, const struct keyword *kw, struct node *node, unsigned *next,
		       void *field)
{
	const struct enum_word *found;
	const struct word *word;

	if (value_is_alone(b, kw, node, *next)) {
		*(int *)field = (int)kw->alone;
		return true;
	}
	word = value_next_word(b, kw, node, next);
	if (!word)
		return false;
	found = find_enum(kw->arg, word->text);
	if (!found) {
		report_enum(b, kw, word);
		return false;
	}
	if (found->instead)
		diag_note(b->diags, "old-spelling", word->at, "'%s' is an old spelling of '%s'",
			  found->word, found->instead);
	*(int *)field = found->value;
	return true;
}

static void print_enum(const struct keyword *kw, const void *field, struct strbuf *out)
{
	const struct enum_words *words = kw->arg;

	for (size_t i = 0; i < words->n; i++) {
		const struct enum_word *word = &words->words[i];

		if (word->value == *(const int *)field && !word->instead) {
			strbuf_add(out, word->word);
			return;
		}
	}
}

const struct value_type value_enum = { .name = "word",
				       .size = sizeof(int),
				       .parse = parse_enum,
				       .print = print_enum,
				       .synopsis = "WORD" };
