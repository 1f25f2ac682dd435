/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words for received adverts that are not used, or are used with reservations.
 */
#pragma once

#include "vrrp/rxcheck.h"

/** The text after "(INSTANCE) " for a reject reason or, with @warning (one VRRP_RX_* bit), for a
 *  remark. Returns @buf. */
const char *receive_text(const struct vrrp_rx_params *, const struct vrrp_frame *,
			 const struct vrrp_rx_verdict *, unsigned warning, char *buf, size_t size);
