/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The event loop with real descriptors: priorities, removal while dispatching, deferred calls,
 * timers, signals, file watches. A test that waits has a deadline that fails it.
 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "loop/filewatch.h"
#include "loop/loop.h"

struct fixture;

struct source {
	struct watch watch;
	struct fixture *f;
	char name;
	struct source *removes;
};

struct fixture {
	struct loop *loop;
	struct timer deadline;
	struct timer timer;
	struct deferred first, second;
	struct source sources[3];
	struct signal_watch signals;
	struct filewatch file;
	char log[32];
	unsigned expected; /* stop when that many things happened */
	int last_signal;
};

static void note(struct fixture *f, char c)
{
	size_t len = strlen(f->log);

	f->log[len] = c;
	if (len + 1 >= f->expected)
		loop_stop(f->loop, 0);
}

static void too_late(struct timer *t, ktime now)
{
	struct fixture *f = container_of(t, struct fixture, deadline);

	(void)now;
	loop_stop(f->loop, 99);
}

/** Run until @n events have been noted. */
static void run_until(struct fixture *f, unsigned n)
{
	f->expected = n;
	timer_arm(loop_timers(f->loop), &f->deadline, ktime_add(clock_now(), SEC(20)));
	assert_int_equal(loop_run(f->loop), 0);
	timer_cancel(&f->deadline);
}

static void source_ready(struct watch *w, uint32_t events, ktime now)
{
	struct source *s = container_of(w, struct source, watch);
	uint64_t value;

	(void)events;
	(void)now;
	assert_int_equal(read(w->fd, &value, sizeof(value)), sizeof(value));
	note(s->f, s->name);
	if (s->removes)
		watch_remove(&s->removes->watch);
}

static void source_poke(struct source *s)
{
	const uint64_t one = 1;

	assert_int_equal(write(s->watch.fd, &one, sizeof(one)), sizeof(one));
}

static int setup(void **state)
{
	struct fixture *f = xnew(struct fixture);

	f->loop = loop_new();
	f->deadline.fire = too_late;
	for (int i = 0; i < 3; i++) {
		struct source *s = &f->sources[i];

		s->f = f;
		s->name = (char)('a' + i);
		s->watch = (struct watch){ .fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC),
					   .events = EPOLLIN, .ready = source_ready };
	}
	*state = f;
	return f->loop ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 3; i++) {
		watch_remove(&f->sources[i].watch);
		close_fd(&f->sources[i].watch.fd);
	}
	loop_free(f->loop);
	free(f);
	return 0;
}

static void more_urgent_first(void **state)
{
	struct fixture *f = *state;
	static const enum watch_priority priorities[] = { WATCH_IDLE, WATCH_NORMAL, WATCH_URGENT };

	for (int i = 0; i < 3; i++) {
		f->sources[i].watch.priority = priorities[i];
		assert_int_equal(watch_add(f->loop, &f->sources[i].watch), 0);
		source_poke(&f->sources[i]);
	}
	run_until(f, 3);
	assert_string_equal(f->log, "cba");
}

static void removed_while_dispatching(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 3; i++) {
		f->sources[i].watch.priority = (enum watch_priority)i;
		assert_int_equal(watch_add(f->loop, &f->sources[i].watch), 0);
		source_poke(&f->sources[i]);
	}
	f->sources[0].removes = &f->sources[1];
	run_until(f, 2);
	assert_string_equal(f->log, "ac");
	assert_int_equal(watch_add(f->loop, &f->sources[0].watch), -EEXIST);
}

static void changed_events(void **state)
{
	struct fixture *f = *state;
	struct source *a = &f->sources[0], *b = &f->sources[1];

	assert_int_equal(watch_change(&a->watch, 0), -ENOENT);
	assert_int_equal(watch_add(f->loop, &a->watch), 0);
	assert_int_equal(watch_add(f->loop, &b->watch), 0);
	assert_int_equal(watch_change(&a->watch, 0), 0);
	source_poke(a);
	source_poke(b);
	run_until(f, 1);
	assert_string_equal(f->log, "b");
	assert_int_equal(watch_change(&a->watch, EPOLLIN), 0);
	run_until(f, 2);
	assert_string_equal(f->log, "ba");
}

static void first_deferred(struct deferred *d, ktime now)
{
	struct fixture *f = container_of(d, struct fixture, first);

	(void)now;
	note(f, '1');
	if (strlen(f->log) == 1)
		loop_defer(f->loop, &f->first); /* again, in the next wake-up */
	if (strlen(f->log) == 1)
		loop_undefer(f->loop, &f->second);
}

static void second_deferred(struct deferred *d, ktime now)
{
	struct fixture *f = container_of(d, struct fixture, second);

	(void)now;
	note(f, '2');
}

static void deferred_calls(void **state)
{
	struct fixture *f = *state;

	f->first.run = first_deferred;
	f->second.run = second_deferred;
	loop_defer(f->loop, &f->first);
	loop_defer(f->loop, &f->second);
	loop_defer(f->loop, &f->second);
	run_until(f, 2);
	assert_string_equal(f->log, "11");
	assert_false(f->second.queued);
	loop_defer(f->loop, &f->second);
	loop_defer(f->loop, &f->first);
	loop_undefer(f->loop, &f->first);
	run_until(f, 3);
	assert_string_equal(f->log, "112");
}

static void timer_fires(struct timer *t, ktime now)
{
	struct fixture *f = container_of(t, struct fixture, timer);

	assert_false(ktime_before(now, t->at));
	note(f, 't');
	if (strlen(f->log) < 3)
		timer_arm(loop_timers(f->loop), t, ktime_add(t->at, USEC(300)));
}

static void timers_fire_and_are_counted(void **state)
{
	struct fixture *f = *state;
	struct loop_lateness late;

	f->timer.fire = timer_fires;
	timer_arm(loop_timers(f->loop), &f->timer, ktime_add(loop_now(f->loop), USEC(300)));
	run_until(f, 3);
	assert_string_equal(f->log, "ttt");
	late = loop_take_lateness(f->loop);
	assert_int_equal(late.timers, 3);
	assert_true(late.wakeups >= 1);
	assert_int_equal(loop_take_lateness(f->loop).timers, 0);
}

static void signal_caught(struct signal_watch *sw, int signo, ktime now)
{
	struct fixture *f = container_of(sw, struct fixture, signals);

	(void)now;
	f->last_signal = signo;
	note(f, 's');
}

static void signals_are_events(void **state)
{
	struct fixture *f = *state;

	sigemptyset(&f->signals.set);
	sigaddset(&f->signals.set, SIGUSR1);
	sigaddset(&f->signals.set, SIGUSR2);
	f->signals.caught = signal_caught;
	assert_int_equal(signal_watch_start(f->loop, &f->signals), 0);
	assert_int_equal(kill(getpid(), SIGUSR2), 0);
	run_until(f, 1);
	assert_int_equal(f->last_signal, SIGUSR2);
	assert_int_equal(kill(getpid(), SIGUSR1), 0);
	assert_int_equal(kill(getpid(), SIGUSR2), 0);
	run_until(f, 3);
	signal_watch_stop(&f->signals);
	signal_watch_stop(&f->signals);
}

static void file_changed(struct filewatch *fw, ktime now)
{
	struct fixture *f = container_of(fw, struct fixture, file);

	(void)now;
	note(f, 'f');
}

static void write_file(const char *path)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_true(fputs("x\n", out) >= 0);
	assert_int_equal(fclose(out), 0);
}

static void files_are_watched(void **state)
{
	struct fixture *f = *state;
	char dir[] = "/tmp/loop-test.XXXXXX";
	char watched[64], other[64], link[64];

	assert_non_null(mkdtemp(dir));
	(void)snprintf(watched, sizeof(watched), "%s/watched", dir);
	(void)snprintf(other, sizeof(other), "%s/other", dir);
	(void)snprintf(link, sizeof(link), "%s/link", dir);
	assert_int_equal(symlink("watched", link), 0);
	f->file.changed = file_changed;
	assert_int_equal(filewatch_start(f->loop, &f->file, "relative"), -EINVAL);
	assert_int_equal(filewatch_start(f->loop, &f->file, "/no/such/dir/x"), -ENOENT);
	assert_int_equal(filewatch_start(f->loop, &f->file, link), 0);

	write_file(other);
	write_file(watched);
	run_until(f, 1);
	assert_int_equal(rename(other, watched), 0);
	run_until(f, 2);
	assert_int_equal(unlink(watched), 0);
	run_until(f, 3);

	filewatch_stop(&f->file);
	filewatch_stop(&f->file);
	assert_int_equal(unlink(link), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void stop_before_run(void **state)
{
	struct fixture *f = *state;

	loop_stop(f->loop, 7);
	assert_int_equal(loop_run(f->loop), 7);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(more_urgent_first),
	TEST(removed_while_dispatching),
	TEST(changed_events),
	TEST(deferred_calls),
	TEST(timers_fire_and_are_counted),
	TEST(signals_are_events),
	TEST(files_are_watched),
	TEST(stop_before_run),
};

UNIT_MAIN(tests)
