/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set of objects that the caller hashes and compares: finds equal ones in linear time.
 */
#pragma once

#include "base/attr.h"

/** Zero-initialise; hashset_fini() when done. Borrows the objects. */
struct hashset {
	struct hashset_slot {
		uint64_t hash;
		const void *object;
	} *slots;
	size_t n_slots;		/* a power of two */
	size_t n;
	bool (*equal)(const void *a, const void *b);
};

/** Forget all objects; there is room for @n then. */
void hashset_reset(struct hashset *, size_t n);
/** The equal object that is there already, else NULL and @object is in. The set grows. */
const void *hashset_add(struct hashset *, uint64_t hash, const void *object);
/** The object that is equal to @key, NULL if there is none. */
const void *hashset_find(const struct hashset *, uint64_t hash, const void *key);
void hashset_fini(struct hashset *);

/** The hash of a text. */
uint64_t hash_text(const char *);
/** Mix another number into a hash. */
static inline uint64_t hash_mix(uint64_t hash, uint64_t number)
{
	hash = (hash ^ number) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 29;
}
