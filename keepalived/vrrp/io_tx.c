/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sending adverts: encoded when they fall due, sent together at the end of the wake-up.
 *
 * The queue is one piece of memory for the bytes and one for the entries; every sending socket has
 * a chain of entries. What a full socket buffer does not take stays queued for a moment; an advert
 * that the kernel refuses is counted and logged with its instance.
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
	struct vrrp_out *out = vr->socket->out;
	struct vrrp_io *io = vr->socket->io;
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
		.ifindex = vr->socket->ifindex,
		.dst = o->dst,
		.src = o->src,
		.zero = o->priority == 0,
		.hops = hops_of(vr->config),
	};
	io->tx_len += len;
	if (out->tx_last != 0)
		io->tx[out->tx_last - 1].next = io->n_tx;
	else
		out->tx_first = io->n_tx;
	out->tx_last = io->n_tx;
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
	if (seal.ah_sequence != 0 || seal.hmac_sequence != 0)
		vrrp_status_marks(vr->vrrp->page, vr->config->index, &vr->auth->state, NULL);
	if (!vr->config->unicast)
		send_to(vr, &o, &seal, vr->config->mcast_group, -1);
	for (unsigned i = 0; i < vr->rx.n_peers; i++)
		send_to(vr, &o, &seal, vr->rx.peers[i].addr, (int)i);
	vrrp_want_commit(vr->vrrp);
}

/* -- sending ------------------------------------------------------------------------------- */

static void put_control6(struct msghdr *h, const struct tx_entry *e)
{
	struct in6_pktinfo info = { .ipi6_addr = e->src.v6, .ipi6_ifindex = e->ifindex };
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

/* The header is ours; only where it leaves has to be said. */
static void put_control4(struct msghdr *h, const struct tx_entry *e)
{
	struct in_pktinfo info = { .ipi_ifindex = (int)e->ifindex };
	struct cmsghdr *cm;

	h->msg_controllen = CMSG_SPACE(sizeof(info));
	cm = CMSG_FIRSTHDR(h);
	cm->cmsg_level = IPPROTO_IP;
	cm->cmsg_type = IP_PKTINFO;
	cm->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(cm), &info, sizeof(info));
}

static void put_message(struct tx_batch *b, unsigned i, const struct vrrp_io *io,
			const struct vrrp_out *out, const struct tx_entry *e)
{
	struct msghdr *h = &b->msgs[i].msg_hdr;

	memset(b->control[i], 0, sizeof(b->control[i]));
	b->iov[i] = (struct iovec){ io->tx_bytes + e->at, e->len };
	*h = (struct msghdr){
		.msg_name = &b->to[i],
		.msg_namelen = addr_to_sockaddr(e->dst, 0, e->ifindex, &b->to[i]),
		.msg_iov = &b->iov[i],
		.msg_iovlen = 1,
		.msg_control = b->control[i],
	};
	if (out->family == AF_INET6)
		put_control6(h, e);
	else if (out->base != NULL)
		put_control4(h, e);
}

static unsigned fill(struct tx_batch *b, const struct vrrp_io *io, const struct vrrp_out *out)
{
	unsigned n = 0;

	for (uint32_t at = out->tx_first; at != 0 && n < TX_BATCH; at = io->tx[at - 1].next) {
		put_message(b, n, io, out, &io->tx[at - 1]);
		n++;
	}
	return n;
}

/* Take the first @n entries off the chain. */
static void advance(const struct vrrp_io *io, struct vrrp_out *out, unsigned n)
{
	while (n-- > 0 && out->tx_first != 0)
		out->tx_first = io->tx[out->tx_first - 1].next;
	if (out->tx_first == 0)
		out->tx_last = 0;
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
static bool flush_out(struct vrrp_io *io, struct vrrp_out *out, struct tx_batch *b, ktime now)
{
	int flags = MSG_DONTWAIT | (out->unicast ? 0 : MSG_DONTROUTE);

	while (out->tx_first != 0) {
		unsigned n = fill(b, io, out);
		int sent = sendmmsg(out->fd, b->msgs, n, flags);

		if (sent > 0) {
			advance(io, out, (unsigned)sent);
			continue;
		}
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && (errno == EAGAIN || errno == ENOBUFS))
			return false;
		refused(&io->tx[out->tx_first - 1], sent < 0 ? errno : EIO, now);
		advance(io, out, 1);
	}
	return true;
}

/* The last words of an instance that leaves it. */
void io_tx_flush_out(struct vrrp_io *io, struct vrrp_out *out, ktime now)
{
	struct tx_batch batch;

	if (out->tx_first != 0)
		(void)flush_out(io, out, &batch, now);
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
	for (struct vrrp_out *out = io->outs; out != NULL; out = out->next) {
		if (out->tx_first != 0 && !flush_out(io, out, &batch, now))
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
