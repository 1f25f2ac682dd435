/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Classic BPF programs for VRRP sockets: which datagrams are worth a wake-up.
 */
#pragma once

#include <linux/filter.h>

#include "base/attr.h"

#define IO_FILTER_MAX 64

/** Virtual router ids, one bit each. */
struct vrid_set {
	uint32_t bits[8];
};

static inline void vrid_set_add(struct vrid_set *s, uint8_t vrid)
{
	s->bits[vrid >> 5] |= 1u << (vrid & 31);
}

enum io_pick { IO_PICK_ALL, IO_PICK_ZERO, IO_PICK_OTHERS };	/* by priority 0 or not */

struct io_filter_spec {
	int family;		/* IPv4: the datagram begins with the IP header; IPv6: with VRRP */
	bool ah;		/* an AH header precedes VRRP */
	enum io_pick pick;
	const struct vrid_set *vrids;	/* NULL: all */
};

/** Write the program to @out (IO_FILTER_MAX instructions); its length. */
size_t io_filter_build(const struct io_filter_spec *, struct sock_filter *out);
/** A program that drops everything, for sockets that only send: its length. */
size_t io_filter_none(struct sock_filter *out);
