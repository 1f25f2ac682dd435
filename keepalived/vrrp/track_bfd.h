/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tracked BFD sessions: what the BFD engine says of them, for track.c.
 */
#pragma once

#include "vrrp/track.h"

struct vrrp_bfds;

struct vrrp_bfds *bfds_new(struct vrrp *);
void bfds_free(struct vrrp_bfds *);	/* NULL is harmless */
/** Take over the sessions that the configuration tracks, with what is known of them. */
void bfds_configure(struct vrrp_bfds *, ktime now);
