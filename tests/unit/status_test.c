/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Status pages: layout, reading and writing, and readers that meet a page which is not one.
 */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "core/status.h"

struct small {
	uint8_t bytes[5];
};

struct large {
	uint64_t numbers[7];
};

static const struct status_layout layout = {
	.n_kinds = 3, .version = 7,
	.kinds = { { sizeof(struct small), 4 }, { sizeof(struct large), 2 }, { 8, 0 } },
};

static void make_page(struct status_page *page)
{
	struct status_page shape;
	size_t size = status_page_measure(&layout, &shape);

	assert_true(size > 0);
	status_page_init(page, &layout, 42, xcalloc(1, size));
}

static void test_write_and_read(void **state)
{
	struct status_page page;
	struct large out;

	(void)state;
	make_page(&page);
	struct large *slot = status_begin(&page, 1, 1);

	slot->numbers[6] = 99;
	status_end(&page, slot);
	assert_true(status_read(&page, 1, 1, &out, sizeof(out)));
	assert_int_equal(out.numbers[6], 99);
	assert_true(status_read(&page, 1, 0, &out, sizeof(out)));
	assert_int_equal(out.numbers[6], 0);
	free(page.memory);
}

static void test_slots_do_not_overlap(void **state)
{
	struct status_page page;
	struct small out;

	(void)state;
	make_page(&page);
	for (uint32_t i = 0; i < 4; i++) {
		struct small *slot = status_begin(&page, 0, i);

		assert_int_equal((uintptr_t)slot % 8, 0);
		memset(slot, (int)i + 1, sizeof(*slot));
		status_end(&page, slot);
	}
	for (uint32_t i = 0; i < 4; i++) {
		assert_true(status_read(&page, 0, i, &out, sizeof(out)));
		for (size_t b = 0; b < sizeof(out); b++)
			assert_int_equal(out.bytes[b], i + 1);
	}
	free(page.memory);
}

static void test_outside(void **state)
{
	struct status_page page;
	struct small out = { { 1 } };

	(void)state;
	make_page(&page);
	assert_null(status_slot(&page, 0, 4));
	assert_null(status_slot(&page, 3, 0));
	assert_null(status_begin(&page, 2, 0));
	status_end(&page, NULL);
	assert_false(status_read(&page, 0, 4, &out, sizeof(out)));
	assert_int_equal(out.bytes[0], 0);
	assert_false(status_read(&page, 0, 0, &out, sizeof(out) - 1));
	assert_false(status_read(NULL, 0, 0, &out, sizeof(out)));
	assert_int_equal(status_count(&page, 0), 4);
	assert_int_equal(status_count(&page, 9), 0);
	assert_int_equal(status_count(NULL, 0), 0);
	free(page.memory);
}

static void test_writer_died_in_the_middle(void **state)
{
	struct status_page page;
	struct small out;

	(void)state;
	make_page(&page);
	(void)status_begin(&page, 0, 0);
	assert_false(status_read(&page, 0, 0, &out, sizeof(out)));
	assert_true(status_read(&page, 0, 1, &out, sizeof(out)));
	free(page.memory);
}

static void test_header(void **state)
{
	struct status_page page, seen;
	struct small out;

	(void)state;
	make_page(&page);
	seen = (struct status_page){ .memory = page.memory, .size = page.size, .fd = -1 };
	assert_true(status_page_read_header(&seen));
	assert_int_equal(seen.generation, 42);
	assert_int_equal(seen.layout.version, 7);
	assert_false(seen.writable);
	assert_null(status_slot(&seen, 0, 0));
	assert_true(status_read(&seen, 0, 3, &out, sizeof(out)));
	free(page.memory);
}

/* Whatever stands in the header, a reader stays inside the memory. */
static void test_hostile_headers(void **state)
{
	struct status_page page, seen;
	uint8_t *copy;
	struct large out;

	(void)state;
	make_page(&page);
	copy = xcalloc(1, page.size);
	for (size_t byte = 0; byte < 160 && byte < page.size; byte++) {
		memcpy(copy, page.memory, page.size);
		copy[byte] ^= 0xff;
		seen = (struct status_page){ .memory = copy, .size = page.size, .fd = -1 };
		if (!status_page_read_header(&seen))
			continue;
		assert_true(seen.size <= page.size);
		for (uint32_t k = 0; k < STATUS_KINDS_MAX; k++)
			(void)status_read(&seen, k, status_count(&seen, k) - 1, &out,
					  sizeof(out));
	}
	seen = (struct status_page){ .memory = copy, .size = 10, .fd = -1 };
	assert_false(status_page_read_header(&seen));
	free(copy);
	free(page.memory);
}

static void test_unreasonable_layouts(void **state)
{
	struct status_page shape;
	struct status_layout l = { .n_kinds = STATUS_KINDS_MAX + 1 };

	(void)state;
	assert_int_equal(status_page_measure(&l, &shape), 0);
	l = (struct status_layout){ .n_kinds = 1, .kinds = { { UINT32_MAX, 1 } } };
	assert_int_equal(status_page_measure(&l, &shape), 0);
	l = (struct status_layout){ .n_kinds = 1, .kinds = { { 4096, UINT32_MAX } } };
	assert_int_equal(status_page_measure(&l, &shape), 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_write_and_read),
	cmocka_unit_test(test_slots_do_not_overlap),
	cmocka_unit_test(test_outside),
	cmocka_unit_test(test_writer_died_in_the_middle),
	cmocka_unit_test(test_header),
	cmocka_unit_test(test_hostile_headers),
	cmocka_unit_test(test_unreasonable_layouts),
};

UNIT_MAIN(tests)
