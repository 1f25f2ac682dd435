/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What iface.c (interfaces) and iface_addr.c (their addresses) share. Nobody else includes this.
 */
#pragma once

#include "base/slab.h"
#include "core/iface.h"

#define IFACE_BUCKETS 256

struct iface_mirror {
	struct monitor *monitor;
	struct loop *loop;
	struct iface_listener listener;
	struct iface *by_name[IFACE_BUCKETS];
	struct iface *by_index[IFACE_BUCKETS];
	struct slab addr_slab;
	struct iface_addr **by_addr;	/* by address, whatever the interface */
	unsigned n_buckets;		/* a power of two */
	unsigned n_addrs;
	uint32_t sync_mark;
	bool filled;		/* the first reading is complete: changes are told */
};

void iface_tell(struct iface *, enum iface_change, const struct iface_addr *, ktime now);

/** iface_addr.c */
void iface_addr_init(struct iface_mirror *);
struct iface_addr *iface_addr_find(const struct iface *, struct addr, uint8_t len);
/** The kernel says that the interface has it, in this condition. */
void iface_addr_took(struct iface *, const struct nl_addr *, ktime now);
/** It is gone; the listener hears of it. */
void iface_addr_drop(struct iface_addr *, ktime now);
/** Out of all lists, and freed, without a word. */
void iface_addr_unlink(struct iface_addr *);
