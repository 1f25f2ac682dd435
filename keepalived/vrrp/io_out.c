/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets that send adverts.
 *
 * Each socket of io.c has one of its own, bound to its device, with one exception: hundreds of
 * VMACs above one interface share one that is bound to nothing, and each datagram says by which
 * VMAC it leaves. A filter drops everything that would be received. What is queued on a socket,
 * and when it is sent, is io_tx.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "net/sock.h"
#include "vrrp/io_private.h"

#define TOS_ADVERT 0xc0
#define SNDBUF	   (1 << 20)

static int open_out(const struct vrrp_socket *s)
{
	char buf[NL_IFNAME_MAX];
	struct sock_filter filter[IO_FILTER_MAX];
	bool shared = s->base != NULL;
	struct sock_spec spec = {
		.family = s->family,
		.type = SOCK_RAW,
		.protocol = s->protocol,
		.device = shared ? NULL : io_device(s, buf),
		.tos = TOS_ADVERT,
		.multicast_ifindex = s->unicast || shared ? 0 : s->ifindex,
		.multicast_ttl = s->unicast ? 0 : 255,
		.no_multicast_loop = true,
		.joined_only = true,
		.freebind = s->family == AF_INET6,
		.header_included = s->family == AF_INET,
		.checksum_at = s->family == AF_INET6 ? 6 : 0,
		.send_buffer = SNDBUF,
		.force_buffers = true,
		.filter = filter,
		.n_filter = io_filter_none(filter),
	};

	return netns_socket(s->io->net->in, &spec, NULL);
}

static struct vrrp_out *find_shared(const struct vrrp_socket *s)
{
	struct vrrp_out *o = s->base != NULL ? s->io->outs : NULL;

	while (o != NULL && (o->base != s->base || o->base_ifindex != s->base->ifindex ||
			     o->family != s->family || o->protocol != s->protocol))
		o = o->next;
	return o;
}

int io_out_get(struct vrrp_socket *s)
{
	struct vrrp_out *o = find_shared(s);

	if (o == NULL) {
		int fd = open_out(s);

		if (fd < 0)
			return fd;
		o = xnew(struct vrrp_out);
		*o = (struct vrrp_out){
			.next = s->io->outs,
			.base = s->base,
			.base_ifindex = s->base != NULL ? s->base->ifindex : 0,
			.family = s->family,
			.protocol = s->protocol,
			.unicast = s->unicast,
			.fd = fd,
		};
		s->io->outs = o;
	}
	o->n_users++;
	s->out = o;
	return 0;
}

void io_out_put(struct vrrp_socket *s, ktime now)
{
	struct vrrp_out **p = &s->io->outs, *o = s->out;

	io_tx_flush_out(s->io, o, now);
	s->out = NULL;
	if (--o->n_users > 0)
		return;
	while (*p != o)
		p = &(*p)->next;
	*p = o->next;
	close(o->fd);
	free(o);
}
