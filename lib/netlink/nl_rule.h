/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policy rules as netlink messages. Bytes only.
 */
#pragma once

#include "net/route.h"
#include "netlink/nl_msg.h"

/** Append RTM_NEWRULE (created, not if it exists). */
void nl_rule_new(struct nl_buf *, const struct rule *);
void nl_rule_del(struct nl_buf *, const struct rule *);
void nl_rule_dump(struct nl_buf *, int family);

/** A rule as the kernel reports it. */
struct nl_rule {
	struct rule rule;		/* ->iif and ->oif point below, or are NULL */
	char iif[16], oif[16];
};

/** RTM_NEWRULE or RTM_DELRULE to struct. False if it is neither or malformed. */
bool nl_rule_parse(const struct nl_view *, struct nl_rule *out);
/** Do the two name the same rule (family, preference, action, selectors)? */
bool nl_rule_same(const struct rule *, const struct rule *);
