/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text to number, strictly: the whole word is the number or it is an error. No locale.
 */
#pragma once

#include "base/attr.h"

enum num_result {
	NUM_OK,
	NUM_EMPTY,
	NUM_INVALID,	/* not a number, or something follows it */
	NUM_NEGATIVE,	/* a minus sign where only positive numbers are allowed */
	NUM_RANGE,	/* outside min..max or the type */
	NUM_DECIMALS,	/* more decimals than kept: *out is set, rounded half up */
};

/** @base 10, 16 or 0 (0x.., 0.. as in C). Leading blanks and '+' are allowed. *out is written on
 *  NUM_OK, and on NUM_RANGE when the number fits the type (so a message can show it). */
enum num_result num_parse_u64(const char *text, unsigned base, uint64_t min, uint64_t max,
			      uint64_t *out);
enum num_result num_parse_i64(const char *text, unsigned base, int64_t min, int64_t max,
			      int64_t *out);
/** Fixed point: "1.5" with @decimals 6 gives 1500000; "5." and ".5" are numbers. @min and @max
 *  are scaled too. */
enum num_result num_parse_decimal(const char *text, unsigned decimals, uint64_t min, uint64_t max,
				  uint64_t *out);
/** The number that @text begins with and where it ends; false if it does not begin with one. */
bool num_scan_u64(const char *text, unsigned base, uint64_t *out, const char **out_end);
/** As num_scan_u64() with a sign. */
bool num_scan_i64(const char *text, unsigned base, int64_t *out, const char **out_end);
/** The value of a hexadecimal digit of either case, -1 when @c is none. */
int num_hex_digit(char c);
