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
#include <string.h>

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

void object_set_addr(struct kernel_object *o, const struct address_config *c)
{
	bool v6 = c->prefix.addr.family == AF_INET6;

	o->addr = (struct nl_addr){
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
		o->addr.broadcast = c->broadcast;
	if (c->label != NULL)
		(void)str_copy(o->addr.label, sizeof(o->addr.label), c->label);
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
	const struct route *r = o->route;
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
	if (!iface_exists(o->iface))
		return -ENODEV;
	o->addr.ifindex = o->iface->ifindex;
	if (up)
		nl_addr_new(out, &o->addr, 0);
	else
		nl_addr_del(out, &o->addr);
	return 0;
}

static int route_request(struct kernel_object *o, bool up, struct nl_buf *out)
{
	unsigned hop_devs[HOPS_MAX];
	struct nl_route_names names;
	int error = resolve(o, &names, hop_devs);

	if (error < 0)
		return error;
	if (up)
		nl_route_new(out, o->route, &names);
	else
		nl_route_del(out, o->route, &names);
	return 0;
}

int object_request(struct kernel_object *o, bool up, struct nl_buf *out)
{
	switch (o->kind) {
	case KERNEL_ADDR:
		return addr_request(o, up, out);
	case KERNEL_ROUTE:
		return route_request(o, up, out);
	case KERNEL_RULE:
		if (up)
			nl_rule_new(out, o->rule);
		else
			nl_rule_del(out, o->rule);
		return 0;
	}
	return -EINVAL;
}

bool object_is_route(const struct kernel_object *o, const struct nl_route *seen)
{
	unsigned hop_devs[HOPS_MAX];
	struct nl_route_names names;

	if (o->kind != KERNEL_ROUTE || resolve(o, &names, hop_devs) < 0)
		return false;
	return nl_route_is(seen, o->route, &names);
}

bool object_is_rule(const struct kernel_object *o, const struct nl_rule *seen)
{
	return o->kind == KERNEL_RULE && nl_rule_same(o->rule, &seen->rule);
}

const char *object_text(const struct kernel_object *o, char *buf, size_t size)
{
	char addr[ADDR_TEXT_MAX];

	if (o->kind == KERNEL_ADDR)
		(void)snprintf(buf, size, "%s/%u dev %s", addr_print(o->addr.prefix.addr, addr),
			       o->addr.prefix.len, o->iface->name);
	else
		(void)str_copy(buf, size, o->text);
	return buf;
}

const char *object_noun(const struct kernel_object *o)
{
	switch (o->kind) {
	case KERNEL_ADDR:
		return "ip address";
	case KERNEL_ROUTE:
		return "route";
	case KERNEL_RULE:
		return "rule";
	}
	return "";
}
