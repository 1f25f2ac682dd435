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

/* The pointer to the part that @at is in; NULL: in none. */
static const struct block_part *part_of(const struct block_type *type, size_t at)
{
	return at >> PART_AT_SHIFT ? &type->parts[(at >> PART_AT_SHIFT) - 1] : NULL;
}

const void *object_field(const struct block_type *type, const void *object,
			 const struct keyword *kw)
{
	const struct block_part *part = part_of(type, kw->at);

	if (!part)
		return (const char *)object + kw->at;
	return *(const char *const *)((const char *)object + part->at) +
	       (kw->at & ((1u << PART_AT_SHIFT) - 1));
}

void *object_own_part(struct arena *arena, const struct block_type *type, struct object *object,
		      unsigned number)
{
	const struct block_part *part = &type->parts[number];
	void **at = (void **)(void *)((char *)object + part->at);

	if (*at == part->defaults)
		*at = memcpy(arena_alloc(arena, part->size), part->defaults, part->size);
	return *at;
}

const void *part_share(struct arena *arena, const void *part, const void *last, size_t size)
{
	if (last && !memcmp(part, last, size))
		return last;
	return memcpy(arena_alloc(arena, size), part, size);
}

void *bind_field(struct bind *b, const struct block_type *type, struct object *object,
		 const struct keyword *kw)
{
	if (!part_of(type, kw->at))
		return (char *)object + kw->at;
	return (char *)object_own_part(b->arena, type, object,
				       (unsigned)(kw->at >> PART_AT_SHIFT) - 1) +
	       (kw->at & ((1u << PART_AT_SHIFT) - 1));
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
	return set_mark_place(mark);
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
			mark.row = (uint16_t)(k % KEYWORDS_MAX);
			add_mark(arena, to, mark);
		}
	}
}
