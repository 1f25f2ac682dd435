/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What garp.c (when) and garp_send.c (how) share. Nobody else includes this.
 */
#pragma once

#include <uthash.h>

#include "vrrp/garp.h"

/** One clock for the announcements of an interface or a group of them. */
struct garp_pace {
	UT_hash_handle hh;		/* by name */
	char name[NL_IFNAME_MAX];
	ktime next_at[2];		/* ARP, ND */
};

/** What an instance announces. Exists while it is MASTER and has something to announce. */
struct garp_job {
	struct vrrp_instance *vr;
	struct garp_job *next;		/* in the queue */
	struct timers *timers;
	struct garp_pace *pace;
	struct timer second, refresh;
	struct timer extra;		/* garp_extra_if */
	unsigned second_rounds;
	unsigned rounds;		/* left of the current burst */
	unsigned at;			/* address of the round */
	bool queued;
	bool fresh;			/* first round of the burst */
};

struct garp_batch;

struct vrrp_garp {
	struct vrrp_net *net;
	int fd;				/* AF_PACKET, made on first use */
	struct garp_batch *batch;
	struct garp_job *first, *last;
	struct garp_pace *paces;	/* a hash table */
	struct timer again;
};

/** Queue one frame for @addr on @iface. */
void garp_send_one(struct vrrp_garp *, struct vrrp_instance *, const struct iface *,
		   struct addr addr);
/** Send what is queued; false if the kernel cannot take it now. */
bool garp_send_flush(struct vrrp_garp *);
void garp_send_close(struct vrrp_garp *);
