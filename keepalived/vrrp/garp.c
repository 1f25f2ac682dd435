/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When to announce addresses, and in which portions.
 *
 * Every instance has at most one job: rounds that are left of the current burst, one timer for the
 * second burst and one for the refresh. Jobs take turns round by round, so that the first
 * announcement of every address is early whatever the number of repetitions. A wake-up sends a
 * portion; the rest goes on in the next one, after the adverts that are due then. Pacing
 * (garp_interval, garp_group) is one clock per interface or group and kind. Sending the frames is
 * garp_send.c. RFC 5227 section 3, RFC 4861 section 7.2.6.
 */
#include "vrrp/garp.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "loop/loop.h"
#include "vrrp/garp_private.h"
#include "vrrp/kernel.h"
#include "vrrp/vmac.h"

#define PORTION 128		/* frames per wake-up */
#define EXTRA_LOOK_BACK 64u	/* addresses of which one per interface is enough */

/* -- pacing -------------------------------------------------------------------------------- */

static bool in_group(const struct garp_group_config *g, const char *ifname)
{
	for (uint32_t i = 0; i < g->interfaces.n; i++) {
		if (str_eq(g->interfaces.items[i], ifname))
			return true;
	}
	return false;
}

/* The clock that the announcements of an instance share with others. */
static struct garp_pace *pace_of(struct vrrp_garp *g, const struct vrrp_instance *vr)
{
	const struct vrrp_config *c = g->net->vrrp->config;
	const struct iface *iface = vr->base != NULL ? vr->base : vr->iface;
	const char *name = iface != NULL ? iface->name : "";
	struct garp_pace *p;

	for (uint32_t i = 0; i < c->garp_groups.n; i++) {
		const struct garp_group_config *group = c->garp_groups.items[i];

		if (in_group(group, name))
			name = group->interfaces.items[0];
	}
	HASH_FIND_STR(g->paces, name, p);
	if (p != NULL)
		return p;
	p = xnew(struct garp_pace);
	(void)str_copy(p->name, sizeof(p->name), name);
	HASH_ADD_STR(g->paces, name, p);
	return p;
}

/* May a frame of this kind leave now? Else *wake is moved to when it may. */
static bool paced(struct garp_job *job, bool v6, ktime now, ktime *wake)
{
	const struct vrrp_common_config *c = job->vr->config->common;
	kspan every = v6 ? c->gna_interval : c->garp_interval;
	ktime *next = &job->pace->next_at[v6];

	if (kspan_is_zero(every))
		return true;
	if (ktime_before(now, *next)) {
		if (ktime_before(*next, *wake))
			*wake = *next;
		return false;
	}
	*next = ktime_add(now, every);
	return true;
}

/* -- the queue of jobs --------------------------------------------------------------------- */

static void push(struct vrrp_garp *g, struct garp_job *job)
{
	job->queued = true;
	job->next = NULL;
	if (g->last != NULL)
		g->last->next = job;
	else
		g->first = job;
	g->last = job;
}

static struct garp_job *pop(struct vrrp_garp *g)
{
	struct garp_job *job = g->first;

	if (job == NULL)
		return NULL;
	g->first = job->next;
	if (g->first == NULL)
		g->last = NULL;
	job->queued = false;
	return job;
}

static void unqueue(struct vrrp_garp *g, struct garp_job *job)
{
	struct garp_job **p = &g->first, *before = NULL;

	while (*p != NULL && *p != job) {
		before = *p;
		p = &(*p)->next;
	}
	if (*p == NULL)
		return;
	*p = job->next;
	if (g->last == job)
		g->last = before;
	job->queued = false;
}

static void begin_burst(struct garp_job *job, unsigned rounds)
{
	struct vrrp_garp *g = job->vr->net->garp;

	if (rounds == 0)
		return;
	job->rounds = MAX_OF(job->rounds, rounds);
	job->at = 0;
	job->fresh = true;
	if (!job->queued)
		push(g, job);
	vrrp_want_commit(g->net->vrrp);
}

static void second_due(struct timer *t, ktime now)
{
	struct garp_job *job = container_of(t, struct garp_job, second);

	(void)now;
	begin_burst(job, job->second_rounds);
}

static void refresh_due(struct timer *t, ktime now)
{
	struct garp_job *job = container_of(t, struct garp_job, refresh);
	const struct vrrp_common_config *c = job->vr->config->common;

	begin_burst(job, c->garp_refresh_repeat);
	if (!kspan_is_zero(c->garp_refresh))
		timer_arm(job->timers, t, ktime_add(now, c->garp_refresh));
}

/* An interface of an address, other than the one that shows its MAC by sending adverts. */
static bool is_extra(const struct vrrp_instance *vr, const struct iface *iface)
{
	const struct vrrp_instance_config *c = vr->config;
	const struct iface *sends = c->vmac_xmit_base ? vr->base : vr->iface;

	if (iface == sends)
		return false;
	for (const struct vrrp_vmac *v = vr->vmac; v != NULL; v = v->next) {
		if (v->iface == iface)
			return true;
	}
	return c->common->garp_extra_if.all;
}

/* The @n-th address of those that are set, if it is the first one on an extra interface. */
static struct iface *extra_at(const struct vrrp_instance *vr, unsigned n, struct addr *out)
{
	struct iface *iface, *other;
	struct addr a;
	bool is_pending;

	if (!kernel_use_addr(&vr->uses[n], out, &iface, &is_pending) || !is_extra(vr, iface))
		return NULL;
	for (unsigned i = 0; i < n && i < EXTRA_LOOK_BACK; i++) {
		if (kernel_use_addr(&vr->uses[i], &a, &other, &is_pending) && other == iface)
			return NULL;
	}
	return iface;
}

/* One frame on each interface whose MAC nobody hears otherwise. */
static void extra_due(struct timer *t, ktime now)
{
	struct garp_job *job = container_of(t, struct garp_job, extra);
	struct vrrp_instance *vr = job->vr;

	for (unsigned i = 0; i < vr->n_addr_uses; i++) {
		struct addr a;
		struct iface *iface = extra_at(vr, i, &a);

		if (iface != NULL)
			garp_send_one(vr->net->garp, vr, iface, a);
	}
	if (!kspan_is_zero(vr->config->common->garp_extra_if.every))
		timer_arm(job->timers, t, ktime_add(now, vr->config->common->garp_extra_if.every));
	vrrp_want_commit(vr->vrrp);
}

static struct garp_job *job_of(struct vrrp_instance *vr)
{
	struct garp_job *job = vr->garp;

	if (job != NULL)
		return job;
	job = xnew(struct garp_job);
	job->vr = vr;
	job->timers = loop_timers(vr->vrrp->loop);
	job->second.fire = second_due;
	job->refresh.fire = refresh_due;
	job->extra.fire = extra_due;
	job->pace = pace_of(vr->net->garp, vr);
	vr->garp = job;
	return job;
}

static void arm_second(struct garp_job *job, kspan after, unsigned rounds, ktime now)
{
	if (kspan_is_zero(after))
		return;
	job->second_rounds = rounds;
	timer_arm(job->timers, &job->second, ktime_add(now, after));
}

static void arm_extra(struct vrrp_instance *vr, ktime now)
{
	const struct vrrp_common_config *c = vr->config->common;
	struct garp_job *job;

	if (kspan_is_zero(c->garp_extra_if.every))
		return;
	job = job_of(vr);
	if (!timer_is_armed(&job->extra))
		timer_arm(job->timers, &job->extra,
			  ktime_add(now, kspan_add(c->garp_delay, c->garp_extra_if.every)));
}

static void announce_master(struct vrrp_instance *vr, ktime now)
{
	const struct vrrp_common_config *c = vr->config->common;
	struct garp_job *job = job_of(vr);

	begin_burst(job, c->garp_repeat);
	arm_second(job, c->garp_delay, c->garp_repeat, now);
	if (!kspan_is_zero(c->garp_refresh))
		timer_arm(job->timers, &job->refresh,
			  ktime_add(now, kspan_add(c->garp_delay, c->garp_refresh)));
	arm_extra(vr, now);
}

static void announce_lower(struct vrrp_instance *vr, ktime now)
{
	const struct vrrp_common_config *c = vr->config->common;

	if (c->garp_lower_prio_repeat == 0 || vr->fsm.state != VRRP_STATE_MASTER)
		return;
	begin_burst(job_of(vr), c->garp_lower_prio_repeat);
	arm_second(vr->garp, c->garp_lower_prio_delay, c->garp_lower_prio_repeat, now);
}

void garp_announce(struct vrrp_instance *vr, enum vrrp_announce what, ktime now)
{
	switch (what) {
	case VRRP_ANNOUNCE_MASTER:
		announce_master(vr, now);
		return;
	case VRRP_ANNOUNCE_LOWER:
		if (vr->sync == NULL)
			announce_lower(vr, now);
		for (unsigned i = 0; vr->sync != NULL && i < vr->sync->n; i++)
			announce_lower(vr->sync->instances[i], now);
		return;
	case VRRP_ANNOUNCE_SOURCE:
		if (vr->iface != NULL && addr_is_set(vr->src))
			garp_send_one(vr->net->garp, vr, vr->iface, vr->src);
		return;
	}
}

void garp_reloaded(struct vrrp_instance *vr, bool added, ktime now)
{
	const struct vrrp_common_config *c = vr->config->common;
	bool refreshed = !kspan_is_zero(c->garp_refresh);

	if (vr->fsm.state != VRRP_STATE_MASTER)
		return;
	if (added || refreshed)
		announce_master(vr, now);
	else
		arm_extra(vr, now);
}

void garp_cancel(struct vrrp_instance *vr)
{
	struct garp_job *job = vr->garp;

	if (job == NULL)
		return;
	timer_cancel(&job->second);
	timer_cancel(&job->refresh);
	timer_cancel(&job->extra);
	if (job->queued)
		unqueue(vr->net->garp, job);
	free(job);
	vr->garp = NULL;
}

/* -- working off --------------------------------------------------------------------------- */

static void log_burst(const struct garp_job *job, const struct iface *iface, struct addr a)
{
	if (!job->fresh || !log_wants(LOG_LEVEL_DETAIL))
		return;
	log_detail("(%s) Sending/queueing %s on %s for %s", instance_name(job->vr),
		   a.family == AF_INET ? "gratuitous ARPs" : "Unsolicited Neighbour Adverts",
		   iface->name, addr_text(a));
}

enum turn { TURN_ROUND_DONE, TURN_WAIT, TURN_PORTION };

/* Go on with the round of a job. */
static enum turn work(struct vrrp_garp *g, struct garp_job *job, unsigned *left, ktime now,
		      ktime *wake)
{
	struct vrrp_instance *vr = job->vr;

	for (; job->at < vr->n_addr_uses; job->at++) {
		struct iface *iface;
		struct addr a;
		bool is_pending;

		if (!kernel_use_addr(&vr->uses[job->at], &a, &iface, &is_pending)) {
			if (is_pending)
				return TURN_WAIT;
			continue;
		}
		if (*left == 0)
			return TURN_PORTION;
		if (!paced(job, a.family == AF_INET6, now, wake))
			return TURN_WAIT;
		log_burst(job, iface, a);
		garp_send_one(g, vr, iface, a);
		(*left)--;
	}
	return TURN_ROUND_DONE;
}

void garp_flush(struct vrrp_garp *g, ktime now)
{
	unsigned left = PORTION, waiting = 0, n = 0;
	ktime wake = KTIME_NEVER;
	bool more = false;

	for (struct garp_job *job = g->first; job != NULL; job = job->next)
		n++;
	while (n > 0 && !more && waiting < n) {
		struct garp_job *job = pop(g);
		enum turn turn = work(g, job, &left, now, &wake);

		more = turn == TURN_PORTION;
		waiting = turn == TURN_WAIT ? waiting + 1 : 0;
		if (turn == TURN_ROUND_DONE) {
			job->at = 0;
			job->fresh = false;
			job->rounds--;
		}
		if (job->rounds > 0) {
			push(g, job);
			continue;
		}
		n--;
		if (!timer_is_armed(&job->second) && !timer_is_armed(&job->refresh) &&
		    !timer_is_armed(&job->extra))
			garp_cancel(job->vr);
	}
	if (!garp_send_flush(g))
		wake = ktime_add(now, MSEC(1));
	/* While addresses are still being set, their acknowledgement is the next occasion. */
	if (more && kernel_idle(g->net->kernel))
		wake = now;
	if (!ktime_is_never(wake))
		timer_arm(loop_timers(g->net->vrrp->loop), &g->again, wake);
}

static void again(struct timer *t, ktime now)
{
	garp_flush(container_of(t, struct vrrp_garp, again), now);
}

struct vrrp_garp *garp_new(struct vrrp_net *net)
{
	struct vrrp_garp *g = xnew(struct vrrp_garp);

	g->net = net;
	g->fd = -1;
	g->again.fire = again;
	return g;
}

void garp_free(struct vrrp_garp *g)
{
	if (g == NULL)
		return;
	timer_cancel(&g->again);
	garp_send_close(g);
	while (g->paces != NULL) {
		struct garp_pace *p = g->paces;

		HASH_DEL(g->paces, p);
		free(p);
	}
	free(g);
}
