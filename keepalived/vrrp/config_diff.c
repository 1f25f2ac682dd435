/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a reload has to do with one instance: the rows of its table, and what the checks made of
 * several.
 */
#include <string.h>

#include "vrrp/config.h"

static bool group_same(const struct vrrp_instance_config *a, const struct vrrp_instance_config *b)
{
	return str_eq(a->group ? a->group->object.name : NULL,
		      b->group ? b->group->object.name : NULL);
}

static bool auth_same(const struct vrrp_instance_config *a, const struct vrrp_instance_config *b)
{
	if (!a->rare->auth || !b->rare->auth)
		return a->rare->auth == b->rare->auth;
	return a->rare->auth->type == b->rare->auth->type &&
	       !memcmp(a->rare->auth->pass, b->rare->auth->pass, sizeof(a->rare->auth->pass));
}

static bool keys_same(const struct object_list *a, const struct object_list *b)
{
	if (a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++) {
		const struct vrrp_hmac_key_config *x = a->items[i], *y = b->items[i];

		if (x->id != y->id || x->len != y->len || memcmp(x->bytes, y->bytes, x->len))
			return false;
	}
	return true;
}

static bool hmac_same(const struct vrrp_instance_config *a, const struct vrrp_instance_config *b)
{
	const struct vrrp_hmac_config *x = a->rare->hmac, *y = b->rare->hmac;

	if (!x || !y)
		return x == y;
	return x->active_key == y->active_key && x->time_window.ns == y->time_window.ns &&
	       x->anti_replay == y->anti_replay && x->mode == y->mode &&
	       keys_same(&x->keys, &y->keys);
}

static bool trackers_same(const struct vrrp_instance_config *a,
			  const struct vrrp_instance_config *b)
{
	for (unsigned kind = 0; kind < TRACKER_KINDS; kind++) {
		const struct object_list *x = &a->track->list[kind], *y = &b->track->list[kind];

		if (x->n != y->n)
			return false;
		for (uint32_t i = 0; i < x->n; i++) {
			const struct tracker_config *t = x->items[i], *u = y->items[i];

			if (strcmp(t->object.name, u->object.name) ||
			    t->weight.weight != u->weight.weight ||
			    t->weight.reverse != u->weight.reverse || !t->target != !u->target)
				return false;
		}
	}
	return true;
}

static bool derived_same(const struct vrrp_instance_config *a,
			 const struct vrrp_instance_config *b)
{
	return a->faults == b->faults && a->unicast == b->unicast &&
	       a->track_primary == b->track_primary &&
	       addr_equal(a->mcast_group, b->mcast_group) &&
	       str_eq(a->common->vmac_prefix, b->common->vmac_prefix) &&
	       a->common->garp_interval.ns == b->common->garp_interval.ns &&
	       a->common->gna_interval.ns == b->common->gna_interval.ns && group_same(a, b) &&
	       auth_same(a, b) && hmac_same(a, b) && trackers_same(a, b);
}

/* What stops the sockets or the interface of an instance. */
static bool restarts(const struct vrrp_instance_config *a, const struct vrrp_instance_config *b)
{
	return a->family != b->family || a->unicast != b->unicast ||
	       !addr_equal(a->mcast_group, b->mcast_group) || !a->vmac != !b->vmac ||
	       !a->ipvlan != !b->ipvlan;
}

enum diff_verdict vrrp_instance_diff(const struct vrrp_instance_config *old,
				     const struct vrrp_instance_config *new,
				     struct diff_rows *out)
{
	enum diff_verdict verdict = diff_objects(&old->object, &new->object, out);

	if (verdict == DIFF_RESTART || restarts(old, new))
		return DIFF_RESTART;
	return verdict == DIFF_SAME && derived_same(old, new) ? DIFF_SAME : DIFF_ADJUST;
}
