/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Life of the macvlan and ipvlan interfaces of virtual routers.
 *
 * Creation is a request like any other; what follows (settings, link up, addresses) happens when
 * the mirror reports the new interface, so it is the same at start, after a deletion by others and
 * when a parent comes back. A private macvlan on the same parent with the wanted MAC is adopted:
 * a process before us left it.
 */
#include "vrrp/vmac.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "loop/loop.h"
#include "netlink/nl.h"
#include "vrrp/block.h"
#include "vrrp/vmac_name.h"

#define SETTLE_ROUNDS 4

/* -- what an instance needs ---------------------------------------------------------------- */

static struct mac mac_of(const struct vrrp_instance_config *c)
{
	struct mac mac = { .bytes = { 0x00, 0x00, 0x5e, 0x00, c->family == AF_INET6 ? 2 : 1,
				      c->vrid },
			   .len = 6 };

	return c->vmac != NULL && c->vmac->mac.len > 0 ? c->vmac->mac : mac;
}

static bool is_mode_private(const struct iface *i)
{
	return strcmp(i->kind, "macvlan") == 0 && i->mode == MACVLAN_MODE_PRIVATE;
}

/* Left by a process before us, on the same parent and with the same MAC. */
static struct iface *find_matching(const struct vrrp_instance *vr, const struct iface *parent,
				   const struct mac *mac)
{
	struct iface *i = NULL;

	if (!iface_exists(parent))
		return NULL;
	while ((i = iface_next(vr->net->mirror, i)) != NULL) {
		if (i->parent == parent->ifindex && !i->parent_foreign && is_mode_private(i) &&
		    mac_equal(&i->mac, mac))
			return i;
	}
	return NULL;
}

static bool name_is_taken(void *arg, const char *name)
{
	const struct vrrp_instance *vr = arg;
	const struct iface *i = iface_find(vr->net->mirror, name);

	return i != NULL && (iface_exists(i) || i->users > 0);
}

static void choose_name(struct vrrp_instance *vr, const char *wanted, const char *prefix,
			char name[NL_IFNAME_MAX])
{
	if (wanted != NULL && !name_is_taken(vr, wanted)) {
		(void)str_copy(name, NL_IFNAME_MAX, wanted);
		return;
	}
	if (wanted != NULL)
		log_warning("(%s) interface %s is in use: choosing another name",
			    instance_name(vr), wanted);
	vmac_name_choose(&(struct vmac_name){ prefix, vr->config->vrid, vr->config->family },
			 name_is_taken, vr, name);
}

/* One that serves already; @wanted: its name, NULL any. */
static struct vrrp_vmac *find_vmac(struct vrrp_instance *vr, const struct iface *parent,
				   const char *wanted, bool ipvlan)
{
	struct mac mac = mac_of(vr->config);

	for (struct vrrp_vmac *v = vr->vmac; v != NULL; v = v->next) {
		if (v->parent != parent || v->ipvlan != ipvlan)
			continue;
		if (wanted != NULL && !str_eq(v->iface->name, wanted))
			continue;
		if (ipvlan || mac_equal(&v->mac, &mac))
			return v;
	}
	return NULL;
}

static struct vrrp_vmac *need(struct vrrp_instance *vr, const char *parent_name, const char *wanted,
			      const char *prefix, bool ipvlan)
{
	struct iface *parent = iface_get(vr->net->mirror, parent_name), *match = NULL;
	struct vrrp_vmac *v = find_vmac(vr, parent, wanted, ipvlan), **last = &vr->vmac;
	char name[NL_IFNAME_MAX];

	if (v != NULL) {
		v->unused = false;
		iface_put(parent);
		return v;
	}
	v = xnew(struct vrrp_vmac);
	v->vr = vr;
	v->parent = parent;
	v->ipvlan = ipvlan;
	if (!ipvlan) {
		v->mac = mac_of(vr->config);
		match = find_matching(vr, parent, &v->mac);
	}
	if (match != NULL)
		log_info("(%s): Found matching interface %s", instance_name(vr), match->name);
	else
		choose_name(vr, wanted, prefix, name);
	v->iface = iface_get(vr->net->mirror, match != NULL ? match->name : name);
	while (*last != NULL)
		last = &(*last)->next;
	*last = v;
	return v;
}

/* -- requests ------------------------------------------------------------------------------ */

struct creation {
	struct nl_request request;
	struct vrrp_vmac *vmac;		/* NULL: forgotten meanwhile */
	struct vrrp_net *net;
};

static void created(struct nl_request *r, int error, const char *text, ktime now)
{
	struct creation *c = container_of(r, struct creation, request);
	struct vrrp_vmac *v = c->vmac;

	(void)now;
	if (v != NULL) {
		v->request = NULL;
		if (error == 0)
			log_info("(%s): Success creating %s interface %s", instance_name(v->vr),
				 v->ipvlan ? "ipvlan" : "VMAC", v->iface->name);
		else
			log_error("(%s): Unable to create %s interface %s: %s%s%s",
				  instance_name(v->vr), v->ipvlan ? "ipvlan" : "VMAC",
				  v->iface->name, strerror(-error), *text ? ": " : "", text);
	}
	free(c);
}

static void fill_macvlan(const struct vrrp_vmac *v, struct nl_link_new *n)
{
	const struct vrrp_vmac_config *c = v->vr->config->vmac;

	n->kind = "macvlan";
	n->mode = MACVLAN_MODE_PRIVATE;
	n->mac = v->mac;
	if (c != NULL && c->has_group)
		n->group = c->group;
}

static void fill_ipvlan(const struct vrrp_vmac *v, struct nl_link_new *n)
{
	static const uint16_t flags[] = {
		[VRRP_IPVLAN_BRIDGE] = 0,
		[VRRP_IPVLAN_PRIVATE] = IPVLAN_F_PRIVATE,
		[VRRP_IPVLAN_VEPA] = IPVLAN_F_VEPA,
	};
	const struct vrrp_ipvlan_config *c = v->vr->config->ipvlan;

	n->kind = "ipvlan";
	n->mode = IPVLAN_MODE_L2;
	n->has_mode_flags = c->has_mode;
	n->mode_flags = flags[c->mode];
	if (c->has_group)
		n->group = c->group;
}

static void create(struct vrrp_vmac *v)
{
	struct vrrp_net *net = v->vr->net;
	struct nl_link_new n = {
		.name = v->iface->name,
		.parent = v->parent->ifindex,
		.master = iface_vrf(v->parent),
		.group = v->parent->group,
	};
	struct nl_buf buf = { 0 };
	struct creation *c;

	if (v->request != NULL || !iface_exists(v->parent) || iface_exists(v->iface) ||
	    net->vrrp->withdrawing)
		return;
	if (v->ipvlan)
		fill_ipvlan(v, &n);
	else
		fill_macvlan(v, &n);
	c = xnew(struct creation);
	c->vmac = v;
	c->net = net;
	c->request.done = created;
	v->request = &c->request;
	nl_link_create(&buf, &n);
	nl_queue(net->nl, &c->request, &buf);
	nl_buf_fini(&buf);
}

static void set_up(struct vrrp_vmac *v)
{
	struct nl_buf buf = { 0 };

	nl_link_set_flags(&buf, v->iface->ifindex, IFF_UP, IFF_UP);
	nl_queue_blind(v->vr->net->nl, &buf);
	nl_buf_fini(&buf);
}

/* -- source of IPv6 adverts, address of an ipvlan ------------------------------------------ */

static bool derive_eui64(const struct mac *mac, struct addr *out)
{
	if (mac->len != 6)
		return false;
	*out = (struct addr){ .family = AF_INET6,
			      .bytes = { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, mac->bytes[0] ^ 2,
					 mac->bytes[1], mac->bytes[2], 0xff, 0xfe, mac->bytes[3],
					 mac->bytes[4], mac->bytes[5] } };
	return true;
}

static struct addr link_local_of(const struct vrrp_vmac *v)
{
	const struct vrrp_instance_config *c = v->vr->config;
	struct addr a = iface_source(v->parent, AF_INET6, NULL, NULL);

	if (addr_is_set(c->rare->src))
		return c->rare->src;
	if (!addr_is_set(a))
		(void)derive_eui64(&v->parent->mac, &a);
	return a;
}

static void add_address(struct vrrp_vmac *v, struct prefix prefix, bool deprecated)
{
	struct nl_addr a = {
		.ifindex = v->iface->ifindex,
		.prefix = prefix,
		.flags = prefix.addr.family == AF_INET6 ? 0x02 : 0,	/* IFA_F_NODAD */
		.has_lifetimes = deprecated,
		.preferred = 0,
		.valid = UINT32_MAX,
	};
	struct nl_buf buf = { 0 };

	if (!addr_is_set(prefix.addr))
		return;
	/* Its instance waits for it, and only the kernel says when it is there. */
	if (prefix.addr.family == AF_INET)
		(void)monitor_skip_own(iface_mirror_monitor(v->vr->net->mirror), NULL);
	nl_addr_new(&buf, &a, NLM_F_CREATE | NLM_F_REPLACE);
	nl_queue_blind(v->vr->net->nl, &buf);
	nl_buf_fini(&buf);
}

/* Only the VMAC on which IPv6 adverts run has a link-local address of its own. */
static bool has_link_local(const struct vrrp_vmac *v)
{
	const struct vrrp_instance_config *c = v->vr->config;

	return !v->ipvlan && c->family == AF_INET6 && v == v->vr->vmac && !c->vmac_xmit_base;
}

static void add_addresses(struct vrrp_vmac *v)
{
	if (v->ipvlan)
		add_address(v, v->vr->config->ipvlan->addr, false);
	else if (has_link_local(v))
		add_address(v, (struct prefix){ link_local_of(v), 64 }, true);
}

/* -- events -------------------------------------------------------------------------------- */

/* For those who wait for news of the parent: nothing changes, but the kernel speaks of it. */
static void announce_parent(const struct vrrp_vmac *v)
{
	const struct vrrp_vmac_config *c = v->vr->config->vmac;
	struct nl_buf buf = { 0 };

	if (c == NULL || !c->netlink_notify || v->ipvlan)
		return;
	nl_link_set_group(&buf, v->parent->ifindex, v->parent->group);
	nl_queue_blind(v->vr->net->nl, &buf);
	nl_buf_fini(&buf);
}

static void appeared(struct vrrp_vmac *v)
{
	v->ready = true;
	vmac_settings(v);
	if (!v->ipvlan)
		block_vmac_added(v, has_link_local(v) ? link_local_of(v) : (struct addr){ 0 });
	set_up(v);
	add_addresses(v);
	announce_parent(v);
}

static void own_changed(struct vrrp_vmac *v, enum iface_change change)
{
	switch (change) {
	case IFACE_APPEARED:
		appeared(v);
		return;
	case IFACE_GONE:
		v->ready = false;
		v->lost = true;
		block_vmac_removed(v);
		vrrp_want_commit(v->vr->vrrp);
		return;
	case IFACE_SET_DOWN:
		set_up(v);
		return;
	case IFACE_UP:
		add_addresses(v);
		return;
	case IFACE_DOWN:
	case IFACE_SET_UP:
	case IFACE_MAC:
	case IFACE_MTU:
	case IFACE_MASTER:
	case IFACE_ADDR_ADDED:
	case IFACE_ADDR_REMOVED:
		return;
	}
}

static void follow_vrf(struct vrrp_vmac *v)
{
	unsigned vrf = iface_vrf(v->parent);
	struct nl_buf buf = { 0 };

	if (!iface_exists(v->iface) || v->iface->master == vrf)
		return;
	nl_link_set_master(&buf, v->iface->ifindex, vrf);
	nl_queue_blind(v->vr->net->nl, &buf);
	nl_buf_fini(&buf);
}

static void parent_changed(struct vrrp_vmac *v, enum iface_change change)
{
	switch (change) {
	case IFACE_APPEARED:
		create(v);
		return;
	case IFACE_MASTER:
		follow_vrf(v);
		return;
	case IFACE_ADDR_ADDED:
		if (iface_exists(v->iface))
			add_addresses(v);
		return;
	case IFACE_GONE:
	case IFACE_UP:
	case IFACE_DOWN:
	case IFACE_SET_UP:
	case IFACE_SET_DOWN:
	case IFACE_MAC:
	case IFACE_MTU:
	case IFACE_ADDR_REMOVED:
		return;
	}
}

void vmac_iface_changed(struct vrrp_net *net, struct iface *i, enum iface_change change, ktime now)
{
	const struct vrrp *vrrp = net->vrrp;

	(void)now;
	for (uint32_t n = 0; n < vrrp->n_instances && !vrrp->stopping; n++) {
		struct vrrp_instance *vr = vrrp->instances[n];

		if (vr == NULL || vr->net != net)
			continue;
		for (struct vrrp_vmac *v = vr->vmac; v != NULL; v = v->next) {
			if (v->iface == i)
				own_changed(v, change);
			else if (v->parent == i)
				parent_changed(v, change);
		}
	}
}

/* What somebody else deleted is made again, after everything that was heard has been taken in. */
void vmac_flush(struct vrrp_net *net)
{
	const struct vrrp *vrrp = net->vrrp;

	for (uint32_t n = 0; n < vrrp->n_instances && !vrrp->stopping; n++) {
		struct vrrp_instance *vr = vrrp->instances[n];

		for (struct vrrp_vmac *v = vr != NULL ? vr->vmac : NULL; v != NULL; v = v->next) {
			if (v->lost && vr->net == net) {
				v->lost = false;
				create(v);
			}
		}
	}
}

/* -- for the instance ---------------------------------------------------------------------- */

/* The VMAC on which an address is put; NULL: none, the interface that is written. */
static const struct vrrp_vmac *vmac_of_address(const struct vrrp_instance *vr,
					       const struct address_config *a)
{
	const struct iface *parent = iface_find(vr->net->mirror, a->dev);

	for (const struct vrrp_vmac *v = vr->vmac; a->on_vmac && v != NULL; v = v->next) {
		if (v->parent == parent && !v->ipvlan && !v->unused)
			return v;
	}
	return NULL;
}

const char *vmac_address_ifname(const struct vrrp_instance *vr, const struct address_config *a)
{
	const struct vrrp_vmac *v = vmac_of_address(vr, a);

	return v != NULL ? v->iface->name : a->dev;
}

static void need_for_addresses(struct vrrp_instance *vr, const struct object_list *list)
{
	for (uint32_t i = 0; i < list->n; i++) {
		const struct address_config *a = list->items[i];

		if (a->on_vmac)
			(void)need(vr, a->dev, NULL, vr->config->common->vmac_addr_prefix, false);
	}
}

static void forget(struct vrrp_vmac *v)
{
	if (v->request != NULL)
		container_of(v->request, struct creation, request)->vmac = NULL;
	iface_put(v->iface);
	iface_put(v->parent);
	free(v);
}

/* @group: put it there, to be deleted with the others in it; 0: delete it now. */
static void delete(struct vrrp_vmac *v, uint32_t group)
{
	struct nl_buf buf = { 0 };

	if (!iface_exists(v->iface))
		return;
	block_vmac_removed(v);
	if (group != 0)
		nl_link_set_group(&buf, v->iface->ifindex, group);
	else
		nl_link_delete(&buf, v->iface->ifindex);
	nl_queue_blind(v->vr->net->nl, &buf);
	nl_buf_fini(&buf);
}

static void drop_unused(struct vrrp_instance *vr)
{
	struct vrrp_vmac **p = &vr->vmac, *v;

	while ((v = *p) != NULL) {
		if (!v->unused) {
			p = &v->next;
			continue;
		}
		*p = v->next;
		delete(v, 0);
		forget(v);
	}
}

struct iface *vmac_setup(struct vrrp_instance *vr)
{
	const struct vrrp_instance_config *c = vr->config;
	struct vrrp_vmac *own = NULL;

	for (struct vrrp_vmac *v = vr->vmac; v != NULL; v = v->next)
		v->unused = true;
	if (c->ipvlan != NULL && c->ifname != NULL)
		own = need(vr, c->ifname, c->ipvlan->ifname, c->common->vmac_prefix, true);
	else if (c->vmac != NULL && c->ifname != NULL)
		own = need(vr, c->ifname, c->vmac->ifname, c->common->vmac_prefix, false);
	need_for_addresses(vr, &c->vips);
	need_for_addresses(vr, &c->rare->evips);
	drop_unused(vr);
	for (struct vrrp_vmac *v = vr->vmac; v != NULL; v = v->next) {
		if (iface_exists(v->iface) && !v->ready)
			appeared(v);
		else
			create(v);
	}
	vmac_plain_settings(vr);
	return own != NULL ? own->iface : vr->base;
}

static void drop(struct vrrp_instance *vr, bool and_delete, uint32_t group)
{
	while (vr->vmac != NULL) {
		struct vrrp_vmac *v = vr->vmac;

		vr->vmac = v->next;
		if (and_delete)
			delete(v, group);
		forget(v);
	}
}

void vmac_drop(struct vrrp_instance *vr, bool and_delete)
{
	drop(vr, and_delete, 0);
}

/* A group that has no interface, 0 if there is none. */
static uint32_t free_group(const struct vrrp_net *net)
{
	struct iface *i = NULL;
	uint32_t highest = 0;

	while ((i = iface_next(net->mirror, i)) != NULL)
		highest = MAX_OF(highest, i->group);
	return highest + 1;
}

void vmac_delete_all(struct vrrp_net *net)
{
	const struct vrrp *vrrp = net->vrrp;
	uint32_t group = free_group(net);
	struct nl_buf buf = { 0 };

	for (uint32_t n = 0; n < vrrp->n_instances; n++) {
		if (vrrp->instances[n] != NULL && vrrp->instances[n]->net == net)
			drop(vrrp->instances[n], true, group);
	}
	if (group != 0)
		nl_link_delete_group(&buf, group);
	if (group != 0)
		nl_queue_blind(net->nl, &buf);
	nl_buf_fini(&buf);
	nl_flush(net->nl, NSEC(0));
}

void vmac_settle(struct vrrp_net *net, ktime now)
{
	for (unsigned i = 0; i < SETTLE_ROUNDS; i++) {
		nl_flush(net->nl, NSEC(0));
		(void)iface_mirror_drain(net->mirror);
		/* Before the new ones are up and groups are joined on them. */
		block_flush(net, now);
	}
}
