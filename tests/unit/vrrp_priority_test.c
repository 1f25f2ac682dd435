/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Weights and faults of trackers.
 */
#include "unit.h"

#include "vrrp/priority.h"

static void effects(void **state)
{
	static const struct {
		int weight;
		bool reverse;
		int up, down;			/* 1000: fault */
	} table[] = {
		{ 0, false, 0, 1000 },
		{ 0, true, 1000, 0 },
		{ 10, false, 10, 0 },
		{ -10, false, 0, -10 },
		{ 10, true, -10, 0 },
		{ -10, true, 0, 10 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct vrrp_effect up = vrrp_effect_of_state(VRRP_TRACKED_UP, table[i].weight,
							     table[i].reverse);
		struct vrrp_effect down = vrrp_effect_of_state(VRRP_TRACKED_DOWN, table[i].weight,
							       table[i].reverse);
		struct vrrp_effect unknown = vrrp_effect_of_state(
			VRRP_TRACKED_UNKNOWN, table[i].weight, table[i].reverse);

		assert_int_equal(up.fault ? 1000 : up.add, table[i].up);
		assert_int_equal(down.fault ? 1000 : down.add, table[i].down);
		assert_int_equal(unknown.pending, table[i].weight == 0);
		assert_int_equal(unknown.add, 0);
		assert_false(unknown.fault || up.pending || down.pending);
	}
}

static int file(int64_t value, int weight, bool reverse)
{
	struct vrrp_effect e = vrrp_effect_of_value(value, weight, reverse);

	return e.fault ? 1000 : e.add;
}

static void files(void **state)
{
	(void)state;
	assert_int_equal(file(5, 1, false), 5);
	assert_int_equal(file(5, -2, false), -10);
	assert_int_equal(file(5, -2, true), 10);
	assert_int_equal(file(1000, 1, false), 253);
	assert_int_equal(file(-253, 1, false), -253);
	assert_int_equal(file(-254, 1, false), 1000);
	assert_int_equal(file(INT64_MIN, 254, false), 1000);
	assert_int_equal(file(INT64_MAX, 254, false), 253);
	assert_int_equal(file(INT64_MAX, 254, true), 1000);
	assert_int_equal(file(1, 0, false), 1000);
	assert_int_equal(file(0, 0, false), 0);
	assert_int_equal(file(0, 0, true), 1000);
}

/** Two trackers of one kind that are down: one that comes up is not enough. */
static void faults_are_counted(void **state)
{
	struct vrrp_effect fault = { .fault = true }, none = { 0 }, a = { 0 }, b = { 0 };
	struct vrrp_tally t = { 0 };

	(void)state;
	assert_int_equal(vrrp_tally_change(&t, VRRP_DOWN_TRACKER, &a, fault), VRRP_TALLY_HEALTH);
	assert_int_equal(vrrp_tally_change(&t, VRRP_DOWN_TRACKER, &b, fault), 0);
	assert_int_equal(vrrp_tally_fault(&t, VRRP_DOWN_INTERFACE, 1), 0);
	assert_int_equal(vrrp_tally_n_faults(&t), 3);
	assert_int_equal(vrrp_tally_change(&t, VRRP_DOWN_TRACKER, &a, none), 0);
	assert_int_equal(vrrp_tally_change(&t, VRRP_DOWN_TRACKER, &a, none), 0);	/* again */
	assert_int_equal(vrrp_tally_fault(&t, VRRP_DOWN_INTERFACE, -1), 0);
	assert_int_equal(vrrp_tally_change(&t, VRRP_DOWN_TRACKER, &b, none), VRRP_TALLY_HEALTH);
	assert_int_equal(vrrp_tally_n_faults(&t), 0);
}

static void pending_is_health(void **state)
{
	struct vrrp_effect current = { 0 };
	struct vrrp_tally t = { 0 };

	(void)state;
	assert_int_equal(vrrp_tally_change(&t, VRRP_DOWN_TRACKER, &current,
					   vrrp_effect_of_state(VRRP_TRACKED_UNKNOWN, 0, false)),
			 VRRP_TALLY_HEALTH);
	assert_int_equal(t.pending, 1);
	assert_int_equal(vrrp_tally_change(&t, VRRP_DOWN_TRACKER, &current,
					   vrrp_effect_of_state(VRRP_TRACKED_DOWN, 0, false)),
			 VRRP_TALLY_HEALTH);
	assert_int_equal(t.pending, 0);
	assert_int_equal(vrrp_tally_n_faults(&t), 1);
}

static void priorities(void **state)
{
	struct vrrp_effect a = { 0 }, b = { 0 };
	struct vrrp_tally t = { 0 };

	(void)state;
	assert_int_equal(vrrp_tally_priority(&t, 100), 100);
	assert_int_equal(vrrp_tally_change(&t, VRRP_DOWN_TRACKER, &a,
					   (struct vrrp_effect){ .add = 253 }),
			 VRRP_TALLY_PRIORITY);
	assert_int_equal(vrrp_tally_priority(&t, 100), 254);
	assert_int_equal(vrrp_tally_priority(&t, 255), 255);
	assert_int_equal(vrrp_tally_change(&t, VRRP_DOWN_TRACKER, &b,
					   (struct vrrp_effect){ .add = -253 }),
			 VRRP_TALLY_PRIORITY);
	assert_int_equal(vrrp_tally_priority(&t, 100), 100);
	assert_int_equal(vrrp_tally_change(&t, VRRP_DOWN_TRACKER, &a, (struct vrrp_effect){ 0 }),
			 VRRP_TALLY_PRIORITY);
	assert_int_equal(vrrp_tally_priority(&t, 100), 1);
	assert_int_equal(vrrp_tally_priority(&t, 255), 255);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(effects),
	cmocka_unit_test(files),
	cmocka_unit_test(faults_are_counted),
	cmocka_unit_test(pending_is_health),
	cmocka_unit_test(priorities),
};

UNIT_MAIN(tests)
