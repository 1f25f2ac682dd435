/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When a process that does not answer counts as stuck.
 */
#include "core/health.h"

#define HELD_UP	       SEC(1)
#define UNANSWERED_MAX 2

void health_start(struct health *h, ktime now)
{
	*h = (struct health){ .next_at = ktime_add(now, HEALTH_EVERY) };
}

bool health_answered(struct health *h, uint64_t number)
{
	if (!number || number > h->asked)
		return false;
	if (number == h->asked)
		h->answered = true;
	return true;
}

bool health_ask(struct health *h, bool excused, ktime now)
{
	bool held_up = ktime_diff(now, h->next_at).ns > HELD_UP.ns;

	if (!h->asked || h->answered || excused || held_up)
		h->unanswered = 0;
	else
		h->unanswered++;
	h->answered = false;
	h->asked++;
	h->next_at = ktime_add(now, HEALTH_EVERY);
	return h->unanswered < UNANSWERED_MAX;
}
