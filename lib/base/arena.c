/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory: arenas, and allocation that ends the process instead of returning NULL.
 *
 * An arena is a list of blocks, each twice as large as the one before (4 KiB to 1 MiB). Objects
 * are taken from the near end of the newest block, text from its far end, so text needs no
 * padding. What is larger than a quarter of a block gets a block of its own, and the newest one
 * stays in use. The arena owns its blocks; nothing taken from it is freed alone.
 */
#include "base/arena.h"

#include <malloc.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14; an older one refuses it, which is harmless */
#endif

enum {
	MALLOC_SLACK = 32, /* what malloc() adds: keeps a block within whole pages */
	FIRST_BLOCK = 4096 - MALLOC_SLACK,
	LARGEST_BLOCK = 1024 * 1024 - MALLOC_SLACK,
	PREFAULT_FROM = 256 * 1024,
	PAGE = 4096,
	LARGE_BUFFER = 128 * 1024,
};

struct block {
	struct block *older;
	size_t size;
	char *near; /* next object */
	char *far;  /* end of the gap; text begins here */
	max_align_t data[];
};

struct arena {
	struct block *newest;
	struct block *first;
	size_t next_size;
	size_t footprint;
};

void out_of_memory(void)
{
	static const char text[] = "out of memory\n";

	/* Nothing that could allocate again. */
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(1);
	_exit(1);
}

void *xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *xrealloc(void *old, size_t n, size_t size)
{
	size_t total;
	void *p;

	if (mul_overflows(n, size, &total))
		out_of_memory();
	p = realloc(old, total ? total : 1);
	if (!p)
		out_of_memory();
	return p;
}

char *xstrdup(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(xrealloc(NULL, size, 1), text, size);
}

void prefault(void *memory, size_t size)
{
	uintptr_t start = ((uintptr_t)memory + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
	uintptr_t end = ((uintptr_t)memory + size) & ~(uintptr_t)(PAGE - 1);

	if (size >= PREFAULT_FROM && end > start)
		(void)madvise((void *)start, end - start, MADV_POPULATE_WRITE);
}

#ifdef __GLIBC__
void memory_policy(void)
{
	/* Naming the thresholds keeps the allocator from raising them. */
	(void)mallopt(M_MMAP_THRESHOLD, LARGE_BUFFER);
	(void)mallopt(M_TRIM_THRESHOLD, LARGE_BUFFER);
}

void memory_settle(void)
{
	(void)malloc_trim(0);
}
#else
void memory_policy(void)
{
}

void memory_settle(void)
{
}
#endif

void free_ptr(void *address_of_pointer)
{
	free(*(void **)address_of_pointer);
}

void close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static void block_clear(struct block *b)
{
	b->near = (char *)b->data;
	b->far = (char *)b + b->size;
}

static struct block *block_new(struct arena *arena, size_t size)
{
	struct block *b = xrealloc(NULL, size, 1);

	prefault(b, size);

	b->size = size;
	block_clear(b);
	arena->footprint += size;
	return b;
}

/** Make a block the newest one, for @need bytes or more. */
static struct block *arena_grow(struct arena *arena, size_t need)
{
	struct block *b;
	size_t with_header;

	if (add_overflows(need, sizeof(struct block), &with_header))
		out_of_memory();
	if (arena->newest && need > arena->next_size / 4) {
		b = block_new(arena, with_header);
		b->older = arena->newest->older;
		arena->newest->older = b;
		return b;
	}
	b = block_new(arena, MAX_OF(with_header, arena->next_size));
	b->older = arena->newest;
	arena->newest = b;
	if (!arena->first)
		arena->first = b;
	if (arena->next_size < LARGEST_BLOCK)
		arena->next_size = (arena->next_size + MALLOC_SLACK) * 2 - MALLOC_SLACK;
	return b;
}

struct arena *arena_new(void)
{
	struct arena *arena = xnew(struct arena);

	arena->next_size = FIRST_BLOCK;
	arena->footprint = sizeof(*arena);
	return arena;
}

/** Free every block but @keep (which may be NULL). */
static void arena_drop(struct arena *arena, const struct block *keep)
{
	struct block *b = arena->newest;

	while (b) {
		struct block *older = b->older;

		if (b != keep) {
			arena->footprint -= b->size;
			free(b);
		}
		b = older;
	}
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	arena_drop(arena, NULL);
	free(arena);
}

void arena_reset(struct arena *arena)
{
	struct block *first = arena->first;

	if (!first)
		return;
	arena_drop(arena, first);
	first->older = NULL;
	block_clear(first);
	arena->newest = first;
	arena->next_size = FIRST_BLOCK;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	/* A type that needs 16 has a size divisible by 16; all others do with 8. */
	size_t align = size % alignof(max_align_t) ? sizeof(uint64_t) : alignof(max_align_t);
	struct block *b = arena->newest;
	size_t pad;
	char *p;

	pad = b ? -(uintptr_t)b->near & (align - 1) : 0;
	if (!b || size > SIZE_MAX - pad || (size_t)(b->far - b->near) < size + pad) {
		b = arena_grow(arena, size);
		pad = 0;
	}
	p = b->near + pad;
	b->near = p + size;
	return memset(p, 0, size);
}

void *arena_calloc(struct arena *arena, size_t n, size_t size)
{
	size_t total;

	if (mul_overflows(n, size, &total))
		out_of_memory();
	return arena_alloc(arena, total);
}

char *arena_text(struct arena *arena, size_t size)
{
	struct block *b = arena->newest;

	if (!b || (size_t)(b->far - b->near) < size)
		b = arena_grow(arena, size);
	b->far -= size;
	return b->far;
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_text(arena, len + 1);

	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
	char small[256];
	va_list args;
	char *text;
	int len;

	va_start(args, fmt);
	len = vsnprintf(small, sizeof(small), fmt, args);
	va_end(args);
	if (len < 0)
		len = 0;
	if ((size_t)len < sizeof(small))
		return arena_strndup(arena, small, (size_t)len);
	text = arena_text(arena, (size_t)len + 1);
	va_start(args, fmt);
	(void)vsnprintf(text, (size_t)len + 1, fmt, args);
	va_end(args);
	return text;
}

void arena_trim(struct arena *arena)
{
	for (struct block *b = arena->newest; b; b = b->older) {
		uintptr_t start = ((uintptr_t)b->near + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
		uintptr_t end = (uintptr_t)b->far & ~(uintptr_t)(PAGE - 1);

		if (end > start)
			(void)madvise((void *)start, end - start, MADV_DONTNEED);
	}
}

size_t arena_footprint(const struct arena *arena)
{
	return arena->footprint;
}
