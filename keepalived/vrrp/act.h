/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Carry out the actions of a machine: send, arm, addresses, announcements, log, events.
 */
#pragma once

#include "vrrp/instance.h"

void act_run(struct vrrp_instance *, const struct vrrp_actions *, ktime now);
