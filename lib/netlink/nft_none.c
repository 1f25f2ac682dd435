/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nftables in a build without it: says so.
 */
#include "netlink/nft.h"

#include <errno.h>

int nft_open(const struct netns *ns attr_unused, struct nft **out attr_unused)
{
	return -EOPNOTSUPP;
}

void nft_close(struct nft *nft attr_unused)
{
}

int nft_run(struct nft *nft attr_unused, const char *script attr_unused, struct strbuf *error)
{
	if (error)
		strbuf_add(error, "built without nftables");
	return -EOPNOTSUPP;
}

void nft_list_table(struct nft *nft attr_unused, const char *family attr_unused,
		    const char *table attr_unused, struct strbuf *out attr_unused)
{
}
