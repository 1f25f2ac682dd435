/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPVS as generic netlink messages (family "IPVS", <linux/ip_vs.h>): the daemons that synchronise
 * connections between hosts. Bytes only; the number of the family comes from genl.h.
 */
#pragma once

#include "netlink/nl_msg.h"

#define IPVS_FAMILY_NAME "IPVS"

enum ipvs_role {
	IPVS_NO_DAEMON,
	IPVS_MASTER,	/* sends what it knows of connections */
	IPVS_BACKUP,	/* listens */
};

/** A synchronisation daemon. Zero or none: the default of the kernel. */
struct ipvs_daemon {
	enum ipvs_role role;
	char ifname[16];	/* interface of the multicast group */
	uint8_t sync_id;
	uint16_t maxlen;	/* payload of a datagram, bytes */
	uint16_t port;
	uint8_t ttl;
	struct addr group;
};

/** Append the request that starts the daemon, ->role not IPVS_NO_DAEMON. The kernel answers EEXIST
 *  when one of that role runs, ENODEV without the interface. */
void nl_ipvs_daemon_new(struct nl_buf *, uint16_t family, const struct ipvs_daemon *);
/** Append the request that stops the daemon of that role. ESRCH: there is none. */
void nl_ipvs_daemon_del(struct nl_buf *, uint16_t family, enum ipvs_role role);
