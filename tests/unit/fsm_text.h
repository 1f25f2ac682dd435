/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Actions of the VRRP state machine as one line of text, so that a test reads like a table.
 *
 * "send 100, MASTER, up, announce, tell MASTER, arm 1000": times are milliseconds from now, notes
 * are left out.
 */
#pragma once

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "vrrp/fsm.h"

static inline void fsm_text_add(char *buf, size_t size, const char *word, const char *more)
{
	size_t len = strlen(buf);

	snprintf(buf + len, size - len, "%s%s%s%s", len ? ", " : "", word, *more ? " " : "", more);
}

static inline void fsm_text_action(const struct vrrp_action *a, ktime now, char *buf, size_t size)
{
	static const char *const announces[] = { "", "lower", "source" };
	char number[32];

	switch (a->type) {
	case VRRP_ACT_SEND:
		snprintf(number, sizeof(number), "%u", a->priority);
		fsm_text_add(buf, size, "send", number);
		return;
	case VRRP_ACT_ARM:
		snprintf(number, sizeof(number), "%" PRId64, kspan_msec(ktime_diff(a->at, now)));
		fsm_text_add(buf, size, "arm", number);
		return;
	case VRRP_ACT_DISARM:
		fsm_text_add(buf, size, "disarm", "");
		return;
	case VRRP_ACT_STATE:
		fsm_text_add(buf, size, vrrp_state_name(a->state.to), "");
		return;
	case VRRP_ACT_ADDRS_UP:
		fsm_text_add(buf, size, "up", "");
		return;
	case VRRP_ACT_ADDRS_DOWN:
		fsm_text_add(buf, size, "down", "");
		return;
	case VRRP_ACT_ANNOUNCE:
		fsm_text_add(buf, size, "announce", announces[a->announce]);
		return;
	case VRRP_ACT_EVENT:
		fsm_text_add(buf, size, "tell", event_what_name(a->event.what));
		return;
	case VRRP_ACT_ASK_GROUP:
		fsm_text_add(buf, size, "ask", "");
		return;
	case VRRP_ACT_NOTE:
		return;
	}
}

static inline const char *fsm_text(const struct vrrp_actions *actions, ktime now, char *buf,
				   size_t size)
{
	buf[0] = '\0';
	for (unsigned i = 0; i < actions->n; i++)
		fsm_text_action(&actions->list[i], now, buf, size);
	return buf;
}
