/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One address, route or rule: from configuration to netlink message, and recognised when the
 * kernel speaks of it. Interface names become indexes here, at the moment of sending. Batches and
 * claims are kernel.c.
 */
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "vrrp/kernel_private.h"

#define PROTOCOL_OURS 18		/* RTPROT_KEEPALIVED, and the same number for addresses */
#define HOPS_MAX      256

struct flag_row {
	size_t at;			/* of a bool in struct address_config */
	uint32_t flag;
};

static const struct flag_row flag_rows[] = {
	{ offsetof(struct address_config, home), IFA_F_HOMEADDRESS },
	{ offsetof(struct address_config, mngtmpaddr), IFA_F_MANAGETEMPADDR },
	{ offsetof(struct address_config, noprefixroute), IFA_F_NOPREFIXROUTE },
	{ offsetof(struct address_config, autojoin), IFA_F_MCAUTOJOIN },
};

static uint32_t flags_of(const struct address_config *c)
{
	uint32_t flags = 0;

	for (size_t i = 0; i < ARRAY_LEN(flag_rows); i++) {
		if (*((const bool *)((const char *)c + flag_rows[i].at)))
			flags |= flag_rows[i].flag;
	}
	if (c->prefix.addr.family == AF_INET6 && !c->dad)
		flags |= IFA_F_NODAD;
	return flags;
}

void object_message_of(const struct address_config *c, struct nl_addr *out)
{
	bool v6 = c->prefix.addr.family == AF_INET6;

	*out = (struct nl_addr){
		.prefix = c->prefix,
		.peer = c->peer,
		.scope = v6 ? 0 : c->scope,
		.flags = flags_of(c),
		.protocol = PROTOCOL_OURS,
		.has_lifetimes = v6,
		.preferred = c->preferred_lft,
		.valid = UINT32_MAX,
	};
	if (c->has_broadcast)
		out->broadcast = c->broadcast;
	if (c->label != NULL)
		(void)str_copy(out->label, sizeof(out->label), c->label);
}

void object_message(const struct kernel_object *o, struct nl_addr *out)
{
	const struct kernel_addr *ip = &o->ip;

	*out = (struct nl_addr){
		.prefix = { ip->addr, ip->len },
		.scope = ip->scope,
		.flags = ip->flags,
		.protocol = PROTOCOL_OURS,
		.has_lifetimes = ip->addr.family == AF_INET6,
		.preferred = ip->preferred,
		.valid = UINT32_MAX,
	};
	if (ip->more == NULL)
		return;
	out->peer = ip->more->peer;
	out->broadcast = ip->more->broadcast;
	memcpy(out->label, ip->more->label, sizeof(out->label));
}

void object_set_addr(struct kernel_object *o, const struct nl_addr *a)
{
	o->ip = (struct kernel_addr){
		.addr = a->prefix.addr,
		.len = a->prefix.len,
		.scope = a->scope,
		.flags = a->flags,
		.preferred = a->preferred,
	};
	if (!addr_is_set(a->peer) && !addr_is_set(a->broadcast) && a->label[0] == '\0')
		return;
	o->ip.more = xnew(struct kernel_addr_more);
	o->ip.more->peer = a->peer;
	o->ip.more->broadcast = a->broadcast;
	memcpy(o->ip.more->label, a->label, sizeof(a->label));
}

static unsigned index_of(struct iface_mirror *m, const char *name)
{
	const struct iface *i = name != NULL ? iface_find(m, name) : NULL;

	return i != NULL ? i->ifindex : 0;
}

/* The indexes behind the names of a route; -ENODEV if one does not exist. */
static int resolve(const struct kernel_object *o, struct nl_route_names *names, unsigned *hop_devs)
{
	struct iface_mirror *m = object_mirror(o);
	const struct route *r = o->other.route;
	const struct iface *vrf;

	*names = (struct nl_route_names){
		.dev = index_of(m, r->dev), .hop_devs = hop_devs, .table = r->table
	};
	if (r->dev != NULL && names->dev == 0)
		return -ENODEV;
	if (r->vrf != NULL) {
		vrf = iface_find(m, r->vrf);
		if (vrf == NULL || vrf->vrf_table == 0)
			return -ENODEV;
		names->table = vrf->vrf_table;
	}
	if (r->n_nexthops > HOPS_MAX)
		return -E2BIG;
	for (uint32_t i = 0; i < r->n_nexthops; i++) {
		hop_devs[i] = index_of(m, r->nexthops[i].dev);
		if (r->nexthops[i].dev != NULL && hop_devs[i] == 0)
			return -ENODEV;
	}
	return 0;
}

static int addr_request(struct kernel_object *o, bool up, struct nl_buf *out)
{
	struct nl_addr message;

	if (!iface_exists(o->iface))
		return -ENODEV;
	object_message(o, &message);
	message.ifindex = o->iface->ifindex;
	if (up)
		nl_addr_new(out, &message, 0);
	else
		nl_addr_del(out, &message);
	return 0;
}

void object_was_set(const struct kernel_object *o)
{
	struct nl_addr message;

	if (o->kind != KERNEL_ADDR || o->ip.addr.family != AF_INET || !iface_exists(o->iface))
		return;
	object_message(o, &message);
	message.flags |= IFA_F_PERMANENT;
	iface_added_addr(o->iface, &message);
}

static int route_request(struct kernel_object *o, bool up, struct nl_buf *out)
{
	unsigned hop_devs[HOPS_MAX];
	struct nl_route_names names;
	int error = resolve(o, &names, hop_devs);

	if (error < 0)
		return error;
	if (up)
		nl_route_new(out, o->other.route, &names);
	else
		nl_route_del(out, o->other.route, &names);
	return 0;
}

int object_request(struct kernel_object *o, bool up, struct nl_buf *out)
{
	if (o->kind != KERNEL_ADDR && o->other.route == NULL) {
		if (up || o->other.removal == NULL)
			return -ENOENT;
		(void)nl_buf_append(out, o->other.removal->data, o->other.removal->len);
		return 0;
	}
	switch ((enum kernel_kind)o->kind) {
	case KERNEL_ADDR:
		return addr_request(o, up, out);
	case KERNEL_ROUTE:
		return route_request(o, up, out);
	case KERNEL_RULE:
		if (up)
			nl_rule_new(out, o->other.rule);
		else
			nl_rule_del(out, o->other.rule);
		return 0;
	}
	return -EINVAL;
}

void object_forget_description(struct kernel_object *o)
{
	struct nl_buf *removal;

	if (o->kind == KERNEL_ADDR || o->other.route == NULL)
		return;
	removal = xnew(struct nl_buf);
	if (object_request(o, false, removal) == 0) {
		o->other.removal = removal;
	} else {
		nl_buf_fini(removal);
		free(removal);
	}
	o->other.route = NULL;
}

bool object_is_removable(const struct kernel_object *o)
{
	return o->kind == KERNEL_ADDR || o->other.route != NULL || o->other.removal != NULL;
}

uint8_t object_bucket_of_route(struct prefix dst)
{
	uint64_t h = addr_is_set(dst.addr) && dst.len > 0 ? addr_hash(prefix_network(dst)) : 0;

	return (uint8_t)(h ^ h >> 32);
}

uint8_t object_bucket_of_rule(uint32_t preference)
{
	return (uint8_t)preference;
}

bool object_is_route(const struct kernel_object *o, const struct nl_route *seen)
{
	unsigned hop_devs[HOPS_MAX];
	struct nl_route_names names;

	if (o->kind != KERNEL_ROUTE || o->other.route == NULL || resolve(o, &names, hop_devs) < 0)
		return false;
	return nl_route_is(seen, o->other.route, &names);
}

bool object_is_rule(const struct kernel_object *o, const struct nl_rule *seen)
{
	return o->kind == KERNEL_RULE && o->other.rule != NULL &&
	       nl_rule_same(o->other.rule, &seen->rule);
}

const char *object_text(const struct kernel_object *o, char *buf, size_t size)
{
	char addr[ADDR_TEXT_MAX];

	if (o->kind == KERNEL_ADDR)
		(void)snprintf(buf, size, "%s/%u dev %s", addr_print(o->ip.addr, addr),
			       o->ip.len, o->iface->name);
	else
		(void)str_copy(buf, size, o->other.text);
	return buf;
}

const char *object_noun(const struct kernel_object *o)
{
	switch ((enum kernel_kind)o->kind) {
	case KERNEL_ADDR:
		return "ip address";
	case KERNEL_ROUTE:
		return "route";
	case KERNEL_RULE:
		return "rule";
	}
	return "";
}
