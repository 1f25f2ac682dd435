/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text: a growing builder, bounded copies, escaping, likeness of words.
 */
#pragma once

#include "base/attr.h"

/** A growing string. Zero-initialise; @data is NUL-terminated once anything was added. */
struct strbuf {
	char *data;
	size_t len;
	size_t cap;
};

void strbuf_fini(struct strbuf *);
void strbuf_reset(struct strbuf *);
void strbuf_add(struct strbuf *, const char *text);
void strbuf_add_bytes(struct strbuf *, const char *bytes, size_t len);
void strbuf_add_char(struct strbuf *, char c);
void strbuf_addf(struct strbuf *, const char *fmt, ...) attr_printf(2, 3);
/** The text, "" when empty. Owned by the builder. */
const char *strbuf_text(const struct strbuf *);

bool str_eq(const char *a, const char *b);	/* both may be NULL; NULL equals only NULL */
bool str_starts(const char *text, const char *prefix);
/** Copy with NUL; false if it had to be cut to fit @size. */
bool str_copy(char *dst, size_t size, const char *src);
/** Printable form of foreign bytes for logs: control and non-ASCII bytes as \xNN, cut at @size. */
const char *str_printable(char *dst, size_t size, const void *bytes, size_t len);
/** Add @word in single quotes as sh reads it ('\'' for a quote). */
void strbuf_add_shell_quoted(struct strbuf *, const char *word);
/** Edit distance with neighbouring swaps (Damerau-Levenshtein), @limit + 1 when it is more than
 *  @limit. Differences of case only count 1 in all. */
unsigned str_distance(const char *a, const char *b, unsigned limit);
/** True when @distance between words of these lengths is small enough to suggest one for the
 *  other ("did you mean"). */
bool str_is_near(const char *written, const char *candidate, unsigned *out_distance);
