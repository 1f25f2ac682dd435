/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Routes as netlink messages: every attribute that struct route can hold. Bytes only.
 */
#pragma once

#include "net/route.h"
#include "netlink/nl_msg.h"

/** What the names in a struct route stand for at the moment. */
struct nl_route_names {
	unsigned dev;			/* index of ->dev, 0 none */
	const unsigned *hop_devs;	/* index for each of ->nexthops */
	uint32_t table;			/* ->table, or the one of ->vrf */
};

/** Append RTM_NEWROUTE, placed as ->place says. */
void nl_route_new(struct nl_buf *, const struct route *, const struct nl_route_names *);
/** Append RTM_DELROUTE for what nl_route_new() put in. */
void nl_route_del(struct nl_buf *, const struct route *, const struct nl_route_names *);
void nl_route_dump(struct nl_buf *, int family);

/** A route as the kernel reports it: what identifies it. */
struct nl_route {
	uint8_t family, type, scope, tos, protocol;
	uint32_t table;
	struct prefix dst, src;		/* family 0: none; then the length is 0 */
	struct addr prefsrc, via;
	unsigned ifindex;		/* 0 none, or several next hops */
	uint32_t priority;
};

/** RTM_NEWROUTE or RTM_DELROUTE to struct. False if it is neither or malformed. */
bool nl_route_parse(const struct nl_view *, struct nl_route *out);
/** Is the one seen the one wanted (family, dst, src, tos, table, type, metric, dev)? What was not
 *  asked for matches anything. */
bool nl_route_is(const struct nl_route *seen, const struct route *wanted,
		 const struct nl_route_names *);
