/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two objects or lists of one type: what is the same, what changed, what came and went.
 */
#include "config/diff.h"

#include <string.h>


static bool is_compared(const struct keyword *kw)
{
	return kw->type->size && !(kw->flags & (KW_ALIAS | KW_OBSOLETE | KW_NO_EFFECT));
}

bool diff_row_differs(const struct keyword *kw, const struct object *old, const struct object *new)
{
	const void *a = object_field(new->type, old, kw), *b = object_field(new->type, new, kw);

	if (!is_compared(kw))
		return false;
	if (kw->type->equal)
		return !kw->type->equal(kw, a, b);
	return memcmp(a, b, kw->type->size);
}

enum diff_verdict diff_objects(const struct object *old, const struct object *new,
			       struct diff_rows *out)
{
	const struct block_type *type = new->type;

	*out = (struct diff_rows){ 0 };
	for (uint32_t i = 0; i < type->n_keywords; i++) {
		const struct keyword *kw = &type->keywords[i];

		if (!diff_row_differs(kw, old, new))
			continue;
		/* Another row has the field. */
		if (kw->flags & KW_DEPRECATED && keyword_at(type, kw->at) != kw)
			continue;
		if (out->n < ARRAY_LEN(out->rows))
			out->rows[out->n] = (uint16_t)i;
		out->n++;
		if (kw->flags & (KW_RESTART | KW_IDENTITY) && !out->restart_by)
			out->restart_by = kw;
	}
	return !out->n ? DIFF_SAME : out->restart_by ? DIFF_RESTART : DIFF_ADJUST;
}

bool diff_has(const struct block_type *type, const struct diff_rows *rows, size_t at)
{
	unsigned n = MIN_OF(rows->n, (unsigned)ARRAY_LEN(rows->rows));

	for (unsigned i = 0; i < n; i++) {
		if (type->keywords[rows->rows[i]].at == at)
			return true;
	}
	/* More differ than are listed: assume the worst. */
	return rows->n > n;
}

/** Objects of the old list by key; those with one key are a chain in their order. */
struct key_entry {
	uint64_t hash;
	const char *key;
	struct object *object;	/* NULL: paired */
	uint32_t next;		/* index + 1 */
};

struct key_table {
	struct key_entry *entries;
	uint32_t *slots;	/* index + 1 of the chain's head */
	size_t mask;
};

static uint64_t hash_text(const char *text)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *text; text++)
		h = (h ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
	return h ^ h >> 29;
}

static const char *key_of(const struct object *object, struct strbuf *out)
{
	strbuf_reset(out);
	if (object->type->key)
		object->type->key(object, out);
	else if (object->name)
		strbuf_add(out, object->name);
	return strbuf_text(out);
}

static uint32_t *find_chain(const struct key_table *table, uint64_t hash, const char *key)
{
	for (size_t i = (size_t)hash;; i++) {
		uint32_t *slot = &table->slots[i & table->mask];
		const struct key_entry *entry = *slot ? &table->entries[*slot - 1] : NULL;

		if (!entry || (entry->hash == hash && !strcmp(entry->key, key)))
			return slot;
	}
}

static void table_fill(struct key_table *table, struct arena *arena, const struct object_list *list)
{
	struct strbuf key = { 0 };
	size_t n = 4;

	while (n < (size_t)list->n * 2)
		n *= 2;
	table->mask = n - 1;
	table->slots = arena_calloc(arena, n, sizeof(*table->slots));
	table->entries = arena_calloc(arena, list->n + 1u, sizeof(*table->entries));
	/* From the end, so that the head of a chain is the first of its kind. */
	for (uint32_t i = list->n; i-- > 0;) {
		struct key_entry *entry = &table->entries[i];
		uint32_t *slot;

		entry->object = list->items[i];
		entry->key = arena_strdup(arena, key_of(entry->object, &key));
		entry->hash = hash_text(entry->key);
		slot = find_chain(table, entry->hash, entry->key);
		entry->next = *slot;
		*slot = i + 1;
	}
	strbuf_fini(&key);
}

/** The next old object with that key, taken out of its chain. */
static struct object *take(struct key_table *table, const char *key)
{
	uint32_t *slot = find_chain(table, hash_text(key), key);
	struct key_entry *entry = *slot ? &table->entries[*slot - 1] : NULL;
	struct object *object = entry ? entry->object : NULL;

	if (!entry)
		return NULL;
	entry->object = NULL;
	/* The last one stays to mark the slot. */
	if (entry->next)
		*slot = entry->next;
	return object;
}

struct diff_pair *diff_lists(struct arena *arena, const struct object_list *old,
			     const struct object_list *new, size_t *out_n)
{
	struct diff_pair *pairs = arena_calloc(arena, (size_t)old->n + new->n + 1, sizeof(*pairs));
	struct key_table table;
	struct strbuf key = { 0 };
	size_t n = 0;

	table_fill(&table, arena, old);
	for (uint32_t i = 0; i < new->n; i++, n++) {
		pairs[n].new = new->items[i];
		pairs[n].old = take(&table, key_of(new->items[i], &key));
	}
	for (uint32_t i = 0; i < old->n; i++) {
		if (table.entries[i].object)
			pairs[n++].old = table.entries[i].object;
	}
	strbuf_fini(&key);
	*out_n = n;
	return pairs;
}
