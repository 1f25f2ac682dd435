/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an advertisement does to a virtual router.
 *
 * The packets have been checked before (rxcheck.c); a rejected one never gets here. RFC 9568
 * sections 6.4.2 and 6.4.3 with erratum 8298 (two address owners), RFC 3768 section 6.4.
 */
#include "vrrp/fsm_internal.h"

/* Lower priorities are answered at most this often within an interval. */
#define REPLIES_PER_INTERVAL 8

static struct cause cause_of_advert(const struct vrrp_event *ev)
{
	uint8_t priority = ev->rx.advert->priority;

	return (struct cause){
		.type = priority ? CAUSE_ADVERT : CAUSE_PRIORITY_ZERO,
		.number = priority,
		.from = ev->rx.from,
	};
}

static struct vrrp_remark remark_of_advert(const struct vrrp_fsm *m, const struct vrrp_event *ev,
					   enum vrrp_note what)
{
	return (struct vrrp_remark){
		.note = what,
		.from = ev->rx.from,
		.theirs = ev->rx.advert->priority,
		.ours = m->priority,
	};
}

static void learn_interval(struct vrrp_fsm *m, kspan every, struct vrrp_actions *out)
{
	if (m->params.version == 2)
		every = m->params.every;
	else if (every.ns <= 0 || every.ns > VRRP_EVERY_MAX_V3.ns)
		every = m->master_every;
	if (every.ns != m->master_every.ns)
		vr_remark(out, (struct vrrp_remark){ .note = VRRP_NOTE_INTERVAL_LEARNT,
						     .span = every,
						     .old_span = m->master_every });
	m->master_every = every;
}

static void learn_master(struct vrrp_fsm *m, const struct vrrp_event *ev, ktime now,
			 struct vrrp_actions *out)
{
	struct vrrp_remark r = remark_of_advert(m, ev, VRRP_NOTE_MASTER_SET);

	if (ktime_is_never(m->heard_at)) {
		vr_remark(out, r);
	} else if (!addr_equal(m->master_addr, ev->rx.from)) {
		r.note = VRRP_NOTE_MASTER_CHANGED;
		r.before = m->master_addr;
		vr_remark(out, r);
	}
	m->master_addr = ev->rx.from;
	m->master_priority = ev->rx.advert->priority;
	m->heard_at = now;
	learn_interval(m, ev->rx.advert->every, out);
}

/** Without preemption always; with a delay until it has passed since the first lower advert. */
static bool obeys_lower(struct vrrp_fsm *m, ktime now, struct vrrp_actions *out)
{
	if (!m->params.preempt)
		return true;
	if (kspan_is_zero(m->params.preempt_delay))
		return false;
	if (ktime_is_never(m->preempt_at)) {
		m->preempt_at = ktime_add(now, m->params.preempt_delay);
		vr_remark(out, (struct vrrp_remark){ .note = VRRP_NOTE_PREEMPT_DELAY_START,
						     .span = m->params.preempt_delay });
	}
	return ktime_before(now, m->preempt_at);
}

static void backup_on_zero(struct vrrp_fsm *m, ktime now, struct vrrp_actions *out)
{
	vr_note(out, VRRP_NOTE_BACKUP_RX_ZERO);
	/* Repeated, it must not push the deadline on. */
	vr_arm(m, vr_earlier_of(m->deadline, ktime_add(now, vrrp_fsm_skew(m))), out);
}

/** A yielded owner is itself again when somebody else than the rogue speaks. */
static void restore_owner(struct vrrp_fsm *m, const struct vrrp_event *ev, struct vrrp_actions *out)
{
	bool lower = ev->rx.advert->priority < VRRP_PRIORITY_OWNER;
	bool other = !addr_equal(m->master_addr, ev->rx.from);

	if (!vr_has_yielded(m) || (!lower && !other))
		return;
	m->priority = VRRP_PRIORITY_OWNER;
	vr_note(out, lower ? VRRP_NOTE_OWNER_RESTORED_LOWER : VRRP_NOTE_OWNER_RESTORED_GONE);
}

static void backup_on_advert(struct vrrp_fsm *m, const struct vrrp_event *ev, ktime now,
			     struct vrrp_actions *out)
{
	uint8_t theirs = ev->rx.advert->priority;

	if (theirs == 0) {
		backup_on_zero(m, now, out);
		return;
	}
	m->highest_other = MAX_OF(m->highest_other, theirs);
	restore_owner(m, ev, out);
	if (theirs < m->priority && !obeys_lower(m, now, out)) {
		vr_remark(out, remark_of_advert(m, ev, VRRP_NOTE_LOWER_DISCARDED));
		return;
	}
	if (theirs >= m->priority && !ktime_is_never(m->preempt_at)) {
		m->preempt_at = KTIME_NEVER;
		vr_note(out, VRRP_NOTE_PREEMPT_DELAY_STOP);
	}
	learn_master(m, ev, now, out);
	m->want = VRRP_STATE_BACKUP;
	vr_arm_master_down(m, now, out);
}

/** Answer at once, unless that was done less than @gap ago: then when the gap is over. A flood of
 *  packets must not make us a flood of our own. */
static void answer(struct vrrp_fsm *m, kspan gap, ktime now, struct vrrp_actions *out)
{
	ktime again;

	if (!ktime_is_never(m->replied_at)) {
		again = ktime_add(m->replied_at, gap);
		if (ktime_before(now, again)) {
			vr_arm(m, vr_earlier_of(m->deadline, again), out);
			return;
		}
	}
	m->replied_at = now;
	vr_reply(m, now, out);
}

static void master_on_lower(struct vrrp_fsm *m, const struct vrrp_event *ev, ktime now,
			    struct vrrp_actions *out)
{
	struct cause cause = cause_of_advert(ev);
	bool quiet = m->params.lower_prio_no_advert;

	vr_remark(out, remark_of_advert(m, ev, quiet ? VRRP_NOTE_LOWER_QUIET : VRRP_NOTE_LOWER));
	if (!quiet)
		answer(m, NSEC(m->params.every.ns / REPLIES_PER_INTERVAL), now, out);
	vr_announce(out, VRRP_ANNOUNCE_LOWER);
	vr_tell(out, EVENT_RX_LOWER_PRI, &cause);
}

static void master_on_higher(struct vrrp_fsm *m, const struct vrrp_event *ev, ktime now,
			     struct vrrp_actions *out)
{
	struct cause cause = cause_of_advert(ev);
	bool by_address = ev->rx.advert->priority == m->priority;

	vr_remark(out, remark_of_advert(m, ev,
					by_address ? VRRP_NOTE_HIGHER_ADDRESS : VRRP_NOTE_HIGHER));
	if (m->params.higher_prio_send_advert)
		vr_send(m, now, out);
	vr_forget_master(m);
	learn_master(m, ev, now, out);
	m->highest_other = ev->rx.advert->priority;
	vr_leave_to_backup(m, &cause, now, ktime_add(now, vrrp_fsm_master_down(m)), out);
}

/**
 * Two owners, and the other has the lower address: it should give way (erratum 8298). It has two of
 * our intervals to do so; if it is heard after that, within a little more than one interval, we
 * step back to 254. True when we have.
 */
static bool yields_to_rogue(struct vrrp_fsm *m, const struct vrrp_event *ev, ktime now,
			    struct vrrp_actions *out)
{
	kspan every = m->params.every;
	kspan theirs = ev->rx.advert->every;

	if (!ktime_is_never(m->rogue_from) && ktime_before(now, m->rogue_from))
		return false;
	if (!ktime_is_never(m->rogue_from) && !ktime_before(m->rogue_until, now)) {
		vr_remark(out, remark_of_advert(m, ev, VRRP_NOTE_OWNER_YIELDS));
		m->priority = VRRP_PRIORITY_OWNER - 1;
		return true;
	}
	vr_remark(out, remark_of_advert(m, ev, VRRP_NOTE_OWNER_CONFLICT));
	m->rogue_from = ktime_add(now, kspan_times(every, 2));
	m->rogue_until = ktime_add(m->rogue_from, NSEC(MAX_OF(every.ns, theirs.ns) / 5 * 6));
	return false;
}

static void master_on_advert(struct vrrp_fsm *m, const struct vrrp_event *ev, ktime now,
			     struct vrrp_actions *out)
{
	uint8_t theirs = ev->rx.advert->priority;
	int order = addr_compare(ev->rx.from, m->params.src);
	bool wins = theirs > m->priority || (theirs == m->priority && order > 0);

	if (theirs == 0) {
		vr_note(out, VRRP_NOTE_MASTER_RX_ZERO);
		/* Before any backup's skew time is over; the shortest is that of priority 254. */
		answer(m, vr_skew_for(m, 255, m->params.every), now, out);
		return;
	}
	if (theirs == m->priority && order == 0) {
		vr_note(out, VRRP_NOTE_SAME_ADDRESS);
		return;
	}
	if (theirs == VRRP_PRIORITY_OWNER && m->priority == VRRP_PRIORITY_OWNER) {
		if (wins)
			vr_remark(out, remark_of_advert(m, ev, VRRP_NOTE_OWNER_CONFLICT));
		else
			wins = yields_to_rogue(m, ev, now, out);
	}
	if (wins)
		master_on_higher(m, ev, now, out);
	else
		master_on_lower(m, ev, now, out);
}

void vr_on_advert(struct vrrp_fsm *m, const struct vrrp_event *ev, ktime now,
		  struct vrrp_actions *out)
{
	if (ktime_before(now, m->not_before))
		return;
	switch (m->state) {
	case VRRP_STATE_BACKUP:
		backup_on_advert(m, ev, now, out);
		return;
	case VRRP_STATE_MASTER:
		/* The adverts of who took over while we slept are seen before the timer. */
		if (vr_leave_if_late(m, now, out))
			backup_on_advert(m, ev, now, out);
		else
			master_on_advert(m, ev, now, out);
		return;
	case VRRP_STATE_INIT:
	case VRRP_STATE_FAULT:
		return;
	}
}
