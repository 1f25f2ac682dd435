/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps from the command line to supervisor_run(), shared by daemon*.c only.
 */
#pragma once

#include "core/daemon.h"
#include "core/supervisor.h"

struct daemon {
	const struct program *program;
	struct options options;
	struct build_info build;
	int argc;
	char *const *argv;
	char *config_path;		/* absolute */
	char *config_id;
	char *tmp_dir;
	struct strbuf ident, log_file;	/* borrowed by the log */
	struct strbuf running, distro;	/* borrowed by build */
	char *old_core_pattern;		/* to be restored; NULL: not changed */
	bool made_pid_dir;
	struct supervisor super;
};

/** Statuses of a start that fails. */
enum daemon_exit {
	DAEMON_EXIT_USAGE = 1,
	DAEMON_EXIT_SUBSYSTEM = 2,
	DAEMON_EXIT_NO_CONFIG = 6,
};

/** Say it in the log and, for a start that the log does not show to whoever typed it, on
 *  standard error. */
void daemon_complain(const struct daemon *, const char *fmt, ...) attr_printf(2, 3);

/* daemon_system.c: the surroundings */

/** Fill ->config_path, ->config_id and ->tmp_dir. */
void daemon_find_paths(struct daemon *);
/** Lines of --version about this system. */
void daemon_describe_system(struct daemon *);
void daemon_open_log(struct daemon *, const struct names *);
void daemon_log_start(const struct daemon *);
/** -m and -M. */
void daemon_allow_core_dumps(struct daemon *);
void daemon_restore_core_pattern(struct daemon *);
/** Enter the network namespace with its view of the pid directory. 0 or an exit status. */
int daemon_enter_namespace(struct daemon *);
/** Make the pid directory and lock the pid file. 0 or an exit status. */
int daemon_lock_pid_file(struct daemon *);
void daemon_remove_pid_dir(struct daemon *);
/** Go to the background: returns in the daemon only, with ->super.starter_fd set. The caller's
 *  process waits for the start to be complete and exits. 0 or an exit status. */
int daemon_to_background(struct daemon *);

/* daemon_config.c: runs that only look at configurations */

int daemon_config_test(struct daemon *);
int daemon_config_print(struct daemon *);
int daemon_config_diff(struct daemon *);
