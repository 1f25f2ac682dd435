/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bound objects: make them, grow lists of them, ask what was set and where.
 *
 * Everything lives in the configuration's arena. Lists that grow leave their old arrays behind, so
 * whoever knows how many are to come reserves.
 */
#include <string.h>

#include "config/bind_state.h"

enum { LIST_FIRST = 4 };

void *bind_object_new(struct bind *b, const struct block_type *type)
{
	struct object *object = arena_alloc(b->arena, type->size);

	if (type->defaults)
		memcpy(object, type->defaults, type->size);
	object->type = type;
	return object;
}

/** A larger copy of an array in the arena. */
static void *grown(struct arena *arena, const void *items, uint32_t n, uint32_t cap, size_t size)
{
	void *more = arena_calloc(arena, cap, size);

	if (n)
		memcpy(more, items, n * size);
	return more;
}

void object_list_reserve(struct arena *arena, struct object_list *list, uint32_t n)
{
	if (n <= list->cap)
		return;
	list->items = grown(arena, list->items, list->n, n, sizeof(*list->items));
	list->cap = n;
}

void object_list_add(struct arena *arena, struct object_list *list, void *object)
{
	if (list->n == list->cap)
		object_list_reserve(arena, list, list->cap ? list->cap * 2 : LIST_FIRST);
	list->items[list->n++] = object;
}

void word_list_add(struct arena *arena, struct word_list *list, const char *text, struct place at)
{
	if (list->n == list->cap) {
		uint32_t cap = list->cap ? list->cap * 2 : LIST_FIRST;

		list->items = grown(arena, list->items, list->n, cap, sizeof(*list->items));
		list->places = grown(arena, list->places, list->n, cap, sizeof(*list->places));
		list->cap = cap;
	}
	list->items[list->n] = arena_strdup(arena, text);
	list->places[list->n++] = at;
}

/** The mark of the row with that field, NULL if it was not set. The last one counts. */
static const struct set_mark *mark_of(const struct object *object, size_t at)
{
	for (uint32_t i = object->n_marks; i-- > 0;) {
		const struct keyword *kw = &object->type->keywords[object->marks[i].row];

		if (kw->at == at && kw->type->size)
			return &object->marks[i];
	}
	return NULL;
}

bool object_is_set(const struct object *object, size_t at)
{
	return mark_of(object, at);
}

struct place object_place(const struct object *object, size_t at)
{
	const struct set_mark *mark = mark_of(object, at);

	if (!mark)
		return object->at;
	return (struct place){ .line = mark->line,
			       .column = mark->column,
			       .length = (uint16_t)strlen(
				       object->type->keywords[mark->row].word) };
}

static void add_mark(struct arena *arena, struct object *object, struct set_mark mark)
{
	struct set_mark *more = arena_alloc(arena, (object->n_marks + 1) * sizeof(*more));

	if (object->n_marks)
		memcpy(more, object->marks, object->n_marks * sizeof(*more));
	more[object->n_marks++] = mark;
	object->marks = more;
}

void object_add_marks(struct arena *arena, struct object *to, const struct object *from,
		      bool (*wanted)(const struct keyword *))
{
	for (uint32_t i = 0; i < from->n_marks; i++) {
		const struct keyword *kw = &from->type->keywords[from->marks[i].row];
		struct set_mark mark = from->marks[i];

		for (uint32_t k = 0; wanted(kw) && k < to->type->n_keywords; k++) {
			if (strcmp(to->type->keywords[k].word, kw->word) != 0)
				continue;
			mark.row = (uint16_t)k;
			add_mark(arena, to, mark);
		}
	}
}
