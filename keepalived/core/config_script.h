/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands in the configuration: notify scripts, track scripts, misc checks.
 *
 * value_script reads the rest of the line by the rules for commands: the first word (quoted with
 * its arguments) is the command, then the user and the group. Only the supervisor runs them, and
 * only by ->id: the index in config->scripts, the same in every process.
 */
#pragma once

#include "base/time.h"
#include "config/bind.h"

struct script_config {
	uint32_t id;
	const char *command;	/* as written, without the outer quotes */
	char **argv;		/* split; [0] is the path as configured; NULL-terminated */
	uint32_t argc;
	const char *user;	/* NULL: script_user in force here, see ->default_user */
	const char *group;	/* ":" alone: supplementary groups of the user */
	const char *default_user;	/* script_user that preceded this line, NULL: none */
	const char *default_group;
	bool file_test;		/* written "</path": readability test of that file */
	struct place at;
};

/** Field: const struct script_config *. KW_FIRST_WINS applies. ->arg non-NULL: no user follows
 *  on the line (vrrp_script > script). */
extern const struct value_type value_script;

/** The notify fields common to instances and groups. */
struct notify_scripts {
	const struct script_config *master, *backup, *fault, *stop, *deleted, *rx_lower_pri,
		*generic;
};
