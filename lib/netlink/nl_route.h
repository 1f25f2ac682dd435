/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Routes as netlink messages: every attribute that the language can set. Bytes only.
 */
#pragma once

#include <linux/rtnetlink.h>

#include "netlink/nl_msg.h"

#define NL_ENCAP_LABELS_MAX 16
#define NL_CONGCTL_MAX	    16

enum nl_encap_type { NL_ENCAP_NONE, NL_ENCAP_IP, NL_ENCAP_IP6, NL_ENCAP_MPLS, NL_ENCAP_ILA };

/** Light-weight tunnel. Fields that a type does not know are ignored. */
struct nl_encap {
	enum nl_encap_type type;
	bool has_id, has_tos, has_ttl, has_flags;
	uint64_t id;
	struct addr dst, src;
	uint8_t tos, ttl;		/* traffic class and hop limit of ip6 */
	uint16_t flags;			/* host order */
	uint32_t labels[NL_ENCAP_LABELS_MAX];	/* 20-bit labels, outermost first */
	unsigned n_labels;
	uint64_t locator;		/* ILA, host order */
};

struct nl_nexthop {
	struct addr via;		/* of another family than the route: sent as RTA_VIA */
	unsigned ifindex;		/* 0 none */
	uint8_t hops;			/* weight - 1 */
	uint8_t flags;			/* RTNH_F_... */
	uint32_t realms;		/* from << 16 | to, 0 none */
	struct nl_encap encap;
};

struct nl_route {
	uint8_t family;
	uint8_t type;			/* RTN_... */
	uint8_t scope;			/* RT_SCOPE_... */
	uint8_t tos;
	uint8_t protocol;		/* RTPROT_... */
	uint32_t table;
	uint32_t flags;			/* RTNH_F_... of a single next hop */
	struct prefix dst;		/* no address: default */
	struct prefix src;		/* IPv6 source prefix; no address: none */
	struct addr prefsrc;
	struct addr via;
	unsigned ifindex;		/* output interface, 0 none */
	bool has_priority, has_expires, has_pref, has_ttl_propagate;
	uint32_t priority;		/* metric */
	uint32_t expires;		/* seconds */
	uint32_t realms;
	uint8_t pref;			/* ICMPv6 router preference */
	uint8_t ttl_propagate;
	uint32_t metric_set;		/* bit N: metrics[N] is given, N = RTAX_... */
	uint32_t metrics[RTAX_MAX + 1];	/* kernel units */
	uint32_t metric_lock;		/* bits of RTAX_LOCK */
	char congctl[NL_CONGCTL_MAX];	/* "" none */
	struct nl_encap encap;
	const struct nl_nexthop *hops;	/* borrowed; several next hops */
	unsigned n_hops;
};

/** Append RTM_NEWROUTE; @nl_flags as NLM_F_CREATE | NLM_F_EXCL or NLM_F_APPEND. */
void nl_route_new(struct nl_buf *, const struct nl_route *, uint16_t nl_flags);
void nl_route_del(struct nl_buf *, const struct nl_route *);
void nl_route_dump(struct nl_buf *, int family);
/** RTM_NEWROUTE or RTM_DELROUTE: what identifies a route (family, type, table, tos, protocol, dst,
 *  priority, via, ifindex, scope, prefsrc). False if it is neither or malformed. */
bool nl_route_parse(const struct nl_view *, struct nl_route *out);
/** Do the two name the same route (family, dst, src, tos, table, priority)? A priority that was
 *  not given matches any. */
bool nl_route_same(const struct nl_route *wanted, const struct nl_route *seen);
