/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sending adverts: encoded when they fall due, sent together at the end of the wake-up.
 *
 * The queue is one piece of memory for the bytes and one for the entries; every socket has a chain
 * of entries. What a full socket buffer does not take stays queued for a moment; an advert that
 * the kernel refuses is counted and logged with its instance.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/log.h"
#include "loop/loop.h"
#include "vrrp/io_private.h"

#define TX_BATCH   64
#define TX_KEEP    1024		/* adverts; a larger queue is given back once it is sent */
#define TX_CONTROL (CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(int)))
#define TX_RETRY   MSEC(1)
#define ERROR_EVERY SEC(60)

struct tx_batch {
	struct mmsghdr msgs[TX_BATCH];
	struct iovec iov[TX_BATCH];
	struct sockaddr_storage to[TX_BATCH];
	uint8_t control[TX_BATCH][TX_CONTROL] __attribute__((aligned(8)));
	uint32_t entry[TX_BATCH];
};

/* -- queue --------------------------------------------------------------------------------- */

static uint8_t *room(struct vrrp_io *io, size_t len)
{
	if (io->tx_len + len > io->tx_cap) {
		io->tx_cap = MAX_OF(io->tx_cap * 2, io->tx_len + len + 4096);
		io->tx_bytes = xrealloc(io->tx_bytes, 1, io->tx_cap);
	}
	return io->tx_bytes + io->tx_len;
}

/* Hop limit that must be said with the packet: multicast has it from the socket, IPv4 in its
 * header. */
static int16_t hops_of(const struct vrrp_instance_config *c)
{
	return c->unicast && c->has_unicast_ttl ? c->unicast_ttl : -1;
}

static void enqueue(struct vrrp_instance *vr, const struct vrrp_outgoing *o, size_t len)
{
	struct vrrp_socket *s = vr->socket;
	struct vrrp_io *io = s->io;
	struct tx_entry *e;

	if (io->n_tx == io->cap_tx) {
		io->cap_tx = MAX_OF(64, io->cap_tx * 2);
		io->tx = xrealloc(io->tx, io->cap_tx, sizeof(*io->tx));
	}
	e = &io->tx[io->n_tx++];
	*e = (struct tx_entry){
		.vr = vr,
		.at = (uint32_t)io->tx_len,
		.len = (uint32_t)len,
		.dst = o->dst,
		.src = o->src,
		.zero = o->priority == 0,
		.hops = hops_of(vr->config),
	};
	io->tx_len += len;
	if (s->tx_last != 0)
		io->tx[s->tx_last - 1].next = io->n_tx;
	else
		s->tx_first = io->n_tx;
	s->tx_last = io->n_tx;
}

/* One datagram to one destination; @peer is its index, -1 for multicast. */
static void send_to(struct vrrp_instance *vr, struct vrrp_outgoing *o, const struct vrrp_seal *seal,
		    struct addr dst, int peer)
{
	struct vrrp_io *io = vr->socket->io;
	size_t need, len;
	uint8_t *at;

	o->dst = dst;
	o->checksum = vrrp_checksum_form_to(&vr->rx, &vr->rx_memory, peer);
	need = vrrp_encoded_len(o);
	at = room(io, need);
	len = vrrp_encode(o, at, need);
	if (len == 0 ||
	    (vr->rx.auth != NULL && vrrp_auth_seal(vr->rx.auth, seal, o, at, len) < 0)) {
		instance_count_rare(vr, send_err);
		return;
	}
	enqueue(vr, o, len);
}

static void outgoing_of(struct vrrp_instance *vr, uint8_t priority, struct vrrp_outgoing *o)
{
	const struct vrrp_instance_config *c = vr->config;
	const struct vrrp_auth_params *auth = vr->rx.auth;

	*o = (struct vrrp_outgoing){
		.version = c->version,
		.family = c->family,
		.vrid = c->vrid,
		.priority = priority,
		.every = c->advert_every,
		.src = vr->src,
		.group = vr->rx.group,
		.ttl = c->unicast ? c->unicast_ttl : 255,
		.ip_id = vrrp_next_ip_id(&vr->ip_id),
		.addrs = vr->rx.addrs,
		.n_addrs = vr->rx.n_addrs,
	};
	if (auth == NULL)
		return;
	o->auth_type = auth->type;
	o->trailer = auth->trailer == VRRP_TRAILER_ENFORCE ||
		     auth->trailer == VRRP_TRAILER_PERMISSIVE;
	if (auth->type == VRRP_WIRE_PASS)
		memcpy(o->password, auth->password, sizeof(o->password));
}

void io_send(struct vrrp_instance *vr, uint8_t priority, ktime now)
{
	struct vrrp_outgoing o;
	struct vrrp_seal seal = { 0 };

	if (vr->socket == NULL || !addr_is_set(vr->src)) {
		instance_count_rare(vr, send_err);
		return;
	}
	outgoing_of(vr, priority, &o);
	if (vr->rx.auth != NULL &&
	    vrrp_auth_next(&vr->auth->state, vr->rx.auth, vrrp_wall_of(now), &seal) < 0) {
		instance_count_rare(vr, send_err);
		return;
	}
	if (!vr->config->unicast)
		send_to(vr, &o, &seal, vr->config->mcast_group, -1);
	for (unsigned i = 0; i < vr->rx.n_peers; i++)
		send_to(vr, &o, &seal, vr->rx.peers[i].addr, (int)i);
	vrrp_want_commit(vr->vrrp);
}

/* -- sending ------------------------------------------------------------------------------- */

static void put_control(struct msghdr *h, const struct vrrp_socket *s, const struct tx_entry *e)
{
	struct in6_pktinfo info = { .ipi6_addr = e->src.v6, .ipi6_ifindex = s->ifindex };
	int hops = e->hops;
	struct cmsghdr *cm;

	h->msg_controllen = TX_CONTROL;
	cm = CMSG_FIRSTHDR(h);
	cm->cmsg_level = IPPROTO_IPV6;
	cm->cmsg_type = IPV6_PKTINFO;
	cm->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(cm), &info, sizeof(info));
	if (hops < 0) {
		h->msg_controllen = CMSG_SPACE(sizeof(info));
		return;
	}
	cm = CMSG_NXTHDR(h, cm);
	cm->cmsg_level = IPPROTO_IPV6;
	cm->cmsg_type = IPV6_HOPLIMIT;
	cm->cmsg_len = CMSG_LEN(sizeof(hops));
	memcpy(CMSG_DATA(cm), &hops, sizeof(hops));
}

static void put_message(struct tx_batch *b, unsigned i, const struct vrrp_socket *s,
			struct tx_entry *e)
{
	struct msghdr *h = &b->msgs[i].msg_hdr;

	memset(b->control[i], 0, sizeof(b->control[i]));
	b->iov[i] = (struct iovec){ s->io->tx_bytes + e->at, e->len };
	*h = (struct msghdr){
		.msg_name = &b->to[i],
		.msg_namelen = addr_to_sockaddr(e->dst, 0, s->ifindex, &b->to[i]),
		.msg_iov = &b->iov[i],
		.msg_iovlen = 1,
	};
	if (s->family == AF_INET6) {
		h->msg_control = b->control[i];
		put_control(h, s, e);
	}
}

static unsigned fill(struct tx_batch *b, const struct vrrp_socket *s)
{
	struct vrrp_io *io = s->io;
	unsigned n = 0;

	for (uint32_t at = s->tx_first; at != 0 && n < TX_BATCH; at = io->tx[at - 1].next) {
		struct tx_entry *e = &io->tx[at - 1];

		b->entry[n] = at;
		put_message(b, n, s, e);
		n++;
	}
	return n;
}

/* Take the first @n entries off the chain. */
static void advance(struct vrrp_socket *s, unsigned n)
{
	while (n-- > 0 && s->tx_first != 0)
		s->tx_first = s->io->tx[s->tx_first - 1].next;
	if (s->tx_first == 0)
		s->tx_last = 0;
}

static void refused(const struct tx_entry *e, int error, ktime now)
{
	struct vrrp_instance *vr = e->vr;
	unsigned suppressed;

	if (vr == NULL)
		return;
	instance_count_rare(vr, send_err);
	if (e->zero && (error == ENETUNREACH || error == ENETDOWN || error == ENODEV))
		return;
	if (!log_limit_ok(instance_limit(vr, LIMIT_SEND), now, ERROR_EVERY, &suppressed))
		return;
	if (vr->config->unicast)
		log_info("(%s) Cant send advert to %s (%s)", instance_name(vr), addr_text(e->dst),
			 strerror(error));
	else
		log_info("(%s): send advert error %d (%s)", instance_name(vr), error,
			 strerror(error));
}

/* False when the socket's buffer is full. */
static bool flush_socket(struct vrrp_socket *s, struct tx_batch *b, ktime now)
{
	int flags = MSG_DONTWAIT | (s->unicast ? 0 : MSG_DONTROUTE);

	while (s->tx_first != 0) {
		unsigned n = fill(b, s);
		int sent = sendmmsg(s->fd_out, b->msgs, n, flags);

		if (sent > 0) {
			advance(s, (unsigned)sent);
			continue;
		}
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && (errno == EAGAIN || errno == ENOBUFS))
			return false;
		refused(&s->io->tx[s->tx_first - 1], sent < 0 ? errno : EIO, now);
		advance(s, 1);
	}
	return true;
}

/* The last words of a socket that is about to be closed. */
void io_tx_flush_socket(struct vrrp_socket *s, ktime now)
{
	struct tx_batch batch;

	(void)flush_socket(s, &batch, now);
	s->tx_first = s->tx_last = 0;
}

/* What a burst needed is given back. */
static void queue_sent(struct vrrp_io *io)
{
	io->n_tx = 0;
	io->tx_len = 0;
	if (io->cap_tx <= TX_KEEP)
		return;
	free(io->tx);
	free(io->tx_bytes);
	io->tx = NULL;
	io->tx_bytes = NULL;
	io->cap_tx = 0;
	io->tx_cap = 0;
}

void io_tx_flush(struct vrrp_io *io, ktime now)
{
	struct tx_batch batch;
	bool all = true;

	if (io->n_tx == 0)
		return;
	for (struct vrrp_socket *s = io->sockets; s != NULL; s = s->next) {
		if (s->tx_first != 0 && !flush_socket(s, &batch, now))
			all = false;
	}
	if (all) {
		queue_sent(io);
		return;
	}
	timer_arm(loop_timers(io->net->vrrp->loop), &io->tx_again, ktime_add(now, TX_RETRY));
}

static void send_again(struct timer *t, ktime now)
{
	struct vrrp_io *io = container_of(t, struct vrrp_io, tx_again);

	(void)now;
	vrrp_want_commit(io->net->vrrp);
}

void io_tx_init(struct vrrp_io *io)
{
	io->tx_again.fire = send_again;
}

/* The instance goes; what it had queued goes out without it. */
void io_tx_forget(struct vrrp_io *io, const struct vrrp_instance *vr)
{
	for (uint32_t i = 0; i < io->n_tx; i++) {
		if (io->tx[i].vr == vr)
			io->tx[i].vr = NULL;
	}
}

void io_tx_free(struct vrrp_io *io)
{
	timer_cancel(&io->tx_again);
	free(io->tx_bytes);
	free(io->tx);
}
