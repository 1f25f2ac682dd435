/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Slabs: objects do not overlap, are zeroed, and their memory goes away.
 */
#include "unit.h"

#include <string.h>
#include <sys/mman.h>

#include "base/slab.h"

#define N    3000
#define PAGE 4096

struct thing {
	uint64_t words[13];
};

static void packed(struct slab *slab)
{
	slab_init(slab, sizeof(struct thing));
	slab->packed = true;	/* also with the address sanitizer */
}

static void fill(struct thing *t, uint64_t with)
{
	for (size_t i = 0; i < ARRAY_LEN(t->words); i++) {
		assert_int_equal(t->words[i], 0);
		t->words[i] = with;
	}
}

static void check(const struct thing *t, uint64_t with)
{
	for (size_t i = 0; i < ARRAY_LEN(t->words); i++)
		assert_int_equal(t->words[i], with);
}

static bool is_mapped(const void *p)
{
	uintptr_t page = (uintptr_t)p & ~(uintptr_t)(PAGE - 1);
	unsigned char in_memory;

	return mincore((void *)page, PAGE, &in_memory) == 0;
}

static void objects_are_apart(void **state)
{
	static struct thing *things[N];
	struct slab slab;

	(void)state;
	packed(&slab);
	for (unsigned i = 0; i < N; i++)
		fill(things[i] = slab_take(&slab), i + 1);
	/* Every third goes and comes again. */
	for (unsigned i = 0; i < N; i += 3)
		slab_give(&slab, things[i]);
	for (unsigned i = 0; i < N; i += 3)
		fill(things[i] = slab_take(&slab), N + i);
	for (unsigned i = 0; i < N; i++)
		check(things[i], i % 3 ? i + 1 : N + i);
	for (unsigned i = 0; i < N; i++)
		slab_give(&slab, things[i]);
	assert_null(slab.roomy);
	slab_give(&slab, NULL);
}

static void neighbours_touch(void **state)
{
	struct slab slab;
	char *a, *b;

	(void)state;
	packed(&slab);
	a = slab_take(&slab);
	b = slab_take(&slab);
	assert_int_equal(b - a, sizeof(struct thing));
	slab_give(&slab, a);
	assert_ptr_equal(slab_take(&slab), a);
	slab_give(&slab, a);
	slab_give(&slab, b);
}

static void empty_chunks_go_away(void **state)
{
	static struct thing *things[N];
	struct slab slab;

	(void)state;
	packed(&slab);
	for (unsigned i = 0; i < N; i++)
		things[i] = slab_take(&slab);
	assert_true(is_mapped(things[0]));
	assert_true(is_mapped(things[N - 1]));
	for (unsigned i = 1; i < N; i++)
		slab_give(&slab, things[i]);
	assert_true(is_mapped(things[0]));
	assert_false(is_mapped(things[N - 1]));
	slab_give(&slab, things[0]);
	assert_false(is_mapped(things[0]));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(objects_are_apart),
	cmocka_unit_test(neighbours_touch),
	cmocka_unit_test(empty_chunks_go_away),
};

UNIT_MAIN(tests)
