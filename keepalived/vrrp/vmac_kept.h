/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel settings that the engine changes, and what they were before: in the status page, so that
 * they outlive a process that is killed.
 */
#pragma once

#include "vrrp/runtime.h"

enum vmac_setting {
	VMAC_SETTING_NONE,	/* an empty slot */
	VMAC_ARP_IGNORE,
	VMAC_ARP_FILTER,
	VMAC_ARP_ANNOUNCE,
	VMAC_RP_FILTER,
	VMAC_PROMOTE_SECONDARIES,
	VMAC_IGMP_REPORTS,	/* of the namespace */
	VMAC_SETTINGS,
};

/** Where a setting is: index of an interface, or one of these. */
#define VMAC_AT_ALL	0u
#define VMAC_AT_DEFAULT UINT32_MAX

enum { VMAC_PATH_MAX = 96 };

/** Path below /proc/sys; false: there is no such interface now. */
bool vmac_setting_path(const struct vrrp_net *, enum vmac_setting, uint32_t at,
		       char out[static VMAC_PATH_MAX]);
/** Note in the page, before the change, that a setting goes from one value to another. What was
 *  before the first change stays. Without room, or with values that a kernel does not know, only
 *  this process remembers them. */
void vmac_kept_note(struct vrrp_net *, enum vmac_setting, uint32_t at, int64_t before,
		    int64_t ours);
/** Take over what a predecessor that died changed and nobody changed since: it is put back at stop.
 *  The page may say anything: it cannot name a setting or an interface that is not ours to change,
 *  nor a value out of range. */
void vmac_kept_adopt(struct vrrp_net *, const struct status_page *before);
/** To the page of a new configuration. */
void vmac_kept_move(const struct status_page *from, struct status_page *to);
