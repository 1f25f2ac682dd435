/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Definitions: $NAME=VALUE, and those of several lines, each but the last ending in a backslash.
 *
 * Values of one line are copied, lines of the others stay in the file's text. A definition holds
 * from its line on, in all files; a later one replaces it.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "config/expand_state.h"

static size_t hash_name(struct slice name)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (uint8_t)name.text[i]) * UINT64_C(0x100000001b3);
	return (size_t)(h ^ h >> 31);
}

size_t name_length(const char *text, size_t len)
{
	size_t n = 0;

	if (!len || (!isalpha((unsigned char)text[0]) && text[0] != '_'))
		return 0;
	while (n < len && (isalnum((unsigned char)text[n]) || text[n] == '_'))
		n++;
	return n;
}

size_t define_prefix(const char *text, size_t len)
{
	size_t n;

	if (len < 3 || text[0] != '$')
		return 0;
	n = name_length(text + 1, len - 1);
	return n && n + 1 < len && text[n + 1] == '=' ? n + 2 : 0;
}

struct definition *define_find(const struct expand *e, struct slice name)
{
	struct definition *d = e->n_chains ? e->chains[hash_name(name) & (e->n_chains - 1)] : NULL;

	for (; d; d = d->chain) {
		if (d->name_len == name.len && !memcmp(d->name, name.text, name.len))
			return d;
	}
	return NULL;
}

static void grow_chains(struct expand *e)
{
	struct definition **old = e->chains;
	size_t n = e->n_chains;

	e->n_chains = n ? n * 2 : 64;
	e->chains = xcalloc(e->n_chains, sizeof(struct definition *));
	for (size_t i = 0; i < n; i++) {
		struct definition *next;

		for (struct definition *d = old[i]; d; d = next) {
			size_t slot = hash_name((struct slice){ d->name, d->name_len }) &
				      (e->n_chains - 1);

			next = d->chain;
			d->chain = e->chains[slot];
			e->chains[slot] = d;
		}
	}
	free(old);
}

static struct definition *add(struct expand *e, struct slice name)
{
	struct definition *d = arena_new_of(e->arena, struct definition);
	size_t slot;

	if (e->n_definitions++ >= e->n_chains)
		grow_chains(e);
	slot = hash_name(name) & (e->n_chains - 1);
	d->name = arena_strndup(e->arena, name.text, name.len);
	d->name_len = name.len;
	d->chain = e->chains[slot];
	e->chains[slot] = d;
	e->bytes += sizeof(*d) + name.len;
	return d;
}

static bool same_place(struct place a, struct place b)
{
	return a.line == b.line && a.column == b.column && a.length == b.length;
}

struct definition *define_set(struct expand *e, struct slice name, struct place at)
{
	struct definition *d = define_find(e, name);

	if (!d)
		d = add(e, name);
	if (!same_place(d->at, at)) {
		d->at = at;
		d->index = map_add_definition(e->map, at);
		e->bytes += sizeof(at);
	}
	e->bytes -= MIN_OF(e->bytes, d->value.cap);
	strbuf_reset(&d->value);
	d->lines = NULL;
	d->n_lines = 0;
	return d;
}

void define_free_all(struct expand *e)
{
	for (size_t i = 0; i < e->n_chains; i++) {
		for (struct definition *d = e->chains[i]; d; d = d->chain)
			strbuf_fini(&d->value);
	}
	free(e->chains);
}

/** The value as it is meant: without the backslash of \# and \! outside quotes. Control bytes have
 *  a meaning of their own in made lines. */
static void add_value(struct strbuf *value, const char *text, size_t len)
{
	bool quoted = false;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c == '"')
			quoted = !quoted;
		if (c == '\\' && !quoted && i + 1 < len && strchr("#!", text[i + 1]))
			c = text[++i];
		strbuf_add_char(value, c == EXPAND_BROKEN ? '?' : c);
	}
}

/** Lines of a definition while they are read. */
struct body {
	struct body_line *items;
	size_t n, cap;
	struct place comment;	/* the first line of its own that is a comment */
	size_t n_before;	/* lines before it */
};

static void add_line(struct body *body, struct body_line line)
{
	size_t skip = 0;

	while (skip < line.text.len && is_blank(line.text.text[skip]))
		skip++;
	line.text.text += skip;
	line.text.len -= skip;
	line.column += (uint32_t)skip;
	if (!line.text.len)
		return;
	if (body->n == body->cap) {
		body->cap = body->cap ? body->cap * 2 : 16;
		body->items = xrealloc(body->items, body->cap, sizeof(*body->items));
	}
	body->items[body->n++] = line;
}

/** Does the text end in a backslash? Takes it and the blanks before it off. */
static bool take_backslash(struct slice *text)
{
	if (!text->len || text->text[text->len - 1] != '\\')
		return false;
	text->len = trimmed_length(text->text, text->len - 1);
	return true;
}

/** A line that holds nothing but a comment. */
static bool is_comment(struct slice line)
{
	size_t i = 0;

	while (i < line.len && is_blank(line.text[i]))
		i++;
	return i < line.len && (line.text[i] == '#' || line.text[i] == '!');
}

static void note_comment(struct body *body, uint32_t number)
{
	if (body->comment.line)
		return;
	body->comment = (struct place){ .line = number, .column = 1 };
	body->n_before = body->n;
}

/** Lines that keepalived 2.4 reads in another way; more are not listed. */
#define LISTED_MAX    100
#define LISTED_LENGTH 60

/** keepalived 2.4 ends a definition at a line that is a comment; other versions go on. */
static void report_comment(struct expand *e, const struct body *body, struct slice name)
{
	struct strbuf list = { 0 };
	struct place_info info;
	struct diag *d;
	uint32_t last;

	if (!body->comment.line || body->n_before == body->n)
		return;
	d = diag_note(e->diags, "comment-in-definition", body->comment,
		      "keepalived 2.4 ends the definition of '%.*s' at this comment",
		      (int)name.len, name.text);
	last = MIN_OF(body->items[body->n - 1].line, body->comment.line + LISTED_MAX);
	d->in_full = true;
	for (uint32_t line = body->comment.line + 1; line <= last; line++) {
		if (!source_resolve(e->map, (struct place){ .line = line, .column = 1 }, &info))
			continue;
		strbuf_addf(&list, " (line %u)", info.line);
		if (line < last && list.len < LISTED_LENGTH)
			continue;
		diag_hint(e->diags, d, "it takes for statements:%s", strbuf_text(&list));
		strbuf_reset(&list);
	}
	strbuf_fini(&list);
}

static void read_body(struct line_reader *reader, struct body *body)
{
	struct slice line;
	uint32_t number;
	bool more = true;

	while (more && reader_next(reader, &line, &number)) {
		struct slice content = { line.text, content_length(line.text, line.len) };

		if (is_comment(line)) {
			note_comment(body, number);
			continue;
		}
		more = take_backslash(&content);
		add_line(body, (struct body_line){ content, number, 1 });
	}
}

void define_line(struct expand *e, struct xline *x, size_t from, bool keep)
{
	size_t prefix = define_prefix(x->text + from, x->len - from), start = from + prefix;
	struct slice name = { x->text + from + 1, prefix - 2 };
	struct body body = { 0 };
	struct definition *d;
	struct slice value;
	bool lines;

	while (start < x->len && is_blank(x->text[start]))
		start++;
	value = (struct slice){ x->text + start, trimmed_length(x->text + start, x->len - start) };
	lines = x->reader && !x->is_made && take_backslash(&value);
	if (lines) {
		add_line(&body, (struct body_line){ value, x->line, x->column + (uint32_t)start });
		read_body(x->reader, &body);
		report_comment(e, &body, name);
	}
	if (keep) {
		d = define_set(e, name, xline_place(x, value.len ? start : from,
						    value.len ? value.len : prefix));
		if (lines) {
			d->lines = arena_calloc(e->arena, body.n + 1, sizeof(*d->lines));
			d->n_lines = body.n;
			if (body.n)
				memcpy(d->lines, body.items, body.n * sizeof(*d->lines));
			e->bytes += body.n * sizeof(*d->lines);
		} else {
			add_value(&d->value, value.text, value.len);
			e->bytes += d->value.cap;
		}
	}
	free(body.items);
}
