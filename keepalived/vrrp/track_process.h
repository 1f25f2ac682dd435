/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tracked processes: how many of each kind run, by the kernel's process events.
 */
#pragma once

#include "vrrp/track.h"

struct vrrp_processes;

struct vrrp_processes *processes_new(struct vrrp *);
void processes_free(struct vrrp_processes *);
/** Count anew for the configuration and preset the states for track.c. */
void processes_configure(struct vrrp_processes *, ktime now);
