/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nftables by its own language: a text is carried out as one transaction.
 *
 * libnftables is loaded when the first handle is opened, so programs that need no firewall do not
 * pay for it. nft_none.c answers -EOPNOTSUPP.
 */
#pragma once

#include "base/str.h"

struct netns;
struct nft;

/** A handle that works in @ns (NULL: the process's). 0 or -errno (-EOPNOTSUPP: not built in,
 *  -ENOENT: the library is not installed). */
int nft_open(const struct netns *ns, struct nft **out);
void nft_close(struct nft *);	/* NULL is harmless */

/** Carry out @script, all or nothing. 0, or -EINVAL with what nftables says in @error (may be
 *  NULL). Takes what the kernel takes for a transaction, usually well under a millisecond. */
int nft_run(struct nft *, const char *script, struct strbuf *error);
/** The table as nft lists it, without counters; "" when it does not exist. */
void nft_list_table(struct nft *, const char *family, const char *table, struct strbuf *out);
