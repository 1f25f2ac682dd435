/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The firewall as instances use it.
 */
#include "vrrp/block.h"

void block_set(struct vrrp_instance *vr, bool on)
{
	(void)vr;
	(void)on;
}
