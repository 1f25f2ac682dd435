/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two clocks. Everything else about time is arithmetic in the header.
 */
#include "base/time.h"

#include <time.h>

static int64_t read_clock(clockid_t which)
{
	struct timespec ts = { 0 };

	(void)clock_gettime(which, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

ktime clock_now(void)
{
	return (ktime){ read_clock(CLOCK_MONOTONIC) };
}

int64_t clock_wall_ns(void)
{
	return read_clock(CLOCK_REALTIME);
}
