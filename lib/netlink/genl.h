/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The number of a generic netlink family, asked of the kernel without waiting. The socket is one of
 * nl.h with protocol NETLINK_GENERIC; requests to the family go through nl_queue() as usual, their
 * messages begun by nl_genl_begin().
 */
#pragma once

#include "netlink/nl.h"

/** A question. Embedded in its owner; must live until done or genl_cancel(). */
struct genl_lookup {
	/** The end: @error 0 and the number; or -ENOENT (the kernel has no such family, its module
	 *  cannot be loaded) or another -errno, and @id 0. It may use nl_queue(). */
	void (*done)(struct genl_lookup *, int error, uint16_t id, ktime now);
	struct nl_request request;	/* private */
	uint16_t id;			/* private */
};

/** Ask for the family called @name. The kernel may load a module for it. A number stays valid
 *  until the module is unloaded; a request then ends with -ENOENT: ask again. */
void genl_lookup(struct nl *, struct genl_lookup *, const char *name);
/** Forget the question: done is not called. Harmless when nothing is asked. */
void genl_cancel(struct nl *, struct genl_lookup *);
