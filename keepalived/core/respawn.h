/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When a dead process may be started again. Pure.
 *
 * Delays 0, 1, 2, 4 ... 60 s for one that keeps dying; the row begins anew after one that had
 * run for 60 s.
 */
#pragma once

#include "base/time.h"

struct respawn {
	ktime started_at;
	unsigned deaths;	/* in this row */
};

static inline void respawn_started(struct respawn *r, ktime now) { r->started_at = now; }
/** It died at @now: how long to wait before the next start. */
kspan respawn_delay(struct respawn *r, ktime now);
/** A new row: after a reload or an ordinary end. */
static inline void respawn_reset(struct respawn *r) { r->deaths = 0; }
