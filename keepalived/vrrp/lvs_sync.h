/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The IPVS connection synchronisation daemon that follows an instance (lvs_sync_daemon).
 */
#pragma once

#include "vrrp/instance.h"

/** The instance entered a state. */
void lvs_sync_state(struct vrrp_instance *, enum vrrp_state);
