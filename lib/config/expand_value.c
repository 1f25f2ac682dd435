/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values for references, as late as possible: a value may name others, which are looked up when it
 * is used.
 *
 * A stack of texts is read, the innermost first; a reference pushes its value. A name that is on
 * the stack already would never end: that is reported, with the way round. What cannot be replaced
 * stays as text.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "config/expand_state.h"

enum { PEELED_MAX = 64 };

/** A text that is being read. */
struct frame {
	const char *p, *end;
	const struct definition *definition;	/* NULL: the line itself */
};

struct substitution {
	struct expand *e;
	struct xline *x;
	struct frame frames[EXPAND_DEPTH_MAX + 1];
	unsigned n;
	struct strbuf out;	/* the new text of the line, from its start */
	size_t start;		/* where the part begins */
	size_t cut;		/* where it ended in the old text */
	/* the outermost reference being replaced: */
	size_t ref_len, value_at;
};

bool value_reference(const char *text, size_t len, struct reference *out)
{
	bool braces = len > 1 && text[1] == '{';
	size_t start = braces ? 2 : 1, n, end;

	if (len < 2 || text[0] != '$')
		return false;
	n = name_length(text + start, len - start);
	end = start + n;
	if (!n)
		return false;
	*out = (struct reference){ .len = end, .name = { text + start, n }, .braces = braces };
	if (!braces)
		return end == len || (text[end] && strchr(" \t,)", text[end]));
	while (end < len && text[end] != '}')
		end++;
	if (end == len)
		return false;
	out->args = (struct slice){ text + start + n, end - start - n };
	out->len = end + 1;
	/* Arguments are set off by a blank. */
	return !out->args.len || out->args.text[0] == ' ' || out->args.text[0] == '\t';
}

static struct frame *top(struct substitution *s)
{
	return &s->frames[s->n - 1];
}

static void add(struct substitution *s, const char *text, size_t len)
{
	strbuf_add_bytes(&s->out, text, len);
	(void)expand_step(s->e, len / 16 + 1);
	if (s->out.len > EXPAND_LINE_MAX && s->out.len > s->x->len)
		s->e->exhausted = true;
}

/** Is the place where the output ends inside quotes? */
static bool in_quotes(const struct substitution *s)
{
	return s->out.data && bytes_count(s->out.data + s->start, s->out.len - s->start, '"') & 1;
}

/** The place of the reference that is being read, or of the one in the line that led to it. What
 *  comes before it is in the output already. */
static struct place place_of(const struct substitution *s, size_t len)
{
	if (s->n > 1)
		return xline_place(s->x, s->value_at, s->ref_len);
	return xline_place(s->x, s->out.len, len);
}

/** A reference in the line itself begins; its value will be one piece. */
static void begin_piece(struct substitution *s, size_t len)
{
	if (s->n > 1)
		return;
	s->ref_len = len;
	s->value_at = s->out.len;
}

static void end_piece(struct substitution *s, uint32_t definition)
{
	struct xline *x = s->x;

	if (s->n > 1 || x->coarse)
		return;
	xline_add_piece(&x->pieces, (struct made_piece){
					    .gap = (uint32_t)(s->value_at - x->pieces_end),
					    .written = (uint32_t)s->ref_len,
					    .value = (uint32_t)(s->out.len - s->value_at),
					    .definition = definition });
	x->pieces_end = s->out.len;
}

/** Keep the reference as text, so that the lexer drops its statement; already reported. */
static void keep_broken(struct substitution *s, size_t len)
{
	const char *p = top(s)->p;

	if (in_quotes(s)) {
		add(s, p, len);
	} else {
		begin_piece(s, len);
		strbuf_add_char(&s->out, EXPAND_BROKEN);
		for (size_t i = 0; i < len; i++) {
			if (p[i] != '{' && p[i] != '}')
				strbuf_add_char(&s->out, p[i]);
		}
		end_piece(s, UINT32_MAX);
	}
	top(s)->p += len;
}

static void keep_text(struct substitution *s, size_t len)
{
	const char *p = top(s)->p;

	top(s)->p += len;
	add(s, p, len);
}

/** Does the text before the reference end a word? */
static bool begins_word(const struct substitution *s)
{
	return s->out.len == s->start || is_blank(s->out.data[s->out.len - 1]);
}

/** "$NAME = VALUE": a definition, but for the blank. */
static bool is_blank_definition(struct substitution *s, const struct reference *ref)
{
	const char *p = top(s)->p + ref->len;

	while (p < top(s)->end && is_blank(*p))
		p++;
	return s->out.len == s->start && p < top(s)->end && *p == '=';
}

/** A name that is not defined. In quotes it may be meant for a shell. */
static void undefined(struct substitution *s, const struct reference *ref)
{
	bool first = s->out.len == s->start;
	char text[200];
	struct diag *d;

	if (in_quotes(s) || (!ref->braces && !begins_word(s))) {
		keep_text(s, ref->len);
		return;
	}
	(void)snprintf(text, sizeof(text), "'%.*s' is not defined",
		       (int)MIN_OF(ref->len, (size_t)100), top(s)->p);
	if (ref->braces || first) {
		d = expand_error(s->e, s->x, "undefined", place_of(s, ref->len), text);
		if (is_blank_definition(s, ref))
			diag_hint(s->e->diags, d,
				  "no blank may stand before the '=' of a definition");
		keep_broken(s, ref->len);
		return;
	}
	d = diag_warning(s->e->diags, "undefined", place_of(s, ref->len), "%s", text);
	diag_hint(s->e->diags, d, "it is taken as plain text");
	keep_text(s, ref->len);
}

/** "$NAME" that ends in the middle of a word is text; if the name exists that may surprise. */
static void not_reference(struct substitution *s)
{
	const char *p = top(s)->p;
	size_t left = (size_t)(top(s)->end - p);
	const char *close = left > 1 && p[1] == '{' ? memchr(p, '}', left) : NULL;
	size_t n = left > 1 ? name_length(p + 1, left - 1) : 0;
	char text[200];

	if (close && !in_quotes(s)) {
		(void)snprintf(text, sizeof(text), "'%.*s' is not a reference",
			       (int)MIN_OF(close - p + 1, 100), p);
		expand_error(s->e, s->x, "bad-reference", place_of(s, (size_t)(close - p + 1)),
			     text);
		keep_broken(s, (size_t)(close - p + 1));
		return;
	}
	if (n && define_find(s->e, (struct slice){ p + 1, n }))
		diag_note(s->e->diags, "not-replaced", place_of(s, n + 1),
			  "'$%.*s' is not replaced here: write ${%.*s}", (int)MIN_OF(n, 100u),
			  p + 1, (int)MIN_OF(n, 100u), p + 1);
	keep_text(s, 1);
}

/** The first byte behind the innermost text, NUL at the end of the line. */
static char next_byte(const struct substitution *s)
{
	for (unsigned i = s->n - 1; i-- > 0;) {
		if (s->frames[i].p < s->frames[i].end)
			return *s->frames[i].p;
	}
	return s->cut < s->x->len ? s->x->text[s->cut] : '\0';
}

/** Is the reference of that length the last thing on the line? */
static bool is_last(const struct substitution *s, size_t len)
{
	for (unsigned i = 0; i < s->n; i++) {
		const char *p = s->frames[i].p + (i + 1 == s->n ? len : 0);

		for (; p < s->frames[i].end; p++) {
			if (!is_blank(*p))
				return false;
		}
	}
	return s->cut == s->x->len;
}

static bool push(struct substitution *s, const struct definition *definition, struct slice text,
		 const struct reference *ref)
{
	struct place at = place_of(s, ref->len);

	if (!expand_enter(s->e, s->x, definition, at)) {
		keep_broken(s, ref->len);
		return false;
	}
	begin_piece(s, ref->len);
	top(s)->p += ref->len;
	s->frames[s->n++] = (struct frame){ text.text, text.text + text.len, definition };
	return true;
}

static void pop(struct substitution *s)
{
	const struct definition *definition = top(s)->definition;

	s->n--;
	if (!definition)
		return;
	expand_leave(s->e);
	end_piece(s, definition->index);
}

static struct place use_of(const struct xline *x, struct place at)
{
	return x->use.line ? x->use : at;
}

/** A definition of several lines: the first joins this line, the others follow. */
static void push_lines(struct substitution *s, struct definition *definition,
		       const struct reference *ref)
{
	struct xline *x = s->x;

	if (!is_last(s, ref->len) || x->rest) {
		struct diag *d = expand_error(s->e, x, "not-last", place_of(s, ref->len),
					      "a definition of several lines must be the last "
					      "thing on the line");

		diag_see(s->e->diags, d, definition->at, "defined here");
		keep_broken(s, ref->len);
		return;
	}
	x->rest_from = 1;
	x->rest_at = place_of(s, ref->len);
	x->rest_use = use_of(x, x->rest_at);
	if (push(s, definition,
		 definition->n_lines ? definition->lines[0].text : (struct slice){ "", 0 }, ref))
		x->rest = definition;
}

static void put_builtin(struct substitution *s, const struct reference *ref)
{
	const char *wrong = NULL;
	struct strbuf value = { 0 };

	if (!builtin_value(s->e, ref, &value, &wrong)) {
		undefined(s, ref);
	} else if (wrong) {
		expand_error(s->e, s->x, "bad-reference", place_of(s, ref->len), wrong);
		keep_broken(s, ref->len);
	} else {
		begin_piece(s, ref->len);
		top(s)->p += ref->len;
		add(s, strbuf_text(&value), value.len);
		end_piece(s, UINT32_MAX);
	}
	strbuf_fini(&value);
}

/** The innermost text goes on with '$'. */
static void put_reference(struct substitution *s)
{
	struct frame *frame = top(s);
	struct definition *definition;
	struct reference ref;

	if (!value_reference(frame->p, (size_t)(frame->end - frame->p), &ref) ||
	    (!ref.braces && frame->p + ref.len == frame->end && next_byte(s) &&
	     !strchr(" \t,)", next_byte(s)))) {
		not_reference(s);
		return;
	}
	definition = ref.args.len ? NULL : define_find(s->e, ref.name);
	if (!definition)
		put_builtin(s, &ref);
	else if (definition->lines)
		push_lines(s, definition, &ref);
	else
		(void)push(s, definition,
			   (struct slice){ strbuf_text(&definition->value),
					   definition->value.len },
			   &ref);
}

/** Read the stack of texts to its end. */
static void run(struct substitution *s)
{
	while (s->n && !s->e->exhausted) {
		struct frame *frame = top(s);
		size_t left = (size_t)(frame->end - frame->p);
		const char *dollar = left ? memchr(frame->p, '$', left) : NULL;
		size_t plain = dollar ? (size_t)(dollar - frame->p) : left;

		add(s, frame->p, plain);
		frame->p += plain;
		if (dollar)
			put_reference(s);
		else
			pop(s);
	}
	while (s->n)
		pop(s);
}

/** The line's text is @text from now on. */
static void replace_text(struct xline *x, struct strbuf *text)
{
	strbuf_fini(&x->made);
	x->made = *text;
	x->text = strbuf_text(&x->made);
	x->len = x->made.len;
	x->is_made = true;
}

void value_substitute(struct expand *e, struct xline *x, size_t cut)
{
	struct substitution s = { .e = e, .x = x, .n = 1, .start = x->clean, .cut = cut };
	const char *end = x->text + cut;

	s.frames[0] = (struct frame){ x->text + x->clean, end, NULL };
	strbuf_add_bytes(&s.out, x->text, x->clean);
	run(&s);
	x->clean = s.out.len;
	strbuf_add_bytes(&s.out, end, x->len - cut);
	replace_text(x, &s.out);
}

/** Does the value begin with a step that comes before values are put in? Looks through leading
 *  references. */
static bool leads_to_step(const struct expand *e, const struct definition *definition)
{
	for (unsigned i = 0; definition && !definition->lines && i < PEELED_MAX; i++) {
		const char *text = strbuf_text(&definition->value);
		struct reference ref;

		while (is_blank(*text))
			text++;
		if (*text == '@' || define_prefix(text, strlen(text)) ||
		    sequence_prefix(text, strlen(text)))
			return true;
		if (!value_reference(text, strlen(text), &ref))
			return false;
		definition = define_find(e, ref.name);
	}
	return false;
}

/** Text of the line up to @from, the value, and what follows the reference. */
static void peel_value(struct xline *x, size_t from, size_t ref_len,
		       const struct definition *definition)
{
	struct strbuf text = { 0 };

	if (!x->coarse) {
		struct place whole = xline_place(x, 0, x->len);

		x->written = whole.length;
	}
	strbuf_add_bytes(&text, x->text, from);
	strbuf_add_bytes(&text, strbuf_text(&definition->value), definition->value.len);
	strbuf_add_bytes(&text, x->text + from + ref_len, x->len - from - ref_len);
	x->coarse = true;
	x->written_by = definition->index;
	replace_text(x, &text);
}

bool value_peel(struct expand *e, struct xline *x, size_t from)
{
	struct definition *definition;
	struct reference ref;

	if (!value_reference(x->text + from, x->len - from, &ref) || ref.args.len ||
	    x->n_peeled++ == PEELED_MAX)
		return false;
	definition = define_find(e, ref.name);
	if (!definition)
		return false;
	if (definition->lines) {
		if (trimmed_length(x->text + from, x->len - from) != ref.len)
			return false;
		xline_emit(e, x, from);
		x->rest = definition;
		x->rest_from = 0;
		x->rest_at = xline_place(x, from, ref.len);
		x->rest_use = use_of(x, x->rest_at);
		x->done = x->clean = x->len = from;
		return true;
	}
	if (!leads_to_step(e, definition))
		return false;
	peel_value(x, from, ref.len, definition);
	return true;
}
