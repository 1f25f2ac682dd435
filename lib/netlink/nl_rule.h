/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policy rules as netlink messages. Bytes only.
 */
#pragma once

#include "netlink/nl_msg.h"

struct nl_rule {
	uint8_t family;
	uint8_t action;			/* FR_ACT_... */
	uint8_t tos;
	bool invert;
	struct prefix from, to;		/* no address: any */
	char iif[16], oif[16];
	uint32_t priority;
	uint32_t table;			/* FR_ACT_TO_TBL */
	uint32_t goto_priority;		/* FR_ACT_GOTO */
	uint8_t protocol;		/* RTPROT_... that owns it */
	bool has_mark, has_mask, has_suppress_len, has_suppress_group, has_uids, has_sport,
		has_dport, has_tunnel, l3mdev;
	uint32_t mark, mask;
	uint32_t realms;		/* from << 16 | to, 0 none */
	uint32_t suppress_len, suppress_group;
	uint32_t uid_first, uid_last;
	uint16_t sport_first, sport_last, dport_first, dport_last;
	uint8_t ip_proto;		/* 0 none */
	uint64_t tunnel_id;
};

void nl_rule_new(struct nl_buf *, const struct nl_rule *, uint16_t nl_flags);
void nl_rule_del(struct nl_buf *, const struct nl_rule *);
void nl_rule_dump(struct nl_buf *, int family);
/** RTM_NEWRULE or RTM_DELRULE. False if it is neither or malformed. */
bool nl_rule_parse(const struct nl_view *, struct nl_rule *out);
/** Do the two name the same rule (family, priority, action, selectors)? */
bool nl_rule_same(const struct nl_rule *, const struct nl_rule *);
