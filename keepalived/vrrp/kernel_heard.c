/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel tells of addresses, routes and rules: what others took away, and what it dropped
 * itself.
 *
 * With the state of an interface or the last address the kernel drops IPv4 routes and does not say
 * so: then all routes are read, once for everything that happened together, and what is missing is
 * set again. Requests are kernel.c.
 */
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "vrrp/kernel_private.h"

#define DROPPED_EVERY SEC(60)

/* -- what others take away ----------------------------------------------------------------- */

static void tell_lost(struct kernel_object *o, ktime now)
{
	struct vrrp_event ev = { .type = VRRP_EV_VIP_LOST, .cause = { .type = CAUSE_VIP_LOST } };
	char buf[256];

	if (o->kind == KERNEL_ADDR) {
		ev.cause.from = o->ip.addr;
		(void)str_copy(ev.cause.text, sizeof(ev.cause.text), o->iface->name);
		log_info("Netlink reflector reports IP %s removed from %s",
			 addr_text(o->ip.addr), o->iface->name);
	} else {
		ev.cause = (struct cause){ .type = CAUSE_ROUTE_LOST };
		(void)str_copy(ev.cause.text, sizeof(ev.cause.text), object_noun(o));
		log_info("Netlink reflector reports %s %s removed", object_noun(o),
			 object_text(o, buf, sizeof(buf)));
	}
	for (struct kernel_use *u = o->uses, *next; u != NULL; u = next) {
		next = u->next;
		if (u->vr != NULL && u->wanted && u->tracked)
			instance_feed(u->vr, &ev, now);
		else if (u->vr == NULL && u->wanted)
			kernel_dirty(o);
	}
}

/* What is still missing after everything that was heard: tell it. */
static void handle_lost(struct vrrp_kernel *k, ktime now)
{
	while (k->n_lost > 0) {
		struct kernel_object *o = k->lost[--k->n_lost];

		o->lost = false;
		if (!o->present && o->pending == NULL && o->n_wanted > 0)
			tell_lost(o, now);
		kernel_release_if_unused(o);
	}
}

/* Is it there, as far as we know, and no request of ours says otherwise? */
static bool is_held(const struct kernel_object *o)
{
	return o->present && o->pending == NULL;
}

/* @o is_held(), and the kernel has it no more. */
static void gone(struct kernel_object *o)
{
	struct vrrp_kernel *k = o->kernel;

	o->present = false;
	kernel_publish(o);
	if (o->n_wanted == 0 || o->lost)
		return;
	o->lost = true;
	if (k->n_lost == k->cap_lost) {
		k->cap_lost = MAX_OF(16, k->cap_lost * 2);
		k->lost = xrealloc(k->lost, k->cap_lost, sizeof(*k->lost));
	}
	k->lost[k->n_lost++] = o;
	vrrp_want_commit(k->net->vrrp);
}

/* -- what the kernel drops ----------------------------------------------------------------- */

/* The kernel has dropped @o: not the work of somebody who does not want it. Routes of an interface
 * that is down come back with it. */
static void dropped(struct kernel_object *o)
{
	bool waits = o->iface != NULL && !(o->iface->flags & IFF_UP);
	char buf[256];

	o->present = false;
	o->told_error = true;	/* why it may be impossible for now is known */
	kernel_publish(o);
	if (o->n_wanted == 0)
		return;
	o->kernel->n_dropped++;
	log_detail("the kernel dropped %s %s", object_noun(o), object_text(o, buf, sizeof(buf)));
	if (!waits)
		kernel_dirty(o);
}

static void tell_dropped(struct vrrp_kernel *k, ktime now)
{
	unsigned suppressed, n = k->n_dropped;

	k->n_dropped = 0;
	if (n > 0 && log_limit_ok(&k->dropped, now, DROPPED_EVERY, &suppressed))
		log_info("the kernel dropped %u of our routes with an interface or address: they "
			 "are set again", n);
}

static bool holds_routes(const struct vrrp_kernel *k)
{
	for (const struct kernel_object *o = k->first_other; o != NULL; o = o->other.next) {
		if (o->kind == KERNEL_ROUTE && is_held(o) && o->n_wanted > 0)
			return true;
	}
	return false;
}

/* Something happened that drops routes. */
static void want_reread(struct vrrp_kernel *k)
{
	if (k->first_other == NULL)
		return;
	k->reread = true;
	vrrp_want_commit(k->net->vrrp);
}

/* -- events of the monitor ----------------------------------------------------------------- */

static void addr_gone(struct vrrp_kernel *k, const struct nl_addr *a)
{
	const struct iface *iface = iface_by_index(k->net->mirror, a->ifindex);
	struct kernel_object *o;

	for (o = kernel_bucket_of_addr(k, a->prefix.addr); o != NULL; o = o->next) {
		if (is_held(o) && o->kind == KERNEL_ADDR && o->iface == iface &&
		    o->ip.len == a->prefix.len && addr_equal(o->ip.addr, a->prefix.addr))
			gone(o);
	}
	want_reread(k);
}

static bool is_of_route(const struct monitor_event *e)
{
	return e->type == MONITOR_ROUTE || e->type == MONITOR_ROUTE_GONE;
}

static bool is_other(const struct kernel_object *o, const struct monitor_event *e)
{
	return is_of_route(e) ? object_is_route(o, e->route) : object_is_rule(o, e->rule);
}

/* Those that the event may speak of: see ->alike. */
static struct kernel_object *others_like(const struct vrrp_kernel *k, const struct monitor_event *e)
{
	unsigned b = is_of_route(e) ? object_bucket_of_route(e->route->dst) :
				      object_bucket_of_rule(e->rule->rule.preference);

	return k->others != NULL ? k->others[b] : NULL;
}

static void others_gone(struct vrrp_kernel *k, const struct monitor_event *e)
{
	for (struct kernel_object *o = others_like(k, e); o != NULL; o = o->other.alike) {
		if (is_held(o) && is_other(o, e))
			gone(o);
	}
}

/* Everything is read again: what is not seen then is gone. */
static void begin_sync(struct vrrp_kernel *k)
{
	k->syncing = true;
	k->compare_addrs = k->compare_others = false;
	for (struct kernel_object *o = k->first_other; o != NULL; o = o->other.next)
		o->unseen = is_held(o);
}

/* It was read. What it means is looked at when all that was said meanwhile is known, too. */
static void end_sync(struct vrrp_kernel *k, bool full)
{
	k->syncing = false;
	k->compare_others = true;
	k->compare_addrs = full;
	vrrp_want_commit(k->net->vrrp);
}

static void others_seen(struct vrrp_kernel *k, const struct monitor_event *e)
{
	if (!k->syncing && !k->uncertain)
		return;
	for (struct kernel_object *o = others_like(k, e); o != NULL; o = o->other.alike) {
		bool asked = o->uncertain && o->pending == NULL && !o->present;

		if ((!o->unseen && !asked) || !is_other(o, e))
			continue;
		o->unseen = false;
		if (!asked)
			continue;
		kernel_is_there(o);
		kernel_dirty(o);
	}
}

static void compare_addrs(struct vrrp_kernel *k)
{
	for (unsigned b = 0; b < k->n_buckets; b++) {
		for (struct kernel_object *o = k->buckets[b]; o != NULL; o = o->next) {
			if (o->kind == KERNEL_ADDR && is_held(o) &&
			    iface_find_addr(o->iface, o->ip.addr) == NULL)
				gone(o);
		}
	}
}

/* Missing after lost notifications: somebody may have removed it. Otherwise the kernel did. */
static void compare_others(struct vrrp_kernel *k, bool by_somebody)
{
	for (struct kernel_object *o = k->first_other; o != NULL; o = o->other.next) {
		if (o->unseen && is_held(o) && by_somebody)
			gone(o);
		else if (o->unseen && is_held(o))
			dropped(o);
		o->unseen = false;
	}
	k->uncertain = false;
}

void kernel_heard(struct vrrp_kernel *k, const struct monitor_event *e, ktime now)
{
	(void)now;
	switch (e->type) {
	case MONITOR_ADDR_GONE:
		addr_gone(k, e->addr);
		break;
	case MONITOR_ROUTE_GONE:
	case MONITOR_RULE_GONE:
		others_gone(k, e);
		break;
	case MONITOR_SYNC_BEGIN:
	case MONITOR_ROUTES_BEGIN:
		begin_sync(k);
		break;
	case MONITOR_SYNC_END:
	case MONITOR_ROUTES_END:
		end_sync(k, e->type == MONITOR_SYNC_END);
		break;
	case MONITOR_ROUTE:
	case MONITOR_RULE:
		others_seen(k, e);
		break;
	case MONITOR_LINK:
	case MONITOR_LINK_GONE:
	case MONITOR_ADDR:
		break;
	}
}

bool kernel_has_news(const struct vrrp_kernel *k)
{
	return k->compare_addrs || k->compare_others || k->reread;
}

void kernel_take_news(struct vrrp_kernel *k, ktime now)
{
	if (k->compare_others)
		compare_others(k, k->compare_addrs);
	if (k->compare_addrs)
		compare_addrs(k);
	if (k->reread && holds_routes(k))
		monitor_reread_routes(iface_mirror_monitor(k->net->mirror));
	k->compare_addrs = k->compare_others = k->reread = false;
	tell_dropped(k, now);
	handle_lost(k, now);
}

/* -- interfaces come and go ---------------------------------------------------------------- */

/* With the interface everything on it has gone. */
static void iface_gone(struct vrrp_kernel *k, const struct iface *i)
{
	for (unsigned b = 0; b < k->n_buckets; b++) {
		for (struct kernel_object *o = k->buckets[b]; o != NULL; o = o->next) {
			if (o->iface == i)
				o->present = false;
		}
	}
	want_reread(k);
}

static void iface_set_down(struct vrrp_kernel *k, const struct iface *i)
{
	for (struct kernel_object *o = k->first_other; o != NULL; o = o->other.next) {
		if (o->iface == i && is_held(o))
			dropped(o);
	}
	want_reread(k);
}

/* What could not be there without the interface may be possible now; what needs none in
 * particular, too. */
static void iface_usable(struct vrrp_kernel *k, const struct iface *i)
{
	for (unsigned b = 0; b < k->n_buckets; b++) {
		for (struct kernel_object *o = k->buckets[b]; o != NULL; o = o->next) {
			if ((o->iface == i || o->iface == NULL) && o->n_wanted > 0 && !o->present)
				kernel_dirty(o);
		}
	}
	want_reread(k);
}

void kernel_iface_changed(struct vrrp_kernel *k, struct iface *i, enum iface_change change,
			  ktime now)
{
	(void)now;
	switch (change) {
	case IFACE_GONE:
		iface_gone(k, i);
		return;
	case IFACE_SET_DOWN:
		iface_set_down(k, i);
		return;
	case IFACE_SET_UP:
	case IFACE_UP:
	case IFACE_APPEARED:
		iface_usable(k, i);
		return;
	case IFACE_DOWN:
	case IFACE_MAC:
	case IFACE_MTU:
	case IFACE_MASTER:
	case IFACE_ADDR_ADDED:
	case IFACE_ADDR_REMOVED:
		return;
	}
}
