/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of diagnostics: add, complete, count, sort. How they look is the job of diag_text.c
 * and diag_data.c.
 *
 * Owns all messages in one arena. A hopeless file must not eat the memory: beyond a limit findings
 * are only counted.
 */
#include "config/diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hashset.h"
#include "config/diag_mask.h"

enum { DIAGS_KEPT = 10000, N_SEVERITIES = 3 };

/** A field of an object that a diagnostic is about. */
struct mistake {
	const void *object;
	size_t field;
	struct diag *diag;
};

struct diags {
	struct arena *arena;
	struct diag *last;		/* what was reported last */
	struct hashset mistakes;
	const struct source_map *map;	/* for sorting; NULL: by line number */
	struct diag **items;
	size_t n, cap;
	struct diag **slots;		/* hash table of what is kept, open addressing */
	size_t n_slots;
	const struct diag **sorted;
	size_t counts[N_SEVERITIES];
	size_t n_only_counted;		/* errors and warnings beyond the limit */
	struct place *hidden;		/* secrets */
	size_t n_hidden, cap_hidden;
	struct diag spare;		/* for findings beyond the limit */
	struct strbuf text;
};

static bool same_mistake(const void *a, const void *b)
{
	const struct mistake *x = a, *y = b;

	return x->object == y->object && x->field == y->field;
}

static uint64_t hash_mistake(const struct mistake *m)
{
	return hash_mix(hash_mix(0, (uintptr_t)m->object), m->field);
}

void diags_mistaken(struct diags *diags, const void *object, size_t field)
{
	const struct mistake m = { .object = object, .field = field, .diag = diags->last };

	if (!diags->last || hashset_find(&diags->mistakes, hash_mistake(&m), &m))
		return;
	(void)hashset_add(&diags->mistakes, hash_mistake(&m),
			  memcpy(arena_new_of(diags->arena, struct mistake), &m, sizeof(m)));
}

struct diag *diags_mistake_of(const struct diags *diags, const void *object, size_t field)
{
	const struct mistake key = { .object = object, .field = field };
	const struct mistake *m = hashset_find(&diags->mistakes, hash_mistake(&key), &key);

	if (!m && field != DIAG_ANY_FIELD)
		return diags_mistake_of(diags, object, DIAG_ANY_FIELD);
	return m ? m->diag : NULL;
}

/* Names and fields share one set: names have no object. */
static size_t hash_name(const char *name)
{
	uint64_t h = 0;

	for (; *name; name++)
		h = hash_mix(h, (uint8_t)*name);
	return (size_t)h;
}

void diags_mistaken_name(struct diags *diags, const char *name)
{
	diags_mistaken(diags, NULL, name ? hash_name(name) : DIAG_ANY_FIELD);
}

bool diags_is_mistaken_name(const struct diags *diags, const char *name)
{
	return diags_mistake_of(diags, NULL, hash_name(name));
}

struct diags *diags_new(void)
{
	struct diags *diags = xnew(struct diags);

	diags->arena = arena_new();
	diags->mistakes.equal = same_mistake;
	return diags;
}

void diags_free(struct diags *diags)
{
	if (!diags)
		return;
	strbuf_fini(&diags->text);
	hashset_fini(&diags->mistakes);
	free(diags->hidden);
	free(diags->items);
	free(diags->slots);
	free(diags->sorted);
	arena_free(diags->arena);
	free(diags);
}

void diags_set_map(struct diags *diags, const struct source_map *map)
{
	diags->map = map;
}

void diags_hide(struct diags *diags, struct place at)
{
	if (diags->n_hidden == diags->cap_hidden) {
		diags->cap_hidden = diags->cap_hidden ? diags->cap_hidden * 2 : 16;
		diags->hidden = xrealloc(diags->hidden, diags->cap_hidden, sizeof(*diags->hidden));
	}
	diags->hidden[diags->n_hidden++] = at;
}

struct diag_masks *diags_masks(const struct diags *diags, const struct source_map *map)
{
	return diag_masks_new(map, diags->hidden, diags->n_hidden);
}

static size_t hash_of(struct place at, const char *message)
{
	uint64_t h = (uint64_t)at.line << 16 | at.column;

	for (; *message; message++)
		h = (h ^ (uint8_t)*message) * UINT64_C(0x100000001b3);
	return (size_t)(h ^ h >> 29);
}

static bool same_place(struct place a, struct place b)
{
	return a.line == b.line && a.column == b.column && a.length == b.length;
}

/** The slot of that diagnostic, or the empty one where it belongs. */
static struct diag **find_slot(struct diags *diags, struct place at, const char *message)
{
	size_t i = hash_of(at, message);

	for (;; i++) {
		struct diag **slot = &diags->slots[i % diags->n_slots];

		if (!*slot || (same_place((*slot)->at, at) && !strcmp((*slot)->message, message)))
			return slot;
	}
}

static void grow(struct diags *diags)
{
	diags->cap = diags->cap ? diags->cap * 2 : 32;
	diags->items = xrealloc(diags->items, diags->cap, sizeof(*diags->items));
	free(diags->slots);
	diags->n_slots = diags->cap * 2;
	diags->slots = xcalloc(diags->n_slots, sizeof(*diags->slots));
	for (size_t i = 0; i < diags->n; i++)
		*find_slot(diags, diags->items[i]->at, diags->items[i]->message) = diags->items[i];
}

static struct diag *keep(struct diags *diags, const struct diag *d)
{
	struct diag **slot;

	if (diags->n == diags->cap)
		grow(diags);
	slot = find_slot(diags, d->at, d->message);
	if (*slot)
		return *slot;
	*slot = arena_new_of(diags->arena, struct diag);
	**slot = *d;
	(*slot)->message = arena_strdup(diags->arena, d->message);
	diags->items[diags->n++] = *slot;
	diags->counts[d->severity]++;
	return *slot;
}

static struct diag *count_only(struct diags *diags, const struct diag *d)
{
	diags->counts[d->severity]++;
	diags->n_only_counted += d->severity != DIAG_NOTE;
	diags->spare = *d;
	diags->spare.message = "";
	return &diags->spare;
}

struct diag *diag_add(struct diags *diags, enum diag_severity severity, const char *rule,
		      struct place at, const char *fmt, ...)
{
	struct diag d = { .severity = severity, .rule = rule, .at = at };
	char text[512];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	/* Nothing useful is longer; what is cut is cut visibly. */
	if (len >= (int)sizeof(text))
		memcpy(text + sizeof(text) - 4, "...", 4);
	d.message = text;
	diags->last = diags->n < DIAGS_KEPT ? keep(diags, &d) : count_only(diags, &d);
	return diags->last;
}

void diag_hint(struct diags *diags, struct diag *d, const char *fmt, ...)
{
	char text[1024];
	va_list args;

	if (d == &diags->spare)
		return;
	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (!d->hint)
		d->hint = arena_strdup(diags->arena, text);
	else if (!strstr(d->hint, text))
		d->hint = arena_printf(diags->arena, "%s\n%s", d->hint, text);
}

void diag_see(struct diags *diags, struct diag *d, struct place at, const char *label)
{
	if (d == &diags->spare)
		return;
	d->see = at;
	d->see_label = arena_strdup(diags->arena, label);
}

void diag_class(struct diag *d, enum diag_class class)
{
	d->class = class;
}

size_t diags_count(const struct diags *diags, enum diag_severity severity)
{
	return diags->counts[severity];
}

size_t diags_count_class(const struct diags *diags, enum diag_class class)
{
	size_t n = class == DIAG_CLASS_CONFIG ? diags->n_only_counted : 0;

	for (size_t i = 0; i < diags->n; i++)
		n += diags->items[i]->severity != DIAG_NOTE && diags->items[i]->class == class;
	return n;
}

/** A diagnostic with what it is sorted by. */
struct sort_item {
	uint64_t key;
	size_t index;
};

static int compare(const void *a, const void *b)
{
	const struct sort_item *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

const struct diag *const *diags_sorted(struct diags *diags, size_t *out_n)
{
	struct sort_item *items = xcalloc(diags->n, sizeof(*items));

	for (size_t i = 0; i < diags->n; i++) {
		struct place at = diags->items[i]->at;

		items[i].index = i;
		items[i].key = diags->map ? map_order(diags->map, at) :
					    (uint64_t)at.line << 16 | at.column;
	}
	qsort(items, diags->n, sizeof(*items), compare);
	diags->sorted = xrealloc(diags->sorted, diags->n + 1, sizeof(*diags->sorted));
	for (size_t i = 0; i < diags->n; i++)
		diags->sorted[i] = diags->items[items[i].index];
	free(items);
	*out_n = diags->n;
	return diags->sorted;
}
