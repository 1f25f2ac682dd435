/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interfaces (links) as netlink messages. Bytes only; netlink/nl.h sends them.
 */
#pragma once

#include "netlink/nl_msg.h"

#define NL_IFNAME_MAX 16

struct nl_link {
	unsigned ifindex;
	char name[NL_IFNAME_MAX];
	unsigned flags;			/* IFF_... */
	uint16_t hw_type;		/* ARPHRD_... */
	uint32_t mtu;
	struct mac mac, broadcast;
	unsigned parent;		/* IFLA_LINK: index of the lower interface, 0 none */
	bool parent_foreign;		/* that index belongs to another namespace */
	unsigned master;		/* bridge, bond or VRF, 0 none */
	uint8_t oper_state;		/* IF_OPER_... */
	uint32_t group;
	char kind[16];			/* "macvlan", "vlan", ..., "" for none */
	uint32_t mode;			/* MACVLAN_MODE_... or IPVLAN_MODE_... */
	uint16_t mode_flags;
	uint32_t vrf_table;		/* of a vrf */
	char master_kind[16];		/* "vrf" when master is one, as far as the kernel says */
};

/** What to create. */
struct nl_link_new {
	const char *name;
	const char *kind;		/* "macvlan", "ipvlan" */
	unsigned parent;
	unsigned master;		/* 0 none */
	uint32_t group;			/* 0: leave */
	struct mac mac;			/* ->len 0: the kernel's choice */
	uint32_t mode;
	uint16_t mode_flags;		/* ipvlan only */
	bool has_mode_flags;
};

/** Per-interface IPv4 settings (IFLA_INET_CONF): pairs of IPV4_DEVCONF_... and value. */
struct nl_link_inet_conf {
	uint16_t id;
	uint32_t value;
};

void nl_link_dump(struct nl_buf *);
void nl_link_create(struct nl_buf *, const struct nl_link_new *);
void nl_link_delete(struct nl_buf *, unsigned ifindex);
/** All in the group: the kernel waits once for its readers, not once for each. */
void nl_link_delete_group(struct nl_buf *, uint32_t group);
/** Set the flags in @mask to @flags (IFF_UP...). */
void nl_link_set_flags(struct nl_buf *, unsigned ifindex, unsigned flags, unsigned mask);
void nl_link_set_group(struct nl_buf *, unsigned ifindex, uint32_t group);
void nl_link_set_master(struct nl_buf *, unsigned ifindex, unsigned master);
/** IFLA_INET6_ADDR_GEN_MODE. */
void nl_link_set_addr_gen_mode(struct nl_buf *, unsigned ifindex, uint8_t mode);
void nl_link_set_inet_conf(struct nl_buf *, unsigned ifindex, const struct nl_link_inet_conf *,
			   size_t n);
/** RTM_NEWLINK or RTM_DELLINK to struct. False if it is neither or malformed. */
bool nl_link_parse(const struct nl_view *, struct nl_link *out);
