/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Self-diagnosis at run time.
 *
 * Costs nothing where nothing is remarkable: the facts are allocated at the first one and freed
 * when all have grown old. A flood of packets only moves a time stamp; the timer looks again.
 */
#include "vrrp/hearing.h"

#include <stdlib.h>

#include "base/arena.h"
#include "loop/loop.h"
#include "vrrp/diagnose.h"

#define SAME_FINDING_EVERY SEC(60)

struct hearing {
	struct vrrp_instance *vr;
	struct vrrp_hearing facts;
	struct timer timer;		/* looks whether facts still hold */
	struct log_limit limits[n_vrrp_finding];
};

static struct vrrp_self self_of(const struct vrrp_instance *vr)
{
	return (struct vrrp_self){
		.state = vr->fsm.state,
		.priority = vr->fsm.priority,
		.heard = vr->slot->usual.advert_rcvd > 0,
		.every = vr->rx.every,
		.src = vr->src,
	};
}

static void log_finding(struct vrrp_instance *vr, const struct vrrp_diagnosis *d, ktime now)
{
	char text[VRRP_DIAGNOSIS_TEXT_MAX];
	const struct vrrp_diagnosed who = { vr->config, vr->vrrp->all->sources };
	unsigned suppressed;

	vrrp_diagnosis_text(d, &who, text, sizeof(text));
	if (d->finding == VRRP_FINDING_SILENCE) {
		log_info("(%s) diagnosis: %s", instance_name(vr), text);
		return;
	}
	if (vr->hearing != NULL && !log_limit_ok(&vr->hearing->limits[d->finding], now,
						 SAME_FINDING_EVERY, &suppressed))
		return;
	log_warning("(%s) diagnosis: %s", instance_name(vr), text);
}

static void publish(struct vrrp_instance *vr, const struct vrrp_diagnosis *d, ktime now)
{
	struct status_page *page = vr->vrrp->page;
	struct vrrp_instance_status *s =
		status_begin(page, VRRP_SLOT_INSTANCE, vr->config->index);

	if (s == NULL)
		return;
	vrrp_status_diagnosed(page, vr->config->index, s,
			      &(struct vrrp_diagnosis_status){ *d, vrrp_wall_of(now) });
	status_end(page, s);
}

static void look(struct vrrp_instance *vr, ktime now)
{
	const struct vrrp_self self = self_of(vr);
	struct vrrp_diagnosis_status before;
	struct vrrp_diagnosis d;

	vrrp_status_diagnosis(vr->vrrp->page, vr->config->index, vr->slot, &before);
	vrrp_diagnose(vr->hearing != NULL ? &vr->hearing->facts : NULL, &self, now, &d);
	if (vrrp_diagnosis_same(&d, &before.diagnosis))
		return;
	publish(vr, &d, now);
	if (d.finding != VRRP_FINDING_NONE)
		log_finding(vr, &d, now);
	else if (before.diagnosis.finding != VRRP_FINDING_SILENCE)
		log_detail("(%s) diagnosis: %s is over", instance_name(vr),
			   vrrp_finding_name(before.diagnosis.finding));
}

/* Would a finding be logged too early if it were found again? */
static bool is_limited(const struct hearing *h, ktime now)
{
	for (size_t i = 0; i < ARRAY_LEN(h->limits); i++) {
		if (ktime_before(now, h->limits[i].next_at))
			return true;
	}
	return false;
}

static void look_later(struct hearing *h, const struct vrrp_self *self, ktime now)
{
	timer_arm(loop_timers(h->vr->vrrp->loop), &h->timer,
		  ktime_add(now, vrrp_hearing_window(self)));
}

static void look_again(struct timer *t, ktime now)
{
	struct hearing *h = container_of(t, struct hearing, timer);
	struct vrrp_instance *vr = h->vr;
	const struct vrrp_self self = self_of(vr);

	look(vr, now);
	if (vrrp_hearing_is_stale(&h->facts, &self, now) && !is_limited(h, now))
		hearing_free(vr);
	else
		look_later(h, &self, now);
}

static struct hearing *hearing_of(struct vrrp_instance *vr, const struct vrrp_self *self,
				  ktime now)
{
	if (vr->hearing == NULL) {
		vr->hearing = xnew(struct hearing);
		vr->hearing->vr = vr;
		vr->hearing->timer.fire = look_again;
		look_later(vr->hearing, self, now);
	}
	return vr->hearing;
}

void hearing_advert(struct vrrp_instance *vr, const struct vrrp_frame *frame,
		    const struct vrrp_rx_verdict *v, ktime now)
{
	const struct vrrp_self self = self_of(vr);
	struct vrrp_hearing none = { 0 };
	struct vrrp_hearing *facts = vr->hearing != NULL ? &vr->hearing->facts : &none;
	bool worth = vrrp_hearing_note(facts, &self, &vr->rx, frame, v, now);

	if (facts == &none && worth)
		hearing_of(vr, &self, now)->facts = none;
	if (worth || vr->slot->finding == VRRP_FINDING_SILENCE)
		look(vr, now);
}

void hearing_entered(struct vrrp_instance *vr, ktime now)
{
	enum vrrp_state state = vr->fsm.state;

	if (vr->hearing != NULL)
		vr->hearing->facts.rival = (struct vrrp_witness){ 0 };
	if (state == VRRP_STATE_INIT || state == VRRP_STATE_FAULT)
		hearing_free(vr);
	look(vr, now);
}

void hearing_reset(struct vrrp_instance *vr)
{
	if (vr->hearing == NULL)
		return;
	vr->hearing->facts = (struct vrrp_hearing){ 0 };
	look(vr, loop_now(vr->vrrp->loop));
}

void hearing_free(struct vrrp_instance *vr)
{
	if (vr->hearing == NULL)
		return;
	timer_cancel(&vr->hearing->timer);
	free(vr->hearing);
	vr->hearing = NULL;
}
