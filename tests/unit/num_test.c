/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text to number: forms, ranges, rounding, overflow.
 */
#include "unit.h"

#include "base/num.h"

static void unsigned_numbers(void **state)
{
	static const struct {
		const char *text;
		unsigned base;
		uint64_t min, max;
		enum num_result result;
		uint64_t out; /* 77: not written */
	} rows[] = {
		{ "0", 10, 0, 9, NUM_OK, 0 },
		{ "255", 10, 1, 255, NUM_OK, 255 },
		{ "+7", 10, 0, 9, NUM_OK, 7 },
		{ "  7", 10, 0, 9, NUM_OK, 7 },
		{ "007", 10, 0, 9, NUM_OK, 7 },
		{ "256", 10, 1, 255, NUM_RANGE, 256 },
		{ "0", 10, 1, 255, NUM_RANGE, 0 },
		{ "18446744073709551615", 10, 0, UINT64_MAX, NUM_OK, UINT64_MAX },
		{ "18446744073709551616", 10, 0, UINT64_MAX, NUM_RANGE, 77 },
		{ "99999999999999999999999", 10, 0, UINT64_MAX, NUM_RANGE, 77 },
		{ "", 10, 0, 9, NUM_EMPTY, 77 },
		{ "  ", 10, 0, 9, NUM_EMPTY, 77 },
		{ "x", 10, 0, 9, NUM_INVALID, 77 },
		{ "-", 10, 0, 9, NUM_INVALID, 77 },
		{ "+", 10, 0, 9, NUM_INVALID, 77 },
		{ "5x", 10, 0, 9, NUM_INVALID, 77 },
		{ "5 ", 10, 0, 9, NUM_INVALID, 77 },
		{ "5.0", 10, 0, 9, NUM_INVALID, 77 },
		{ "+-5", 10, 0, 9, NUM_INVALID, 77 },
		{ "-5", 10, 0, 9, NUM_NEGATIVE, 77 },
		{ "-0", 10, 0, 9, NUM_NEGATIVE, 77 },
		{ "0x10", 10, 0, 99, NUM_INVALID, 77 },
		{ "0x10", 0, 0, 99, NUM_OK, 16 },
		{ "0X1f", 16, 0, 99, NUM_OK, 31 },
		{ "1f", 16, 0, 99, NUM_OK, 31 },
		{ "0x", 16, 0, 99, NUM_INVALID, 77 },
		{ "0xg", 0, 0, 99, NUM_INVALID, 77 },
		{ "010", 0, 0, 99, NUM_OK, 8 },
		{ "08", 0, 0, 99, NUM_INVALID, 77 },
		{ "0", 0, 0, 99, NUM_OK, 0 },
		{ "12", 0, 0, 99, NUM_OK, 12 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint64_t out = 77;

		assert_int_equal(num_parse_u64(rows[i].text, rows[i].base, rows[i].min,
					       rows[i].max, &out), rows[i].result);
		assert_true(out == rows[i].out);
	}
}

static void signed_numbers(void **state)
{
	static const struct {
		const char *text;
		int64_t min, max;
		enum num_result result;
		int64_t out;
	} rows[] = {
		{ "-253", -253, 253, NUM_OK, -253 },
		{ "-254", -253, 253, NUM_RANGE, -254 },
		{ "+254", -253, 253, NUM_RANGE, 254 },
		{ "-0", -253, 253, NUM_OK, 0 },
		{ "9223372036854775807", INT64_MIN, INT64_MAX, NUM_OK, INT64_MAX },
		{ "-9223372036854775808", INT64_MIN, INT64_MAX, NUM_OK, INT64_MIN },
		{ "9223372036854775808", INT64_MIN, INT64_MAX, NUM_RANGE, 77 },
		{ "-9223372036854775809", INT64_MIN, INT64_MAX, NUM_RANGE, 77 },
		{ "--1", -9, 9, NUM_INVALID, 77 },
		{ "", -9, 9, NUM_EMPTY, 77 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t out = 77;

		assert_int_equal(num_parse_i64(rows[i].text, 10, rows[i].min, rows[i].max, &out),
				 rows[i].result);
		assert_true(out == rows[i].out);
	}
}

static void decimals(void **state)
{
	static const struct {
		const char *text;
		unsigned decimals;
		uint64_t max;
		enum num_result result;
		uint64_t out;
	} rows[] = {
		{ "1.5", 6, 9000000, NUM_OK, 1500000 },
		{ "1", 6, 9000000, NUM_OK, 1000000 },
		{ "5.", 6, 9000000, NUM_OK, 5000000 },
		{ ".5", 6, 9000000, NUM_OK, 500000 },
		{ "0.000001", 6, 9000000, NUM_OK, 1 },
		{ "0.0000014", 6, 9000000, NUM_DECIMALS, 1 },
		{ "0.0000015", 6, 9000000, NUM_DECIMALS, 2 },
		{ "0.9999999", 6, 9000000, NUM_DECIMALS, 1000000 },
		{ "1.00000000", 6, 9000000, NUM_OK, 1000000 },
		{ "1.999", 2, 900, NUM_DECIMALS, 200 },
		{ "1.4", 0, 900, NUM_DECIMALS, 1 },
		{ "9.1", 1, 90, NUM_RANGE, 91 },
		{ "18446744073709551615", 0, UINT64_MAX, NUM_OK, UINT64_MAX },
		{ "18446744073709551615.5", 0, UINT64_MAX, NUM_RANGE, 77 },
		{ "18446744073709.6", 6, UINT64_MAX, NUM_RANGE, 77 },
		{ ".", 6, 9000000, NUM_INVALID, 77 },
		{ "+.", 6, 9000000, NUM_INVALID, 77 },
		{ "1.5.2", 6, 9000000, NUM_INVALID, 77 },
		{ "1,5", 6, 9000000, NUM_INVALID, 77 },
		{ "1e3", 6, 9000000, NUM_INVALID, 77 },
		{ "", 6, 9000000, NUM_EMPTY, 77 },
		{ "-1.5", 6, 9000000, NUM_NEGATIVE, 77 },
		{ "-x", 6, 9000000, NUM_INVALID, 77 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint64_t out = 77;

		assert_int_equal(num_parse_decimal(rows[i].text, rows[i].decimals, 0, rows[i].max,
						   &out), rows[i].result);
		assert_true(out == rows[i].out);
	}
}

static void scans(void **state)
{
	const char *end = NULL;
	uint64_t u = 0;
	int64_t i = 0;

	(void)state;
	assert_true(num_scan_u64("12/24", 10, &u, &end));
	assert_int_equal(u, 12);
	assert_string_equal(end, "/24");
	assert_true(num_scan_u64("0xffz", 0, &u, &end));
	assert_int_equal(u, 255);
	assert_string_equal(end, "z");
	assert_true(num_scan_u64("0x", 0, &u, &end));
	assert_int_equal(u, 0);
	assert_string_equal(end, "x");
	assert_false(num_scan_u64("x", 10, &u, &end));
	assert_false(num_scan_u64("-1", 10, &u, &end));
	assert_false(num_scan_u64("99999999999999999999", 10, &u, &end));
	assert_true(num_scan_i64("-12abc", 10, &i, &end));
	assert_int_equal(i, -12);
	assert_string_equal(end, "abc");
	assert_false(num_scan_i64("", 10, &i, &end));
}

static void hex_digits(void **state)
{
	static const char digits[] = "0123456789abcdef";

	(void)state;
	for (int i = 0; i < 16; i++)
		assert_int_equal(num_hex_digit(digits[i]), i);
	assert_int_equal(num_hex_digit('A'), 10);
	assert_int_equal(num_hex_digit('F'), 15);
	for (const char *c = "g/:@G`"; *c; c++)
		assert_int_equal(num_hex_digit(*c), -1);
	assert_int_equal(num_hex_digit('\0'), -1);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(unsigned_numbers),
	cmocka_unit_test(signed_numbers),
	cmocka_unit_test(decimals),
	cmocka_unit_test(scans),
	cmocka_unit_test(hex_digits),
};

UNIT_MAIN(tests)
