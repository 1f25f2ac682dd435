/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands: split a line into words and a command into arguments, without a shell.
 *
 * The line: blanks separate, "..." and '...' group and may touch text, a backslash protects the
 * next character and both are kept. The command: the same, with escapes decoded, in quotes too.
 */
#include <string.h>

#include "config/lex.h"

enum { ARGS_MAX = 4096 };

/** Reading position, and where decoded bytes go. */
struct splitter {
	const char *start;
	const char *at;
	struct strbuf *out;
	struct place place;	/* of ->start */
	struct diags *diags;
};

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct place place_at(const struct splitter *s, const char *p, size_t len)
{
	struct place at = s->place;
	size_t offset = (size_t)(p - s->start);

	at.column = at.column && at.column + offset <= UINT16_MAX ?
			    (uint16_t)(at.column + offset) : 0;
	at.length = (uint16_t)MIN_OF(len, (size_t)UINT16_MAX);
	return at;
}

static bool unterminated(const struct splitter *s, const char *open)
{
	diag_error(s->diags, "unterminated-quote", place_at(s, open, 1),
		   "quote is not closed in this command");
	return false;
}

/** One escape of the command; ->at stands behind its backslash. */
static void decode_escape(struct splitter *s)
{
	static const char names[] = "abEfnrtv", values[] = "\a\b\x1b\f\n\r\t\v";
	static const char hex[] = "0123456789abcdef0123456789ABCDEF";
	char c = *s->at ? *s->at++ : '\\';
	const char *name = strchr(names, c);
	unsigned value = 0, n = 0;

	if (name) {
		strbuf_add_char(s->out, values[name - names]);
	} else if (c >= '0' && c <= '7') {
		for (s->at--; n < 3 && *s->at >= '0' && *s->at <= '7'; n++)
			value = value * 8 + (unsigned)(*s->at++ - '0');
		strbuf_add_char(s->out, (char)value);
	} else if (c == 'x' && *s->at && strchr(hex, *s->at)) {
		for (; n < 2 && *s->at && strchr(hex, *s->at); n++)
			value = value * 16 + (unsigned)((strchr(hex, *s->at++) - hex) & 15);
		strbuf_add_char(s->out, (char)value);
	} else if (c == 'c' && *s->at) {
		strbuf_add_char(s->out, (char)(*s->at++ & 0x1f));
	} else {
		strbuf_add_char(s->out, c);
	}
}

/** The inside of a quote; ->at stands on it. */
static bool split_quote(struct splitter *s, bool decode)
{
	const char *open = s->at;
	char quote = *s->at++;

	while (*s->at != quote) {
		if (!*s->at)
			return unterminated(s, open);
		if (*s->at != '\\') {
			strbuf_add_char(s->out, *s->at++);
		} else if (decode) {
			s->at++;
			decode_escape(s);
		} else {
			strbuf_add_char(s->out, *s->at++);
			if (*s->at)
				strbuf_add_char(s->out, *s->at++);
		}
	}
	s->at++;
	return true;
}

/** One word, from a byte that is not blank. */
static bool split_word(struct splitter *s, bool decode)
{
	strbuf_reset(s->out);
	while (*s->at && !is_blank(*s->at)) {
		if (*s->at == '"' || *s->at == '\'') {
			if (!split_quote(s, decode))
				return false;
		} else if (*s->at == '\\' && decode) {
			s->at++;
			decode_escape(s);
		} else {
			if (*s->at == '\\' && s->at[1])
				strbuf_add_char(s->out, *s->at++);
			strbuf_add_char(s->out, *s->at++);
		}
	}
	return true;
}

/** A growing list of words in arena memory. */
struct word_vector {
	struct word *items;
	unsigned n, cap;
};

static struct word *add_word(struct arena *arena, struct word_vector *words)
{
	if (words->n == words->cap) {
		unsigned cap = words->cap ? words->cap * 2 : 8;
		struct word *items = arena_calloc(arena, cap, sizeof(*items));

		if (words->n)
			memcpy(items, words->items, words->n * sizeof(*items));
		words->items = items;
		words->cap = cap;
	}
	return &words->items[words->n++];
}

static bool split_all(struct splitter *s, struct arena *arena, bool decode,
		      struct word_vector *words)
{
	for (;;) {
		const char *start;
		struct word *word;

		while (is_blank(*s->at))
			s->at++;
		if (!*s->at || words->n == ARGS_MAX)
			return true;
		start = s->at;
		if (!split_word(s, decode))
			return false;
		word = add_word(arena, words);
		word->text = arena_strndup(arena, strbuf_text(s->out), s->out->len);
		word->len = (uint32_t)s->out->len;
		word->quoted = *start == '"' || *start == '\'';
		word->at = place_at(s, start, (size_t)(s->at - start));
	}
}

bool lex_split_command(const char *raw, struct place at, struct arena *arena, struct diags *diags,
		       struct word **out_words, unsigned *out_n)
{
	struct strbuf text = { 0 };
	struct splitter s = { raw, raw, &text, at, diags };
	struct word_vector words = { 0 };
	bool ok = split_all(&s, arena, false, &words);

	strbuf_fini(&text);
	if (!ok)
		return false;
	*out_words = words.items;
	*out_n = words.n;
	return true;
}

bool lex_split_argv(const char *command, struct place at, struct arena *arena, struct diags *diags,
		    char ***out_argv, unsigned *out_n)
{
	struct strbuf text = { 0 };
	struct splitter s = { command, command, &text, at, diags };
	struct word_vector words = { 0 };
	bool ok = split_all(&s, arena, true, &words);
	char **argv;

	strbuf_fini(&text);
	if (!ok)
		return false;
	argv = arena_calloc(arena, words.n + 1u, sizeof(*argv));
	for (unsigned i = 0; i < words.n; i++)
		argv[i] = (char *)words.items[i].text;
	*out_argv = argv;
	*out_n = words.n;
	return true;
}
