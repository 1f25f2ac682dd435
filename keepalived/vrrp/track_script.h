/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Periodic checks: vrrp_script, track_tcp, track_http, track_ping.
 */
#pragma once

#include "vrrp/track.h"

struct vrrp_scripts;

struct vrrp_scripts *scripts_new(struct vrrp *);
void scripts_free(struct vrrp_scripts *);
/** Take over the checks of the configuration. What was known of one that is the same is kept;
 *  states are preset for track.c. Call before trackers are attached. */
void scripts_configure(struct vrrp_scripts *, bool reload);
/** Start those that somebody tracks. */
void scripts_start(struct vrrp_scripts *, ktime now);
void scripts_stop(struct vrrp_scripts *);
