/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims: who wants which address, route or rule.
 *
 * An object is found by what identifies it in the kernel, so two instances, or an instance before
 * and after a reload, share one. It is freed when nobody claims it and the kernel does not have it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "loop/loop.h"
#include "vrrp/kernel_private.h"

struct iface_mirror *object_mirror(const struct kernel_object *o)
{
	return o->kernel->net->mirror;
}

/* -- the table of objects ------------------------------------------------------------------ */

static uint64_t hash_text(const char *text)
{
	uint64_t h = 14695981039346656037u;

	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * 1099511628211u;
	return h;
}

static struct kernel_object **bucket_of(struct vrrp_kernel *k, uint64_t hash)
{
	return &k->buckets[(hash ^ hash >> 32) & (k->n_buckets - 1)];
}

struct kernel_object *kernel_bucket_of_addr(struct vrrp_kernel *k, struct addr a)
{
	return k->n_buckets > 0 ? *bucket_of(k, addr_hash(a)) : NULL;
}

static uint64_t hash_of(const struct kernel_object *o)
{
	return o->kind == KERNEL_ADDR ? addr_hash(o->ip.addr) : hash_text(o->other.text);
}

static void put(struct vrrp_kernel *k, struct kernel_object *o)
{
	struct kernel_object **head = bucket_of(k, hash_of(o));

	o->next = *head;
	*head = o;
}

static void grow(struct vrrp_kernel *k)
{
	struct kernel_object **old = k->buckets, *next;
	unsigned n_old = k->n_buckets;

	k->n_buckets = n_old > 0 ? n_old * 4 : 16;
	k->buckets = xcalloc(k->n_buckets, sizeof(*k->buckets));
	for (unsigned b = 0; b < n_old; b++) {
		for (struct kernel_object *o = old[b]; o != NULL; o = next) {
			next = o->next;
			put(k, o);
		}
	}
	free(old);
}

static void insert(struct vrrp_kernel *k, struct kernel_object *o)
{
	if (k->n_objects >= k->n_buckets)
		grow(k);
	k->n_objects++;
	put(k, o);
	if (o->kind == KERNEL_ADDR)
		return;
	o->other.next = k->first_other;
	k->first_other = o;
}

/* What describes it is known: make it found by that. */
static void put_alike(struct kernel_object *o, uint8_t bucket)
{
	struct vrrp_kernel *k = o->kernel;

	if (o->alike)
		return;
	if (k->others == NULL)
		k->others = xcalloc(KERNEL_OTHERS, sizeof(struct kernel_object *));
	o->alike = true;
	o->bucket = bucket;
	o->other.alike = k->others[bucket];
	k->others[bucket] = o;
}

static void take_alike(struct kernel_object *o)
{
	struct kernel_object **p = &o->kernel->others[o->bucket];

	while (*p != o)
		p = &(*p)->other.alike;
	*p = o->other.alike;
}

static void drop_removal(struct kernel_object *o)
{
	if (o->other.removal == NULL)
		return;
	nl_buf_fini(o->other.removal);
	free(o->other.removal);
	o->other.removal = NULL;
}

static void destroy(struct kernel_object *o)
{
	struct vrrp_kernel *k = o->kernel;
	struct kernel_object **p = bucket_of(k, hash_of(o));

	while (*p != o)
		p = &(*p)->next;
	*p = o->next;
	k->n_objects--;
	if (o->kind == KERNEL_ADDR) {
		free(o->ip.more);
	} else {
		for (p = &k->first_other; *p != o; p = &(*p)->other.next)
			;
		*p = o->other.next;
		take_alike(o);
		drop_removal(o);
		free(o->other.text);
	}
	iface_put(o->iface);
	slab_give(&k->objects, o);
}

void kernel_release_if_unused(struct kernel_object *o)
{
	if (o->uses == NULL && !o->present && o->pending == NULL && !o->dirty && !o->lost)
		destroy(o);
}

void kernel_free_objects(struct vrrp_kernel *k)
{
	for (unsigned b = 0; b < k->n_buckets; b++) {
		while (k->buckets[b] != NULL) {
			struct kernel_object *o = k->buckets[b];

			if (o->pending != NULL)
				nl_cancel(k->net->nl, &o->pending->request);
			free(o->pending);
			destroy(o);
		}
	}
}

/* -- finding or making ---------------------------------------------------------------------- */

static struct kernel_object *object_new(struct vrrp_kernel *k, enum kernel_kind kind)
{
	struct kernel_object *o = slab_take(&k->objects);

	o->kernel = k;
	o->kind = (uint8_t)kind;
	return o;
}

/* Everything that the kernel would have to be told anew. */
static bool same_addr(const struct nl_addr *a, const struct nl_addr *b)
{
	return a->prefix.len == b->prefix.len && addr_equal(a->prefix.addr, b->prefix.addr) &&
	       addr_equal(a->peer, b->peer) && addr_equal(a->broadcast, b->broadcast) &&
	       a->scope == b->scope && a->flags == b->flags && a->preferred == b->preferred &&
	       strcmp(a->label, b->label) == 0;
}

static struct kernel_object *object_of_addr(struct vrrp_kernel *k, const struct address_config *c,
					    const char *ifname)
{
	struct iface *iface = iface_get(k->net->mirror, ifname);
	struct nl_addr wanted, there;
	struct kernel_object *o;

	object_message_of(c, &wanted);
	for (o = kernel_bucket_of_addr(k, c->prefix.addr); o != NULL; o = o->next) {
		if (o->kind != KERNEL_ADDR || o->iface != iface)
			continue;
		object_message(o, &there);
		if (!same_addr(&there, &wanted))
			continue;
		iface_put(iface);
		return o;
	}
	o = object_new(k, KERNEL_ADDR);
	o->iface = iface;
	object_set_addr(o, &wanted);
	insert(k, o);
	return o;
}

static struct kernel_object *object_of_text(struct vrrp_kernel *k, enum kernel_kind kind,
					    const char *text)
{
	uint64_t hash = hash_text(text);
	struct kernel_object *o = k->n_buckets > 0 ? *bucket_of(k, hash) : NULL;

	for (; o != NULL; o = o->next) {
		if (o->kind == kind && strcmp(o->other.text, text) == 0)
			return o;
	}
	o = object_new(k, kind);
	o->other.text = xstrdup(text);
	insert(k, o);
	return o;
}

static struct kernel_object *object_of_route(struct vrrp_kernel *k, const struct route *r)
{
	struct strbuf text = { 0 };
	struct kernel_object *o;

	route_text(r, &text);
	o = object_of_text(k, KERNEL_ROUTE, strbuf_text(&text));
	strbuf_fini(&text);
	o->other.route = r;
	drop_removal(o);
	put_alike(o, object_bucket_of_route(r->dst));
	if (o->iface == NULL && r->dev != NULL)
		o->iface = iface_get(k->net->mirror, r->dev);
	return o;
}

static struct kernel_object *object_of_rule(struct vrrp_kernel *k, const struct rule *r)
{
	struct strbuf text = { 0 };
	struct kernel_object *o;

	rule_text(r, &text);
	o = object_of_text(k, KERNEL_RULE, strbuf_text(&text));
	strbuf_fini(&text);
	o->other.rule = r;
	drop_removal(o);
	put_alike(o, object_bucket_of_rule(r->preference));
	return o;
}

/* -- claims -------------------------------------------------------------------------------- */

static void use_begin(struct kernel_use *u, struct kernel_object *o, bool tracked, uint32_t slot)
{
	struct kernel_use **p = &o->uses;

	u->object = o;
	u->tracked = tracked;
	u->slot = slot;
	while (*p != NULL)
		p = &(*p)->next;
	*p = u;
	if (u->vr != NULL && o->pending != NULL)
		u->vr->n_kernel_pending++;
}

void kernel_want(struct kernel_use *u, bool wanted)
{
	struct kernel_object *o = u->object;

	if (u->wanted == wanted)
		return;
	if (o->error != 0 && u->vr != NULL)
		u->vr->slot->n_addresses_missing =
			(uint16_t)(u->vr->slot->n_addresses_missing + (wanted ? 1 : -1));
	u->wanted = wanted;
	o->n_wanted += wanted ? 1u : -1u;
	if (o->n_wanted == 0) {
		o->error = 0;
		o->told_error = false;
	}
	kernel_dirty(o);
}

static void use_end(struct kernel_use *u)
{
	struct kernel_object *o = u->object;
	struct kernel_use **p = &o->uses;

	kernel_want(u, false);
	while (*p != u)
		p = &(*p)->next;
	*p = u->next;
	if (u->vr != NULL && o->pending != NULL)
		u->vr->n_kernel_pending--;
	/* Nobody has wanted it yet, so nobody has had it removed. */
	if (o->uses == NULL && (o->present || o->leftover))
		kernel_dirty(o);
	kernel_release_if_unused(o);
}

static struct kernel_use *uses_new(struct vrrp_kernel *k, unsigned n)
{
	return n == 1 ? slab_take(&k->lone_uses) : xcalloc(MAX_OF(n, 1), sizeof(struct kernel_use));
}

void kernel_uses_free(struct vrrp_kernel *k, struct kernel_use *uses, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		use_end(&uses[i]);
	kernel_uses_drop(k, uses, n);
}

void kernel_uses_drop(struct vrrp_kernel *k, struct kernel_use *uses, unsigned n)
{
	if (n == 1)
		slab_give(&k->lone_uses, uses);
	else
		free(uses);
}

static struct kernel_use *claim_addrs(struct vrrp_instance *vr, struct kernel_use *u,
				      const struct object_list *list, uint32_t *slot)
{
	for (uint32_t i = 0; i < list->n; i++, u++) {
		const struct address_config *c = list->items[i];

		u->vr = vr;
		use_begin(u,
			  object_of_addr(vr->net->kernel, c, instance_address_ifname(vr, c)),
			  !c->no_track, (*slot)++);
	}
	return u;
}

unsigned kernel_claim(struct vrrp_instance *vr)
{
	const struct vrrp_instance_config *c = vr->config;
	struct kernel_use *old = vr->uses, *u;
	unsigned n_old = vr->n_uses, n_new = 0;
	uint32_t slot = c->address_base;

	vr->n_addr_uses = c->vips.n + c->rare->evips.n;
	vr->n_uses = vr->n_addr_uses + c->rare->routes.n + c->rare->rules.n;
	vr->uses = uses_new(vr->net->kernel, vr->n_uses);
	u = claim_addrs(vr, vr->uses, &c->vips, &slot);
	u = claim_addrs(vr, u, &c->rare->evips, &slot);
	for (uint32_t i = 0; i < c->rare->routes.n; i++, u++) {
		const struct route_config *r = c->rare->routes.items[i];

		u->vr = vr;
		use_begin(u, object_of_route(vr->net->kernel, &r->route), !r->no_track,
			  UINT32_MAX);
	}
	for (uint32_t i = 0; i < c->rare->rules.n; i++, u++) {
		const struct rule_config *r = c->rare->rules.items[i];

		u->vr = vr;
		use_begin(u, object_of_rule(vr->net->kernel, &r->rule), !r->no_track, UINT32_MAX);
	}
	if (vr->vips_up)
		kernel_set(vr, true);
	kernel_uses_free(vr->net->kernel, old, n_old);
	for (unsigned i = 0; i < vr->n_addr_uses; i++)
		n_new += vr->uses[i].wanted && !vr->uses[i].object->present ? 1 : 0;
	return n_new;
}

void kernel_unclaim(struct vrrp_instance *vr)
{
	kernel_uses_free(vr->net->kernel, vr->uses, vr->n_uses);
	vr->uses = NULL;
	vr->n_uses = vr->n_addr_uses = 0;
}

/* No longer wanted; what a predecessor left goes too. */
static void unwant(struct kernel_use *u)
{
	kernel_want(u, false);
	if (u->object->n_wanted == 0 && (u->object->present || u->object->leftover))
		kernel_dirty(u->object);
}

/* In: addresses, routes, rules. Out: rules, routes, addresses. */
void kernel_set(struct vrrp_instance *vr, bool up)
{
	for (unsigned i = 0; up && i < vr->n_uses; i++)
		kernel_want(&vr->uses[i], true);
	for (unsigned i = vr->n_uses; !up && i > vr->n_addr_uses; i--)
		unwant(&vr->uses[i - 1]);
	for (unsigned i = 0; !up && i < vr->n_addr_uses; i++)
		unwant(&vr->uses[i]);
}

/* -- static entries ------------------------------------------------------------------------ */

static unsigned claim_static(struct vrrp_kernel *k, struct kernel_use *u, struct kernel_object *o,
			     const struct vrrp_track_group_config *group)
{
	(void)k;
	u->group = group;
	use_begin(u, o, group != NULL, UINT32_MAX);
	kernel_want(u, true);
	return 1;
}

void kernel_static(struct vrrp_kernel *k, const struct vrrp_config *c)
{
	struct kernel_use *old = k->statics;
	unsigned n_old = k->n_statics, n = 0;
	unsigned total = c != NULL ? c->addresses.n + c->routes.n + c->rules.n : 0;

	k->statics = uses_new(k, total);
	k->n_statics = total;
	for (uint32_t i = 0; c != NULL && i < c->addresses.n; i++) {
		const struct address_config *a = c->addresses.items[i];

		n += claim_static(k, &k->statics[n], object_of_addr(k, a, a->dev), a->group);
	}
	for (uint32_t i = 0; c != NULL && i < c->routes.n; i++) {
		const struct route_config *r = c->routes.items[i];

		n += claim_static(k, &k->statics[n], object_of_route(k, &r->route), r->group);
	}
	for (uint32_t i = 0; c != NULL && i < c->rules.n; i++) {
		const struct rule_config *r = c->rules.items[i];

		n += claim_static(k, &k->statics[n], object_of_rule(k, &r->rule), r->group);
	}
	k->statics_changed = true;
	kernel_uses_free(k, old, n_old);
}

/* -- places -------------------------------------------------------------------------------- */

/* The @n-th of these lists one after the other. */
static const struct object *nth_of(const struct object_list *const *lists, size_t n_lists, size_t n)
{
	for (size_t i = 0; i < n_lists; i++) {
		if (n < lists[i]->n)
			return lists[i]->items[n];
		n -= lists[i]->n;
	}
	return NULL;
}

/* Claims are in the order of the configuration. */
static const struct object *asked_by(const struct vrrp_kernel *k, const struct kernel_use *u)
{
	if (u->vr != NULL) {
		const struct vrrp_instance_config *c = u->vr->config;
		const struct object_list *lists[] = { &c->vips, &c->rare->evips, &c->rare->routes,
						      &c->rare->rules };

		return nth_of(lists, ARRAY_LEN(lists), (size_t)(u - u->vr->uses));
	}
	const struct vrrp_config *c = k->net->vrrp->config;
	const struct object_list *lists[] = { &c->addresses, &c->routes, &c->rules };

	return nth_of(lists, ARRAY_LEN(lists), (size_t)(u - k->statics));
}

const char *kernel_place_text(const struct kernel_object *o, char *buf, size_t size)
{
	const struct object *object = NULL;
	const char *file;
	unsigned line;

	for (const struct kernel_use *u = o->uses; u != NULL && object == NULL; u = u->next) {
		if (u->wanted)
			object = asked_by(o->kernel, u);
	}
	buf[0] = '\0';
	if (object != NULL &&
	    source_locate(o->kernel->net->vrrp->all->sources, object->at, &file, &line))
		(void)snprintf(buf, size, "%s:%u: ", file, line);
	return buf;
}

/* -- questions ----------------------------------------------------------------------------- */

void kernel_reclaim(struct vrrp_kernel *k)
{
	for (unsigned b = 0; b < k->n_buckets; b++) {
		for (struct kernel_object *o = k->buckets[b]; o != NULL; o = o->next) {
			const struct iface_addr *a;

			/* Routes and rules are not mirrored: what is not there is removed
			   without harm, and ours are marked by their protocol. */
			o->leftover = o->kind != KERNEL_ADDR && o->n_wanted == 0;
			if (o->kind != KERNEL_ADDR || o->present)
				continue;
			a = iface_find_addr(o->iface, o->ip.addr);
			if (a == NULL || a->len != o->ip.len)
				continue;
			o->present = true;
		}
	}
}

bool kernel_owns(const struct vrrp_kernel *k, const struct iface *iface, struct addr a)
{
	const struct kernel_object *o = NULL;

	if (k->n_buckets > 0)
		o = *bucket_of((struct vrrp_kernel *)k, addr_hash(a));
	for (; o != NULL; o = o->next) {
		if (o->kind == KERNEL_ADDR && o->iface == iface && addr_equal(o->ip.addr, a))
			return true;
	}
	return false;
}

bool kernel_use_present(const struct kernel_use *u)
{
	return u->object->kind == KERNEL_ADDR && u->object->present;
}

bool kernel_use_addr(const struct kernel_use *u, struct addr *out_addr, struct iface **out_iface,
		     bool *out_pending)
{
	const struct kernel_object *o = u->object;

	*out_pending = o->pending != NULL || o->dirty;
	if (o->kind != KERNEL_ADDR || !o->present || !u->wanted)
		return false;
	*out_addr = o->ip.addr;
	*out_iface = o->iface;
	return true;
}
