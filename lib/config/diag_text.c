/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Diagnostics for people: the line with carets under the word, hints, the second place.
 *
 * Excerpts are cut around the word, tabs keep their width, bytes that do not print are shown as
 * '?' so that the carets stand where they should.
 */
#include "config/diag.h"

#include <stdlib.h>
#include <string.h>

#include "config/diag_mask.h"
#include "config/utf8.h"

enum {
	EXCERPT_BEFORE = 80,	/* bytes of the line shown before and after the word */
	EXCERPT_AFTER = 60,
	GUTTER_WIDTH = 5,
};

struct severity_look {
	const char *word;
	const char *colour;
};

static const struct severity_look looks[] = {
	[DIAG_NOTE] = { "note", "\x1b[1;36m" },
	[DIAG_WARNING] = { "warning", "\x1b[1;35m" },
	[DIAG_ERROR] = { "error", "\x1b[1;31m" },
};
static const char bold[] = "\x1b[1m", plain[] = "\x1b[0m";

/** What the parts of one rendering share. */
struct page {
	const struct source_map *map;
	bool colour;
	struct strbuf *out;
	struct diag_masks *masks;
	struct strbuf line;	/* a masked copy of the line that is shown */
};

static void add_colour(const struct page *page, const char *code)
{
	if (page->colour)
		strbuf_add(page->out, code);
}

static void add_position(struct strbuf *out, const struct place_info *info)
{
	strbuf_addf(out, "%s:%u", info->file, info->line);
	if (info->column)
		strbuf_addf(out, ":%u", info->column);
}

/** The part of a line that is shown. */
struct excerpt {
	const char *text;
	size_t len;
	size_t start, end;	/* of what is shown */
	size_t mark, mark_len;	/* of what is underlined */
};

static struct excerpt excerpt_of(const struct place_info *info)
{
	size_t len = strlen(info->text);
	struct excerpt e = { .text = info->text, .len = len, .end = len };

	if (info->column) {
		e.mark = MIN_OF(info->column - 1u, len);
		e.mark_len = MAX_OF(MIN_OF(info->length, len - e.mark), 1u);
	}
	if (e.mark > EXCERPT_BEFORE)
		e.start = e.mark - EXCERPT_BEFORE;
	e.end = MIN_OF(len, e.mark + MIN_OF(e.mark_len, (size_t)EXCERPT_AFTER) + EXCERPT_AFTER);
	while (e.start && utf8_is_inner((uint8_t)e.text[e.start]))
		e.start--;
	while (e.end < len && utf8_is_inner((uint8_t)e.text[e.end]))
		e.end++;
	return e;
}

/** The shown part of the line, one character per column. */
static void add_excerpt_text(const struct page *page, const struct excerpt *e)
{
	size_t i = e->start;

	if (e->start)
		strbuf_add(page->out, "...");
	while (i < e->end) {
		size_t n = utf8_length(e->text + i, e->len - i);
		char c = e->text[i];

		if (n > 1 || (n && (c == '\t' || (c >= ' ' && c < 0x7f))))
			strbuf_add_bytes(page->out, e->text + i, n);
		else
			strbuf_add_char(page->out, '?');
		i += n ? n : 1;
	}
	if (e->text[e->end])
		strbuf_add(page->out, "...");
	strbuf_add_char(page->out, '\n');
}

static void add_carets(const struct page *page, const struct excerpt *e, const char *label)
{
	size_t end = MIN_OF(e->end, e->mark + e->mark_len);

	if (e->start)
		strbuf_add(page->out, "   ");
	for (size_t i = e->start; i < e->mark; i++) {
		if (e->text[i] == '\t' || !utf8_is_inner((uint8_t)e->text[i]))
			strbuf_add_char(page->out, e->text[i] == '\t' ? '\t' : ' ');
	}
	add_colour(page, looks[DIAG_ERROR].colour);
	strbuf_add_char(page->out, '^');
	for (size_t i = e->mark + 1; i < end; i++) {
		if (!utf8_is_inner((uint8_t)e->text[i]))
			strbuf_add_char(page->out, '^');
	}
	add_colour(page, plain);
	strbuf_addf(page->out, "%s%s\n", label ? " " : "", label ? label : "");
}

/** The text of a line of the map without its secrets. */
static const char *masked(struct page *page, uint32_t line, const char *text)
{
	strbuf_reset(&page->line);
	strbuf_add(&page->line, text);
	if (page->line.len)
		diag_mask_line(page->masks, line, page->line.data);
	return strbuf_text(&page->line);
}

/** The line of @at, which @info has resolved; @label behind the carets. */
static void add_excerpt(struct page *page, struct place at, const struct place_info *info,
			const char *label)
{
	struct excerpt e = excerpt_of(info);

	if (!*info->text)
		return;
	e.text = masked(page, (uint32_t)(map_order(page->map, at) >> 16), info->text);
	strbuf_addf(page->out, "%*u | ", GUTTER_WIDTH, info->line);
	add_excerpt_text(page, &e);
	if (!info->column)
		return;
	strbuf_addf(page->out, "%*s | ", GUTTER_WIDTH, "");
	add_carets(page, &e, label);
}

/** A second place with its label, and its line. */
static void add_place(struct page *page, struct place at, const char *label)
{
	struct place_info info;

	if (!source_resolve(page->map, at, &info))
		return;
	add_colour(page, bold);
	add_position(page->out, &info);
	add_colour(page, plain);
	strbuf_addf(page->out, ": %s\n", label);
	add_excerpt(page, at, &info, NULL);
}

/** A place of the same file that comes before what the message is about belongs to its excerpt. */
static bool add_earlier(struct page *page, const struct diag *d, const struct place_info *info)
{
	struct place_info see;

	if (!info || !source_resolve(page->map, d->see, &see) || !see.column || see.expanded ||
	    info->expanded || strcmp(see.file, info->file) != 0 || see.line > info->line)
		return false;
	add_excerpt(page, d->see, &see, d->see_label);
	return true;
}

/** What a line that a substitution changed reads after it. */
static void add_expansion(struct page *page, struct place at, const struct place_info *info)
{
	struct excerpt e = { .text = masked(page, at.line, info->expansion) };

	while (*e.text == ' ' || *e.text == '\t')
		e.text++;
	e.len = strlen(e.text);
	e.end = MIN_OF(e.len, (size_t)EXCERPT_BEFORE + EXCERPT_AFTER);
	strbuf_addf(page->out, "%*s = ", GUTTER_WIDTH, "");
	add_excerpt_text(page, &e);
}

/** Each line of the hint with its word. */
static void add_hints(const struct page *page, const char *hint)
{
	while (hint && *hint) {
		size_t len = strcspn(hint, "\n");

		strbuf_add(page->out, "hint: ");
		strbuf_add_bytes(page->out, hint, len);
		strbuf_add_char(page->out, '\n');
		hint += len + (hint[len] == '\n');
	}
}

static void add_diag(struct page *page, const struct diag *d)
{
	struct place_info info;
	bool placed = !d->whole && source_resolve(page->map, d->at, &info);

	add_colour(page, bold);
	if (placed) {
		add_position(page->out, &info);
		strbuf_add(page->out, ": ");
	}
	add_colour(page, looks[d->severity].colour);
	strbuf_addf(page->out, "%s: ", looks[d->severity].word);
	add_colour(page, plain);
	strbuf_addf(page->out, "%s\n", d->message);
	if (placed) {
		struct place from = info.from;
		const char *label = info.from_label;

		add_excerpt(page, d->at, &info, NULL);
		if (info.expanded && info.expansion)
			add_expansion(page, d->at, &info);
		if (info.expanded)
			add_place(page, from, label);
	}
	if (d->see_label && !add_earlier(page, d, placed ? &info : NULL))
		add_place(page, d->see, d->see_label);
	add_hints(page, d->hint);
}

static bool is_shown(const struct diag *d, enum diag_notes notes)
{
	if (d->severity != DIAG_NOTE || notes == DIAG_NOTES_FULL)
		return true;
	return notes == DIAG_NOTES_BRIEF && d->in_full;
}

static void render_text(struct diags *diags, const struct source_map *map,
			const struct diag_print_options *options, struct strbuf *out)
{
	struct page page = { .map = map,
			     .colour = options->colour,
			     .out = out,
			     .masks = diags_masks(diags, map) };
	size_t n;
	const struct diag *const *sorted = diags_sorted(diags, &n);

	for (size_t i = 0; i < n; i++) {
		if (is_shown(sorted[i], options->notes))
			add_diag(&page, sorted[i]);
	}
	if (options->notes == DIAG_NOTES_BRIEF)
		diags_render_brief(sorted, n, map, out);
	strbuf_fini(&page.line);
	diag_masks_free(page.masks);
}

void diags_render(struct diags *diags, const struct source_map *map,
		  const struct diag_print_options *options, struct strbuf *out)
{
	diags_set_map(diags, map);
	if (options->format == DIAG_TEXT)
		render_text(diags, map, options, out);
	else
		diags_render_data(diags, map, options, out);
}

void diag_render_line(const struct diag *d, const struct source_map *map, struct strbuf *out)
{
	struct place_info info;

	if (source_resolve(map, d->at, &info)) {
		add_position(out, &info);
		strbuf_add(out, ": ");
	}
	strbuf_addf(out, "%s: %s", looks[d->severity].word, d->message);
	for (const char *hint = d->hint; hint && *hint;) {
		size_t len = strcspn(hint, "\n");

		strbuf_add(out, "; ");
		strbuf_add_bytes(out, hint, len);
		hint += len + (hint[len] == '\n');
	}
	if (d->see_label && source_resolve(map, d->see, &info)) {
		strbuf_addf(out, "; %s: ", d->see_label);
		add_position(out, &info);
	}
}
