/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words for received adverts that are not used, or are used with reservations.
 */
#pragma once

#include "vrrp/rxcheck.h"

struct receive_case {
	const struct vrrp_rx_params *params;
	const struct vrrp_frame *frame;
	const struct vrrp_rx_verdict *verdict;
	unsigned warning;	/* one VRRP_RX_* bit; 0: the reject reason of the verdict */
};

/** The text after "(INSTANCE) ". Returns @buf. */
const char *receive_text(const struct receive_case *, char *buf, size_t size);
