/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The addresses of an instance: each once, no more than an advert holds, on which interface; and
 * the interfaces of its routes and rules.
 */
#include "vrrp/config_check.h"

#include <stdlib.h>

/* Room in a packet of the usual MTU, with the link header that 2.4 counts too. */
#define MTU		1500
#define LINK_HEADER	14
#define IP4_HEADER	20
#define IP6_HEADER	40
#define VRRP_HEADER	8
#define V2_AUTH_DATA	8
#define AH_HEADER	24
#define HMAC_TRAILER	28
#define ADDRESSES_MAX	255

/* The addresses of both lists in the order in which the lists were begun. */
struct seen {
	struct address_config *a;
	uint32_t order;
	bool excluded;
};

static int by_address(const void *x, const void *y)
{
	const struct seen *a = x, *b = y;
	int order = addr_compare(a->a->prefix.addr, b->a->prefix.addr);

	return order ? order : a->order < b->order ? -1 : a->order > b->order;
}

static bool excluded_first(const struct vrrp_instance_config *vi)
{
	for (uint32_t i = 0; i < vi->object.n_marks; i++) {
		size_t at = vi->object.type->keywords[vi->object.marks[i].row].at;

		if (at == VI_AT(vips) || at == VRRP_RARE_AT(evips))
			return at == VRRP_RARE_AT(evips);
	}
	return false;
}

static uint32_t fill(struct seen *seen, uint32_t n, const struct object_list *list, bool excluded)
{
	for (uint32_t i = 0; i < list->n; i++, n++)
		seen[n] = (struct seen){ list->items[i], n, excluded };
	return n;
}

static void report_duplicate(struct vrrp_check *c, const struct vrrp_instance_config *vi,
			     const struct seen *first, const struct seen *again)
{
	struct diag *d = diag_warning(c->base->diags, "duplicate", again->a->object.at,
				      "(%s) %s is %s virtual address already: ignored",
				      vi->object.name, again->a->object.name,
				      first->excluded ? "an excluded" : "a");

	diag_see(c->base->diags, d, first->a->object.at, "first written here");
	again->a->dropped = true;
}

static void compact(struct object_list *list)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < list->n; i++)
		if (!((const struct address_config *)list->items[i])->dropped)
			list->items[kept++] = list->items[i];
	list->n = kept;
}

static void drop_duplicates(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	uint32_t n = vi->vips.n + vi->rare->evips.n, first = 0;
	bool evips_first = excluded_first(vi);

	if (n < 2)
		return;
	struct seen *seen = xcalloc(n, sizeof(*seen));

	n = fill(seen, 0, evips_first ? &vi->rare->evips : &vi->vips, evips_first);
	n = fill(seen, n, evips_first ? &vi->vips : &vi->rare->evips, !evips_first);
	qsort(seen, n, sizeof(*seen), by_address);
	for (uint32_t i = 1; i < n; i++) {
		if (addr_equal(seen[first].a->prefix.addr, seen[i].a->prefix.addr))
			report_duplicate(c, vi, &seen[first], &seen[i]);
		else
			first = i;
	}
	free(seen);
	compact(&vi->vips);
	if (vi->rare->evips.n)
		compact(&vi_rare(c, vi)->evips);
}

static uint32_t addresses_max(const struct vrrp_instance_config *vi)
{
	bool v6 = vi->family == AF_INET6;
	int room = MTU - LINK_HEADER - (v6 ? IP6_HEADER : IP4_HEADER) - VRRP_HEADER;

	if (vi->version == 2 && !v6)
		room -= V2_AUTH_DATA;
	if (vi->rare->auth && vi->rare->auth->type == VRRP_CONFIG_AUTH_AH)
		room -= AH_HEADER;
	if (vi->rare->hmac)
		room -= HMAC_TRAILER;
	return MIN_OF((uint32_t)room / (v6 ? 16 : 4), (uint32_t)ADDRESSES_MAX);
}

static void limit_number(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	uint32_t max = addresses_max(vi);
	const struct address_config *excess;

	if (vi->vips.n <= max)
		return;
	excess = vi->vips.items[max];
	diag_warning(c->base->diags, "too-many-addresses", excess->object.at,
		     "(%s) %u virtual addresses do not fit into an advert, %u do: the rest, from "
		     "here on, is treated as excluded",
		     vi->object.name, vi->vips.n, max);
	for (uint32_t i = max; i < vi->vips.n; i++)
		object_list_add(c->base->arena, &vi_rare(c, vi)->evips, vi->vips.items[i]);
	vi->vips.n = max;
}

static void check_none(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	bool strict = vi->strict == TRISTATE_ON;

	if (vi->no_vip_ok && strict) {
		vi_warning(c, "strict", vi, VI_AT(no_vip_ok),
			   "strict mode: no_virtual_ipaddress is ignored");
		vi->no_vip_ok = false;
	}
	if (vi->vips.n || vi->no_vip_ok)
		return;
	struct diag *mistake = vi_mistake(c, vi, VI_AT(vips));

	if (mistake && (vi->version == 3 || strict)) {
		diag_class(mistake, DIAG_CLASS_CANNOT_RUN);
		vi->faults |= VRRP_BAD_NO_VIP;
	}
	if (mistake)
		return;
	size_t at = vi_has(vi, VI_AT(vips)) ? VI_AT(vips) : VI_AT(object);

	if (vi->version == 3 || strict) {
		vi_cannot_run(c, VRRP_BAD_NO_VIP, "no-address", vi, at,
			      "there is no virtual address, and %s needs one",
			      vi->version == 3 ? "version 3" : "strict mode");
		return;
	}
	struct diag *d = vi_warning(c, "no-address", vi, at, "there is no virtual address");

	diag_hint(c->base->diags, d, "if that is meant: no_virtual_ipaddress");
}

static void check_first_v6(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	static const char text[] = "the first IPv6 address is not link-local (RFC 9568)";
	const struct address_config *first = vi->vips.n ? vi->vips.items[0] : NULL;

	if (!first || vi->family != AF_INET6 || vi->unicast ||
	    addr_is_link_local(first->prefix.addr))
		return;
	diag_add(c->base->diags, vi->strict == TRISTATE_ON ? DIAG_WARNING : DIAG_NOTE,
		 "first-ipv6-address", first->object.at, "(%s) %s", vi->object.name, text);
}

static const char *default_dev(struct vrrp_check *c, const struct vrrp_instance_config *vi)
{
	if (vi->ifname)
		return vi->ifname;
	/* its own default is for static addresses only */
	if (object_is_set(&c->global->object, offsetof(struct global_config, default_interface)))
		return c->global->default_interface;
	return NULL;
}

static void check_vmac_option(struct vrrp_check *c, const struct vrrp_instance_config *vi,
			      struct address_config *a, bool own)
{
	if (!a->use_vmac)
		return;
	if (!own && !vi->use_vmac_addr)
		return;
	diag_warning(c->base->diags, "vmac", a->object.at,
		     "(%s) use_vmac has no effect here: %s", vi->object.name,
		     own ? "the address is on the VMAC of the instance" : "use_vmac_addr is set");
	a->use_vmac = false;
}

/* Where the address goes; false: nowhere. */
static bool place_address(struct vrrp_check *c, struct vrrp_instance_config *vi,
			  struct address_config *a)
{
	bool here = !a->dev || str_eq(a->dev, vi->ifname);
	bool own = vi->vmac && here &&
		   (a->prefix.addr.family == vi->family || !vi->use_vmac_addr);
	bool written = a->dev != NULL;

	if (!written)
		a->dev = default_dev(c, vi);
	if (!a->dev) {
		if (!vi_mistake(c, vi, VI_AT(ifname)))
			diag_error(c->base->diags, "missing-interface", a->object.at,
				   "(%s) %s has no interface: dev is needed", vi->object.name,
				   a->object.name);
		return false;
	}
	check_vmac_option(c, vi, a, own);
	a->on_vmac = own || a->use_vmac || vi->use_vmac_addr;
	if (written)
		use_interface(c, a->dev,
			      object_place(&a->object, offsetof(struct address_config, dev)),
			      a->object.name, vi);
	return true;
}

static void place_list(struct vrrp_check *c, struct vrrp_instance_config *vi,
		       struct object_list *list)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < list->n; i++)
		if (place_address(c, vi, list->items[i]))
			list->items[kept++] = list->items[i];
	list->n = kept;
}

static void check_routes(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	for (uint32_t i = 0; i < vi->rare->routes.n; i++) {
		const struct route_config *r = vi->rare->routes.items[i];
		struct place at = object_place(&r->object,
					       offsetof(struct route_config, route.dev));

		if (r->route.dev)
			use_interface(c, r->route.dev, at, vi->object.name, vi);
		if (r->route.vrf)
			use_interface(c, r->route.vrf, r->object.at, vi->object.name, vi);
		for (uint32_t j = 0; j < r->route.n_nexthops; j++)
			if (r->route.nexthops[j].dev)
				use_interface(c, r->route.nexthops[j].dev, r->object.at,
					      vi->object.name, vi);
	}
	for (uint32_t i = 0; i < vi->rare->rules.n; i++) {
		const struct rule_config *r = vi->rare->rules.items[i];

		if (r->rule.iif)
			use_interface(c, r->rule.iif,
				      object_place(&r->object,
						   offsetof(struct rule_config, rule.iif)),
				      vi->object.name, vi);
		if (r->rule.oif)
			use_interface(c, r->rule.oif,
				      object_place(&r->object,
						   offsetof(struct rule_config, rule.oif)),
				      vi->object.name, vi);
	}
}

void check_addresses(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	drop_duplicates(c, vi);
	limit_number(c, vi);
	check_none(c, vi);
	check_first_v6(c, vi);
	place_list(c, vi, &vi->vips);
	if (vi->rare->evips.n)
		place_list(c, vi, &vi_rare(c, vi)->evips);
	check_routes(c, vi);
}
