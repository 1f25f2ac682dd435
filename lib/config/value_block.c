/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values that are blocks: objects with keywords of their own, lists of records; and words that are
 * only accepted.
 */
#include <string.h>

#include "config/diff.h"
#include "config/value_state.h"

/** Head words and statements into @object. False if it is to be dropped. */
static bool fill_block(struct bind *b, const struct block_type *type, struct node *node,
		       unsigned *next, struct object *object)
{
	if (type->head && !type->head(b, object, node, next))
		return false;
	bind_block(b, type, node, object);
	return !type->done || type->done(b, object, node);
}

/** How many statements of this keyword are still to come, with this one. */
static uint32_t count_alike(const struct node *node)
{
	const struct word *word = &node->words[0];
	uint32_t n = 0;

	for (; node; node = node->next)
		n += node->words[0].len == word->len && !strcmp(node->words[0].text, word->text);
	return n;
}

static bool parse_block(struct bind *b, const struct keyword *kw, struct node *node,
			unsigned *next, void *field)
{
	struct object_list *list = field;
	struct object *object = bind_object_new(b, kw->arg);

	object->at = node->words[0].at;
	if (!fill_block(b, kw->arg, node, next, object))
		return false;
	if (!list->n && node->parent)
		object_list_reserve(b->arena, list, count_alike(node));
	object_list_add(b->arena, list, object);
	return true;
}

static bool equal_objects(const struct object *a, const struct object *b)
{
	struct diff_rows rows;

	return str_eq(a->name, b->name) && diff_objects(a, b, &rows) == DIFF_SAME;
}

static bool equal_list(const struct keyword *kw, const void *a, const void *b)
{
	const struct object_list *x = a, *y = b;

	(void)kw;
	if (x->n != y->n)
		return false;
	for (uint32_t i = 0; i < x->n; i++) {
		if (!equal_objects(x->items[i], y->items[i]))
			return false;
	}
	return true;
}

const struct value_type value_block = { .name = "block",
					.size = sizeof(struct object_list),
					.parse = parse_block,
					.equal = equal_list,
					.synopsis = "{ ... }",
					.takes_block = VALUE_NEEDS_BLOCK };

static bool parse_one_block(struct bind *b, const struct keyword *kw, struct node *node,
			    unsigned *next, void *field)
{
	struct object **slot = field;
	struct object *object = *slot;

	if (!object) {
		object = bind_object_new(b, kw->arg);
		object->at = node->words[0].at;
	}
	if (!fill_block(b, kw->arg, node, next, object))
		return false;
	*slot = object;
	return true;
}

static bool equal_one_block(const struct keyword *kw, const void *a, const void *b)
{
	const struct object *x = *(struct object *const *)a, *y = *(struct object *const *)b;

	(void)kw;
	return x && y ? equal_objects(x, y) : x == y;
}

const struct value_type value_one_block = { .name = "block",
					    .size = sizeof(struct object *),
					    .parse = parse_one_block,
					    .equal = equal_one_block,
					    .synopsis = "{ ... }",
					    .takes_block = VALUE_NEEDS_BLOCK };

static uint32_t count_lines(const struct node *line)
{
	uint32_t n = 0;

	for (; line; line = line->next)
		n++;
	return n;
}

static void add_record(struct bind *b, const struct block_type *type, struct node *line,
		       struct object_list *list)
{
	struct object *object;

	if (line->broken)
		return;
	if (line->has_block) {
		diag_error(b->diags, "unexpected-block", line->open_at,
			   "unexpected '{' behind %s %s", type->name, line->words[0].text);
		return;
	}
	object = bind_object_new(b, type);
	if (bind_record(b, type, line, 0, object))
		object_list_add(b->arena, list, object);
}

static bool parse_records(struct bind *b, const struct keyword *kw, struct node *node,
			  unsigned *next, void *field)
{
	struct object_list *list = field;

	(void)next;
	object_list_reserve(b->arena, list, list->n + count_lines(node->first));
	for (struct node *line = node->first; line; line = line->next)
		add_record(b, kw->arg, line, list);
	return true;
}

const struct value_type value_records = { .name = "block",
					  .size = sizeof(struct object_list),
					  .parse = parse_records,
					  .equal = equal_list,
					  .synopsis = "{ ... }",
					  .takes_block = VALUE_NEEDS_BLOCK };

static bool parse_record(struct bind *b, const struct keyword *kw, struct node *node,
			 unsigned *next, void *field)
{
	const struct block_type *type = kw->arg;
	struct object *object = bind_object_new(b, type);
	unsigned first = *next;

	*next = node->n_words;
	if (!bind_record(b, type, node, first, object))
		return false;
	object_list_add(b->arena, field, object);
	return true;
}

const struct value_type value_record = { .name = "record",
					 .size = sizeof(struct object_list),
					 .parse = parse_record,
					 .equal = equal_list,
					 .synopsis = "..." };

static bool parse_none(struct bind *b, const struct keyword *kw, struct node *node, unsigned *next,
		       void *field)
{
	(void)b;
	(void)kw;
	(void)field;
	*next = node->n_words;
	return true;
}

const struct value_type value_none = { .name = "word", .parse = parse_none, .synopsis = "" };

const struct value_type value_ignored_block = { .name = "block",
						.parse = parse_none,
						.synopsis = "{ ... }",
						.takes_block = VALUE_MAY_HAVE_BLOCK };
