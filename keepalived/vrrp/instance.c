/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One virtual router at run time: it feeds events to its machine (or the group's) and keeps its
 * timer, its faults and its status slot.
 *
 * What the configuration says is turned into parameters in instance_setup.c; actions are carried
 * out by act.c. The heap timer is at or before the machine's deadline: moving a deadline away, as
 * every advert does for a backup, costs nothing until the old time comes.
 */
#include "vrrp/instance.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "loop/loop.h"
#include "vrrp/act.h"
#include "vrrp/garp.h"
#include "vrrp/hearing.h"
#include "vrrp/io.h"
#include "vrrp/kernel.h"
#include "vrrp/notify.h"
#include "vrrp/receive_log.h"
#include "vrrp/track.h"

/* Adverts fall due on a grid of this many points per interval, so that instances share wake-ups;
 * backups look at their deadlines on a coarser one. */
#define ADVERT_GRID 16
#define CHECK_GRID  4
#define LATE_FROM   MSEC(1)

struct vrrp_rare_counters *instance_rare(struct vrrp_instance *vr)
{
	vr->slot->has_rare = true;
	return status_slot(vr->vrrp->page, VRRP_SLOT_RARE, vr->config->index);
}

struct log_limit *instance_limit(struct vrrp_instance *vr, unsigned kind)
{
	if (vr->limits == NULL)
		vr->limits = xcalloc(INSTANCE_LIMITS, sizeof(*vr->limits));
	return &vr->limits[kind];
}

/* -- timer --------------------------------------------------------------------------------- */

static ktime floor_to(ktime at, int64_t grid)
{
	return (ktime){ at.ns - at.ns % grid };
}

/* The next advert may come earlier by less than a grid step, once: from then on the interval is
 * exact, because the step divides it. */
static void align_advert(struct vrrp_fsm *m, ktime now)
{
	ktime aligned = floor_to(m->deadline, MAX_OF(m->params.every.ns / ADVERT_GRID, 1));

	if (ktime_before(now, aligned))
		m->deadline = aligned;
}

/* When to look whether the deadline of a backup still stands. */
static ktime check_time(const struct vrrp_fsm *m, ktime now)
{
	ktime at = floor_to(m->deadline, MAX_OF(m->master_every.ns / CHECK_GRID, 1));

	return ktime_before(now, at) ? at : m->deadline;
}

void instance_arm(struct vrrp_instance *vr, ktime now)
{
	struct vrrp_fsm *m = &vr->fsm;
	ktime at = m->deadline;

	if (ktime_is_never(at)) {
		timer_cancel(&vr->timer);
		return;
	}
	if (m->state == VRRP_STATE_MASTER) {
		align_advert(m, now);
		at = m->deadline;
	} else {
		at = check_time(m, now);
		if (timer_is_armed(&vr->timer) && !ktime_before(at, vr->timer.at))
			return;
	}
	timer_arm(loop_timers(vr->vrrp->loop), &vr->timer, at);
}

static void count_late(struct vrrp_instance *vr, ktime now)
{
	if (vr->fsm.state == VRRP_STATE_MASTER &&
	    ktime_diff(now, vr->fsm.deadline).ns > LATE_FROM.ns)
		instance_count(vr, late_adverts);
}

static void timer_due(struct timer *t, ktime now)
{
	struct vrrp_instance *vr = container_of(t, struct vrrp_instance, timer);

	/* Adverts that have arrived may prove the master alive. */
	if (vr->fsm.state == VRRP_STATE_BACKUP && !ktime_before(now, vr->fsm.deadline))
		io_drain(vr, now);
	if (ktime_before(now, vr->fsm.deadline)) {
		instance_arm(vr, now);
		return;
	}
	count_late(vr, now);
	instance_feed(vr, &(struct vrrp_event){ .type = VRRP_EV_TIMER }, now);
}

/* -- feeding ------------------------------------------------------------------------------- */

static void deliver(void *ctx, unsigned member, const struct vrrp_actions *actions)
{
	struct vrrp_sync *sync = ctx;

	act_run(sync->instances[member], actions, sync->now);
}

static void feed_group(struct vrrp_instance *vr, const struct vrrp_event *ev, ktime now)
{
	struct vrrp_sync *sync = vr->sync;
	struct vrrp_sink sink = { deliver, sync };
	struct vrrp_group_change change;

	sync->now = now;
	change = vrrp_group_feed(&sync->machine, vr->member, ev, now, &sink);
	sync_changed(sync, &change, now);
}

void instance_feed(struct vrrp_instance *vr, const struct vrrp_event *ev, ktime now)
{
	struct vrrp_actions actions;

	if (vr->sync != NULL) {
		feed_group(vr, ev, now);
		return;
	}
	vrrp_fsm_step(&vr->fsm, ev, now, &actions);
	act_run(vr, &actions, now);
}

void sync_start(struct vrrp_sync *sync, const struct vrrp_event *starts, ktime now)
{
	struct vrrp_group_change change = vrrp_group_foresee(&sync->machine, starts);
	struct vrrp_sink sink = { deliver, sync };

	sync_changed(sync, &change, now);
	sync->now = now;
	vrrp_group_start(&sync->machine, starts, now, &sink);
	sync_publish(sync, NULL, now);
}

void sync_settle(struct vrrp_sync *sync, ktime now)
{
	struct vrrp_sink sink = { deliver, sync };
	struct vrrp_group_change change;

	sync->now = now;
	change = vrrp_group_settle(&sync->machine, now, &sink);
	sync_changed(sync, &change, now);
}

/* -- receiving ----------------------------------------------------------------------------- */

static void count_verdict(struct vrrp_instance *vr, const struct vrrp_rx_verdict *v)
{
	static const size_t counters[] = {
#define COUNTER_(name, field, text) \
	[VRRP_REJECT_##name] = offsetof(struct vrrp_rare_counters, field),
		VRRP_REJECTS(COUNTER_)
#undef COUNTER_
	};

	if (v->reject != VRRP_ACCEPT) {
		if (v->reject == VRRP_REJECT_CHECKSUM)
			vr->vrrp->engine_slot->router_checksum_err++;
		if (v->reject == VRRP_REJECT_VERSION)
			vr->vrrp->engine_slot->router_version_err++;
		if ((size_t)v->reject < ARRAY_LEN(counters)) {
			char *rare = (char *)instance_rare(vr);

			(*(uint64_t *)(void *)(rare + counters[v->reject]))++;
		}
		return;
	}
	instance_count(vr, advert_rcvd);
	if (v->advert.priority == 0)
		instance_count(vr, pri_zero_rcvd);
	else if (v->advert.priority < vr->fsm.priority)
		instance_count_rare(vr, lower_prio_rcvd);
	if (v->warnings & VRRP_RX_WARN_INTERVAL)
		instance_count_rare(vr, advert_interval_err);
	if (v->warnings & (VRRP_RX_WARN_COUNT | VRRP_RX_WARN_ADDR))
		instance_count_rare(vr, addr_list_err);
}

void instance_receive(struct vrrp_instance *vr, const struct vrrp_frame *frame, ktime at)
{
	struct vrrp_rx_now state = {
		.active = vr->fsm.state == VRRP_STATE_BACKUP || vr->fsm.state == VRRP_STATE_MASTER,
		.master = vr->fsm.state == VRRP_STATE_MASTER,
		.priority = vr->fsm.priority,
		.master_addr = vr->fsm.master_addr,
	};
	struct vrrp_rx_verdict verdict;

	if (!state.active || ktime_before(at, vr->fsm.not_before))
		return;
	state.wall_ns = vr->rx.auth != NULL ? clock_wall_ns() : 0;
	vrrp_rxcheck(&vr->rx, &state, &vr->rx_memory, frame, &verdict);
	count_verdict(vr, &verdict);
	if (verdict.reject != VRRP_ACCEPT || verdict.warnings != 0)
		receive_log(vr, frame, &verdict, at);
	if (verdict.reject != VRRP_ACCEPT || verdict.warnings != 0 || state.master ||
	    vr->hearing != NULL || vr->slot->finding != VRRP_FINDING_NONE)
		hearing_advert(vr, frame, &verdict, at);
	if (verdict.reject != VRRP_ACCEPT)
		return;
	if (vr->rx.auth != NULL)
		vrrp_status_marks(vr->vrrp->page, vr->config->index, vr->rx_memory.auth,
				  &frame->src);
	instance_feed(vr,
		      &(struct vrrp_event){ .type = VRRP_EV_ADVERT,
					    .rx = { &verdict.advert, frame->src } },
		      at);
}

/* -- faults -------------------------------------------------------------------------------- */

void instance_tallied(struct vrrp_instance *vr, unsigned changed, const struct cause *cause,
		      ktime now)
{
	uint8_t priority = vrrp_tally_priority(&vr->tally, vr->config->priority);
	struct vrrp_event ev = { .cause = *cause };

	if (!vr->fsm.started)
		return;
	if ((changed & VRRP_TALLY_PRIORITY) && priority != vr->fsm.params.priority) {
		ev.type = VRRP_EV_PRIORITY;
		ev.priority = priority;
		instance_feed(vr, &ev, now);
	}
	if (changed & VRRP_TALLY_HEALTH) {
		ev.type = VRRP_EV_HEALTH;
		ev.health.fault = vrrp_tally_n_faults(&vr->tally) > 0;
		ev.health.pending = vr->tally.pending > 0;
		instance_feed(vr, &ev, now);
	}
	instance_publish(vr);
}

static const enum vrrp_down own_downs[OWN_FAULTS] = {
	[OWN_FAULT_INTERFACE] = VRRP_DOWN_INTERFACE,
	[OWN_FAULT_BASE] = VRRP_DOWN_BASE_INTERFACE,
	[OWN_FAULT_SOURCE] = VRRP_DOWN_SOURCE_ADDRESS,
	[OWN_FAULT_CONFIG] = VRRP_DOWN_CONFIG,
	[OWN_FAULT_KERNEL] = VRRP_DOWN_KERNEL,
	[OWN_FAULT_RIGHTS] = VRRP_DOWN_KERNEL,
	[OWN_FAULT_STATIC] = VRRP_DOWN_KERNEL,
};

void instance_fault(struct vrrp_instance *vr, enum own_fault fault, bool on,
		    const struct cause *cause, ktime now)
{
	unsigned changed;

	if (vr->own_faults[fault] == on)
		return;
	vr->own_faults[fault] = on;
	changed = vrrp_tally_fault(&vr->tally, own_downs[fault], on ? 1 : -1);
	instance_tallied(vr, changed, cause, now);
}

/* Made anew from the faults of the instance; trackers add theirs. */
void instance_reset_tally(struct vrrp_instance *vr)
{
	vr->tally = (struct vrrp_tally){ 0 };
	for (unsigned i = 0; i < OWN_FAULTS; i++) {
		if (vr->own_faults[i])
			(void)vrrp_tally_fault(&vr->tally, own_downs[i], 1);
	}
}

/* -- status -------------------------------------------------------------------------------- */

static uint32_t shown_faults(const struct vrrp_instance *vr)
{
	static const uint32_t bits[OWN_FAULTS] = {
		[OWN_FAULT_INTERFACE] = VRRP_IF_FAULT_DOWN,
		[OWN_FAULT_BASE] = VRRP_IF_FAULT_BASE_DOWN,
		[OWN_FAULT_SOURCE] = VRRP_IF_FAULT_NO_SOURCE,
		[OWN_FAULT_CONFIG] = VRRP_IF_FAULT_CONFIG,
		[OWN_FAULT_KERNEL] = VRRP_IF_FAULT_OTHER,
		[OWN_FAULT_RIGHTS] = VRRP_IF_FAULT_OTHER,
		[OWN_FAULT_STATIC] = VRRP_IF_FAULT_OTHER,
	};
	uint32_t shown = 0;

	for (unsigned i = 0; i < OWN_FAULTS; i++)
		shown |= vr->own_faults[i] ? bits[i] : 0;
	return shown;
}

static void publish_tally(const struct vrrp_instance *vr, struct vrrp_instance_status *s)
{
	unsigned trackers = vr->tally.faults[VRRP_DOWN_TRACKER];

	s->effective_priority = vr->fsm.priority;
	s->total_priority = (int16_t)(vr->config->priority + vr->tally.sum);
	s->n_config_faults = (uint16_t)(vr->own_faults[OWN_FAULT_CONFIG] ? 1 : 0);
	s->n_tracker_faults = (uint16_t)trackers;
	s->n_trackers_init = vr->tally.pending;
	s->if_faults = shown_faults(vr);
}

static void publish_interface(const struct vrrp_instance *vr, struct vrrp_instance_status *s)
{
	s->ifindex = vr->iface != NULL ? vr->iface->ifindex : 0;
	s->base_ifindex = vr->base != NULL ? vr->base->ifindex : 0;
	if (vr->iface != NULL)
		memcpy(s->ifname, vr->iface->name, sizeof(s->ifname));
	s->src = vr->src;
	s->socket = io_slot(vr);
	s->on_vmac = vr->iface != NULL && vr->iface != vr->base;
	if (!s->on_vmac)
		return;
	s->vmac_up = vr->iface->up;
	if (vr->iface->mac.len == sizeof(s->vmac_mac))
		memcpy(s->vmac_mac, vr->iface->mac.bytes, sizeof(s->vmac_mac));
}

void instance_publish(struct vrrp_instance *vr)
{
	struct status_page *page = vr->vrrp->page;
	const struct vrrp_fsm *m = &vr->fsm;
	struct vrrp_instance_status *s =
		status_begin(page, VRRP_SLOT_INSTANCE, vr->config->index);

	if (s == NULL)
		return;
	s->state = (uint8_t)m->state;
	s->want = (uint8_t)m->want;
	s->vips_set = vr->vips_up;
	s->highest_other_priority = m->highest_other;
	publish_tally(vr, s);
	publish_interface(vr, s);
	instance_publish_master(vr, s);
	status_end(page, s);
}

/* What every advert changes. */
void instance_publish_master(const struct vrrp_instance *vr, struct vrrp_instance_status *s)
{
	const struct vrrp_fsm *m = &vr->fsm;

	s->master_priority = m->master_priority;
	s->master = m->master_addr;
	s->master_advert_every = m->master_every;
	s->master_down = vrrp_fsm_master_down(m);
	s->deadline_wall_ns = vrrp_wall_of(m->deadline);
}

/* -- life ---------------------------------------------------------------------------------- */

struct vrrp_instance *instance_new(struct vrrp *v, const struct vrrp_instance_config *config)
{
	struct vrrp_net *net = vrrp_net_get(v, config->rare->net_namespace);
	struct vrrp_params params;
	struct vrrp_instance *vr;

	if (net == NULL)
		return NULL;
	vr = slab_take(&v->instance_slab);
	vr->vrrp = v;
	vr->net = net;
	vr->config = config;
	vr->timer.fire = timer_due;
	instance_params(vr, &params);
	vrrp_fsm_init(&vr->fsm, &params);
	return vr;
}

void instance_free(struct vrrp_instance *vr, bool delete)
{
	if (vr == NULL)
		return;
	timer_cancel(&vr->timer);
	hearing_free(vr);
	garp_cancel(vr);
	notify_forget(vr->vrrp->notify, vr);
	track_detach(vr);
	io_detach(vr);
	kernel_unclaim(vr);
	instance_drop_setup(vr, delete);
	free(vr->limits);
	slab_give(&vr->vrrp->instance_slab, vr);
}
