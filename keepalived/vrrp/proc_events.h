/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Process events of the kernel (the connector): processes that are forked, executed, renamed, end.
 * Threads are left out, and so are programs that have ended before anybody looked.
 */
#pragma once

#include <sys/types.h>

#include "base/attr.h"
#include "base/time.h"
#include "loop/loop.h"

enum proc_event_kind { PROC_FORKED, PROC_EXECUTED, PROC_RENAMED, PROC_ENDED };

/** Programs to be told of when what has arrived has been read. */
#define PROC_EVENTS_STARTED 64

struct proc_events {
	struct watch watch;
	struct timer again;	/* while there are many: read later, more at once */
	void (*event)(void *arg, enum proc_event_kind, pid_t pid, pid_t parent, ktime now);
	void (*overrun)(void *arg, ktime now);
	void *arg;
	bool answered;		/* the kernel has accepted us */
	unsigned n_started;	/* private, as the rest */
	struct {
		pid_t pid;
		enum proc_event_kind kind;
	} started[PROC_EVENTS_STARTED];
};

/** Listen; ->event, ->overrun and ->arg must be set. @rcvbuf bytes, 0: default. 0 or -errno. */
int proc_events_start(struct loop *, struct proc_events *, int rcvbuf);
void proc_events_stop(struct proc_events *);
