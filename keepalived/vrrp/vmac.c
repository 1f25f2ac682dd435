/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VMACs. (So far every instance runs on its configured interface.)
 */
#include "vrrp/vmac.h"

struct iface *vmac_setup(struct vrrp_instance *vr)
{
	return vr->base;
}

void vmac_drop(struct vrrp_instance *vr)
{
	vr->iface = NULL;
}

const char *vmac_address_ifname(const struct vrrp_instance *vr, const struct address_config *a)
{
	(void)vr;
	return a->dev;
}
