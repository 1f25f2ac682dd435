/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sync groups at run time: which instances are bound, and what the outside hears of the group.
 * The rule itself is sync.c.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"
#include "vrrp/instance.h"
#include "vrrp/notify.h"

static enum event_what event_of(enum vrrp_state state)
{
	switch (state) {
	case VRRP_STATE_MASTER:
		return EVENT_MASTER;
	case VRRP_STATE_BACKUP:
		return EVENT_BACKUP;
	case VRRP_STATE_FAULT:
		return EVENT_FAULT;
	case VRRP_STATE_INIT:
		return EVENT_STOP;
	}
	return EVENT_STOP;
}

void sync_publish(struct vrrp_sync *sync, const struct cause *cause, ktime now)
{
	struct status_page *page = sync->vrrp->page;
	struct vrrp_group_status *s = status_begin(page, VRRP_SLOT_GROUP, sync->config->index);

	if (s == NULL)
		return;
	s->state = (uint8_t)sync->machine.state;
	s->n_fault = s->n_init = 0;
	for (unsigned i = 0; i < sync->n; i++) {
		s->n_fault = (uint16_t)(s->n_fault + (sync->instances[i]->fsm.faulty ? 1 : 0));
		s->n_init = (uint16_t)(s->n_init + (sync->instances[i]->fsm.pending ? 1 : 0));
	}
	if (cause != NULL) {
		s->last_transition_wall_ns = vrrp_wall_of(now);
		s->cause = *cause;
	}
	status_end(page, s);
}

void sync_changed(struct vrrp_sync *sync, const struct vrrp_group_change *change, ktime now)
{
	if (!change->changed)
		return;
	if (change->from != VRRP_STATE_INIT && change->to != VRRP_STATE_INIT)
		log_notice("VRRP_Group(%s) Syncing instances to %s state",
			   sync->config->object.name, vrrp_state_name(change->to));
	sync_publish(sync, &change->cause, now);
	if (change->to != VRRP_STATE_INIT)
		notify_group(sync, event_of(change->to), &change->cause, now);
}

struct vrrp_sync *sync_new(struct vrrp *v, const struct vrrp_group_config *config,
			   const struct vrrp_sync *former)
{
	struct vrrp_sync *sync = xnew(struct vrrp_sync);

	sync->vrrp = v;
	sync->config = config;
	sync->name = xstrdup(config->object.name);
	sync->members = xcalloc(MAX_OF(config->n_members, 1), sizeof(*sync->members));
	sync->instances = xcalloc(MAX_OF(config->n_members, 1), sizeof(*sync->instances));
	for (uint32_t i = 0; i < config->n_members; i++) {
		struct vrrp_instance *vr = v->instances[config->members[i]->index];

		if (vr == NULL)
			continue;
		vr->sync = sync;
		vr->member = sync->n;
		sync->instances[sync->n] = vr;
		sync->members[sync->n++] =
			(struct vrrp_member){ &vr->fsm, config->members[i]->object.name };
	}
	if (former != NULL)
		sync->machine.state = former->machine.state;
	vrrp_group_init(&sync->machine, sync->members, sync->n, former != NULL);
	return sync;
}

void sync_unbind(struct vrrp_sync *sync)
{
	vrrp_group_fini(&sync->machine);
	for (unsigned i = 0; i < sync->n; i++)
		sync->instances[i]->sync = NULL;
	sync->n = 0;
	notify_forget(sync->vrrp->notify, sync);
}

void sync_free(struct vrrp_sync *sync)
{
	if (sync == NULL)
		return;
	sync_unbind(sync);
	free(sync->name);
	free(sync->members);
	free(sync->instances);
	free(sync);
}
