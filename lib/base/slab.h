/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Many objects of one size, packed: no header beside each, no rounding.
 *
 * For kinds of which there may be thousands. Pages of objects that were all given back go back to
 * the system. With the address sanitizer every object is allocated alone, so that the use of one
 * that was given back is found.
 */
#pragma once

#include "base/attr.h"

struct slab_chunk;

/** Owned by its user; zeroed, with ->size set, it is empty. */
struct slab {
	size_t size;			/* of an object; a multiple of 8 */
	struct slab_chunk *roomy;	/* chunks with room */
	bool packed;			/* false: every object alone; set by slab_init() */
};

void slab_init(struct slab *, size_t size);
/** A zeroed object, aligned to 8. Never NULL. */
void *slab_take(struct slab *);
/** Give it back to the slab it was taken from. NULL is harmless. The last object takes the slab's
 *  memory with it; nothing else is to be freed. */
void slab_give(struct slab *, void *object);
