/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Timers: order, re-arming and cancelling from callbacks, and a long random walk.
 */
#include "unit.h"

#include <stdlib.h>

#include "base/arena.h"
#include "loop/timer.h"

enum { LOG_MAX = 64 };

/** A timer that notes its firing and then does one thing to another timer. */
struct probe {
	struct timer timer;
	char name;
	struct probe *other;
	enum { DO_NOTHING, DO_CANCEL, DO_ARM } action;
	ktime arm_at;
	struct timers *set;
	char *log; /* names in order of firing */
};

static const ktime t0 = { 1000 };

static ktime at(int64_t ns)
{
	return (ktime){ t0.ns + ns };
}

static void probe_fire(struct timer *t, ktime now)
{
	struct probe *p = container_of(t, struct probe, timer);
	char *end = p->log;

	(void)now;
	assert_false(timer_is_armed(t));
	while (*end)
		end++;
	*end = p->name;
	if (p->action == DO_CANCEL)
		timer_cancel(&p->other->timer);
	if (p->action == DO_ARM)
		timer_arm(p->set, &p->other->timer, p->arm_at);
}

struct fixture {
	struct timers *set;
	struct probe p[4];
	char log[LOG_MAX];
};

static int setup(void **state)
{
	struct fixture *f = xnew(struct fixture);

	f->set = timers_new();
	for (int i = 0; i < 4; i++)
		f->p[i] = (struct probe){ .timer.fire = probe_fire, .name = (char)('a' + i),
					  .set = f->set, .log = f->log };
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	timers_free(f->set);
	free(f);
	return 0;
}

static void earliest_first(void **state)
{
	struct fixture *f = *state;

	assert_true(ktime_is_never(timers_next(f->set)));
	timer_arm(f->set, &f->p[0].timer, at(30));
	timer_arm(f->set, &f->p[1].timer, at(10));
	timer_arm(f->set, &f->p[2].timer, at(20));
	assert_int_equal(timers_next(f->set).ns, at(10).ns);
	assert_int_equal(timers_run(f->set, at(9)), 0);
	assert_int_equal(timers_run(f->set, at(20)), 2);
	assert_string_equal(f->log, "bc");
	assert_true(timer_is_armed(&f->p[0].timer));
	assert_int_equal(timers_run(f->set, at(99)), 1);
	assert_true(ktime_is_never(timers_next(f->set)));
}

static void equal_deadlines_in_order_of_arming(void **state)
{
	struct fixture *f = *state;

	for (int i = 3; i >= 0; i--)
		timer_arm(f->set, &f->p[i].timer, at(5));
	timer_arm(f->set, &f->p[2].timer, at(5));
	timers_run(f->set, at(5));
	assert_string_equal(f->log, "dbac");
}

static void rearming_moves(void **state)
{
	struct fixture *f = *state;

	timer_arm(f->set, &f->p[0].timer, at(10));
	timer_arm(f->set, &f->p[1].timer, at(20));
	timer_arm(f->set, &f->p[0].timer, at(30));
	assert_int_equal(timers_next(f->set).ns, at(20).ns);
	timer_arm(f->set, &f->p[0].timer, at(5));
	assert_int_equal(timers_next(f->set).ns, at(5).ns);
	timer_arm(f->set, &f->p[0].timer, KTIME_NEVER);
	assert_false(timer_is_armed(&f->p[0].timer));
	timer_cancel(&f->p[0].timer);
	assert_true(timers_validate(f->set));
}

static void cancelled_by_a_callback(void **state)
{
	struct fixture *f = *state;

	f->p[0].action = DO_CANCEL;
	f->p[0].other = &f->p[1];
	timer_arm(f->set, &f->p[0].timer, at(1));
	timer_arm(f->set, &f->p[1].timer, at(1));
	timer_arm(f->set, &f->p[2].timer, at(1));
	timers_run(f->set, at(1));
	assert_string_equal(f->log, "ac");
}

/* A timer that arms itself for now must not keep the run from ending. */
static void armed_for_now_waits_for_the_next_run(void **state)
{
	struct fixture *f = *state;

	f->p[0].action = DO_ARM;
	f->p[0].other = &f->p[0];
	f->p[0].arm_at = at(0);
	timer_arm(f->set, &f->p[0].timer, at(1));
	timer_arm(f->set, &f->p[1].timer, at(2));
	assert_int_equal(timers_run(f->set, at(5)), 2);
	assert_string_equal(f->log, "ab");
	assert_int_equal(timers_next(f->set).ns, at(0).ns);
	assert_int_equal(timers_run(f->set, at(5)), 1);
	assert_string_equal(f->log, "aba");
}

/* Moving a due timer to another due time while firing counts as arming anew. */
static void late_timers_can_be_moved_and_cancelled(void **state)
{
	struct fixture *f = *state;

	f->p[0].action = DO_ARM;
	f->p[0].other = &f->p[2];
	f->p[0].arm_at = at(1);
	f->p[1].action = DO_CANCEL;
	f->p[1].other = &f->p[2];
	timer_arm(f->set, &f->p[0].timer, at(1));
	timer_arm(f->set, &f->p[1].timer, at(2));
	timer_arm(f->set, &f->p[2].timer, at(3));
	timers_run(f->set, at(9));
	assert_string_equal(f->log, "ab");
	assert_false(timer_is_armed(&f->p[2].timer));
	assert_true(timers_validate(f->set));
}

/** For the random walk: no callback but a count. */
struct walker {
	struct timer timer;
	ktime fired_at;
};

static void walker_fire(struct timer *t, ktime now)
{
	container_of(t, struct walker, timer)->fired_at = now;
}

static void random_walk(void **state)
{
	enum { N = 4000 };
	struct fixture *f = *state;
	struct walker *w = xcalloc(N, sizeof(*w));
	uint32_t seed = 1;
	ktime now = t0;

	for (int i = 0; i < N; i++)
		w[i].timer.fire = walker_fire;
	for (int step = 0; step < 200000; step++) {
		struct walker *one = &w[(seed >> 8) % N];

		seed = seed * 1664525 + 1013904223;
		if (seed % 8 == 0)
			timer_cancel(&one->timer);
		else
			timer_arm(f->set, &one->timer, ktime_add(now, NSEC(seed >> 20)));
		if (step % 64 == 0) {
			now = ktime_add(now, NSEC(50));
			timers_run(f->set, now);
			assert_true(ktime_before(now, timers_next(f->set)));
		}
		if (step % 10000 == 0)
			assert_true(timers_validate(f->set));
	}
	for (int i = 0; i < N; i++)
		assert_true(!timer_is_armed(&w[i].timer) || ktime_before(now, w[i].timer.at));
	timers_free(f->set);
	f->set = timers_new();
	for (int i = 0; i < N; i++)
		assert_false(timer_is_armed(&w[i].timer));
	free(w);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(earliest_first),
	TEST(equal_deadlines_in_order_of_arming),
	TEST(rearming_moves),
	TEST(cancelled_by_a_callback),
	TEST(armed_for_now_waits_for_the_next_run),
	TEST(late_timers_can_be_moved_and_cancelled),
	TEST(random_walk),
};

UNIT_MAIN(tests)
