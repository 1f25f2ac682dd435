/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Suggestions: the keyword that is nearest to a wrong word, and the blocks that know it.
 */
#include "config/suggest.h"

#include <ctype.h>
#include <string.h>

#include "config/bind_state.h"

enum { HOMES_MAX = 3, ROOTS_MAX = 16, WORD_MAX = 64, EDITS_MAX = 3, NOT_NEAR = 100 };

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

/** A word that was meant to be a keyword, normalised once. */
struct sought {
	const char *word;	/* as written */
	char text[WORD_MAX];
	size_t len;
	uint32_t letters;
};

/** Which letters there are, in either case; one edit changes at most two of them. */
static uint32_t letters_of(const char *text)
{
	uint32_t set = 0;

	for (; *text; text++)
		set |= UINT32_C(1) << ((unsigned char)*text & 31);
	return set;
}

static struct sought sought_for(const char *word)
{
	struct sought s = { .word = word };

	normalise(s.text, word);
	s.len = strlen(s.text);
	s.letters = letters_of(s.text);
	return s;
}

static bool same_letter(char a, char b)
{
	return (a & 31) == (b & 31);
}

/** Neither within EDITS_MAX edits nor a part: a quick first look. */
static bool is_far(const struct sought *s, const char *keyword)
{
	size_t len = strlen(keyword);
	size_t gap = s->len > len ? s->len - len : len - s->len;

	if (!s->len || !len)
		return true;
	if (same_letter(s->text[0], keyword[0]) ||
	    same_letter(s->text[s->len - 1], keyword[len - 1]))
		return false;
	return gap > EDITS_MAX ||
	       __builtin_popcount(s->letters ^ letters_of(keyword)) > 2 * EDITS_MAX;
}

/** How far the keyword is from the word; NOT_NEAR if it should not be suggested. */
static unsigned nearness(const struct sought *s, const char *keyword)
{
	char meant[WORD_MAX];
	unsigned distance;

	if (is_far(s, keyword))
		return NOT_NEAR;
	normalise(meant, keyword);
	if (!strcmp(s->text, meant))
		return 0;
	if (str_is_near(s->text, meant, &distance))
		return distance;
	return is_part(s->text, meant) ? 10 : NOT_NEAR;
}

bool suggest_is_near(const char *word, const char *keyword)
{
	struct sought s = sought_for(word);

	return nearness(&s, keyword) < NOT_NEAR;
}

/** Other names are suggested only if they are nearer than every proper one; of two that are the
 *  same word but for '-' and '_', the one that was written. */
static unsigned nearness_of(const struct sought *s, const struct keyword *kw)
{
	const unsigned second = KW_ALIAS | KW_DEPRECATED | KW_OBSOLETE | KW_MASKED;
	unsigned distance = *kw->word ? nearness(s, kw->word) : NOT_NEAR;

	if (distance == NOT_NEAR)
		return NOT_NEAR;
	return 4 * distance + 2 * !!(kw->flags & second) +
	       (!strchr(s->word, '-') != !strchr(kw->word, '-'));
}

/** The nearest keyword of a block and its distance. */
static const char *nearest(const struct block_type *type, const struct sought *s,
			   unsigned *out_distance)
{
	const char *best = NULL;

	*out_distance = NOT_NEAR;
	if (s->len == WORD_MAX - 1)
		return NULL;
	for (uint32_t i = 0; i < type->n_keywords; i++) {
		const struct keyword *kw = &type->keywords[i];
		unsigned distance = nearness_of(s, kw);

		if (distance < *out_distance) {
			*out_distance = distance;
			best = kw->word;
		}
	}
	return best;
}

const char *keyword_suggest(const struct block_type *type, const char *word)
{
	struct sought s = sought_for(word);
	unsigned distance;

	return nearest(type, &s, &distance);
}

const char *suggest_section(const struct bind_section *sections, size_t n, const char *word)
{
	struct sought s = sought_for(word);
	unsigned least = NOT_NEAR;
	const char *best = NULL;

	for (size_t i = 0; i < n; i++) {
		unsigned distance;
		const char *near = nearest(sections[i].type, &s, &distance);

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

void suggest_homes(const struct block_walk *walk, const struct bind_section *sections, size_t n,
		   const char *word, struct strbuf *out)
{
	unsigned found = 0;

	for (size_t i = 0; i < walk->n && found < HOMES_MAX; i++) {
		const struct block_type *type = walk->types[i];

		if (type->form == BLOCK_RECORD || !has_word(type, word))
			continue;
		strbuf_addf(out, "%s%s", found++ ? " or " : "",
			    is_root(sections, n, type) ? "no block, at the top level" : type->name);
	}
}

bool suggest_far(const struct block_walk *walk, const struct bind_section *sections, size_t n,
		 const char *word, struct strbuf *out)
{
	const struct sought s = sought_for(word);
	const struct block_type *home = NULL;
	const char *best = NULL;
	unsigned least = NOT_NEAR;

	for (size_t i = 0; i < walk->n; i++) {
		unsigned distance = NOT_NEAR;
		const char *near = walk->types[i]->form == BLOCK_RECORD ?
					   NULL :
					   nearest(walk->types[i], &s, &distance);

		if (near && distance < least) {
			least = distance;
			best = near;
			home = walk->types[i];
		}
	}
	if (!best)
		return false;
	strbuf_addf(out, "'%s' %s%s", best, is_root(sections, n, home) ? "at top level" : "of ",
		    is_root(sections, n, home) ? "" : home->name);
	return true;
}
