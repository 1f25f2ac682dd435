/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a netlink socket receives: answers to their requests, notifications to the listener.
 *
 * After a loss the kernel drops everything, silently, until the socket is empty: so what is still
 * there is read first, and then whatever has no answer will not get one. A dump goes on through a
 * loss; only its listener has to know. Sending, and the life of the socket, are nl.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "netlink/nl_private.h"

#define RX_AT_ONCE   512		/* datagrams per readiness */
#define RX_BYTES_MAX (1u << 20)
#define DUMP_BUDGET  MSEC(20)

/* The request with that number among those that were sent. Answers come in order, so it is
 * nearly always the first. */
static struct nl_request *find_sent(struct nl *nl, uint32_t seq)
{
	for (struct nl_request *r = nl->first; r != NULL && r != nl->unsent; r = r->next) {
		if (r->seq == seq)
			return r;
	}
	return NULL;
}

/* What was sent before the message of that number and has no answer has succeeded. */
static void succeed_before(struct nl *nl, uint32_t seq, ktime now)
{
	while (nl_is_awaiting(nl) && (int32_t)(nl->first->seq - seq) < 0)
		nl_finish(nl, nl->first, 0, "", now);
}

static void take_answer(struct nl *nl, const struct nl_view *m, ktime now)
{
	struct nl_answer answer;
	struct nl_request *r;

	if (!nl_answer_parse(m, &answer))
		return;
	succeed_before(nl, answer.seq, now);
	r = find_sent(nl, answer.seq);
	if (r != NULL)
		nl_finish(nl, r, answer.error, answer.text, now);
}

static void take_done(struct nl *nl, const struct nl_view *m, ktime now)
{
	struct nl_request *r = find_sent(nl, m->seq);
	int error = 0;

	if (r == NULL)
		return;
	if (m->body.len >= sizeof(error))
		memcpy(&error, m->body.data, sizeof(error));
	if (error == 0 && r->cut)
		error = -ENOBUFS;
	if (error == 0 && (r->interrupted || (m->flags & NLM_F_DUMP_INTR)))
		error = -EINTR;
	nl_finish(nl, r, MIN_OF(error, 0), "", now);
	/* Parts are read one by one; what follows is small again. */
	nl->dumping = nl_is_awaiting(nl) && nl->first->dump;
}

static void take_part(struct nl *nl, const struct nl_view *m, ktime now)
{
	struct nl_request *r = find_sent(nl, m->seq);

	if (r == NULL)
		return;
	r->interrupted = r->interrupted || (m->flags & NLM_F_DUMP_INTR);
	r->deadline = ktime_add(now, NL_ANSWER_WITHIN);
	if (r->message != NULL)
		r->message(r, m, now);
}

static void take_message(struct nl *nl, const struct nl_view *m, bool multicast, ktime now)
{
	if (multicast) {
		if (nl->options.notify != NULL)
			nl->options.notify(nl->options.arg, m, now);
		return;
	}
	switch (m->type) {
	case NLMSG_ERROR:
		take_answer(nl, m, now);
		return;
	case NLMSG_DONE:
		take_done(nl, m, now);
		return;
	case NLMSG_NOOP:
		return;
	}
	take_part(nl, m, now);
}

/* Answers or notifications are missing. */
static void lose(struct nl *nl, ktime now)
{
	if (nl->losing)
		return;
	nl->losing = true;
	if (nl->options.overrun != NULL)
		nl->options.overrun(nl->options.arg, now);
}

/* The socket is empty. */
static void emptied(struct nl *nl, ktime now)
{
	if (nl->losing) {
		nl->losing = false;
		nl_fail_sent(nl, -ENOBUFS, now);
	}
	nl->dumping = nl_is_awaiting(nl) && nl->first->dump;
}

/* A part of it is missing: it was larger than its slot, or is no sequence of messages. */
static void damaged(struct nl *nl, bool multicast, ktime now)
{
	if (!multicast && nl_is_awaiting(nl) && nl->first->dump)
		nl->first->cut = true;
	else
		lose(nl, now);
}

static void take_datagram(struct nl *nl, struct span in, bool multicast, ktime now)
{
	struct nl_view m;

	while (nl_next(&in, &m))
		take_message(nl, &m, multicast, now);
	if (in.len > 0)
		damaged(nl, multicast, now);
}

struct rx_batch {
	struct mmsghdr msgs[NL_RX_SLOTS];
	struct iovec iov[NL_RX_SLOTS];
	struct sockaddr_nl from[NL_RX_SLOTS];
};

/* How many slots: parts of a dump are as large as the kernel likes. */
static unsigned prepare(const struct nl *nl, struct rx_batch *b)
{
	unsigned n = nl->dumping ? 1 : nl->slots;

	for (unsigned i = 0; i < n; i++) {
		b->iov[i] = (struct iovec){ nl->rx + i * (nl->rx_bytes / n), nl->rx_bytes / n };
		b->msgs[i].msg_hdr = (struct msghdr){
			.msg_name = &b->from[i],
			.msg_namelen = sizeof(b->from[i]),
			.msg_iov = &b->iov[i],
			.msg_iovlen = 1,
		};
	}
	return n;
}

/* One datagram was @len long: the next one of its kind shall fit. */
static void make_room(struct nl *nl, size_t len)
{
	while (!nl->dumping && nl->slots > 1 && nl->rx_bytes / nl->slots < len)
		nl->slots /= 2;
	if (nl->rx_bytes >= len || len > RX_BYTES_MAX)
		return;
	while (nl->rx_bytes < len)
		nl->rx_bytes *= 2;
	nl->rx = xrealloc(nl->rx, nl->rx_bytes, 1);
}

static void take_batch(struct nl *nl, const struct rx_batch *b, unsigned n, ktime now)
{
	size_t longest = 0;

	nl->receiving = true;
	for (unsigned i = 0; i < n; i++) {
		const struct mmsghdr *m = &b->msgs[i];
		bool multicast = b->from[i].nl_groups != 0;

		if (b->from[i].nl_pid != 0)
			continue;
		longest = MAX_OF(longest, m->msg_len);
		if (m->msg_hdr.msg_flags & MSG_TRUNC)
			damaged(nl, multicast, now);
		else
			take_datagram(nl, (struct span){ b->iov[i].iov_base, m->msg_len },
				      multicast, now);
	}
	nl->receiving = false;
	make_room(nl, longest);
}

unsigned nl_receive_some(struct nl *nl, ktime now)
{
	struct rx_batch b;
	int n;

	if (nl->receiving)
		return 0;
	/* MSG_TRUNC: the length is that of the datagram, even if it did not fit. */
	n = recvmmsg(nl->fd, b.msgs, prepare(nl, &b), MSG_DONTWAIT | MSG_TRUNC, NULL);
	if (n < 0 && errno == EINTR)
		return 1;
	if (n < 0 && errno == ENOBUFS) {
		lose(nl, now);
		return 1;
	}
	if (n <= 0) {
		emptied(nl, now);
		return 0;
	}
	take_batch(nl, &b, (unsigned)n, now);
	return (unsigned)n;
}

bool nl_receive(struct nl *nl)
{
	ktime now = loop_now(nl->loop), start = clock_now();

	for (unsigned n = 0, got; n < RX_AT_ONCE; n += got) {
		got = nl_receive_some(nl, now);
		if (got == 0)
			return !nl->receiving;
		if (nl->dumping && nl_is_over(nl, start, clock_now(), DUMP_BUDGET))
			return false;
	}
	return false;
}
