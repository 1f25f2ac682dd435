/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keyword tables for programs: keyword lists of a Vim syntax file, and JSON.
 */
#include <stdlib.h>
#include <string.h>

#include "config/json_text.h"
#include "config/refdoc_state.h"
#include "config/value_state.h"

/** A growing set of words. */
struct words {
	const char **items;
	size_t n, cap;
};

static void add_word(struct words *words, const char *word)
{
	if (words->n == words->cap) {
		words->cap = words->cap ? words->cap * 2 : 256;
		words->items = xrealloc(words->items, words->cap, sizeof(*words->items));
	}
	words->items[words->n++] = word;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/** "syn keyword GROUP word word ..." in lines of bearable length, each word once. */
static void add_group(struct strbuf *out, const char *group, struct words *words)
{
	size_t line = 0;

	qsort(words->items, words->n, sizeof(*words->items), compare);
	for (size_t i = 0; i < words->n; i++) {
		if (i && !strcmp(words->items[i], words->items[i - 1]))
			continue;
		if (!line || out->len - line > 80) {
			if (line)
				strbuf_add_char(out, '\n');
			line = out->len + 1;
			strbuf_addf(out, "syn keyword " PACKAGE_NAME "%s", group);
		}
		strbuf_addf(out, " %s", words->items[i]);
	}
	if (line)
		strbuf_add_char(out, '\n');
	free(words->items);
}

static void add_enum_words(struct words *words, const struct keyword *kw)
{
	const struct enum_words *list = kw->arg;

	for (size_t i = 0; kw->type == &value_enum && i < list->n; i++)
		add_word(words, list->words[i].word);
}

void refdoc_vim(const struct block_walk *walk, struct strbuf *out)
{
	struct words blocks = { 0 }, keywords = { 0 }, options = { 0 }, old = { 0 }, values = { 0 };

	for (size_t i = 0; i < walk->n; i++) {
		const struct block_type *type = walk->types[i];

		for (uint32_t k = 0; k < type->n_keywords; k++) {
			const struct keyword *kw = &type->keywords[k];
			struct words *to = refdoc_is_old(kw)			 ? &old :
					   type->form == BLOCK_RECORD		 ? &options :
					   kw->type->takes_block != VALUE_NO_BLOCK ? &blocks :
										   &keywords;

			add_word(to, kw->word);
			add_enum_words(&values, kw);
		}
	}
	add_group(out, "Block", &blocks);
	add_group(out, "Keyword", &keywords);
	add_group(out, "Option", &options);
	add_group(out, "Value", &values);
	add_group(out, "Old", &old);
}

struct flag_name {
	unsigned flag;
	const char *name;
};

static const struct flag_name flag_names[] = {
	{ KW_REQUIRED, "required" },	 { KW_FIRST_WINS, "first-wins" },
	{ KW_APPEND, "append" },	 { KW_OPTIONAL_ARG, "optional-argument" },
	{ KW_RESTART, "restart" },	 { KW_IDENTITY, "identity" },
	{ KW_FIXED, "fixed" },		 { KW_SECRET, "secret" },
	{ KW_NO_EFFECT, "no-effect" },	 { KW_DEPRECATED, "deprecated" },
	{ KW_ALIAS, "alias" },		 { KW_OBSOLETE, "obsolete" },
	{ KW_NOT_BUILT, "not-built-in" },
};

static void add_flags(struct strbuf *out, unsigned flags)
{
	const char *before = ", \"flags\": [";
	bool any = false;

	for (size_t i = 0; i < ARRAY_LEN(flag_names); i++) {
		if (!(flags & flag_names[i].flag))
			continue;
		strbuf_addf(out, "%s\"%s\"", before, flag_names[i].name);
		before = ", ";
		any = true;
	}
	strbuf_add(out, any ? "]" : "");
}

static void add_choices(struct strbuf *out, const struct keyword *kw)
{
	const struct enum_words *list = kw->arg;

	if (kw->type != &value_enum)
		return;
	strbuf_add(out, ", \"words\": [");
	for (size_t i = 0; i < list->n; i++) {
		strbuf_add(out, i ? ", \"" : "\"");
		json_add_text(out, list->words[i].word);
		strbuf_add(out, "\"");
	}
	strbuf_add(out, "]");
}

/** A member if there is a text. */
static void add_optional(struct strbuf *out, const char *name, const char *text)
{
	if (!text || !*text)
		return;
	strbuf_add(out, ", ");
	json_add_member(out, name, text);
}

/** Ranges of times are in the written unit. */
static void add_range(struct strbuf *out, const struct keyword *kw)
{
	int64_t unit = value_unit(kw);

	if (!kw->min && !kw->max)
		return;
	strbuf_add(out, ", \"min\": ");
	value_print_scaled(kw->min, unit, out);
	strbuf_add(out, ", \"max\": ");
	value_print_scaled(kw->max, unit, out);
}

static void add_keyword(struct strbuf *out, const struct block_type *type,
			const struct keyword *kw)
{
	const struct block_type *inner = bind_block_type(kw);
	struct strbuf synopsis = { 0 }, preset = { 0 };

	refdoc_synopsis(kw, &synopsis);
	refdoc_default(type, kw, &preset);
	strbuf_add(out, "    {");
	json_add_member(out, "word", kw->word);
	add_optional(out, "type", kw->type->name);
	add_optional(out, "arguments", strbuf_text(&synopsis));
	add_range(out, kw);
	add_optional(out, "default", strbuf_text(&preset));
	add_choices(out, kw);
	add_optional(out, "block", inner ? inner->name : NULL);
	add_optional(out, "instead", kw->instead);
	add_optional(out, "json", kw->json);
	add_flags(out, kw->flags);
	add_optional(out, "help", kw->help);
	strbuf_add(out, "}");
	strbuf_fini(&synopsis);
	strbuf_fini(&preset);
}

static void add_block(struct strbuf *out, const struct block_type *type)
{
	strbuf_add(out, "  {");
	json_add_member(out, "name", type->name);
	add_optional(out, "form", type->form == BLOCK_RECORD ? "record" : "keywords");
	add_optional(out, "head", type->head_synopsis);
	add_optional(out, "help", type->help);
	strbuf_add(out, ", \"keywords\": [");
	for (uint32_t i = 0; i < type->n_keywords; i++) {
		strbuf_add(out, i ? ",\n" : "\n");
		add_keyword(out, type, &type->keywords[i]);
	}
	strbuf_add(out, "]}");
}

void refdoc_json(const struct block_walk *walk, struct strbuf *out)
{
	strbuf_add(out, "{ \"blocks\": [");
	for (size_t i = 0; i < walk->n; i++) {
		strbuf_add(out, i ? ",\n" : "\n");
		add_block(out, walk->types[i]);
	}
	strbuf_add(out, "\n] }\n");
}
