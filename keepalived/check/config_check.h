/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to check/config_*.c: the steps of the cross-checks, in their order.
 */
#pragma once

#include "base/hashset.h"
#include "check/config_values.h"

/** One run over a configuration. */
struct check_run {
	struct config_check *check;
	struct check_config *section;
	struct hashset services, servers;		/* duplicates */
	struct strbuf text;			/* for names in messages */
	const struct check_timing *last_server_timing, *last_checker_timing;
	const struct server_rare *last_rare;
};

/** Display name of the virtual server, valid until the next call. */
const char *vs_name(struct check_run *, const struct virtual_server *);

/** What was reported about that field: a mistake that explains why it is not set. */
static inline const struct diag *vs_mistake(const struct check_run *run,
					    const struct virtual_server *vs, size_t field)
{
	return diags_mistake_of(run->check->diags, vs, field);
}

/** The service as such: group, family, protocol, persistence, scheduler. False: dropped. */
bool check_service(struct check_run *, struct virtual_server *);
/** Real servers: duplicates, families, methods, ports; sorry server; then the quorum. False: none
 *  is left, the virtual server is dropped. */
bool check_servers(struct check_run *, struct virtual_server *);
void report_no_servers(struct check_run *, const struct virtual_server *, bool all_dropped);
/** The checkers of a server: references to other objects, deprecated forms, ports. */
void check_checkers(struct check_run *, struct real_server *);
/** Fill in what the server and its checkers inherit. */
void check_inherit_server(struct check_run *, const struct virtual_server *,
			  struct real_server *);
