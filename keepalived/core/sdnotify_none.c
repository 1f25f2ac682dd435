/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * No service manager: built without libsystemd.
 */
#include "core/sdnotify.h"

bool sdnotify_wanted(void)
{
	return false;
}

void sdnotify(const char *text)
{
	(void)text;
}

kspan sdnotify_watchdog(void)
{
	return SEC(0);
}
