/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The firewall as instances use it. The filter itself is fw.h; a namespace in which nothing needs
 * it has none.
 */
#include "vrrp/block.h"

#include <string.h>

#include "vrrp/fw.h"
#include "vrrp/vmac.h"

static bool blocks(const struct vrrp_instance *vr)
{
	return vr->config->accept == TRISTATE_OFF;
}

static void add_needs(const struct vrrp_instance *vr, struct fw_needs *needs)
{
	bool v6 = vr->config->family == AF_INET6;
	bool has_vmac = vr->config->vmac != NULL;

	needs->no_accept4 = needs->no_accept4 || (blocks(vr) && !v6);
	needs->no_accept6 = needs->no_accept6 || (blocks(vr) && v6);
	needs->vmac4 = needs->vmac4 || (has_vmac && !v6 && !vr->vrrp->global->disable_local_igmp);
	needs->vmac6 = needs->vmac6 || (has_vmac && v6);
}

static void configure_net(struct vrrp_net *net)
{
	const struct vrrp *v = net->vrrp;
	struct fw_needs needs = { 0 }, none = { 0 };

	for (uint32_t i = 0; i < v->n_instances; i++) {
		if (v->instances[i] != NULL && v->instances[i]->net == net)
			add_needs(v->instances[i], &needs);
	}
	if (net->fw == NULL && memcmp(&needs, &none, sizeof(needs)) == 0)
		return;
	if (net->fw == NULL)
		net->fw = fw_new(v->run, net->in);
	fw_configure(net->fw, v->global, &needs);
}

void block_configure(struct vrrp *v)
{
	for (struct vrrp_net *net = v->nets; net != NULL; net = net->next)
		configure_net(net);
}

static void set_one(struct vrrp_instance *vr, const struct address_config *a, bool on)
{
	const char *ifname = instance_address_ifname(vr, a);
	const struct iface *iface = iface_find(vr->net->mirror, ifname);
	struct fw_vip vip = {
		.addr = a->prefix.addr,
		.ifindex = iface != NULL ? iface->ifindex : 0,
		.by_name = vr->config->dont_track_primary,
	};

	(void)str_copy(vip.ifname, sizeof(vip.ifname), ifname);
	if (on)
		fw_block(vr->net->fw, &vip);
	else
		fw_unblock(vr->net->fw, &vip);
}

void block_set(struct vrrp_instance *vr, bool on)
{
	const struct vrrp_instance_config *c = vr->config;

	if (vr->net->fw == NULL || vr->blocked == on || (on && !blocks(vr)))
		return;
	vr->blocked = on;
	for (uint32_t i = 0; i < c->vips.n; i++)
		set_one(vr, c->vips.items[i], on);
	for (uint32_t i = 0; i < c->rare->evips.n; i++)
		set_one(vr, c->rare->evips.items[i], on);
}

void block_vmac_added(const struct vrrp_vmac *v, struct addr link_local)
{
	struct fw_vmac vmac = {
		.family = v->vr->config->family,
		.ifindex = v->iface->ifindex,
		.base_ifindex = v->parent->ifindex,
		.link_local = link_local,
	};

	if (v->vr->net->fw == NULL)
		return;
	(void)str_copy(vmac.ifname, sizeof(vmac.ifname), v->iface->name);
	(void)str_copy(vmac.base_ifname, sizeof(vmac.base_ifname), v->parent->name);
	fw_vmac_added(v->vr->net->fw, &vmac);
}

void block_vmac_removed(const struct vrrp_vmac *v)
{
	if (v->vr->net->fw != NULL)
		fw_vmac_removed(v->vr->net->fw, v->iface->ifindex);
}

void block_flush(struct vrrp_net *net, ktime now)
{
	if (net->fw != NULL)
		fw_flush(net->fw, now);
}

bool block_stop(struct vrrp_net *net, ktime now)
{
	if (net->fw == NULL || fw_is_stopped(net->fw))
		return true;
	if (net->fw_stopping)
		return false;
	net->fw_stopping = true;
	return fw_stop(net->fw, now);
}
