/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Follow a path component by component: where it really leads, and who could replace it.
 */
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include "base/arena.h"

/** Who a program runs as. */
struct script_ids {
	uid_t uid;
	gid_t gid;
	const gid_t *groups;
	uint32_t n_groups;
};

struct path_walk {
	const char *resolved;	/* without symbolic links */
	struct stat st;		/* of the file it leads to */
	/* Set if somebody other than root could put another file in its place: the component and
	 * what is wrong with it ("is writable by everybody"). */
	const char *insecure_at;
	const char *insecure;
	const char *failed_at;	/* after a failure: the component at which it happened */
};

/** Walk @path, of which every symbolic link is followed and every component looked at; @ids must
 *  be able to search its directories. 0 or -errno. Texts from @arena. */
int path_walk(const char *path, const struct script_ids *ids, struct arena *arena,
	      struct path_walk *out);

/** May @ids execute a file with this status, by its mode bits? */
bool path_executable(const struct stat *, const struct script_ids *);
/** May @ids read it? */
bool path_readable(const struct stat *, const struct script_ids *);
/** Does the file have an access control list, so that mode bits do not tell all? */
bool path_has_acl(const char *path);
