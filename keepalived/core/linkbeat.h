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
/** Poll this interface, once for each. A subscription is taken. */
void linkbeats_add(struct linkbeats *, struct iface_mirror *, const char *ifname,
		   enum linkbeat_how);
