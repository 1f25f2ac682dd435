/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Status pages: layout, and reading and writing slots under a seqlock.
 *
 * The memory is somebody else's (status_map.c, tests). A reader trusts nothing in it but the
 * offsets that status_page_read_header() has checked and copied, so whatever a broken writer
 * does, the reader gets bytes of the right size or "no".
 *
 * A slot is a 32-bit sequence (odd while it is being changed) and, on the next 8-byte boundary, the
 * engine's struct.
 */
#include "core/status.h"

#include <string.h>

#define PAGE_MAGIC	0x4b415053u /* "KAPS" */
#define SLOT_HEAD	8u
#define SLOT_SIZE_MAX	(1u << 20)
#define PAGE_SIZE_MAX	(1u << 30)
#define READ_TRIES	10000

struct page_header {
	uint32_t magic;
	uint32_t header_size;
	uint64_t generation;
	struct status_layout layout;
};

static size_t align8(size_t n)
{
	return (n + 7u) & ~(size_t)7u;
}

size_t status_page_measure(const struct status_layout *layout, struct status_page *out)
{
	struct status_page page = { .layout = *layout, .fd = -1 };
	size_t size = align8(sizeof(struct page_header));

	if (layout->n_kinds > STATUS_KINDS_MAX)
		return 0;
	for (uint32_t k = 0; k < layout->n_kinds; k++) {
		const struct status_kind *kind = &layout->kinds[k];

		if (kind->slot_size > SLOT_SIZE_MAX)
			return 0;
		page.at[k] = size;
		page.stride[k] = (uint32_t)(SLOT_HEAD + align8(kind->slot_size));
		size += (size_t)page.stride[k] * kind->count;
		if (size > PAGE_SIZE_MAX)
			return 0;
	}
	page.size = size;
	*out = page;
	return size;
}

void status_page_init(struct status_page *page, const struct status_layout *layout,
		      uint64_t generation, void *memory)
{
	struct page_header head = {
		.magic = PAGE_MAGIC,
		.header_size = sizeof(head),
		.generation = generation,
		.layout = *layout,
	};

	if (!status_page_measure(layout, page))
		return;
	page->generation = generation;
	page->memory = memory;
	page->writable = true;
	memcpy(memory, &head, sizeof(head));
}

bool status_page_read_header(struct status_page *page)
{
	struct page_header head;
	struct status_page shape;
	uint8_t *memory = page->memory;
	size_t size = page->size;
	int fd = page->fd;

	if (size < sizeof(head))
		return false;
	memcpy(&head, memory, sizeof(head));
	if (head.magic != PAGE_MAGIC || head.header_size != sizeof(head))
		return false;
	if (!status_page_measure(&head.layout, &shape) || shape.size > size)
		return false;
	*page = shape;
	page->generation = head.generation;
	page->memory = memory;
	page->size = size;
	page->fd = fd;
	return true;
}

static uint8_t *slot_at(const struct status_page *page, uint32_t kind, uint32_t index)
{
	if (!page || index >= status_count(page, kind))
		return NULL;
	return page->memory + page->at[kind] + (size_t)page->stride[kind] * index;
}

static uint32_t *sequence_of(void *slot)
{
	return (uint32_t *)(void *)((uint8_t *)slot - SLOT_HEAD);
}

void *status_slot(struct status_page *page, uint32_t kind, uint32_t index)
{
	uint8_t *at = slot_at(page, kind, index);

	return at && page->writable ? at + SLOT_HEAD : NULL;
}

void *status_begin(struct status_page *page, uint32_t kind, uint32_t index)
{
	void *slot = status_slot(page, kind, index);

	if (!slot)
		return NULL;
	uint32_t *sequence = sequence_of(slot);

	__atomic_store_n(sequence, *sequence + 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	return slot;
}

void status_end(struct status_page *page, void *slot)
{
	(void)page;
	if (!slot)
		return;
	uint32_t *sequence = sequence_of(slot);

	__atomic_store_n(sequence, *sequence + 1, __ATOMIC_RELEASE);
}

bool status_read(const struct status_page *page, uint32_t kind, uint32_t index, void *out,
		 size_t size)
{
	uint8_t *at = slot_at(page, kind, index);

	if (!at || size != page->layout.kinds[kind].slot_size) {
		memset(out, 0, size);
		return false;
	}
	uint8_t *slot = at + SLOT_HEAD;

	for (unsigned i = 0; i < READ_TRIES; i++) {
		uint32_t before = __atomic_load_n(sequence_of(slot), __ATOMIC_ACQUIRE);

		if (before & 1)
			continue;
		memcpy(out, slot, size);
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		if (__atomic_load_n(sequence_of(slot), __ATOMIC_RELAXED) == before)
			return true;
	}
	memset(out, 0, size);
	return false;
}
