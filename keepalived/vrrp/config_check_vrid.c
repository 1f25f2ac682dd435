/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two instances that answer to the same adverts; and the identity of an instance over a reload.
 */
#include <stdlib.h>

#include "vrrp/config_check.h"

static int compare_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* Those with one VRID, family, namespace and kind of transport stand together; multicast ones by
 * interface and group, unicast ones by source address. */
static int compare_place(const struct vrrp_instance_config *a, const struct vrrp_instance_config *b)
{
	int order = a->vrid - b->vrid;

	if (!order)
		order = a->family - b->family;
	if (!order)
		order = a->unicast - b->unicast;

	if (!order)
		order = compare_text(a->rare->net_namespace, b->rare->net_namespace);
	if (order)
		return order;
	if (a->unicast)
		return addr_compare(a->rare->src, b->rare->src);
	order = compare_text(a->ifname, b->ifname);
	return order ? order : addr_compare(a->mcast_group, b->mcast_group);
}

static int compare_instances(const void *x, const void *y)
{
	const struct vrrp_instance_config *a = *(const struct vrrp_instance_config *const *)x;
	const struct vrrp_instance_config *b = *(const struct vrrp_instance_config *const *)y;
	int order = compare_place(a, b);

	return order ? order : a->index < b->index ? -1 : a->index > b->index;
}

static bool common_peer(const struct vrrp_instance_config *a, const struct vrrp_instance_config *b)
{
	for (uint32_t i = 0; i < a->rare->peers.n; i++) {
		const struct vrrp_peer_config *x = a->rare->peers.items[i];

		for (uint32_t j = 0; j < b->rare->peers.n; j++) {
			const struct vrrp_peer_config *y = b->rare->peers.items[j];

			if (addr_equal(x->addr, y->addr))
				return true;
		}
	}
	return false;
}

static bool conflict(const struct vrrp_instance_config *a, const struct vrrp_instance_config *b)
{
	if (!a->unicast)
		return true;
	return (!a->ifname || !b->ifname || str_eq(a->ifname, b->ifname)) && common_peer(a, b);
}

static void report(struct vrrp_check *c, const struct vrrp_instance_config *first,
		   struct vrrp_instance_config *vi)
{
	struct diag *d = vi_error(c, "duplicate-vrid", vi, VI_AT(vrid),
				  "virtual_router_id %u is used by %s too, on %s%s", vi->vrid,
				  first->object.name,
				  vi->unicast ? "the same source and peers" : "interface ",
				  vi->unicast ? "" : vi->ifname);

	diag_class(d, DIAG_CLASS_CANNOT_RUN);
	diag_see(c->base->diags, d, vi_place(first, VI_AT(vrid)), "used here");
	vi->faults |= VRRP_BAD_DUPLICATE_VRID;
}

/* @run: instances that compare_place() holds equal. */
static void check_run(struct vrrp_check *c, struct vrrp_instance_config **run, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		for (size_t j = 0; j < i; j++) {
			if (!conflict(run[j], run[i]))
				continue;
			report(c, run[j], run[i]);
			break;
		}
	}
}

static bool takes_part(const struct vrrp_instance_config *vi)
{
	return vi->vrid && (vi->unicast || vi->ifname);
}

void check_duplicate_vrids(struct vrrp_check *c)
{
	const struct object_list *instances = &c->vc->instances;
	struct vrrp_instance_config **sorted;
	size_t n = 0, first = 0;

	if (instances->n < 2)
		return;
	sorted = xcalloc(instances->n, sizeof(struct vrrp_instance_config *));
	for (uint32_t i = 0; i < instances->n; i++)
		if (takes_part(instances->items[i]))
			sorted[n++] = instances->items[i];
	qsort(sorted, n, sizeof(struct vrrp_instance_config *), compare_instances);
	for (size_t i = 1; i <= n; i++) {
		if (i < n && !compare_place(sorted[first], sorted[i]))
			continue;
		check_run(c, sorted + first, i - first);
		first = i;
	}
	free(sorted);
}

void vrrp_instance_key(const struct object *object, struct strbuf *out)
{
	const struct vrrp_instance_config *vi = (const void *)object;
	const char *ns = vi->rare->net_namespace;
	char text[ADDR_TEXT_MAX];

	strbuf_addf(out, "%u %s %s %s", vi->vrid, vi->family == AF_INET6 ? "IPv6" : "IPv4",
		    vi->ifname ? vi->ifname : "-", ns ? ns : "-");
	if (vi->unicast) {
		strbuf_addf(out, " unicast %s", addr_print(vi->rare->src, text));
		return;
	}
	strbuf_addf(out, " %s", addr_print(vi->mcast_group, text));
	if (vi->vmac)
		strbuf_addf(out, " vmac %s", vi->vmac->ifname ? vi->vmac->ifname : "");
	if (vi->ipvlan)
		strbuf_addf(out, " ipvlan %s", vi->ipvlan->ifname ? vi->ipvlan->ifname : "");
	if (vi->use_vmac_addr)
		strbuf_add(out, " vmac-addr");
}
