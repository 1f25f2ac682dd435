/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One list gives enum, count, names and both conversions.
 */
#include "unit.h"

#include "base/enum.h"

#define COLOURS(X) X(COLOUR_RED, "red") X(COLOUR_BLUE, "blue") X(COLOUR_GREEN, "green")
ENUM_DECLARE(colour, COLOURS)
ENUM_DEFINE(colour, COLOURS)

static void names_and_back(void **state)
{
	enum colour c = COLOUR_RED;

	(void)state;
	assert_int_equal(n_colour, 3);
	assert_string_equal(colour_name(COLOUR_BLUE), "blue");
	assert_string_equal(colour_name((enum colour)77), "?");
	assert_true(colour_parse("green", &c));
	assert_int_equal(c, COLOUR_GREEN);
	assert_false(colour_parse("Green", &c));
	assert_false(colour_parse("", &c));
	assert_int_equal(c, COLOUR_GREEN);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(names_and_back),
};

UNIT_MAIN(tests)
