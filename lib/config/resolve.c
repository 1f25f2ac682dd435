/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Places: number of a line in the source map to file, line, column and the text to show.
 *
 * A place in a made line is translated to the line of a file that stands for it: written parts
 * one to one, a value to the reference that it replaced.
 */
#include <string.h>

#include "base/str.h"
#include "config/map.h"

enum { LINES_PER_MARK = 256, COLUMN_MAX = UINT16_MAX };

static struct source_file *file_of(const struct source_map *map, uint32_t line)
{
	size_t low = 0, high = map->n_files;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct source_file *file = &map->files[middle];

		if (line < file->first_line)
			high = middle;
		else if (line - file->first_line >= file->n_lines)
			low = middle + 1;
		else
			return file;
	}
	return NULL;
}

/** Offset of the line behind the one at @at. */
static size_t next_line(const struct source_file *file, size_t at)
{
	const char *end = memchr(file->text + at, '\n', file->len - at);

	return end ? (size_t)(end - file->text) + 1 : file->len;
}

/** Offset of line @n (from 0); later questions are answered from marks. */
static size_t line_offset(struct source_file *file, uint32_t n)
{
	size_t at = 0;

	if (!file->marks) {
		file->marks = xcalloc(file->n_lines / LINES_PER_MARK + 1, sizeof(*file->marks));
		for (uint32_t i = 0; i < file->n_lines; i++) {
			if (i % LINES_PER_MARK == 0)
				file->marks[i / LINES_PER_MARK] = (uint32_t)at;
			at = next_line(file, at);
		}
	}
	at = file->marks[n / LINES_PER_MARK];
	for (n %= LINES_PER_MARK; n; n--)
		at = next_line(file, at);
	return at;
}

/** The text of the line, without its end, in @out. */
static const char *line_text(struct source_file *file, uint32_t n, struct strbuf *out)
{
	size_t start = line_offset(file, n);
	size_t end = next_line(file, start);

	/* A byte order mark is no column. */
	if (!n && file->len >= 3 && !memcmp(file->text, "\xef\xbb\xbf", 3))
		start += 3;
	while (end > start && (file->text[end - 1] == '\n' || file->text[end - 1] == '\r'))
		end--;
	strbuf_reset(out);
	strbuf_add_bytes(out, file->text + start, end - start);
	return strbuf_text(out);
}

static const struct made_line *made_of(const struct source_map *map, uint32_t line)
{
	if (line < MADE_LINE_FIRST || line - MADE_LINE_FIRST >= map->n_made)
		return NULL;
	return &map->made[line - MADE_LINE_FIRST];
}

/** A cursor over the pieces of a made line. Damaged bytes end it. */
struct pieces {
	const char *at;
	const char *end;
	uint32_t left;
};

static uint32_t read_number(struct pieces *p)
{
	uint32_t n = 0;

	for (unsigned shift = 0; p->at < p->end && shift < 32; shift += 7) {
		uint8_t byte = (uint8_t)*p->at++;

		n |= (uint32_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return n;
	}
	p->left = 0;
	return n;
}

static struct pieces pieces_of(const struct source_map *map, const struct made_line *made)
{
	struct pieces p = { map->made_text + made->text + made->len + 1,
			    map->made_text + map->made_text_len, 1 };

	p.left = read_number(&p);
	return p;
}

static bool next_piece(struct pieces *p, struct made_piece *out)
{
	if (!p->left)
		return false;
	p->left--;
	out->gap = read_number(p);
	out->written = read_number(p);
	out->value = read_number(p);
	out->definition = read_number(p);
	return true;
}

/** A stretch of a made line, translated to the line where it is written. */
struct stretch {
	size_t start, end;		/* offsets from ->origin_column */
	bool replaced;			/* touches a value */
	uint32_t definition;		/* of the first value it touches */
};

/** What the bytes @from..@to of a made line are in the written one. */
static struct stretch written_stretch(const struct source_map *map, const struct made_line *made,
				      size_t from, size_t to)
{
	struct pieces p = pieces_of(map, made);
	struct stretch s = { .start = SIZE_MAX };
	struct made_piece piece;
	size_t written = 0, read = 0;

	while (next_piece(&p, &piece)) {
		size_t value_at = read + piece.gap;
		size_t value_end = value_at + piece.value;
		bool touches = from < value_end && to > value_at;

		if (value_at >= to)
			break;
		if (s.start == SIZE_MAX && from < value_at)
			s.start = written + (from - read);
		written += piece.gap;
		if (s.start == SIZE_MAX && touches)
			s.start = written;
		written += piece.written;
		read = value_end;
		if (touches && !s.replaced) {
			s.replaced = true;
			s.definition = piece.definition;
		}
		if (touches)
			s.end = written;
	}
	if (s.start == SIZE_MAX)
		s.start = written + (from > read ? from - read : 0);
	if (to > read)
		s.end = written + (to - read);
	s.end = MAX_OF(s.end, s.start);
	return s;
}

static struct place place_of(uint32_t line, size_t column, size_t length)
{
	return (struct place){ .line = line,
			       .column = column > COLUMN_MAX ? 0 : (uint16_t)column,
			       .length = (uint16_t)MIN_OF(length, (size_t)COLUMN_MAX) };
}

/** Where a place in a made line is written, and what else is worth showing. */
static struct place written_place(const struct source_map *map, const struct made_line *made,
				  struct place at, struct place_info *out)
{
	size_t from = at.column ? at.column - 1u : 0;
	struct stretch s = written_stretch(map, made, from, from + at.length);
	bool defined = s.replaced && s.definition < map->n_definitions;

	out->expanded = defined || made->use;
	if (made->use) {
		out->from = (struct place){ made->use, made->use_column,
					    (uint16_t)MIN_OF(made->use_length, COLUMN_MAX) };
		out->from_label = "used here";
	} else if (defined) {
		out->from = map->definitions[s.definition];
		out->from_label = "expanded from";
	}
	return place_of(made->origin, at.column ? made->origin_column + s.start : 0,
			s.end - s.start);
}

bool source_locate(const struct source_map *map, struct place at, const char **out_file,
		   unsigned *out_line)
{
	const struct source_file *file = NULL;

	if (at.line == 0 || at.line >= MADE_LINE_FIRST)
		return false;
	for (size_t i = 0; i < map->n_files && map->files[i].first_line <= at.line; i++)
		file = &map->files[i];
	if (!file)
		return false;
	*out_file = file->path;
	*out_line = at.line - file->first_line + 1;
	return true;
}

bool source_resolve(const struct source_map *map, struct place at, struct place_info *out)
{
	const struct made_line *made = made_of(map, at.line);
	struct source_file *file;

	*out = (struct place_info){ 0 };
	if (made) {
		struct pieces pieces = pieces_of(map, made);

		if (pieces.left) {
			strbuf_reset(&map->shown[1]);
			strbuf_add_bytes(&map->shown[1], map->made_text + made->text, made->len);
			out->expansion = strbuf_text(&map->shown[1]);
		}
		at = written_place(map, made, at, out);
	}
	file = at.line ? file_of(map, at.line) : NULL;
	if (!file)
		return false;
	out->file = file->path;
	out->line = at.line - file->first_line + 1;
	out->column = at.column;
	out->length = at.length;
	out->text = line_text(file, at.line - file->first_line, &map->shown[0]);
	return true;
}

uint64_t map_order(const struct source_map *map, struct place at)
{
	const struct made_line *made = made_of(map, at.line);
	struct place_info unused = { 0 };

	if (made)
		at = written_place(map, made, at, &unused);
	return (uint64_t)at.line << 16 | at.column;
}
