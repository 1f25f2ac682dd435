/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables as text for people and editors; alternatives in braces.
 */
#include <stdlib.h>
#include <string.h>

#include "config/braces.h"
#include "config/refdoc.h"
#include "config_toy.h"
#include "unit.h"

static char *render(enum refdoc_format format)
{
	const struct block_type *root = &toy_sections;
	struct strbuf out = { 0 };

	refdoc_render(&root, 1, format, &out);
	return out.data;
}

static void check_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		print_error("missing: %s\n", part);
	assert_non_null(strstr(text, part));
}

static void test_manual(void **state)
{
	char *text = render(REFDOC_MDOC);

	(void)state;
	check_has(text, ".Ss vrrp_instance\nOne virtual router.\n.Bl -tag -width Ds\n");
	check_has(text, ".It Cm \"\\&priority\" Ar \"\\&N\"\nHigher wins the election.\n"
			"A number from 1 to 255, default 100.\n");
	check_has(text, ".It Cm \"\\&real_server\" Ar \"\\&ADDR [PORT] { ... }\"\nSee section\n"
			".Sx real_server .\nMay be repeated.\n");
	check_has(text, "Also understood:\nold_id (now router_id),\nbad_id (now router_id),\n"
			"nat_mask (no effect).\n");
	check_has(text, "Each line:\n.Ar \"\\&ADDR\"\nand options:\n");
	/* Every block once. */
	assert_null(strstr(strstr(text, ".Ss address\n") + 1, ".Ss address\n"));
	free(text);
}

static void test_vim(void **state)
{
	char *text = render(REFDOC_VIM);

	(void)state;
	check_has(text, "syn keyword " PACKAGE_NAME "Block TCP_CHECK globals mails");
	check_has(text, "syn keyword " PACKAGE_NAME "Option dev label no_track\n");
	check_has(text, "syn keyword " PACKAGE_NAME "Value BACKUP MASTER SLAVE lc rr wrr\n");
	check_has(text, "syn keyword " PACKAGE_NAME "Old bad_id nat_mask old_block old_id\n");
	free(text);
}

static void test_json(void **state)
{
	char *text = render(REFDOC_JSON);

	(void)state;
	check_has(text, "{\"word\": \"priority\", \"type\": \"number\", \"arguments\": \"N\", "
			"\"min\": 1, \"max\": 255, \"default\": \"100\", "
			"\"help\": \"Higher wins the election.\"}");
	check_has(text, "\"word\": \"advert_int\", \"type\": \"time\", \"arguments\": \"SECONDS\", "
			"\"min\": 0.01, \"max\": 255, \"default\": \"1\"}");
	check_has(text, "\"words\": [\"rr\", \"wrr\", \"lc\"]");
	check_has(text, "\"instead\": \"router_id\", \"flags\": [\"deprecated\"]");
	check_has(text, "\"name\": \"address\", \"form\": \"record\", \"head\": \"ADDR\"");
	free(text);
}

static void test_braces(void **state)
{
	static const struct {
		const char *pattern;
		const char *all;
	} cases[] = {
		{ "a", "a" },
		{ "a{b,c}d", "abd acd" },
		{ "{a,b}{c,d}", "ac ad bc bd" },
		{ "{a,{b,c}d}", "a bd cd" },
		{ "a{,b}", "a ab" },
		{ "{a}", "a" },
		{ "{}", "{}" },
		{ "a{b", "a{b" },
		{ "a}b", "a}b" },
		{ "\\{a,b}", "\\{a,b}" },
		{ "/etc/{x,y}/*.conf", "/etc/x/*.conf /etc/y/*.conf" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *arena = arena_new();
		struct strbuf all = { 0 };
		size_t n;
		const char **patterns = braces_expand(arena, cases[i].pattern, &n);

		for (size_t k = 0; k < n; k++)
			strbuf_addf(&all, "%s%s", k ? " " : "", patterns[k]);
		assert_string_equal(strbuf_text(&all), cases[i].all);
		strbuf_fini(&all);
		arena_free(arena);
	}
}

static void test_too_many_braces(void **state)
{
	struct arena *arena = arena_new();
	size_t n;

	(void)state;
	assert_null(braces_expand(arena, "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}",
				  &n));
	arena_free(arena);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_manual), cmocka_unit_test(test_vim),
	cmocka_unit_test(test_json),   cmocka_unit_test(test_braces),
	cmocka_unit_test(test_too_many_braces),
};

UNIT_MAIN(tests)
