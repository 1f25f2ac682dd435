/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPVS as generic netlink messages: synchronisation daemons (IPVS_CMD_NEW_DAEMON, _DEL_DAEMON).
 */
#include "netlink/nl_ipvs.h"

#include <linux/ip_vs.h>

#include "netlink/nl_genl.h"

static uint32_t state_of(enum ipvs_role role)
{
	return role == IPVS_MASTER ? IP_VS_STATE_MASTER : IP_VS_STATE_BACKUP;
}

/* Begun, up to the state, which every request names. Returns the nest to be ended. */
static size_t begin(struct nl_buf *b, uint16_t family, uint8_t command, enum ipvs_role role)
{
	size_t nest;

	nl_genl_begin(b, family, command, IPVS_GENL_VERSION, 0);
	nest = nl_nest(b, IPVS_CMD_ATTR_DAEMON);
	nl_put_u32(b, IPVS_DAEMON_ATTR_STATE, state_of(role));
	return nest;
}

static void end(struct nl_buf *b, size_t nest)
{
	nl_nest_end(b, nest);
	nl_end(b);
}

void nl_ipvs_daemon_new(struct nl_buf *b, uint16_t family, const struct ipvs_daemon *d)
{
	size_t nest = begin(b, family, IPVS_CMD_NEW_DAEMON, d->role);

	nl_put_text(b, IPVS_DAEMON_ATTR_MCAST_IFN, d->ifname);
	nl_put_u32(b, IPVS_DAEMON_ATTR_SYNC_ID, d->sync_id);
	if (d->maxlen != 0)
		nl_put_u16(b, IPVS_DAEMON_ATTR_SYNC_MAXLEN, d->maxlen);
	if (d->group.family == AF_INET)
		nl_put_addr(b, IPVS_DAEMON_ATTR_MCAST_GROUP, d->group);
	else if (d->group.family == AF_INET6)
		nl_put_addr(b, IPVS_DAEMON_ATTR_MCAST_GROUP6, d->group);
	if (d->port != 0)
		nl_put_u16(b, IPVS_DAEMON_ATTR_MCAST_PORT, d->port);
	if (d->ttl != 0)
		nl_put_u8(b, IPVS_DAEMON_ATTR_MCAST_TTL, d->ttl);
	end(b, nest);
}

void nl_ipvs_daemon_del(struct nl_buf *b, uint16_t family, enum ipvs_role role)
{
	end(b, begin(b, family, IPVS_CMD_DEL_DAEMON, role));
}
