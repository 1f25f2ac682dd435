/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Include statements: the patterns and the checks that go with them; include_check.
 *
 * Patterns are words: quotes protect blanks, braces in a word are alternatives for the host to
 * expand. Opening files is the host's work.
 */
#include <string.h>

#include "config/expand_state.h"

struct include_word {
	const char *word;
	unsigned checks;
};

static const struct include_word include_words[] = {
	{ "include", 0 },
	{ "includer", INCLUDE_CHECK_READ },
	{ "includem", INCLUDE_CHECK_READ | INCLUDE_CHECK_MATCH },
	{ "includew", INCLUDE_CHECK_READ | INCLUDE_CHECK_MATCH | INCLUDE_CHECK_WILDCARD },
	{ "includeb", INCLUDE_CHECK_READ | INCLUDE_CHECK_BRACE },
	{ "includea", INCLUDE_CHECK_ALL },
};

static const struct include_word check_words[] = {
	{ "read", INCLUDE_CHECK_READ },
	{ "readable", INCLUDE_CHECK_READ },
	{ "match", INCLUDE_CHECK_MATCH },
	{ "wildcard_match", INCLUDE_CHECK_WILDCARD },
	{ "brace_match", INCLUDE_CHECK_BRACE },
};

static const struct include_word *find_word(const struct include_word *words, size_t n,
					    struct slice text)
{
	for (size_t i = 0; i < n; i++) {
		if (strlen(words[i].word) == text.len &&
		    !memcmp(words[i].word, text.text, text.len))
			return &words[i];
	}
	return NULL;
}

static size_t word_length(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && !is_blank(text[n]) && text[n] != '{' && text[n] != '}' && text[n] != '"')
		n++;
	return n;
}

/** Something has to follow the word, or it is an unknown keyword. */
size_t include_prefix(const char *text, size_t len)
{
	size_t n = word_length(text, len), next = n;

	if (!find_word(include_words, ARRAY_LEN(include_words), (struct slice){ text, n }))
		return 0;
	while (next < len && is_blank(text[next]))
		next++;
	return next > n && next < len && text[next] != '}' ? n : 0;
}

/** The end of the pattern at @at: a blank outside quotes and braces, or a '}' too many. */
static size_t pattern_end(const struct xline *x, size_t at)
{
	unsigned braces = 0;
	bool quoted = false;

	for (; at < x->len; at++) {
		char c = x->text[at];

		if (c == '"')
			quoted = !quoted;
		if (quoted)
			continue;
		if ((is_blank(c) && !braces) || (c == '}' && !braces))
			break;
		braces += c == '{' ? 1u : c == '}' ? -1u : 0u;
	}
	return at;
}

size_t include_end(const struct xline *x, size_t from)
{
	size_t at = from + include_prefix(x->text + from, x->len - from);

	for (;;) {
		size_t end;

		while (at < x->len && is_blank(x->text[at]))
			at++;
		end = pattern_end(x, at);
		if (end == at)
			return at;
		at = end;
	}
}

/** The pattern without its quotes. */
static void unquote(const char *text, size_t len, struct strbuf *out)
{
	strbuf_reset(out);
	for (size_t i = 0; i < len; i++) {
		if (text[i] != '"')
			strbuf_add_char(out, text[i]);
	}
}

void include_line(struct expand *e, const struct xline *x, size_t from, size_t to)
{
	size_t n = include_prefix(x->text + from, x->len - from), at = from + n;
	const struct include_word *word = find_word(include_words, ARRAY_LEN(include_words),
						    (struct slice){ x->text + from, n });
	struct strbuf pattern = { 0 };

	while (word && at < to && !e->exhausted) {
		size_t end;

		while (at < to && is_blank(x->text[at]))
			at++;
		end = MIN_OF(pattern_end(x, at), to);
		if (end == at)
			break;
		unquote(x->text + at, end - at, &pattern);
		if (expand_charge(e, 0) && pattern.len)
			e->host->include(e->host->ctx, e, strbuf_text(&pattern),
					 word->checks ? word->checks : e->checks,
					 xline_place(x, at, end - at));
		at = end;
	}
	strbuf_fini(&pattern);
}

/** One word of include_check: a plain one sets, or adds when it is not the first; +X adds, -X
 *  removes. */
static void obey(struct expand *e, struct slice text, bool first)
{
	bool plus = text.text[0] == '+', minus = text.text[0] == '-';
	struct slice name = { text.text + (plus || minus), text.len - (plus || minus) };
	const struct include_word *found = find_word(check_words, ARRAY_LEN(check_words), name);

	if (!found)
		return;
	if (minus)
		e->checks &= ~found->checks;
	else if (plus || !first)
		e->checks |= found->checks;
	else
		e->checks = found->checks | INCLUDE_CHECK_READ;
}

void include_check_line(struct expand *e, const struct xline *x, size_t from, size_t to)
{
	size_t at = from + strlen("include_check");
	bool first = true;

	if (at < to && !is_blank(x->text[at]))
		return;
	while (at < to) {
		size_t n;

		while (at < to && is_blank(x->text[at]))
			at++;
		n = word_length(x->text + at, to - at);
		if (!n)
			break;
		obey(e, (struct slice){ x->text + at, n }, first);
		first = false;
		at += n;
	}
	/* Alone it means all of them. */
	if (first || e->options->all_includes)
		e->checks = INCLUDE_CHECK_ALL;
}
