/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages between the supervisor and an engine: framing, exact sizes, the queue for a slow peer.
 *
 * What a message means is its handler's business. The other side may be broken or taken over: a
 * message that is not in the table, has another size or an unexpected descriptor ends the
 * connection, never the process; a flood of them waits in the socket.
 */
#include "core/ipc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"

#define CONTENT_MAX    1024
#define PER_WAKEUP_MAX 64

struct ipc_head {
	uint32_t type;
	uint32_t size;
};

struct ipc_packet {
	struct ipc_head head;
	_Alignas(8) uint8_t content[CONTENT_MAX];
};

struct ipc_queued {
	struct ipc_queued *next;
	size_t len;
	int fd;
	_Alignas(8) uint8_t packet[];
};

union control {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(sizeof(int))];
};

int ipc_pair(int fds[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) < 0 ?
		       -errno :
		       0;
}

static void drop_first(struct ipc *ipc)
{
	struct ipc_queued *q = ipc->first;

	ipc->first = q->next;
	if (!ipc->first)
		ipc->last = NULL;
	ipc->n_queued--;
	close_fd(&q->fd);
	free(q);
}

void ipc_stop(struct ipc *ipc)
{
	if (!ipc->watch.loop)
		return;
	timer_cancel(&ipc->resume);
	watch_remove(&ipc->watch);
	close(ipc->watch.fd);
	ipc->watch.fd = -1;
	while (ipc->first)
		drop_first(ipc);
}

static void end_peer(struct ipc *ipc, const char *why, ktime now)
{
	ipc_stop(ipc);
	ipc->gone(ipc, why, now);
}

/* 1 sent, 0 not now, -errno. */
static int send_packet(int sock, const void *packet, size_t len, int fd)
{
	union control control = { 0 };
	struct iovec iov = { .iov_base = (void *)(uintptr_t)packet, .iov_len = len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (fd >= 0) {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
		struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(int));
	}
	for (;;) {
		if (sendmsg(sock, &msg, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
			return 1;
		if (errno == EAGAIN || errno == ENOBUFS)
			return 0;
		if (errno != EINTR)
			return -errno;
	}
}

/* Reading unless the peer has to wait, writing while something is queued. */
static int listen_as_due(struct ipc *ipc)
{
	return watch_change(&ipc->watch, (timer_is_armed(&ipc->resume) ? 0u : EPOLLIN) |
						 (ipc->first ? EPOLLOUT : 0u));
}

static int queue_packet(struct ipc *ipc, const struct ipc_packet *packet, size_t len, int fd)
{
	if (ipc->n_queued >= IPC_QUEUE_MAX)
		return -ENOBUFS;
	int copy = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 3);

	if (fd >= 0 && copy < 0)
		return -errno;
	struct ipc_queued *q = xcalloc(1, sizeof(*q) + len);

	q->len = len;
	q->fd = copy;
	memcpy(q->packet, packet, len);
	if (ipc->last)
		ipc->last->next = q;
	else
		ipc->first = q;
	ipc->last = q;
	ipc->n_queued++;
	return listen_as_due(ipc);
}

int ipc_send(struct ipc *ipc, enum ipc_type type, const void *msg, size_t size, int fd)
{
	struct ipc_packet packet = { .head = { .type = type, .size = (uint32_t)size } };
	size_t len = offsetof(struct ipc_packet, content) + size;

	if (!ipc->watch.loop)
		return -ENOTCONN;
	if (size > CONTENT_MAX)
		return -EMSGSIZE;
	if (size)
		memcpy(packet.content, msg, size);
	if (!ipc->first) {
		int sent = send_packet(ipc->watch.fd, &packet, len, fd);

		if (sent)
			return sent < 0 ? sent : 0;
	}
	return queue_packet(ipc, &packet, len, fd);
}

/* False when the peer is gone; the reading side finds out why. */
static bool send_queued(struct ipc *ipc)
{
	while (ipc->first) {
		struct ipc_queued *q = ipc->first;
		int sent = send_packet(ipc->watch.fd, q->packet, q->len, q->fd);

		if (sent == 0)
			return true;
		if (sent < 0)
			return false;
		drop_first(ipc);
	}
	return true;
}

static int descriptor_of(struct msghdr *msg)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	int fd = -1;

	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&fd, CMSG_DATA(c), sizeof(int));
	return fd;
}

/* What is wrong with a packet of @len bytes; NULL: nothing. */
static const char *judge(const struct ipc *ipc, const struct ipc_packet *packet, size_t len,
			 bool cut, int fd)
{
	size_t head = offsetof(struct ipc_packet, content);

	if (cut || len < head || packet->head.size != len - head)
		return "message of a wrong length";
	if (packet->head.type >= IPC_TYPES || !ipc->table[packet->head.type].handle)
		return "message of an unknown type";
	const struct ipc_row *row = &ipc->table[packet->head.type];

	if (row->size != packet->head.size)
		return "message of a wrong size for its type";
	if (row->has_fd != (fd >= 0))
		return "message with a descriptor missing or superfluous";
	return NULL;
}

/* The pace: ->paid_until runs ahead of the clock with each message, by at most the burst. */

static kspan price(const struct ipc *ipc, unsigned cost)
{
	return NSEC((int64_t)cost * SEC(1).ns / ipc->pace.per_second);
}

static void pay(struct ipc *ipc, enum ipc_type type, ktime now)
{
	if (!ipc->pace.per_second)
		return;
	if (ktime_before(ipc->paid_until, now))
		ipc->paid_until = now;
	ipc->paid_until =
		ktime_add(ipc->paid_until, price(ipc, MAX_OF(ipc->table[type].cost, 1u)));
}

/* Has it asked for too much? Then it is heard again when half of it has been paid for. */
static bool must_wait(struct ipc *ipc, ktime now)
{
	if (!ipc->pace.per_second)
		return false;
	kspan ahead = ktime_diff(ipc->paid_until, now), burst = price(ipc, ipc->pace.burst);

	if (ahead.ns <= burst.ns)
		return false;
	timer_arm(loop_timers(ipc->watch.loop), &ipc->resume,
		  ktime_add(now, NSEC(ahead.ns - burst.ns / 2)));
	(void)listen_as_due(ipc);
	if (ipc->slowed)
		ipc->slowed(ipc, now);
	return true;
}

static void resume(struct timer *t, ktime now attr_unused)
{
	(void)listen_as_due(container_of(t, struct ipc, resume));
}

/* Receive and handle one message; false when there is none now or the peer has ended. */
static bool take_one(struct ipc *ipc, ktime now)
{
	struct ipc_packet packet;
	union control control;
	struct iovec iov = { .iov_base = &packet, .iov_len = sizeof(packet) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	ssize_t len = recvmsg(ipc->watch.fd, &msg, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

	if (len < 0) {
		if (errno == EINTR)
			return true;
		if (errno != EAGAIN)
			end_peer(ipc, "connection lost", now);
		return false;
	}
	int fd = descriptor_of(&msg);

	if (len == 0 && fd < 0) {
		end_peer(ipc, "connection closed", now);
		return false;
	}
	const char *wrong = judge(ipc, &packet, (size_t)len,
				  msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC), fd);

	if (wrong) {
		close_fd(&fd);
		end_peer(ipc, wrong, now);
		return false;
	}
	pay(ipc, packet.head.type, now);
	ipc->table[packet.head.type].handle(ipc, packet.content, fd, now);
	return ipc->watch.loop != NULL;
}

static void peer_ready(struct watch *w, uint32_t events, ktime now)
{
	struct ipc *ipc = container_of(w, struct ipc, watch);

	if (events & EPOLLOUT) {
		(void)send_queued(ipc);
		if (!ipc->first)
			(void)listen_as_due(ipc);
	}
	if (!(events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
		return;
	/* What a dead peer has left is bounded by its socket. */
	bool dead = events & (EPOLLHUP | EPOLLERR);

	for (unsigned i = 0; i < PER_WAKEUP_MAX && (dead || !must_wait(ipc, now)); i++)
		if (!take_one(ipc, now))
			return;
}

int ipc_start(struct loop *loop, struct ipc *ipc, int fd)
{
	ipc->watch = (struct watch){
		.fd = fd, .events = EPOLLIN, .priority = WATCH_NORMAL, .ready = peer_ready,
	};
	ipc->first = ipc->last = NULL;
	ipc->n_queued = 0;
	ipc->paid_until = (ktime){ 0 };
	ipc->resume.fire = resume;
	return watch_add(loop, &ipc->watch);
}

void ipc_drain(struct ipc *ipc, ktime now)
{
	while (ipc->watch.loop && take_one(ipc, now))
		;
}

bool ipc_flush(struct ipc *ipc, kspan limit)
{
	ktime end = ktime_add(clock_now(), limit);

	while (ipc->watch.loop && ipc->first) {
		struct pollfd p = { .fd = ipc->watch.fd, .events = POLLOUT };
		kspan left = ktime_diff(end, clock_now());

		if (!send_queued(ipc))
			return false;
		if (!ipc->first)
			break;
		if (left.ns <= 0 || poll(&p, 1, (int)kspan_msec(left) + 1) < 0)
			return false;
	}
	return ipc->watch.loop != NULL;
}
