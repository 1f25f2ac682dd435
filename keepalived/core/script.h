/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vet the commands of a configuration and work out how each is run.
 *
 * Users and groups are looked up, the command is found (path search, symbolic links), every
 * directory on its way is checked for who could replace it, its kind and interpreter are looked
 * at. Findings become diagnostics at the script's place. Nothing is executed.
 */
#pragma once

#include <sys/types.h>

#include "core/config.h"
#include "core/config_script.h"

/** How the supervisor runs one script. */
struct script_run {
	const struct script_config *config;
	const char *path; /* for execve(): resolved unless use_symlink_paths; NULL: unusable */
	char *const *argv;	/* NULL-terminated; [0] is the path as configured */
	uint32_t argc;
	uid_t uid;
	gid_t gid;
	const gid_t *groups;	/* supplementary groups to set */
	uint32_t n_groups;
	const char *refused;	/* why it must not be run, NULL: it may. For logs */
};

/** One struct script_run for every config->scripts[i], at index i. Memory from @arena, which must
 *  not outlive @config; findings to @diags. With enable_script_security an insecure script is
 *  refused; without it, one finding of class security names all scripts. */
const struct script_run *scripts_vet(const struct config *config, struct arena *arena,
				     struct diags *diags);

/** User and group ids of an owner as scripts_vet() sees them, for FIFOs. False: no such user or
 *  group; @out_why (static text, may be NULL) says which. */
bool script_owner_ids(const struct script_owner *owner, uid_t *out_uid, gid_t *out_gid,
		      const char **out_why);
