/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Back-off for processes that die.
 */
#include "core/respawn.h"

#define LONG_RUN  SEC(60)
#define MAX_DELAY SEC(60)

kspan respawn_delay(struct respawn *r, ktime now)
{
	if (ktime_diff(now, r->started_at).ns >= LONG_RUN.ns)
		r->deaths = 0;
	unsigned n = r->deaths++;

	if (n == 0)
		return SEC(0);
	if (n > 6)
		return MAX_DELAY;
	kspan delay = kspan_times(SEC(1), 1 << (n - 1));

	return delay.ns > MAX_DELAY.ns ? MAX_DELAY : delay;
}
