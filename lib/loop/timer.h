/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Timers: absolute deadlines in a heap. A timer is embedded in its owner; arming allocates
 * nothing but the heap's own growth.
 */
#pragma once

#include "base/attr.h"
#include "base/time.h"

struct timers;

struct timer {
	void (*fire)(struct timer *, ktime now);	/* the timer is unarmed when it is called */
	ktime at;
	struct timers *set;	/* where it is armed, NULL when idle */
	unsigned slot;
};

struct timers *timers_new(void);
void timers_free(struct timers *);
/** Arm for @at, or move an armed timer there. ->fire must be set. */
void timer_arm(struct timers *, struct timer *, ktime at);
/** Harmless if idle. */
void timer_cancel(struct timer *);
static inline bool timer_is_armed(const struct timer *t) { return t->set != NULL; }
/** The earliest deadline, KTIME_NEVER when none is armed. */
ktime timers_next(const struct timers *);
/** Fire everything due at @now in order of deadline. Timers armed meanwhile for a time that is
 *  already due are fired in the next call. Returns how many fired. */
unsigned timers_run(struct timers *, ktime now);
/** Structure check for tests. */
bool timers_validate(const struct timers *);
