/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets by description, their filters, and what arrives beside a datagram.
 *
 * Every socket is close-on-exec and non-blocking. Descriptors belong to the caller.
 */
#pragma once

#include <sys/socket.h>

#include "base/attr.h"
#include "base/span.h"
#include "net/addr.h"

struct sock_filter; /* <linux/filter.h> */

/** What a socket shall be; zero leaves the kernel's default. */
struct sock_spec {
	int family;		/* AF_INET, AF_INET6, AF_PACKET, AF_UNIX ... */
	int type;		/* SOCK_STREAM, SOCK_DGRAM, SOCK_RAW */
	int protocol;		/* as socket() takes it */
	const char *device;	/* only traffic of this interface */
	uint32_t mark;
	uint8_t ttl;		/* TTL or hop limit, unicast */
	uint8_t multicast_ttl;
	uint8_t tos;		/* TOS or traffic class */
	uint8_t priority;	/* of outgoing packets in queues (SO_PRIORITY) */
	unsigned multicast_ifindex;
	bool no_multicast_loop;	/* our own multicasts do not come back */
	bool joined_only;	/* no multicast that only other sockets joined */
	bool header_included;	/* IPv4 raw: we write the IP header */
	int checksum_at;	/* IPv6 raw: the kernel fills and checks the checksum there */
	bool freebind;		/* bind to addresses that are not here (yet) */
	bool reuse_addr;
	bool reuse_port;
	bool v6_only;
	int receive_buffer;	/* bytes */
	int send_buffer;	/* bytes */
	bool force_buffers;	/* beyond the system's limit, where we are allowed to */
	bool want_pktinfo;	/* sock_rx.ifindex and .dst */
	bool want_ttl;		/* sock_rx.ttl */
	bool want_timestamp;	/* sock_rx.wall_ns */
	const struct sock_filter *filter;	/* attached before bind() */
	size_t n_filter;
	struct addr bind_addr;	/* bound if there is an address or a port */
	uint16_t bind_port;
	unsigned bind_ifindex;	/* scope of a link-local @bind_addr */
};

/** The descriptor, or -errno; *out_step (may be NULL) then names what failed: "socket",
 *  "SO_MARK", "bind" ... Options that the kernel does not know are errors. */
int sock_open(const struct sock_spec *, const char **out_step);
/** 0, or -errno. -EINPROGRESS is the usual answer of a stream. */
int sock_connect(int fd, struct addr, uint16_t port, unsigned ifindex);
/** The pending error of a socket, after its connection attempt: 0 or -errno. */
int sock_take_error(int fd);

/** Join or leave a group on one interface: 0 or -errno. Being a member already is no error. */
int sock_join(int fd, struct addr group, unsigned ifindex);
int sock_leave(int fd, struct addr group, unsigned ifindex);

/** Replace the filter: 0 or -errno. What was queued before has not passed it. */
int sock_attach_filter(int fd, const struct sock_filter *, size_t n);
/** Throw away what is queued now; at most @most datagrams. */
void sock_drain(int fd, unsigned most);

/** What came with a datagram. */
struct sock_rx {
	struct addr src;
	uint16_t src_port;	/* host order */
	unsigned ifindex;	/* where it arrived, 0 unknown */
	struct addr dst;	/* from its header */
	int ttl;		/* -1 unknown */
	int64_t wall_ns;	/* when it arrived by the wall clock, 0 unknown */
	bool truncated;		/* longer than the buffer */
};

/** Bytes received, or -errno (-EAGAIN: nothing there). */
ssize_t sock_receive(int fd, void *buf, size_t size, struct sock_rx *out);
/** Fill from a message of recvmsg() or recvmmsg(). */
void sock_rx_of_message(const struct msghdr *, struct sock_rx *out);

/** Room for the control data of one datagram. */
enum { SOCK_CONTROL_MAX = 256 };

/** Where a datagram goes. */
struct sock_tx {
	struct addr dst;
	uint16_t port;		/* host order */
	unsigned ifindex;	/* leave by this interface, 0: as routed */
	struct addr src;	/* none: the kernel's choice */
};

/** Bytes sent, or -errno. */
ssize_t sock_send(int fd, struct span, const struct sock_tx *);
