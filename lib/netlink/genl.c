/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The number of a generic netlink family: one request, its answer read by nl_genl.c.
 */
#include "netlink/genl.h"

#include <errno.h>

#include "netlink/nl_genl.h"

static void take_family(struct nl_request *r, const struct nl_view *m, ktime now)
{
	struct genl_lookup *l = container_of(r, struct genl_lookup, request);

	(void)now;
	(void)nl_genl_parse_id(m, &l->id);
}

static void lookup_done(struct nl_request *r, int error, const char *text, ktime now)
{
	struct genl_lookup *l = container_of(r, struct genl_lookup, request);

	(void)text;
	if (error == 0 && l->id == 0)
		error = -EPROTO;
	l->done(l, error, error == 0 ? l->id : 0, now);
}

void genl_lookup(struct nl *nl, struct genl_lookup *l, const char *name)
{
	struct nl_buf msg = { 0 };

	l->id = 0;
	l->request = (struct nl_request){ .done = lookup_done, .message = take_family };
	nl_genl_ask(&msg, name);
	nl_queue(nl, &l->request, &msg);
	nl_buf_fini(&msg);
}

void genl_cancel(struct nl *nl, struct genl_lookup *l)
{
	nl_cancel(nl, &l->request);
}
