/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keepalived.data: the interfaces that the configuration names, and the instances that depend on
 * them.
 */
#include <linux/if.h>
#include <linux/if_arp.h>
#include <stdlib.h>
#include <string.h>

#include "vrrp/dump.h"

/* Who depends on an interface: an instance that runs on it (weight 0) or tracks it. */
struct user {
	const char *ifname;
	const char *instance;
	struct track_weight weight;
	uint32_t order;
};

struct users {
	struct user *items;
	size_t n;
};

static int by_ifname(const void *x, const void *y)
{
	const struct user *a = x, *b = y;
	int c = strcmp(a->ifname, b->ifname);

	return c ? c : (a->order > b->order) - (a->order < b->order);
}

static void add_user(struct users *users, const char *ifname, const char *instance,
		     struct track_weight weight)
{
	if (!ifname)
		return;
	users->items[users->n] = (struct user){ ifname, instance, weight, (uint32_t)users->n };
	users->n++;
}

static struct users find_users(const struct vrrp_config *vc)
{
	struct users users = { 0 };
	size_t n = 0;

	for (uint32_t i = 0; i < vc->instances.n; i++)
		n += 1 + vrrp_instance_at(vc, i)->track->list[TRACKER_INTERFACE].n;
	users.items = xcalloc(n + 1, sizeof(struct user));
	for (uint32_t i = 0; i < vc->instances.n; i++) {
		const struct vrrp_instance_config *vi = vrrp_instance_at(vc, i);
		const struct object_list *list = &vi->track->list[TRACKER_INTERFACE];

		add_user(&users, vi->ifname, vi->object.name, (struct track_weight){ 0 });
		for (uint32_t k = 0; k < list->n; k++) {
			const struct tracker_config *t = list->items[k];

			add_user(&users, t->object.name, vi->object.name, t->weight);
		}
	}
	qsort(users.items, users.n, sizeof(struct user), by_ifname);
	return users;
}

static size_t first_user(const struct users *users, const char *ifname)
{
	size_t low = 0, high = users->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(users->items[middle].ifname, ifname) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void list_users(const struct users *users, const char *ifname, struct strbuf *out)
{
	size_t i = first_user(users, ifname);

	if (i == users->n || strcmp(users->items[i].ifname, ifname) != 0)
		return;
	dump_line(out, "   Tracking VRRP instances :");
	for (; i < users->n && strcmp(users->items[i].ifname, ifname) == 0; i++)
		dump_item(out, "%s, weight %d%s", users->items[i].instance,
			  users->items[i].weight.weight,
			  users->items[i].weight.reverse ? " reverse" : "");
}

static const struct {
	unsigned flag;
	const char *word;
} if_flags[] = {
	{ IFF_UP, "UP" },
	{ IFF_RUNNING, "RUNNING" },
	{ IFF_BROADCAST, "" },
	{ IFF_LOOPBACK, "loopback" },
	{ IFF_POINTOPOINT, "point to point" },
	{ IFF_NOARP, "no arp" },
};

static void add_state(const struct vrrp_interface_status *st, struct strbuf *out)
{
	strbuf_addf(out, "   State = %s", st->flags & IFF_UP ? "" : "not UP");
	bool first = st->flags & IFF_UP;

	for (size_t i = 0; i < ARRAY_LEN(if_flags); i++) {
		if (!(st->flags & if_flags[i].flag) || !if_flags[i].word[0])
			continue;
		strbuf_addf(out, "%s%s", first ? "" : ", ", if_flags[i].word);
		first = false;
	}
	if (!(st->flags & IFF_RUNNING))
		strbuf_add(out, ", not RUNNING");
	if (!(st->flags & IFF_MULTICAST))
		strbuf_add(out, ", no multicast");
	strbuf_add_char(out, '\n');
}

static const char *hw_type(uint16_t type)
{
	switch (type) {
	case ARPHRD_LOOPBACK:
		return "LOOPBACK";
	case ARPHRD_ETHER:
		return "ETHERNET";
	case ARPHRD_INFINIBAND:
		return "INFINIBAND";
	case ARPHRD_NONE:
		return "VRF";
	}
	return "UNKNOWN";
}

static void add_link(const struct vrrp_interface_status *st, struct strbuf *out)
{
	char mac[MAC_TEXT_MAX], addr[ADDR_TEXT_MAX];

	dump_value(out, "index", "%u", st->ifindex);
	dump_value(out, "IPv4 address", "%s",
		   addr_is_set(st->addr4) ? addr_print(st->addr4, addr) : "(none)");
	dump_value(out, "IPv6 address", "%s",
		   addr_is_set(st->addr6) ? addr_print(st->addr6, addr) : "(none)");
	if (st->mac.len)
		dump_value(out, "MAC", "%s", mac_print(&st->mac, mac));
	if (st->broadcast.len)
		dump_value(out, "MAC broadcast", "%s", mac_print(&st->broadcast, mac));
	add_state(st, out);
	if (st->group)
		dump_value(out, "Group", "%u", st->group);
	if (st->kind[0])
		dump_value(out, "Type", "%.15s%s%.15s", st->kind, st->parent[0] ? " on " : "",
			   st->parent);
	if (st->vrf[0])
		dump_value(out, "VRF master", "%.15s", st->vrf);
	if (st->ours)
		dump_line(out, "   I/f created by keepalived");
	dump_value(out, "MTU", "%u", st->mtu);
	dump_value(out, "HW Type", "%s", hw_type(st->hw_type));
}

static void add_delays(const struct vrrp_interface_status *st, struct strbuf *out)
{
	dump_value(out, "Seen up", "%d", st->seen_up);
	dump_value(out, "Delayed state change running", "%s", st->delay_running ? "true" : "false");
	dump_value(out, "Up debounce timer", "%lldus", (long long)kspan_usec(st->up_delay));
	dump_value(out, "Down debounce timer", "%lldus", (long long)kspan_usec(st->down_delay));
}

static void dump_interface(const struct vrrp_interface_status *st, struct strbuf *out)
{
	if (st->ifindex)
		add_link(st, out);
	else
		dump_line(out, "   Does not exist");
	add_delays(st, out);
}

void dump_interfaces(const struct vrrp_dump *d, struct strbuf *out)
{
	struct users users;

	if (!d->vc->interfaces.n)
		return;
	users = find_users(d->vc);
	dump_section(out, "Interfaces");
	for (uint32_t i = 0; i < d->vc->interfaces.n; i++) {
		const char *name = d->vc->interfaces.items[i];
		struct vrrp_interface_status st;

		dump_line(out, " Name = %s", name);
		if (status_read(d->page, VRRP_SLOT_INTERFACE, i, &st, sizeof(st)))
			dump_interface(&st, out);
		list_users(&users, name, out);
	}
	free(users.items);
}
