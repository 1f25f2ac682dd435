/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A netlink socket: requests in batches, answers by sequence number.
 *
 * The socket is libnl's; batches are not known there, so sending and receiving are here. A batch is
 * at most a chunk, so that its answers fit into the receive buffer; they are read before the next
 * chunk goes out. The kernel carries out a chunk in its order and before sendmsg() returns, so only
 * its last message asks to be acknowledged: what was not answered with an error by then has
 * succeeded. What does not answer at once is waited for by the loop, up to a deadline. A dump
 * travels alone: the kernel runs one at a time per socket. Receiving is nl_rx.c. Requests belong to
 * their owners; the socket and its buffers belong to struct nl.
 */
#include <errno.h>
#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "net/netns.h"
#include "net/sock.h"
#include "netlink/nl_private.h"

#define CHUNK_BYTES    16384
#define CHUNK_MESSAGES 128
#define CHUNK_FIRST    32
#define CHUNK_LEAST    4
#define CHUNK_TIME     MSEC(2)
#define QUEUE_KEEP     32768		/* a larger queue is given back once it is sent */
#define RCVBUF_DEFAULT (1u << 20)
#define FLUSH_BUDGET   MSEC(20)

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

void nl_finish(struct nl *nl, struct nl_request *r, int error, const char *text, ktime now)
{
	if (unlink_request(nl, r) && r->done != NULL)
		r->done(r, error, text, now);
}

void nl_fail_sent(struct nl *nl, int error, ktime now)
{
	while (nl_is_awaiting(nl))
		nl_finish(nl, nl->first, error, "", now);
}

/* -- waiting for answers ------------------------------------------------------------------- */

/* The first is the oldest. */
static void watch_deadline(struct nl *nl)
{
	if (!nl_is_awaiting(nl))
		timer_cancel(&nl->deadline);
	else if (!timer_is_armed(&nl->deadline) ||
		 ktime_before(nl->deadline.at, nl->first->deadline))
		timer_arm(loop_timers(nl->loop), &nl->deadline, nl->first->deadline);
}

/* The kernel always answers, so these answers are lost. */
static void deadline_passed(struct timer *t, ktime now)
{
	struct nl *nl = container_of(t, struct nl, deadline);

	(void)nl_receive(nl);
	while (nl_is_awaiting(nl) && !ktime_before(now, nl->first->deadline))
		nl_finish(nl, nl->first, -ETIMEDOUT, "", now);
	watch_deadline(nl);
	if (nl->sent_to < nl->queue.len)
		loop_defer(nl->loop, &nl->flush);
}

/* -- sending ------------------------------------------------------------------------------- */

static void queue_sent(struct nl *nl)
{
	if (nl->queue.cap > QUEUE_KEEP)
		nl_buf_fini(&nl->queue);
	nl_buf_reset(&nl->queue);
	nl->sent_to = 0;
}

/* How much of the queue goes into the next send. Moves ->unsent past it. If somebody waits for an
 * answer, the last message asks for one. */
static size_t cut_chunk(struct nl *nl, ktime now)
{
	size_t from = nl->sent_to, to = from;
	struct nlmsghdr *last = NULL;
	bool awaited = false;

	for (unsigned n = 0; n < nl->chunk && to < nl->queue.len; n++) {
		struct nlmsghdr *h = header_at(nl->queue.data + to);
		struct nl_request *r = nl->unsent;
		bool mine = r != NULL && r->seq == h->nlmsg_seq;
		bool dump = (h->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;

		if (to > from && (dump || to - from + h->nlmsg_len > CHUNK_BYTES))
			break;
		to += NLMSG_ALIGN(h->nlmsg_len);
		last = h;
		if (mine) {
			r->deadline = ktime_add(now, NL_ANSWER_WITHIN);
			nl->unsent = r->next;
		}
		nl->dumping = nl->dumping || dump;
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
	size_t len = cut_chunk(nl, now);
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
		nl_fail_sent(nl, -errno, now);
}

/* Read until everything sent is answered or nothing has arrived. A dump may be long: @budget (zero:
 * no limit). */
static void collect(struct nl *nl, ktime start, kspan budget)
{
	bool limited = !kspan_is_zero(budget);

	while (nl->losing || nl_is_awaiting(nl)) {
		if (nl_receive_some(nl, start) == 0)
			return;
		if (limited && nl->dumping && nl_is_over(nl, start, clock_now(), budget))
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

bool nl_is_over(const struct nl *nl, ktime start, ktime now, kspan budget)
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
	collect(nl, start, budget);
	while (nl->sent_to < nl->queue.len) {
		/* Unanswered still: wait for it, so that answers cannot pile up. */
		if (nl_is_awaiting(nl))
			break;
		if (limited && nl_is_over(nl, start, began, budget)) {
			nl->spent_at = wakeup;
			timer_arm(loop_timers(nl->loop), &nl->again, began);
			break;
		}
		send_chunk(nl, start);
		collect(nl, start, budget);
		now = clock_now();
		adapt_chunk(nl, ktime_diff(now, began));
		began = now;
	}
	nl->busy = false;
	watch_deadline(nl);
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
	(void)nl_receive(nl);
	watch_deadline(nl);
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
	r->cut = r->interrupted = false;
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

uint32_t nl_port(const struct nl *nl)
{
	return nl_socket_get_local_port(nl->sock);
}

int nl_attach_filter(struct nl *nl, const struct sock_filter *filter, size_t n)
{
	return sock_attach_filter(nl->fd, filter, n);
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
	int error;

	errno = 0;
	error = errno_of(nl_connect(nl->sock, nl->options.protocol));
	/* libnl has one error for most that socket() may answer: that of the system is better. */
	return error == -EIO && errno != 0 ? -errno : error;
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
		.deadline.fire = deadline_passed,
		.chunk = CHUNK_FIRST,
		.slots = NL_RX_SLOTS,
		.rx_bytes = NL_RX_BYTES,
	};
	error = start(nl, ns);
	if (error < 0) {
		nl_socket_free(nl->sock);
		free(nl);
		errno = -error;
		return NULL;
	}
	nl->rx = xcalloc(1, NL_RX_BYTES);
	return nl;
}

void nl_free(struct nl *nl)
{
	if (nl == NULL)
		return;
	nl->busy = true;
	while (nl->first != NULL)
		nl_finish(nl, nl->first, -ENETDOWN, "", loop_now(nl->loop));
	loop_undefer(nl->loop, &nl->flush);
	timer_cancel(&nl->again);
	timer_cancel(&nl->deadline);
	watch_remove(&nl->watch);
	nl_socket_free(nl->sock);
	nl_buf_fini(&nl->queue);
	free(nl->rx);
	free(nl);
}
