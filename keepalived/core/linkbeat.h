/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Link state by asking the driver once a second, for interfaces whose flags do not tell.
 */
#pragma once

#include "core/iface.h"

enum linkbeat_how { LINKBEAT_ASK_ANY, LINKBEAT_ASK_MII, LINKBEAT_ASK_ETHTOOL, LINKBEAT_ASK_FLAGS };

struct linkbeats;

/** One poller per network namespace (NULL: of the process). NULL with errno set. */
struct linkbeats *linkbeats_new(struct loop *, const struct netns *);
/** Stop polling; the interfaces' flags count again. NULL is harmless. */
void linkbeats_free(struct linkbeats *);
/** A new list: those that linkbeats_add() does not name again are dropped by linkbeats_end(), those
 *  that it does name go on as they are. */
void linkbeats_begin(struct linkbeats *);
/** Poll this interface, once for each. A subscription is taken. */
void linkbeats_add(struct linkbeats *, struct iface_mirror *, const char *ifname,
		   enum linkbeat_how);
void linkbeats_end(struct linkbeats *);
/** An interface has come: ask at once if it is polled. @l may be NULL. */
void linkbeats_appeared(struct linkbeats *l, const struct iface *);
