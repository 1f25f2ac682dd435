/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line through the steps: condition, definition, sequence, values, include, and what is left
 * into the stream.
 *
 * Statements on one line are taken one after the other, cut at braces outside quotes. A line of a
 * file that no step changes goes into the stream as bytes of the file. What a value puts in may
 * again be a condition, a definition, a sequence or an include.
 */
#include <stdlib.h>
#include <string.h>

#include "config/expand_state.h"

/** Offset in the written line of offset @at in the text; inside a value: of its reference.
 *  *out_piece is the first piece that ends behind @at, *out_value_at where its value begins. */
static size_t written_offset(const struct xline *x, size_t at, size_t *out_piece,
			     size_t *out_value_at)
{
	size_t read = 0, written = 0, i = 0;

	for (; i < x->pieces.n; i++) {
		const struct made_piece *piece = &x->pieces.items[i];
		size_t value_at = read + piece->gap;

		if (at < value_at + piece->value) {
			*out_piece = i;
			*out_value_at = value_at;
			return at < value_at ? written + (at - read) : written + piece->gap;
		}
		written += piece->gap + piece->written;
		read = value_at + piece->value;
	}
	*out_piece = i;
	*out_value_at = read;
	return written + (at - read);
}

void xline_add_piece(struct made_pieces *pieces, struct made_piece piece)
{
	if (pieces->n == pieces->cap) {
		pieces->cap = pieces->cap ? pieces->cap * 2 : 4;
		pieces->items = xrealloc(pieces->items, pieces->cap, sizeof(*pieces->items));
	}
	pieces->items[pieces->n++] = piece;
}

/** The pieces of the part @from..@to, and the column where it is written. */
static void slice_pieces(const struct xline *x, size_t from, size_t to, struct made_pieces *out,
			 uint32_t *out_column)
{
	size_t i, value_at, read = from;

	out->n = 0;
	*out_column = x->column;
	if (x->coarse) {
		xline_add_piece(out, (struct made_piece){ .written = (uint32_t)x->written,
						    .value = (uint32_t)(to - from),
						    .definition = x->written_by });
		return;
	}
	*out_column += (uint32_t)written_offset(x, from, &i, &value_at);
	for (; i < x->pieces.n && value_at < to; i++) {
		struct made_piece piece = x->pieces.items[i];
		size_t value_end = value_at + piece.value;
		size_t start = MAX_OF(value_at, read);

		piece.gap = (uint32_t)(start - read);
		piece.value = (uint32_t)(MIN_OF(value_end, to) - start);
		xline_add_piece(out, piece);
		read = value_end;
		if (i + 1 < x->pieces.n)
			value_at = value_end + x->pieces.items[i + 1].gap;
	}
}

struct place xline_place(const struct xline *x, size_t from, size_t len)
{
	struct made_pieces pieces = { 0 };
	uint32_t column;
	size_t length = len;

	slice_pieces(x, from, from + len, &pieces, &column);
	for (size_t i = 0; i < pieces.n; i++)
		length += pieces.items[i].written - (size_t)pieces.items[i].value;
	free(pieces.items);
	return (struct place){ .line = x->line,
			       .column = column > UINT16_MAX ? 0 : (uint16_t)column,
			       .length = (uint16_t)MIN_OF(length, (size_t)UINT16_MAX) };
}

void xline_tail(const struct xline *x, size_t from, struct xline *out)
{
	*out = (struct xline){ .text = x->text + from, .len = x->len - from, .line = x->line,
			       .use = x->use, .coarse = x->coarse, .written = x->written,
			       .written_by = x->written_by };
	slice_pieces(x, from, x->len, &out->pieces, &out->column);
	if (x->coarse)
		out->pieces.n = 0;
	for (size_t i = 0; i < out->pieces.n; i++)
		out->pieces_end += out->pieces.items[i].gap + (size_t)out->pieces.items[i].value;
}

static void emit_made(struct expand *e, const struct xline *x, size_t from, size_t to)
{
	struct made_line line = { .origin = x->line,
				  .use = x->use.line,
				  .use_column = x->use.column,
				  .use_length = x->use.length };
	struct made_pieces pieces = { 0 };
	uint32_t column;

	slice_pieces(x, from, to, &pieces, &column);
	line.origin_column = column > UINT16_MAX ? 0 : (uint16_t)column;
	map_add_made(e->map, line, x->text + from, to - from, &pieces);
	free(pieces.items);
}

void xline_emit(struct expand *e, struct xline *x, size_t to)
{
	size_t from = x->done;

	if (to <= from)
		return;
	x->done = to;
	if (!x->reader || x->is_made) {
		emit_made(e, x, from, to);
		return;
	}
	map_add_run(e->map,
		    &(struct source_run){ .at = (uint64_t)(x->text + from - x->reader->file->text),
					  .len = to - from,
					  .file = x->reader->index,
					  .line = x->line,
					  .column = x->column + (uint32_t)from });
}

/** The end of the line: a line of a file takes its comment and newline with it, so that the next
 *  one continues it. */
static void emit_rest(struct expand *e, struct xline *x)
{
	bool whole = x->reader && !x->is_made && !x->rest;

	xline_emit(e, x, whole ? (size_t)(x->line_end - x->text) : x->len);
}

/** Length of "@ID " or "@^ID " at @text; *out_match: is it for this config-id? */
static size_t condition_prefix(const struct expand *e, const char *text, size_t len,
			       bool *out_match)
{
	const char *id = e->options->config_id ? e->options->config_id : "";
	size_t start = 1, end;
	bool negated = len > 1 && text[1] == '^';

	start += negated;
	for (end = start; end < len && text[end] != ' ' && text[end] != '\t';)
		end++;
	*out_match = (strlen(id) == end - start && !memcmp(id, text + start, end - start)) !=
		     negated;
	return end;
}

/** Where the statement at @from ends: at a brace outside quotes, or with the line. */
static size_t find_cut(const struct xline *x, size_t from)
{
	bool quoted = false;

	for (size_t i = from; i < x->len; i++) {
		char c = x->text[i];

		if (c == '\\' && quoted) {
			i++;
		} else if (c == '"') {
			quoted = !quoted;
		} else if (!quoted && c == '$' && i >= x->clean && i + 1 < x->len &&
			   x->text[i + 1] == '{') {
			const char *end = memchr(x->text + i, '}', x->len - i);

			if (end)
				i = (size_t)(end - x->text);
		} else if (!quoted && (c == '{' || c == '}')) {
			return i;
		}
	}
	return x->len;
}

/** How the walk along a line stands. */
struct walk {
	size_t at;
	bool conditional;	/* a condition may stand here */
};

static bool step_condition(struct expand *e, struct xline *x, struct walk *walk)
{
	bool match;
	size_t len = condition_prefix(e, x->text + walk->at, x->len - walk->at, &match);

	xline_emit(e, x, walk->at);
	walk->at += len;
	walk->conditional = false;
	x->done = walk->at;
	x->clean = MAX_OF(x->clean, walk->at);
	if (match)
		return true;
	/* A definition that is not wanted takes its other lines with it. */
	while (walk->at < x->len && is_blank(x->text[walk->at]))
		walk->at++;
	if (define_prefix(x->text + walk->at, x->len - walk->at))
		define_line(e, x, walk->at, false);
	x->done = x->len;
	return false;
}

static bool step_include(struct expand *e, struct xline *x, struct walk *walk)
{
	size_t end = include_end(x, walk->at);

	xline_emit(e, x, walk->at);
	if (end > x->clean && memchr(x->text + walk->at, '$', end - walk->at)) {
		x->clean = MAX_OF(x->clean, walk->at);
		value_substitute(e, x, end);
		end = include_end(x, walk->at);
	}
	x->done = x->clean = end;
	include_line(e, x, walk->at, end);
	walk->at = end;
	return true;
}

static bool step_statement(struct expand *e, struct xline *x, struct walk *walk)
{
	static const char check_word[] = "include_check";
	size_t cut = find_cut(x, walk->at), from = MAX_OF(walk->at, x->clean);

	if (from < cut && x->text[walk->at] != '~' && memchr(x->text + from, '$', cut - from)) {
		x->clean = from;
		value_substitute(e, x, cut);
		return true;
	}
	if (cut - walk->at >= sizeof(check_word) - 1 &&
	    !memcmp(x->text + walk->at, check_word, sizeof(check_word) - 1))
		include_check_line(e, x, walk->at, cut);
	walk->at = cut;
	x->clean = MAX_OF(x->clean, cut);
	walk->conditional = true;
	return true;
}

/** Steps that take the rest of the line; false if none of them is meant. */
static bool step_whole(struct expand *e, struct xline *x, const struct walk *walk)
{
	const char *text = x->text + walk->at;
	size_t left = x->len - walk->at;

	if (define_prefix(text, left)) {
		xline_emit(e, x, walk->at);
		x->done = x->len;
		define_line(e, x, walk->at, true);
		return true;
	}
	if (sequence_prefix(text, left)) {
		xline_emit(e, x, walk->at);
		x->done = x->len;
		sequence_line(e, x, walk->at);
		return true;
	}
	return false;
}

/** The next step; false when the line is done. */
static bool step(struct expand *e, struct xline *x, struct walk *walk)
{
	char c;

	while (walk->at < x->len && is_blank(x->text[walk->at]))
		walk->at++;
	if (walk->at >= x->len || !expand_step(e, 1))
		return false;
	c = x->text[walk->at];
	if (c == '{' || c == '}') {
		walk->at++;
		walk->conditional = true;
		return true;
	}
	if (x->is_made && (c == '#' || c == '!')) {
		/* "$OFF keyword ..." with $OFF=\# or ${_HASH}: a comment after all. */
		xline_emit(e, x, walk->at);
		x->done = x->len;
		return false;
	}
	if (c == '@' && walk->conditional)
		return step_condition(e, x, walk);
	if ((c == '$' || c == '~') && step_whole(e, x, walk))
		return false;
	if (c == '$' && walk->at >= x->clean && value_peel(e, x, walk->at))
		return true;
	if (c == 'i' && include_prefix(x->text + walk->at, x->len - walk->at))
		return step_include(e, x, walk);
	return step_statement(e, x, walk);
}

/** The lines of a definition that a reference at the end of @x stands for. */
static void expand_body(struct expand *e, const struct xline *x)
{
	struct definition *definition = x->rest;
	const struct body_line *lines = definition->lines;
	size_t n = definition->n_lines;

	for (size_t i = x->rest_from; i < n && !e->exhausted; i++) {
		struct xline line = { .text = lines[i].text.text,
				      .len = lines[i].text.len,
				      .line = lines[i].line,
				      .column = lines[i].column,
				      .use = x->rest_use };

		expand_line(e, &line);
	}
}

void expand_line(struct expand *e, struct xline *x)
{
	struct walk walk = { .conditional = true };

	while (!e->exhausted && step(e, x, &walk))
		;
	emit_rest(e, x);
	if (x->rest && expand_enter(e, x, x->rest, x->rest_at)) {
		expand_body(e, x);
		expand_leave(e);
	}
	strbuf_fini(&x->made);
	free(x->pieces.items);
	x->pieces = (struct made_pieces){ 0 };
}
