/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Begin and end: all instances and groups of a configuration.
 */
#pragma once

#include "vrrp/instance.h"

/** Point ->config and what follows from it to @config. */
void vrrp_use_config(struct vrrp *, const struct config *);
/** A status page for ->config; NULL with errno set. */
struct status_page *vrrp_page_new(const struct vrrp *, const struct config *);
/** Find the slots of all instances in ->page. */
void vrrp_point_slots(struct vrrp *);
/** Build everything and start it. 0, or an exit status. */
int vrrp_start_all(struct vrrp *, ktime now);
/** One instance without a group begins. */
void vrrp_start_instance(struct vrrp_instance *, const struct cause *, ktime now);
/** Bind the groups of the configuration; @former are the groups before a reload, by name. */
void vrrp_build_groups(struct vrrp *, struct vrrp_sync **former, uint32_t n_former);
/** Priority 0, addresses out, events. */
void vrrp_stop_all(struct vrrp *, ktime now);
