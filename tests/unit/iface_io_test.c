/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mirror of interfaces in a network namespace of the process's own: delays of link state and
 * polling, over reloads. Timers are run by hand, so time is that of the test.
 */
#include "unit.h"

#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <sys/resource.h>

#include "core/iface.h"
#include "core/linkbeat.h"
#include "loop/loop.h"
#include "netlink/nl.h"

static bool is_private;		/* the namespace is ours */
static struct loop *loop;
static struct iface_mirror *mirror;
static struct iface *lo;
static struct nl *nl;
static unsigned n_up, n_down, n_set_up, n_set_down;

static void changed(void *arg, struct iface *i, enum iface_change change,
		    const struct iface_addr *a, ktime now)
{
	(void)arg, (void)a, (void)now;
	if (i != lo)
		return;
	n_up += change == IFACE_UP;
	n_down += change == IFACE_DOWN;
	n_set_up += change == IFACE_SET_UP;
	n_set_down += change == IFACE_SET_DOWN;
}

static void set(bool up)
{
	struct nl_buf msg = { 0 };

	nl_link_set_flags(&msg, 1, up ? IFF_UP : 0, IFF_UP);
	nl_queue_blind(nl, &msg);
	nl_buf_fini(&msg);
	nl_flush(nl, NSEC(0));
	assert_true(iface_mirror_drain(mirror));
}

static int set_up(void **state)
{
	struct iface_listener listener = { .changed = changed };

	(void)state;
	is_private = unshare(CLONE_NEWNET) == 0;
	loop = loop_new();
	nl = nl_new(loop, NULL, &(struct nl_options){ .protocol = 0 });
	mirror = iface_mirror_new(loop, NULL, &(struct iface_options){ 0 }, &listener);
	if (loop == NULL || nl == NULL || mirror == NULL)
		return 1;
	lo = iface_get(mirror, "lo");
	if (is_private)
		set(true);
	n_up = n_down = n_set_up = n_set_down = 0;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	iface_put(lo);
	iface_mirror_free(mirror);
	nl_free(nl);
	loop_free(loop);
	return 0;
}

static void run_at(kspan span)
{
	(void)timers_run(loop_timers(loop), ktime_add(loop_now(loop), span));
}

/* A reload says the same once more: what is being delayed goes on to its own end. */
static void a_delay_is_not_begun_again(void **state)
{
	(void)state;
	if (!is_private)
		skip();
	iface_set_debounce(lo, SEC(10), SEC(20));
	set(false);
	assert_true(lo->up);
	assert_int_equal(n_set_down, 1);
	assert_true(iface_delays(lo).running);
	iface_set_debounce(lo, SEC(10), SEC(20));
	iface_set_debounce(lo, SEC(30), SEC(20));
	assert_true(lo->up);
	run_at(SEC(9));
	assert_true(lo->up);
	run_at(SEC(11));
	assert_false(lo->up);
	assert_int_equal(n_down, 1);
	/* Up again after its own delay, or with a shorter one after that. */
	set(true);
	assert_int_equal(n_set_up, 1);
	assert_false(lo->up);
	iface_set_debounce(lo, SEC(30), SEC(5));
	run_at(SEC(6));
	assert_true(lo->up);
	/* Without a delay there is nothing to wait for. */
	set(false);
	iface_set_debounce(lo, NSEC(0), NSEC(0));
	assert_false(lo->up);
}

/* What is polled before and after a reload is not looked at with other eyes in between. */
static void polling_goes_on(void **state)
{
	struct linkbeats *l = linkbeats_new(loop, NULL);

	(void)state;
	if (!is_private)
		skip();
	assert_non_null(l);
	linkbeats_begin(l);
	linkbeats_add(l, mirror, "lo", LINKBEAT_ASK_ANY);
	linkbeats_end(l);
	assert_int_equal(lo->beat, IFACE_BEAT_UP);
	/* The flags say up, the poller said down: a reload does not believe the flags. */
	iface_set_beat(lo, IFACE_BEAT_DOWN);
	assert_int_equal(n_down, 1);
	linkbeats_begin(l);
	linkbeats_add(l, mirror, "lo", LINKBEAT_ASK_ANY);
	linkbeats_add(l, mirror, "lo", LINKBEAT_ASK_FLAGS);
	linkbeats_end(l);
	assert_int_equal(n_up, 0);
	assert_int_equal(lo->beat, IFACE_BEAT_DOWN);
	/* No longer polled: the flags count. */
	linkbeats_begin(l);
	linkbeats_end(l);
	assert_int_equal(n_up, 1);
	assert_int_equal(lo->beat, IFACE_BEAT_NONE);
	linkbeats_free(l);
}

/* Too many open files is not an I/O error. */
static void the_error_is_that_of_the_system(void **state)
{
	struct rlimit limit, none;
	struct nl *more;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	more = nl_new(loop, NULL, &(struct nl_options){ .protocol = 0 });
	assert_int_equal(errno, EMFILE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_null(more);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const struct CMUnitTest tests[] = {
	T(a_delay_is_not_begun_again),
	T(polling_goes_on),
	T(the_error_is_that_of_the_system),
};

UNIT_MAIN(tests)
