/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tell the service manager how we are (sd_notify(3)); silence when there is none or the build has
 * no libsystemd.
 */
#pragma once

#include "base/attr.h"
#include "base/time.h"

/** Newline-separated assignments: "READY=1\nSTATUS=...". Errors are ignored. */
void sdnotify(const char *text);
/** How often WATCHDOG=1 is expected, zero: not at all. */
kspan sdnotify_watchdog(void);
/** Is anybody there? */
bool sdnotify_wanted(void);
