/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Many objects of one size, packed.
 *
 * A chunk is 64 KiB at an address divisible by its size, so an object finds its chunk by masking.
 * Objects that were given back are a list inside the chunk, used before fresh ones; pages that were
 * never used do not exist. Chunks with room are a list; full ones are known by their objects alone.
 * A chunk whose last object was given back is unmapped.
 */
#include "base/slab.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/arena.h"

#define CHUNK ((size_t)64 * 1024)

#if defined(__SANITIZE_ADDRESS__)
#define ONE_BY_ONE true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ONE_BY_ONE true
#endif
#endif
#ifndef ONE_BY_ONE
#define ONE_BY_ONE false
#endif

struct slab_chunk {
	struct slab_chunk *next, *before;	/* among those with room */
	void *given;				/* objects that were given back */
	uint32_t n_used, n_fresh;		/* n_fresh: how many were ever taken */
	uint64_t objects[];
};

static size_t capacity(const struct slab *slab)
{
	return (CHUNK - sizeof(struct slab_chunk)) / slab->size;
}

static bool is_full(const struct slab *slab, const struct slab_chunk *c)
{
	return !c->given && c->n_fresh == capacity(slab);
}

/** The part of twice the size that is aligned; the rest is given back. */
static struct slab_chunk *chunk_map(void)
{
	char *all = mmap(NULL, 2 * CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			 0);
	size_t before;

	if (all == MAP_FAILED)
		out_of_memory();
	before = -(uintptr_t)all & (CHUNK - 1);
	if (before)
		(void)munmap(all, before);
	(void)munmap(all + before + CHUNK, CHUNK - before);
	return (struct slab_chunk *)(void *)(all + before);
}

static void add_roomy(struct slab *slab, struct slab_chunk *c)
{
	c->before = NULL;
	c->next = slab->roomy;
	if (c->next)
		c->next->before = c;
	slab->roomy = c;
}

static void remove_roomy(struct slab *slab, struct slab_chunk *c)
{
	if (c->before)
		c->before->next = c->next;
	else
		slab->roomy = c->next;
	if (c->next)
		c->next->before = c->before;
}

void slab_init(struct slab *slab, size_t size)
{
	*slab = (struct slab){ .size = size, .packed = !ONE_BY_ONE };
}

void *slab_take(struct slab *slab)
{
	struct slab_chunk *c = slab->roomy;
	void *object;

	if (!slab->packed)
		return xcalloc(1, slab->size);
	if (!c) {
		c = chunk_map();
		add_roomy(slab, c);
	}
	object = c->given;
	if (object)
		memcpy(&c->given, object, sizeof(c->given));
	else
		object = (char *)c->objects + c->n_fresh++ * slab->size;
	c->n_used++;
	if (is_full(slab, c))
		remove_roomy(slab, c);
	return memset(object, 0, slab->size);
}

void slab_give(struct slab *slab, void *object)
{
	struct slab_chunk *c;

	if (!slab->packed || !object) {
		free(object);
		return;
	}
	c = (struct slab_chunk *)(void *)((char *)object - ((uintptr_t)object & (CHUNK - 1)));
	if (is_full(slab, c))
		add_roomy(slab, c);
	memcpy(object, &c->given, sizeof(c->given));
	c->given = object;
	if (--c->n_used > 0)
		return;
	remove_roomy(slab, c);
	(void)munmap(c, CHUNK);
}
