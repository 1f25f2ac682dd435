/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pid files: "PID\n", mode 0644 whatever the umask, locked while the process lives.
 *
 * The lock, not the content, says whether somebody is there: a stale file, or one with the pid
 * of a stranger, is taken over.
 */
#pragma once

#include <sys/types.h>

#include "base/attr.h"

struct pidfile {
	char *path;	/* NULL: none */
	char *alias;	/* symbolic link to it; NULL: none */
	int fd;
};

/** Open and lock @path (copied), without writing. 0; -EBUSY: another process has it locked;
 *  -errno. */
int pidfile_open(struct pidfile *, const char *path);
/** It was -EBUSY: has the daemon that wrote @path been killed, so that only what it left behind
 *  still holds the lock? */
bool pidfile_is_left(const char *path);
/** Let @alias (copied), in the same directory, be a symbolic link to the file while it is there.
 *  A file of that name that is no link is left alone, unless the process in it is dead. */
void pidfile_alias(struct pidfile *, const char *alias);
/** Write @pid; makes the file again if somebody removed it. 0 or -errno. */
int pidfile_write(struct pidfile *, pid_t pid);
/** Take the file away, keep the lock on what was there: the process is not running now. */
void pidfile_clear(struct pidfile *);
/** Remove the file if it is still ours, and let go. Harmless when not open. */
void pidfile_close(struct pidfile *);
