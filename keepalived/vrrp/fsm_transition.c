/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the state machine does when it moves: the actions of each transition, in their order, and
 * the lengths of its timers.
 *
 * Only enter() assigns the state. RFC 9568 sections 6.1 and 6.4, RFC 3768 section 6.
 */
#include "vrrp/fsm_internal.h"

#include <assert.h>

/* -- actions ------------------------------------------------------------------------------- */

struct vrrp_action *vr_emit(struct vrrp_actions *out, enum vrrp_action_type type)
{
	struct vrrp_action *a;

	assert(out->n < VRRP_ACTIONS_MAX);
	a = &out->list[out->n++];
	*a = (struct vrrp_action){ .type = type };
	return a;
}

void vr_remark(struct vrrp_actions *out, struct vrrp_remark r)
{
	vr_emit(out, VRRP_ACT_NOTE)->remark = r;
}

void vr_note(struct vrrp_actions *out, enum vrrp_note what)
{
	vr_remark(out, (struct vrrp_remark){ .note = what });
}

void vr_arm(struct vrrp_fsm *m, ktime at, struct vrrp_actions *out)
{
	m->deadline = at;
	vr_emit(out, VRRP_ACT_ARM)->at = at;
}

void vr_disarm(struct vrrp_fsm *m, struct vrrp_actions *out)
{
	m->deadline = KTIME_NEVER;
	vr_emit(out, VRRP_ACT_DISARM);
}

void vr_send(struct vrrp_fsm *m, ktime now, struct vrrp_actions *out)
{
	vr_emit(out, VRRP_ACT_SEND)->priority = m->priority;
	m->sent_at = now;
}

void vr_send_zero(struct vrrp_actions *out)
{
	vr_emit(out, VRRP_ACT_SEND)->priority = 0;
	vr_note(out, VRRP_NOTE_SENT_ZERO);
}

void vr_announce(struct vrrp_actions *out, enum vrrp_announce what)
{
	vr_emit(out, VRRP_ACT_ANNOUNCE)->announce = what;
}

void vr_tell(struct vrrp_actions *out, enum event_what what, const struct cause *cause)
{
	struct vrrp_action *a = vr_emit(out, VRRP_ACT_EVENT);

	a->event.what = what;
	a->event.cause = *cause;
}

void vr_enter(struct vrrp_fsm *m, enum vrrp_state to, const struct cause *cause, ktime now,
	      struct vrrp_actions *out)
{
	struct vrrp_action *a = vr_emit(out, VRRP_ACT_STATE);

	a->state.from = m->state;
	a->state.to = to;
	a->state.initial = m->state == VRRP_STATE_INIT;
	a->state.cause = *cause;
	m->state = to;
	m->since = now;
}

/* -- timers -------------------------------------------------------------------------------- */

/** (256 - priority) / 256 of a second (version 2) or of the master's interval (version 3). */
kspan vr_skew_for(const struct vrrp_fsm *m, uint8_t priority, kspan every)
{
	int64_t unit = m->params.version == 2 ? SEC(1).ns : every.ns;

	return NSEC((256 - priority) * unit / 256);
}

kspan vrrp_fsm_skew(const struct vrrp_fsm *m)
{
	return vr_skew_for(m, m->priority, m->master_every);
}

kspan vrrp_fsm_master_down(const struct vrrp_fsm *m)
{
	return kspan_add(kspan_times(m->master_every, m->params.down_timer_adverts),
			 vrrp_fsm_skew(m));
}

/* An advert out of turn; the interval begins anew with it. */
void vr_reply(struct vrrp_fsm *m, ktime now, struct vrrp_actions *out)
{
	vr_send(m, now, out);
	vr_arm(m, ktime_add(now, m->params.every), out);
}

void vr_arm_master_down(struct vrrp_fsm *m, ktime now, struct vrrp_actions *out)
{
	vr_arm(m, ktime_add(now, vrrp_fsm_master_down(m)), out);
}

/* -- transitions --------------------------------------------------------------------------- */

/** An owner that is configured to be MASTER need not wait for anybody. */
bool vr_may_rush(const struct vrrp_fsm *m)
{
	return vr_is_owner(m) && m->params.start_master && (!m->grouped || m->group_may_rush);
}

static bool can_run(const struct vrrp_fsm *m)
{
	return !m->faulty && !m->pending && !m->held_fault && !m->held_pending;
}

void vr_forget_rogue(struct vrrp_fsm *m)
{
	m->rogue_from = KTIME_NEVER;
	m->rogue_until = KTIME_NEVER;
}

void vr_forget_master(struct vrrp_fsm *m)
{
	m->master_every = m->params.every;
	m->heard_at = KTIME_NEVER;
	m->preempt_at = KTIME_NEVER;
	m->highest_other = 0;
}

void vr_become_master(struct vrrp_fsm *m, const struct cause *cause, ktime now,
		      struct vrrp_actions *out)
{
	if (vr_has_yielded(m)) {
		m->priority = VRRP_PRIORITY_OWNER;
		vr_note(out, VRRP_NOTE_OWNER_RESTORED_GONE);
	}
	if (m->master_every.ns != m->params.every.ns)
		vr_remark(out, (struct vrrp_remark){ .note = VRRP_NOTE_INTERVAL_OWN,
						     .span = m->params.every,
						     .old_span = m->master_every });
	m->master_every = m->params.every;
	m->preempt_at = KTIME_NEVER;
	m->replied_at = KTIME_NEVER;
	m->want = VRRP_STATE_MASTER;
	vr_forget_rogue(m);
	vr_send(m, now, out);
	vr_enter(m, VRRP_STATE_MASTER, cause, now, out);
	vr_emit(out, VRRP_ACT_ADDRS_UP);
	vr_announce(out, VRRP_ANNOUNCE_MASTER);
	vr_tell(out, EVENT_MASTER, cause);
	vr_arm(m, ktime_add(now, m->params.every), out);
}

/** MASTER gives way; @deadline is when it may try again. */
void vr_leave_to_backup(struct vrrp_fsm *m, const struct cause *cause, ktime now, ktime deadline,
			struct vrrp_actions *out)
{
	vr_enter(m, VRRP_STATE_BACKUP, cause, now, out);
	m->want = VRRP_STATE_BACKUP;
	vr_emit(out, VRRP_ACT_ADDRS_DOWN);
	vr_tell(out, EVENT_BACKUP, cause);
	vr_arm(m, deadline, out);
}

/** Others learn by priority 0 that the addresses go, and may take them before we come back. */
void vr_resign(struct vrrp_fsm *m, const struct cause *cause, ktime now, struct vrrp_actions *out)
{
	vr_send_zero(out);
	vr_forget_master(m);
	vr_leave_to_backup(m, cause, now, ktime_add(now, vrrp_fsm_skew(m)), out);
}

static void begin_backup(struct vrrp_fsm *m, const struct cause *cause, ktime now,
			 struct vrrp_actions *out)
{
	ktime from = vr_later_of(now, m->not_before);
	bool from_fault = m->state == VRRP_STATE_FAULT;

	m->want = VRRP_STATE_BACKUP;
	vr_enter(m, VRRP_STATE_BACKUP, cause, now, out);
	if (!from_fault)
		vr_emit(out, VRRP_ACT_ADDRS_DOWN); /* left by a run before */
	else if (m->params.unicast)
		vr_announce(out, VRRP_ANNOUNCE_SOURCE);
	if (vr_may_rush(m)) {
		vr_arm(m, from, out);
		return;
	}
	vr_tell(out, EVENT_BACKUP, cause);
	vr_arm_master_down(m, from, out);
}

/** Were we silent for so long that a router of late_priority has taken over? */
static bool is_too_late(const struct vrrp_fsm *m, ktime now)
{
	kspan every = m->params.every;
	kspan limit;

	if (!m->params.late_priority)
		return false;
	limit = kspan_add(kspan_times(every, m->params.down_timer_adverts),
			  vr_skew_for(m, m->params.late_priority, every));
	return ktime_diff(now, m->sent_at).ns > limit.ns;
}

bool vr_leave_if_late(struct vrrp_fsm *m, ktime now, struct vrrp_actions *out)
{
	kspan late = ktime_diff(now, m->deadline);
	struct cause cause = {
		.type = CAUSE_LATE,
		.number = (int32_t)MIN_OF(kspan_msec(late), INT32_MAX),
	};

	if (!is_too_late(m, now))
		return false;
	vr_remark(out, (struct vrrp_remark){ .note = VRRP_NOTE_LATE, .span = late });
	vr_forget_master(m);
	vr_leave_to_backup(m, &cause, now, ktime_add(now, vrrp_fsm_master_down(m)), out);
	return true;
}

/** From INIT or FAULT. An owner need not look who is there (RFC 9568 section 6.4.1); one that has
 *  to wait for its group or the start-up delay passes through BACKUP without telling. */
static void begin(struct vrrp_fsm *m, const struct cause *cause, ktime now,
		  struct vrrp_actions *out)
{
	static const struct cause owner = { .type = CAUSE_OWNER };

	vr_forget_master(m);
	if (vr_may_rush(m) && !m->grouped && !ktime_before(now, m->not_before))
		vr_become_master(m, &owner, now, out);
	else
		begin_backup(m, cause, now, out);
}

static void become_fault(struct vrrp_fsm *m, const struct cause *cause, ktime now,
			 struct vrrp_actions *out)
{
	enum vrrp_state from = m->state;

	if (from == VRRP_STATE_MASTER)
		vr_send_zero(out);
	m->want = VRRP_STATE_FAULT;
	vr_enter(m, VRRP_STATE_FAULT, cause, now, out);
	if (from != VRRP_STATE_BACKUP)
		vr_emit(out, VRRP_ACT_ADDRS_DOWN);
	vr_tell(out, EVENT_FAULT, cause);
	vr_disarm(m, out);
}

/** Where faults and missing results allow the machine to be. */
void vr_evaluate(struct vrrp_fsm *m, const struct cause *cause, ktime now, struct vrrp_actions *out)
{
	bool must_fault = m->faulty || m->held_fault;

	if (!m->started)
		return;
	switch (m->state) {
	case VRRP_STATE_INIT:
		if (must_fault)
			become_fault(m, cause, now, out);
		else if (can_run(m))
			begin(m, cause, now, out);
		return;
	case VRRP_STATE_BACKUP:
	case VRRP_STATE_MASTER:
		if (must_fault)
			become_fault(m, cause, now, out);
		return;
	case VRRP_STATE_FAULT:
		if (can_run(m))
			begin(m, cause, now, out);
		return;
	}
}
