/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands: the line into command, user and group; the command into arguments.
 */
#include <string.h>

#include "base/arena.h"
#include "config/lex.h"
#include "config_toy.h"
#include "unit.h"

struct split_case {
	const char *raw;
	const char *words;	/* "|" between */
};

static void join(struct strbuf *out, const char *text)
{
	strbuf_addf(out, "%s%s", out->len ? "|" : "", text);
}

static void test_line(void **state)
{
	static const struct split_case cases[] = {
		{ "script /x a b", "script|/x|a|b" },
		{ "script \"/p x y\"", "script|/p x y" },
		{ "script '/p x y'", "script|/p x y" },
		{ "script \"/a\"/b", "script|/a/b" },
		{ "notify \"/p \\\"x y\\\" z\" user group", "notify|/p \\\"x y\\\" z|user|group" },
		{ "script /p\\ x", "script|/p\\ x" },
		{ "script \"/p 'x y' z\"", "script|/p 'x y' z" },
		{ "  script\t/p  ", "script|/p" },
		{ "script ''", "script|" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *arena = arena_new();
		struct diags *diags = diags_new();
		struct strbuf got = { 0 };
		struct word *words;
		unsigned n;

		assert_true(lex_split_command(cases[i].raw, (struct place){ 1, 1, 1 }, arena, diags,
					      &words, &n));
		for (unsigned k = 0; k < n; k++)
			join(&got, words[k].text);
		assert_string_equal(strbuf_text(&got), cases[i].words);
		strbuf_fini(&got);
		diags_free(diags);
		arena_free(arena);
	}
}

static void test_arguments(void **state)
{
	static const struct split_case cases[] = {
		{ "/p x y", "/p|x|y" },
		{ "/p 'x y' z", "/p|x y|z" },
		{ "/p \"x y\" z", "/p|x y|z" },
		{ "/p \\\"x y\\\" z", "/p|\"x|y\"|z" },
		{ "/p x\\ y", "/p|x y" },
		{ "/p '' z", "/p||z" },
		{ "/p \\101\\x42\\cC\\E", "/p|AB\x03\x1b" },
		{ "/p a;b|c $X *", "/p|a;b|c|$X|*" },
		{ "/p '\\'x'", "/p|'x" },
		{ "/p \\a\\b\\f\\n\\r\\t\\v", "/p|\a\b\f\n\r\t\v" },
		{ "/p \\x4g\\q\\#", "/p|\x04gq#" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *arena = arena_new();
		struct diags *diags = diags_new();
		struct strbuf got = { 0 };
		char **argv;
		unsigned n;

		assert_true(lex_split_argv(cases[i].raw, (struct place){ 1, 1, 1 }, arena, diags,
					   &argv, &n));
		for (unsigned k = 0; k < n; k++)
			join(&got, argv[k]);
		assert_null(argv[n]);
		assert_string_equal(strbuf_text(&got), cases[i].words);
		strbuf_fini(&got);
		diags_free(diags);
		arena_free(arena);
	}
}

static void test_unterminated(void **state)
{
	struct arena *arena = arena_new();
	struct diags *diags = diags_new();
	const struct diag *const *all;
	struct word *words;
	char **argv;
	unsigned n;
	size_t count;

	(void)state;
	assert_false(lex_split_command("script \"/x", (struct place){ 1, 5, 1 }, arena, diags,
				       &words, &n));
	assert_false(lex_split_argv("/x 'a", (struct place){ 2, 1, 1 }, arena, diags, &argv, &n));
	all = diags_sorted(diags, &count);
	assert_int_equal(count, 2);
	assert_int_equal(all[0]->at.column, 12);
	assert_int_equal(all[1]->at.column, 4);
	diags_free(diags);
	arena_free(arena);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_line),
	cmocka_unit_test(test_arguments),
	cmocka_unit_test(test_unterminated),
};

UNIT_MAIN(tests)
