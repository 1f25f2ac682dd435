/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Status slots of what several instances share. Instances, groups and tracked objects write their
 * own.
 */
#include "vrrp/show.h"

#include <string.h>
#include <unistd.h>

#include "loop/loop.h"
#include "vrrp/io.h"

static void show_engine(struct vrrp *v)
{
	struct vrrp_engine_status *s = status_begin(v->page, VRRP_SLOT_ENGINE, 0);

	if (s == NULL)
		return;
	s->pid = getpid();
	if (s->started_wall_ns == 0)
		s->started_wall_ns = clock_wall_ns();
	s->startup_delay = ktime_before(loop_now(v->loop), v->not_before);
	status_end(v->page, s);
}

void show_sockets(struct vrrp *v)
{
	uint32_t n = 0, count = status_count(v->page, VRRP_SLOT_SOCKET);

	for (struct vrrp_net *net = v->nets; net != NULL; net = net->next)
		n = io_publish(net->io, n);
	/* Slots behind the first unused one were never used. */
	for (; n < count; n++) {
		struct vrrp_socket_status *s = status_slot(v->page, VRRP_SLOT_SOCKET, n);

		if (!s->used)
			break;
		(void)status_begin(v->page, VRRP_SLOT_SOCKET, n);
		*s = (struct vrrp_socket_status){ .fd_in = -1, .fd_out = -1 };
		status_end(v->page, s);
	}
}

/* -- interfaces ---------------------------------------------------------------------------- */

static const char *name_of(struct iface_mirror *m, unsigned ifindex)
{
	const struct iface *i = iface_by_index(m, ifindex);

	return i != NULL ? i->name : "";
}

static uint32_t n_users(const struct vrrp *v, const struct iface *i)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < v->n_instances; k++) {
		const struct vrrp_instance *vr = v->instances[k];

		n += vr != NULL && (vr->base == i || vr->iface == i) ? 1 : 0;
	}
	return n;
}

static void fill_addrs(const struct iface *i, struct vrrp_interface_status *s)
{
	s->addr4 = s->addr6 = (struct addr){ 0 };
	s->n_more_addr4 = 0;
	for (const struct iface_addr *a = i->addrs; a != NULL; a = a->next) {
		if (a->addr.family == AF_INET && !addr_is_set(s->addr4))
			s->addr4 = a->addr;
		else if (a->addr.family == AF_INET)
			s->n_more_addr4++;
		else if (addr_is_link_local(a->addr) && !addr_is_set(s->addr6))
			s->addr6 = a->addr;
	}
}

static void fill(const struct vrrp *v, const struct iface *i, struct vrrp_interface_status *s)
{
	struct iface_mirror *m = i->mirror;
	struct iface_delays delays = iface_delays(i);

	memcpy(s->name, i->name, sizeof(s->name));
	memcpy(s->kind, i->kind, sizeof(s->kind));
	(void)str_copy(s->parent, sizeof(s->parent), name_of(m, i->parent));
	(void)str_copy(s->vrf, sizeof(s->vrf), name_of(m, iface_vrf(i)));
	s->ifindex = i->ifindex;
	s->flags = i->flags;
	s->mtu = i->mtu;
	s->group = i->group;
	s->hw_type = i->hw_type;
	s->up = i->up;
	s->seen_up = s->seen_up || i->up;
	s->up_delay = delays.up;
	s->down_delay = delays.down;
	s->delay_running = delays.running;
	s->mac = i->mac;
	s->broadcast = i->broadcast;
	s->n_instances = n_users(v, i);
	fill_addrs(i, s);
}

void show_interface(struct vrrp_net *net, const struct iface *i)
{
	struct vrrp *v = net->vrrp;
	const struct word_list *names = &v->config->interfaces;

	for (uint32_t n = 0; n < names->n; n++) {
		struct vrrp_interface_status *s;

		if (!str_eq(names->items[n], i->name))
			continue;
		s = status_begin(v->page, VRRP_SLOT_INTERFACE, n);
		if (s == NULL)
			return;
		fill(v, i, s);
		status_end(v->page, s);
		return;
	}
}

void show_all(struct vrrp *v)
{
	const struct word_list *names = &v->config->interfaces;

	show_engine(v);
	show_sockets(v);
	for (struct vrrp_net *net = v->nets; net != NULL; net = net->next) {
		for (uint32_t n = 0; n < names->n; n++) {
			const struct iface *i = iface_find(net->mirror, names->items[n]);

			if (i != NULL)
				show_interface(net, i);
		}
	}
	for (uint32_t i = 0; i < v->n_instances; i++) {
		if (v->instances[i] != NULL)
			instance_publish(v->instances[i]);
	}
}
