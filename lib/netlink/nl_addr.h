/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses of interfaces as netlink messages. Bytes only; netlink/nl.h sends them.
 */
#pragma once

#include "netlink/nl_msg.h"

#define NL_LABEL_MAX 16

struct nl_addr {
	unsigned ifindex;
	struct prefix prefix;
	struct addr peer;		/* none: no peer; prefix.len then belongs to the peer */
	struct addr broadcast;		/* none: none */
	uint8_t scope;			/* RT_SCOPE_... */
	uint32_t flags;			/* IFA_F_... */
	uint8_t protocol;		/* IFA_PROTO, 0 none */
	bool has_lifetimes;
	uint32_t preferred, valid;	/* seconds, UINT32_MAX for ever */
	uint32_t metric;		/* IFA_RT_PRIORITY, 0 none */
	char label[NL_LABEL_MAX];	/* IPv4 only, "" none */
};

/** Append RTM_NEWADDR; @nl_flags as NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE. */
void nl_addr_new(struct nl_buf *, const struct nl_addr *, uint16_t nl_flags);
/** Append RTM_DELADDR. */
void nl_addr_del(struct nl_buf *, const struct nl_addr *);
/** Append a request for all addresses of @family (AF_UNSPEC: both). */
void nl_addr_dump(struct nl_buf *, int family);
/** RTM_NEWADDR or RTM_DELADDR to struct. False if it is neither or malformed. */
bool nl_addr_decode(const struct nl_view *, struct nl_addr *out);
