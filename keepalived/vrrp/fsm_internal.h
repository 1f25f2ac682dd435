/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the state machine share. Nobody else includes this.
 */
#pragma once

#include "vrrp/fsm.h"

static inline ktime vr_later_of(ktime a, ktime b)
{
	return ktime_before(a, b) ? b : a;
}

static inline ktime vr_earlier_of(ktime a, ktime b)
{
	return ktime_before(a, b) ? a : b;
}

static inline bool vr_is_owner(const struct vrrp_fsm *m)
{
	return m->params.priority == VRRP_PRIORITY_OWNER;
}

/** An owner that steps back because another one does not (erratum 8298). */
static inline bool vr_has_yielded(const struct vrrp_fsm *m)
{
	return vr_is_owner(m) && m->priority != VRRP_PRIORITY_OWNER;
}

/* Actions; the caller never emits more than VRRP_ACTIONS_MAX in a step. */
struct vrrp_action *vr_emit(struct vrrp_actions *out, enum vrrp_action_type type);
void vr_remark(struct vrrp_actions *out, struct vrrp_remark r);
void vr_note(struct vrrp_actions *out, enum vrrp_note what);
void vr_arm(struct vrrp_fsm *m, ktime at, struct vrrp_actions *out);
void vr_arm_master_down(struct vrrp_fsm *m, ktime now, struct vrrp_actions *out);
void vr_disarm(struct vrrp_fsm *m, struct vrrp_actions *out);
void vr_send(struct vrrp_fsm *m, ktime now, struct vrrp_actions *out);
void vr_send_zero(struct vrrp_actions *out);
/** An advert out of turn; the interval begins anew with it. */
void vr_reply(struct vrrp_fsm *m, ktime now, struct vrrp_actions *out);
void vr_announce(struct vrrp_actions *out, enum vrrp_announce what);
void vr_tell(struct vrrp_actions *out, enum event_what what, const struct cause *cause);

/** (256 - @priority) / 256 of a second (version 2) or of @every (version 3). */
kspan vr_skew_for(const struct vrrp_fsm *m, uint8_t priority, kspan every);

/** An owner that is configured to be MASTER need not wait for anybody. */
bool vr_may_rush(const struct vrrp_fsm *m);
void vr_forget_rogue(struct vrrp_fsm *m);
void vr_forget_master(struct vrrp_fsm *m);
void vr_enter(struct vrrp_fsm *m, enum vrrp_state to, const struct cause *cause, ktime now,
	      struct vrrp_actions *out);
void vr_become_master(struct vrrp_fsm *m, const struct cause *cause, ktime now,
		      struct vrrp_actions *out);
/** MASTER gives way without a word; @deadline is when it may try again. */
void vr_leave_to_backup(struct vrrp_fsm *m, const struct cause *cause, ktime now, ktime deadline,
			struct vrrp_actions *out);
/** timer_expired_backup: a MASTER that was silent for so long that another has taken over goes
 *  BACKUP without a word. True if it did. */
bool vr_leave_if_late(struct vrrp_fsm *m, ktime now, struct vrrp_actions *out);
/** MASTER gives way: others learn by priority 0 that the addresses go, and may take them before
 *  we come back after the skew time. */
void vr_resign(struct vrrp_fsm *m, const struct cause *cause, ktime now, struct vrrp_actions *out);
/** Be where faults and missing results allow the machine to be. */
void vr_evaluate(struct vrrp_fsm *m, const struct cause *cause, ktime now,
		 struct vrrp_actions *out);

void vr_on_advert(struct vrrp_fsm *m, const struct vrrp_event *ev, ktime now,
		  struct vrrp_actions *out);
