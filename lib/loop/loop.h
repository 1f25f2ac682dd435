/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The event loop: one epoll descriptor, one clock reading per wake-up.
 *
 * One wake-up: read the clock; run due timers; dispatch descriptors, more urgent first; run
 * deferred calls. A callback never runs inside the function that armed it. Everything is embedded
 * in its owner; remove a watch before closing its descriptor.
 */
#pragma once

#include <signal.h>

#include "base/attr.h"
#include "base/time.h"
#include "loop/timer.h"

struct loop;

enum watch_priority { WATCH_URGENT, WATCH_NORMAL, WATCH_IDLE };

struct watch {
	int fd;
	uint32_t events;	/* EPOLLIN ... as asked for */
	enum watch_priority priority;
	void (*ready)(struct watch *, uint32_t events, ktime now);
	struct loop *loop;	/* while added, else NULL */
};

/** Called once, later in the same wake-up, after timers and descriptors. */
struct deferred {
	void (*run)(struct deferred *, ktime now);
	struct deferred *next;
	bool queued;
};

struct signal_watch {
	struct watch watch;
	sigset_t set;
	void (*caught)(struct signal_watch *, int signo, ktime now);
};

/** NULL with errno set if epoll is not to be had. */
struct loop *loop_new(void);
void loop_free(struct loop *);
/** Run until loop_stop(); returns its code, or 70 after five epoll failures in a row. */
int loop_run(struct loop *);
void loop_stop(struct loop *, int code);
/** The clock reading of this wake-up. */
ktime loop_now(const struct loop *);
struct timers *loop_timers(struct loop *);

/** 0 or -errno. The watch's fd, events, priority and ready must be set. */
int watch_add(struct loop *, struct watch *);
int watch_change(struct watch *, uint32_t events);
void watch_remove(struct watch *);	/* harmless if not added */

void loop_defer(struct loop *, struct deferred *);	/* harmless if queued already */
void loop_undefer(struct loop *, struct deferred *);

/** Block the signals of ->set in this process and deliver them as calls of ->caught. */
int signal_watch_start(struct loop *, struct signal_watch *);
void signal_watch_stop(struct signal_watch *);

/** Since the last call: how late the first timer of a wake-up was at worst, how many wake-ups
 *  there were and how many timers fired. */
struct loop_lateness {
	kspan worst;
	uint64_t wakeups;
	uint64_t timers;
};
struct loop_lateness loop_take_lateness(struct loop *);
