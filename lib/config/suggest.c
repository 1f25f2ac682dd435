/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Suggestions: the keyword that is nearest to a wrong word, and the blocks that know it.
 */
#include "config/suggest.h"

#include <ctype.h>
#include <string.h>

#include "config/bind_state.h"

enum { HOMES_MAX = 3, ROOTS_MAX = 16, WORD_MAX = 64, NOT_NEAR = 100 };

/** The word as it may have been meant: lower case, '_' for '-', nothing but ASCII. */
static void normalise(char out[WORD_MAX], const char *word)
{
	size_t n = 0;

	for (; *word && n < WORD_MAX - 1; word++) {
		unsigned char c = (unsigned char)*word;

		if (c < 0x80)
			out[n++] = c == '-' ? '_' : (char)tolower(c);
	}
	out[n] = '\0';
}

/** One word is the beginning or the end of the other, and not much shorter. */
static bool is_part(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b);

	if (a_len > b_len)
		return is_part(b, a);
	if (a_len < 5 || a_len * 2 < b_len)
		return false;
	return !strncmp(a, b, a_len) || !strcmp(a, b + b_len - a_len);
}

/** How far the keyword is from the word; NOT_NEAR if it should not be suggested. */
static unsigned nearness(const char *word, const char *keyword)
{
	char written[WORD_MAX], meant[WORD_MAX];
	unsigned distance;

	normalise(written, word);
	normalise(meant, keyword);
	if (!strcmp(written, meant))
		return 0;
	if (str_is_near(written, meant, &distance))
		return distance;
	return is_part(written, meant) ? 10 : NOT_NEAR;
}

bool suggest_is_near(const char *word, const char *keyword)
{
	return nearness(word, keyword) < NOT_NEAR;
}

/** Other names are suggested only if they are nearer than every proper one. */
static unsigned nearness_of(const char *word, const struct keyword *kw)
{
	const unsigned second = KW_ALIAS | KW_DEPRECATED | KW_OBSOLETE | KW_MASKED;
	unsigned distance = *kw->word ? nearness(word, kw->word) : NOT_NEAR;

	return distance < NOT_NEAR ? 2 * distance + !!(kw->flags & second) : NOT_NEAR;
}

/** The nearest keyword of a block and its distance. */
static const char *nearest(const struct block_type *type, const char *word, unsigned *out_distance)
{
	const char *best = NULL;

	*out_distance = NOT_NEAR;
	if (strlen(word) >= WORD_MAX)
		return NULL;
	for (uint32_t i = 0; i < type->n_keywords; i++) {
		const struct keyword *kw = &type->keywords[i];
		unsigned distance = nearness_of(word, kw);

		if (distance < *out_distance) {
			*out_distance = distance;
			best = kw->word;
		}
	}
	return best;
}

const char *keyword_suggest(const struct block_type *type, const char *word)
{
	unsigned distance;

	return nearest(type, word, &distance);
}

const char *suggest_section(const struct bind_section *sections, size_t n, const char *word)
{
	unsigned least = NOT_NEAR;
	const char *best = NULL;

	for (size_t i = 0; i < n; i++) {
		unsigned distance;
		const char *near = nearest(sections[i].type, word, &distance);

		if (near && distance < least) {
			least = distance;
			best = near;
		}
	}
	return best;
}

static void walk_add(struct block_walk *walk, const struct block_type *type)
{
	for (size_t i = 0; i < walk->n; i++) {
		if (walk->types[i] == type)
			return;
	}
	if (walk->n < ARRAY_LEN(walk->types))
		walk->types[walk->n++] = type;
}

void block_walk(struct block_walk *walk, const struct block_type *const *roots, size_t n)
{
	walk->n = 0;
	for (size_t i = 0; i < n; i++)
		walk_add(walk, roots[i]);
	for (size_t i = 0; i < walk->n; i++) {
		const struct block_type *type = walk->types[i];

		for (uint32_t k = 0; k < type->n_keywords; k++) {
			const struct block_type *inner = bind_block_type(&type->keywords[k]);

			if (inner)
				walk_add(walk, inner);
		}
	}
}

void suggest_walk(struct block_walk *walk, const struct bind_section *sections, size_t n)
{
	const struct block_type *roots[ROOTS_MAX];

	n = MIN_OF(n, (size_t)ROOTS_MAX);
	for (size_t i = 0; i < n; i++)
		roots[i] = sections[i].type;
	block_walk(walk, roots, n);
}

static bool is_root(const struct bind_section *sections, size_t n, const struct block_type *type)
{
	for (size_t i = 0; i < n; i++) {
		if (sections[i].type == type)
			return true;
	}
	return false;
}

static bool has_word(const struct block_type *type, const char *word)
{
	for (uint32_t i = 0; i < type->n_keywords; i++) {
		if (!strcmp(type->keywords[i].word, word))
			return true;
	}
	return false;
}

void suggest_homes(const struct bind_section *sections, size_t n, const char *word,
		   struct strbuf *out)
{
	struct block_walk walk;
	unsigned found = 0;

	suggest_walk(&walk, sections, n);
	for (size_t i = 0; i < walk.n && found < HOMES_MAX; i++) {
		const struct block_type *type = walk.types[i];

		if (type->form == BLOCK_RECORD || !has_word(type, word))
			continue;
		strbuf_addf(out, "%s%s", found++ ? " or " : "",
			    is_root(sections, n, type) ? "no block, at the top level" : type->name);
	}
}

bool suggest_far(const struct bind_section *sections, size_t n, const char *word,
		 struct strbuf *out)
{
	const struct block_type *home = NULL;
	const char *best = NULL;
	struct block_walk walk;
	unsigned least = NOT_NEAR;

	suggest_walk(&walk, sections, n);
	for (size_t i = 0; i < walk.n; i++) {
		unsigned distance = NOT_NEAR;
		const char *near = walk.types[i]->form == BLOCK_RECORD ?
					   NULL :
					   nearest(walk.types[i], word, &distance);

		if (near && distance < least) {
			least = distance;
			best = near;
			home = walk.types[i];
		}
	}
	if (!best)
		return false;
	strbuf_addf(out, "'%s' %s%s", best, is_root(sections, n, home) ? "at top level" : "of ",
		    is_root(sections, n, home) ? "" : home->name);
	return true;
}
