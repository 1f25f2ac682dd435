/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sd_notify() by libsystemd, which is loaded only where a service manager listens: elsewhere its
 * memory is saved.
 *
 * The library stays loaded; it is looked up at each call (dlopen() counts), so nothing is kept
 * here.
 */
#include "core/sdnotify.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/num.h"

bool sdnotify_wanted(void)
{
	const char *socket = getenv("NOTIFY_SOCKET");

	return socket && *socket;
}

void sdnotify(const char *text)
{
	if (!sdnotify_wanted())
		return;
	void *library = dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return;
	__typeof__(sd_notify) *notify = (__typeof__(sd_notify) *)dlsym(library, "sd_notify");

	if (notify)
		(void)notify(0, text);
}

kspan sdnotify_watchdog(void)
{
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	uint64_t n;

	if (!sdnotify_wanted() || !usec ||
	    num_parse_u64(usec, 10, 1, INT64_MAX / 1000, &n) != NUM_OK)
		return SEC(0);
	kspan every = USEC(n);

	if (pid && (num_parse_u64(pid, 10, 1, INT32_MAX, &n) != NUM_OK || (pid_t)n != getpid()))
		return SEC(0);
	return every;
}
