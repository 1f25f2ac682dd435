/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tracked objects other than checks: files, processes, BFD sessions.
 */
#pragma once

#include "vrrp/track.h"

struct vrrp_outside;

struct vrrp_outside *outside_new(struct vrrp *);
void outside_free(struct vrrp_outside *);
/** Take over the objects of the configuration and preset their states for track.c. */
void outside_configure(struct vrrp_outside *, ktime now);
