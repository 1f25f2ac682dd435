/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mirror of the kernel's interfaces and addresses.
 *
 * The monitor says what the kernel has; this file keeps it by name and by index, works out what
 * changed and tells the one listener. An interface that is renamed is one that went and another
 * that came. After lost notifications everything is marked anew and the unmarked is gone. The
 * mirror owns every struct iface; one without subscription lives as long as its interface.
 */
#include "core/iface.h"

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/iface_private.h"
#include "loop/loop.h"

struct iface_debounce {
	struct iface *iface;
	struct timer timer;
	kspan down, up;
	bool seen_up;		/* the first "up" is not delayed */
};

static unsigned bucket_of_name(const char *name)
{
	unsigned h = 5381;

	for (; *name != '\0'; name++)
		h = h * 33 + (unsigned char)*name;
	return h % IFACE_BUCKETS;
}

void iface_tell(struct iface *i, enum iface_change change, const struct iface_addr *a, ktime now)
{
	struct iface_mirror *m = i->mirror;

	if (m->filled && m->listener.changed != NULL)
		m->listener.changed(m->listener.arg, i, change, a, now);
}

struct iface *iface_find(struct iface_mirror *m, const char *name)
{
	struct iface *i = m->by_name[bucket_of_name(name)];

	while (i != NULL && strcmp(i->name, name) != 0)
		i = i->next_by_name;
	return i;
}

struct iface *iface_by_index(struct iface_mirror *m, unsigned ifindex)
{
	struct iface *i = m->by_index[ifindex % IFACE_BUCKETS];

	if (ifindex == 0)
		return NULL;
	while (i != NULL && i->ifindex != ifindex)
		i = i->next_by_index;
	return i;
}

/* -- the table of interfaces ---------------------------------------------------------------- */

static struct iface *iface_new(struct iface_mirror *m, const char *name)
{
	struct iface **head = &m->by_name[bucket_of_name(name)];
	struct iface *i = xnew(struct iface);

	(void)str_copy(i->name, sizeof(i->name), name);
	i->mirror = m;
	i->next_by_name = *head;
	*head = i;
	return i;
}

static void iface_destroy(struct iface *i)
{
	struct iface **p = &i->mirror->by_name[bucket_of_name(i->name)];

	while (*p != i)
		p = &(*p)->next_by_name;
	*p = i->next_by_name;
	if (i->debounce != NULL)
		timer_cancel(&i->debounce->timer);
	free(i->debounce);
	while (i->addrs != NULL)
		iface_addr_unlink(i->addrs);
	free(i);
}

static void link_index(struct iface *i, unsigned ifindex)
{
	struct iface **head = &i->mirror->by_index[ifindex % IFACE_BUCKETS];

	i->ifindex = ifindex;
	i->next_by_index = *head;
	*head = i;
}

static void unlink_index(struct iface *i)
{
	struct iface **p = &i->mirror->by_index[i->ifindex % IFACE_BUCKETS];

	while (*p != i)
		p = &(*p)->next_by_index;
	*p = i->next_by_index;
	i->ifindex = 0;
}

/* -- up and down --------------------------------------------------------------------------- */

static bool looks_up(const struct iface *i)
{
	bool runs = i->flags & IFF_RUNNING;

	if (i->beat != IFACE_BEAT_NONE)
		runs = i->beat == IFACE_BEAT_UP;
	return (i->flags & IFF_UP) && runs;
}

static void set_up(struct iface *i, bool up, ktime now)
{
	if (i->up == up)
		return;
	i->up = up;
	iface_tell(i, up ? IFACE_UP : IFACE_DOWN, NULL, now);
}

static void debounce_over(struct timer *t, ktime now)
{
	struct iface_debounce *d = container_of(t, struct iface_debounce, timer);

	set_up(d->iface, looks_up(d->iface), now);
}

/* The flags say up or down: at once, or after the delay if they still say so then. */
static void consider_up(struct iface *i, ktime now)
{
	struct iface_debounce *d = i->debounce;
	bool up = looks_up(i);
	kspan delay = { 0 };

	if (d != NULL && d->seen_up)
		delay = up ? d->up : d->down;
	if (d != NULL && up)
		d->seen_up = true;
	if (kspan_is_zero(delay)) {
		set_up(i, up, now);
		return;
	}
	if (up == i->up)
		timer_cancel(&d->timer);
	else if (!timer_is_armed(&d->timer))
		timer_arm(loop_timers(i->mirror->loop), &d->timer, ktime_add(now, delay));
}

static void debounce_end(struct iface *i)
{
	struct iface_debounce *d = i->debounce;

	if (d == NULL)
		return;
	if (timer_is_armed(&d->timer)) {
		timer_cancel(&d->timer);
		set_up(i, looks_up(i), loop_now(i->mirror->loop));
	}
	free(d);
	i->debounce = NULL;
}

/* What is being delayed goes on; with a shorter delay it ends earlier. */
static void shorten(struct iface_debounce *d)
{
	ktime now = loop_now(d->iface->mirror->loop);
	ktime end = ktime_add(now, looks_up(d->iface) ? d->up : d->down);

	if (timer_is_armed(&d->timer) && ktime_before(end, d->timer.at))
		timer_arm(loop_timers(d->iface->mirror->loop), &d->timer, end);
}

void iface_set_debounce(struct iface *i, kspan down, kspan up)
{
	struct iface_debounce *d = i->debounce;
	bool shorter;

	if (kspan_is_zero(down) && kspan_is_zero(up)) {
		debounce_end(i);
		return;
	}
	if (d == NULL) {
		d = xnew(struct iface_debounce);
		d->iface = i;
		d->timer.fire = debounce_over;
		d->seen_up = i->up;
		i->debounce = d;
	}
	shorter = down.ns < d->down.ns || up.ns < d->up.ns;
	d->down = down;
	d->up = up;
	if (shorter)
		shorten(d);
}

void iface_set_beat(struct iface *i, enum iface_beat beat)
{
	i->beat = beat;
	if (iface_exists(i))
		consider_up(i, loop_now(i->mirror->loop));
}

struct iface_delays iface_delays(const struct iface *i)
{
	const struct iface_debounce *d = i->debounce;

	if (d == NULL)
		return (struct iface_delays){ 0 };
	return (struct iface_delays){ d->down, d->up, timer_is_armed(&d->timer) };
}

/* -- addresses ---------------------------------------------------------------------------- */

static void addr_event(struct iface_mirror *m, const struct nl_addr *n, bool gone, ktime now)
{
	struct iface *i = iface_by_index(m, n->ifindex);
	struct iface_addr *a;

	if (i == NULL)
		return;
	if (!gone) {
		iface_addr_took(i, n, now);
		return;
	}
	a = iface_addr_find(i, n->prefix.addr, n->prefix.len);
	if (a != NULL)
		iface_addr_drop(a, now);
}

/* -- links --------------------------------------------------------------------------------- */

/* The interface of this name is no more. May free @i. */
static void link_drop(struct iface *i, ktime now)
{
	if (i->debounce != NULL)
		timer_cancel(&i->debounce->timer);
	while (i->addrs != NULL)
		iface_addr_drop(i->addrs, now);
	i->flags = 0;
	i->beat = IFACE_BEAT_NONE;
	set_up(i, false, now);
	iface_tell(i, IFACE_GONE, NULL, now);
	unlink_index(i);
	i->master = i->parent = 0;
	i->mac.len = i->broadcast.len = 0;
	if (i->users == 0)
		iface_destroy(i);
}

/* The object for a link of the kernel; *out_new if it had none before. */
static struct iface *link_object(struct iface_mirror *m, const struct nl_link *l, bool *out_new,
				 ktime now)
{
	struct iface *i = iface_by_index(m, l->ifindex);

	*out_new = false;
	if (i != NULL && strcmp(i->name, l->name) == 0)
		return i;
	if (i != NULL)
		link_drop(i, now);
	i = iface_find(m, l->name);
	if (i != NULL && iface_exists(i)) {
		/* Deleted and made again, and we missed the deletion. */
		i->users++;
		link_drop(i, now);
		i->users--;
	}
	if (i == NULL)
		i = iface_new(m, l->name);
	link_index(i, l->ifindex);
	*out_new = true;
	return i;
}

static void link_took(struct iface_mirror *m, const struct nl_link *l, ktime now)
{
	bool is_new, mac, mtu, master, set;
	struct iface *i = link_object(m, l, &is_new, now);

	mac = !mac_equal(&i->mac, &l->mac);
	mtu = i->mtu != l->mtu;
	master = i->master != l->master;
	set = (i->flags ^ l->flags) & IFF_UP;
	i->sync_mark = m->sync_mark;
	i->flags = l->flags;
	i->hw_type = l->hw_type;
	i->mtu = l->mtu;
	i->mac = l->mac;
	i->broadcast = l->broadcast;
	i->parent = l->parent;
	i->parent_foreign = l->parent_foreign;
	i->master = l->master;
	i->group = l->group;
	i->vrf_table = l->vrf_table;
	i->mode = l->mode;
	memcpy(i->kind, l->kind, sizeof(i->kind));
	if (is_new) {
		iface_tell(i, IFACE_APPEARED, NULL, now);
	} else {
		if (mac)
			iface_tell(i, IFACE_MAC, NULL, now);
		if (mtu)
			iface_tell(i, IFACE_MTU, NULL, now);
		if (master)
			iface_tell(i, IFACE_MASTER, NULL, now);
		if (set)
			iface_tell(i, i->flags & IFF_UP ? IFACE_SET_UP : IFACE_SET_DOWN, NULL, now);
	}
	consider_up(i, now);
}

/* -- resynchronisation --------------------------------------------------------------------- */

static void sweep_addrs(struct iface *i, uint32_t mark, ktime now)
{
	struct iface_addr *next;

	for (struct iface_addr *a = i->addrs; a != NULL; a = next) {
		next = a->next;
		if (a->sync_mark != mark)
			iface_addr_drop(a, now);
	}
}

/* What the complete reading did not name is gone. */
static void sweep(struct iface_mirror *m, ktime now)
{
	for (unsigned b = 0; b < IFACE_BUCKETS; b++) {
		struct iface *next;

		for (struct iface *i = m->by_index[b]; i != NULL; i = next) {
			next = i->next_by_index;
			if (i->sync_mark != m->sync_mark)
				link_drop(i, now);
			else
				sweep_addrs(i, m->sync_mark, now);
		}
	}
	m->filled = true;
}

static void heard(void *arg, const struct monitor_event *e, ktime now)
{
	struct iface_mirror *m = arg;
	struct iface *i;

	switch (e->type) {
	case MONITOR_LINK:
		link_took(m, e->link, now);
		break;
	case MONITOR_LINK_GONE:
		i = iface_by_index(m, e->link->ifindex);
		if (i != NULL)
			link_drop(i, now);
		break;
	case MONITOR_ADDR:
	case MONITOR_ADDR_GONE:
		addr_event(m, e->addr, e->type == MONITOR_ADDR_GONE, now);
		break;
	case MONITOR_SYNC_BEGIN:
		m->sync_mark++;
		break;
	case MONITOR_SYNC_END:
		sweep(m, now);
		break;
	case MONITOR_ROUTE:
	case MONITOR_ROUTE_GONE:
	case MONITOR_RULE:
	case MONITOR_RULE_GONE:
	case MONITOR_ROUTES_BEGIN:
	case MONITOR_ROUTES_END:
		break;
	}
	if (m->listener.raw != NULL && m->filled)
		m->listener.raw(m->listener.arg, e, now);
}

/* -- for users ----------------------------------------------------------------------------- */

struct iface *iface_get(struct iface_mirror *m, const char *name)
{
	struct iface *i = iface_find(m, name);

	if (i == NULL)
		i = iface_new(m, name);
	i->users++;
	return i;
}

void iface_put(struct iface *i)
{
	if (i == NULL)
		return;
	i->users--;
	if (i->users == 0 && !iface_exists(i))
		iface_destroy(i);
}

struct iface *iface_next(struct iface_mirror *m, struct iface *after)
{
	unsigned b = 0;

	if (after != NULL) {
		if (after->next_by_index != NULL)
			return after->next_by_index;
		b = after->ifindex % IFACE_BUCKETS + 1;
	}
	for (; b < IFACE_BUCKETS; b++) {
		if (m->by_index[b] != NULL)
			return m->by_index[b];
	}
	return NULL;
}

unsigned iface_vrf(const struct iface *i)
{
	const struct iface *master = iface_by_index(i->mirror, i->master);

	if (master == NULL || strcmp(master->kind, "vrf") != 0)
		return 0;
	return master->ifindex;
}

struct monitor *iface_mirror_monitor(struct iface_mirror *m)
{
	return m->monitor;
}

bool iface_mirror_drain(struct iface_mirror *m)
{
	return monitor_drain(m->monitor);
}

struct iface_mirror *iface_mirror_new(struct loop *loop, const struct netns *ns,
				      const struct iface_options *o,
				      const struct iface_listener *listener)
{
	struct iface_mirror *m = xnew(struct iface_mirror);
	int error;

	m->loop = loop;
	m->listener = *listener;
	iface_addr_init(m);
	m->monitor = monitor_new(loop, ns,
				 &(struct monitor_options){ .rcvbuf = o->rcvbuf,
							    .rcvbuf_force = o->rcvbuf_force,
							    .routes = o->routes,
							    .event = heard,
							    .arg = m });
	if (m->monitor == NULL) {
		error = errno;
		free(m->by_addr);
		free(m);
		errno = error;
		return NULL;
	}
	error = monitor_sync(m->monitor);
	if (error < 0) {
		iface_mirror_free(m);
		errno = -error;
		return NULL;
	}
	return m;
}

void iface_mirror_free(struct iface_mirror *m)
{
	if (m == NULL)
		return;
	m->filled = false;
	monitor_free(m->monitor);
	for (unsigned b = 0; b < IFACE_BUCKETS; b++) {
		while (m->by_name[b] != NULL)
			iface_destroy(m->by_name[b]);
	}
	free(m->by_addr);
	free(m);
}
