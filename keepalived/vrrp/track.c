/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who tracks what.
 *
 * Objects are named by kind and number; each has a state (or value) and a chain of trackers. A
 * change of the object changes the effect of each tracker on its instance's tally, one by one.
 * Interfaces are objects of the mirror; their trackers are found through the instances.
 */
#include "vrrp/track.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"

struct object_state {
	enum vrrp_tracked state;
	int64_t value;			/* files */
	struct vrrp_tracker *first;
};

struct vrrp_track {
	struct vrrp *vrrp;
	struct object_state *objects[TRACKER_KINDS];
	uint32_t n[TRACKER_KINDS];
};

static struct object_state *object_at(const struct vrrp_track *t, int kind, uint32_t id)
{
	return id < t->n[kind] ? &t->objects[kind][id] : NULL;
}

static struct vrrp_effect effect_now(const struct vrrp_track *t, const struct vrrp_tracker *tr)
{
	const struct object_state *o;

	if (tr->kind == TRACKER_INTERFACE)
		return vrrp_effect_of_state(tr->iface->up ? VRRP_TRACKED_UP : VRRP_TRACKED_DOWN,
					    tr->weight, tr->reverse);
	o = object_at(t, tr->kind, tr->target);
	if (o == NULL)
		return (struct vrrp_effect){ 0 };
	if (tr->kind == TRACKER_FILE)
		return vrrp_effect_of_value(o->value, tr->weight, tr->reverse);
	return vrrp_effect_of_state(o->state, tr->weight, tr->reverse);
}

/* -- building ------------------------------------------------------------------------------ */

static struct vrrp_tracker *add_tracker(struct vrrp_instance *vr, struct vrrp_tracker tr)
{
	if ((vr->n_trackers & (vr->n_trackers - 1)) == 0)
		vr->trackers = xrealloc(vr->trackers, MAX_OF(vr->n_trackers * 2, 1),
					sizeof(*vr->trackers));
	tr.vr = vr;
	vr->trackers[vr->n_trackers] = tr;
	return &vr->trackers[vr->n_trackers++];
}

static void add_configured(struct vrrp_instance *vr, const struct tracker_config *c)
{
	struct vrrp_tracker tr = {
		.config = c,
		.kind = (int)c->kind,
		.weight = c->weight.weight,
		.reverse = c->weight.reverse,
		.target = c->target_id,
	};

	if (c->kind == TRACKER_INTERFACE)
		tr.iface = iface_get(vr->net->mirror, c->object.name);
	else if (c->target == NULL)
		return;
	add_tracker(vr, tr);
}

/* An interface that something of the instance is on: its being down is a fault. Once each. */
static void add_implied(struct vrrp_instance *vr, const char *name)
{
	struct iface *iface;

	if (name == NULL)
		return;
	iface = iface_get(vr->net->mirror, name);
	if (iface != vr->base && iface != vr->iface) {
		bool known = false;

		for (unsigned i = 0; i < vr->n_trackers; i++)
			known = known || (vr->trackers[i].iface == iface &&
					  vr->trackers[i].weight == 0);
		if (!known) {
			add_tracker(vr, (struct vrrp_tracker){ .kind = TRACKER_INTERFACE,
							       .iface = iface });
			return;
		}
	}
	iface_put(iface);
}

static bool is_member(const struct vrrp_track_group_config *g, const struct vrrp_instance_config *c)
{
	for (uint32_t i = 0; g != NULL && i < g->n_members; i++) {
		if (g->members[i] == c)
			return true;
	}
	return false;
}

/* Interfaces of static entries whose track_group names the instance. */
static void add_static_implied(struct vrrp_instance *vr)
{
	const struct vrrp_config *c = vr->vrrp->config;

	for (uint32_t i = 0; i < c->addresses.n; i++) {
		const struct address_config *a = c->addresses.items[i];

		if (is_member(a->group, vr->config))
			add_implied(vr, a->dev);
	}
	for (uint32_t i = 0; i < c->routes.n; i++) {
		const struct route_config *r = c->routes.items[i];

		if (is_member(r->group, vr->config))
			add_implied(vr, r->route.dev);
	}
	for (uint32_t i = 0; i < c->rules.n; i++) {
		const struct rule_config *r = c->rules.items[i];

		if (is_member(r->group, vr->config))
			add_implied(vr, r->rule.iif);
	}
}

static void add_all_implied(struct vrrp_instance *vr)
{
	const struct vrrp_instance_config *c = vr->config;

	for (uint32_t i = 0; i < c->vips.n + c->rare->evips.n; i++) {
		const struct address_config *a = i < c->vips.n
							 ? c->vips.items[i]
							 : c->rare->evips.items[i - c->vips.n];

		if (!a->no_track)
			add_implied(vr, instance_address_ifname(vr, a));
	}
	for (uint32_t i = 0; i < c->rare->routes.n; i++) {
		const struct route_config *r = c->rare->routes.items[i];

		if (!r->no_track)
			add_implied(vr, r->route.dev);
	}
	for (uint32_t i = 0; i < c->rare->rules.n; i++) {
		const struct rule_config *r = c->rare->rules.items[i];

		if (!r->no_track)
			add_implied(vr, r->rule.iif);
		if (!r->no_track)
			add_implied(vr, r->rule.oif);
	}
	if (vr->net->in == NULL)
		add_static_implied(vr);
}

void track_attach(struct vrrp_instance *vr)
{
	struct vrrp_track *t = vr->vrrp->track;

	track_detach(vr);
	for (unsigned kind = 0; kind < TRACKER_KINDS; kind++) {
		const struct object_list *list = &vr->config->track->list[kind];

		for (uint32_t i = 0; i < list->n; i++)
			add_configured(vr, list->items[i]);
	}
	add_all_implied(vr);
	for (unsigned i = 0; i < vr->n_trackers; i++) {
		struct vrrp_tracker *tr = &vr->trackers[i];
		struct object_state *o = object_at(t, tr->kind, tr->target);

		(void)vrrp_tally_change(&vr->tally, VRRP_DOWN_TRACKER, &tr->effect,
					effect_now(t, tr));
		if (tr->kind == TRACKER_INTERFACE || o == NULL)
			continue;
		tr->next = o->first;
		o->first = tr;
	}
}

static void unchain(struct vrrp_track *t, const struct vrrp_tracker *tr)
{
	struct object_state *o = object_at(t, tr->kind, tr->target);
	struct vrrp_tracker **p;

	if (tr->kind == TRACKER_INTERFACE || o == NULL)
		return;
	for (p = &o->first; *p != NULL; p = &(*p)->next) {
		if (*p == tr) {
			*p = tr->next;
			return;
		}
	}
}

void track_detach(struct vrrp_instance *vr)
{
	for (unsigned i = 0; i < vr->n_trackers; i++) {
		unchain(vr->vrrp->track, &vr->trackers[i]);
		iface_put(vr->trackers[i].iface);
	}
	free(vr->trackers);
	vr->trackers = NULL;
	vr->n_trackers = 0;
}

/* -- changes ------------------------------------------------------------------------------- */

static void log_effect(const struct vrrp_tracker *tr, bool fault)
{
	const char *name = tr->config != NULL ? tr->config->object.name : tr->iface->name;

	switch (tr->kind) {
	case TRACKER_FILE:
		if (fault)
			log_info("(%s): tracked file %s now FAULT state", instance_name(tr->vr),
				 name);
		else
			log_info("(%s): tracked file %s leaving FAULT state",
				 instance_name(tr->vr), name);
		return;
	case TRACKER_SCRIPT:
		if (fault)
			log_info("(%s): entering FAULT state due to script %s",
				 instance_name(tr->vr), name);
		return;
	case TRACKER_PROCESS:
		if (fault)
			log_info("(%s) entering FAULT state (tracked process %s quorum not "
				 "achieved)",
				 instance_name(tr->vr), name);
		return;
	}
}

static void update(struct vrrp_track *t, struct vrrp_tracker *tr, const struct cause *cause,
		   ktime now)
{
	struct vrrp_effect next = effect_now(t, tr);
	bool turned = tr->effect.fault != next.fault;
	unsigned changed =
		vrrp_tally_change(&tr->vr->tally, VRRP_DOWN_TRACKER, &tr->effect, next);

	if (turned)
		log_effect(tr, next.fault);
	if (changed != 0)
		instance_tallied(tr->vr, changed, cause, now);
}

static void update_object(struct vrrp_track *t, struct object_state *o, const struct cause *cause,
			  ktime now)
{
	for (struct vrrp_tracker *tr = o->first; tr != NULL; tr = tr->next)
		update(t, tr, cause, now);
}

void track_set_state(struct vrrp_track *t, struct tracked object, enum vrrp_tracked state,
		     const struct cause *cause, ktime now)
{
	struct object_state *o = object_at(t, object.kind, object.id);

	if (o == NULL || o->state == state)
		return;
	o->state = state;
	update_object(t, o, cause, now);
}

void track_set_value(struct vrrp_track *t, uint32_t id, int64_t value, const struct cause *cause,
		     ktime now)
{
	struct object_state *o = object_at(t, TRACKER_FILE, id);

	if (o == NULL || o->value == value)
		return;
	o->value = value;
	update_object(t, o, cause, now);
}

void track_preset_state(struct vrrp_track *t, int kind, uint32_t id, enum vrrp_tracked state)
{
	struct object_state *o = object_at(t, kind, id);

	if (o != NULL)
		o->state = state;
}

void track_preset_value(struct vrrp_track *t, uint32_t id, int64_t value)
{
	struct object_state *o = object_at(t, TRACKER_FILE, id);

	if (o != NULL)
		o->value = value;
}

/* What the sources published of the object; @out stays as it is if they have not. */
static void take_published(const struct vrrp_tracker *tr, struct cause *out)
{
	const struct status_page *page = tr->vr->vrrp->page;
	struct vrrp_check_status check;
	struct vrrp_process_status process;

	if (page == NULL)
		return;
	if (tr->kind == TRACKER_PROCESS &&
	    status_read(page, VRRP_SLOT_PROCESS, tr->target, &process, sizeof(process)))
		out->number = (int32_t)process.count;
	if (tr->kind == TRACKER_SCRIPT &&
	    status_read(page, VRRP_SLOT_CHECK, tr->target, &check, sizeof(check)))
		out->number = check.exit_status;
}

static struct cause fault_cause(const struct vrrp_tracker *tr)
{
	static const enum cause_type types[TRACKER_KINDS] = {
		[TRACKER_INTERFACE] = CAUSE_INTERFACE, [TRACKER_SCRIPT] = CAUSE_SCRIPT,
		[TRACKER_FILE] = CAUSE_FILE,	       [TRACKER_PROCESS] = CAUSE_PROCESS,
		[TRACKER_BFD] = CAUSE_BFD,
	};
	const struct object_state *o = object_at(tr->vr->vrrp->track, tr->kind, tr->target);
	const char *name = tr->config != NULL ? tr->config->object.name : tr->iface->name;
	struct cause cause = { .type = types[tr->kind] };

	(void)str_copy(cause.text, sizeof(cause.text), name);
	take_published(tr, &cause);
	if (tr->kind == TRACKER_FILE && o != NULL)
		cause.number = (int32_t)o->value;
	if (tr->kind == TRACKER_INTERFACE)
		cause.number = tr->iface->up ? 1 : 0;
	/* A check without a result holds its instances in FAULT only by init_fail. */
	if (tr->kind == TRACKER_SCRIPT && cause.number == 0) {
		cause.type = CAUSE_CONFIG;
		(void)snprintf(cause.text, sizeof(cause.text), "init_fail of %.30s", name);
	}
	return cause;
}

bool track_first_fault(const struct vrrp_instance *vr, struct cause *cause)
{
	for (unsigned i = 0; i < vr->n_trackers; i++) {
		if (!vr->trackers[i].effect.fault)
			continue;
		*cause = fault_cause(&vr->trackers[i]);
		return true;
	}
	return false;
}

bool track_is_used(const struct vrrp_track *t, int kind, uint32_t id)
{
	const struct object_state *o = object_at(t, kind, id);

	return o != NULL && o->first != NULL;
}

void track_iface_changed(struct vrrp_track *t, struct iface *iface, ktime now)
{
	struct cause cause = { .type = CAUSE_INTERFACE, .number = iface->up ? 1 : 0 };
	struct vrrp *v = t->vrrp;

	(void)str_copy(cause.text, sizeof(cause.text), iface->name);
	for (uint32_t n = 0; n < v->n_instances; n++) {
		struct vrrp_instance *vr = v->instances[n];

		for (unsigned i = 0; vr != NULL && i < vr->n_trackers; i++) {
			if (vr->trackers[i].iface == iface)
				update(t, &vr->trackers[i], &cause, now);
		}
	}
}

/* -- life ---------------------------------------------------------------------------------- */

/* Sessions of BFD are numbered by their own engine: take what the trackers name. */
static uint32_t n_bfd(const struct vrrp_config *c)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->instances.n; i++) {
		const struct vrrp_instance_config *vi = c->instances.items[i];
		const struct object_list *list = &vi->track->list[TRACKER_BFD];

		for (uint32_t k = 0; k < list->n; k++) {
			const struct tracker_config *tc = list->items[k];

			if (tc->target != NULL)
				n = MAX_OF(n, tc->target_id + 1);
		}
	}
	return n;
}

void track_resize(struct vrrp_track *t)
{
	const struct vrrp_config *c = t->vrrp->config;
	uint32_t n[TRACKER_KINDS] = {
		[TRACKER_SCRIPT] = c->n_checks,
		[TRACKER_FILE] = c->files.n,
		[TRACKER_PROCESS] = c->processes.n,
		[TRACKER_BFD] = n_bfd(c),
	};

	for (unsigned kind = 0; kind < TRACKER_KINDS; kind++) {
		free(t->objects[kind]);
		t->n[kind] = n[kind];
		t->objects[kind] = xcalloc(MAX_OF(n[kind], 1), sizeof(**t->objects));
	}
}

struct vrrp_track *track_new(struct vrrp *v)
{
	struct vrrp_track *t = xnew(struct vrrp_track);

	t->vrrp = v;
	track_resize(t);
	return t;
}

void track_free(struct vrrp_track *t)
{
	if (t == NULL)
		return;
	for (unsigned kind = 0; kind < TRACKER_KINDS; kind++)
		free(t->objects[kind]);
	free(t);
}
