/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory: arenas that are freed as a whole, and allocation that never returns NULL.
 *
 * Out of memory ends the process with a message on standard error and status 1 (keepalived(8));
 * the supervisor starts it again. Arena memory is zeroed. Not for secrets that must be wiped.
 */
#pragma once

#include "base/attr.h"

struct arena;

/** A new, empty arena. The caller frees it with arena_free(). */
struct arena *arena_new(void);
/** Free the arena and all that was taken from it. NULL is harmless. */
void arena_free(struct arena *);
/** Forget everything taken from it but keep the first block, for scratch use. */
void arena_reset(struct arena *);
/** @size zeroed bytes, aligned for any type; lives as long as the arena. */
void *arena_alloc(struct arena *, size_t size);
/** As arena_alloc() for an array; ends the process if the product does not fit. */
void *arena_calloc(struct arena *, size_t n, size_t size);
/** Byte-aligned memory for text: packs strings without padding. Not zeroed. */
char *arena_text(struct arena *, size_t size);
char *arena_strdup(struct arena *, const char *text);
char *arena_strndup(struct arena *, const char *text, size_t len);
char *arena_printf(struct arena *, const char *fmt, ...) attr_printf(2, 3);
/** Give whole pages that hold nothing back to the system; what is taken from the arena later still
 *  works. For an arena that is complete and stays. */
void arena_trim(struct arena *);
/** Bytes taken from the system for this arena. */
size_t arena_footprint(const struct arena *);

#define arena_new_of(arena, type) ((type *)arena_alloc(arena, sizeof(type)))

/** The end of the process, for libraries that cannot get memory. */
attr_noreturn void out_of_memory(void);

/** malloc() and friends that end the process instead of returning NULL; xcalloc() zeroes. */
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *old, size_t n, size_t size);
char *xstrdup(const char *text);

/** Memory that is about to be filled: map all its pages at once if it is large, which costs a tenth
 *  of mapping them one by one. */
void prefault(void *memory, size_t size);

/** Large buffers are to go back to the system as soon as they are freed, whatever was freed before.
 *  Once, at the start of a program that runs for long. */
void memory_policy(void);
/** Give back the pages that only freed memory occupies: after a start, a burst, a reload. */
void memory_settle(void);

#define xnew(type) ((type *)xcalloc(1, sizeof(type)))

/** For attr_cleanup(): free() the pointer that the variable holds. */
void free_ptr(void *address_of_pointer);
/** For attr_cleanup(): close() the descriptor that the variable holds unless it is negative. */
void close_fd(int *fd);
