/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ~SEQ, ~SEQx and ~LST: the rest of the line once per value, the value in a definition.
 *
 * The definition keeps its last value afterwards.
 */
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "config/expand_state.h"

enum { VARS_MAX = 64 };

struct form {
	const char *word;
	bool list, hex;
};

static const struct form forms[] = {
	{ "~SEQx", false, true },
	{ "~SEQ", false, false },
	{ "~LST", true, false },
};

/** A sequence that is being read and carried out. */
struct sequence {
	struct expand *e;
	struct xline *x;
	const struct form *form;
	size_t from;			/* of the whole, in the line */
	size_t rest;			/* what is repeated */
	struct slice inside;		/* between the parentheses, values put in */
	struct slice vars[VARS_MAX];
	unsigned n_vars;
	const char *at, *end;		/* reading position in ->inside */
};

static const struct form *find_form(const char *text, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		size_t n = strlen(forms[i].word), at = n;

		if (len < n || memcmp(text, forms[i].word, n))
			continue;
		while (at < len && is_blank(text[at]))
			at++;
		if (at < len && text[at] == '(')
			return &forms[i];
	}
	return NULL;
}

size_t sequence_prefix(const char *text, size_t len)
{
	const struct form *form = len > 3 && text[0] == '~' ? find_form(text, len) : NULL;

	return form ? strlen(form->word) : 0;
}

static struct place place_of(const struct sequence *s)
{
	return xline_place(s->x, s->from, s->rest - s->from);
}

static void report(const struct sequence *s, const char *what)
{
	struct strbuf text = { 0 };
	struct diag *d;

	strbuf_addf(&text, "%s: %s", s->form->word, what);
	d = expand_error(s->e, s->x, "bad-sequence", place_of(s), strbuf_text(&text));
	if (s->form->list)
		diag_hint(s->e->diags, d,
			  "~LST(VAR, VALUE, ...) or ~LST({VAR1, VAR2}, {A, B}, ...)");
	else
		diag_hint(s->e->diags, d, "%s(VAR, [START,] [STEP,] END)", s->form->word);
	strbuf_fini(&text);
}

static void skip_blanks(struct sequence *s)
{
	while (s->at < s->end && is_blank(*s->at))
		s->at++;
}

/** Move over @c and the blanks around it, if it is there. */
static bool take(struct sequence *s, char c)
{
	skip_blanks(s);
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	skip_blanks(s);
	return true;
}

/** A value: up to a blank, ',' or '}'. May be empty. */
static struct slice take_value(struct sequence *s)
{
	struct slice value = { s->at, 0 };

	while (s->at < s->end && !is_blank(*s->at) && *s->at != ',' && *s->at != '}')
		s->at++;
	value.len = (size_t)(s->at - value.text);
	skip_blanks(s);
	return value;
}

/** "VAR" or "{VAR1, VAR2}". */
static bool read_vars(struct sequence *s)
{
	bool several = s->form->list && take(s, '{');

	do {
		struct slice name = take_value(s);

		if (!name.len || name_length(name.text, name.len) != name.len)
			return false;
		if (s->n_vars == VARS_MAX)
			return false;
		s->vars[s->n_vars++] = name;
	} while (several && take(s, ','));
	return !several || take(s, '}');
}

static void set_var(const struct sequence *s, unsigned i, const char *text, size_t len)
{
	struct definition *d = define_set(s->e, s->vars[i], place_of(s));

	strbuf_add_bytes(&d->value, text, len);
	s->e->bytes += d->value.cap;
}

/** The rest of the line with the values that are set. */
static bool repeat(const struct sequence *s)
{
	struct xline rest;

	if (!expand_step(s->e, 2))
		return false;
	xline_tail(s->x, s->rest, &rest);
	expand_line(s->e, &rest);
	return !s->e->exhausted;
}

static void run_numbers(struct sequence *s, int64_t first, int64_t step, int64_t last)
{
	int64_t value = first;

	while (step > 0 ? value <= last : value >= last) {
		char text[32];
		int len = snprintf(text, sizeof(text), s->form->hex ? "%llx" : "%lld",
				   (long long)value);

		set_var(s, 0, text, (size_t)len);
		if (!repeat(s) || add_overflows(value, step, &value))
			return;
	}
}

/** One number of the list; false if it is none. */
static bool take_number(struct sequence *s, int64_t *out)
{
	struct slice text = take_value(s);
	char buffer[64];

	if (!text.len || text.len >= sizeof(buffer))
		return false;
	memcpy(buffer, text.text, text.len);
	buffer[text.len] = '\0';
	return num_parse_i64(buffer, 0, INT64_MIN, INT64_MAX, out) == NUM_OK;
}

static void sequence_of_numbers(struct sequence *s)
{
	int64_t n[3], first = 1, step, last;
	unsigned count = 0;

	while (count < 3 && take(s, ',')) {
		if (!take_number(s, &n[count++])) {
			report(s, "not a number");
			return;
		}
	}
	if (!count || s->at != s->end) {
		report(s, count ? "too many numbers" : "numbers are missing");
		return;
	}
	last = n[count - 1];
	if (count > 1)
		first = n[0];
	else if (last < 0)
		first = -1;
	step = count == 3 ? n[1] : first <= last ? 1 : -1;
	if (!step || (first < last && step < 0) || (first > last && step > 0))
		report(s, "the step never leads to the end");
	else if (s->form->hex && (first < 0 || last < 0))
		report(s, "hexadecimal numbers cannot be negative");
	else
		run_numbers(s, first, step, last);
}

/** One set of values into the variables; false if there are too many. */
static bool take_set(struct sequence *s)
{
	bool braces = take(s, '{');
	unsigned i = 0;

	do {
		struct slice value = take_value(s);

		if (i == s->n_vars)
			return false;
		set_var(s, i++, value.text, value.len);
	} while (braces && take(s, ','));
	while (i < s->n_vars)
		set_var(s, i++, "", 0);
	return !braces || take(s, '}');
}

static void sequence_of_values(struct sequence *s)
{
	while (take(s, ',')) {
		if (!take_set(s)) {
			report(s, "a set has more values than there are variables");
			return;
		}
		if (!repeat(s))
			return;
	}
	if (s->at != s->end)
		report(s, "values are separated by ','");
}

/** The text between the parentheses; numbers may be references. */
static struct slice inside_of(struct sequence *s, size_t from, size_t to, struct xline *copy)
{
	struct slice text = { s->x->text + from, to - from };

	if (s->form->list || !text.len || !memchr(text.text, '$', text.len))
		return text;
	xline_tail(s->x, from, copy);
	copy->len = text.len;
	value_substitute(s->e, copy, copy->len);
	return (struct slice){ copy->text, copy->len };
}

void sequence_line(struct expand *e, struct xline *x, size_t from)
{
	const char *open = memchr(x->text + from, '(', x->len - from);
	const char *close = open ? memchr(open, ')', (size_t)(x->text + x->len - open)) : NULL;
	struct sequence s = { .e = e,
			      .x = x,
			      .form = find_form(x->text + from, x->len - from),
			      .from = from,
			      .rest = x->len };
	struct xline copy = { 0 };

	if (!close) {
		report(&s, "')' is missing");
		return;
	}
	s.rest = (size_t)(close - x->text) + 1;
	s.inside = inside_of(&s, (size_t)(open - x->text) + 1, s.rest - 1, &copy);
	s.at = s.inside.text;
	s.end = s.at + s.inside.len;
	skip_blanks(&s);
	if (!read_vars(&s))
		report(&s, "the name of a variable comes first");
	else if (s.form->list)
		sequence_of_values(&s);
	else
		sequence_of_numbers(&s);
	strbuf_fini(&copy.made);
	free(copy.pieces.items);
}
