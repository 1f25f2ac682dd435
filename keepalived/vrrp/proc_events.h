/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Process events of the kernel (the connector): processes that are forked, executed, renamed, end.
 * Threads are left out.
 */
#pragma once

#include "base/attr.h"
#include "base/time.h"
#include "loop/loop.h"

enum proc_event_kind { PROC_FORKED, PROC_EXECUTED, PROC_RENAMED, PROC_ENDED };

struct proc_events {
	struct watch watch;
	void (*event)(void *arg, enum proc_event_kind, pid_t pid, pid_t parent, ktime now);
	void (*overrun)(void *arg, ktime now);
	void *arg;
	bool answered;		/* the kernel has accepted us */
};

/** Listen; ->event, ->overrun and ->arg must be set. @rcvbuf bytes, 0: default. 0 or -errno. */
int proc_events_start(struct loop *, struct proc_events *, int rcvbuf);
void proc_events_stop(struct proc_events *);
