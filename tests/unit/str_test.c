/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text: builder, bounded copies, escaping, likeness of words.
 */
#include "unit.h"

#include <string.h>

#include "base/str.h"

static void builder_grows(void **state)
{
	struct strbuf b = { 0 };

	(void)state;
	assert_string_equal(strbuf_text(&b), "");
	strbuf_reset(&b);
	strbuf_add(&b, "one ");
	strbuf_addf(&b, "%d %300d", 2, 3);
	assert_int_equal(b.len, 4 + 2 + 300);
	assert_int_equal(strlen(b.data), b.len);
	strbuf_reset(&b);
	assert_string_equal(strbuf_text(&b), "");
	for (unsigned i = 0; i < 5000; i++)
		strbuf_add_char(&b, 'x');
	assert_int_equal(strlen(b.data), 5000);
	strbuf_add_bytes(&b, NULL, 0);
	strbuf_fini(&b);
	assert_null(b.data);
}

/* Lengths around the reserved room: the NUL must always fit. */
static void formatted_lengths(void **state)
{
	(void)state;
	for (int width = 1; width < 200; width++) {
		struct strbuf b = { 0 };

		strbuf_addf(&b, "%*d", width, 1);
		strbuf_addf(&b, "%*d", width, 2);
		assert_int_equal(strlen(b.data), 2 * width);
		assert_int_equal(b.data[2 * width - 1], '2');
		strbuf_fini(&b);
	}
}

static void shell_quotes(void **state)
{
	struct strbuf b = { 0 };

	(void)state;
	strbuf_add_shell_quoted(&b, "it's $HOME");
	assert_string_equal(b.data, "'it'\\''s $HOME'");
	strbuf_reset(&b);
	strbuf_add_shell_quoted(&b, "");
	assert_string_equal(b.data, "''");
	strbuf_fini(&b);
}

static void comparisons(void **state)
{
	(void)state;
	assert_true(str_eq("a", "a"));
	assert_false(str_eq("a", "b"));
	assert_false(str_eq("a", NULL));
	assert_false(str_eq(NULL, "a"));
	assert_true(str_eq(NULL, NULL));
	assert_true(str_starts("vrrp_script", "vrrp"));
	assert_true(str_starts("x", ""));
	assert_false(str_starts("vr", "vrrp"));
}

static void bounded_copy(void **state)
{
	char buf[4] = "zzz";

	(void)state;
	assert_true(str_copy(buf, sizeof(buf), "abc"));
	assert_string_equal(buf, "abc");
	assert_false(str_copy(buf, sizeof(buf), "abcd"));
	assert_string_equal(buf, "abc");
	assert_false(str_copy(buf, 0, "x"));
	assert_false(str_copy(buf, 1, "x"));
	assert_string_equal(buf, "");
	assert_true(str_copy(buf, 1, ""));
}

static void printable(void **state)
{
	char buf[16];

	(void)state;
	assert_string_equal(str_printable(buf, sizeof(buf), "ab\n\xff", 4), "ab\\x0a\\xff");
	assert_string_equal(str_printable(buf, sizeof(buf), "\0", 1), "\\x00");
	/* Never half an escape. */
	assert_string_equal(str_printable(buf, 6, "ab\n\n", 4), "ab");
	assert_string_equal(str_printable(buf, 7, "ab\n\n", 4), "ab\\x0a");
	assert_string_equal(str_printable(buf, 1, "ab", 2), "");
	assert_string_equal(str_printable(buf, 0, "ab", 2), "");
}

static void distances(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned limit, expected;
	} rows[] = {
		{ "", "", 3, 0 },
		{ "", "abc", 3, 3 },
		{ "abc", "", 2, 3 },
		{ "priority", "priority", 3, 0 },
		{ "prority", "priority", 3, 1 },
		{ "priorty", "priority", 3, 1 },
		{ "pirority", "priority", 3, 1 },
		{ "priorityy", "priority", 3, 1 },
		{ "ca", "abc", 5, 3 }, /* optimal string alignment, not the full distance */
		{ "kitten", "sitting", 5, 3 },
		{ "kitten", "sitting", 2, 3 },
		{ "kitten", "sitting", 0, 1 },
		{ "HTTP_GET", "http_get", 3, 1 },
		{ "HTTP_GETT", "http_get", 3, 2 },
		{ "HTTP_GETT", "http_get", 1, 2 },
		{ "HTTP_GET", "http_get", 0, 1 },
		{ "completely", "different", 2, 3 },
		{ "ab", "ba", 1, 1 },
		{ "xxab", "xxba", 1, 1 },
		{ "abcd", "badc", 2, 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		unsigned there = str_distance(rows[i].a, rows[i].b, rows[i].limit);
		unsigned back = str_distance(rows[i].b, rows[i].a, rows[i].limit);

		assert_int_equal(there, rows[i].expected);
		assert_int_equal(back, rows[i].expected);
	}
}

static void very_long_words(void **state)
{
	char a[200], b[200];

	(void)state;
	memset(a, 'a', sizeof(a));
	a[199] = '\0';
	memcpy(b, a, sizeof(b));
	assert_int_equal(str_distance(a, b, 3), 0);
	b[0] = 'b';
	assert_int_equal(str_distance(a, b, 3), 4);
}

static void suggestions(void **state)
{
	unsigned d = 99;

	(void)state;
	assert_true(str_is_near("virtual_ipadress", "virtual_ipaddress", &d));
	assert_int_equal(d, 1);
	assert_true(str_is_near("stat", "state", &d));
	assert_true(str_is_near("IF", "if", &d));
	assert_false(str_is_near("if", "of", &d));
	assert_false(str_is_near("state", "weight", &d));
	assert_false(str_is_near("mode", "node_x", &d));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(builder_grows),
	cmocka_unit_test(formatted_lengths),
	cmocka_unit_test(shell_quotes),
	cmocka_unit_test(comparisons),
	cmocka_unit_test(bounded_copy),
	cmocka_unit_test(printable),
	cmocka_unit_test(distances),
	cmocka_unit_test(very_long_words),
	cmocka_unit_test(suggestions),
};

UNIT_MAIN(tests)
