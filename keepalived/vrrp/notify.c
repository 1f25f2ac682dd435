/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events in the order in which they happened, told when what they speak of has been done: a script
 * for MASTER finds the addresses in place.
 *
 * An event refers to its object until it leaves, because a reload may move the object to another
 * index meanwhile.
 */
#include "vrrp/notify.h"

#include <stdlib.h>

#include "base/arena.h"

struct queued {
	struct queued *next;
	struct vrrp_instance *vr;	/* one of the two */
	struct vrrp_sync *sync;
	struct event event;
};

struct vrrp_notify {
	struct vrrp *vrrp;
	struct queued *first, *last;
};

static struct event *enqueue(struct vrrp_notify *n, struct vrrp_instance *vr,
			     struct vrrp_sync *sync)
{
	struct queued *q = xnew(struct queued);

	q->vr = vr;
	q->sync = sync;
	if (n->last != NULL)
		n->last->next = q;
	else
		n->first = q;
	n->last = q;
	vrrp_want_commit(n->vrrp);
	return &q->event;
}

void notify_instance(struct vrrp_instance *vr, enum event_what what, const struct cause *cause,
		     ktime now)
{
	struct event *e = enqueue(vr->vrrp->notify, vr, NULL);

	(void)now;
	*e = (struct event){
		.kind = EVENT_INSTANCE,
		.what = what,
		.priority = vr->fsm.priority,
		.cause = *cause,
	};
}

void notify_group(struct vrrp_sync *sync, enum event_what what, const struct cause *cause,
		  ktime now)
{
	struct event *e = enqueue(sync->vrrp->notify, NULL, sync);

	(void)now;
	*e = (struct event){ .kind = EVENT_GROUP, .what = what, .cause = *cause };
}

/* What tells of being in a state; false for one that nobody is told about. */
static bool what_of(enum vrrp_state state, enum event_what *out)
{
	switch (state) {
	case VRRP_STATE_MASTER: *out = EVENT_MASTER; return true;
	case VRRP_STATE_BACKUP: *out = EVENT_BACKUP; return true;
	case VRRP_STATE_FAULT:  *out = EVENT_FAULT; return true;
	case VRRP_STATE_INIT:	  break;
	}
	return false;
}

void notify_repeat(struct vrrp_notify *n)
{
	struct vrrp *v = n->vrrp;
	struct event e = { .quiet = true, .cause = { .type = CAUSE_RELOAD } };

	e.kind = EVENT_INSTANCE;
	for (uint32_t i = 0; i < v->n_instances; i++) {
		struct vrrp_instance *vr = v->instances[i];

		if (vr == NULL || !vr->fsm.started || !what_of(vr->fsm.state, &e.what))
			continue;
		e.priority = vr->fsm.priority;
		*enqueue(n, vr, NULL) = e;
	}
	e.kind = EVENT_GROUP;
	e.priority = 0;
	for (uint32_t i = 0; i < v->n_groups; i++) {
		if (what_of(v->groups[i]->machine.state, &e.what))
			*enqueue(n, NULL, v->groups[i]) = e;
	}
}

static void drop_first(struct vrrp_notify *n)
{
	struct queued *q = n->first;

	n->first = q->next;
	if (n->first == NULL)
		n->last = NULL;
	free(q);
}

void notify_flush(struct vrrp_notify *n, bool all)
{
	while (n->first != NULL) {
		struct queued *q = n->first;

		if (q->vr != NULL && q->vr->n_kernel_pending > 0 && !all)
			return;
		if (q->vr != NULL)
			q->event.index = q->vr->config->index;
		else if (q->sync != NULL)
			q->event.index = q->sync->config->index;
		if (q->vr != NULL || q->sync != NULL)
			engine_emit(n->vrrp->run, &q->event);
		drop_first(n);
	}
}

void notify_forget(struct vrrp_notify *n, const void *object)
{
	for (struct queued *q = n->first; q != NULL; q = q->next) {
		if (q->vr == object)
			q->vr = NULL;
		if (q->sync == object)
			q->sync = NULL;
	}
}

bool notify_idle(const struct vrrp_notify *n)
{
	return n->first == NULL;
}

struct vrrp_notify *notify_new(struct vrrp *v)
{
	struct vrrp_notify *n = xnew(struct vrrp_notify);

	n->vrrp = v;
	return n;
}

void notify_free(struct vrrp_notify *n)
{
	if (n == NULL)
		return;
	while (n->first != NULL)
		drop_first(n);
	free(n);
}
