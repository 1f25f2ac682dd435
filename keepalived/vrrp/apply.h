/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Take over a new configuration: keep, adjust, restart, add, remove.
 */
#pragma once

#include "vrrp/instance.h"

/** 0: @config is in use and nothing refers to the old one. -errno: nothing has changed. */
int vrrp_apply(struct vrrp *, const struct config *config, ktime now);
