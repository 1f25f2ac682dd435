/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects back to text. Depth is bounded by the nesting of the tables.
 *
 * A row is written if the configuration set its field or if the field is not the default (something
 * that was derived must not be lost). Of several rows with one field the first that is no alias
 * speaks.
 */
#include "config/print.h"

#include <string.h>

#include "config/bind_state.h"
#include "config/value.h"

/** Where the text goes, and what may be in it. */
struct printer {
	struct strbuf *out;
	bool secrets;
};

static void print_object(const struct block_type *, const struct object *, unsigned depth,
			 struct printer *);

static void add_indent(unsigned depth, struct printer *p)
{
	for (; depth; depth--)
		strbuf_add_char(p->out, '\t');
}

static const void *field_of(const struct object *object, const struct keyword *kw)
{
	return object_field(object->type, object, kw);
}

static bool is_default(const struct block_type *type, const struct object *object,
		       const struct keyword *kw)
{
	static const uint64_t zeros[32];
	const void *expected = type->defaults ? object_field(type, type->defaults, kw) : zeros;

	if (!type->defaults && kw->type->size > sizeof(zeros))
		return false;
	if (kw->type->equal)
		return kw->type->equal(kw, field_of(object, kw), expected);
	return !memcmp(field_of(object, kw), expected, kw->type->size);
}

/** Was the row set, or an alias of it? */
static bool row_is_set(const struct block_type *type, const struct object *object,
		       const struct keyword *kw)
{
	for (uint32_t i = 0; i < object->n_marks; i++) {
		const struct keyword *set = &type->keywords[object->marks[i].row];

		if (set == kw || (set->instead && !strcmp(set->instead, kw->word)))
			return true;
	}
	return false;
}

/** A flag that is off, a text that a check took away: there is nothing to write. */
static bool is_empty(const struct object *object, const struct keyword *kw)
{
	if (kw->type == &value_flag)
		return !*(const bool *)field_of(object, kw);
	return kw->type->equal && kw->type->equal == value_text.equal &&
	       !*(const char *const *)field_of(object, kw);
}

/** Does this row speak for its field? */
static bool is_printed(const struct block_type *type, const struct object *object,
		       const struct keyword *kw)
{
	if (!kw->type->size || kw->flags & (KW_ALIAS | KW_OBSOLETE | KW_NO_EFFECT))
		return false;
	if (kw->flags & KW_OWN_ROW && kw->type != &value_block)
		return row_is_set(type, object, kw);
	if (keyword_at(type, kw->at) != kw || is_empty(object, kw))
		return false;
	return object_is_set(object, kw->at) || !is_default(type, object, kw);
}

void bind_print_head(const struct object *object, struct strbuf *out)
{
	if (object->type->print_head)
		object->type->print_head(object, out);
	else if (object->name)
		value_print_word(object->name, out);
}

/** "WORD VALUE" of a row that is one line. */
static void add_row(const struct keyword *kw, const struct object *object, struct printer *p)
{
	size_t before;

	strbuf_add(p->out, kw->word);
	strbuf_add_char(p->out, ' ');
	before = p->out->len;
	if (kw->flags & KW_SECRET && !p->secrets)
		strbuf_add(p->out, BIND_MASK);
	else
		kw->type->print(kw, field_of(object, kw), p->out);
	if (p->out->len == before)
		p->out->data[--p->out->len] = '\0';
}

static void print_record(const struct object *object, struct printer *p)
{
	const struct block_type *type = object->type;
	struct strbuf *out = p->out;

	bind_print_head(object, out);
	for (uint32_t i = 0; i < type->n_keywords; i++) {
		const struct keyword *kw = &type->keywords[i];

		if (!is_printed(type, object, kw) || !kw->type->print)
			continue;
		if (out->len && out->data[out->len - 1] != ' ' && out->data[out->len - 1] != '\t')
			strbuf_add_char(out, ' ');
		add_row(kw, object, p);
	}
}

void bind_print_record(const struct object *object, struct strbuf *out)
{
	print_record(object, &(struct printer){ out, true });
}

void bind_print_masked_record(const struct object *object, struct strbuf *out)
{
	struct strbuf head = { 0 };

	bind_print_head(object, &head);
	strbuf_add_bytes(out, strbuf_text(&head), strcspn(strbuf_text(&head), " "));
	strbuf_add(out, " " BIND_MASK);
	strbuf_fini(&head);
}

static void add_block(const struct keyword *kw, const struct object *object, unsigned depth,
		      struct printer *p)
{
	size_t before;

	add_indent(depth, p);
	strbuf_add(p->out, kw->word);
	strbuf_add_char(p->out, ' ');
	before = p->out->len;
	bind_print_head(object, p->out);
	strbuf_add(p->out, p->out->len > before ? " {\n" : "{\n");
	print_object(object->type, object, depth + 1, p);
	add_indent(depth, p);
	strbuf_add(p->out, "}\n");
}

/** Several rows may add to one list: the first writes the blocks of all, in their order. */
static void add_blocks(const struct block_type *type, const struct keyword *first,
		       const struct object_list *list, unsigned depth, struct printer *p)
{
	for (uint32_t i = 0; i < list->n; i++) {
		const struct object *object = list->items[i];
		const struct keyword *kw = first;

		while (kw->at != first->at || kw->arg != object->type) {
			if (++kw == type->keywords + type->n_keywords)
				return;
		}
		add_block(kw, object, depth, p);
	}
}

static void add_records(const struct keyword *kw, const struct object_list *list, unsigned depth,
			struct printer *p)
{
	add_indent(depth, p);
	strbuf_addf(p->out, "%s {\n", kw->word);
	for (uint32_t i = 0; i < list->n; i++) {
		add_indent(depth + 1, p);
		print_record(list->items[i], p);
		strbuf_add_char(p->out, '\n');
	}
	add_indent(depth, p);
	strbuf_add(p->out, "}\n");
}

static void add_record_lines(const struct keyword *kw, const struct object_list *list,
			     unsigned depth, struct printer *p)
{
	for (uint32_t i = 0; i < list->n; i++) {
		add_indent(depth, p);
		if (*kw->word)
			strbuf_addf(p->out, "%s ", kw->word);
		if (kw->flags & KW_SECRET && !p->secrets)
			bind_print_masked_record(list->items[i], p->out);
		else
			print_record(list->items[i], p);
		strbuf_add_char(p->out, '\n');
	}
}

static void add_word_block(const struct keyword *kw, const struct word_list *list, unsigned depth,
			   struct printer *p)
{
	add_indent(depth, p);
	strbuf_addf(p->out, "%s {\n", kw->word);
	for (uint32_t i = 0; i < list->n; i++) {
		add_indent(depth + 1, p);
		value_print_word(list->items[i], p->out);
		strbuf_add_char(p->out, '\n');
	}
	add_indent(depth, p);
	strbuf_add(p->out, "}\n");
}

/** A row, whatever it takes to write it. */
static void add_statement(const struct keyword *kw, const struct object *object, unsigned depth,
			  struct printer *p)
{
	const void *field = field_of(object, kw);
	const struct object_list *list = field;

	if (kw->type == &value_one_block) {
		if (*(struct object *const *)field)
			add_block(kw, *(struct object *const *)field, depth, p);
	} else if (kw->type == &value_block) {
		add_blocks(object->type, kw, list, depth, p);
	} else if (kw->type == &value_records) {
		add_records(kw, list, depth, p);
	} else if (kw->type == &value_record) {
		add_record_lines(kw, list, depth, p);
	} else if (kw->type == &value_word_block) {
		add_word_block(kw, field, depth, p);
	} else if (kw->type->print) {
		add_indent(depth, p);
		add_row(kw, object, p);
		strbuf_add_char(p->out, '\n');
	}
}

static void print_object(const struct block_type *type, const struct object *object, unsigned depth,
			 struct printer *p)
{
	if (depth > BLOCK_NESTING_MAX)
		return;
	for (uint32_t i = 0; i < type->n_keywords; i++) {
		const struct keyword *kw = &type->keywords[i];

		if (is_printed(type, object, kw))
			add_statement(kw, object, depth, p);
	}
}

void bind_print(const struct block_type *type, const struct object *object, unsigned depth,
		struct strbuf *out)
{
	print_object(type, object, depth, &(struct printer){ out, true });
}

void bind_print_masked(const struct block_type *type, const struct object *object, unsigned depth,
		       struct strbuf *out)
{
	print_object(type, object, depth, &(struct printer){ out, false });
}
