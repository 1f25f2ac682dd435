/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keyword tables as a manual: one section per block, one item per keyword, in mdoc(7).
 */
#include "config/refdoc.h"

#include <string.h>

#include "config/refdoc_state.h"
#include "config/value_state.h"

void refdoc_synopsis(const struct keyword *kw, struct strbuf *out)
{
	const struct block_type *inner = bind_block_type(kw);
	bool record = kw->type == &value_record;

	if (kw->synopsis) {
		strbuf_add(out, kw->synopsis);
		return;
	}
	if (inner && inner->head_synopsis && kw->type != &value_records)
		strbuf_addf(out, "%s%s", inner->head_synopsis, record ? "" : " ");
	if (kw->type->synopsis && !(record && inner && inner->head_synopsis))
		strbuf_add(out, kw->type->synopsis);
}

/** Is there one value whose text says the default? */
static bool has_plain_value(const struct keyword *kw)
{
	return kw->type->size && kw->type->print && kw->type->takes_block == VALUE_NO_BLOCK &&
	       kw->type != &value_words && kw->type != &value_flag && kw->type != &value_tristate &&
	       kw->type != &value_record;
}

static bool is_number(const struct value_type *type)
{
	return type == &value_u8 || type == &value_u16 || type == &value_u32 ||
	       type == &value_u64 || type == &value_i8 || type == &value_i16 ||
	       type == &value_i32 || type == &value_i64 || type == &value_u32_c ||
	       type == &value_span || type == &value_bool || type == &value_enum;
}

/** All bytes zero: no text, no address, nothing to show as a default. */
static bool is_blank(const char *field, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (field[i])
			return false;
	}
	return true;
}

void refdoc_default(const struct block_type *type, const struct keyword *kw, struct strbuf *out)
{
	if (kw->default_text) {
		strbuf_add(out, kw->default_text);
		return;
	}
	if (!type->defaults || kw->flags & KW_REQUIRED || !has_plain_value(kw))
		return;
	const void *field = object_field(type, type->defaults, kw);

	if (is_number(kw->type) || !is_blank(field, kw->type->size))
		kw->type->print(kw, field, out);
}

static bool ends_sentence(const char *text)
{
	return (text[0] == '.' || text[0] == '?' || text[0] == '!') && text[1] == ' ';
}

/** Text of the tables between macros: each sentence has its line, and none looks like a request. */
static void add_text(struct strbuf *out, const char *text)
{
	bool begins = true;

	for (; *text; text++) {
		if (begins && (*text == '.' || *text == '\''))
			strbuf_add(out, "\\&");
		begins = *text == '\n';
		if (*text == '\\')
			strbuf_add(out, "\\e");
		else
			strbuf_add_char(out, *text);
		if (ends_sentence(text)) {
			strbuf_add_char(out, '\n');
			begins = true;
			text++;
		}
	}
}

/** A text as one argument of a macro. */
static void add_argument(struct strbuf *out, const char *text)
{
	strbuf_add(out, "\"\\&");
	for (; *text; text++) {
		if (*text == '"')
			strbuf_add(out, "\\(dq");
		else if (*text == '\\')
			strbuf_add(out, "\\e");
		else
			strbuf_add_char(out, *text);
	}
	strbuf_add(out, "\"");
}

struct flag_text {
	unsigned flag;
	const char *text;
};

static const struct flag_text flag_texts[] = {
	{ KW_REQUIRED, "Required." },
	{ KW_FIRST_WINS, "The first use counts." },
	{ KW_APPEND, "May be repeated." },
	{ KW_RESTART, "A change restarts the object." },
	{ KW_FIXED, "Cannot be changed by a reload." },
	{ KW_NO_EFFECT, "Has no effect; accepted for compatibility." },
	{ KW_NOT_BUILT, "Not built in." },
};

/** "A number from 1 to 255, default 100." */
static void add_value(struct strbuf *out, const struct block_type *type, const struct keyword *kw)
{
	struct strbuf what = { 0 }, preset = { 0 };

	if (kw->type == &value_flag || kw->type->takes_block != VALUE_NO_BLOCK)
		return;
	value_describe(kw, &what);
	refdoc_default(type, kw, &preset);
	if (what.len && what.data[0] >= 'a' && what.data[0] <= 'z')
		what.data[0] = (char)(what.data[0] - 'a' + 'A');
	add_text(out, strbuf_text(&what));
	if (preset.len) {
		strbuf_add(out, ", default ");
		add_text(out, strbuf_text(&preset));
	}
	strbuf_add(out, ".\n");
	strbuf_fini(&what);
	strbuf_fini(&preset);
}

/** "One of: a, b, c." */
static void add_words(struct strbuf *out, const struct keyword *kw)
{
	const struct enum_words *words = kw->arg;
	const char *before = "One of ";

	if (kw->type != &value_enum)
		return;
	for (size_t i = 0; i < words->n; i++) {
		if (words->words[i].instead)
			continue;
		strbuf_add(out, before);
		add_text(out, words->words[i].word);
		before = ", ";
	}
	strbuf_add(out, ".\n");
}

static void add_keyword(struct strbuf *out, const struct block_type *type,
			const struct keyword *kw)
{
	const struct block_type *inner = bind_block_type(kw);
	struct strbuf synopsis = { 0 };

	refdoc_synopsis(kw, &synopsis);
	strbuf_add(out, ".It Cm ");
	add_argument(out, kw->word);
	if (synopsis.len) {
		strbuf_add(out, " Ar ");
		add_argument(out, strbuf_text(&synopsis));
	}
	strbuf_add_char(out, '\n');
	if (kw->help) {
		add_text(out, kw->help);
		strbuf_add_char(out, '\n');
	}
	add_value(out, type, kw);
	add_words(out, kw);
	if (inner)
		strbuf_addf(out, "See section\n.Sx %s .\n", inner->name);
	for (size_t i = 0; i < ARRAY_LEN(flag_texts); i++) {
		if (kw->flags & flag_texts[i].flag)
			strbuf_addf(out, "%s\n", flag_texts[i].text);
	}
	strbuf_fini(&synopsis);
}

/** Words of old configurations, in one paragraph. */
static void add_old_words(struct strbuf *out, const struct block_type *type)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < type->n_keywords; i++) {
		const struct keyword *kw = &type->keywords[i];

		if (!refdoc_is_old(kw))
			continue;
		strbuf_add(out, n++ ? ",\n" : ".Pp\nAlso understood:\n");
		strbuf_addf(out, "%s", kw->word);
		if (kw->flags & KW_OBSOLETE)
			strbuf_add(out, " (no effect)");
		else if (kw->instead)
			strbuf_addf(out, " (now %s)", kw->instead);
	}
	if (n)
		strbuf_add(out, ".\n");
}

static void add_section(struct strbuf *out, const struct block_type *type)
{
	strbuf_addf(out, ".Ss %s\n", type->name);
	if (type->help) {
		add_text(out, type->help);
		strbuf_add_char(out, '\n');
	}
	if (type->form == BLOCK_RECORD && type->head_synopsis) {
		strbuf_add(out, "Each line:\n.Ar ");
		add_argument(out, type->head_synopsis);
		strbuf_add(out, type->n_keywords ? "\nand options:\n" : "\n");
	}
	if (type->n_keywords)
		strbuf_add(out, ".Bl -tag -width Ds\n");
	for (uint32_t i = 0; i < type->n_keywords; i++) {
		if (!refdoc_is_old(&type->keywords[i]))
			add_keyword(out, type, &type->keywords[i]);
	}
	if (type->n_keywords)
		strbuf_add(out, ".El\n");
	add_old_words(out, type);
}

void refdoc_render(const struct block_type *const *roots, size_t n, enum refdoc_format format,
		   struct strbuf *out)
{
	struct block_walk walk;

	block_walk(&walk, roots, n);
	switch (format) {
	case REFDOC_MDOC:
		for (size_t i = 0; i < walk.n; i++)
			add_section(out, walk.types[i]);
		break;
	case REFDOC_VIM:
		refdoc_vim(&walk, out);
		break;
	case REFDOC_JSON:
		refdoc_json(&walk, out);
		break;
	}
}
