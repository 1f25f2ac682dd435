/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events to the outside: notify scripts in order per object, lines into FIFOs.
 *
 * What an event means is said by the engine's pure ->notify(); here it is carried out. Scripts of
 * one object run one after the other, in the order of its events; those of different objects do
 * not wait for each other.
 */
#pragma once

#include "core/event.h"
#include "core/fifo.h"
#include "core/runner.h"

struct generation;
struct chain;
struct notice;
struct supervisor;

enum notify_fifo { NOTIFY_FIFO_ALL, NOTIFY_FIFO_VRRP, NOTIFY_FIFO_LVS, NOTIFY_FIFOS };

/** A FIFO and the script that reads it. */
struct fifo_seat {
	struct fifo fifo;
	struct loop *loop;
	struct runner *runner;
	struct job script;
	const struct script_run *run;	/* NULL: no script */
	struct generation *generation;	/* that ->run belongs to */
	struct timer restart;
	bool stopping;
	bool loss_said;
};

struct notifier {
	struct runner *runner;
	struct loop *loop;
	struct chain *chains;		/* by order key */
	struct notice *stragglers;	/* running, but nobody waits for them any more */
	unsigned n_stragglers;
	unsigned n_pending;		/* scripts running or waiting */
	struct fifo_seat fifos[NOTIFY_FIFOS];
};

void notifier_init(struct notifier *, struct runner *, struct loop *);
/** Open, keep or close the FIFOs and their scripts as @g says; at start and at each reload. */
void notifier_configure(struct notifier *, struct generation *g, ktime now);
/** Carry out a plan of @g. @quiet: FIFO only. */
void notifier_take(struct notifier *, struct generation *g, const struct notify_plan *,
		   bool quiet, ktime now);
/** True when no notify script runs or waits and every FIFO has been read. */
bool notifier_is_idle(const struct notifier *);
/** Ask what still runs to end, drop what waits. */
void notifier_terminate(struct notifier *, ktime now);
void notifier_fini(struct notifier *);

/* notify_fifo.c */

void fifo_seat_configure(struct fifo_seat *, struct generation *g, enum notify_fifo,
			 ktime now);
void fifo_seat_write(struct fifo_seat *, const char *line);
/** End the script; the FIFO stays. */
void fifo_seat_stop(struct fifo_seat *, ktime now);
void fifo_seat_fini(struct fifo_seat *);
