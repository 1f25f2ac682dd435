/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does a process still answer? A question each HEALTH_EVERY; one that answers none of two in a row
 * is stuck.
 *
 * Time is CLOCK_MONOTONIC, which stands still while the machine is suspended. Who asks late was
 * itself held up (a frozen container, a machine without a free processor): then it is no fault of
 * the other, and counting starts again.
 */
#pragma once

#include "base/time.h"

#define HEALTH_EVERY SEC(5)

struct health {
	ktime next_at;		/* of the next question */
	uint64_t asked;		/* number of the last question, 0: none yet */
	unsigned unanswered;	/* in a row */
	bool answered;		/* since the last question */
};

/** Begin anew; the first question is due at ->next_at. */
void health_start(struct health *, ktime now);
/** An answer to question @number has come. False: there was no such question. */
bool health_answered(struct health *, uint64_t number);
/** At ->next_at: ask question ->asked. False: it is stuck. @excused: it is known to be busy, and
 *  watched by others. */
bool health_ask(struct health *, bool excused, ktime now);
