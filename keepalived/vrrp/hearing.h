/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Self-diagnosis at run time: what an instance hears of others goes to diagnose.c, and what it
 * finds goes to the status slot and, once per change, to the log.
 */
#pragma once

#include "vrrp/instance.h"

/** An advert was accepted or refused (and counted); before the machine hears of it. */
void hearing_advert(struct vrrp_instance *, const struct vrrp_frame *,
		    const struct vrrp_rx_verdict *, ktime now);
/** The instance entered a state. */
void hearing_entered(struct vrrp_instance *, ktime now);
/** The configuration changed: what was heard was judged by the old one. */
void hearing_reset(struct vrrp_instance *);
void hearing_free(struct vrrp_instance *);
