/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Advice about health checker configurations. Reports notes and changes nothing; the checks of
 * config.h have run.
 */
#include "check/lint.h"

#include "check/config.h"

/* A real server that nothing checks is always up. One note per virtual server. */
static void unchecked_servers(struct config_check *ck, const struct virtual_server *vs)
{
	const struct real_server *first = NULL;
	uint32_t n = 0;

	for (uint32_t i = 0; i < vs->real_servers.n; i++) {
		if (check_rs(vs, i)->checkers.n)
			continue;
		first = first ?: check_rs(vs, i);
		n++;
	}
	if (first && n == vs->real_servers.n)
		diag_note(
			ck->diags, "no-checker", first->object.at,
			"no real server of this virtual server has a checker; they are always up");
	else if (first)
		diag_note(ck->diags, "no-checker", first->object.at,
			  "%u of %u real servers have no checker and are always up", n,
			  vs->real_servers.n);
}

static void no_servers(struct config_check *ck, const struct virtual_server *vs)
{
	if (!vs->real_servers.n)
		diag_note(ck->diags, "no-real-server", vs->object.at,
			  "this virtual server has no real server");
}

void check_lint(struct config_check *ck)
{
	const struct check_config *c = check_config_of(ck->config);

	for (uint32_t i = 0; i < c->virtual_servers.n; i++) {
		const struct virtual_server *vs = check_vs(c, i);

		unchecked_servers(ck, vs);
		no_servers(ck, vs);
	}
}
