/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How an instance talks: interface, source, group or peers, VMAC or ipvlan.
 */
#include "vrrp/config_check.h"

#define LOOPBACK	"lo"
#define MAC_LEN		6
#define IPV4_TTL	255
#define LINK_LOCAL_MASK 0x0f
#define LINK_LOCAL	2

static bool is_link_local_group(struct addr a)
{
	return a.bytes[0] == 0xff && (a.bytes[1] & LINK_LOCAL_MASK) == LINK_LOCAL;
}

static void check_group(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	bool v6 = vi->family == AF_INET6;

	if (addr_is_set(vi->rare->mcast_dst) && !addr_is_multicast(vi->rare->mcast_dst)) {
		vi_error(c, "multicast", vi, VRRP_RARE_AT(mcast_dst),
			 "%s is not a multicast address: ignored", addr_text(vi->rare->mcast_dst));
		vi_rare(c, vi)->mcast_dst = (struct addr){ 0 };
	} else if (addr_is_set(vi->rare->mcast_dst) && v6 &&
		   !is_link_local_group(vi->rare->mcast_dst)) {
		vi_error(c, "multicast", vi, VRRP_RARE_AT(mcast_dst),
			 "%s is not a link-local multicast address (ff02::...): ignored",
			 addr_text(vi->rare->mcast_dst));
		vi_rare(c, vi)->mcast_dst = (struct addr){ 0 };
	} else if (addr_is_set(vi->rare->mcast_dst) && vi->unicast) {
		vi_warning(c, "multicast", vi, VRRP_RARE_AT(mcast_dst),
			   "mcast_dst_ip is ignored with unicast_peer");
		vi_rare(c, vi)->mcast_dst = (struct addr){ 0 };
	}
	if (addr_is_set(vi->rare->mcast_dst))
		vi->mcast_group = vi->rare->mcast_dst;
	else
		vi->mcast_group = v6 ? c->global->mcast_group6 : c->global->mcast_group4;
}

static void drop_duplicate_peers(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	struct object_list *peers;
	uint32_t kept = 0;

	if (!vi->rare->peers.n)
		return;
	peers = &vi_rare(c, vi)->peers;
	for (uint32_t i = 0; i < peers->n; i++) {
		struct vrrp_peer_config *p = peers->items[i];
		const struct vrrp_peer_config *first = NULL;

		for (uint32_t j = 0; j < kept && !first; j++)
			if (addr_equal(((struct vrrp_peer_config *)peers->items[j])->addr,
				       p->addr))
				first = peers->items[j];
		if (!first) {
			peers->items[kept++] = p;
			continue;
		}
		struct diag *d = diag_warning(c->base->diags, "duplicate", p->object.at,
					      "(%s) peer %s is listed twice", vi->object.name,
					      p->object.name);

		diag_see(c->base->diags, d, first->object.at, "first listed here");
	}
	peers->n = kept;
}

static bool uses_unicast_words(const struct vrrp_instance_config *vi)
{
	return vi->unicast_words || vi_has(vi, VRRP_RARE_AT(peers)) ||
	       vi_has(vi, VI_AT(fault_no_peer)) ||
	       vi_has(vi, VI_AT(check_unicast_src)) || vi_has(vi, VI_AT(old_checksum));
}

/* The first unicast keyword that was used, for the place of the message. */
static size_t unicast_word_at(const struct vrrp_instance_config *vi)
{
	static const size_t words[] = { VRRP_RARE_AT(peers), VI_AT(fault_no_peer),
					VI_AT(check_unicast_src), VI_AT(old_checksum),
					VRRP_RARE_AT(src) };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (vi_has(vi, words[i]))
			return words[i];
	return VI_AT(object);
}

static void check_peers(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	drop_duplicate_peers(c, vi);
	vi->unicast = vi->rare->peers.n > 0;
	vi->unicast_words = uses_unicast_words(vi);
	for (uint32_t i = 0; i < vi->rare->peers.n; i++) {
		const struct object *peer = vi->rare->peers.items[i];

		if (object_is_set(peer, offsetof(struct vrrp_peer_config, min_ttl)) ||
		    object_is_set(peer, offsetof(struct vrrp_peer_config, max_ttl)))
			vi->check_unicast_src = TRISTATE_ON;
	}
	if (vi->check_unicast_src == TRISTATE_UNSET)
		vi->check_unicast_src = c->global->check_unicast_src ? TRISTATE_ON : TRISTATE_OFF;
	if (vi->unicast || !vi->unicast_words)
		return;
	if (vi_mistake(c, vi, VRRP_RARE_AT(peers))) {
		vi->faults |= vi->fault_no_peer ? VRRP_BAD_NO_PEERS : 0;
		return;
	}
	if (vi->fault_no_peer) {
		vi->faults |= VRRP_BAD_NO_PEERS;
		vi_warning(c, "unicast", vi, unicast_word_at(vi),
			   "there is no unicast_peer: it stays in FAULT (unicast_fault_no_peer)");
		return;
	}
	struct diag *d = vi_warning(c, "unicast", vi, unicast_word_at(vi),
				    "there is no unicast_peer: multicast is used");

	diag_hint(c->base->diags, d, "write mcast_src_ip for the source address of multicast");
}

static void check_ttl(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	if (vi->has_unicast_ttl && !vi->unicast && vi_mistake(c, vi, VRRP_RARE_AT(peers))) {
		vi->has_unicast_ttl = false;
	} else if (vi->has_unicast_ttl && !vi->unicast) {
		diag_see(c->base->diags,
			 vi_warning(c, "unicast", vi, VI_AT(unicast_ttl),
				    "unicast_ttl is ignored without unicast_peer"),
			 vi->end, "none until here");
		vi->has_unicast_ttl = false;
	}
	if (!vi->has_unicast_ttl)
		vi->unicast_ttl = IPV4_TTL;
	if (vi->family == AF_INET)
		vi->has_unicast_ttl = true;
}

static bool may_lack_interface(const struct vrrp_instance_config *vi)
{
	return vi->unicast && addr_is_set(vi->rare->src) &&
	       (vi->family == AF_INET || !addr_is_link_local(vi->rare->src));
}

static void no_interface(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	const char *hint = "write interface IFNAME";
	const char *why = "there is no interface";

	struct diag *mistake = vi_mistake(c, vi, VI_AT(ifname));

	if (!mistake && vi->unicast)
		mistake = vi_mistake(c, vi, VRRP_RARE_AT(src));
	if (mistake) {
		diag_class(mistake, DIAG_CLASS_CANNOT_RUN);
		vi->faults |= VRRP_BAD_NO_INTERFACE;
	}
	/* was written, but not understood */
	if (mistake || vi_has(vi, VI_AT(ifname)))
		return;
	if (vi->unicast)
		why = addr_is_set(vi->rare->src) ?
			      "a link-local source address needs an interface" :
			      "unicast without interface needs unicast_src_ip";
	struct diag *d = vi_error(c, "missing-keyword", vi, VI_AT(object), "%s", why);

	diag_class(d, DIAG_CLASS_CANNOT_RUN);
	diag_hint(c->base->diags, d, "%s", hint);
	vi->faults |= VRRP_BAD_NO_INTERFACE;
}

static void check_interface(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	if (!vi->ifname && !may_lack_interface(vi))
		no_interface(c, vi);
	if (vi->ifname && !strcmp(vi->ifname, LOOPBACK))
		vi_cannot_run(c, VRRP_BAD_NO_INTERFACE, "loopback", vi, VI_AT(ifname),
			      "a virtual router cannot run on the loopback interface");
	if (vi->ifname && vi->rare->vrf) {
		vi_warning(c, "vrf", vi, VRRP_RARE_AT(vrf), "vrf is ignored with interface");
		vi_rare(c, vi)->vrf = NULL;
	}
	if (vi->ifname)
		use_interface(c, vi->ifname, vi_place(vi, VI_AT(ifname)),
			      arena_printf(c->base->arena, "vrrp_instance %s", vi->object.name),
			      vi);
	if (vi->rare->vrf)
		use_interface(c, vi->rare->vrf, vi_place(vi, VRRP_RARE_AT(vrf)),
			      vi->object.name, vi);
	vi->track_primary = vi->ifname && !vi->dont_track_primary;
}

void check_transport(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	check_peers(c, vi);
	if (vi->lower->ipvlans.n && !addr_is_set(vi->rare->src)) {
		const struct vrrp_ipvlan_config *ipvlan = vi->lower->ipvlans.items[0];

		vi_rare(c, vi)->src = ipvlan->addr.addr;
	}
	check_group(c, vi);
	check_ttl(c, vi);
	check_interface(c, vi);
	if (vi->v3_checksum_as_v2 == TRISTATE_UNSET)
		vi->v3_checksum_as_v2 = c->global->v3_checksum_as_v2 ? TRISTATE_ON : TRISTATE_OFF;
	if (vi->track_src_ip && !addr_is_set(vi->rare->src)) {
		vi_note(c, "track-src-ip", vi, VI_AT(track_src_ip),
			"track_src_ip has no effect without mcast_src_ip or unicast_src_ip");
		vi->track_src_ip = false;
	}
	if (vi->strict == TRISTATE_ON && vi->unicast && vi->ifname)
		vi_cannot_run(c, VRRP_BAD_STRICT, "strict", vi, VRRP_RARE_AT(peers),
			      "strict mode: the RFCs know no unicast");
}

static void finish_mac(struct vrrp_check *c, struct vrrp_instance_config *vi,
		       struct vrrp_vmac_config *vmac)
{
	if (!vmac->mac.len)
		return;
	if (vi->strict == TRISTATE_ON) {
		diag_warning(c->base->diags, "strict", vmac->object.at,
			     "(%s) strict mode: the MAC address is that of the VRID",
			     vi->object.name);
		vmac->mac = (struct mac){ 0 };
	} else if (vmac->mac.len == MAC_LEN - 1) {
		vmac->mac.bytes[vmac->mac.len++] = vi->vrid;
	}
}

static void unique_name(struct vrrp_check *c, const struct vrrp_instance_config *vi,
			const char **name, struct place at)
{
	if (!*name || !name_set_has(c->made, *name))
		return;
	diag_warning(c->base->diags, "duplicate", at,
		     "(%s) another virtual router has an interface '%s': the default name is used",
		     vi->object.name, *name);
	*name = NULL;
}

static void pick_lower(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	const struct object_list *vmacs = &vi->lower->vmacs, *ipvlans = &vi->lower->ipvlans;

	if (!vmacs->n && !ipvlans->n)
		return;
	if (!vi->ifname) {
		vi_warning(c, "vmac", vi, vmacs->n ? VRRP_LOWER_AT(vmacs) : VRRP_LOWER_AT(ipvlans),
			   "a VMAC or ipvlan needs an interface: none is made");
		return;
	}
	if (ipvlans->n) {
		struct vrrp_ipvlan_config *ipvlan = ipvlans->items[0];

		unique_name(c, vi, &ipvlan->ifname, ipvlan->object.at);
		vi->ipvlan = ipvlan;
		if (vmacs->n)
			vi_note(c, "vmac", vi, VRRP_LOWER_AT(vmacs),
				"use_vmac has no effect with use_ipvlan");
		return;
	}
	struct vrrp_vmac_config *vmac = vmacs->items[vmacs->n - 1];

	unique_name(c, vi, &vmac->ifname, vmac->object.at);
	finish_mac(c, vi, vmac);
	vi->vmac = vmac;
	if (vmac->ifname && !vi->rare->net_namespace)
		config_need(c->base, &(struct config_need){ .kind = NEED_MACVLAN_NAME,
							    .name = vmac->ifname,
							    .what = vi->object.name,
							    .at = vmac->object.at });
}

static void check_xmit_base(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	bool written = vi->vmac_xmit_base;

	if (written && vi->strict == TRISTATE_ON) {
		vi_warning(c, "strict", vi, VI_AT(vmac_xmit_base),
			   "strict mode: vmac_xmit_base is ignored");
		vi->vmac_xmit_base = false;
	} else if (written && !vi->vmac) {
		vi_warning(c, "vmac", vi, VI_AT(vmac_xmit_base),
			   "vmac_xmit_base is ignored without use_vmac");
		vi->vmac_xmit_base = false;
	} else if (!written && vi->vmac && vi->unicast_words) {
		diag_see(c->base->diags,
			 vi_warning(c, "vmac", vi, VRRP_LOWER_AT(vmacs),
				    "unicast with use_vmac needs vmac_xmit_base: taken as written"),
			 vi->end, "not written until here");
		vi->vmac_xmit_base = true;
	}
}

void check_vmac(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	pick_lower(c, vi);
	check_xmit_base(c, vi);
	if (vi->ipvlan && vi->family == AF_INET && !addr_is_set(vi->rare->src)) {
		vi_error(c, "ipvlan", vi, VRRP_LOWER_AT(ipvlans),
			 "an IPv4 ipvlan needs an address: it stays in FAULT");
		vi->faults |= VRRP_BAD_IPVLAN_ADDRESS;
	}
	if (vi->promote_secondaries && (vi->vmac || vi->ipvlan)) {
		vi_warning(c, "promote-secondaries", vi, VI_AT(promote_secondaries),
			   "promote_secondaries is ignored with a VMAC or ipvlan");
		vi->promote_secondaries = false;
	}
}
