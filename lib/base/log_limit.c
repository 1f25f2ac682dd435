/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often one message may be repeated. Decides only; promised by log.h.
 */
#include "base/log.h"

bool log_limit_ok(struct log_limit *limit, ktime now, kspan every, unsigned *out_suppressed)
{
	if (ktime_before(now, limit->next_at)) {
		if (limit->suppressed < UINT32_MAX)
			limit->suppressed++;
		return false;
	}
	*out_suppressed = limit->suppressed;
	limit->suppressed = 0;
	limit->next_at = ktime_add(now, every);
	return true;
}
