/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Composition root: the engines and features that are linked into this build.
 */
#include <linux/version.h>

#include "bfd/engine.h"
#include "check/engine.h"
#include "core/daemon.h"
#include "vrrp/engine.h"

#define RELEASE_DATE "11/24,2026"

#define TEXT_OF_(x) #x
#define TEXT_OF(x)  TEXT_OF_(x)

static const struct engine *const engines[] = { &vrrp_engine, &check_engine, &bfd_engine };

/* "Config options:" of --version; packagers look for these words. */
static const struct {
	bool built;
	const char *word;
} parts[] = {
	{ BUILT_LVS, "LVS" },
	{ BUILT_LVS && BUILT_REGEX, "REGEX" },
	{ BUILT_VRRP, "VRRP" },
	{ BUILT_VRRP, "VRRP_AUTH" },
	{ BUILT_VRRP, "VRRP_VMAC" },
	{ BUILT_VRRP, "TRACK_PROCESS" },
	{ BUILT_VRRP, "IPTABLES" },
	{ BUILT_VRRP && BUILT_NFTABLES, "NFTABLES" },
	{ BUILT_VRRP && BUILT_IPSET, "LIBIPSET" },
	{ BUILT_BFD, "BFD" },
	{ BUILT_JSON, "JSON" },
	{ BUILT_SYSTEMD, "SYSTEMD_NOTIFY" },
	{ BUILT_SECCOMP, "SECCOMP" },
	{ true, "FILE-LOGGING" },
};

int main(int argc, char *argv[])
{
	const char *words[ARRAY_LEN(parts) + 1] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (parts[i].built)
			words[n++] = parts[i].word;
	const struct program program = {
		.build = {
			.version = PACKAGE_VERSION,
			.date = RELEASE_DATE,
			.configure_options = KA_CONFIGURE_OPTIONS,
			.features = words,
			.json = BUILT_JSON,
			.kernel_headers = TEXT_OF(LINUX_VERSION_MAJOR) "." TEXT_OF(
				LINUX_VERSION_PATCHLEVEL) "." TEXT_OF(LINUX_VERSION_SUBLEVEL),
			.system_options = "EPOLL_PWAIT2 PIDFD MEMFD LANDLOCK",
		},
		.engines = engines,
		.n_engines = ARRAY_LEN(engines),
	};

	return daemon_main(&program, argc, argv);
}
