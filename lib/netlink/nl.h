/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A netlink socket: many requests in one send, answers matched by sequence number.
 *
 * Requests queue up and are sent by one deferred call at the end of the wake-up, or at once by
 * nl_flush(). The kernel answers most families before the send returns, so after nl_flush() the
 * done functions of what was sent have been called, unless the work was cut off to let others run
 * (see there). Every request ends exactly once; requests are carried out in the order of queueing.
 */
#pragma once

#include <errno.h>

#include "base/time.h"
#include "netlink/nl_msg.h"

struct loop;
struct netns;
struct sock_filter; /* <linux/filter.h> */
struct nl;

/** How long an answer is waited for; a dump may take longer if its parts follow each other within
 *  this time. */
#define NL_ANSWER_WITHIN SEC(5)

/** Embedded in its owner; must live until done or nl_cancel(). */
struct nl_request {
	/** The end: @error 0 or -errno, @text what the kernel added, "" without. NULL: nobody
	 *  cares. -ENOBUFS, -ETIMEDOUT: the answer is lost, see nl_is_lost(). -EINTR: what a dump
	 *  reads changed meanwhile, something may be missing. -ENETDOWN: closed. */
	void (*done)(struct nl_request *, int error, const char *text, ktime now);
	/** Each message of a dump, or the one that answers a question. May be NULL. */
	void (*message)(struct nl_request *, const struct nl_view *, ktime now);
	uint32_t seq;			/* private */
	bool dump;			/* private */
	bool cut;			/* private: of the dump, a part was lost */
	bool interrupted;		/* private: NLM_F_DUMP_INTR was seen */
	ktime deadline;			/* private */
	struct nl_request *next;	/* private */
};

struct nl_options {
	int protocol;			/* NETLINK_ROUTE, ... */
	size_t rcvbuf;			/* bytes, 0: a large default */
	bool rcvbuf_force;
	/** Messages that answer no request (multicast groups); only those of the kernel. */
	void (*notify)(void *arg, const struct nl_view *, ktime now);
	/** Notifications were lost. */
	void (*overrun)(void *arg, ktime now);
	void *arg;
};

/** NULL with errno set. @ns NULL: the namespace of the process. */
struct nl *nl_new(struct loop *, const struct netns *ns, const struct nl_options *);
/** Ends what is outstanding with -ENETDOWN, then closes. Not from inside a function that the socket
 *  calls. NULL is harmless. */
void nl_free(struct nl *);
/** Join or leave a multicast group (RTNLGRP_...). 0 or -errno. */
int nl_join(struct nl *, unsigned group);
int nl_leave(struct nl *, unsigned group);
/** The address of the socket: what it asks for is notified to others with this port. */
uint32_t nl_port(const struct nl *);
/** Replace the filter of what is received: 0 or -errno. */
int nl_attach_filter(struct nl *, const struct sock_filter *, size_t n);

/** Queue the one message in @msg (a copy is taken; @msg is reset). Never fails: trouble arrives
 *  through done. A message with NLM_F_DUMP is a dump. */
void nl_queue(struct nl *, struct nl_request *, struct nl_buf *msg);
/** Send without caring for the answer. */
void nl_queue_blind(struct nl *, struct nl_buf *msg);
/** Forget a request: neither function of it is called any more. It is sent nevertheless. */
void nl_cancel(struct nl *, struct nl_request *);

/** Send what is queued and take the answers. Returns after at most about @budget, or when a timer
 *  is due, and goes on in the next wake-up (zero: no limit). */
void nl_flush(struct nl *, kspan budget);
/** Take what has arrived without waiting. False: there may be more, the next wake-up goes on. */
bool nl_receive(struct nl *);
/** Does the error of a request mean that the kernel may have carried it out? -ENOBUFS: the socket
 *  was too full for the answer; -ETIMEDOUT: it did not come. */
static inline bool nl_is_lost(int error) { return error == -ENOBUFS || error == -ETIMEDOUT; }
/** Requests queued or unanswered. */
unsigned nl_pending(const struct nl *);
