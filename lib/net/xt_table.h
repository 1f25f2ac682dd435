/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A look at the packet filter of iptables-legacy, which announces no changes: how large is it? The
 * iptables that translates to nftables has no such table.
 */
#pragma once

#include "base/attr.h"

struct netns;

struct xt_size {
	unsigned entries;	/* rules, and what the kernel counts as such */
	unsigned bytes;
};

/** The size of the table "filter" of @family. 0; -ENOENT: there is none (and none is made by
 *  asking); or -errno. @ns NULL: where we are. */
int xt_filter_size(const struct netns *ns, int family, struct xt_size *out);
