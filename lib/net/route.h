/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Routes and policy rules as values, in the words of ip-route(8) and ip-rule(8).
 *
 * Numbers are those of the kernel (RTN_*, RT_SCOPE_*, RTAX_*, FR_ACT_*). Interfaces are names:
 * whoever sends the route knows their index of the moment. Strings and arrays are borrowed.
 */
#pragma once

#include <linux/rtnetlink.h>

#include "net/addr.h"

enum route_encap_type {
	ROUTE_ENCAP_NONE,
	ROUTE_ENCAP_IP,
	ROUTE_ENCAP_IP6,
	ROUTE_ENCAP_MPLS,
	ROUTE_ENCAP_ILA,
};

enum { ROUTE_MPLS_LABELS_MAX = 2 };

/** Which members of a struct route_encap were given. */
enum route_encap_has {
	ROUTE_ENCAP_HAS_ID = 1 << 0,
	ROUTE_ENCAP_HAS_TOS = 1 << 1,
	ROUTE_ENCAP_HAS_TTL = 1 << 2,
	ROUTE_ENCAP_HAS_FLAGS = 1 << 3,
};

/** A lightweight tunnel (RTA_ENCAP). */
struct route_encap {
	enum route_encap_type type;
	unsigned has;			/* enum route_encap_has */
	uint64_t id;			/* host order */
	struct addr dst, src;
	uint16_t flags;			/* host order */
	uint8_t tos;			/* or traffic class */
	uint8_t ttl;			/* or hop limit */
	uint8_t n_labels;
	uint32_t labels[ROUTE_MPLS_LABELS_MAX];	/* outermost first */
	uint64_t locator;		/* ILA, host order */
};

/** RTA_FLOW: what a realms attribute holds. */
struct route_realms {
	bool set;
	uint16_t from;			/* 0: none */
	uint16_t to;
};

struct route_nexthop {
	struct addr via;		/* may be of the other family: RTA_VIA */
	const char *dev;		/* NULL: none */
	uint16_t weight;		/* 1..256; the kernel's rtnh_hops is one less */
	bool onlink;
	struct route_realms realms;
	struct route_encap encap;
};

/** Values for RTA_METRICS; ->set and ->lock are bit masks by RTAX_ number. */
struct route_metrics {
	uint32_t value[RTAX_MAX + 1];	/* in the kernel's unit; RTAX_CC_ALGO: unused */
	uint32_t set;
	uint32_t lock;
	const char *cc_algo;		/* name of the congestion control */
};

enum route_place {
	ROUTE_PREPEND,			/* NLM_F_CREATE: before routes that match */
	ROUTE_APPEND,			/* NLM_F_CREATE | NLM_F_APPEND: after them */
	ROUTE_ADD,			/* NLM_F_CREATE | NLM_F_EXCL: not if there is one */
};

enum route_ttl_propagate { ROUTE_TTL_UNSET, ROUTE_TTL_ENABLED, ROUTE_TTL_DISABLED };

struct route {
	uint8_t family;			/* AF_INET, AF_INET6 */
	uint8_t type;			/* RTN_UNICAST ... */
	uint8_t scope;			/* RT_SCOPE_* */
	uint8_t protocol;		/* RTPROT_* */
	uint8_t tos;
	uint8_t pref;			/* ICMPV6_ROUTER_PREF_*, if ->has_pref */
	bool has_pref;
	bool has_expires;
	bool has_scope;
	bool onlink;
	enum route_place place;
	enum route_ttl_propagate ttl_propagate;
	struct prefix dst;		/* /0 of the family: default */
	struct prefix from;		/* source prefix, IPv6; family 0: none */
	struct addr src;		/* preferred source */
	struct addr via;		/* may be of the other family: RTA_VIA */
	const char *dev;		/* NULL: none */
	const char *vrf;		/* table of this VRF instead of ->table; NULL: none */
	uint32_t table;			/* RT_TABLE_MAIN if nothing was said */
	uint32_t metric;		/* 0: none */
	uint32_t expires;		/* seconds */
	struct route_realms realms;
	struct route_metrics metrics;
	struct route_encap encap;
	const struct route_nexthop *nexthops;	/* multipath; if there are any, ->via and ->dev do
						   not count */
	uint32_t n_nexthops;
};

enum rule_action {
	RULE_NO_ACTION,
	RULE_TABLE,			/* FR_ACT_TO_TBL */
	RULE_L3MDEV,			/* FR_ACT_TO_TBL with FRA_L3MDEV */
	RULE_GOTO,
	RULE_NOP,
	RULE_BLACKHOLE,
	RULE_UNREACHABLE,
	RULE_PROHIBIT,
};

struct rule_range {
	bool set;
	uint32_t from, to;		/* from <= to */
};

struct rule {
	uint8_t family;
	uint8_t tos;
	uint8_t protocol;		/* FRA_PROTOCOL */
	uint8_t ip_proto;		/* if ->has_ip_proto */
	bool has_ip_proto;
	bool has_fwmark, has_fwmask;
	bool has_tunnel_id;
	bool has_suppress_plen, has_suppress_group;
	bool invert;			/* not */
	enum rule_action action;
	struct prefix from, to;		/* family 0: any */
	const char *iif, *oif;		/* NULL: none */
	uint32_t preference;
	uint32_t table;			/* RULE_TABLE */
	uint32_t target;		/* RULE_GOTO */
	uint32_t fwmark, fwmask;
	uint32_t suppress_plen;
	uint32_t suppress_group;
	uint64_t tunnel_id;		/* host order */
	struct rule_range sport, dport, uids;
	struct route_realms realms;
};
