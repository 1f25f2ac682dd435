/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames of announcements through one packet socket, many per system call.
 *
 * The socket has no protocol, so it receives nothing. A frame that the kernel refuses is dropped:
 * there will be another round.
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "loop/loop.h"
#include "net/sock.h"
#include "vrrp/arpnd.h"
#include "vrrp/garp_private.h"

#define BATCH	  64
#define FRAME_MAX 128
#define SNDBUF	  (1 << 20)
#define ROUTER_EVERY SEC(5)

struct garp_batch {
	unsigned n;
	struct mmsghdr msgs[BATCH];
	struct iovec iov[BATCH];
	struct sockaddr_ll to[BATCH];
	uint8_t frames[BATCH][FRAME_MAX];
	/* Is the interface a router? Asked at most every few seconds. */
	char router_if[NL_IFNAME_MAX];
	ktime router_at;
	bool router;
};

static bool open_socket(struct vrrp_garp *g)
{
	struct sock_spec spec = {
		.family = AF_PACKET,
		.type = SOCK_RAW,
		.send_buffer = SNDBUF,
		.force_buffers = true,
	};

	if (g->fd >= 0)
		return true;
	g->fd = netns_socket(g->net->in, &spec, NULL);
	if (g->fd < 0) {
		log_error("cannot open the socket for gratuitous ARP: %s", strerror(-g->fd));
		g->fd = -1;
		return false;
	}
	g->batch = xnew(struct garp_batch);
	return true;
}

static bool is_router(struct vrrp_garp *g, const struct vrrp_instance *vr,
		      const struct iface *iface)
{
	struct garp_batch *b = g->batch;
	const struct iface *base = vr->base != NULL ? vr->base : iface;
	ktime now = loop_now(g->net->vrrp->loop);
	char path[64];
	int64_t value = 0;

	if (str_eq(b->router_if, base->name) && ktime_before(now, b->router_at))
		return b->router;
	(void)str_copy(b->router_if, sizeof(b->router_if), base->name);
	b->router_at = ktime_add(now, ROUTER_EVERY);
	(void)snprintf(path, sizeof(path), "net/ipv6/conf/%s/forwarding", base->name);
	b->router = vrrp_net_sysctl_read(g->net, path, &value) == 0 && value == 1;
	return b->router;
}

static size_t make_frame(struct vrrp_garp *g, const struct vrrp_instance *vr,
			 const struct iface *iface, struct addr a, uint8_t *out)
{
	if (a.family == AF_INET6)
		return na_encode(out, FRAME_MAX, &iface->mac, a, is_router(g, vr, iface));
	if (iface->hw_type == ARPHRD_INFINIBAND)
		return garp_encode_infiniband(out, FRAME_MAX, &iface->mac, &iface->broadcast, a);
	return garp_encode(out, FRAME_MAX, &iface->mac, a);
}

static void log_frame(const struct iface *iface, struct addr a)
{
	if (log_wants(LOG_LEVEL_DETAIL))
		log_detail("Sending %s on %s for %s",
			   a.family == AF_INET ? "gratuitous ARP" : "unsolicited Neighbour Advert",
			   iface->name, addr_text(a));
}

void garp_send_one(struct vrrp_garp *g, struct vrrp_instance *vr, const struct iface *iface,
		   struct addr a)
{
	struct garp_batch *b;
	size_t len;
	unsigned i;

	if ((iface->flags & IFF_NOARP) || !iface_exists(iface) || !open_socket(g))
		return;
	b = g->batch;
	if (b->n == BATCH && !garp_send_flush(g))
		return;
	i = b->n;
	len = make_frame(g, vr, iface, a, b->frames[i]);
	if (len == 0)
		return;
	b->to[i] = (struct sockaddr_ll){
		.sll_family = AF_PACKET,
		.sll_protocol = htons(a.family == AF_INET ? ETH_P_ARP : ETH_P_IPV6),
		.sll_ifindex = (int)iface->ifindex,
		.sll_halen = ETH_ALEN,
	};
	memset(b->to[i].sll_addr, 0xff, ETH_ALEN);
	b->iov[i] = (struct iovec){ b->frames[i], len };
	b->msgs[i].msg_hdr = (struct msghdr){
		.msg_name = &b->to[i],
		.msg_namelen = sizeof(b->to[i]),
		.msg_iov = &b->iov[i],
		.msg_iovlen = 1,
	};
	b->n++;
	instance_count(vr, garp_sent);
	log_frame(iface, a);
}

bool garp_send_flush(struct vrrp_garp *g)
{
	struct garp_batch *b = g->batch;
	unsigned sent = 0;

	while (b != NULL && sent < b->n) {
		int n = sendmmsg(g->fd, b->msgs + sent, b->n - sent, MSG_DONTWAIT);

		if (n > 0) {
			sent += (unsigned)n;
			continue;
		}
		if (errno == EINTR)
			continue;
		if (errno == EAGAIN || errno == ENOBUFS)
			break;
		sent++;
	}
	if (b == NULL)
		return true;
	/* What could not be sent is moved to the front, slot by slot. */
	for (unsigned i = sent; i < b->n && sent > 0; i++) {
		memcpy(b->frames[i - sent], b->frames[i], FRAME_MAX);
		b->to[i - sent] = b->to[i];
		b->iov[i - sent].iov_len = b->iov[i].iov_len;
	}
	b->n -= sent;
	return b->n == 0;
}

void garp_send_close(struct vrrp_garp *g)
{
	if (g->fd >= 0)
		close(g->fd);
	g->fd = -1;
	free(g->batch);
	g->batch = NULL;
}
