/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses in the mirror of interfaces.
 *
 * They are listed per interface, in the order of the kernel, and found by hash: there may be
 * thousands on one interface. An address that duplicate detection has not released yet is in the
 * list but does not exist for users.
 */
#include <linux/if_addr.h>
#include <stdlib.h>

#include "base/arena.h"
#include "core/iface_private.h"

/* -- the table of addresses ----------------------------------------------------------------- */

static struct iface_addr **bucket_of_addr(const struct iface_mirror *m, struct addr a)
{
	uint64_t hash = addr_hash(a);

	return &m->by_addr[(hash ^ hash >> 32) & (m->n_buckets - 1)];
}

static void put_addr(struct iface_mirror *m, struct iface_addr *a)
{
	struct iface_addr **head = bucket_of_addr(m, a->addr);

	a->next_in_bucket = *head;
	*head = a;
}

static void grow_table(struct iface_mirror *m)
{
	struct iface_addr **old = m->by_addr, *next;
	unsigned n_old = m->n_buckets;

	m->n_buckets = n_old > 0 ? n_old * 4 : 64;
	m->by_addr = xcalloc(m->n_buckets, sizeof(*m->by_addr));
	for (unsigned b = 0; b < n_old; b++) {
		for (struct iface_addr *a = old[b]; a != NULL; a = next) {
			next = a->next_in_bucket;
			put_addr(m, a);
		}
	}
	free(old);
}

static struct iface_addr *addr_link(struct iface *i, struct addr addr)
{
	struct iface_mirror *m = i->mirror;
	struct iface_addr *a = slab_take(&m->addr_slab);

	if (++m->n_addrs > m->n_buckets)
		grow_table(m);
	a->iface = i;
	a->addr = addr;
	a->before = i->last_addr;
	if (i->last_addr != NULL)
		i->last_addr->next = a;
	else
		i->addrs = a;
	i->last_addr = a;
	put_addr(m, a);
	return a;
}

void iface_addr_unlink(struct iface_addr *a)
{
	struct iface *i = a->iface;
	struct iface_addr **p = bucket_of_addr(i->mirror, a->addr);

	while (*p != a)
		p = &(*p)->next_in_bucket;
	*p = a->next_in_bucket;
	if (a->before != NULL)
		a->before->next = a->next;
	else
		i->addrs = a->next;
	if (a->next != NULL)
		a->next->before = a->before;
	else
		i->last_addr = a->before;
	i->mirror->n_addrs--;
	slab_give(&i->mirror->addr_slab, a);
}

/* -- addresses of interfaces ---------------------------------------------------------------- */

static bool addr_usable(const struct iface_addr *a)
{
	if (a->flags & IFA_F_DADFAILED)
		return false;
	return !(a->flags & IFA_F_TENTATIVE) || (a->flags & IFA_F_OPTIMISTIC);
}

struct iface_addr *iface_addr_find(const struct iface *i, struct addr addr, uint8_t len)
{
	struct iface_addr *a = *bucket_of_addr(i->mirror, addr);

	while (a != NULL && (a->iface != i || a->len != len || !addr_equal(a->addr, addr)))
		a = a->next_in_bucket;
	return a;
}

const struct iface_addr *iface_find_addr(const struct iface *i, struct addr addr)
{
	const struct iface_addr *a = *bucket_of_addr(i->mirror, addr);

	while (a != NULL && (a->iface != i || !addr_equal(a->addr, addr) || !addr_usable(a)))
		a = a->next_in_bucket;
	return a;
}

static struct iface_addr *fill_addr(struct iface *i, struct iface_addr *a, const struct nl_addr *n)
{
	if (a == NULL)
		a = addr_link(i, n->prefix.addr);
	a->len = n->prefix.len;
	a->scope = n->scope;
	a->flags = n->flags;
	a->protocol = n->protocol;
	a->sync_mark = i->mirror->sync_mark;
	return a;
}

void iface_added_addr(struct iface *i, const struct nl_addr *n)
{
	(void)fill_addr(i, iface_addr_find(i, n->prefix.addr, n->prefix.len), n);
}

void iface_addr_took(struct iface *i, const struct nl_addr *n, ktime now)
{
	struct iface_addr *a = iface_addr_find(i, n->prefix.addr, n->prefix.len);
	bool was_usable = a != NULL && addr_usable(a);

	a = fill_addr(i, a, n);
	if (addr_usable(a) != was_usable)
		iface_tell(i, was_usable ? IFACE_ADDR_REMOVED : IFACE_ADDR_ADDED, a, now);
}

void iface_addr_drop(struct iface_addr *a, ktime now)
{
	struct iface_addr copy = *a;

	iface_addr_unlink(a);
	if (addr_usable(&copy))
		iface_tell(copy.iface, IFACE_ADDR_REMOVED, &copy, now);
}

struct addr iface_source(const struct iface *i, int family, bool (*except)(void *, struct addr),
			 void *arg)
{
	for (const struct iface_addr *a = i->addrs; a != NULL; a = a->next) {
		if (a->addr.family != family || !addr_usable(a))
			continue;
		if (family == AF_INET6 && !addr_is_link_local(a->addr))
			continue;
		if (except == NULL || !except(arg, a->addr))
			return a->addr;
	}
	return (struct addr){ 0 };
}

void iface_addr_init(struct iface_mirror *m)
{
	slab_init(&m->addr_slab, sizeof(struct iface_addr));
	grow_table(m);
}
