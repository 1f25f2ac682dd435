/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Routes as netlink messages (RTM_NEWROUTE, RTM_DELROUTE, RTM_GETROUTE).
 *
 * A deletion names the route as far as the kernel compares it (with metrics left out), so that it
 * takes away what the same struct put in.
 */
#include "netlink/nl_route.h"

#include <arpa/inet.h>
#include <endian.h>
#include <linux/ila.h>
#include <linux/lwtunnel.h>
#include <linux/mpls_iptunnel.h>
#include <netlink/attr.h>
#include <string.h>

#include "base/str.h"

static void put_encap_ip(struct nl_buf *b, const struct route_encap *e)
{
	bool v6 = e->type == ROUTE_ENCAP_IP6;

	if (e->has & ROUTE_ENCAP_HAS_ID)
		nl_put_u64(b, LWTUNNEL_IP_ID, htobe64(e->id));
	if (addr_is_set(e->dst))
		nl_put_addr(b, LWTUNNEL_IP_DST, e->dst);
	if (addr_is_set(e->src))
		nl_put_addr(b, LWTUNNEL_IP_SRC, e->src);
	if (e->has & ROUTE_ENCAP_HAS_TTL)
		nl_put_u8(b, v6 ? LWTUNNEL_IP6_HOPLIMIT : LWTUNNEL_IP_TTL, e->ttl);
	if (e->has & ROUTE_ENCAP_HAS_TOS)
		nl_put_u8(b, v6 ? LWTUNNEL_IP6_TC : LWTUNNEL_IP_TOS, e->tos);
	if (e->has & ROUTE_ENCAP_HAS_FLAGS)
		nl_put_be16(b, v6 ? LWTUNNEL_IP6_FLAGS : LWTUNNEL_IP_FLAGS, e->flags);
}

static void put_encap_mpls(struct nl_buf *b, const struct route_encap *e)
{
	uint32_t stack[ROUTE_MPLS_LABELS_MAX];
	unsigned n = MIN_OF(e->n_labels, ROUTE_MPLS_LABELS_MAX);

	for (unsigned i = 0; i < n; i++)
		stack[i] = htonl(e->labels[i] << 12 | (i + 1 == n ? 1u << 8 : 0));
	nl_put(b, MPLS_IPTUNNEL_DST, stack, n * sizeof(stack[0]));
}

static void put_encap(struct nl_buf *b, const struct route_encap *e)
{
	static const uint16_t kernel_types[] = {
		[ROUTE_ENCAP_NONE] = LWTUNNEL_ENCAP_NONE, [ROUTE_ENCAP_IP] = LWTUNNEL_ENCAP_IP,
		[ROUTE_ENCAP_IP6] = LWTUNNEL_ENCAP_IP6,   [ROUTE_ENCAP_MPLS] = LWTUNNEL_ENCAP_MPLS,
		[ROUTE_ENCAP_ILA] = LWTUNNEL_ENCAP_ILA,
	};
	size_t nest;

	if (e->type == ROUTE_ENCAP_NONE)
		return;
	nl_put_u16(b, RTA_ENCAP_TYPE, kernel_types[e->type]);
	nest = nl_nest(b, RTA_ENCAP);
	switch (e->type) {
	case ROUTE_ENCAP_IP:
	case ROUTE_ENCAP_IP6:
		put_encap_ip(b, e);
		break;
	case ROUTE_ENCAP_MPLS:
		put_encap_mpls(b, e);
		break;
	case ROUTE_ENCAP_ILA:
		nl_put_u64(b, ILA_ATTR_LOCATOR, htobe64(e->locator));
		break;
	case ROUTE_ENCAP_NONE:
		break;
	}
	nl_nest_end(b, nest);
}

/* A gateway of the route's own family is RTA_GATEWAY, another one RTA_VIA. */
static void put_via(struct nl_buf *b, int family, struct addr via)
{
	uint8_t bytes[sizeof(uint16_t) + sizeof(via.bytes)];
	uint16_t via_family = via.family;

	if (!addr_is_set(via))
		return;
	if (via.family == family) {
		nl_put_addr(b, RTA_GATEWAY, via);
		return;
	}
	memcpy(bytes, &via_family, sizeof(via_family));
	memcpy(bytes + sizeof(via_family), via.bytes, addr_size(via));
	nl_put(b, RTA_VIA, bytes, sizeof(via_family) + addr_size(via));
}

static uint32_t flow_of(struct route_realms r)
{
	return (uint32_t)r.from << 16 | r.to;
}

static void put_hop(struct nl_buf *b, int family, const struct route_nexthop *hop, unsigned dev)
{
	struct rtnexthop head = {
		.rtnh_flags = hop->onlink ? RTNH_F_ONLINK : 0,
		.rtnh_hops = (uint8_t)(hop->weight > 0 ? hop->weight - 1 : 0),
		.rtnh_ifindex = (int)dev,
	};
	size_t at = nl_put_raw(b, &head, sizeof(head));

	put_via(b, family, hop->via);
	if (hop->realms.set)
		nl_put_u32(b, RTA_FLOW, flow_of(hop->realms));
	put_encap(b, &hop->encap);
	head.rtnh_len = (uint16_t)(nl_message_len(b) - at);
	nl_set_raw(b, at, &head, sizeof(head));
}

static void put_hops(struct nl_buf *b, const struct route *r, const struct nl_route_names *names)
{
	size_t nest;

	if (r->n_nexthops == 0)
		return;
	nest = nl_nest(b, RTA_MULTIPATH);
	for (unsigned i = 0; i < r->n_nexthops; i++)
		put_hop(b, r->family, &r->nexthops[i], names->hop_devs[i]);
	nl_nest_end(b, nest);
}

static void put_metrics(struct nl_buf *b, const struct route_metrics *m)
{
	size_t nest;

	if (m->set == 0 && m->lock == 0 && m->cc_algo == NULL)
		return;
	nest = nl_nest(b, RTA_METRICS);
	for (unsigned i = 1; i <= RTAX_MAX; i++) {
		if (i != RTAX_LOCK && i != RTAX_CC_ALGO && (m->set & (1u << i)))
			nl_put_u32(b, (uint16_t)i, m->value[i]);
	}
	if (m->lock != 0)
		nl_put_u32(b, RTAX_LOCK, m->lock);
	if (m->cc_algo != NULL)
		nl_put_text(b, RTAX_CC_ALGO, m->cc_algo);
	nl_nest_end(b, nest);
}

/* IPv4 rejects addresses in the lookup that have host bits, and so does IPv6: as written. */
static void put_prefix(struct nl_buf *b, uint16_t type, struct prefix p)
{
	if (addr_is_set(p.addr) && p.len > 0)
		nl_put_addr(b, type, p.addr);
}

/* The header and everything that says which route it is. */
static void put_identity(struct nl_buf *b, uint16_t type, uint16_t nl_flags, const struct route *r,
			 const struct nl_route_names *names)
{
	struct rtmsg head = {
		.rtm_family = r->family,
		.rtm_dst_len = addr_is_set(r->dst.addr) ? r->dst.len : 0,
		.rtm_src_len = addr_is_set(r->from.addr) ? r->from.len : 0,
		.rtm_tos = r->tos,
		.rtm_table = names->table < 256 ? (uint8_t)names->table : RT_TABLE_UNSPEC,
		.rtm_protocol = r->protocol,
		.rtm_scope = r->scope,
		.rtm_type = r->type,
		.rtm_flags = r->onlink ? RTNH_F_ONLINK : 0,
	};

	nl_begin(b, type, nl_flags, &head, sizeof(head));
	put_prefix(b, RTA_DST, r->dst);
	put_prefix(b, RTA_SRC, r->from);
	if (names->table >= 256)
		nl_put_u32(b, RTA_TABLE, names->table);
	if (r->metric != 0)
		nl_put_u32(b, RTA_PRIORITY, r->metric);
	put_via(b, r->family, r->via);
	if (names->dev != 0)
		nl_put_u32(b, RTA_OIF, names->dev);
}

static uint16_t flags_of(enum route_place place)
{
	switch (place) {
	case ROUTE_PREPEND:
		return NLM_F_CREATE;
	case ROUTE_APPEND:
		return NLM_F_CREATE | NLM_F_APPEND;
	case ROUTE_ADD:
		return NLM_F_CREATE | NLM_F_EXCL;
	}
	return NLM_F_CREATE;
}

void nl_route_new(struct nl_buf *b, const struct route *r, const struct nl_route_names *names)
{
	put_identity(b, RTM_NEWROUTE, flags_of(r->place), r, names);
	if (addr_is_set(r->src))
		nl_put_addr(b, RTA_PREFSRC, r->src);
	if (r->realms.set)
		nl_put_u32(b, RTA_FLOW, flow_of(r->realms));
	if (r->has_expires)
		nl_put_u32(b, RTA_EXPIRES, r->expires);
	if (r->has_pref)
		nl_put_u8(b, RTA_PREF, r->pref);
	if (r->ttl_propagate != ROUTE_TTL_UNSET)
		nl_put_u8(b, RTA_TTL_PROPAGATE, r->ttl_propagate == ROUTE_TTL_ENABLED);
	put_metrics(b, &r->metrics);
	put_encap(b, &r->encap);
	put_hops(b, r, names);
	nl_end(b);
}

void nl_route_del(struct nl_buf *b, const struct route *r, const struct nl_route_names *names)
{
	put_identity(b, RTM_DELROUTE, 0, r, names);
	if (addr_is_set(r->src) && r->family == AF_INET)
		nl_put_addr(b, RTA_PREFSRC, r->src);
	put_hops(b, r, names);
	nl_end(b);
}

void nl_route_dump(struct nl_buf *b, int family)
{
	struct rtmsg head = { .rtm_family = (uint8_t)family };

	nl_begin(b, RTM_GETROUTE, NLM_F_DUMP, &head, sizeof(head));
	nl_end(b);
}

bool nl_route_parse(const struct nl_view *m, struct nl_route *out)
{
	static const struct nla_policy rules[RTA_TABLE + 1] = {
		[RTA_OIF] = { .type = NLA_U32 },
		[RTA_PRIORITY] = { .type = NLA_U32 },
		[RTA_TABLE] = { .type = NLA_U32 },
	};
	struct span at[ARRAY_LEN(rules)];
	struct reader r = reader_of(m->body);
	struct rtmsg head;

	if (m->type != RTM_NEWROUTE && m->type != RTM_DELROUTE)
		return false;
	if (!read_bytes(&r, &head, sizeof(head)))
		return false;
	if (head.rtm_family != AF_INET && head.rtm_family != AF_INET6)
		return false;
	if (!nl_attrs(read_span(&r, reader_left(&r)), rules, at, ARRAY_LEN(at)))
		return false;

	*out = (struct nl_route){
		.family = head.rtm_family,
		.type = head.rtm_type,
		.scope = head.rtm_scope,
		.tos = head.rtm_tos,
		.protocol = head.rtm_protocol,
		.table = at[RTA_TABLE].data ? nl_get_u32(at[RTA_TABLE]) : head.rtm_table,
		.dst = { nl_get_addr(at[RTA_DST], head.rtm_family), head.rtm_dst_len },
		.src = { nl_get_addr(at[RTA_SRC], head.rtm_family), head.rtm_src_len },
		.prefsrc = nl_get_addr(at[RTA_PREFSRC], head.rtm_family),
		.via = nl_get_addr(at[RTA_GATEWAY], head.rtm_family),
		.ifindex = nl_get_u32(at[RTA_OIF]),
		.priority = nl_get_u32(at[RTA_PRIORITY]),
	};
	return true;
}

/* A prefix without address is the default: all zeros, length 0. */
static bool same_prefix(struct prefix a, struct prefix b)
{
	uint8_t a_len = addr_is_set(a.addr) ? a.len : 0;
	uint8_t b_len = addr_is_set(b.addr) ? b.len : 0;

	if (a_len != b_len)
		return false;
	return a_len == 0 || addr_equal(prefix_network(a), prefix_network(b));
}

bool nl_route_is(const struct nl_route *seen, const struct route *wanted,
		 const struct nl_route_names *names)
{
	if (seen->protocol != wanted->protocol || seen->family != wanted->family ||
	    seen->table != names->table ||
	    seen->tos != wanted->tos || seen->type != wanted->type)
		return false;
	if (wanted->metric != 0 && wanted->metric != seen->priority)
		return false;
	if (names->dev != 0 && seen->ifindex != names->dev)
		return false;
	return same_prefix(wanted->dst, seen->dst) && same_prefix(wanted->from, seen->src);
}
