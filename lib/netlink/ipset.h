/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IP sets by libipset: commands as text, one a line, as "ipset restore" reads them.
 */
#pragma once

#include "base/str.h"

struct netns;
struct ipset_link;

/** Sets of the namespace @ns (NULL: where we are). 0, or -errno (-ENOENT: libipset is not
 *  installed; -EOPNOTSUPP: not built in). */
int ipset_open(const struct netns *ns, struct ipset_link **out);
void ipset_close(struct ipset_link *);	/* NULL is harmless */
/** Run the lines in order, batched; the first that fails ends it. What exists already, or does not
 *  exist any more, is no failure. 0, or -EINVAL with the library's words added to @error (may be
 *  NULL). */
int ipset_run(struct ipset_link *, const char *lines, struct strbuf *error);
