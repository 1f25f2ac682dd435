/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The IPVS connection synchronisation daemon that follows an instance.
 */
#include "vrrp/lvs_sync.h"

void lvs_sync_state(struct vrrp_instance *vr, enum vrrp_state state)
{
	(void)vr;
	(void)state;
}
