/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interfaces as netlink messages (RTM_NEWLINK, RTM_SETLINK, RTM_DELLINK, RTM_GETLINK): what the
 * mirror wants to know of any interface, and what macvlan and ipvlan interfaces need.
 */
#include "netlink/nl_link.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <string.h>

#include "base/str.h"

static void begin(struct nl_buf *b, uint16_t type, uint16_t flags, unsigned ifindex)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC, .ifi_index = (int)ifindex };

	nl_begin(b, type, flags, &head, sizeof(head));
}

void nl_link_dump(struct nl_buf *b)
{
	begin(b, RTM_GETLINK, NLM_F_DUMP, 0);
	nl_put_u32(b, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	nl_end(b);
}

static void put_kind(struct nl_buf *b, const struct nl_link_new *n)
{
	size_t info = nl_nest(b, IFLA_LINKINFO), data;

	nl_put_text(b, IFLA_INFO_KIND, n->kind);
	data = nl_nest(b, IFLA_INFO_DATA);
	if (strcmp(n->kind, "macvlan") == 0) {
		nl_put_u32(b, IFLA_MACVLAN_MODE, n->mode);
	} else if (strcmp(n->kind, "ipvlan") == 0) {
		nl_put_u16(b, IFLA_IPVLAN_MODE, (uint16_t)n->mode);
		if (n->has_mode_flags)
			nl_put_u16(b, IFLA_IPVLAN_FLAGS, n->mode_flags);
	}
	nl_nest_end(b, data);
	nl_nest_end(b, info);
}

void nl_link_create(struct nl_buf *b, const struct nl_link_new *n)
{
	begin(b, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0);
	put_kind(b, n);
	nl_put_u32(b, IFLA_LINK, n->parent);
	nl_put_text(b, IFLA_IFNAME, n->name);
	if (n->group != 0)
		nl_put_u32(b, IFLA_GROUP, n->group);
	if (n->mac.len > 0)
		nl_put(b, IFLA_ADDRESS, n->mac.bytes, n->mac.len);
	if (n->master != 0)
		nl_put_u32(b, IFLA_MASTER, n->master);
	nl_end(b);
}

void nl_link_delete(struct nl_buf *b, unsigned ifindex)
{
	begin(b, RTM_DELLINK, 0, ifindex);
	nl_end(b);
}

void nl_link_delete_group(struct nl_buf *b, uint32_t group)
{
	begin(b, RTM_DELLINK, 0, 0);
	nl_put_u32(b, IFLA_GROUP, group);
	nl_end(b);
}

void nl_link_set_flags(struct nl_buf *b, unsigned ifindex, unsigned flags, unsigned mask)
{
	struct ifinfomsg head = {
		.ifi_family = AF_UNSPEC,
		.ifi_index = (int)ifindex,
		.ifi_flags = flags,
		.ifi_change = mask,
	};

	nl_begin(b, RTM_NEWLINK, 0, &head, sizeof(head));
	nl_end(b);
}

void nl_link_set_group(struct nl_buf *b, unsigned ifindex, uint32_t group)
{
	begin(b, RTM_NEWLINK, 0, ifindex);
	nl_put_u32(b, IFLA_GROUP, group);
	nl_end(b);
}

void nl_link_set_master(struct nl_buf *b, unsigned ifindex, unsigned master)
{
	begin(b, RTM_NEWLINK, 0, ifindex);
	nl_put_u32(b, IFLA_MASTER, master);
	nl_end(b);
}

void nl_link_set_addr_gen_mode(struct nl_buf *b, unsigned ifindex, uint8_t mode)
{
	size_t spec, inet6;

	begin(b, RTM_NEWLINK, 0, ifindex);
	spec = nl_nest(b, IFLA_AF_SPEC);
	inet6 = nl_nest(b, AF_INET6);
	nl_put_u8(b, IFLA_INET6_ADDR_GEN_MODE, mode);
	nl_nest_end(b, inet6);
	nl_nest_end(b, spec);
	nl_end(b);
}

void nl_link_set_inet_conf(struct nl_buf *b, unsigned ifindex, const struct nl_link_inet_conf *conf,
			   size_t n)
{
	size_t spec, inet, list;

	begin(b, RTM_NEWLINK, 0, ifindex);
	spec = nl_nest(b, IFLA_AF_SPEC);
	inet = nl_nest(b, AF_INET);
	list = nl_nest(b, IFLA_INET_CONF);
	for (size_t i = 0; i < n; i++)
		nl_put_u32(b, conf[i].id, conf[i].value);
	nl_nest_end(b, list);
	nl_nest_end(b, inet);
	nl_nest_end(b, spec);
	nl_end(b);
}

static void take_mac(struct span attr, struct mac *out)
{
	out->len = 0;
	if (attr.data == NULL || attr.len > sizeof(out->bytes))
		return;
	memcpy(out->bytes, attr.data, attr.len);
	out->len = (uint8_t)attr.len;
}

/* The kind's own attributes. What is malformed is taken as absent: the link exists nevertheless. */
static void take_kind_data(struct span data, struct nl_link *out)
{
	static const struct nla_policy rules[4] = { 0 };
	struct span at[ARRAY_LEN(rules)];

	if (data.data == NULL || !nl_attrs(data, rules, at, ARRAY_LEN(at)))
		return;
	if (strcmp(out->kind, "macvlan") == 0) {
		out->mode = nl_get_u32(at[IFLA_MACVLAN_MODE]);
		out->mode_flags = nl_get_u16(at[IFLA_MACVLAN_FLAGS]);
	} else if (strcmp(out->kind, "ipvlan") == 0) {
		out->mode = nl_get_u16(at[IFLA_IPVLAN_MODE]);
		out->mode_flags = nl_get_u16(at[IFLA_IPVLAN_FLAGS]);
	} else if (strcmp(out->kind, "vrf") == 0) {
		out->vrf_table = nl_get_u32(at[IFLA_VRF_TABLE]);
	}
}

static void take_info(struct span info, struct nl_link *out)
{
	static const struct nla_policy rules[IFLA_INFO_SLAVE_KIND + 1] = {
		[IFLA_INFO_KIND] = { .type = NLA_STRING },
		[IFLA_INFO_SLAVE_KIND] = { .type = NLA_STRING },
	};
	struct span at[ARRAY_LEN(rules)];

	if (info.data == NULL || !nl_attrs(info, rules, at, ARRAY_LEN(at)))
		return;
	nl_get_text(at[IFLA_INFO_KIND], out->kind, sizeof(out->kind));
	nl_get_text(at[IFLA_INFO_SLAVE_KIND], out->master_kind, sizeof(out->master_kind));
	take_kind_data(at[IFLA_INFO_DATA], out);
}

bool nl_link_parse(const struct nl_view *m, struct nl_link *out)
{
	static const struct nla_policy rules[IFLA_LINK_NETNSID + 1] = {
		[IFLA_IFNAME] = { .type = NLA_STRING, .minlen = 2 },
		[IFLA_MTU] = { .type = NLA_U32 },
		[IFLA_LINK] = { .type = NLA_U32 },
		[IFLA_MASTER] = { .type = NLA_U32 },
		[IFLA_OPERSTATE] = { .type = NLA_U8 },
		[IFLA_GROUP] = { .type = NLA_U32 },
		[IFLA_LINK_NETNSID] = { .type = NLA_U32 },
	};
	struct span at[ARRAY_LEN(rules)];
	struct reader r = reader_of(m->body);
	struct ifinfomsg head;

	if (m->type != RTM_NEWLINK && m->type != RTM_DELLINK)
		return false;
	if (!read_bytes(&r, &head, sizeof(head)) || head.ifi_index <= 0)
		return false;
	/* Ports of a bridge report under AF_BRIDGE too: that is not the interface itself. */
	if (head.ifi_family != AF_UNSPEC)
		return false;
	if (!nl_attrs(read_span(&r, reader_left(&r)), rules, at, ARRAY_LEN(at)))
		return false;
	if (at[IFLA_IFNAME].data == NULL)
		return false;

	*out = (struct nl_link){
		.ifindex = (unsigned)head.ifi_index,
		.flags = head.ifi_flags,
		.hw_type = head.ifi_type,
		.mtu = nl_get_u32(at[IFLA_MTU]),
		.parent = nl_get_u32(at[IFLA_LINK]),
		.parent_foreign = at[IFLA_LINK_NETNSID].data != NULL,
		.master = nl_get_u32(at[IFLA_MASTER]),
		.oper_state = nl_get_u8(at[IFLA_OPERSTATE]),
		.group = nl_get_u32(at[IFLA_GROUP]),
	};
	nl_get_text(at[IFLA_IFNAME], out->name, sizeof(out->name));
	take_mac(at[IFLA_ADDRESS], &out->mac);
	take_mac(at[IFLA_BROADCAST], &out->broadcast);
	take_info(at[IFLA_LINKINFO], out);
	return true;
}
