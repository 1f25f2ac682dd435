/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log lines about received adverts that are not used, or are used with reservations.
 */
#pragma once

#include "vrrp/instance.h"

/** Write the line for a verdict, at most one per kind and minute for each instance. */
void receive_log(struct vrrp_instance *, const struct vrrp_frame *, const struct vrrp_rx_verdict *,
		 ktime now);
/** The text after "(INSTANCE) " for a reject reason or, with @warning (one VRRP_RX_* bit), for a
 *  remark. Returns @buf. Pure. */
const char *receive_text(const struct vrrp_rx_params *, const struct vrrp_frame *,
			 const struct vrrp_rx_verdict *, unsigned warning, char *buf, size_t size);
