/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses of interfaces as netlink messages (RTM_NEWADDR, RTM_DELADDR, RTM_GETADDR).
 *
 * IFA_LOCAL is the address of this host, IFA_ADDRESS the prefix: the same without a peer, the
 * peer's with one. IPv6 has no IFA_LOCAL unless there is a peer.
 */
#include "netlink/nl_addr.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <string.h>

#include "base/str.h"

/* Newer than the headers that we can rely on. */
#define ATTR_IFA_PROTO 11

static void put_common(struct nl_buf *b, uint16_t type, uint16_t flags, const struct nl_addr *a)
{
	struct ifaddrmsg head = {
		.ifa_family = a->prefix.addr.family,
		.ifa_prefixlen = a->prefix.len,
		.ifa_flags = (uint8_t)a->flags,
		.ifa_scope = a->scope,
		.ifa_index = a->ifindex,
	};
	bool has_peer = addr_is_set(a->peer);

	nl_begin(b, type, flags, &head, sizeof(head));
	if (a->prefix.addr.family == AF_INET || has_peer)
		nl_put_addr(b, IFA_LOCAL, a->prefix.addr);
	nl_put_addr(b, IFA_ADDRESS, has_peer ? a->peer : a->prefix.addr);
}

void nl_addr_new(struct nl_buf *b, const struct nl_addr *a, uint16_t nl_flags)
{
	put_common(b, RTM_NEWADDR, nl_flags, a);
	if (addr_is_set(a->broadcast))
		nl_put_addr(b, IFA_BROADCAST, a->broadcast);
	if (a->label[0] != '\0')
		nl_put_text(b, IFA_LABEL, a->label);
	if (a->has_lifetimes) {
		struct ifa_cacheinfo life = { .ifa_prefered = a->preferred, .ifa_valid = a->valid };

		nl_put(b, IFA_CACHEINFO, &life, sizeof(life));
	}
	if (a->flags > UINT8_MAX)
		nl_put_u32(b, IFA_FLAGS, a->flags);
	if (a->metric != 0)
		nl_put_u32(b, IFA_RT_PRIORITY, a->metric);
	if (a->protocol != 0)
		nl_put_u8(b, ATTR_IFA_PROTO, a->protocol);
	nl_end(b);
}

void nl_addr_del(struct nl_buf *b, const struct nl_addr *a)
{
	put_common(b, RTM_DELADDR, 0, a);
	nl_end(b);
}

void nl_addr_dump(struct nl_buf *b, int family)
{
	struct ifaddrmsg head = { .ifa_family = (uint8_t)family };

	nl_begin(b, RTM_GETADDR, NLM_F_DUMP, &head, sizeof(head));
	nl_end(b);
}

static void take_lifetimes(struct span attr, struct nl_addr *out)
{
	struct ifa_cacheinfo life;

	if (attr.data == NULL)
		return;
	memcpy(&life, attr.data, sizeof(life));
	out->has_lifetimes = true;
	out->preferred = life.ifa_prefered;
	out->valid = life.ifa_valid;
}

bool nl_addr_decode(const struct nl_view *m, struct nl_addr *out)
{
	static const struct nla_policy rules[ATTR_IFA_PROTO + 1] = {
		[IFA_LABEL] = { .type = NLA_STRING },
		[IFA_CACHEINFO] = { .minlen = sizeof(struct ifa_cacheinfo) },
		[IFA_FLAGS] = { .type = NLA_U32 },
		[IFA_RT_PRIORITY] = { .type = NLA_U32 },
		[ATTR_IFA_PROTO] = { .type = NLA_U8 },
	};
	struct span at[ARRAY_LEN(rules)];
	struct reader r = reader_of(m->body);
	struct addr local, prefix;
	struct ifaddrmsg head;

	if (m->type != RTM_NEWADDR && m->type != RTM_DELADDR)
		return false;
	if (!read_bytes(&r, &head, sizeof(head)))
		return false;
	if (!nl_attrs(read_span(&r, reader_left(&r)), rules, at, ARRAY_LEN(at)))
		return false;
	local = nl_get_addr(at[IFA_LOCAL], head.ifa_family);
	prefix = nl_get_addr(at[IFA_ADDRESS], head.ifa_family);
	if (!addr_is_set(local))
		local = prefix;
	if (!addr_is_set(local) || head.ifa_prefixlen > addr_bits(local))
		return false;

	*out = (struct nl_addr){
		.ifindex = head.ifa_index,
		.prefix = { local, head.ifa_prefixlen },
		.scope = head.ifa_scope,
		.flags = at[IFA_FLAGS].data ? nl_get_u32(at[IFA_FLAGS]) : head.ifa_flags,
		.protocol = nl_get_u8(at[ATTR_IFA_PROTO]),
		.metric = nl_get_u32(at[IFA_RT_PRIORITY]),
		.broadcast = nl_get_addr(at[IFA_BROADCAST], head.ifa_family),
	};
	if (addr_is_set(prefix) && !addr_equal(prefix, local))
		out->peer = prefix;
	take_lifetimes(at[IFA_CACHEINFO], out);
	nl_get_text(at[IFA_LABEL], out->label, sizeof(out->label));
	return true;
}
