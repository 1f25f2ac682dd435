/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the state of interfaces is learnt: delays (interface_up_down_delays) and polling (linkbeat).
 */
#pragma once

#include "vrrp/instance.h"

/** Take over what the configuration says; @old is the one before, NULL at start. */
void links_configure(struct vrrp *, const struct vrrp_config *old);
