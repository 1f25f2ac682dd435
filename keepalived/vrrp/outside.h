/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tracked objects other than checks: files, processes, BFD sessions.
 */
#pragma once

#include "vrrp/track.h"

struct vrrp_outside;

/** struct engine's ->prepare: make the tracked files that have init_file; at a reload (@old) those
 *  that had none. */
void vrrp_prepare(const struct config *old, const struct config *);
struct vrrp_outside *outside_new(struct vrrp *);
void outside_free(struct vrrp_outside *);
/** Take over the objects of the configuration and preset their states for track.c. */
void outside_configure(struct vrrp_outside *, ktime now);
