/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all value types have in common: the next word, the sentence that says what a row takes,
 * words as text again.
 */
#include "config/value.h"

#include <string.h>

#include "config/value_state.h"

/** The type's name with its article. */
static void add_type_name(const struct value_type *type, struct strbuf *out)
{
	bool vowel = type->name[0] && strchr("aeiouAEIOU", type->name[0]);

	if (type == &value_bool || type == &value_tristate)
		strbuf_add(out, type->name);
	else
		strbuf_addf(out, "%s %s", vowel ? "an" : "a", type->name);
}

/** One written unit of a time in words. */
static const char *unit_word(int64_t unit)
{
	switch (unit) {
	case 1000:
		return "microseconds";
	case 1000000:
		return "milliseconds";
	case 60 * INT64_C(1000000000):
		return "minutes";
	default:
		return "seconds";
	}
}

int64_t value_unit(const struct keyword *kw)
{
	if (!kw->type->unit)
		return 1;
	return kw->unit ? kw->unit : kw->type->unit;
}

static void add_range(const struct keyword *kw, struct strbuf *out)
{
	int64_t unit = value_unit(kw);

	if (kw->min || kw->max) {
		strbuf_add(out, " from ");
		value_print_scaled(kw->min, unit, out);
		strbuf_add(out, " to ");
		value_print_scaled(kw->max, unit, out);
	}
	if (kw->type == &value_span)
		strbuf_addf(out, " %s", unit_word(unit));
}

static bool is_number(const struct value_type *type)
{
	static const struct value_type *const numbers[] = {
		&value_u8, &value_u16, &value_u32, &value_u64, &value_i8,
		&value_i16, &value_i32, &value_i64, &value_u32_c, &value_span,
	};

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		if (type == numbers[i])
			return true;
	}
	return false;
}

void value_describe(const struct keyword *kw, struct strbuf *out)
{
	if (kw->type == &value_enum) {
		strbuf_add(out, ((const struct enum_words *)kw->arg)->what);
		return;
	}
	add_type_name(kw->type, out);
	if (is_number(kw->type))
		add_range(kw, out);
}

/** The default of a row as text, if its block has defaults that say it. */
static void add_default(const struct bind *b, const struct keyword *kw, struct strbuf *out)
{
	const struct bind_frame *frame = bind_state_of(b) ? bind_state_of(b)->frame : NULL;
	const struct block_type *type = frame ? frame->table->type : NULL;

	if (kw->default_text) {
		strbuf_addf(out, ", default %s", kw->default_text);
		return;
	}
	if (!type || !type->defaults || !kw->type->print || !kw->type->size ||
	    !is_number(kw->type) || kw->flags & KW_REQUIRED ||
	    kw < type->keywords || kw >= type->keywords + type->n_keywords)
		return;
	strbuf_add(out, ", default ");
	kw->type->print(kw, object_field(type, type->defaults, kw), out);
}

void value_hint(struct bind *b, struct diag *d, const struct keyword *kw)
{
	struct strbuf text = { 0 };

	value_describe(kw, &text);
	add_default(b, kw, &text);
	diag_hint(b->diags, d, "%s takes %s", kw->word, strbuf_text(&text));
	strbuf_fini(&text);
}

void value_report(struct bind *b, const struct keyword *kw, const struct word *word,
		  const char *rule)
{
	struct strbuf text = { 0 };
	char shown[SHOWN_MAX];
	struct diag *d;

	add_type_name(kw->type, &text);
	d = diag_error(b->diags, rule, word->at, "'%s' is not %s",
		       bind_shown(shown, sizeof(shown), word), strbuf_text(&text));
	if (is_number(kw->type))
		value_hint(b, d, kw);
	bind_hint_slip(b, d, word->text);
	strbuf_fini(&text);
}

bool value_is_alone(struct bind *b, const struct keyword *kw, const struct node *node,
		    unsigned next)
{
	const struct bind_state *state = bind_state_of(b);

	if (!(kw->flags & KW_OPTIONAL_ARG))
		return false;
	if (next >= node->n_words)
		return true;
	return state->in_record && bind_find(state->frame->table, node->words[next].text,
					     node->words[next].len) >= 0;
}

const struct word *value_next_word(struct bind *b, const struct keyword *kw, struct node *node,
				   unsigned *next)
{
	struct strbuf text = { 0 };

	if (*next < node->n_words)
		return &node->words[(*next)++];
	value_describe(kw, &text);
	bind_error(b, "missing-argument", node, *next ? *next - 1 : 0, "%s needs %s", kw->word,
		   strbuf_text(&text));
	strbuf_fini(&text);
	return NULL;
}

static bool is_plain(const char *text)
{
	return *text && !strpbrk(text, " \t\v\f\r\n\"{}#!$~@\\");
}

void value_print_word(const char *text, struct strbuf *out)
{
	if (!text)
		return;
	if (is_plain(text)) {
		strbuf_add(out, text);
		return;
	}
	if (!strchr(text, '"') && !strchr(text, '\n')) {
		strbuf_addf(out, "\"%s\"", text);
		return;
	}
	/* Quotes cannot stand in quotes: escape what has a meaning. */
	for (; *text; text++) {
		if (*text == '#' || *text == '!')
			strbuf_add_char(out, '\\');
		strbuf_add_char(out, *text);
	}
}
