/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel shall have of ours, and has.
 *
 * Objects are counted by who wants them. What changed is sent once per wake-up as one batch,
 * removals first; the kernel answers before the send returns, so that its echo on the monitor can
 * be told from what others do. What could not be added is named once, retried and shown.
 * Claims are kernel_claim.c, messages kernel_object.c, what the kernel tells kernel_heard.c.
 */
#include "vrrp/kernel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "loop/loop.h"
#include "vrrp/kernel_private.h"

#define FLUSH_BUDGET MSEC(20)
#define RETRY_AFTER  SEC(1)
#define SEND_EVERY   128		/* requests */
#define FINISH_ROUNDS 4		/* an add that was under way, its removal, and to spare */
#define DRAIN_ROUNDS  16
#define LOST_EVERY    SEC(60)

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

void kernel_publish(const struct kernel_object *o)
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
		(void)snprintf(cause.text, sizeof(cause.text), "static entries%s%.20s",
			       u != NULL ? " of " : "", u != NULL ? u->group->object.name : "");
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

/* One line, however many were lost. */
static void tell_unanswered(struct vrrp_kernel *k, int error, ktime now)
{
	unsigned suppressed;

	if (log_limit_ok(&k->unanswered, now, LOST_EVERY, &suppressed))
		log_warning("answers of the kernel are lost (%s): what they were about is asked "
			    "again; vrrp_netlink_cmd_rcv_bufs may help", strerror(-error));
}

/* The answer was lost: it may be there or not. Asked at once again; after that once a second.
 * Returns true if that is all that has to be done. */
static bool is_asked_again(struct kernel_object *o, int error, ktime now)
{
	bool again = nl_is_lost(error) && !o->uncertain;

	if (nl_is_lost(error))
		tell_unanswered(o->kernel, error, now);
	o->uncertain = nl_is_lost(error);
	o->kernel->uncertain = o->kernel->uncertain || o->uncertain;
	return again;
}

static void add_failed(struct kernel_object *o, int error, const char *text, ktime now)
{
	struct vrrp_kernel *k = o->kernel;

	o->present = false;
	/* Perhaps it is there, and has to be taken out if nobody wants it. */
	o->leftover = o->uncertain;
	set_error(o, error);
	if (!nl_is_lost(error))
		complain(o, text);
	retry_later(k, now);
}

/* "Is there already" is success: it is the same one. Only the exclusive form of a route is refused
 * for another route, too. */
static bool added(const struct kernel_object *o, int error)
{
	const struct route *r = o->kind == KERNEL_ROUTE ? o->other.route : NULL;

	return error == 0 || (error == -EEXIST && (r == NULL || r->place != ROUTE_ADD));
}

void kernel_is_there(struct kernel_object *o)
{
	o->present = true;
	o->unseen = o->leftover = o->uncertain = false;
	o->told_error = false;
	set_error(o, 0);
}

static void done_add(struct kernel_object *o, int error, const char *text, ktime now)
{
	bool was_uncertain = o->uncertain;

	if (added(o, error)) {
		kernel_is_there(o);
		if (error == 0)
			object_was_set(o);
		return;
	}
	if (is_asked_again(o, error, now)) {
		o->present = false;
		o->leftover = true;
		return;
	}
	if (error == -EEXIST && was_uncertain) {
		/* Ours, or somebody else's? */
		o->uncertain = o->kernel->uncertain = true;
		monitor_reread_routes(iface_mirror_monitor(o->kernel->net->mirror));
	}
	add_failed(o, error, text, now);
}

/* Did the request perhaps not reach the kernel, and can it be said once more? */
static bool must_go_again(const struct kernel_object *o, int error)
{
	return object_is_removable(o) &&
	       (nl_is_lost(error) || error == -ENOMEM || error == -EAGAIN || error == -EINTR);
}

static void done_remove(struct kernel_object *o, int error, const char *text, ktime now)
{
	bool again = must_go_again(o, error);
	unsigned suppressed;
	char buf[256];

	o->present = again;
	if (is_asked_again(o, error, now) && again)
		return;
	set_error(o, again ? error : 0);
	if (again)
		retry_later(o->kernel, now);
	if (error == 0 || error == -EADDRNOTAVAIL || error == -ESRCH || error == -ENOENT ||
	    error == -ENODEV || error == -ENXIO || error == -ENETDOWN || nl_is_lost(error))
		return;
	if (again && !log_limit_ok(&o->kernel->unanswered, now, LOST_EVERY, &suppressed))
		return;
	log_warning("cannot remove %s %s: %s%s%s%s", object_noun(o),
		    object_text(o, buf, sizeof(buf)), strerror(-error), *text ? ": " : "", text,
		    again ? "; this and the like are tried again" : "");
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
	if ((o->present != (o->n_wanted > 0) || (o->leftover && o->n_wanted == 0)) &&
	    o->error == 0)
		kernel_dirty(o);
	kernel_publish(o);
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
		kernel_publish(o);
		return;
	}
	r = xnew(struct kernel_request);
	r->request.done = request_done;
	r->object = o;
	r->up = up;
	pending(o, r);
	nl_queue(k->net->nl, &r->request, &k->buf);
}

static void send_queued(struct vrrp_kernel *k, bool completely)
{
	k->flushing = true;
	nl_flush(k->net->nl, completely ? NSEC(0) : FLUSH_BUDGET);
	k->flushing = false;
}

/* Send the changes of one direction; the rest stays in the list. Additions are sent as they come,
 * because the memory for thousands of requests is dear. */
static void request_some(struct vrrp_kernel *k, bool up, bool completely, ktime now)
{
	struct kernel_object *o = k->first_dirty, *next;
	unsigned n = 0;

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
			kernel_publish(o);
		kernel_release_if_unused(o);
		if (up && ++n % SEND_EVERY == 0)
			send_queued(k, completely);
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

/* Has the mirror taken in everything that the kernel said up to now? */
static bool drain(struct vrrp_kernel *k, bool completely)
{
	bool all = iface_mirror_drain(k->net->mirror);

	for (unsigned i = 0; i < DRAIN_ROUNDS && !all && completely; i++)
		all = iface_mirror_drain(k->net->mirror);
	return all;
}

/* Echoes of removals that were answered must not be taken for news about what comes: first they are
 * all read, in this wake-up or the next ones. Somebody who keeps the kernel talking cannot put
 * additions off for ever. */
static void request_adds(struct vrrp_kernel *k, bool completely, ktime now)
{
	if (!drain(k, completely) && ++k->n_postponed < DRAIN_ROUNDS) {
		vrrp_want_commit(k->net->vrrp);
		return;
	}
	k->n_postponed = 0;
	request_some(k, true, completely, now);
}

void kernel_flush(struct vrrp_kernel *k, bool completely, ktime now)
{
	if (kernel_has_news(k) && !drain(k, completely))
		vrrp_want_commit(k->net->vrrp);
	else
		kernel_take_news(k, now);
	if (k->statics_changed)
		tell_groups(k, now);
	if (k->first_dirty == NULL && nl_pending(k->net->nl) == 0)
		return;
	request_some(k, false, completely, now);
	request_adds(k, completely, now);
	send_queued(k, completely);
	(void)iface_mirror_drain(k->net->mirror);
	if (k->statics_changed)
		tell_groups(k, now);
}

/* What nobody claims is described by a configuration that may go now. */
static void forget_descriptions(struct vrrp_kernel *k)
{
	for (struct kernel_object *o = k->first_other; o != NULL; o = o->other.next) {
		if (o->uses == NULL)
			object_forget_description(o);
	}
}

void kernel_finish(struct vrrp_kernel *k, ktime now)
{
	for (unsigned round = 0; round < FINISH_ROUNDS && !kernel_idle(k); round++)
		kernel_flush(k, true, now);
	forget_descriptions(k);
}

/* Is there something whose removal has to be tried again? */
static bool is_stuck(const struct vrrp_kernel *k)
{
	if (!timer_is_armed(&k->retry))
		return false;
	for (unsigned b = 0; b < k->n_buckets; b++) {
		for (const struct kernel_object *o = k->buckets[b]; o != NULL; o = o->next) {
			if (o->present && o->n_wanted == 0 && object_is_removable(o))
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
	slab_init(&k->objects, sizeof(struct kernel_object));
	slab_init(&k->lone_uses, sizeof(struct kernel_use));
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
	free(k->others);
	free(k->lost);
	kernel_uses_drop(k, k->statics, k->n_statics);
	nl_buf_fini(&k->buf);
	free(k);
}
