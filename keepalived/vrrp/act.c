/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Carry out what a machine decided: one case per action, in the order given.
 *
 * Nothing here decides about the protocol. What reaches the network or the kernel is queued and
 * leaves at the end of the wake-up.
 */
#include "vrrp/act.h"

#include "base/log.h"
#include "vrrp/block.h"
#include "vrrp/garp.h"
#include "vrrp/hearing.h"
#include "vrrp/io.h"
#include "vrrp/kernel.h"
#include "vrrp/lvs_sync.h"
#include "vrrp/notify.h"

static void send_advert(struct vrrp_instance *vr, uint8_t priority, ktime now)
{
	io_send(vr, priority, now);
	if (priority == 0)
		instance_count(vr, pri_zero_sent);
	else
		instance_count(vr, advert_sent);
	vr->sent_at = now;
}

static const char *state_line(enum vrrp_state state)
{
	switch (state) {
	case VRRP_STATE_MASTER:
		return "Entering MASTER STATE";
	case VRRP_STATE_BACKUP:
		return "Entering BACKUP STATE";
	case VRRP_STATE_FAULT:
		return "Entering FAULT STATE";
	case VRRP_STATE_INIT:
		break;
	}
	return NULL;
}

static void log_state(const struct vrrp_instance *vr, const struct vrrp_action *a)
{
	const char *line = state_line(a->state.to);
	bool initial = a->state.initial && a->state.to != VRRP_STATE_MASTER;
	char why[160];

	if (line == NULL)
		return;
	log_notice("(%s) %s%s", instance_name(vr), line, initial ? " (init)" : "");
	if (a->state.cause.type != CAUSE_NONE && a->state.cause.type != CAUSE_START)
		log_info("(%s) %s -> %s: %s", instance_name(vr), vrrp_state_name(a->state.from),
			 vrrp_state_name(a->state.to),
			 cause_text(&a->state.cause, why, sizeof(why)));
}

static enum vrrp_new_master_reason reason_of(const struct cause *cause, enum vrrp_state to)
{
	if (to != VRRP_STATE_MASTER)
		return VRRP_REASON_NOT_MASTER;
	switch (cause->type) {
	case CAUSE_MASTER_DOWN:
		return VRRP_REASON_NO_RESPONSE;
	case CAUSE_OWNER:
	case CAUSE_PRIORITY_ZERO:
		return VRRP_REASON_PRIORITY;
	case CAUSE_NONE:
	case CAUSE_START:
	case CAUSE_ADVERT:
	case CAUSE_INTERFACE:
	case CAUSE_ADDRESS:
	case CAUSE_VIP_LOST:
	case CAUSE_ROUTE_LOST:
	case CAUSE_SCRIPT:
	case CAUSE_FILE:
	case CAUSE_PROCESS:
	case CAUSE_BFD:
	case CAUSE_GROUP:
	case CAUSE_CONFIG:
	case CAUSE_RELOAD:
	case CAUSE_SIGNAL:
	case CAUSE_REQUEST:
	case CAUSE_LATE:
	case CAUSE_KERNEL:
		break;
	}
	return VRRP_REASON_PREEMPTED;
}

static void note_transition(struct vrrp_instance *vr, const struct vrrp_action *a, ktime now)
{
	struct vrrp_instance_status *s =
		status_begin(vr->vrrp->page, VRRP_SLOT_INSTANCE, vr->config->index);
	int64_t wall = vrrp_wall_of(now);

	if (s == NULL)
		return;
	vrrp_status_transition(vr->vrrp->page, vr->config->index, s,
			       &(struct vrrp_transition){ .at_wall_ns = wall,
							  .to = (uint8_t)a->state.to,
							  .priority = vr->fsm.priority,
							  .cause = a->state.cause });
	s->new_master_reason = (uint8_t)reason_of(&a->state.cause, a->state.to);
	if (a->state.from == VRRP_STATE_INIT || a->state.from == VRRP_STATE_FAULT)
		s->up_since_wall_ns = a->state.to == VRRP_STATE_FAULT ? 0 : wall;
	else if (a->state.to == VRRP_STATE_FAULT || a->state.to == VRRP_STATE_INIT)
		s->up_since_wall_ns = 0;
	status_end(vr->vrrp->page, s);
}

static void entered(struct vrrp_instance *vr, const struct vrrp_action *a, ktime now)
{
	if (a->state.to == VRRP_STATE_MASTER)
		instance_count(vr, become_master);
	else if (a->state.from == VRRP_STATE_MASTER)
		instance_count(vr, release_master);
	log_state(vr, a);
	note_transition(vr, a, now);
	hearing_entered(vr, now);
	lvs_sync_state(vr, a->state.to, now);
	vr->changed = true;
}

static void addrs_up(struct vrrp_instance *vr)
{
	vr->vips_up = true;
	vr->changed = true;
	if (vr->config->accept == TRISTATE_OFF)
		log_detail("(%s) setting firewall drop rule", instance_name(vr));
	block_set(vr, true);
	if (vr->n_addr_uses > 0)
		log_detail("(%s) setting VIPs.", instance_name(vr));
	if (vr->config->rare->routes.n > 0)
		log_detail("(%s) setting Virtual Routes", instance_name(vr));
	if (vr->config->rare->rules.n > 0)
		log_detail("(%s) setting Virtual Rules", instance_name(vr));
	kernel_set(vr, true);
}

static void addrs_down(struct vrrp_instance *vr)
{
	vr->vips_up = false;
	vr->changed = true;
	garp_cancel(vr);
	if (vr->config->rare->rules.n > 0)
		log_detail("(%s) removing Virtual Rules", instance_name(vr));
	if (vr->config->rare->routes.n > 0)
		log_detail("(%s) removing Virtual Routes", instance_name(vr));
	if (vr->n_addr_uses > 0)
		log_detail("(%s) removing VIPs.", instance_name(vr));
	kernel_set(vr, false);
	if (vr->config->accept == TRISTATE_OFF)
		log_detail("(%s) removing firewall drop rule", instance_name(vr));
	block_set(vr, false);
}

static void log_note(const struct vrrp_instance *vr, const struct vrrp_remark *remark)
{
	enum log_level level = LOG_LEVEL_DETAIL;
	char text[200];

	switch (vrrp_note_level(remark->note)) {
	case 'N':
		level = LOG_LEVEL_NOTICE;
		break;
	case 'I':
		level = LOG_LEVEL_INFO;
		break;
	}
	if (log_wants(level))
		log_write(level, "(%s) %s", instance_name(vr),
			  vrrp_remark_text(remark, text, sizeof(text)));
}

/* Remarks that a peer can provoke with every packet are limited. */
static bool note_repeats(enum vrrp_note note)
{
	return note == VRRP_NOTE_LOWER_DISCARDED || note == VRRP_NOTE_LOWER ||
	       note == VRRP_NOTE_LOWER_QUIET || note == VRRP_NOTE_SAME_ADDRESS ||
	       note == VRRP_NOTE_OWNER_CONFLICT;
}

static void note(struct vrrp_instance *vr, const struct vrrp_remark *remark, ktime now)
{
	unsigned suppressed;

	if (note_repeats(remark->note) &&
	    !log_limit_ok(instance_limit(vr, LIMIT_NOTE), now, vr->config->advert_every,
			  &suppressed))
		return;
	log_note(vr, remark);
}

static void carry_out(struct vrrp_instance *vr, const struct vrrp_action *a, ktime now)
{
	switch (a->type) {
	case VRRP_ACT_SEND:
		send_advert(vr, a->priority, now);
		return;
	case VRRP_ACT_ARM:
	case VRRP_ACT_DISARM:
		return; /* the machine's ->deadline says it: see act_run() */
	case VRRP_ACT_STATE:
		entered(vr, a, now);
		return;
	case VRRP_ACT_ADDRS_UP:
		addrs_up(vr);
		return;
	case VRRP_ACT_ADDRS_DOWN:
		addrs_down(vr);
		return;
	case VRRP_ACT_ANNOUNCE:
		garp_announce(vr, a->announce, now);
		return;
	case VRRP_ACT_EVENT:
		notify_instance(vr, a->event.what, &a->event.cause, now);
		return;
	case VRRP_ACT_NOTE:
		note(vr, &a->remark, now);
		return;
	case VRRP_ACT_ASK_GROUP:
		return; /* answered by the group */
	}
}

void act_run(struct vrrp_instance *vr, const struct vrrp_actions *actions, ktime now)
{
	struct vrrp_instance_status *s;

	for (unsigned i = 0; i < actions->n; i++)
		carry_out(vr, &actions->list[i], now);
	instance_arm(vr, now);
	if (vr->changed) {
		vr->changed = false;
		instance_publish(vr);
		return;
	}
	s = status_begin(vr->vrrp->page, VRRP_SLOT_INSTANCE, vr->config->index);
	if (s == NULL)
		return;
	instance_publish_master(vr, s);
	if (vr->sent_at.ns == now.ns)
		s->last_advert_sent_wall_ns = vrrp_wall_of(now);
	status_end(vr->vrrp->page, s);
}
