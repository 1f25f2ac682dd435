/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arenas: alignment, zeroes, packing, large requests, reset.
 */
#include "unit.h"

#include <string.h>

#include "base/arena.h"

static void objects_are_aligned_and_zero(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t size = 0; size < 3000; size++) {
		unsigned char *p = arena_alloc(a, size);

		assert_int_equal((uintptr_t)p % (size % 16 ? 8 : 16), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xa5, size);
	}
	arena_free(a);
}

static void text_is_packed(void **state)
{
	struct arena *a = arena_new();
	char *one = arena_strdup(a, "abc");
	char *two = arena_strdup(a, "de");
	long *number = arena_new_of(a, long);

	(void)state;
	assert_ptr_equal(two + 3, one);
	assert_int_equal(*number, 0);
	assert_string_equal(one, "abc");
	assert_string_equal(two, "de");
	assert_string_equal(arena_strndup(a, "abcdef", 3), "abc");
	assert_string_equal(arena_strdup(a, ""), "");
	arena_free(a);
}

static void printf_of_any_length(void **state)
{
	struct arena *a = arena_new();
	char *text;

	(void)state;
	assert_string_equal(arena_printf(a, "%d-%s", 7, "x"), "7-x");
	text = arena_printf(a, "%5000d", 1);
	assert_int_equal(strlen(text), 5000);
	assert_int_equal(text[4999], '1');
	arena_free(a);
}

static void large_request_keeps_the_block(void **state)
{
	struct arena *a = arena_new();
	char *before = arena_alloc(a, 16);
	char *large = arena_alloc(a, 3000000);
	char *after = arena_alloc(a, 16);

	(void)state;
	assert_ptr_equal(before + 16, after);
	assert_int_equal(large[2999999], 0);
	memset(large, 1, 3000000);
	assert_int_equal(before[0], 0);
	arena_free(a);
}

static void blocks_grow(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (unsigned i = 0; i < 100000; i++)
		*(unsigned *)arena_alloc(a, 100) = i;
	/* 10.4 MB in at most 1 MiB blocks: no more than one of them unused. */
	assert_in_range(arena_footprint(a), 10400000, 12100000);
	arena_free(a);
}

static void reset_keeps_one_block(void **state)
{
	struct arena *a = arena_new();
	unsigned char *first = arena_alloc(a, 64);
	size_t at_first = arena_footprint(a);

	(void)state;
	memset(first, 0xff, 64);
	for (unsigned i = 0; i < 1000; i++)
		memset(arena_text(a, 1000), 0xff, 1000);
	arena_reset(a);
	assert_int_equal(arena_footprint(a), at_first);
	assert_ptr_equal(arena_alloc(a, 64), first);
	assert_int_equal(first[63], 0);
	arena_reset(a);
	arena_free(a);
	arena_free(NULL);
	a = arena_new();
	arena_reset(a);
	arena_free(a);
}

static void cleanup_helpers(void **state)
{
	attr_cleanup(free_ptr) char *text = xstrdup("kept");
	int fd = -1;

	(void)state;
	text = xrealloc(text, 100, 2);
	assert_string_equal(text, "kept");
	close_fd(&fd);
	assert_int_equal(fd, -1);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(objects_are_aligned_and_zero),
	cmocka_unit_test(text_is_packed),
	cmocka_unit_test(printf_of_any_length),
	cmocka_unit_test(large_request_keeps_the_block),
	cmocka_unit_test(blocks_grow),
	cmocka_unit_test(reset_keeps_one_block),
	cmocka_unit_test(cleanup_helpers),
};

UNIT_MAIN(tests)
