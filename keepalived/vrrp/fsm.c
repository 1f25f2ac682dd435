/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state machine of a virtual router: one event in, actions out.
 *
 * Deadlines are absolute: the next advert is due one interval after the last was due, whatever the
 * time is when the timer is served. Adverts are in fsm_advert.c, transitions in fsm_transition.c.
 *
 * Owns nothing. RFC 9568 section 6.4, RFC 3768 section 6.4.
 */
#include "vrrp/fsm_internal.h"

/* -- timer --------------------------------------------------------------------------------- */

static struct cause cause_of_timeout(const struct vrrp_fsm *m, ktime now)
{
	ktime last = ktime_is_never(m->heard_at) ? m->since : m->heard_at;

	if (vr_may_rush(m) && ktime_is_never(m->heard_at))
		return (struct cause){ .type = CAUSE_OWNER };
	return (struct cause){
		.type = CAUSE_MASTER_DOWN,
		.number = (int32_t)MIN_OF(kspan_msec(ktime_diff(now, last)), INT32_MAX),
	};
}

static void backup_on_timer(struct vrrp_fsm *m, ktime now, struct vrrp_actions *out)
{
	struct cause cause = cause_of_timeout(m, now);

	vr_note(out, VRRP_NOTE_TIMEOUT);
	m->want = VRRP_STATE_MASTER;
	if (!m->grouped) {
		vr_become_master(m, &cause, now, out);
		return;
	}
	vr_emit(out, VRRP_ACT_ASK_GROUP)->event.cause = cause;
	vr_arm_master_down(m, now, out);
}

static void master_on_timer(struct vrrp_fsm *m, ktime now, struct vrrp_actions *out)
{
	kspan late = ktime_diff(now, m->deadline);
	int64_t missed = late.ns / m->params.every.ns;

	if (vr_leave_if_late(m, now, out))
		return;
	if (!ktime_is_never(m->rogue_until) && ktime_before(m->rogue_until, now)) {
		vr_note(out, VRRP_NOTE_OWNER_ROGUE_GONE);
		vr_forget_rogue(m);
	}
	vr_send(m, now, out);
	vr_arm(m, ktime_add(m->deadline, kspan_times(m->params.every, missed + 1)), out);
}

static void on_timer(struct vrrp_fsm *m, ktime now, struct vrrp_actions *out)
{
	if (ktime_before(now, m->deadline))
		return;
	switch (m->state) {
	case VRRP_STATE_BACKUP:
		backup_on_timer(m, now, out);
		return;
	case VRRP_STATE_MASTER:
		master_on_timer(m, now, out);
		return;
	case VRRP_STATE_INIT:
	case VRRP_STATE_FAULT:
		return;
	}
}

/* -- the rest ------------------------------------------------------------------------------ */

static void on_start(struct vrrp_fsm *m, const struct vrrp_event *ev, ktime now,
		     struct vrrp_actions *out)
{
	if (m->started)
		return;
	m->started = true;
	m->not_before = ev->start.not_before;
	m->faulty = ev->start.fault;
	m->pending = ev->start.pending;
	m->sent_at = now;
	m->since = now;
	vr_evaluate(m, &ev->cause, now, out);
}

static void on_stop(struct vrrp_fsm *m, const struct vrrp_event *ev, ktime now,
		    struct vrrp_actions *out)
{
	bool was_master = m->state == VRRP_STATE_MASTER;

	if (!m->started)
		return;
	if (was_master && !ev->stop.keep)
		vr_send_zero(out);
	m->started = false;
	m->want = VRRP_STATE_INIT;
	vr_enter(m, VRRP_STATE_INIT, &ev->cause, now, out);
	if (was_master && !ev->stop.keep)
		vr_emit(out, VRRP_ACT_ADDRS_DOWN);
	if (!ev->stop.quiet)
		vr_tell(out, ev->stop.what, &ev->cause);
	vr_disarm(m, out);
}

static void on_health(struct vrrp_fsm *m, const struct vrrp_event *ev, ktime now,
		      struct vrrp_actions *out)
{
	m->faulty = ev->health.fault;
	m->pending = ev->health.pending;
	vr_evaluate(m, &ev->cause, now, out);
}

static void on_hold(struct vrrp_fsm *m, const struct vrrp_event *ev, ktime now,
		    struct vrrp_actions *out)
{
	m->held_fault = ev->health.fault;
	m->held_pending = ev->health.pending;
	vr_evaluate(m, &ev->cause, now, out);
}

/** The master-down timer follows what it is made of. */
static void shift_deadline(struct vrrp_fsm *m, kspan before, ktime now, struct vrrp_actions *out)
{
	kspan after = vrrp_fsm_master_down(m);

	if (m->state != VRRP_STATE_BACKUP || before.ns == after.ns)
		return;
	vr_arm(m, vr_later_of(now, ktime_add(m->deadline, NSEC(after.ns - before.ns))), out);
}

static void set_priority(struct vrrp_fsm *m, uint8_t priority, const struct cause *cause,
			 struct vrrp_actions *out)
{
	uint8_t before = m->priority;

	if (priority == m->params.priority)
		return; /* nor is a yielded owner restored by it */
	m->params.priority = priority;
	m->priority = priority;
	if (!m->started || before == priority)
		return;
	vr_remark(out, (struct vrrp_remark){
			       .note = VRRP_NOTE_PRIORITY, .theirs = before, .ours = priority });
	if (m->state == VRRP_STATE_MASTER)
		vr_tell(out, EVENT_MASTER_PRIORITY, cause);
	else if (m->state == VRRP_STATE_BACKUP)
		vr_tell(out, EVENT_BACKUP_PRIORITY, cause);
}

static void on_priority(struct vrrp_fsm *m, const struct vrrp_event *ev, ktime now,
			struct vrrp_actions *out)
{
	kspan before = vrrp_fsm_master_down(m);

	set_priority(m, ev->priority, &ev->cause, out);
	shift_deadline(m, before, now, out);
}

/** An interval of nothing would make time stand still. */
static void take_params(struct vrrp_fsm *m, const struct vrrp_params *params)
{
	m->params = *params;
	if (m->params.every.ns <= 0)
		m->params.every = SEC(1);
}

static void on_params(struct vrrp_fsm *m, const struct vrrp_event *ev, ktime now,
		      struct vrrp_actions *out)
{
	kspan before = vrrp_fsm_master_down(m);
	uint8_t priority = m->params.priority;
	bool learnt = m->state == VRRP_STATE_BACKUP && !ktime_is_never(m->heard_at) &&
		      ev->params->version == 3;

	take_params(m, ev->params);
	m->params.priority = priority;
	set_priority(m, ev->params->priority, &ev->cause, out);
	if (!learnt)
		m->master_every = m->params.every;
	if (!m->params.preempt || kspan_is_zero(m->params.preempt_delay))
		m->preempt_at = KTIME_NEVER;
	if (m->state == VRRP_STATE_MASTER)
		vr_reply(m, now, out);
	else
		shift_deadline(m, before, now, out);
}

static void on_order(struct vrrp_fsm *m, const struct vrrp_event *ev, ktime now,
		     struct vrrp_actions *out)
{
	bool wanted = ev->type == VRRP_EV_ORDER_MASTER;

	if (m->state == VRRP_STATE_BACKUP && wanted) {
		vr_become_master(m, &ev->cause, now, out);
	} else if (m->state == VRRP_STATE_MASTER && !wanted && ev->order.zero) {
		vr_resign(m, &ev->cause, now, out);
	} else if (m->state == VRRP_STATE_MASTER && !wanted) {
		vr_forget_master(m);
		vr_leave_to_backup(m, &ev->cause, now, ktime_add(now, vrrp_fsm_master_down(m)),
				   out);
	}
}

void vrrp_fsm_init(struct vrrp_fsm *m, const struct vrrp_params *params)
{
	*m = (struct vrrp_fsm){
		.state = VRRP_STATE_INIT,
		.want = VRRP_STATE_INIT,
		.priority = params->priority,
		.deadline = KTIME_NEVER,
		.sent_at = KTIME_NEVER,
	};
	take_params(m, params);
	vr_forget_master(m);
	vr_forget_rogue(m);
}

void vrrp_fsm_step(struct vrrp_fsm *m, const struct vrrp_event *ev, ktime now,
		   struct vrrp_actions *out)
{
	out->n = 0;
	switch (ev->type) {
	case VRRP_EV_START:
		on_start(m, ev, now, out);
		return;
	case VRRP_EV_STOP:
		on_stop(m, ev, now, out);
		return;
	case VRRP_EV_ADVERT:
		vr_on_advert(m, ev, now, out);
		return;
	case VRRP_EV_TIMER:
		on_timer(m, now, out);
		return;
	case VRRP_EV_HEALTH:
		on_health(m, ev, now, out);
		return;
	case VRRP_EV_PRIORITY:
		on_priority(m, ev, now, out);
		return;
	case VRRP_EV_VIP_LOST:
		if (m->state == VRRP_STATE_MASTER)
			vr_resign(m, &ev->cause, now, out);
		return;
	case VRRP_EV_PARAMS:
		on_params(m, ev, now, out);
		return;
	case VRRP_EV_ORDER_MASTER:
	case VRRP_EV_ORDER_BACKUP:
		on_order(m, ev, now, out);
		return;
	case VRRP_EV_ORDER_HOLD:
		on_hold(m, ev, now, out);
		return;
	}
}
