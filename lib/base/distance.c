/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How alike two words are, for "did you mean": optimal string alignment distance (insert,
 * delete, replace, swap neighbours; no part is edited twice), given up as soon as it must exceed
 * the limit. Promised by str.h.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"

enum { LONGEST_WORD = 63 };

/** Rows of the table: costs of turning the first i letters of a into the first j of b. */
struct rows {
	unsigned cells[3][LONGEST_WORD + 1];
};

struct words {
	const char *a;
	size_t a_len;
	const char *b;
	size_t b_len;
	bool fold;
};

static bool same(const struct words *w, size_t i, size_t j)
{
	unsigned char x = (unsigned char)w->a[i], y = (unsigned char)w->b[j];

	return w->fold ? tolower(x) == tolower(y) : x == y;
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned least = MIN_OF(a, b);

	return MIN_OF(least, c);
}

/** Fill row @i; the least cost in it is the least any longer prefix can have. */
static unsigned fill_row(const struct words *w, struct rows *rows, size_t i)
{
	unsigned *row = rows->cells[i % 3];
	const unsigned *before = rows->cells[(i + 2) % 3];
	const unsigned *two_before = rows->cells[(i + 1) % 3];
	unsigned least = (unsigned)i;

	row[0] = (unsigned)i;
	for (size_t j = 1; j <= w->b_len; j++) {
		row[j] = min3(before[j] + 1, row[j - 1] + 1,
			      before[j - 1] + !same(w, i - 1, j - 1));
		if (i > 1 && j > 1 && same(w, i - 1, j - 2) && same(w, i - 2, j - 1))
			row[j] = MIN_OF(row[j], two_before[j - 2] + 1);
		least = MIN_OF(least, row[j]);
	}
	return least;
}

static unsigned distance(const struct words *w, unsigned limit)
{
	size_t gap = w->a_len > w->b_len ? w->a_len - w->b_len : w->b_len - w->a_len;
	struct rows rows;
	unsigned least_before = 0, result;

	if (gap > limit || w->a_len > LONGEST_WORD || w->b_len > LONGEST_WORD)
		return limit + 1;
	for (size_t j = 0; j <= w->b_len; j++)
		rows.cells[0][j] = (unsigned)j;
	for (size_t i = 1; i <= w->a_len; i++) {
		unsigned least = fill_row(w, &rows, i);

		/* A swap reaches back two rows. */
		if (least > limit && least_before > limit)
			return limit + 1;
		least_before = least;
	}
	result = rows.cells[w->a_len % 3][w->b_len];
	return MIN_OF(result, limit + 1);
}

static bool has_upper(const char *text)
{
	while (*text && !isupper((unsigned char)*text))
		text++;
	return *text;
}

unsigned str_distance(const char *a, const char *b, unsigned limit)
{
	struct words w = { a, strlen(a), b, strlen(b), false };
	unsigned exact, folded;

	if (strcmp(a, b) == 0)
		return 0;
	if (strcasecmp(a, b) == 0)
		return MIN_OF(1, limit + 1);
	exact = distance(&w, limit);
	if (exact <= 1 || limit < 2 || (!has_upper(a) && !has_upper(b)))
		return exact;
	w.fold = true;
	folded = distance(&w, limit - 1) + 1;
	return MIN_OF(exact, folded);
}

bool str_is_near(const char *written, const char *candidate, unsigned *out_distance)
{
	size_t a_len = strlen(written), b_len = strlen(candidate);
	size_t len = MAX_OF(a_len, b_len);
	unsigned limit = len < 3 ? 0 : (unsigned)MIN_OF((len + 1) / 4, 3);
	unsigned d;

	if (!limit && strcasecmp(written, candidate) == 0)
		limit = 1;
	d = str_distance(written, candidate, limit);
	if (d > limit)
		return false;
	*out_distance = d;
	return true;
}
