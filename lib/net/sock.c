/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Make a socket from its description: create, set options, attach the filter, bind.
 *
 * Options are rows of a table; a row that the description leaves at zero is skipped. Sending and
 * receiving are the job of sock_msg.c. Keeps nothing.
 */
#include "net/sock.h"

#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"

/** One integer option. */
struct option_row {
	const char *name;
	int level;
	int option;
	int value;
	int wanted; /* 0: leave */
};

static int set_rows(int fd, const struct option_row *rows, size_t n, const char **out_step)
{
	for (size_t i = 0; i < n; i++) {
		const struct option_row *r = &rows[i];

		if (!r->wanted)
			continue;
		*out_step = r->name;
		if (setsockopt(fd, r->level, r->option, &r->value, sizeof(r->value)) < 0)
			return -errno;
	}
	return 0;
}

/* Each names the option itself: passed on, its name would be replaced by its number. */
#define ROW_SET(level, option, value) { #option, level, option, (int)(value), (value) != 0 }
#define ROW_ON(level, option, flag)   { #option, level, option, 1, flag }
#define ROW_OFF(level, option, flag)  { #option, level, option, 0, flag }

static int set_common(int fd, const struct sock_spec *s, const char **out_step)
{
	const struct option_row rows[] = {
		ROW_SET(SOL_SOCKET, SO_MARK, s->mark),
		ROW_SET(SOL_SOCKET, SO_PRIORITY, s->priority),
		ROW_ON(SOL_SOCKET, SO_REUSEADDR, s->reuse_addr),
		ROW_ON(SOL_SOCKET, SO_REUSEPORT, s->reuse_port),
		ROW_ON(SOL_SOCKET, SO_TIMESTAMPNS, s->want_timestamp),
	};

	return set_rows(fd, rows, ARRAY_LEN(rows), out_step);
}

static int set_ipv4(int fd, const struct sock_spec *s, const char **out_step)
{
	const struct option_row rows[] = {
		ROW_SET(IPPROTO_IP, IP_TTL, s->ttl),
		ROW_SET(IPPROTO_IP, IP_MULTICAST_TTL, s->multicast_ttl),
		ROW_SET(IPPROTO_IP, IP_TOS, s->tos),
		ROW_OFF(IPPROTO_IP, IP_MULTICAST_LOOP, s->no_multicast_loop),
		ROW_OFF(IPPROTO_IP, IP_MULTICAST_ALL, s->joined_only),
		ROW_ON(IPPROTO_IP, IP_HDRINCL, s->header_included),
		ROW_ON(IPPROTO_IP, IP_FREEBIND, s->freebind),
		ROW_ON(IPPROTO_IP, IP_PKTINFO, s->want_pktinfo),
		ROW_ON(IPPROTO_IP, IP_RECVTTL, s->want_ttl),
	};
	const struct ip_mreqn out = { .imr_ifindex = (int)s->multicast_ifindex };
	int err = set_rows(fd, rows, ARRAY_LEN(rows), out_step);

	if (err || !s->multicast_ifindex)
		return err;
	*out_step = "IP_MULTICAST_IF";
	return setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &out, sizeof(out)) < 0 ? -errno : 0;
}

static int set_ipv6(int fd, const struct sock_spec *s, const char **out_step)
{
	const struct option_row rows[] = {
		ROW_ON(IPPROTO_IPV6, IPV6_V6ONLY, s->v6_only),
		ROW_SET(IPPROTO_IPV6, IPV6_UNICAST_HOPS, s->ttl),
		ROW_SET(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, s->multicast_ttl),
		ROW_SET(IPPROTO_IPV6, IPV6_TCLASS, s->tos),
		ROW_SET(IPPROTO_IPV6, IPV6_MULTICAST_IF, s->multicast_ifindex),
		ROW_OFF(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, s->no_multicast_loop),
		ROW_OFF(IPPROTO_IPV6, IPV6_MULTICAST_ALL, s->joined_only),
		ROW_ON(IPPROTO_IPV6, IPV6_HDRINCL, s->header_included),
		ROW_SET(IPPROTO_IPV6, IPV6_CHECKSUM, s->checksum_at),
		ROW_ON(IPPROTO_IPV6, IPV6_FREEBIND, s->freebind),
		ROW_ON(IPPROTO_IPV6, IPV6_RECVPKTINFO, s->want_pktinfo),
		ROW_ON(IPPROTO_IPV6, IPV6_RECVHOPLIMIT, s->want_ttl),
	};

	return set_rows(fd, rows, ARRAY_LEN(rows), out_step);
}

static int set_by_family(int fd, const struct sock_spec *s, const char **out_step)
{
	if (s->family == AF_INET)
		return set_ipv4(fd, s, out_step);
	if (s->family == AF_INET6)
		return set_ipv6(fd, s, out_step);
	return 0;
}

/** Forced where we may, else as much as the system's limit allows. */
static int set_buffer(int fd, int force_option, int option, int bytes, bool force)
{
	if (!bytes)
		return 0;
	if (force && setsockopt(fd, SOL_SOCKET, force_option, &bytes, sizeof(bytes)) == 0)
		return 0;
	return setsockopt(fd, SOL_SOCKET, option, &bytes, sizeof(bytes)) < 0 ? -errno : 0;
}

static int set_buffers(int fd, const struct sock_spec *s, const char **out_step)
{
	int err;

	*out_step = "SO_RCVBUF";
	err = set_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF, s->receive_buffer, s->force_buffers);
	if (err)
		return err;
	*out_step = "SO_SNDBUF";
	return set_buffer(fd, SO_SNDBUFFORCE, SO_SNDBUF, s->send_buffer, s->force_buffers);
}

static int set_device(int fd, const struct sock_spec *s, const char **out_step)
{
	if (!s->device)
		return 0;
	*out_step = "SO_BINDTODEVICE";
	return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, s->device,
			  (socklen_t)strlen(s->device) + 1) < 0 ? -errno : 0;
}

static int set_filter(int fd, const struct sock_spec *s, const char **out_step)
{
	if (!s->filter)
		return 0;
	*out_step = "SO_ATTACH_FILTER";
	return sock_attach_filter(fd, s->filter, s->n_filter);
}

static int set_name(int fd, const struct sock_spec *s, const char **out_step)
{
	struct addr any = { .family = (uint8_t)s->family };
	struct sockaddr_storage to;
	socklen_t len;

	if (!addr_is_set(s->bind_addr) && !s->bind_port)
		return 0;
	*out_step = "bind";
	len = addr_to_sockaddr(addr_is_set(s->bind_addr) ? s->bind_addr : any, s->bind_port,
			       s->bind_ifindex, &to);
	return bind(fd, (struct sockaddr *)&to, len) < 0 ? -errno : 0;
}

int sock_open(const struct sock_spec *s, const char **out_step)
{
	typedef int step_fn(int fd, const struct sock_spec *, const char **out_step);
	static step_fn *const steps[] = { set_filter, set_device, set_common, set_by_family,
					  set_buffers, set_name };
	const char *step = "socket";
	int fd = socket(s->family, s->type | SOCK_CLOEXEC | SOCK_NONBLOCK, s->protocol);
	int err = fd < 0 ? -errno : 0;

	for (size_t i = 0; !err && i < ARRAY_LEN(steps); i++)
		err = steps[i](fd, s, &step);
	if (!err)
		return fd;
	close_fd(&fd);
	if (out_step)
		*out_step = step;
	return err;
}

int sock_connect(int fd, struct addr a, uint16_t port, unsigned ifindex)
{
	struct sockaddr_storage to;
	socklen_t len = addr_to_sockaddr(a, port, ifindex, &to);

	return connect(fd, (struct sockaddr *)&to, len) < 0 ? -errno : 0;
}

int sock_take_error(int fd)
{
	int err = 0;
	socklen_t len = sizeof(err);

	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0 ? -errno : -err;
}

static int set_membership(int fd, int option, struct addr group, unsigned ifindex)
{
	int level = group.family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
	struct group_req req = { .gr_interface = ifindex };

	(void)addr_to_sockaddr(group, 0, 0, &req.gr_group);
	return setsockopt(fd, level, option, &req, sizeof(req)) < 0 ? -errno : 0;
}

int sock_join(int fd, struct addr group, unsigned ifindex)
{
	int err = set_membership(fd, MCAST_JOIN_GROUP, group, ifindex);

	return err == -EADDRINUSE ? 0 : err;
}

int sock_leave(int fd, struct addr group, unsigned ifindex)
{
	return set_membership(fd, MCAST_LEAVE_GROUP, group, ifindex);
}

int sock_attach_filter(int fd, const struct sock_filter *filter, size_t n)
{
	const struct sock_fprog program = { .len = (unsigned short)n,
					    .filter = (struct sock_filter *)filter };

	if (n > BPF_MAXINSNS)
		return -E2BIG;
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) < 0 ?
		       -errno : 0;
}

void sock_drain(int fd, unsigned most)
{
	char byte;

	while (most-- && recv(fd, &byte, sizeof(byte), MSG_DONTWAIT | MSG_TRUNC) >= 0)
		continue;
}
