/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * macvlan and ipvlan interfaces of virtual routers: which exist, how they are set up, and which
 * interface an instance and its addresses are on.
 *
 * An instance has at most one for its adverts and further ones for addresses on other interfaces.
 * They are created when their parent exists, made again when somebody deletes them, and deleted
 * at stop.
 */
#pragma once

#include "vrrp/instance.h"

/** One interface of ours. Owned by its instance. */
struct vrrp_vmac {
	struct vrrp_vmac *next;
	struct vrrp_instance *vr;
	struct iface *parent, *iface;	/* subscribed */
	struct mac mac;			/* ->len 0: the kernel's (ipvlan) */
	bool ipvlan;
	bool ready;			/* it exists and was set up */
	bool lost;			/* somebody deleted it: make it again */
	bool unused;			/* private to reloads */
	struct nl_request *request;	/* creation under way */
};

/** Decide which interfaces the instance needs, keep those it has, ask for the missing ones.
 *  Returns the interface on which adverts run: the VMAC or ipvlan, else ->base. */
struct iface *vmac_setup(struct vrrp_instance *);
/** Forget them; with @delete they are also taken out of the kernel. */
void vmac_drop(struct vrrp_instance *, bool delete);
/** Take out those of all instances in the namespace, at once: each by itself would make the kernel
 *  wait some 20 ms. */
void vmac_delete_all(struct vrrp_net *);
/** Carry out what was asked until the interfaces are up. For start and reload. */
void vmac_settle(struct vrrp_net *, ktime now);
/** The mirror heard of a change; called before the instances look at it. */
void vmac_iface_changed(struct vrrp_net *, struct iface *, enum iface_change, ktime now);
/** At the end of a wake-up: make again what others deleted. */
void vmac_flush(struct vrrp_net *);
/** Name of the interface for an address. */
const char *vmac_address_ifname(const struct vrrp_instance *, const struct address_config *);

/** vmac_settings.c: settings of the kernel for a new VMAC and its parent; put back at stop. */
void vmac_settings(struct vrrp_vmac *);
/** Settings that the configuration asks for without VMACs. */
void vmac_plain_settings(struct vrrp_instance *);
void vmac_settings_restore(struct vrrp_net *);
