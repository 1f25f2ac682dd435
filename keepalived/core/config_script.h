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

struct config;

/** USER [[:]GROUP]. A group that begins with ":" asks for the user's supplementary groups too. */
struct script_owner {
	const char *user;	/* NULL: not said */
	const char *group;	/* NULL: the user's primary group */
};

struct script_config {
	uint32_t id;
	const char *keyword;	/* "notify_master", "misc_path"... */
	const char *command;	/* as written, without the outer quotes */
	char **argv;		/* split; [0] is the path as configured; NULL-terminated */
	uint32_t argc;
	const char *user;	/* NULL: script_user in force here, see ->default_user */
	const char *group;	/* ":" alone: supplementary groups of the user */
	const char *default_user;	/* script_user that preceded this line, NULL: none */
	const char *default_group;
	bool all_groups;	/* set_supplementary_groups was in force here */
	bool file_test;		/* written "</path": readability test of that file */
	struct place at;
	struct place owner_at;	/* where ->user was written; nowhere without one */
	const char *block;	/* "vrrp_script chk": the block around it, NULL: none of its own */
	struct place block_end;	/* its closing brace */
	const struct config_use *uses;	/* who depends on it, latest first */
};

/** Somebody whose state depends on a command or a file. */
struct config_use {
	const char *by;		/* "VI_1" */
	struct place at;
	const struct config_use *next;
};

/** Field: const struct script_config *. KW_FIRST_WINS applies. ->arg non-NULL: no user follows
 *  on the line (vrrp_script > script). */
extern const struct value_type value_script;

/** Field: struct script_owner; the arguments of "user" and "script_user". */
extern const struct value_type value_script_owner;
/** A block around one command, with a user keyword of its own. */
struct script_block {
	const char *keyword, *name;	/* "vrrp_script", "chk"; name NULL: it has none */
	const struct script_owner *owner;	/* ->user NULL: not written */
	struct place owner_at;
	struct place end_at;
};
/** The command of a block takes over its user, and knows its place. Called by done functions;
 *  nothing happens when @script is NULL. */
void script_set_block(struct config *, const struct script_config *script,
		      const struct script_block *);
/** @by depends on the command: named when the command cannot be run. Called by checks. */
void script_add_use(struct config *, const struct script_config *script, const char *by,
		    struct place at);
/** The same for any list of uses. */
void config_add_use(struct config *, const struct config_use **list, const char *by,
		    struct place at);
/** Add to a finding who depends on what is wrong: "VI_1 depends on it (FILE:LINE)". */
void config_hint_uses(const struct config *, struct diag *, const struct config_use *list);

/** What precedes a command in the text and concerns it: config.c keeps one while binding. */
struct script_scope {
	struct script_owner owner;
	bool all_groups;
};

/** The scope in force while binding; NULL when no configuration is being bound (toy tables). */
struct script_scope *script_scope_of(struct bind *);

/** The notify fields common to instances and groups. */
struct notify_scripts {
	const struct script_config *master, *backup, *fault, *stop, *deleted, *rx_lower_pri,
		*generic;
};
