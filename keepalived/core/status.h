/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Status pages: the run-time state of an engine in shared memory, for everybody to read.
 *
 * A page has one array of fixed-size slots per kind (instances, groups, ...), indexed like the
 * objects of the configuration of ->generation. One writer, the engine; each slot is a seqlock, so
 * a reader never sees half a change and costs the writer nothing. A page never changes its
 * shape: after a reload the engine makes a new one with the new generation and publishes that
 * (engine_publish() in core/process.h).
 *
 * status.c (pure) is layout, reading and writing; status_map.c is the memory behind it.
 */
#pragma once

#include "base/attr.h"

#define STATUS_KINDS_MAX 16

struct status_kind {
	uint32_t slot_size;	/* of the engine's struct; fixed-size data only, no pointers */
	uint32_t count;		/* objects of this kind */
};

struct status_layout {
	struct status_kind kinds[STATUS_KINDS_MAX];	/* by the engine's own enum */
	uint32_t n_kinds;
	uint32_t version;	/* of the structs, chosen by the engine */
};

/** A page as this process sees it. */
struct status_page {
	struct status_layout layout;
	uint64_t generation;
	size_t at[STATUS_KINDS_MAX];	/* offset of the first slot */
	uint32_t stride[STATUS_KINDS_MAX];
	uint8_t *memory;
	size_t size;
	int fd;			/* -1: not shared (tests) */
	bool writable;
};

/* status_map.c: memory */

/** A zeroed, sealed, shared page; NULL with errno set. The writer's. */
struct status_page *status_page_new(const struct status_layout *, uint64_t generation);
/** A page received from an engine, read-only; NULL with errno set (EBADMSG: not one of ours).
 *  Takes over @fd in every case. The content is not trusted: it cannot make a reader crash. */
struct status_page *status_page_map(int fd);
void status_page_free(struct status_page *);

/* status.c: pure */

/** Bytes that a page of this layout needs; 0 if it is unreasonable. Fills @page's offsets. */
size_t status_page_measure(const struct status_layout *, struct status_page *out);
/** A page in ordinary memory of status_page_measure() zeroed bytes, for tests. */
void status_page_init(struct status_page *, const struct status_layout *, uint64_t generation,
		      void *memory);
/** Read the header of @page->memory/@page->size into the rest; false if it is not a page. */
bool status_page_read_header(struct status_page *);

/**
 * The writer's slot; NULL outside the layout. Reading one's own slot needs nothing more; writing
 * goes between begin and end. Lone aligned counters of 64 bits may be written without.
 */
void *status_slot(struct status_page *, uint32_t kind, uint32_t index);
/** Begin a change: as status_slot(). Nothing but plain stores until status_end(). */
void *status_begin(struct status_page *, uint32_t kind, uint32_t index);
void status_end(struct status_page *, void *slot);

/** Copy a slot. False: outside the layout, @size is not the slot size, no page (NULL), or the
 *  writer died in the middle of a change; @out is zeroed then. */
bool status_read(const struct status_page *, uint32_t kind, uint32_t index, void *out,
		 size_t size);
static inline uint32_t status_count(const struct status_page *page, uint32_t kind)
{
	return page && kind < page->layout.n_kinds ? page->layout.kinds[kind].count : 0;
}
