/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What io.c (sockets), io_out.c (sending ones), io_rx.c (receiving) and io_tx.c (sending) share.
 * Nobody else includes this.
 */
#pragma once

#include "vrrp/io.h"
#include "vrrp/io_filter.h"

/** What sends: of one socket, or of all VMACs above one interface, for which each datagram says
 *  where it leaves. Lives as long as a socket uses it. */
struct vrrp_out {
	struct vrrp_out *next;
	struct iface *base;		/* under the VMACs; NULL: one socket's alone */
	unsigned base_ifindex;
	uint8_t family;
	uint8_t protocol;
	bool unicast;
	int fd;
	unsigned n_users;
	/* entries of io->tx that wait, by index + 1; 0 none */
	uint32_t tx_first, tx_last;
};

/** One pair of sockets. Owned by struct vrrp_io; lives as long as an instance is on it. */
struct vrrp_socket {
	struct vrrp_io *io;
	struct vrrp_socket *next;
	/* identity */
	struct iface *iface;		/* NULL: any (unicast without interface) */
	unsigned ifindex;
	struct iface *base;		/* under a VMAC, whose adverts are multicast; else NULL */
	unsigned vrf;
	uint8_t family;
	uint8_t protocol;		/* 112, or 51: AH */
	bool unicast;
	struct addr addr;		/* group, or source of unicast */
	/* descriptors, -1: closed */
	int fd_in;
	int fd_urgent;			/* priority 0 only; not made for few instances */
	struct vrrp_out *out;
	struct watch in, urgent;
	/* receiving */
	struct timer tick;
	kspan tick_every;		/* 0: no moderation */
	ktime drained_at;
	struct vrrp_instance **table;	/* by VRID & mask, chained */
	unsigned mask;
	unsigned n_instances;
	bool filter_stale;
	struct vrid_set passing;	/* of the filter; only without fd_urgent */
	int rcvbuf;
	uint64_t unknown_vrid, bad_checksum, bad_version;
	uint32_t status;		/* index of its slot */
	struct vrrp_socket_status *slot;	/* NULL before it was shown */
};

/** One datagram that waits to be sent. */
struct tx_entry {
	struct vrrp_instance *vr;
	uint32_t at, len;		/* in io->tx_bytes */
	uint32_t next;			/* index + 1 */
	unsigned ifindex;		/* where it leaves; 0: by the route */
	struct addr dst, src;
	int16_t hops;			/* hop limit to send with, -1: the socket's */
	bool zero;			/* priority 0 */
};

struct vrrp_io {
	struct vrrp_net *net;
	struct vrrp_socket *sockets;
	struct vrrp_out *outs;
	bool filters_stale;
	/* receive batch, made on first use */
	struct rx_batch *rx;
	size_t rx_stride;
	/* send queue */
	uint8_t *tx_bytes;
	size_t tx_len, tx_cap;
	struct tx_entry *tx;
	uint32_t n_tx, cap_tx;
	struct timer tx_again;		/* a socket's buffer was full */
	struct log_limit unknown_limit;
};

/** io.c: the device to which a socket is bound, NULL none. @buf: NL_IFNAME_MAX bytes. */
const char *io_device(const struct vrrp_socket *, char *buf);
/** io_out.c: give the socket its ->out. 0 or -errno. */
int io_out_get(struct vrrp_socket *);
/** What waits is sent before the socket lets go of it. */
void io_out_put(struct vrrp_socket *, ktime now);
/** io_rx.c */
void io_rx_start(struct vrrp_socket *);
void io_rx_stop(struct vrrp_socket *);
void io_rx_drain(struct vrrp_socket *, ktime now);
void io_rx_free(struct vrrp_io *);
/** io_tx.c */
void io_tx_init(struct vrrp_io *);
void io_tx_forget(struct vrrp_io *, const struct vrrp_instance *);
void io_tx_free(struct vrrp_io *);
void io_tx_flush(struct vrrp_io *, ktime now);
void io_tx_flush_out(struct vrrp_io *, struct vrrp_out *, ktime now);
