/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What nl.c (queue, sending, life) and nl_rx.c (receiving) share. Nobody else includes this.
 */
#pragma once

#include "loop/loop.h"
#include "netlink/nl.h"

#define NL_RX_BYTES 65536
#define NL_RX_SLOTS 16		/* datagrams per system call, each a part of the buffer */

struct nl_sock;			/* of libnl */

struct nl {
	struct nl_sock *sock;
	int fd;				/* of ->sock */
	struct loop *loop;
	struct nl_options options;
	struct watch watch;
	struct deferred flush;		/* end of this wake-up */
	struct timer again;		/* next wake-up: the budget was used up */
	struct timer deadline;		/* of the oldest answer that is waited for */
	struct nl_buf queue;		/* messages, the first @sent_to bytes are gone */
	size_t sent_to;
	struct nl_request *first;	/* unanswered, in order; from @unsent on not even sent */
	struct nl_request *last;
	struct nl_request *unsent;
	unsigned n_pending;
	uint32_t next_seq;
	unsigned chunk;			/* messages per send, by how long the last one took */
	ktime spent_at;			/* wake-up in which the budget was used up */
	bool busy;			/* inside nl_flush() */
	bool receiving;			/* ->rx is in use: a callback came back to us */
	bool dumping;			/* parts of a dump may arrive: they are large */
	bool losing;			/* what is still in the socket came before a loss */
	unsigned slots;			/* NL_RX_SLOTS, or less after one was too small */
	size_t rx_bytes;
	uint8_t *rx;
};

/** Is an answer to something that was sent missing? */
static inline bool nl_is_awaiting(const struct nl *nl)
{
	return nl->first != NULL && nl->first != nl->unsent;
}

/** nl.c: end a request, once. */
void nl_finish(struct nl *, struct nl_request *, int error, const char *text, ktime now);
/** End all requests that were sent. */
void nl_fail_sent(struct nl *, int error, ktime now);
/** Has work that began at @start lasted for @budget, or does a timer want to be served? */
bool nl_is_over(const struct nl *, ktime start, ktime now, kspan budget);

/** nl_rx.c: up to ->slots datagrams. Returns how many, 0 when there are none. */
unsigned nl_receive_some(struct nl *, ktime now);
