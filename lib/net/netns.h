/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Network namespaces: work inside another one for a moment, or move there for good.
 */
#pragma once

#include "base/attr.h"

struct sock_spec;

struct netns {
	char *name; /* NULL: the one the process was in when it was opened */
	int fd;
};

/** Open the namespace that ip-netns(8) calls @name; NULL or "" means the current one.
 *  0, or -errno (-ENOENT: no such namespace; -EINVAL: the name cannot be one), after which
 *  netns_close() is harmless. */
int netns_open(struct netns *, const char *name);
void netns_close(struct netns *);

/** Call @fn inside the namespace (NULL: where we are) and come back. Returns what @fn returns, or
 *  -errno if the namespace could not be entered. -ENOTRECOVERABLE: could not come back; the
 *  process is in the wrong place and should end. */
int netns_call(const struct netns *, int (*fn)(void *arg), void *arg);
/** sock_open() inside the namespace (NULL: where we are). */
int netns_socket(const struct netns *, const struct sock_spec *, const char **out_step);

/** Move the process (which has one thread) into the namespace: 0 or -errno. */
int netns_enter(const struct netns *);
/** Give the process its own view of mounts in which @dir_to shows @dir_from; both directories are
 *  made (0755) if missing. Mounts made elsewhere still appear here, ours do not appear there. */
int netns_private_mount(const char *dir_from, const char *dir_to);
