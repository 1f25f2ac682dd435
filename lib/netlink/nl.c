/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A netlink socket: requests in batches, answers by sequence number.
 *
 * The socket is libnl's; batches are not known there, so sending and receiving are here. A batch is
 * at most a chunk, so that its answers fit into the receive buffer; they are read before the next
 * chunk goes out. The kernel carries out a chunk in its order and before sendmsg() returns, so only
 * its last message asks to be acknowledged: what was not answered with an error by then has
 * succeeded. What does not answer at once is waited for by the loop. A dump travels alone: the
 * kernel runs one at a time per socket. Requests belong to their owners; the socket and its buffers
 * belong to struct nl.
 */
#include "netlink/nl.h"

#include <errno.h>
#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "loop/loop.h"
#include "net/netns.h"

#define CHUNK_BYTES    16384
#define CHUNK_MESSAGES 128
#define CHUNK_FIRST    32
#define CHUNK_LEAST    4
#define CHUNK_TIME     MSEC(2)
#define RX_BYTES       65536
#define RX_SLOTS       16		/* datagrams per system call, each a part of the buffer */
#define RX_AT_ONCE     512		/* datagrams per readiness */
#define QUEUE_KEEP     32768		/* a larger queue is given back once it is sent */
#define RCVBUF_DEFAULT (1u << 20)
#define FLUSH_BUDGET   MSEC(20)

struct nl {
	struct nl_sock *sock;
	int fd;				/* of ->sock */
	struct loop *loop;
	struct nl_options options;
	struct watch watch;
	struct deferred flush;		/* end of this wake-up */
	struct timer again;		/* next wake-up: the budget was used up */
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
	unsigned slots;			/* RX_SLOTS, or 1 after one was too small */
	uint8_t *rx;
};

static struct nlmsghdr *header_at(uint8_t *at)
{
	return (struct nlmsghdr *)(void *)at;
}

/* Take @r out of the list of unanswered requests. */
static bool unlink_request(struct nl *nl, struct nl_request *r)
{
	struct nl_request **p = &nl->first, *before = NULL;

	while (*p != NULL && *p != r) {
		before = *p;
		p = &(*p)->next;
	}
	if (*p == NULL)
		return false;
	*p = r->next;
	if (nl->last == r)
		nl->last = before;
	if (nl->unsent == r)
		nl->unsent = r->next;
	r->next = NULL;
	nl->n_pending--;
	return true;
}

static void finish(struct nl *nl, struct nl_request *r, int error, const char *text, ktime now)
{
	if (unlink_request(nl, r) && r->done != NULL)
		r->done(r, error, text, now);
}

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

/* End all requests that were sent. */
static void fail_sent(struct nl *nl, int error, ktime now)
{
	while (nl->first != NULL && nl->first != nl->unsent)
		finish(nl, nl->first, error, "", now);
}

/* What was sent before the message of that number and has no answer has succeeded. */
static void succeed_before(struct nl *nl, uint32_t seq, ktime now)
{
	while (nl->first != NULL && nl->first != nl->unsent && (int32_t)(nl->first->seq - seq) < 0)
		finish(nl, nl->first, 0, "", now);
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
		finish(nl, r, answer.error, answer.text, now);
}

static void take_done(struct nl *nl, const struct nl_view *m, ktime now)
{
	struct nl_request *r = find_sent(nl, m->seq);
	int error = 0;

	if (r == NULL)
		return;
	if (m->body.len >= sizeof(error))
		memcpy(&error, m->body.data, sizeof(error));
	if (error == 0 && (m->flags & NLM_F_DUMP_INTR))
		error = -EINTR;
	finish(nl, r, MIN_OF(error, 0), "", now);
}

static void take_message(struct nl *nl, const struct nl_view *m, bool multicast, ktime now)
{
	struct nl_request *r;

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
	r = find_sent(nl, m->seq);
	if (r != NULL && r->message != NULL)
		r->message(r, m, now);
}

/* Answers or notifications are missing: nobody may wait for them. */
static void lost(struct nl *nl, ktime now)
{
	fail_sent(nl, -ENOBUFS, now);
	if (nl->options.overrun != NULL)
		nl->options.overrun(nl->options.arg, now);
}

static void take_datagram(struct nl *nl, struct span in, bool multicast, ktime now)
{
	struct nl_view m;

	while (nl_next(&in, &m))
		take_message(nl, &m, multicast, now);
}

struct rx_batch {
	struct mmsghdr msgs[RX_SLOTS];
	struct iovec iov[RX_SLOTS];
	struct sockaddr_nl from[RX_SLOTS];
};

/* How many slots: parts of a dump are as large as the kernel likes. */
static unsigned prepare(const struct nl *nl, struct rx_batch *b)
{
	bool dump = nl->first != NULL && nl->first != nl->unsent && nl->first->dump;
	unsigned n = dump ? 1 : nl->slots;

	for (unsigned i = 0; i < n; i++) {
		b->iov[i] = (struct iovec){ nl->rx + i * (RX_BYTES / n), RX_BYTES / n };
		b->msgs[i].msg_hdr = (struct msghdr){
			.msg_name = &b->from[i],
			.msg_namelen = sizeof(b->from[i]),
			.msg_iov = &b->iov[i],
			.msg_iovlen = 1,
		};
	}
	return n;
}

static void take_batch(struct nl *nl, const struct rx_batch *b, unsigned n, ktime now)
{
	bool cut = false;

	nl->receiving = true;
	for (unsigned i = 0; i < n; i++) {
		const struct mmsghdr *m = &b->msgs[i];

		if (b->from[i].nl_pid != 0)
			continue;
		if (m->msg_hdr.msg_flags & MSG_TRUNC)
			cut = true;
		else
			take_datagram(nl, (struct span){ b->iov[i].iov_base, m->msg_len },
				      b->from[i].nl_groups != 0, now);
	}
	nl->receiving = false;
	if (cut) {
		nl->slots = 1;
		lost(nl, now);
	}
}

/* Up to ->slots datagrams. Returns how many, 0 when there are none. */
static unsigned receive_some(struct nl *nl, ktime now)
{
	struct rx_batch b;
	int n;

	if (nl->receiving)
		return 0;
	n = recvmmsg(nl->fd, b.msgs, prepare(nl, &b), MSG_DONTWAIT, NULL);
	if (n < 0) {
		if (errno == EINTR)
			return 1;
		if (errno != ENOBUFS)
			return 0;
		lost(nl, now);
		return 1;
	}
	take_batch(nl, &b, (unsigned)n, now);
	return (unsigned)n;
}

void nl_receive(struct nl *nl)
{
	ktime now = loop_now(nl->loop);

	for (unsigned n = 0, got; n < RX_AT_ONCE; n += got) {
		got = receive_some(nl, now);
		if (got == 0)
			return;
	}
}

static void queue_sent(struct nl *nl)
{
	if (nl->queue.cap > QUEUE_KEEP)
		nl_buf_fini(&nl->queue);
	nl_buf_reset(&nl->queue);
	nl->sent_to = 0;
}

/* How much of the queue goes into the next send. Moves ->unsent past it. If somebody waits for an
 * answer, the last message asks for one. */
static size_t cut_chunk(struct nl *nl)
{
	size_t from = nl->sent_to, to = from;
	struct nlmsghdr *last = NULL;
	bool awaited = false;

	for (unsigned n = 0; n < nl->chunk && to < nl->queue.len; n++) {
		struct nlmsghdr *h = header_at(nl->queue.data + to);
		struct nl_request *r = nl->unsent;
		bool mine = r != NULL && r->seq == h->nlmsg_seq;
		bool dump = mine && r->dump;

		if (to > from && (dump || to - from + h->nlmsg_len > CHUNK_BYTES))
			break;
		to += NLMSG_ALIGN(h->nlmsg_len);
		last = h;
		if (mine)
			nl->unsent = r->next;
		if (dump)
			return to - from;
		awaited = awaited || mine;
	}
	if (awaited)
		last->nlmsg_flags |= NLM_F_ACK;
	return to - from;
}

static void send_chunk(struct nl *nl, ktime now)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	size_t len = cut_chunk(nl);
	uint8_t *from = nl->queue.data + nl->sent_to;
	ssize_t n;

	do {
		n = sendto(nl->fd, from, len, MSG_DONTWAIT, (struct sockaddr *)&kernel,
			   sizeof(kernel));
	} while (n < 0 && errno == EINTR);
	nl->sent_to += len;
	if (nl->sent_to == nl->queue.len)
		queue_sent(nl);
	if (n < 0)
		fail_sent(nl, -errno, now);
}

/* Read until everything sent is answered or nothing has arrived. */
static void collect(struct nl *nl, ktime now)
{
	while (nl->first != NULL && nl->first != nl->unsent) {
		if (receive_some(nl, now) == 0)
			return;
	}
}

/* Requests take from 0.2 us to a quarter of a millisecond each: a chunk shall be short. */
static void adapt_chunk(struct nl *nl, kspan took)
{
	if (took.ns > CHUNK_TIME.ns)
		nl->chunk = MAX_OF(nl->chunk / 2, CHUNK_LEAST);
	else if (took.ns < CHUNK_TIME.ns / 4)
		nl->chunk = MIN_OF(nl->chunk * 2, CHUNK_MESSAGES);
}

/* The budget is used up, or a timer wants to be served. */
static bool is_over(const struct nl *nl, ktime start, ktime now, kspan budget)
{
	ktime next = timers_next(loop_timers(nl->loop));

	if (now.ns == start.ns)
		return false;
	return ktime_diff(now, start).ns > budget.ns || ktime_before(next, now);
}

void nl_flush(struct nl *nl, kspan budget)
{
	ktime start = clock_now(), began = start, now, wakeup = loop_now(nl->loop);
	bool limited = !kspan_is_zero(budget);

	if (nl->busy || (limited && nl->spent_at.ns == wakeup.ns))
		return;
	nl->busy = true;
	collect(nl, start);
	while (nl->sent_to < nl->queue.len) {
		/* Unanswered still: wait for it, so that answers cannot pile up. */
		if (nl->first != NULL && nl->first != nl->unsent)
			break;
		if (limited && is_over(nl, start, began, budget)) {
			nl->spent_at = wakeup;
			timer_arm(loop_timers(nl->loop), &nl->again, began);
			break;
		}
		send_chunk(nl, start);
		collect(nl, start);
		now = clock_now();
		adapt_chunk(nl, ktime_diff(now, began));
		began = now;
	}
	nl->busy = false;
}

static void flush_deferred(struct deferred *d, ktime now)
{
	(void)now;
	nl_flush(container_of(d, struct nl, flush), FLUSH_BUDGET);
}

static void flush_again(struct timer *t, ktime now)
{
	(void)now;
	nl_flush(container_of(t, struct nl, again), FLUSH_BUDGET);
}

static void readable(struct watch *w, uint32_t events, ktime now)
{
	struct nl *nl = container_of(w, struct nl, watch);

	(void)events;
	(void)now;
	nl_receive(nl);
	if (nl->sent_to < nl->queue.len)
		loop_defer(nl->loop, &nl->flush);
}

static struct nlmsghdr *enqueue(struct nl *nl, struct nl_buf *msg)
{
	struct nlmsghdr *h;
	size_t at;

	at = nl_buf_append(&nl->queue, msg->data, msg->len);
	nl_buf_reset(msg);
	h = header_at(nl->queue.data + at);
	if (++nl->next_seq == 0)
		nl->next_seq = 1;
	h->nlmsg_seq = nl->next_seq;
	if (!nl->busy)
		loop_defer(nl->loop, &nl->flush);
	return h;
}

void nl_queue(struct nl *nl, struct nl_request *r, struct nl_buf *msg)
{
	struct nlmsghdr *h = enqueue(nl, msg);

	r->dump = (h->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	r->seq = h->nlmsg_seq;
	r->next = NULL;
	if (nl->last != NULL)
		nl->last->next = r;
	else
		nl->first = r;
	nl->last = r;
	if (nl->unsent == NULL)
		nl->unsent = r;
	nl->n_pending++;
}

void nl_queue_blind(struct nl *nl, struct nl_buf *msg)
{
	enqueue(nl, msg);
}

void nl_cancel(struct nl *nl, struct nl_request *r)
{
	unlink_request(nl, r);
}

unsigned nl_pending(const struct nl *nl)
{
	return nl->n_pending;
}

/* libnl has errors of its own; those that stand for an errno of a system call. */
static int errno_of(int error)
{
	switch (-error) {
	case NLE_SUCCESS:
		return 0;
	case NLE_NOMEM:
		return -ENOMEM;
	case NLE_EXIST:
		return -EADDRINUSE;
	case NLE_PERM:
	case NLE_NOACCESS:
		return -EPERM;
	case NLE_AF_NOSUPPORT:
	case NLE_PROTO_MISMATCH:
	case NLE_OPNOTSUPP:
		return -EPROTONOSUPPORT;
	case NLE_OBJ_NOTFOUND:
		return -ENOENT;
	case NLE_INVAL:
	case NLE_RANGE:
		return -EINVAL;
	}
	return -EIO;
}

int nl_join(struct nl *nl, unsigned group)
{
	return errno_of(nl_socket_add_membership(nl->sock, (int)group));
}

int nl_leave(struct nl *nl, unsigned group)
{
	return errno_of(nl_socket_drop_membership(nl->sock, (int)group));
}

/* Sizes and comforts; none of them is needed for working, so failures do not matter. */
static void tune(int fd, const struct nl_options *o)
{
	int on = 1;
	int size = (int)(o->rcvbuf != 0 ? o->rcvbuf : RCVBUF_DEFAULT);
	bool force = o->rcvbuf_force || o->rcvbuf == 0;

	(void)setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	(void)setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	if (!force || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

static int connect_here(void *arg)
{
	struct nl *nl = arg;

	return errno_of(nl_connect(nl->sock, nl->options.protocol));
}

/* The descriptor, or -errno. */
static int open_socket(struct nl *nl, const struct netns *ns)
{
	int error;

	nl->sock = nl_socket_alloc();
	if (nl->sock == NULL)
		out_of_memory();
	error = netns_call(ns, connect_here, nl);
	if (error < 0)
		return error;
	nl->fd = nl_socket_get_fd(nl->sock);
	(void)nl_socket_set_nonblocking(nl->sock);
	tune(nl->fd, &nl->options);
	return nl->fd;
}

static int start(struct nl *nl, const struct netns *ns)
{
	int fd = open_socket(nl, ns);

	if (fd < 0)
		return fd;
	nl->watch = (struct watch){ .fd = fd, .events = EPOLLIN, .priority = WATCH_NORMAL,
				    .ready = readable };
	return watch_add(nl->loop, &nl->watch);
}

struct nl *nl_new(struct loop *loop, const struct netns *ns, const struct nl_options *o)
{
	struct nl *nl = xnew(struct nl);
	int error;

	*nl = (struct nl){
		.loop = loop,
		.options = *o,
		.flush.run = flush_deferred,
		.again.fire = flush_again,
		.chunk = CHUNK_FIRST,
		.slots = RX_SLOTS,
	};
	error = start(nl, ns);
	if (error < 0) {
		nl_socket_free(nl->sock);
		free(nl);
		errno = -error;
		return NULL;
	}
	nl->rx = xcalloc(1, RX_BYTES);
	return nl;
}

void nl_free(struct nl *nl)
{
	if (nl == NULL)
		return;
	nl->busy = true;
	while (nl->first != NULL)
		finish(nl, nl->first, -ENETDOWN, "", loop_now(nl->loop));
	loop_undefer(nl->loop, &nl->flush);
	timer_cancel(&nl->again);
	watch_remove(&nl->watch);
	nl_socket_free(nl->sock);
	nl_buf_fini(&nl->queue);
	free(nl->rx);
	free(nl);
}
