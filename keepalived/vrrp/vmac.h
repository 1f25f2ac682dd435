/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * macvlan and ipvlan interfaces of virtual routers, their settings, and which interface an
 * instance and its addresses are on.
 */
#pragma once

#include "vrrp/instance.h"

/** The interface on which adverts of the instance run: its VMAC or ipvlan, which is created if
 *  necessary, else ->base. */
struct iface *vmac_setup(struct vrrp_instance *);
/** Give up what vmac_setup() subscribed to; the interface stays unless vmac_delete() is called. */
void vmac_drop(struct vrrp_instance *);
/** Name of the interface for an address. */
const char *vmac_address_ifname(const struct vrrp_instance *, const struct address_config *);
