/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notifications of rtnetlink, kept complete.
 *
 * One socket carries both the notifications and the answers to our dumps, so that what the kernel
 * said keeps its order. When notifications were lost, what did arrive is delivered, then everything
 * is read again, in portions that leave time for others. A part that changed while it was read is
 * read once more. Keeps no state of the network: the listener does.
 */
#include "netlink/monitor.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>

#include "base/arena.h"
#include "loop/loop.h"
#include "netlink/nl.h"
#include "netlink/nl_filter.h"

#define SYNC_APART MSEC(100)	/* from one reading to the next, and after one that failed */
#define REREAD_SHARE 8		/* routes are read in at most this part of the time */
#define SYNC_TRIES 5
#define STEP_TRIES 4

/* What is read in turn. */
enum step { STEP_LINKS, STEP_ADDRS, STEP_ROUTES, STEP_RULES, STEP_END };

struct monitor {
	struct nl *nl;
	struct loop *loop;
	struct monitor_options options;
	struct nl_request dump;
	struct nl_buf buf;
	struct timer next;	/* of the next reading */
	ktime began;		/* of the last one */
	kspan took;		/* it, to its end */
	enum step step;
	unsigned tries;		/* of this step */
	bool syncing;
	bool partial;		/* only routes and rules are read */
	bool stale;		/* notifications were lost since the last complete reading */
	bool reread;		/* routes and rules shall be read */
	int sync_error;
	uint64_t overruns;
};

static void tell(struct monitor *m, const struct monitor_event *e, ktime now)
{
	m->options.event(m->options.arg, e, now);
}

static void tell_link(struct monitor *m, const struct nl_view *v, ktime now)
{
	struct nl_link link;
	struct monitor_event e = { .link = &link };

	if (!nl_link_parse(v, &link))
		return;
	e.type = v->type == RTM_NEWLINK ? MONITOR_LINK : MONITOR_LINK_GONE;
	tell(m, &e, now);
}

static void tell_addr(struct monitor *m, const struct nl_view *v, ktime now)
{
	struct nl_addr addr;
	struct monitor_event e = { .addr = &addr };

	if (!nl_addr_decode(v, &addr))
		return;
	e.type = v->type == RTM_NEWADDR ? MONITOR_ADDR : MONITOR_ADDR_GONE;
	tell(m, &e, now);
}

static void tell_route(struct monitor *m, const struct nl_view *v, ktime now)
{
	struct nl_route route;
	struct monitor_event e = { .route = &route };

	if (!nl_route_parse(v, &route))
		return;
	e.type = v->type == RTM_NEWROUTE ? MONITOR_ROUTE : MONITOR_ROUTE_GONE;
	tell(m, &e, now);
}

static void tell_rule(struct monitor *m, const struct nl_view *v, ktime now)
{
	struct nl_rule rule;
	struct monitor_event e = { .rule = &rule };

	if (!nl_rule_parse(v, &rule))
		return;
	e.type = v->type == RTM_NEWRULE ? MONITOR_RULE : MONITOR_RULE_GONE;
	tell(m, &e, now);
}

static void take(struct monitor *m, const struct nl_view *v, ktime now)
{
	switch (v->type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		tell_link(m, v, now);
		return;
	case RTM_NEWADDR:
	case RTM_DELADDR:
		tell_addr(m, v, now);
		return;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		tell_route(m, v, now);
		return;
	case RTM_NEWRULE:
	case RTM_DELRULE:
		tell_rule(m, v, now);
		return;
	}
}

static void notified(void *arg, const struct nl_view *v, ktime now)
{
	take(arg, v, now);
}

static void dumped(struct nl_request *r, const struct nl_view *v, ktime now)
{
	take(container_of(r, struct monitor, dump), v, now);
}

/* The next reading: at once, but not too often. A router may hold a million routes, and addresses
 * of others may come and go all the time. */
static void plan(struct monitor *m, ktime now)
{
	kspan pause = m->stale ? m->took : kspan_times(m->took, REREAD_SHARE);
	ktime at = ktime_add(m->began, pause.ns > SYNC_APART.ns ? pause : SYNC_APART);

	if (!m->syncing && !timer_is_armed(&m->next))
		timer_arm(loop_timers(m->loop), &m->next, ktime_before(at, now) ? now : at);
}

static void overrun(void *arg, ktime now)
{
	struct monitor *m = arg;

	m->overruns++;
	m->stale = true;
	plan(m, now);
}

static enum step next_step(const struct monitor *m, enum step step)
{
	if (step == STEP_ADDRS && !m->options.routes)
		return STEP_END;
	return step + 1;
}

static void ask(struct monitor *m)
{
	switch (m->step) {
	case STEP_LINKS:
		nl_link_dump(&m->buf);
		break;
	case STEP_ADDRS:
		nl_addr_dump(&m->buf, AF_UNSPEC);
		break;
	case STEP_ROUTES:
		nl_route_dump(&m->buf, AF_UNSPEC);
		break;
	case STEP_RULES:
		nl_rule_dump(&m->buf, AF_UNSPEC);
		break;
	case STEP_END:
		return;
	}
	nl_queue(m->nl, &m->dump, &m->buf);
}

static void begin(struct monitor *m, bool partial, ktime now)
{
	timer_cancel(&m->next);
	m->sync_error = 0;
	m->tries = 0;
	m->stale = m->reread = false;
	m->syncing = true;
	m->partial = partial;
	m->began = now;
	m->step = partial ? STEP_ROUTES : STEP_LINKS;
	tell(m,
	     &(struct monitor_event){ .type = partial ? MONITOR_ROUTES_BEGIN : MONITOR_SYNC_BEGIN },
	     now);
	ask(m);
}

static void failed(struct monitor *m, int error, ktime now)
{
	m->sync_error = error;
	m->syncing = false;
	m->stale = true;
	if (error != -ENETDOWN)
		plan(m, now);
}

static void completed(struct monitor *m, ktime now)
{
	m->syncing = false;
	m->took = ktime_diff(now, m->began);
	if (m->stale) {
		/* Lost more while reading: what was read may be old. */
		m->sync_error = -ENOBUFS;
		plan(m, now);
		return;
	}
	tell(m,
	     &(struct monitor_event){ .type = m->partial ? MONITOR_ROUTES_END : MONITOR_SYNC_END },
	     now);
	if (m->reread)
		plan(m, now);
}

static void answered(struct nl_request *r, int error, const char *text, ktime now)
{
	struct monitor *m = container_of(r, struct monitor, dump);

	(void)text;
	if (error == -EINTR && ++m->tries < STEP_TRIES) {
		ask(m);
		return;
	}
	if (error != 0) {
		failed(m, error, now);
		return;
	}
	m->tries = 0;
	m->step = next_step(m, m->step);
	if (m->step != STEP_END)
		ask(m);
	else
		completed(m, now);
}

int monitor_sync(struct monitor *m)
{
	ktime now = loop_now(m->loop);

	for (unsigned i = 0; i < SYNC_TRIES; i++) {
		if (!m->syncing)
			begin(m, false, now);
		nl_flush(m->nl, NSEC(0));
		if (!m->syncing && m->sync_error == 0)
			return 0;
	}
	return m->sync_error != 0 ? m->sync_error : -EAGAIN;
}

static void read_again(struct timer *t, ktime now)
{
	struct monitor *m = container_of(t, struct monitor, next);

	(void)nl_receive(m->nl);
	if (!m->syncing && (m->stale || m->options.routes))
		begin(m, !m->stale, now);
}

void monitor_reread_routes(struct monitor *m)
{
	m->reread = true;
	plan(m, loop_now(m->loop));
}

bool monitor_drain(struct monitor *m)
{
	return nl_receive(m->nl);
}

uint64_t monitor_overruns(const struct monitor *m)
{
	return m->overruns;
}

static const unsigned base_groups[] = { RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR };
static const unsigned route_groups[] = { RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV4_RULE,
					 RTNLGRP_IPV6_RULE };

static int join_all(struct monitor *m, const unsigned *groups, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int error = nl_join(m->nl, groups[i]);

		/* A kernel without IPv6 has no such groups. */
		if (error < 0 && error != -EINVAL && error != -ENOENT)
			return error;
	}
	return 0;
}

int monitor_want_routes(struct monitor *m, bool wanted)
{
	int error = 0;

	if (wanted == m->options.routes)
		return 0;
	m->options.routes = wanted;
	if (wanted)
		return join_all(m, route_groups, ARRAY_LEN(route_groups));
	for (size_t i = 0; i < ARRAY_LEN(route_groups); i++)
		error = nl_leave(m->nl, route_groups[i]);
	return error;
}

static int filter(struct monitor *m, uint32_t port)
{
	struct sock_filter program[NL_FILTER_MAX];

	return nl_attach_filter(m->nl, program, nl_filter_build(port, program));
}

int monitor_skip_own(struct monitor *m, const struct nl *own)
{
	return filter(m, own != NULL ? nl_port(own) : 0);
}

struct monitor *monitor_new(struct loop *loop, const struct netns *ns,
			    const struct monitor_options *o)
{
	struct monitor *m = xnew(struct monitor);
	int error;

	*m = (struct monitor){
		.loop = loop,
		.options = *o,
		.dump = { .done = answered, .message = dumped },
		.next.fire = read_again,
		.step = STEP_END,
	};
	m->nl = nl_new(loop, ns,
		       &(struct nl_options){ .protocol = NETLINK_ROUTE,
					     .rcvbuf = o->rcvbuf,
					     .rcvbuf_force = o->rcvbuf_force,
					     .notify = notified,
					     .overrun = overrun,
					     .arg = m });
	if (m->nl == NULL) {
		error = errno;
		free(m);
		errno = error;
		return NULL;
	}
	(void)filter(m, 0);		/* without it, we hear more than we need */
	error = join_all(m, base_groups, ARRAY_LEN(base_groups));
	if (error == 0 && o->routes)
		error = join_all(m, route_groups, ARRAY_LEN(route_groups));
	if (error < 0) {
		monitor_free(m);
		errno = -error;
		return NULL;
	}
	return m;
}

void monitor_free(struct monitor *m)
{
	if (m == NULL)
		return;
	nl_free(m->nl);
	timer_cancel(&m->next);
	nl_buf_fini(&m->buf);
	free(m);
}
