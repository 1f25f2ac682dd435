/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of iproute2: built in, from files, which of them counts.
 */
#include "core/iproute_names.h"

#include <string.h>

#include "tests/unit/unit.h"

static void known_without_files(void **state)
{
	uint32_t n = 0;

	(void)state;
	assert_true(iproute_names_find(NULL, IPROUTE_TABLES, "main", &n));
	assert_int_equal(n, 254);
	assert_true(iproute_names_find(NULL, IPROUTE_PROTOS, "keepalived", &n));
	assert_int_equal(n, 18);
	assert_true(iproute_names_find(NULL, IPROUTE_SCOPES, "link", &n));
	assert_int_equal(n, 253);
	assert_false(iproute_names_find(NULL, IPROUTE_DSFIELD, "main", &n));
	assert_string_equal(iproute_names_of(NULL, IPROUTE_SCOPES, 0), "global");
	assert_null(iproute_names_of(NULL, IPROUTE_SCOPES, 7));
}

static void files_come_first(void **state)
{
	static const char text[] = "# comment\n\n100 blue # trailing\n  0x65\tred\n254 mine\n"
				   "300 main\nno number\n17\n99999999999 huge\n102 last";
	static const char more[] = "200 blue\n201 green\r\n";
	struct iproute_names *names = iproute_names_new();
	uint32_t n = 0;

	(void)state;
	iproute_names_add_text(names, IPROUTE_TABLES, text, strlen(text));
	iproute_names_add_text(names, IPROUTE_TABLES, more, strlen(more));
	assert_true(iproute_names_find(names, IPROUTE_TABLES, "blue", &n));
	assert_int_equal(n, 100);
	assert_true(iproute_names_find(names, IPROUTE_TABLES, "red", &n));
	assert_int_equal(n, 101);
	assert_true(iproute_names_find(names, IPROUTE_TABLES, "main", &n));
	assert_int_equal(n, 300);
	assert_true(iproute_names_find(names, IPROUTE_TABLES, "last", &n));
	assert_true(iproute_names_find(names, IPROUTE_TABLES, "green", &n));
	assert_int_equal(n, 201);
	assert_true(iproute_names_find(names, IPROUTE_TABLES, "local", &n));
	assert_false(iproute_names_find(names, IPROUTE_TABLES, "huge", &n));
	assert_false(iproute_names_find(names, IPROUTE_TABLES, "number", &n));
	assert_string_equal(iproute_names_of(names, IPROUTE_TABLES, 254), "mine");
	assert_string_equal(iproute_names_suggest(names, IPROUTE_TABLES, "bleu"), "blue");
	iproute_names_free(names);
	iproute_names_free(NULL);
}

static void nothing_is_needed(void **state)
{
	struct iproute_names *names = iproute_names_new();
	uint32_t n;

	(void)state;
	iproute_names_add_text(names, IPROUTE_GROUPS, "", 0);
	assert_true(iproute_names_find(names, IPROUTE_GROUPS, "default", &n));
	assert_int_equal(n, 0);
	assert_null(iproute_names_suggest(names, IPROUTE_GROUPS, "something"));
	iproute_names_free(names);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(known_without_files),
	cmocka_unit_test(files_come_first),
	cmocka_unit_test(nothing_is_needed),
};

UNIT_MAIN(tests)
