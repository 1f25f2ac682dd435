/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From what is heard to what is wrong: witnesses are kept, and one finding is made of them.
 *
 * A witness that is still heard keeps its place: a second sender does not make the finding change
 * from packet to packet. Words are in diagnose_text.c; when to look and to log, in hearing.c.
 */
#include "vrrp/diagnose.h"

#include <string.h>

/* A fact counts for so many intervals after its last advert, but not less than this. */
#define WINDOW_ADVERTS 4
#define WINDOW_MIN     SEC(2)

ENUM_DEFINE(vrrp_finding, VRRP_FINDINGS)

kspan vrrp_hearing_window(const struct vrrp_self *self)
{
	kspan window = kspan_times(self->every, WINDOW_ADVERTS);

	return window.ns < WINDOW_MIN.ns ? WINDOW_MIN : window;
}

static bool is_fresh(const struct vrrp_witness *w, const struct vrrp_self *self, ktime now)
{
	return w->n > 0 && ktime_diff(now, w->last).ns <= vrrp_hearing_window(self).ns;
}

static bool is_believed(const struct vrrp_witness *w, const struct vrrp_self *self, ktime now)
{
	return w->n >= VRRP_WITNESS_ADVERTS && is_fresh(w, self, now);
}

/* -- remembering --------------------------------------------------------------------------- */

static bool holds(const struct vrrp_advert *ad, const struct addr *a)
{
	size_t len = addr_size(*a);

	if (len * ad->n_addrs != ad->addrs.len)
		return false;
	for (unsigned i = 0; i < ad->n_addrs; i++) {
		if (memcmp(ad->addrs.data + i * len, a->bytes, len) == 0)
			return true;
	}
	return false;
}

/* They name addresses, and none of them is ours. What did not arrive whole proves nothing. */
static bool is_foreign(const struct vrrp_rx_params *params, const struct vrrp_rx_verdict *v)
{
	if (v->reject == VRRP_REJECT_CHECKSUM || v->reject == VRRP_REJECT_LENGTH ||
	    v->advert.n_addrs == 0 || params->n_addrs == 0 || v->advert.addrs.len == 0)
		return false;
	for (unsigned i = 0; i < params->n_addrs; i++) {
		if (holds(&v->advert, &params->addrs[i]))
			return false;
	}
	return true;
}

static bool is_like(const struct vrrp_witness *w, const struct vrrp_frame *frame, unsigned what)
{
	return w->what == what && addr_equal(w->from, frame->src);
}

struct heard {
	const struct vrrp_self *self;
	const struct vrrp_rx_params *params;
	const struct vrrp_frame *frame;
	const struct vrrp_rx_verdict *verdict;
	ktime now;
};

/* True when there is reason to look at it again. */
static bool witness(struct vrrp_witness *w, const struct heard *h, unsigned what)
{
	const struct vrrp_rx_verdict *v = h->verdict;

	bool fresh = is_fresh(w, h->self, h->now);

	if (fresh && is_like(w, h->frame, what)) {
		w->last = h->now;
		w->priority = v->advert.priority;
		w->got = v->got;
		return w->n < VRRP_WITNESS_ADVERTS && ++w->n == VRRP_WITNESS_ADVERTS;
	}
	if (fresh)
		return false;
	*w = (struct vrrp_witness){
		.n = 1,
		.what = what,
		.from = h->frame->src,
		.missing = v->missing,
		.got = v->got,
		.expected = v->expected,
		.priority = v->advert.priority,
		.n_addrs = v->advert.n_addrs,
		.foreign = is_foreign(h->params, v),
		.stranger = !h->params->multicast && v->peer < 0,
		.first = h->now,
		.last = h->now,
	};
	return true;
}

/* A master hears such adverts once, when it takes over; after that their sender is BACKUP. */
static bool is_rival(const struct heard *h)
{
	const struct vrrp_advert *ad = &h->verdict->advert;

	return h->self->state == VRRP_STATE_MASTER && ad->priority > 0 &&
	       ad->priority <= h->self->priority;
}

bool vrrp_hearing_note(struct vrrp_hearing *hearing, const struct vrrp_self *self,
		       const struct vrrp_rx_params *params, const struct vrrp_frame *frame,
		       const struct vrrp_rx_verdict *verdict, ktime now)
{
	const struct heard h = { self, params, frame, verdict, now };
	const unsigned worth = VRRP_RX_WARN_INTERVAL | VRRP_RX_WARN_COUNT | VRRP_RX_WARN_ADDR;
	bool look = false;

	if (verdict->reject == VRRP_REJECT_INACTIVE || verdict->reject == VRRP_REJECT_VRID)
		return false;
	if (verdict->reject != VRRP_ACCEPT)
		return witness(&hearing->refused, &h, (unsigned)verdict->reject);
	if (hearing->refused.n > 0 && addr_equal(hearing->refused.from, frame->src)) {
		hearing->refused.n = 0;
		look = true;
	}
	if (verdict->warnings & worth) {
		look |= witness(&hearing->differs, &h, verdict->warnings & worth);
	} else if (hearing->differs.n > 0 && addr_equal(hearing->differs.from, frame->src)) {
		hearing->differs.n = 0;
		look = true;
	}
	if (is_rival(&h))
		look |= witness(&hearing->rival, &h, 0);
	return look;
}

bool vrrp_hearing_is_stale(const struct vrrp_hearing *h, const struct vrrp_self *self, ktime now)
{
	return !is_fresh(&h->refused, self, now) && !is_fresh(&h->differs, self, now) &&
	       !is_fresh(&h->rival, self, now);
}

/* -- deciding ------------------------------------------------------------------------------ */

static void found(struct vrrp_diagnosis *out, enum vrrp_finding finding,
		  const struct vrrp_witness *w)
{
	*out = (struct vrrp_diagnosis){
		.finding = (uint8_t)finding,
		.priority = w->priority,
		.n_addrs = w->n_addrs,
		.stranger = w->stranger,
		.from = w->from,
		.missing = w->missing,
		.got = w->got,
		.expected = w->expected,
	};
}

static void of_refused(const struct vrrp_witness *w, struct vrrp_diagnosis *out)
{
	enum vrrp_finding finding = VRRP_FINDING_REFUSED;

	if (w->foreign)
		finding = VRRP_FINDING_FOREIGN;
	else if (w->what == VRRP_REJECT_OWNER)
		finding = w->priority == VRRP_PRIORITY_OWNER ? VRRP_FINDING_OWNERS
							      : VRRP_FINDING_UNHEARD;
	found(out, finding, w);
	out->reject = (uint8_t)w->what;
}

static void of_rival(const struct vrrp_witness *w, const struct vrrp_self *self,
		     struct vrrp_diagnosis *out)
{
	enum vrrp_finding finding = VRRP_FINDING_UNHEARD;

	if (addr_equal(w->from, self->src))
		finding = VRRP_FINDING_SAME_ADDRESS;
	else if (w->foreign)
		finding = VRRP_FINDING_FOREIGN;
	else if (w->priority == VRRP_PRIORITY_OWNER)
		finding = VRRP_FINDING_OWNERS;
	found(out, finding, w);
}

static void of_difference(const struct vrrp_witness *w, struct vrrp_diagnosis *out)
{
	enum vrrp_finding finding = VRRP_FINDING_ADDRESSES;

	if (w->foreign)
		finding = VRRP_FINDING_FOREIGN;
	else if (w->what & VRRP_RX_WARN_INTERVAL)
		finding = VRRP_FINDING_INTERVAL;
	found(out, finding, w);
}

/* Others may need an interval to obey. */
static bool is_lasting(const struct vrrp_witness *w, const struct vrrp_self *self)
{
	return ktime_diff(w->last, w->first).ns >= kspan_times(self->every, 2).ns;
}

/* Alone from the beginning. An address owner does not wait for others, so it cannot know. */
static bool is_alone(const struct vrrp_self *self)
{
	return self->state == VRRP_STATE_MASTER && !self->heard &&
	       self->priority != VRRP_PRIORITY_OWNER;
}

void vrrp_diagnose(const struct vrrp_hearing *h, const struct vrrp_self *self, ktime now,
		   struct vrrp_diagnosis *out)
{
	bool active = self->state == VRRP_STATE_BACKUP || self->state == VRRP_STATE_MASTER;

	*out = (struct vrrp_diagnosis){ .finding = VRRP_FINDING_NONE };
	if (!active)
		return;
	if (h != NULL && is_believed(&h->refused, self, now))
		of_refused(&h->refused, out);
	else if (h != NULL && self->state == VRRP_STATE_MASTER &&
		 is_believed(&h->rival, self, now) && is_lasting(&h->rival, self))
		of_rival(&h->rival, self, out);
	else if (h != NULL && is_believed(&h->differs, self, now))
		of_difference(&h->differs, out);
	else if (is_alone(self))
		out->finding = VRRP_FINDING_SILENCE;
}

bool vrrp_diagnosis_same(const struct vrrp_diagnosis *a, const struct vrrp_diagnosis *b)
{
	return a->finding == b->finding && a->reject == b->reject && addr_equal(a->from, b->from);
}
