/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text to number, strictly. Every form is read by scan_digits(), which knows no locale and says
 * when the number does not fit.
 */
#include "base/num.h"

enum { NO_DIGIT = 99 };

/** What the text begins with. */
struct scanned {
	uint64_t value;
	const char *end; /* behind the last digit */
	bool minus;
	bool found;    /* at least one digit */
	bool too_big;  /* does not fit 64 bits */
};

static unsigned digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return NO_DIGIT;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static const char *skip_blanks(const char *text)
{
	while (is_blank(*text))
		text++;
	return text;
}

/** Digits of @base from *at on, added to @s. */
static void scan_digits(const char *at, unsigned base, struct scanned *s)
{
	for (; digit_of(*at) < base; at++) {
		s->found = true;
		if (mul_overflows(s->value, base, &s->value) ||
		    add_overflows(s->value, digit_of(*at), &s->value))
			s->too_big = true;
	}
	s->end = at;
}

static struct scanned scan(const char *text, unsigned base)
{
	struct scanned s = { 0 };
	const char *at = skip_blanks(text);
	bool hex;

	s.minus = *at == '-';
	if (*at == '-' || *at == '+')
		at++;
	hex = at[0] == '0' && (at[1] == 'x' || at[1] == 'X') && digit_of(at[2]) < 16;
	if (hex && (base == 0 || base == 16)) {
		at += 2;
		base = 16;
	} else if (base == 0) {
		base = *at == '0' ? 8 : 10;
	}
	scan_digits(at, base, &s);
	return s;
}

/** Everything that is wrong before the value matters. */
static enum num_result check_form(const char *text, const struct scanned *s)
{
	if (!*skip_blanks(text))
		return NUM_EMPTY;
	if (!s->found || *s->end)
		return NUM_INVALID;
	return NUM_OK;
}

enum num_result num_parse_u64(const char *text, unsigned base, uint64_t min, uint64_t max,
			      uint64_t *out)
{
	struct scanned s = scan(text, base);
	enum num_result result = check_form(text, &s);

	if (result != NUM_OK)
		return result;
	if (s.minus)
		return NUM_NEGATIVE;
	if (s.too_big)
		return NUM_RANGE;
	*out = s.value;
	return s.value < min || s.value > max ? NUM_RANGE : NUM_OK;
}

/** False if sign and value do not fit. */
static bool to_signed(const struct scanned *s, int64_t *out)
{
	uint64_t limit = (uint64_t)INT64_MAX + (s->minus ? 1 : 0);

	if (s->too_big || s->value > limit)
		return false;
	*out = (int64_t)(s->minus ? 0 - s->value : s->value);
	return true;
}

enum num_result num_parse_i64(const char *text, unsigned base, int64_t min, int64_t max,
			      int64_t *out)
{
	struct scanned s = scan(text, base);
	enum num_result result = check_form(text, &s);

	if (result != NUM_OK)
		return result;
	if (!to_signed(&s, out))
		return NUM_RANGE;
	return *out < min || *out > max ? NUM_RANGE : NUM_OK;
}

/** The digits behind the point, scaled, added to @s; true if any but zeros were not kept. */
static bool scan_decimals(const char *at, unsigned decimals, struct scanned *s)
{
	unsigned first_lost = 0, kept = 0;
	bool lost = false;

	for (; kept < decimals; kept++) {
		unsigned digit = digit_of(*at) < 10 ? digit_of(*at++) : 0;

		if (mul_overflows(s->value, 10, &s->value) ||
		    add_overflows(s->value, digit, &s->value))
			s->too_big = true;
	}
	if (digit_of(*at) < 10)
		first_lost = digit_of(*at);
	for (; digit_of(*at) < 10; at++)
		lost |= *at != '0';
	if (first_lost >= 5 && add_overflows(s->value, 1, &s->value))
		s->too_big = true;
	s->end = at;
	return lost;
}

enum num_result num_parse_decimal(const char *text, unsigned decimals, uint64_t min, uint64_t max,
				  uint64_t *out)
{
	const char *at = skip_blanks(text);
	struct scanned s = { .minus = *at == '-' };
	enum num_result result;
	const char *point;
	bool lost;

	if (*at == '-' || *at == '+')
		at++;
	scan_digits(at, 10, &s);
	point = s.end;
	s.found |= *point == '.' && digit_of(point[1]) < 10;
	lost = scan_decimals(*point == '.' ? point + 1 : point, decimals, &s);
	result = check_form(text, &s);
	if (result != NUM_OK)
		return result;
	if (s.minus)
		return NUM_NEGATIVE;
	if (s.too_big)
		return NUM_RANGE;
	*out = s.value;
	if (s.value < min || s.value > max)
		return NUM_RANGE;
	return lost ? NUM_DECIMALS : NUM_OK;
}

bool num_scan_u64(const char *text, unsigned base, uint64_t *out, const char **out_end)
{
	struct scanned s = scan(text, base);

	if (!s.found || s.minus || s.too_big)
		return false;
	*out = s.value;
	*out_end = s.end;
	return true;
}

bool num_scan_i64(const char *text, unsigned base, int64_t *out, const char **out_end)
{
	struct scanned s = scan(text, base);

	if (!s.found || !to_signed(&s, out))
		return false;
	*out_end = s.end;
	return true;
}

int num_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}
