/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The IPVS connection synchronisation daemon that follows an instance (lvs_sync_daemon).
 *
 * It lives in the kernel, in the network namespace of the instance (net_namespace_ipvs: in that
 * one). Without an instance it is not our business: the checkers run both roles then.
 */
#pragma once

#include "vrrp/instance.h"

struct lvs_sync;

struct lvs_sync *lvs_sync_new(struct vrrp *);
/** Lets what runs run: it was stopped before if it should be. NULL is harmless. */
void lvs_sync_free(struct lvs_sync *);
/** The configuration is another one, or instances were added or freed. */
void lvs_sync_configure(struct lvs_sync *, ktime now);
/** The instance entered a state. */
void lvs_sync_state(struct vrrp_instance *, enum vrrp_state, ktime now);
/** An interface appeared; a daemon that sat on one of this name before is deaf. */
void lvs_sync_iface_appeared(struct lvs_sync *, const char *ifname, ktime now);
/** Nothing is on its way to the kernel. */
bool lvs_sync_idle(const struct lvs_sync *);
