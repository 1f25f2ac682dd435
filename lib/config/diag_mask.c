/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stars over secrets in the lines that diagnostics show: a list of stretches sorted by line,
 * looked up for each line. Messages never repeat a secret; that is the job of who writes them.
 */
#include "config/diag_mask.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct diag_masks {
	const struct source_map *map;
	struct place *items;	/* sorted by line */
	size_t n, cap;
};

static void add(struct diag_masks *masks, struct place at)
{
	if (!at.line)
		return;
	if (masks->n == masks->cap) {
		masks->cap = masks->cap ? masks->cap * 2 : 16;
		masks->items = xrealloc(masks->items, masks->cap, sizeof(*masks->items));
	}
	masks->items[masks->n++] = at;
}

/** A place, and where it is written if it is in a made line. */
static struct place add_both(struct diag_masks *masks, struct place at)
{
	struct place_info info;
	struct place from = { 0 };

	add(masks, at);
	if (!at.line || at.line < MADE_LINE_FIRST || !source_resolve(masks->map, at, &info))
		return from;
	from = info.from;
	at.column = (uint16_t)info.column;
	at.length = (uint16_t)MIN_OF(info.length, (unsigned)UINT16_MAX);
	at.line = (uint32_t)(map_order(masks->map, masks->items[masks->n - 1]) >> 16);
	add(masks, at);
	return from;
}

static int compare(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->line < y->line ? -1 : x->line > y->line;
}

struct diag_masks *diag_masks_new(const struct source_map *map, const struct place *hidden,
				  size_t n)
{
	struct diag_masks *masks = xnew(struct diag_masks);

	masks->map = map;
	for (size_t i = 0; i < n; i++)
		(void)add_both(masks, add_both(masks, hidden[i]));
	if (masks->n)
		qsort(masks->items, masks->n, sizeof(*masks->items), compare);
	return masks;
}

void diag_masks_free(struct diag_masks *masks)
{
	if (!masks)
		return;
	free(masks->items);
	free(masks);
}

/** The first item of that line or a later one. */
static size_t first_of(const struct diag_masks *masks, uint32_t line)
{
	size_t low = 0, high = masks->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (masks->items[middle].line < line)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void diag_mask_line(const struct diag_masks *masks, uint32_t line, char *text)
{
	size_t len = strlen(text);

	for (size_t i = first_of(masks, line); i < masks->n && masks->items[i].line == line; i++) {
		struct place at = masks->items[i];
		/* A column too large to be kept: the whole line. */
		size_t from = at.column ? at.column - 1u : 0;
		size_t n = at.column ? at.length : len;

		if (from < len)
			memset(text + from, '*', MIN_OF(n, len - from));
	}
}
