/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IP sets in a build without libipset: says so.
 */
#include "netlink/ipset.h"

#include <errno.h>

int ipset_open(const struct netns *ns, struct ipset_link **out)
{
	(void)ns;
	(void)out;
	return -EOPNOTSUPP;
}

void ipset_close(struct ipset_link *link)
{
	(void)link;
}

int ipset_run(struct ipset_link *link, const char *lines, struct strbuf *error)
{
	(void)link;
	(void)lines;
	(void)error;
	return -EOPNOTSUPP;
}
