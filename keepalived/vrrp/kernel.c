/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel shall have of ours, and has.
 *
 * Objects are counted by who wants them. What changed is sent once per wake-up as one batch,
 * removals first; the kernel answers before the send returns, so that its echo on the monitor can
 * be told from what others do. What could not be added is named once, retried and shown.
 * Claims are kernel_claim.c, messages kernel_object.c.
 */
#include "vrrp/kernel.h"

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "loop/loop.h"
#include "vrrp/kernel_private.h"

#define FLUSH_BUDGET MSEC(20)
#define RETRY_AFTER  SEC(1)
#define FINISH_ROUNDS 4		/* an add that was under way, its removal, and to spare */

static void append(struct vrrp_kernel *k, struct kernel_object *o)
{
	o->dirty = true;
	o->next_dirty = NULL;
	if (k->last_dirty != NULL)
		k->last_dirty->next_dirty = o;
	else
		k->first_dirty = o;
	k->last_dirty = o;
}

void kernel_dirty(struct kernel_object *o)
{
	if (o->dirty)
		return;
	append(o->kernel, o);
	vrrp_want_commit(o->kernel->net->vrrp);
}

/* -- what the outside sees ----------------------------------------------------------------- */

static void publish(const struct kernel_object *o)
{
	struct status_page *page = o->kernel->net->vrrp->page;
	struct vrrp_address_status *slot;

	for (const struct kernel_use *u = o->uses; u != NULL; u = u->next) {
		slot = status_begin(page, VRRP_SLOT_ADDRESS, u->slot);
		if (slot == NULL)
			continue;
		slot->set = o->present && u->wanted;
		slot->error = u->wanted ? -o->error : 0;
		if (o->iface != NULL)
			memcpy(slot->ifname, o->iface->name, sizeof(slot->ifname));
		status_end(page, slot);
	}
}

static void count_missing(struct kernel_object *o, int by)
{
	for (const struct kernel_use *u = o->uses; u != NULL; u = u->next) {
		if (u->vr != NULL && u->wanted)
			u->vr->slot->n_addresses_missing =
				(uint16_t)(u->vr->slot->n_addresses_missing + by);
	}
}

static void set_error(struct kernel_object *o, int error)
{
	if ((o->error != 0) != (error != 0))
		count_missing(o, error != 0 ? 1 : -1);
	o->error = error;
	for (const struct kernel_use *u = o->uses; u != NULL; u = u->next)
		o->kernel->statics_changed = o->kernel->statics_changed || u->group != NULL;
}

/* Does a static entry that cannot be set concern the instance? */
static bool suffers(const struct vrrp_kernel *k, const struct vrrp_instance_config *c,
		    const struct kernel_use **out)
{
	for (unsigned i = 0; i < k->n_statics; i++) {
		const struct kernel_use *u = &k->statics[i];

		if (u->group == NULL || u->object->error == 0)
			continue;
		*out = u;
		for (uint32_t m = 0; m < u->group->n_members; m++) {
			if (u->group->members[m] == c)
				return true;
		}
	}
	return false;
}

/* The members of a track_group are in FAULT while an entry of it is missing. */
static void tell_groups(struct vrrp_kernel *k, ktime now)
{
	const struct vrrp *v = k->net->vrrp;

	k->statics_changed = false;
	for (uint32_t i = 0; i < v->n_instances; i++) {
		struct vrrp_instance *vr = v->instances[i];
		struct cause cause = { .type = CAUSE_KERNEL };
		const struct kernel_use *u = NULL;
		bool on = vr != NULL && suffers(k, vr->config, &u);

		if (vr == NULL || vr->own_faults[OWN_FAULT_STATIC] == on)
			continue;
		(void)str_copy(cause.text, sizeof(cause.text),
			       u != NULL ? u->group->object.name : "static entries");
		cause.number = u != NULL ? -u->object->error : 0;
		instance_fault(vr, OWN_FAULT_STATIC, on, &cause, now);
	}
}

static const char *owner_name(const struct kernel_object *o)
{
	for (const struct kernel_use *u = o->uses; u != NULL; u = u->next) {
		if (u->vr != NULL && u->wanted)
			return instance_name(u->vr);
	}
	return "static";
}

static void complain(struct kernel_object *o, const char *text)
{
	char buf[256], at[160];

	if (o->told_error)
		return;
	o->told_error = true;
	log_error("%s(%s) cannot add %s %s: %s%s%s", kernel_place_text(o, at, sizeof(at)),
		  owner_name(o), object_noun(o), object_text(o, buf, sizeof(buf)),
		  strerror(-o->error), *text ? ": " : "", text);
}

/* -- requests ------------------------------------------------------------------------------ */

/* @r NULL: not any more. */
static void pending(struct kernel_object *o, struct kernel_request *r)
{
	int by = r != NULL ? 1 : -1;

	o->pending = r;
	for (struct kernel_use *u = o->uses; u != NULL; u = u->next) {
		if (u->vr != NULL)
			u->vr->n_kernel_pending += (unsigned)by;
	}
}

static void retry_later(struct vrrp_kernel *k, ktime now)
{
	if (!timer_is_armed(&k->retry))
		timer_arm(loop_timers(k->net->vrrp->loop), &k->retry, ktime_add(now, RETRY_AFTER));
}

static void add_failed(struct kernel_object *o, int error, const char *text, ktime now)
{
	struct vrrp_kernel *k = o->kernel;

	o->present = false;
	/* The answer was lost: it may be there, and has to be taken out if nobody wants it. */
	o->leftover = error == -ENOBUFS;
	set_error(o, error);
	complain(o, text);
	retry_later(k, now);
}

/* "Is there already" is success: it is the same one. Only the exclusive form of a route is refused
 * for another route, too. */
static bool added(const struct kernel_object *o, int error)
{
	bool exclusive = o->kind == KERNEL_ROUTE && o->other.route->place == ROUTE_ADD;

	return error == 0 || (error == -EEXIST && !exclusive);
}

static void done_add(struct kernel_object *o, int error, const char *text, ktime now)
{
	if (!added(o, error)) {
		add_failed(o, error, text, now);
		return;
	}
	o->present = true;
	o->unseen = false;
	o->told_error = false;
	set_error(o, 0);
}

/* Did the request perhaps not reach the kernel? An address that stays is one too many in the
 * network. Routes and rules are forgotten: a reload may have taken what describes them. */
static bool must_go_again(const struct kernel_object *o, int error)
{
	return o->kind == KERNEL_ADDR && (error == -ENOBUFS || error == -ENOMEM ||
					  error == -EAGAIN || error == -EINTR);
}

static void done_remove(struct kernel_object *o, int error, const char *text, ktime now)
{
	bool again = must_go_again(o, error);
	char buf[256];

	o->present = again;
	set_error(o, again ? error : 0);
	if (again)
		retry_later(o->kernel, now);
	if (error == 0 || error == -EADDRNOTAVAIL || error == -ESRCH || error == -ENOENT ||
	    error == -ENODEV || error == -ENXIO || error == -ENETDOWN || (again && o->told_error))
		return;
	o->told_error = again;
	log_warning("cannot remove %s %s: %s%s%s%s", object_noun(o),
		    object_text(o, buf, sizeof(buf)), strerror(-error), *text ? ": " : "", text,
		    again ? "; it is tried again" : "");
}

static void request_done(struct nl_request *r, int error, const char *text, ktime now)
{
	struct kernel_request *mine = container_of(r, struct kernel_request, request);
	struct kernel_object *o = mine->object;
	bool up = mine->up;

	pending(o, NULL);
	free(mine);
	if (up)
		done_add(o, error, text, now);
	else
		done_remove(o, error, text, now);
	if (o->present != (o->n_wanted > 0) && o->error == 0)
		kernel_dirty(o);
	publish(o);
	/* An answer that came late: others wait for it. */
	if (!o->kernel->flushing)
		vrrp_want_commit(o->kernel->net->vrrp);
	kernel_release_if_unused(o);
}

static void request(struct vrrp_kernel *k, struct kernel_object *o, bool up, ktime now)
{
	int error = object_request(o, up, &k->buf);
	struct kernel_request *r;

	o->leftover = false;
	if (error < 0) {
		if (up)
			add_failed(o, error, "", now);
		else
			o->present = false;
		publish(o);
		return;
	}
	r = xnew(struct kernel_request);
	r->request.done = request_done;
	r->object = o;
	r->up = up;
	pending(o, r);
	nl_queue(k->net->nl, &r->request, &k->buf);
}

/* Send the changes of one direction; the rest stays in the list. */
static void request_some(struct vrrp_kernel *k, bool up, ktime now)
{
	struct kernel_object *o = k->first_dirty, *next;

	k->first_dirty = k->last_dirty = NULL;
	for (; o != NULL; o = next) {
		bool want = o->n_wanted > 0;

		next = o->next_dirty;
		o->dirty = false;
		if (want != up) {
			append(k, o);
			continue;
		}
		/* While a request is under way its end looks again. */
		if (o->pending == NULL && (want != o->present || o->leftover))
			request(k, o, up, now);
		else
			publish(o);
		kernel_release_if_unused(o);
	}
}

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
	publish(o);
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

/* With the last IPv4 address of an interface the kernel drops its routes, and does not say so. */
static void routes_flushed(struct vrrp_kernel *k, const struct iface *iface, struct addr last)
{
	if (iface == NULL || k->first_other == NULL || last.family != AF_INET)
		return;
	for (const struct iface_addr *a = iface->addrs; a != NULL; a = a->next) {
		if (a->addr.family == AF_INET && !addr_equal(a->addr, last))
			return;
	}
	for (struct kernel_object *o = k->first_other; o != NULL; o = o->other.next) {
		if (is_held(o) && o->kind == KERNEL_ROUTE && o->iface == iface &&
		    o->other.route->family == AF_INET)
			gone(o);
	}
}

static void addr_gone(struct vrrp_kernel *k, const struct nl_addr *a)
{
	const struct iface *iface = iface_by_index(k->net->mirror, a->ifindex);
	struct kernel_object *o;

	for (o = kernel_bucket_of_addr(k, a->prefix.addr); o != NULL; o = o->next) {
		if (is_held(o) && o->kind == KERNEL_ADDR && o->iface == iface &&
		    o->ip.len == a->prefix.len && addr_equal(o->ip.addr, a->prefix.addr))
			gone(o);
	}
	routes_flushed(k, iface, a->prefix.addr);
}

static bool is_other(const struct kernel_object *o, const struct monitor_event *e)
{
	return e->type == MONITOR_ROUTE || e->type == MONITOR_ROUTE_GONE ?
		       object_is_route(o, e->route) : object_is_rule(o, e->rule);
}

static void others_gone(struct vrrp_kernel *k, const struct monitor_event *e)
{
	for (struct kernel_object *o = k->first_other; o != NULL; o = o->other.next) {
		if (is_held(o) && is_other(o, e))
			gone(o);
	}
}

/* After lost notifications everything is read again: what is not seen then is gone. */
static void begin_sync(struct vrrp_kernel *k)
{
	k->syncing = true;
	for (struct kernel_object *o = k->first_other; o != NULL; o = o->other.next)
		o->unseen = is_held(o);
}

static void others_seen(struct vrrp_kernel *k, const struct monitor_event *e)
{
	if (!k->syncing)
		return;
	for (struct kernel_object *o = k->first_other; o != NULL; o = o->other.next) {
		if (o->unseen && is_other(o, e))
			o->unseen = false;
	}
}

/* After lost notifications: believe the mirror. */
static void compare_with_mirror(struct vrrp_kernel *k)
{
	for (unsigned b = 0; b < k->n_buckets; b++) {
		for (struct kernel_object *o = k->buckets[b]; o != NULL; o = o->next) {
			if (o->kind == KERNEL_ADDR && is_held(o) &&
			    iface_find_addr(o->iface, o->ip.addr) == NULL)
				gone(o);
		}
	}
	for (struct kernel_object *o = k->first_other; o != NULL; o = o->other.next) {
		if (o->unseen && is_held(o))
			gone(o);
		o->unseen = false;
	}
	k->syncing = false;
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
	case MONITOR_SYNC_END:
	case MONITOR_ROUTES_END:
		compare_with_mirror(k);
		break;
	case MONITOR_SYNC_BEGIN:
	case MONITOR_ROUTES_BEGIN:
		begin_sync(k);
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

/* -- interfaces come and go ---------------------------------------------------------------- */

void kernel_iface_changed(struct vrrp_kernel *k, struct iface *i, enum iface_change change,
			  ktime now)
{
	/* The kernel drops the routes of an interface that is set down, and does not say so. */
	bool flushed = change == IFACE_DOWN && !(i->flags & IFF_UP);

	(void)now;
	if (!flushed && change != IFACE_GONE && change != IFACE_UP && change != IFACE_APPEARED)
		return;
	for (unsigned b = 0; b < k->n_buckets; b++) {
		for (struct kernel_object *o = k->buckets[b]; o != NULL; o = o->next) {
			if (o->iface != i || (flushed && o->kind != KERNEL_ROUTE))
				continue;
			if (flushed || change == IFACE_GONE)
				o->present = false;
			else if (o->n_wanted > 0 && !o->present)
				kernel_dirty(o);
		}
	}
}

static void retry(struct timer *t, ktime now)
{
	struct vrrp_kernel *k = container_of(t, struct vrrp_kernel, retry);
	bool again = false;

	for (unsigned b = 0; b < k->n_buckets; b++) {
		for (struct kernel_object *o = k->buckets[b]; o != NULL; o = o->next) {
			bool wanted = o->n_wanted > 0;

			if (o->error == 0 || (!wanted && !o->present))
				continue;
			if (wanted && o->present)
				set_error(o, 0);	/* its removal failed: just as well */
			again = again || o->error != 0;
			kernel_dirty(o);
		}
	}
	if (again)
		timer_arm(loop_timers(k->net->vrrp->loop), t, ktime_add(now, RETRY_AFTER));
}

/* -- batches ------------------------------------------------------------------------------- */

void kernel_flush(struct vrrp_kernel *k, bool completely, ktime now)
{
	handle_lost(k, now);
	if (k->statics_changed)
		tell_groups(k, now);
	if (k->first_dirty == NULL && nl_pending(k->net->nl) == 0)
		return;
	request_some(k, false, now);
	/* Echoes of removals that were answered must not be taken for news about what comes. */
	(void)iface_mirror_drain(k->net->mirror);
	request_some(k, true, now);
	k->flushing = true;
	nl_flush(k->net->nl, completely ? NSEC(0) : FLUSH_BUDGET);
	k->flushing = false;
	(void)iface_mirror_drain(k->net->mirror);
	if (k->statics_changed)
		tell_groups(k, now);
}

void kernel_finish(struct vrrp_kernel *k, ktime now)
{
	for (unsigned round = 0; round < FINISH_ROUNDS && !kernel_idle(k); round++)
		kernel_flush(k, true, now);
}

/* Is there an address whose removal has to be tried again? */
static bool is_stuck(const struct vrrp_kernel *k)
{
	if (!timer_is_armed(&k->retry))
		return false;
	for (unsigned b = 0; b < k->n_buckets; b++) {
		for (const struct kernel_object *o = k->buckets[b]; o != NULL; o = o->next) {
			if (o->kind == KERNEL_ADDR && o->present && o->n_wanted == 0)
				return true;
		}
	}
	return false;
}

bool kernel_idle(const struct vrrp_kernel *k)
{
	return !is_stuck(k) && k->first_dirty == NULL && k->n_lost == 0 &&
	       nl_pending(k->net->nl) == 0;
}

struct vrrp_kernel *kernel_new(struct vrrp_net *net)
{
	struct vrrp_kernel *k = xnew(struct vrrp_kernel);

	k->net = net;
	k->retry.fire = retry;
	return k;
}

void kernel_free(struct vrrp_kernel *k)
{
	if (k == NULL)
		return;
	timer_cancel(&k->retry);
	kernel_free_objects(k);
	free(k->buckets);
	free(k->lost);
	free(k->statics);
	nl_buf_fini(&k->buf);
	free(k);
}
