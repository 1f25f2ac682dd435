/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The family of an instance, which the first address written in it decides, and the version of
 * VRRP that goes with it.
 */
#include "vrrp/config_check.h"

static uint8_t first_vip_family(const struct object_list *vips)
{
	return vips->n ? ((const struct address_config *)vips->items[0])->prefix.addr.family : 0;
}

static uint8_t first_peer_family(const struct object_list *peers)
{
	return peers->n ? ((const struct vrrp_peer_config *)peers->items[0])->addr.family : 0;
}

static uint8_t ipvlan_family(const struct object_list *lines)
{
	return lines->n ? ((const struct vrrp_ipvlan_config *)lines->items[0])->addr.addr.family :
			  0;
}

/* What the keyword at @at says about the family, 0: nothing. */
static uint8_t family_said(const struct vrrp_instance_config *vi, size_t at)
{
	switch (at) {
	case VI_AT(vips):
		return first_vip_family(&vi->vips);
	case VRRP_RARE_AT(peers):
		return first_peer_family(&vi->rare->peers);
	case VRRP_RARE_AT(src):
		return vi->rare->src.family;
	case VRRP_RARE_AT(mcast_dst):
		return vi->rare->mcast_dst.family;
	case VRRP_LOWER_AT(ipvlans):
		return ipvlan_family(&vi->lower->ipvlans);
	case VI_AT(native_ipv6):
		return AF_INET6;
	}
	return 0;
}

static size_t mark_at(const struct vrrp_instance_config *vi, uint32_t i)
{
	return vi->object.type->keywords[vi->object.marks[i].row].at;
}

/* Walk the statements in their order. @out_version_late: version was written behind it. */
static uint8_t decide_family(const struct vrrp_instance_config *vi, bool *out_version_late)
{
	uint8_t family = 0;

	*out_version_late = false;
	for (uint32_t i = 0; i < vi->object.n_marks; i++) {
		size_t at = mark_at(vi, i);

		if (!family)
			family = family_said(vi, at);
		else if (at == VI_AT(version))
			*out_version_late = true;
	}
	return family ? family : AF_INET;
}

static const char *family_name(int family)
{
	return family == AF_INET6 ? "IPv6" : "IPv4";
}

static void drop_vips(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < vi->vips.n; i++) {
		struct address_config *a = vi->vips.items[i];

		if (a->prefix.addr.family == vi->family) {
			vi->vips.items[kept++] = a;
			continue;
		}
		struct diag *d = diag_error(c->base->diags, "family", a->object.at,
					    "(%s) %s does not fit an %s virtual router: ignored",
					    vi->object.name, a->object.name,
					    family_name(vi->family));

		diag_hint(c->base->diags, d, "virtual_ipaddress_excluded takes both families");
	}
	vi->vips.n = kept;
}

static void drop_peers(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	struct object_list *peers;
	uint32_t kept = 0;

	if (!vi->rare->peers.n)
		return;
	peers = &vi_rare(c, vi)->peers;
	for (uint32_t i = 0; i < peers->n; i++) {
		struct vrrp_peer_config *p = peers->items[i];

		if (p->addr.family == vi->family)
			peers->items[kept++] = p;
		else
			diag_error(c->base->diags, "family", p->object.at,
				   "(%s) peer %s does not fit an %s virtual router: ignored",
				   vi->object.name, p->object.name, family_name(vi->family));
	}
	peers->n = kept;
}

static void drop_addr(struct vrrp_check *c, struct vrrp_instance_config *vi, struct addr *addr,
		      size_t at)
{
	if (!addr->family || addr->family == vi->family)
		return;
	vi_error(c, "family", vi, at, "%s does not fit an %s virtual router: ignored",
		 addr_text(*addr), family_name(vi->family));
	*addr = (struct addr){ 0 };
}

static void drop_others(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	struct vrrp_ipvlan_config *ipvlan = vi->lower->ipvlans.n ? vi->lower->ipvlans.items[0] :
								  NULL;

	drop_vips(c, vi);
	drop_peers(c, vi);
	if (addr_is_set(vi->rare->src))
		drop_addr(c, vi, &vi_rare(c, vi)->src, VRRP_RARE_AT(src));
	if (addr_is_set(vi->rare->mcast_dst))
		drop_addr(c, vi, &vi_rare(c, vi)->mcast_dst, VRRP_RARE_AT(mcast_dst));
	if (ipvlan)
		drop_addr(c, vi, &ipvlan->addr.addr, VRRP_LOWER_AT(ipvlans));
}

static void check_version(struct vrrp_check *c, struct vrrp_instance_config *vi, bool late)
{
	bool v6 = vi->family == AF_INET6;

	if (vi->native_ipv6 || (v6 && !vi->version)) {
		vi->version = 3;
	} else if (!vi->version) {
		vi->version = (uint8_t)c->global->vrrp_version;
	} else if (v6 && vi->version == 2 && (late || vi->strict == TRISTATE_ON)) {
		vi_warning(c, "version", vi, VI_AT(version),
			   "IPv6 cannot be used with version 2: 3 is used");
		vi->version = 3;
	}
}

void check_family(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	bool version_late;

	vi->family = decide_family(vi, &version_late);
	if (vi->native_ipv6 && vi->family == AF_INET) {
		vi_warning(c, "family", vi, VI_AT(native_ipv6),
			   "an IPv4 virtual router cannot be native_ipv6: ignored");
		vi->native_ipv6 = false;
	}
	if (vi->strict == TRISTATE_UNSET)
		vi->strict = c->global->vrrp_strict ? TRISTATE_ON : TRISTATE_OFF;
	drop_others(c, vi);
	check_version(c, vi, version_late);
}
