/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens in the kernel's network configuration: interfaces and addresses come and go; on
 * request routes and rules.
 *
 * After start and after an overrun everything is read anew between MONITOR_SYNC_BEGIN and
 * MONITOR_SYNC_END: what the listener knows and is not told in between is gone. The same for routes
 * and rules alone between MONITOR_ROUTES_BEGIN and MONITOR_ROUTES_END. A reading that fails has no
 * end: another one begins. Only the kernel is believed. One monitor per network namespace.
 */
#pragma once

#include "base/time.h"
#include "netlink/nl_addr.h"
#include "netlink/nl_link.h"
#include "netlink/nl_route.h"
#include "netlink/nl_rule.h"

struct loop;
struct netns;
struct monitor;
struct nl;

enum monitor_event_type {
	MONITOR_LINK,		/* new or changed */
	MONITOR_LINK_GONE,
	MONITOR_ADDR,
	MONITOR_ADDR_GONE,
	MONITOR_ROUTE,		/* only while all is read: nobody needs to hear of new ones */
	MONITOR_ROUTE_GONE,
	MONITOR_RULE,
	MONITOR_RULE_GONE,
	MONITOR_SYNC_BEGIN,
	MONITOR_SYNC_END,
	MONITOR_ROUTES_BEGIN,	/* only routes and rules are read again */
	MONITOR_ROUTES_END,
};

struct monitor_event {
	enum monitor_event_type type;
	union {			/* valid during the call */
		const struct nl_link *link;
		const struct nl_addr *addr;
		const struct nl_route *route;
		const struct nl_rule *rule;
	};
};

struct monitor_options {
	size_t rcvbuf;		/* bytes, 0: a large default */
	bool rcvbuf_force;
	bool routes;		/* also routes and rules */
	void (*event)(void *arg, const struct monitor_event *, ktime now);
	void *arg;
};

/** NULL with errno set. The first reading has not happened yet: call monitor_sync(). */
struct monitor *monitor_new(struct loop *, const struct netns *, const struct monitor_options *);
void monitor_free(struct monitor *);
/** For the first reading: read everything before returning. 0, or -errno (a later attempt is made
 *  by itself). */
int monitor_sync(struct monitor *);
/** Deliver what has arrived, without waiting: after an own change its echo. False: there may be
 *  more, the next wake-up goes on. */
bool monitor_drain(struct monitor *);
/** The kernel may have dropped routes without saying so: read them soon, once for all calls until
 *  then. Nothing if the monitor does not hear of routes. */
void monitor_reread_routes(struct monitor *);
/** Start or stop hearing of routes and rules. 0 or -errno. */
int monitor_want_routes(struct monitor *, bool wanted);
/** Do not tell of IPv4 addresses that are added through @own: its user knows. NULL: tell of
 *  all (again). 0 or -errno; then they are told. */
int monitor_skip_own(struct monitor *, const struct nl *own);
/** How often notifications were lost. */
uint64_t monitor_overruns(const struct monitor *);
