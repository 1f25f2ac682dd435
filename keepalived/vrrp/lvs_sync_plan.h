/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which IPVS synchronisation daemon has to run, and the steps from what runs to it.
 */
#pragma once

#include "netlink/nl_ipvs.h"
#include "vrrp/fsm.h"

struct lvs_sync_daemon;

/** The daemon that belongs to an instance of that VRID in that state: MASTER sends, all others
 *  that run listen; none in INIT. */
void lvs_sync_want(const struct lvs_sync_daemon *, uint8_t vrid, enum vrrp_state,
		   struct ipvs_daemon *out);

/** What to do, in this order. */
struct lvs_sync_steps {
	bool stop_master;
	bool stop_backup;
	bool start;
};

/** @known: @has is certain; otherwise anything may run, left behind by a predecessor. */
struct lvs_sync_steps lvs_sync_plan(const struct ipvs_daemon *has, bool known,
				    const struct ipvs_daemon *want);
