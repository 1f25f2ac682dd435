/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses, routes and rules of one network namespace: what the kernel shall have of ours.
 *
 * Instances and static entries claim objects; an object that several claim is in the kernel while
 * at least one of them wants it, so handing an address from one to another changes nothing there.
 * Changes are collected and sent as one batch per wake-up.
 */
#pragma once

#include "vrrp/instance.h"

struct kernel_object;

/** One claim. Owned by whoever claims. */
struct kernel_use {
	struct kernel_object *object;
	struct vrrp_instance *vr;	/* NULL: a static entry */
	const struct vrrp_track_group_config *group;	/* static: who suffers */
	struct kernel_use *next;	/* of the same object */
	uint32_t slot;			/* VRRP_SLOT_ADDRESS, UINT32_MAX: none */
	bool wanted;
	bool tracked;			/* its loss matters */
};

struct vrrp_kernel *kernel_new(struct vrrp_net *);
void kernel_free(struct vrrp_kernel *);

/** Claim everything in the configuration of the instance: wanted if its addresses are up, else
 *  not yet. What it claimed before is given up. Returns how many addresses the kernel must get. */
unsigned kernel_claim(struct vrrp_instance *);
/** Give all claims up; what nobody else wants is removed. */
void kernel_unclaim(struct vrrp_instance *);
/** Want all of it, or none. */
void kernel_set(struct vrrp_instance *, bool up);
/** Claim and want the static entries of the configuration (NULL: none), give up the former. */
void kernel_static(struct vrrp_kernel *, const struct vrrp_config *);

/** At start: find what a predecessor left; kernel_set() then takes out what is not wanted. */
void kernel_reclaim(struct vrrp_kernel *);
/** Carry out what changed. Not @completely: long work is put off to the next wake-up. */
void kernel_flush(struct vrrp_kernel *, bool completely, ktime now);
/** The same until nothing is left that a request could speak of, whatever was under way: then
 *  routes and rules that go may be freed with their configuration. */
void kernel_finish(struct vrrp_kernel *, ktime now);
/** No request is queued or unanswered. */
bool kernel_idle(const struct vrrp_kernel *);
/** What the mirror heard. */
void kernel_heard(struct vrrp_kernel *, const struct monitor_event *, ktime now);
void kernel_iface_changed(struct vrrp_kernel *, struct iface *, enum iface_change, ktime now);

/** Is that address on that interface one of ours? */
bool kernel_owns(const struct vrrp_kernel *, const struct iface *, struct addr);
/** Is the address of a claim in the kernel, wanted or not? */
bool kernel_use_present(const struct kernel_use *);
/** For announcements: the address of a claim, the interface that holds it; false while it is not
 *  set. *out_pending: it is on its way. */
bool kernel_use_addr(const struct kernel_use *, struct addr *out_addr, struct iface **out_iface,
		     bool *out_pending);
