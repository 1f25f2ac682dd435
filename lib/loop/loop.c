/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The event loop: wait, read the clock once, run what is due.
 *
 * A wake-up brings up to EVENTS_MAX ready descriptors; they are dispatched in one pass per
 * priority. A watch that is removed meanwhile is struck out of the batch, so its owner may be
 * freed at once. Arming a timer or deferring a call costs no system call. Signals as descriptors
 * are the job of signal_watch.c.
 *
 * The loop owns its epoll descriptor and its timer set; watches, timers and deferred calls belong
 * to their embedders.
 */
#include "loop/loop.h"

#include <errno.h>
#include <linux/time_types.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"

#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif

enum {
	EVENTS_MAX = 256,
	FAILURES_MAX = 5,
	EXIT_EPOLL = 70,
};

struct queue {
	struct deferred *head;
	struct deferred **tail;
};

struct loop {
	int epoll_fd;
	bool ms_only; /* the kernel has no epoll_pwait2 */
	bool stopping;
	int stop_code;
	ktime now;
	struct timers *timers;
	struct queue waiting; /* deferred calls for this wake-up or the next */
	struct queue running; /* those being called */
	struct loop_lateness lateness;
	int n_events;
	struct epoll_event events[EVENTS_MAX];
};

static void queue_init(struct queue *q)
{
	q->head = NULL;
	q->tail = &q->head;
}

static struct deferred *queue_take(struct queue *q)
{
	struct deferred *d = q->head;

	if (!d)
		return NULL;
	q->head = d->next;
	if (!q->head)
		q->tail = &q->head;
	d->next = NULL;
	d->queued = false;
	return d;
}

static void queue_remove(struct queue *q, struct deferred *d)
{
	for (struct deferred **at = &q->head; *at; at = &(*at)->next) {
		if (*at != d)
			continue;
		*at = d->next;
		if (q->tail == &d->next)
			q->tail = at;
		d->next = NULL;
		d->queued = false;
		return;
	}
}

struct loop *loop_new(void)
{
	struct loop *loop;
	int fd = epoll_create1(EPOLL_CLOEXEC);

	if (fd < 0)
		return NULL;
	loop = xnew(struct loop);
	loop->epoll_fd = fd;
	loop->timers = timers_new();
	loop->now = clock_now();
	queue_init(&loop->waiting);
	queue_init(&loop->running);
	return loop;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	while (queue_take(&loop->waiting))
		continue;
	timers_free(loop->timers);
	close_fd(&loop->epoll_fd);
	free(loop);
}

void loop_stop(struct loop *loop, int code)
{
	loop->stopping = true;
	loop->stop_code = code;
}

ktime loop_now(const struct loop *loop)
{
	return loop->now;
}

struct timers *loop_timers(struct loop *loop)
{
	return loop->timers;
}

int watch_add(struct loop *loop, struct watch *w)
{
	struct epoll_event ev = { .events = w->events, .data.ptr = w };

	if (w->loop)
		return -EEXIST;
	if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, w->fd, &ev) < 0)
		return -errno;
	w->loop = loop;
	return 0;
}

int watch_change(struct watch *w, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.ptr = w };

	if (!w->loop)
		return -ENOENT;
	if (w->events == events)
		return 0;
	if (epoll_ctl(w->loop->epoll_fd, EPOLL_CTL_MOD, w->fd, &ev) < 0)
		return -errno;
	w->events = events;
	return 0;
}

void watch_remove(struct watch *w)
{
	struct loop *loop = w->loop;

	if (!loop)
		return;
	(void)epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, w->fd, NULL);
	w->loop = NULL;
	for (int i = 0; i < loop->n_events; i++)
		if (loop->events[i].data.ptr == w)
			loop->events[i].data.ptr = NULL;
}

void loop_defer(struct loop *loop, struct deferred *d)
{
	if (d->queued)
		return;
	d->queued = true;
	d->next = NULL;
	*loop->waiting.tail = d;
	loop->waiting.tail = &d->next;
}

void loop_undefer(struct loop *loop, struct deferred *d)
{
	if (!d->queued)
		return;
	queue_remove(&loop->waiting, d);
	queue_remove(&loop->running, d);
}

struct loop_lateness loop_take_lateness(struct loop *loop)
{
	struct loop_lateness taken = loop->lateness;

	loop->lateness = (struct loop_lateness){ 0 };
	return taken;
}

/** How long there is nothing to do: INT64_MAX for ever. */
static int64_t idle_ns(const struct loop *loop)
{
	ktime next = timers_next(loop->timers);
	int64_t left;

	if (loop->waiting.head)
		return 0;
	if (ktime_is_never(next))
		return INT64_MAX;
	left = ktime_diff(next, clock_now()).ns;
	return MAX_OF(left, 0);
}

static int wait_ms(struct loop *loop, int64_t ns)
{
	const int64_t longest = 3600 * 1000;
	int64_t ms = ns == INT64_MAX ? -1 : ns / 1000000 + (ns % 1000000 != 0);

	return epoll_wait(loop->epoll_fd, loop->events, EVENTS_MAX, (int)MIN_OF(ms, longest));
}

static int wait_events(struct loop *loop)
{
	int64_t ns = idle_ns(loop);
	const struct __kernel_timespec ts = { .tv_sec = ns / 1000000000,
					      .tv_nsec = ns % 1000000000 };
	int n = -1;

	if (!loop->ms_only) {
		n = (int)syscall(SYS_epoll_pwait2, loop->epoll_fd, loop->events, EVENTS_MAX,
				 ns == INT64_MAX ? NULL : &ts, NULL, (size_t)0);
		loop->ms_only = n < 0 && errno == ENOSYS;
	}
	if (loop->ms_only)
		n = wait_ms(loop, ns);
	return n;
}

static void run_timers(struct loop *loop)
{
	ktime next = timers_next(loop->timers);
	kspan late = { 0 };

	if (ktime_before(next, loop->now))
		late = ktime_diff(loop->now, next);
	loop->lateness.worst.ns = MAX_OF(loop->lateness.worst.ns, late.ns);
	loop->lateness.timers += timers_run(loop->timers, loop->now);
}

static void dispatch(struct loop *loop, enum watch_priority priority)
{
	for (int i = 0; i < loop->n_events; i++) {
		struct watch *w = loop->events[i].data.ptr;

		if (!w || w->priority != priority)
			continue;
		loop->events[i].data.ptr = NULL;
		w->ready(w, loop->events[i].events, loop->now);
	}
}

static void run_deferred(struct loop *loop)
{
	struct deferred *d;

	/* What these defer in turn waits for the next wake-up, so descriptors get their turn. */
	loop->running = loop->waiting;
	if (!loop->running.head)
		queue_init(&loop->running);
	queue_init(&loop->waiting);
	while ((d = queue_take(&loop->running)))
		d->run(d, loop->now);
}

static void wake_up(struct loop *loop)
{
	loop->lateness.wakeups++;
	run_timers(loop);
	for (int p = WATCH_URGENT; p <= WATCH_IDLE; p++)
		dispatch(loop, (enum watch_priority)p);
	loop->n_events = 0;
	run_deferred(loop);
}

int loop_run(struct loop *loop)
{
	unsigned failures = 0;

	loop->now = clock_now();
	while (!loop->stopping) {
		int n = wait_events(loop);

		if (n < 0 && errno != EINTR && ++failures >= FAILURES_MAX)
			return EXIT_EPOLL;
		if (n >= 0)
			failures = 0;
		loop->n_events = MAX_OF(n, 0);
		loop->now = clock_now();
		wake_up(loop);
	}
	loop->stopping = false;
	return loop->stop_code;
}
