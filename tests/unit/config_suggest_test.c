/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Misspelt keywords: every keyword of every block, with one mistake of every kind in it, is
 * suggested, unless the mistake makes it as near to another keyword of the same block.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "bfd/config.h"
#include "check/config.h"
#include "config/suggest.h"
#include "core/config_global.h"
#include "vrrp/config.h"

enum { LONGEST = 80, SHORTEST = 4, KINDS = 6 };

/** Counts of one walk over the tables. */
struct tally {
	unsigned tried, wrong;
};

/** Mistake number @kind at @i of @word; false if there is none of that kind there. */
static bool misspell(char out[LONGEST], const char *word, unsigned kind, size_t i)
{
	static const char near[] = "snvfrghjokliybmpqeadutwxcz"; /* beside a, b, c, ... */
	int len = (int)strlen(word), at = (int)i;
	bool letter = word[i] >= 'a' && word[i] <= 'z';

	switch (kind) {
	case 0: /* left out */
		(void)snprintf(out, LONGEST, "%.*s%s", at, word, word + i + 1);
		return true;
	case 1: /* twice */
		(void)snprintf(out, LONGEST, "%.*s%s", at + 1, word, word + i);
		return true;
	case 2: /* the key beside it */
		(void)snprintf(out, LONGEST, "%s", word);
		out[i] = letter ? near[word[i] - 'a'] : 'x';
		return true;
	case 3: /* swapped with the next */
		(void)snprintf(out, LONGEST, "%s", word);
		out[i] = word[i + 1];
		out[i + 1] = word[i];
		return at + 1 < len && word[i] != word[i + 1];
	case 4: /* a letter too many */
		(void)snprintf(out, LONGEST, "%.*se%s", at, word, word + i);
		return true;
	default: /* hyphens, the other case */
		(void)snprintf(out, LONGEST, "%s", word);
		out[i] = word[i] == '_' ? '-' : letter ? (char)(word[i] - 32) : word[i];
		return out[i] != word[i];
	}
}

static bool has(const struct block_type *type, const char *word)
{
	for (uint32_t i = 0; i < type->n_keywords; i++)
		if (!strcmp(type->keywords[i].word, word))
			return true;
	return false;
}

/** Is what was suggested as good a guess as the keyword that was meant? */
static bool as_near(const char *wrong, const char *suggested, const struct keyword *meant)
{
	return suggested && (str_eq(suggested, meant->instead) ||
			     str_distance(wrong, suggested, 3) <=
				     str_distance(wrong, meant->word, 3));
}

static void try_keyword(const struct block_type *type, const struct keyword *kw,
			struct tally *tally)
{
	const char *word = kw->word;

	for (unsigned kind = 0; kind < KINDS; kind++) {
		for (size_t i = 0; i < strlen(word); i++) {
			char wrong[LONGEST];
			const char *suggested;

			if (!misspell(wrong, word, kind, i) || !strcmp(wrong, word) ||
			    has(type, wrong))
				continue;
			tally->tried++;
			suggested = keyword_suggest(type, wrong);
			if ((suggested && !strcmp(suggested, word)) ||
			    as_near(wrong, suggested, kw))
				continue;
			tally->wrong++;
			print_error("%s: '%s' for '%s' suggests '%s'\n", type->name, wrong, word,
				    suggested ? suggested : "");
		}
	}
}

static void test_every_keyword(void **state)
{
	const struct block_type *const roots[] = { &process_config_type, &global_config_type,
						   &vrrp_sections, &check_sections,
						   &bfd_sections };
	struct tally tally = { 0 };
	struct block_walk walk;

	(void)state;
	block_walk(&walk, roots, ARRAY_LEN(roots));
	assert_true(walk.n > 20);
	for (size_t t = 0; t < walk.n; t++) {
		const struct block_type *type = walk.types[t];

		for (uint32_t k = 0; k < type->n_keywords; k++) {
			const char *word = type->keywords[k].word;

			if (strlen(word) >= SHORTEST && strlen(word) < LONGEST - 2)
				try_keyword(type, &type->keywords[k], &tally);
		}
	}
	assert_true(tally.tried > 10000);
	assert_int_equal(tally.wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_keyword),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
