/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log lines about received adverts that are not used, or are used with reservations.
 */
#pragma once

#include "vrrp/instance.h"

/** Write the line for a verdict, at most one per kind and minute for each instance. */
void receive_log(struct vrrp_instance *, const struct vrrp_frame *, const struct vrrp_rx_verdict *,
		 ktime now);
