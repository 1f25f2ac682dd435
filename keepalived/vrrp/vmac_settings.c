/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel settings around VMACs: ARP answered on the right interface only, no reverse path filter
 * in the way of adverts, no address that nobody asked for. What is changed on interfaces that are
 * not ours is remembered and put back at stop.
 */
#include <linux/if_link.h>
#include <linux/ip.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "loop/loop.h"
#include "netlink/nl.h"
#include "vrrp/vmac.h"
#include "vrrp/vmac_kept.h"

static void change(struct vrrp_net *net, enum vmac_setting what, uint32_t at, int64_t value)
{
	char path[VMAC_PATH_MAX];
	int64_t before;
	int error;

	if (!vmac_setting_path(net, what, at, path))
		return;
	error = vrrp_net_sysctl_read(net, path, &before);
	if (error == 0 && before != value) {
		vmac_kept_note(net, what, at, before, value);
		error = vrrp_net_sysctl_change(net, &net->sysctls, path, value);
	}
	if (error < 0)
		log_detail("cannot set %s: %s", path, strerror(-error));
}

static int64_t value_of(const struct vrrp_net *net, enum vmac_setting what, uint32_t at)
{
	char path[VMAC_PATH_MAX];
	int64_t value = 0;

	if (!vmac_setting_path(net, what, at, path))
		return 0;
	return vrrp_net_sysctl_read(net, path, &value) == 0 ? value : 0;
}

/* The kernel uses the larger of `all` and the interface's own rp_filter, and a VMAC needs 0: what
 * `all` demands moves to every single interface. */
static void move_rp_filter(struct vrrp_net *net)
{
	int64_t all = value_of(net, VMAC_RP_FILTER, VMAC_AT_ALL);
	int64_t other = value_of(net, VMAC_RP_FILTER, VMAC_AT_DEFAULT);
	struct iface *i = NULL;

	if (all <= 0)
		return;
	if (other < all) {
		log_notice("NOTICE: setting sysctl net.ipv4.conf.default.rp_filter from %lld to "
			   "%lld",
			   (long long)other, (long long)all);
		change(net, VMAC_RP_FILTER, VMAC_AT_DEFAULT, all);
	}
	while ((i = iface_next(net->mirror, i)) != NULL) {
		if (value_of(net, VMAC_RP_FILTER, i->ifindex) < all)
			change(net, VMAC_RP_FILTER, i->ifindex, all);
	}
	change(net, VMAC_RP_FILTER, VMAC_AT_ALL, 0);
}

static bool has_ipv6_address(const struct vrrp_instance *vr)
{
	const struct object_list *evips = &vr->config->rare->evips;

	for (uint32_t i = 0; i < evips->n; i++) {
		const struct address_config *a = evips->items[i];

		if (a->prefix.addr.family == AF_INET6)
			return true;
	}
	return vr->config->family == AF_INET6;
}

/* On the new interface, which is gone with us: nothing to remember. */
static void set_own(struct vrrp_vmac *v)
{
	static const struct nl_link_inet_conf ipv4[] = {
		{ IPV4_DEVCONF_ARP_IGNORE, 1 },
		{ IPV4_DEVCONF_ACCEPT_LOCAL, 1 },
		{ IPV4_DEVCONF_RP_FILTER, 0 },
		{ IPV4_DEVCONF_PROMOTE_SECONDARIES, 1 },
	};
	struct vrrp_net *net = v->vr->net;
	unsigned ifindex = v->iface->ifindex;
	struct nl_buf buf = { 0 };
	char path[96];

	nl_link_set_addr_gen_mode(&buf, ifindex, IN6_ADDR_GEN_MODE_NONE);
	nl_queue_blind(net->nl, &buf);
	if (v->ipvlan) {
		nl_buf_fini(&buf);
		return;
	}
	nl_link_set_inet_conf(&buf, ifindex, ipv4,
			      v->vr->config->family == AF_INET ? ARRAY_LEN(ipv4) : 1);
	nl_queue_blind(net->nl, &buf);
	nl_buf_fini(&buf);
	(void)snprintf(path, sizeof(path), "net/ipv6/conf/%s/disable_ipv6", v->iface->name);
	(void)vrrp_net_sysctl_write(net, path, has_ipv6_address(v->vr) ? 0 : 1);
}

/* Hundreds of VMACs may appear on one interface at once: look at its settings once. */
static bool is_set_already(struct vrrp_net *net, const struct iface *parent)
{
	ktime now = loop_now(net->vrrp->loop);

	if (net->vmac_parent == parent->ifindex && net->vmac_parent_at.ns == now.ns)
		return true;
	net->vmac_parent = parent->ifindex;
	net->vmac_parent_at = now;
	return false;
}

static void set_parent(struct vrrp_net *net, const struct iface *parent)
{
	change(net, VMAC_ARP_IGNORE, parent->ifindex, 1);
	change(net, VMAC_ARP_FILTER, parent->ifindex, 1);
	/* Else the parent asks for neighbours in the name of the virtual address, with its own
	 * MAC, which they then believe. */
	if (value_of(net, VMAC_ARP_ANNOUNCE, parent->ifindex) < 2)
		change(net, VMAC_ARP_ANNOUNCE, parent->ifindex, 2);
}

void vmac_settings(struct vrrp_vmac *v)
{
	struct vrrp_net *net = v->vr->net;

	set_own(v);
	if (v->ipvlan)
		return;
	if (v->vr->config->family == AF_INET) {
		if (is_set_already(net, v->parent))
			return;
		set_parent(net, v->parent);
	}
	move_rp_filter(net);
}

void vmac_plain_settings(struct vrrp_instance *vr)
{
	const struct vrrp_instance_config *c = vr->config;
	struct vrrp_net *net = vr->net;
	const struct iface *i = NULL;

	if (c->promote_secondaries && c->ifname != NULL && c->vmac == NULL)
		i = iface_find(net->mirror, c->ifname);
	if (i != NULL && iface_exists(i) &&
	    value_of(net, VMAC_PROMOTE_SECONDARIES, i->ifindex) == 0)
		change(net, VMAC_PROMOTE_SECONDARIES, i->ifindex, 1);
	if (vr->vrrp->global->disable_local_igmp && c->vmac != NULL)
		change(net, VMAC_IGMP_REPORTS, VMAC_AT_ALL, 0);
}

void vmac_settings_restore(struct vrrp_net *net)
{
	(void)vrrp_net_sysctl_restore(net, &net->sysctls);
}
