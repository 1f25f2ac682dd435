/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The firewall as instances use it: no_accept addresses are blocked while an instance is MASTER.
 */
#pragma once

#include "vrrp/instance.h"

/** Begin or end blocking the addresses of an instance with no_accept. */
void block_set(struct vrrp_instance *, bool on);
