/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers, spans of time, flags, booleans, enumerations.
 *
 * A number is a whole word in decimal; what is out of range is not used.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "config/value_state.h"

enum { SPAN_DECIMALS = 6, SPAN_SCALE = 1000000 };

/** Length of the number that was meant: all but a sign or a unit behind it. 0: none. */
static size_t number_meant(const char *text)
{
	const char *end;
	uint64_t n;

	if (!num_scan_u64(text, 10, &n, &end) || strspn(end, ";,smh%") != strlen(end))
		return 0;
	return (size_t)(end - text);
}

static struct diag *report_form(struct bind *b, enum num_result result, const struct word *word,
				const char *what)
{
	size_t meant = number_meant(word->text);
	char shown[SHOWN_MAX];
	struct diag *d;

	bind_shown(shown, sizeof(shown), word);
	if (result == NUM_NEGATIVE)
		return diag_error(b->diags, "negative-number", word->at,
				  "%s must not be negative: %s", what, shown);
	if (meant)
		return diag_error(b->diags, "bad-number", word->at,
				  "'%s' is not a number; did you mean '%.*s'?", shown,
				  (int)MIN_OF(meant, (size_t)20), word->text);
	d = diag_error(b->diags, "bad-number", word->at, "'%s' is not a number", shown);
	bind_hint_slip(b, d, word->text);
	return d;
}

static struct diag *report_range(struct bind *b, const struct word *word, const char *what,
				 const char *range)
{
	char shown[SHOWN_MAX];

	return diag_error(b->diags, "out-of-range", word->at, "%s %s is out of range %s", what,
			  bind_shown(shown, sizeof(shown), word), range);
}

/** Read an unsigned number; on an error the diagnostic, for a hint. */
static struct diag *read_unsigned(struct bind *b, const char *what, const struct word *word,
				  const uint64_t range[2], uint64_t *out)
{
	uint64_t value;
	enum num_result result = num_parse_u64(word->text, 10, range[0], range[1], &value);
	char text[64];

	if (result == NUM_OK) {
		*out = value;
		return NULL;
	}
	if (result != NUM_RANGE)
		return report_form(b, result, word, what);
	(void)snprintf(text, sizeof(text), "%llu-%llu", (unsigned long long)range[0],
		       (unsigned long long)range[1]);
	return report_range(b, word, what, text);
}

static struct diag *read_signed(struct bind *b, const char *what, const struct word *word,
				const int64_t range[2], int64_t *out)
{
	int64_t value;
	enum num_result result = num_parse_i64(word->text, 10, range[0], range[1], &value);
	char text[64];

	if (result == NUM_OK) {
		*out = value;
		return NULL;
	}
	if (result != NUM_RANGE)
		return report_form(b, result, word, what);
	(void)snprintf(text, sizeof(text), "%lld to %lld", (long long)range[0],
		       (long long)range[1]);
	return report_range(b, word, what, text);
}

bool value_read_u64(struct bind *b, const char *what, const struct word *word, uint64_t min,
		    uint64_t max, uint64_t *out)
{
	return !read_unsigned(b, what, word, (uint64_t[]){ min, max }, out);
}

bool value_read_i64(struct bind *b, const char *what, const struct word *word, int64_t min,
		    int64_t max, int64_t *out)
{
	return !read_signed(b, what, word, (int64_t[]){ min, max }, out);
}

void value_print_scaled(int64_t value, int64_t unit, struct strbuf *out)
{
	uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	uint64_t whole = size / (uint64_t)unit, rest = size % (uint64_t)unit;

	strbuf_addf(out, "%s%llu", value < 0 ? "-" : "", (unsigned long long)whole);
	if (!rest)
		return;
	strbuf_add_char(out, '.');
	while (rest) {
		rest *= 10;
		strbuf_add_char(out, (char)('0' + rest / (uint64_t)unit));
		rest %= (uint64_t)unit;
	}
}

/** Millionths of the unit to nanoseconds; false if they do not fit. */
static bool scale_span(uint64_t millionths, int64_t unit, int64_t *out)
{
	uint64_t whole, part = millionths % SPAN_SCALE * (uint64_t)unit / SPAN_SCALE;

	if (mul_overflows(millionths / SPAN_SCALE, (uint64_t)unit, &whole) ||
	    add_overflows(whole, part, &whole) || whole > INT64_MAX)
		return false;
	*out = (int64_t)whole;
	return true;
}

static struct diag *report_span_range(struct bind *b, const char *what, const struct word *word,
				      const int64_t range[2], int64_t unit)
{
	struct strbuf text = { 0 };
	struct diag *d;

	value_print_scaled(range[0], unit, &text);
	strbuf_add(&text, "-");
	if (range[1] == INT64_MAX)
		strbuf_add(&text, "...");
	else
		value_print_scaled(range[1], unit, &text);
	d = report_range(b, word, what, strbuf_text(&text));
	strbuf_fini(&text);
	return d;
}

static void report_rounded(struct bind *b, const struct word *word, int64_t ns, int64_t unit)
{
	struct strbuf text = { 0 };

	value_print_scaled(ns, unit, &text);
	diag_warning(b->diags, "rounded", word->at, "%s has more than %d decimals: rounded to %s",
		     word->text, SPAN_DECIMALS, strbuf_text(&text));
	strbuf_fini(&text);
}

/** Range in ns, then the unit. */
static struct diag *read_span(struct bind *b, const char *what, const struct word *word,
			      const int64_t range[3], int64_t *out)
{
	uint64_t millionths;
	enum num_result result = num_parse_decimal(word->text, SPAN_DECIMALS, 0, UINT64_MAX,
						   &millionths);
	int64_t ns;

	if (result == NUM_RANGE)
		return report_span_range(b, what, word, range, range[2]);
	if (result != NUM_OK && result != NUM_DECIMALS)
		return report_form(b, result, word, what);
	if (!scale_span(millionths, range[2], &ns) || ns < range[0] || ns > range[1])
		return report_span_range(b, what, word, range, range[2]);
	if (result == NUM_DECIMALS)
		report_rounded(b, word, ns, range[2]);
	*out = ns;
	return NULL;
}

/** The row's range within the type's. */
static void row_range(const struct keyword *kw, int64_t type_min, int64_t type_max,
		      int64_t range[2])
{
	bool given = kw->min || kw->max;

	range[0] = given ? kw->min : type_min;
	range[1] = given && kw->max >= kw->min ? kw->max : type_max;
}

/** A signed number of the row from the statement; bytes are stored by the caller. */
static bool parse_signed(struct bind *b, const struct keyword *kw, struct node *node,
			 unsigned *next, int64_t range[2])
{
	const struct word *word;
	struct diag *d;

	if (value_is_alone(b, kw, node, *next)) {
		range[0] = kw->alone;
		return true;
	}
	word = value_next_word(b, kw, node, next);
	if (!word)
		return false;
	d = read_signed(b, kw->word, word, range, &range[0]);
	if (d)
		value_hint(b, d, kw);
	return !d;
}

static bool parse_unsigned(struct bind *b, const struct keyword *kw, struct node *node,
			   unsigned *next, uint64_t range[2])
{
	const struct word *word;
	struct diag *d;

	if (value_is_alone(b, kw, node, *next)) {
		range[0] = (uint64_t)kw->alone;
		return true;
	}
	word = value_next_word(b, kw, node, next);
	if (!word)
		return false;
	d = read_unsigned(b, kw->word, word, range, &range[0]);
	if (d)
		value_hint(b, d, kw);
	return !d;
}

#define UNSIGNED_TYPE(suffix, ctype, type_max)                                                   \
	static bool parse_##suffix(struct bind *b, const struct keyword *kw, struct node *node,  \
				   unsigned *next, void *field)                                  \
	{                                                                                        \
		bool given = kw->min || kw->max;                                                 \
		uint64_t range[2] = { given ? (uint64_t)kw->min : 0,                             \
				      given && kw->max >= kw->min ? (uint64_t)kw->max :          \
								    (type_max) };                \
		if (!parse_unsigned(b, kw, node, next, range))                                   \
			return false;                                                            \
		*(ctype *)field = (ctype)range[0];                                               \
		return true;                                                                     \
	}                                                                                        \
	static void print_##suffix(const struct keyword *kw, const void *field,                  \
				   struct strbuf *out)                                           \
	{                                                                                        \
		(void)kw;                                                                        \
		strbuf_addf(out, "%llu", (unsigned long long)*(const ctype *)field);             \
	}                                                                                        \
	const struct value_type value_##suffix = { .name = "number",                             \
						   .size = sizeof(ctype),                        \
						   .parse = parse_##suffix,                      \
						   .print = print_##suffix,                      \
						   .synopsis = "N" };

#define SIGNED_TYPE(suffix, ctype, type_min, type_max)                                           \
	static bool parse_##suffix(struct bind *b, const struct keyword *kw, struct node *node,  \
				   unsigned *next, void *field)                                  \
	{                                                                                        \
		int64_t range[2];                                                                \
												 \
		row_range(kw, type_min, type_max, range);                                        \
		if (!parse_signed(b, kw, node, next, range))                                     \
			return false;                                                            \
		*(ctype *)field = (ctype)range[0];                                               \
		return true;                                                                     \
	}                                                                                        \
	static void print_##suffix(const struct keyword *kw, const void *field,                  \
				   struct strbuf *out)                                           \
	{                                                                                        \
		(void)kw;                                                                        \
		strbuf_addf(out, "%lld", (long long)*(const ctype *)field);                      \
	}                                                                                        \
	const struct value_type value_##suffix = { .name = "number",                             \
						   .size = sizeof(ctype),                        \
						   .parse = parse_##suffix,                      \
						   .print = print_##suffix,                      \
						   .synopsis = "N" };

UNSIGNED_TYPE(u8, uint8_t, UINT8_MAX)
UNSIGNED_TYPE(u16, uint16_t, UINT16_MAX)
UNSIGNED_TYPE(u32, uint32_t, UINT32_MAX)
UNSIGNED_TYPE(u64, uint64_t, UINT64_MAX)
SIGNED_TYPE(i8, int8_t, INT8_MIN, INT8_MAX)
SIGNED_TYPE(i16, int16_t, INT16_MIN, INT16_MAX)
SIGNED_TYPE(i32, int32_t, INT32_MIN, INT32_MAX)
SIGNED_TYPE(i64, int64_t, INT64_MIN, INT64_MAX)

static bool parse_u32_c(struct bind *b, const struct keyword *kw, struct node *node,
			unsigned *next, void *field)
{
	const struct word *word;
	int64_t range[2];
	uint64_t value;

	row_range(kw, 0, UINT32_MAX, range);
	if (value_is_alone(b, kw, node, *next)) {
		*(uint32_t *)field = (uint32_t)kw->alone;
		return true;
	}
	word = value_next_word(b, kw, node, next);
	if (!word)
		return false;
	if (num_parse_u64(word->text, 0, (uint64_t)range[0], (uint64_t)range[1], &value)) {
		value_report(b, kw, word, "bad-number");
		return false;
	}
	*(uint32_t *)field = (uint32_t)value;
	return true;
}

const struct value_type value_u32_c = { .name = "number (0x.. and 0.. allowed)",
					.size = sizeof(uint32_t),
					.parse = parse_u32_c,
					.print = print_u32,
					.synopsis = "N" };

static bool parse_span(struct bind *b, const struct keyword *kw, struct node *node, unsigned *next,
		       void *field)
{
	int64_t range[3] = { 0, 0, value_unit(kw) };
	const struct word *word;
	kspan *span = field;
	struct diag *d;

	row_range(kw, 0, INT64_MAX, range);
	if (value_is_alone(b, kw, node, *next)) {
		span->ns = kw->alone;
		return true;
	}
	word = value_next_word(b, kw, node, next);
	if (!word)
		return false;
	d = read_span(b, kw->word, word, range, &span->ns);
	if (d)
		value_hint(b, d, kw);
	return !d;
}

static void print_span(const struct keyword *kw, const void *field, struct strbuf *out)
{
	value_print_scaled(((const kspan *)field)->ns, value_unit(kw), out);
}

const struct value_type value_span = { .name = "time",
				       .size = sizeof(kspan),
				       .unit = INT64_C(1000000000),
				       .parse = parse_span,
				       .print = print_span,
				       .synopsis = "SECONDS" };
