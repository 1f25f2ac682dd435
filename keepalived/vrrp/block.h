/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The firewall as instances use it: addresses of no_accept instances are blocked while the
 * instance is MASTER, VMACs are kept from speaking for themselves.
 */
#pragma once

#include "vrrp/instance.h"

/** After the instances of a (new) configuration are known: what each namespace needs. */
void block_configure(struct vrrp *);
/** Begin or end blocking the addresses of an instance with no_accept. */
void block_set(struct vrrp_instance *, bool on);
/** A VMAC for adverts exists now, with the link-local address that it was given (or none); it is
 *  about to go. */
void block_vmac_added(const struct vrrp_vmac *, struct addr link_local);
void block_vmac_removed(const struct vrrp_vmac *);
/** Before addresses appear: carry out what was asked. */
void block_flush(struct vrrp_net *, ktime now);
/** Take everything out; true when that is done. May be called again. */
bool block_stop(struct vrrp_net *, ktime now);
