/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses, routes and rules as they stand in virtual_ and static_ blocks, one object a line.
 *
 * After the checks of config.h everything here is final: interfaces that were left out are filled
 * in, names are numbers, families are known. Entries that were refused are not in the lists.
 */
#pragma once

#include "config/bind.h"
#include "net/route.h"

struct vrrp_track_group_config;

#define VRRP_LIFETIME_FOREVER UINT32_MAX

/** ADDR[/LEN] [option ...]: virtual_ipaddress, virtual_ipaddress_excluded, static_ipaddress. */
struct address_config {
	struct object object;
	bool dropped;			/* private: an option makes the entry useless */
	struct prefix prefix;		/* host bits kept */
	bool has_len;
	bool has_broadcast;
	bool home, dad, mngtmpaddr, noprefixroute, autojoin;	/* ->dad: was written -nodad */
	bool no_track;
	bool use_vmac;			/* wants a VMAC of its own on ->dev */
	bool on_vmac;			/* goes to the VMAC of its instance (or use_vmac_addr/
					   use_vmac: to a VMAC on ->dev) */
	uint8_t broadcast_word;		/* private: '+', '-' or 0 */
	uint8_t scope;			/* RT_SCOPE_*; IPv4 only */
	struct addr broadcast;		/* if ->has_broadcast */
	struct addr peer;		/* family 0: none */
	uint32_t preferred_lft;		/* seconds, VRRP_LIFETIME_FOREVER; IPv6 */
	const char *dev;		/* after the checks never NULL: as written, or that of the
					   instance, or default_interface */
	const char *label;		/* NULL: none */
	const char *track_group;	/* static addresses: name as written, NULL: none */
	const struct vrrp_track_group_config *group;
};

/** A line of virtual_routes or static_routes. */
struct route_config {
	struct object object;
	uint32_t errors_before;		/* private */
	struct route route;
	struct object_list nexthops;	/* struct nexthop_config; see ->route.nexthops */
	struct addr or_via;		/* private: second gateway of the old form */
	uint8_t forced_family;		/* inet or inet6 was written; 0: neither */
	uint8_t via_family;		/* private: family written after via; 0: none */
	bool has_dst;			/* private */
	bool no_track;
	const char *track_group;	/* static routes */
	const struct vrrp_track_group_config *group;
};

struct nexthop_config {
	struct object object;
	uint8_t via_family;		/* private: as above */
	struct route_nexthop hop;
};

/** A line of virtual_rules or static_rules. */
struct rule_config {
	struct object object;
	uint32_t errors_before;		/* private */
	struct rule rule;
	unsigned n_actions;		/* private */
	uint8_t forced_family;
	bool has_preference;		/* false: ->rule.preference was assigned */
	bool no_track;
	const char *track_group;	/* static rules */
	const struct vrrp_track_group_config *group;
};

extern const struct block_type vrrp_address_block;	/* one virtual address */
extern const struct block_type static_address_block;
extern const struct block_type vrrp_route_block;
extern const struct block_type static_route_block;
extern const struct block_type vrrp_rule_block;
extern const struct block_type static_rule_block;

struct strbuf;

/** Text forms of dumps: "192.0.2.1/24 dev eth0 scope global". @ifname: what stands after dev
 *  (the run-time interface), NULL: ->dev. Adds no newline. */
void address_config_text(const struct address_config *, const char *ifname, struct strbuf *);
void route_text(const struct route *, struct strbuf *);
void rule_text(const struct rule *, struct strbuf *);
