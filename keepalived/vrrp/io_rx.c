/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Receiving adverts: batches, moderation, and who gets them.
 *
 * A socket that was quiet is drained as soon as something arrives. If more arrives within a tick
 * of that, it is left alone until the tick is over: many adverts then cost one wake-up. Packets
 * carry the time at which they arrived, so deadlines do not depend on when they are read.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/log.h"
#include "loop/loop.h"
#include "net/sock.h"
#include "vrrp/io_private.h"

#define RX_BATCH      32
#define RX_ROUNDS     256		/* batches per drain */
#define RX_CONTROL    160
#define UNKNOWN_EVERY SEC(60)

struct rx_batch {
	struct mmsghdr msgs[RX_BATCH];
	struct iovec iov[RX_BATCH];
	struct sockaddr_storage from[RX_BATCH];
	uint8_t control[RX_BATCH][RX_CONTROL] __attribute__((aligned(8)));
	size_t stride;
	uint8_t bytes[];
};

static struct rx_batch *batch_of(struct vrrp_io *io)
{
	if (io->rx != NULL && io->rx->stride == io->rx_stride)
		return io->rx;
	free(io->rx);
	io->rx = xcalloc(1, sizeof(*io->rx) + RX_BATCH * io->rx_stride);
	io->rx->stride = io->rx_stride;
	return io->rx;
}

static void batch_prepare(struct rx_batch *b)
{
	for (unsigned i = 0; i < RX_BATCH; i++) {
		b->iov[i] = (struct iovec){ b->bytes + i * b->stride, b->stride };
		b->msgs[i].msg_hdr = (struct msghdr){
			.msg_name = &b->from[i],
			.msg_namelen = sizeof(b->from[i]),
			.msg_iov = &b->iov[i],
			.msg_iovlen = 1,
			.msg_control = b->control[i],
			.msg_controllen = RX_CONTROL,
		};
	}
}

/* The instance a datagram is for. Several unicast instances may share a VRID on one socket: then
 * the one that has the sender as peer, else the first. */
static struct vrrp_instance *find_instance(const struct vrrp_socket *s, uint8_t vrid,
					   struct addr src)
{
	struct vrrp_instance *first = NULL;

	if (s->table == NULL)
		return NULL;
	for (struct vrrp_instance *vr = s->table[vrid & s->mask]; vr; vr = vr->next_on_socket) {
		if (vr->config->vrid != vrid)
			continue;
		if (first == NULL)
			first = vr;
		for (unsigned i = 0; i < vr->rx.n_peers; i++) {
			if (addr_equal(vr->rx.peers[i].addr, src))
				return vr;
		}
	}
	return first;
}

static void unknown_vrid(struct vrrp_socket *s, uint8_t vrid, ktime now)
{
	struct vrrp_io *io = s->io;
	unsigned suppressed;

	s->unknown_vrid++;
	if (s->slot != NULL)
		s->slot->unknown_vrid = s->unknown_vrid;
	io->net->vrrp->engine_slot->router_vrid_err++;
	if (!io->net->vrrp->global->log_unknown_vrids ||
	    !log_limit_ok(&io->unknown_limit, now, UNKNOWN_EVERY, &suppressed))
		return;
	log_info("Unknown VRID(%u) received on interface(%s). ignoring...", vrid,
		 s->iface != NULL ? s->iface->name : "(none)");
}

/* Priority 0 has a socket of its own, read after the other one: an advert that came later may have
 * been taken already, and then the farewell is history. */
static bool overtaken(const struct vrrp_instance *vr, ktime at)
{
	return !ktime_is_never(vr->fsm.heard_at) && ktime_before(at, vr->fsm.heard_at);
}

static void take(struct vrrp_socket *s, struct span bytes, const struct sock_rx *rx, ktime at,
		 bool urgent)
{
	struct vrrp_frame frame;
	enum vrrp_reject reject;
	struct vrrp_instance *vr;

	if (s->family == AF_INET)
		reject = vrrp_frame_of_ipv4(bytes, &frame);
	else
		reject = vrrp_frame_of_ipv6(bytes, rx->src, rx->dst,
					    (uint8_t)(rx->ttl < 0 ? 0 : rx->ttl), &frame);
	if (reject != VRRP_ACCEPT || rx->truncated)
		return;
	vr = find_instance(s, frame.vrid, frame.src);
	if (vr == NULL)
		unknown_vrid(s, frame.vrid, at);
	else if (!urgent || !overtaken(vr, at))
		instance_receive(vr, &frame, at);
}

/* When a packet arrived, on our clock. The wall clock may have been set in between: nothing is
 * older than the last time that the socket was empty, nor younger than now. */
static ktime arrival(const struct vrrp_socket *s, int64_t wall_ns, int64_t wall_now, ktime now)
{
	ktime at = { now.ns - (wall_now - wall_ns) };

	if (wall_ns == 0 || at.ns > now.ns)
		return now;
	return at.ns < s->drained_at.ns ? s->drained_at : at;
}

/* Everything that is there. @now is when the reading began. */
static void drain_fd(struct vrrp_socket *s, int fd, ktime now)
{
	struct rx_batch *b = batch_of(s->io);
	int64_t wall_now = clock_wall_ns();
	struct sock_rx rx;
	int n = RX_BATCH;

	for (unsigned round = 0; round < RX_ROUNDS && n == RX_BATCH; round++) {
		batch_prepare(b);
		n = recvmmsg(fd, b->msgs, RX_BATCH, MSG_DONTWAIT, NULL);
		for (int i = 0; i < n; i++) {
			struct span bytes = { b->iov[i].iov_base, b->msgs[i].msg_len };

			sock_rx_of_message(&b->msgs[i].msg_hdr, &rx);
			take(s, bytes, &rx, arrival(s, rx.wall_ns, wall_now, now),
			     fd == s->fd_urgent);
		}
		/* A pending error of the socket: it is cleared now, there may be more. */
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			n = RX_BATCH;
	}
}

void io_rx_drain(struct vrrp_socket *s, ktime now)
{
	ktime began = clock_now();

	(void)now;
	if (s->fd_in >= 0)
		drain_fd(s, s->fd_in, began);
	if (s->fd_urgent >= 0)
		drain_fd(s, s->fd_urgent, began);
	s->drained_at = began;
}

static void in_ready(struct watch *w, uint32_t events, ktime now)
{
	struct vrrp_socket *s = container_of(w, struct vrrp_socket, in);

	(void)events;
	if (!kspan_is_zero(s->tick_every) && ktime_diff(now, s->drained_at).ns < s->tick_every.ns) {
		(void)watch_change(w, 0);
		timer_arm(loop_timers(s->io->net->vrrp->loop), &s->tick,
			  ktime_add(s->drained_at, s->tick_every));
		return;
	}
	io_rx_drain(s, now);
}

static void urgent_ready(struct watch *w, uint32_t events, ktime now)
{
	(void)events;
	io_rx_drain(container_of(w, struct vrrp_socket, urgent), now);
}

static void tick_over(struct timer *t, ktime now)
{
	struct vrrp_socket *s = container_of(t, struct vrrp_socket, tick);

	io_rx_drain(s, now);
	(void)watch_change(&s->in, EPOLLIN);
}

void io_rx_start(struct vrrp_socket *s)
{
	struct loop *loop = s->io->net->vrrp->loop;

	s->tick.fire = tick_over;
	s->drained_at = (ktime){ 0 };
	s->in = (struct watch){
		.fd = s->fd_in, .events = EPOLLIN, .priority = WATCH_URGENT, .ready = in_ready
	};
	(void)watch_add(loop, &s->in);
	if (s->fd_urgent < 0)
		return;
	s->urgent = (struct watch){
		.fd = s->fd_urgent, .events = EPOLLIN, .priority = WATCH_URGENT,
		.ready = urgent_ready
	};
	(void)watch_add(loop, &s->urgent);
}

void io_rx_stop(struct vrrp_socket *s)
{
	timer_cancel(&s->tick);
	watch_remove(&s->in);
	watch_remove(&s->urgent);
}

void io_rx_free(struct vrrp_io *io)
{
	free(io->rx);
	io->rx = NULL;
}
