/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Datagrams with what travels beside them: interface, destination, TTL, time of arrival.
 * Promised by sock.h.
 */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>

#include "net/sock.h"

/** Copy the data of a control message; false if it is too short to be what it says. */
static bool control_take(const struct cmsghdr *c, void *out, size_t size)
{
	if (c->cmsg_len < CMSG_LEN(size))
		return false;
	memcpy(out, CMSG_DATA(c), size);
	return true;
}

static void take_ipv4(const struct cmsghdr *c, struct sock_rx *out)
{
	struct in_pktinfo info;
	int ttl;

	if (c->cmsg_type == IP_PKTINFO && control_take(c, &info, sizeof(info))) {
		out->ifindex = (unsigned)info.ipi_ifindex;
		out->dst = addr_of_bytes(AF_INET, &info.ipi_addr);
	} else if (c->cmsg_type == IP_TTL && control_take(c, &ttl, sizeof(ttl))) {
		out->ttl = ttl;
	}
}

static void take_ipv6(const struct cmsghdr *c, struct sock_rx *out)
{
	struct in6_pktinfo info;
	int hops;

	if (c->cmsg_type == IPV6_PKTINFO && control_take(c, &info, sizeof(info))) {
		out->ifindex = info.ipi6_ifindex;
		out->dst = addr_of_bytes(AF_INET6, &info.ipi6_addr);
	} else if (c->cmsg_type == IPV6_HOPLIMIT && control_take(c, &hops, sizeof(hops))) {
		out->ttl = hops;
	}
}

static void take_socket(const struct cmsghdr *c, struct sock_rx *out)
{
	struct timespec ts;

	if (c->cmsg_type == SCM_TIMESTAMPNS && control_take(c, &ts, sizeof(ts)))
		out->wall_ns = (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

void sock_rx_of_message(const struct msghdr *msg, struct sock_rx *out)
{
	struct msghdr *walk = (struct msghdr *)msg; /* CMSG_NXTHDR() wants it so; only read */

	*out = (struct sock_rx){ .ttl = -1, .truncated = msg->msg_flags & MSG_TRUNC };
	if (msg->msg_name && msg->msg_namelen >= sizeof(sa_family_t))
		(void)addr_of_sockaddr(msg->msg_name, &out->src, &out->src_port);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(walk); c; c = CMSG_NXTHDR(walk, c)) {
		if (c->cmsg_level == IPPROTO_IP)
			take_ipv4(c, out);
		else if (c->cmsg_level == IPPROTO_IPV6)
			take_ipv6(c, out);
		else if (c->cmsg_level == SOL_SOCKET)
			take_socket(c, out);
	}
}

ssize_t sock_receive(int fd, void *buf, size_t size, struct sock_rx *out)
{
	_Alignas(struct cmsghdr) char control[SOCK_CONTROL_MAX];
	struct sockaddr_storage from;
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct msghdr msg = { .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov,
			      .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &msg, MSG_DONTWAIT);

	if (n < 0)
		return -errno;
	sock_rx_of_message(&msg, out);
	return n;
}

/** Interface and source as control data; its length, 0 if the kernel shall choose both. */
static size_t put_pktinfo(const struct sock_tx *tx, struct cmsghdr *c)
{
	struct in6_pktinfo info6 = { .ipi6_ifindex = tx->ifindex };
	struct in_pktinfo info = { .ipi_ifindex = (int)tx->ifindex };

	if (!tx->ifindex && !addr_is_set(tx->src))
		return 0;
	if (tx->dst.family == AF_INET) {
		if (addr_is_set(tx->src))
			info.ipi_spec_dst = tx->src.v4;
		*c = (struct cmsghdr){ CMSG_LEN(sizeof(info)), IPPROTO_IP, IP_PKTINFO };
		memcpy(CMSG_DATA(c), &info, sizeof(info));
		return CMSG_SPACE(sizeof(info));
	}
	if (addr_is_set(tx->src))
		info6.ipi6_addr = tx->src.v6;
	*c = (struct cmsghdr){ CMSG_LEN(sizeof(info6)), IPPROTO_IPV6, IPV6_PKTINFO };
	memcpy(CMSG_DATA(c), &info6, sizeof(info6));
	return CMSG_SPACE(sizeof(info6));
}

ssize_t sock_send(int fd, struct span data, const struct sock_tx *tx)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct in6_pktinfo))] = { 0 };
	struct sockaddr_storage to;
	struct iovec iov = { .iov_base = (void *)data.data, .iov_len = data.len };
	struct msghdr msg = { .msg_name = &to, .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t n;

	msg.msg_namelen = addr_to_sockaddr(tx->dst, tx->port, tx->ifindex, &to);
	msg.msg_controllen = put_pktinfo(tx, (struct cmsghdr *)(void *)control);
	msg.msg_control = msg.msg_controllen ? control : NULL;
	n = sendmsg(fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	return n < 0 ? -errno : n;
}
