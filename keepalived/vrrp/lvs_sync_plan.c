/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which IPVS synchronisation daemon has to run, and the steps from what runs to it.
 */
#include "vrrp/lvs_sync_plan.h"

#include "base/str.h"
#include "core/config_global.h"

static enum ipvs_role role_in(enum vrrp_state state)
{
	switch (state) {
	case VRRP_STATE_MASTER:
		return IPVS_MASTER;
	case VRRP_STATE_BACKUP:
	case VRRP_STATE_FAULT:
		return IPVS_BACKUP;
	case VRRP_STATE_INIT:
		break;
	}
	return IPVS_NO_DAEMON;
}

void lvs_sync_want(const struct lvs_sync_daemon *c, uint8_t vrid, enum vrrp_state state,
		   struct ipvs_daemon *out)
{
	*out = (struct ipvs_daemon){ .role = role_in(state) };
	if (out->role == IPVS_NO_DAEMON)
		return;
	(void)str_copy(out->ifname, sizeof(out->ifname), c->ifname);
	out->sync_id = c->sync_id < 0 ? vrid : (uint8_t)c->sync_id;
	out->maxlen = (uint16_t)c->maxlen;
	out->port = c->port;
	out->ttl = c->ttl;
	out->group = c->group;
}

static bool same(const struct ipvs_daemon *a, const struct ipvs_daemon *b)
{
	return a->role == b->role && str_eq(a->ifname, b->ifname) && a->sync_id == b->sync_id &&
	       a->maxlen == b->maxlen && a->port == b->port && a->ttl == b->ttl &&
	       addr_equal(a->group, b->group);
}

struct lvs_sync_steps lvs_sync_plan(const struct ipvs_daemon *has, bool known,
				    const struct ipvs_daemon *want)
{
	if (known && same(has, want))
		return (struct lvs_sync_steps){ 0 };
	return (struct lvs_sync_steps){
		.stop_master = !known || has->role == IPVS_MASTER,
		.stop_backup = !known || has->role == IPVS_BACKUP,
		.start = want->role != IPVS_NO_DAEMON,
	};
}
