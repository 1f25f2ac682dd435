/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Open addressing with linear probing, at most half full.
 */
#include "base/hashset.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

void hashset_reset(struct hashset *set, size_t n)
{
	size_t want = 16;

	while (want < 2 * n)
		want *= 2;
	if (want > set->n_slots) {
		free(set->slots);
		set->slots = xcalloc(want, sizeof(*set->slots));
		set->n_slots = want;
	} else {
		memset(set->slots, 0, set->n_slots * sizeof(*set->slots));
	}
	set->n = 0;
}

/* The slot of the equal object, or the free one where it would go. */
static struct hashset_slot *find_slot(const struct hashset *set, uint64_t hash, const void *key)
{
	size_t mask = set->n_slots - 1;
	size_t i = hash & mask;

	while (set->slots[i].object &&
	       (set->slots[i].hash != hash || !set->equal(set->slots[i].object, key)))
		i = (i + 1) & mask;
	return &set->slots[i];
}

/* All objects differ, so the first free slot is the right one. */
static void grow(struct hashset *set)
{
	struct hashset old = *set;
	size_t mask;

	set->n_slots = old.n_slots ? 2 * old.n_slots : 16;
	set->slots = xcalloc(set->n_slots, sizeof(*set->slots));
	mask = set->n_slots - 1;
	for (size_t from = 0; from < old.n_slots; from++) {
		size_t to = old.slots[from].hash & mask;

		if (!old.slots[from].object)
			continue;
		while (set->slots[to].object)
			to = (to + 1) & mask;
		set->slots[to] = old.slots[from];
	}
	free(old.slots);
}

const void *hashset_add(struct hashset *set, uint64_t hash, const void *object)
{
	struct hashset_slot *slot;

	if (2 * set->n >= set->n_slots)
		grow(set);
	slot = find_slot(set, hash, object);
	if (slot->object)
		return slot->object;
	*slot = (struct hashset_slot){ .hash = hash, .object = object };
	set->n++;
	return NULL;
}

const void *hashset_find(const struct hashset *set, uint64_t hash, const void *key)
{
	return set->n_slots ? find_slot(set, hash, key)->object : NULL;
}

void hashset_fini(struct hashset *set)
{
	free(set->slots);
	*set = (struct hashset){ 0 };
}

uint64_t hash_text(const char *text)
{
	uint64_t hash = 0;

	for (; *text; text++)
		hash = hash_mix(hash, (unsigned char)*text);
	return hash;
}
