/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VRRP sockets: which exist, who is on them, what they let through.
 *
 * A socket belongs to an interface (or a VRF, or nothing), a family, a protocol and the multicast
 * group or unicast source address. It is opened for the first instance that needs it and closed
 * after the last. What sends is io_out.c. Receiving is io_rx.c, sending io_tx.c, filters
 * io_filter.c.
 */
#include "vrrp/io.h"

#include <errno.h>
#include <linux/filter.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "loop/loop.h"
#include "net/sock.h"
#include "vrrp/io_filter.h"
#include "vrrp/io_private.h"

#define PROTOCOL_AH    51
#define RCVBUF_MIN     212992
#define RCVBUF_EACH    4096
#define RCVBUF_MAX     (16 << 20)
#define MODERATE_FROM  8		/* instances on the socket */
#define TICK_MAX       MSEC(20)
#define TICK_MIN       MSEC(1)
#define TICKS_PER_INTERVAL 50
#define STRIDE_SMALL   1536
#define STRIDE_LARGE   (VRRP_DATAGRAM_MAX + 64)

/* -- the table of instances ---------------------------------------------------------------- */

static void table_put(struct vrrp_socket *s, struct vrrp_instance *vr)
{
	struct vrrp_instance **p = &s->table[vr->config->vrid & s->mask];

	while (*p != NULL)
		p = &(*p)->next_on_socket;
	*p = vr;
	vr->next_on_socket = NULL;
}

static void table_grow(struct vrrp_socket *s)
{
	struct vrrp_instance **old = s->table, *next;
	unsigned n_old = old != NULL ? s->mask + 1 : 0;
	unsigned n = n_old != 0 ? n_old * 2 : 1;

	s->table = xcalloc(n, sizeof(*s->table));
	s->mask = n - 1;
	for (unsigned i = 0; i < n_old; i++) {
		for (struct vrrp_instance *vr = old[i]; vr != NULL; vr = next) {
			next = vr->next_on_socket;
			table_put(s, vr);
		}
	}
	free(old);
}

static void table_add(struct vrrp_socket *s, struct vrrp_instance *vr)
{
	if (s->table == NULL || (s->n_instances > s->mask && s->mask < 255))
		table_grow(s);
	table_put(s, vr);
	s->n_instances++;
}

static void table_remove(struct vrrp_socket *s, struct vrrp_instance *vr)
{
	struct vrrp_instance **p;

	for (unsigned i = 0; i <= s->mask; i++) {
		for (p = &s->table[i]; *p != NULL; p = &(*p)->next_on_socket) {
			if (*p != vr)
				continue;
			*p = vr->next_on_socket;
			vr->next_on_socket = NULL;
			s->n_instances--;
			return;
		}
	}
}

/* -- opening ------------------------------------------------------------------------------- */

static bool shows_unknown_vrids(const struct vrrp_io *io)
{
	const struct global_config *g = io->net->vrrp->global;

	return g->log_unknown_vrids || g->enable_snmp_rfc || g->enable_snmp_rfcv2 ||
	       g->enable_snmp_rfcv3;
}

/* Which VRIDs the filter lets through; NULL: all. */
static const struct vrid_set *wanted(const struct vrrp_socket *s, const struct vrid_set *own)
{
	return shows_unknown_vrids(s->io) ? NULL : own;
}

static int open_in(const struct vrrp_socket *s, const char *device, enum io_pick pick)
{
	struct sock_filter filter[IO_FILTER_MAX];
	struct io_filter_spec f = {
		.family = s->family,
		.ah = s->protocol == PROTOCOL_AH,
		.pick = pick,
		.vrids = pick == IO_PICK_ALL ? wanted(s, &s->passing) : NULL,
	};
	struct sock_spec spec = {
		.family = s->family,
		.type = SOCK_RAW,
		.protocol = s->protocol,
		.device = device,
		.joined_only = true,
		.freebind = s->unicast,
		.want_pktinfo = s->family == AF_INET6,
		.want_ttl = s->family == AF_INET6,
		.want_timestamp = true,
		.checksum_at = s->family == AF_INET6 ? 6 : 0,
		.receive_buffer = s->rcvbuf,
		.force_buffers = true,
		.filter = filter,
		.n_filter = io_filter_build(&f, filter),
		.bind_addr = s->addr,
		.bind_ifindex = s->ifindex,
	};
	int fd, error;

	fd = netns_socket(s->io->net->in, &spec, NULL);
	if (fd < 0)
		return fd;
	error = s->unicast ? 0 : sock_join(fd, s->addr, s->ifindex);
	if (error < 0) {
		close(fd);
		return error;
	}
	return fd;
}

const char *io_device(const struct vrrp_socket *s, char *buf)
{
	const struct iface *vrf;

	if (s->iface != NULL)
		return s->iface->name;
	vrf = iface_by_index(s->io->net->mirror, s->vrf);
	if (vrf == NULL)
		return NULL;
	memcpy(buf, vrf->name, NL_IFNAME_MAX);
	return buf;
}

static void close_all(struct vrrp_socket *s)
{
	io_rx_stop(s);
	if (s->fd_in >= 0)
		close(s->fd_in);
	if (s->fd_urgent >= 0)
		close(s->fd_urgent);
	s->fd_in = s->fd_urgent = -1;
}

/* @vrid: of the first instance on it. */
static int open_all(struct vrrp_socket *s, uint8_t vrid)
{
	char buf[NL_IFNAME_MAX];
	const char *device = io_device(s, buf);
	int error = io_out_get(s);

	if (error < 0)
		return error;
	s->rcvbuf = RCVBUF_MIN;
	vrid_set_add(&s->passing, vrid);
	s->fd_in = open_in(s, device, IO_PICK_ALL);
	if (s->fd_in < 0) {
		io_out_put(s, loop_now(s->io->net->vrrp->loop));
		return s->fd_in;
	}
	io_rx_start(s);
	return 0;
}

/* -- moderation, filters, buffers ---------------------------------------------------------- */

/* From a certain number of instances on, priority 0 gets a socket of its own. */
static void add_urgent(struct vrrp_socket *s)
{
	char buf[NL_IFNAME_MAX];
	int fd;

	if (s->fd_urgent >= 0 || s->n_instances < MODERATE_FROM)
		return;
	fd = open_in(s, io_device(s, buf), IO_PICK_ZERO);
	if (fd < 0)
		return;
	io_rx_stop(s);
	s->fd_urgent = fd;
	io_rx_start(s);
}

static void retune(struct vrrp_socket *s)
{
	int64_t shortest = INT64_MAX;

	s->tick_every = NSEC(0);
	if (s->fd_urgent < 0)
		return;
	for (unsigned i = 0; i <= s->mask; i++) {
		for (struct vrrp_instance *vr = s->table[i]; vr; vr = vr->next_on_socket)
			shortest = MIN_OF(shortest, vr->config->advert_every.ns);
	}
	shortest = MIN_OF(shortest / TICKS_PER_INTERVAL, TICK_MAX.ns);
	if (shortest >= TICK_MIN.ns)
		s->tick_every = NSEC(shortest);
}

static void grow_rcvbuf(struct vrrp_socket *s)
{
	uint32_t configured = 0;
	int want = (int)MIN_OF((int64_t)s->n_instances * RCVBUF_EACH, RCVBUF_MAX);

	for (unsigned i = 0; i <= s->mask; i++) {
		for (struct vrrp_instance *vr = s->table[i]; vr; vr = vr->next_on_socket)
			configured += vr->config->rare->rx_buf_size;
	}
	want = MAX_OF(want, (int)MIN_OF(configured, (uint32_t)RCVBUF_MAX));
	if (want <= s->rcvbuf)
		return;
	s->rcvbuf = want;
	if (setsockopt(s->fd_in, SOL_SOCKET, SO_RCVBUFFORCE, &want, sizeof(want)) < 0)
		(void)setsockopt(s->fd_in, SOL_SOCKET, SO_RCVBUF, &want, sizeof(want));
}

static void apply_filter(struct vrrp_socket *s)
{
	struct sock_filter filter[IO_FILTER_MAX];
	struct vrid_set set = { { 0 } };
	struct io_filter_spec f = {
		.family = s->family,
		.ah = s->protocol == PROTOCOL_AH,
		.pick = s->fd_urgent >= 0 ? IO_PICK_OTHERS : IO_PICK_ALL,
		.vrids = wanted(s, &set),
	};

	s->filter_stale = false;
	for (unsigned i = 0; i <= s->mask; i++) {
		for (struct vrrp_instance *vr = s->table[i]; vr; vr = vr->next_on_socket)
			vrid_set_add(&set, vr->config->vrid);
	}
	/* Attaching costs: a VMAC's socket is opened with what it needs. */
	if (s->fd_urgent < 0 && f.vrids != NULL && memcmp(&set, &s->passing, sizeof(set)) == 0)
		return;
	s->passing = f.vrids != NULL ? set : (struct vrid_set){ { 0 } };
	(void)sock_attach_filter(s->fd_in, filter, io_filter_build(&f, filter));
	if (s->fd_urgent < 0)
		return;
	f.pick = IO_PICK_ZERO;
	(void)sock_attach_filter(s->fd_urgent, filter, io_filter_build(&f, filter));
}

static void membership_changed(struct vrrp_socket *s)
{
	s->filter_stale = true;
	s->io->filters_stale = true;
	s->io->net->vrrp->sockets_changed = true;
	vrrp_want_commit(s->io->net->vrrp);
}

static void settle(struct vrrp_socket *s)
{
	add_urgent(s);
	retune(s);
	grow_rcvbuf(s);
	apply_filter(s);
}

/* -- attaching ----------------------------------------------------------------------------- */

static bool uses_ah(const struct vrrp_instance *vr)
{
	return vr->rx.auth != NULL && vr->rx.auth->type == VRRP_WIRE_AH;
}

/* What the instance needs, as a key; nothing is opened. */
static struct vrrp_socket key_of(const struct vrrp_instance *vr)
{
	const struct vrrp_instance_config *c = vr->config;
	bool xmit_base = c->vmac_xmit_base && vr->base != NULL;
	struct iface *iface = xmit_base ? vr->base : vr->iface;
	const struct iface *vrf;
	struct vrrp_socket key = {
		.io = vr->net->io,
		.family = c->family,
		.protocol = uses_ah(vr) ? PROTOCOL_AH : VRRP_PROTOCOL,
		.unicast = c->unicast,
		.addr = c->unicast ? vr->src : c->mcast_group,
		.iface = iface,
		.ifindex = iface != NULL ? iface->ifindex : 0,
		.base = iface != vr->base && !c->unicast ? vr->base : NULL,
		.fd_in = -1,
		.fd_urgent = -1,
	};

	if (iface == NULL && c->rare->vrf != NULL) {
		vrf = iface_find(vr->net->mirror, c->rare->vrf);
		key.vrf = vrf != NULL ? vrf->ifindex : 0;
	}
	return key;
}

static bool same_key(const struct vrrp_socket *a, const struct vrrp_socket *b)
{
	return a->iface == b->iface && a->ifindex == b->ifindex && a->vrf == b->vrf &&
	       a->family == b->family && a->protocol == b->protocol && a->unicast == b->unicast &&
	       addr_equal(a->addr, b->addr);
}

static void socket_close(struct vrrp_socket *s)
{
	struct vrrp_socket **p = &s->io->sockets;

	while (*p != s)
		p = &(*p)->next;
	*p = s->next;
	s->io->net->vrrp->sockets_changed = true;
	close_all(s);
	io_out_put(s, loop_now(s->io->net->vrrp->loop));
	free(s->table);
	free(s);
}

static int socket_get(const struct vrrp_socket *key, uint8_t vrid, struct vrrp_socket **out)
{
	struct vrrp_io *io = key->io;
	struct vrrp_socket *s;
	int error;

	for (s = io->sockets; s != NULL; s = s->next) {
		if (same_key(s, key)) {
			*out = s;
			return 0;
		}
	}
	s = xnew(struct vrrp_socket);
	*s = *key;
	error = open_all(s, vrid);
	if (error < 0) {
		free(s);
		return error;
	}
	s->next = io->sockets;
	io->sockets = s;
	*out = s;
	return 0;
}

int io_attach(struct vrrp_instance *vr)
{
	struct vrrp_socket key = key_of(vr);
	struct vrrp_socket *s;
	int error;

	if (vr->socket != NULL) {
		if (same_key(vr->socket, &key))
			return 0;
		io_detach(vr);
	}
	error = socket_get(&key, vr->config->vrid, &s);
	if (error < 0)
		return error;
	table_add(s, vr);
	vr->socket = s;
	if (vr->rx.n_addrs * (vr->config->family == AF_INET ? 4u : 16u) > STRIDE_SMALL / 2)
		s->io->rx_stride = STRIDE_LARGE;
	membership_changed(s);
	return 0;
}

void io_detach(struct vrrp_instance *vr)
{
	struct vrrp_socket *s = vr->socket;

	if (s == NULL)
		return;
	table_remove(s, vr);
	vr->socket = NULL;
	if (s->n_instances == 0) {
		socket_close(s);
		io_tx_forget(vr->net->io, vr);
		return;
	}
	membership_changed(s);
}

void io_flush(struct vrrp_io *io, ktime now)
{
	io_tx_flush(io, now);
	if (!io->filters_stale)
		return;
	io->filters_stale = false;
	for (struct vrrp_socket *s = io->sockets; s != NULL; s = s->next) {
		if (s->filter_stale)
			settle(s);
	}
}

void io_retune(struct vrrp_io *io)
{
	for (struct vrrp_socket *s = io->sockets; s != NULL; s = s->next)
		membership_changed(s);
}

int32_t io_slot(const struct vrrp_instance *vr)
{
	return vr->socket != NULL ? (int32_t)vr->socket->status : -1;
}

bool io_idle(const struct vrrp_io *io)
{
	return io->n_tx == 0;
}

void io_drain(struct vrrp_instance *vr, ktime now)
{
	struct vrrp_socket *s = vr->socket;

	/* Many timers may be due in one wake-up: once is enough. */
	if (s != NULL && ktime_before(s->drained_at, now))
		io_rx_drain(s, now);
}

static void publish_socket(struct vrrp_socket *s, struct vrrp_socket_status *slot)
{
	const struct iface *vrf = iface_by_index(s->io->net->mirror, s->vrf);

	*slot = (struct vrrp_socket_status){
		.used = true,
		.unicast = s->unicast,
		.family = s->family,
		.protocol = s->protocol,
		.fd_in = s->fd_in,
		.fd_out = s->out->fd,
		.ifindex = s->ifindex,
		.rcvbuf = (uint32_t)s->rcvbuf,
		.addr = s->addr,
		.unknown_vrid = s->unknown_vrid,
	};
	if (s->iface != NULL)
		memcpy(slot->ifname, s->iface->name, sizeof(slot->ifname));
	if (vrf != NULL)
		memcpy(slot->vrf, vrf->name, sizeof(slot->vrf));
}

uint32_t io_publish(struct vrrp_io *io, uint32_t first)
{
	struct status_page *page = io->net->vrrp->page;

	for (struct vrrp_socket *s = io->sockets; s != NULL; s = s->next) {
		struct vrrp_socket_status *slot =
			status_begin(page, VRRP_SLOT_SOCKET, first);

		s->slot = slot;
		if (slot == NULL)
			continue;
		publish_socket(s, slot);
		status_end(page, slot);
		s->status = first++;
	}
	return first;
}

struct vrrp_io *io_new(struct vrrp_net *net)
{
	struct vrrp_io *io = xnew(struct vrrp_io);

	io->net = net;
	io->rx_stride = STRIDE_SMALL;
	io_tx_init(io);
	return io;
}

void io_free(struct vrrp_io *io)
{
	if (io == NULL)
		return;
	while (io->sockets != NULL)
		socket_close(io->sockets);
	io_rx_free(io);
	io_tx_free(io);
	free(io);
}
