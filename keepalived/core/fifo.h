/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notification FIFOs: lines for whoever reads, now or later.
 *
 * Opened for reading and writing, so no reader is needed and none can end us; what the pipe
 * cannot take is kept, up to a bound, until the reader comes. A line is never split.
 */
#pragma once

#include "base/str.h"
#include "loop/loop.h"

struct fifo {
	struct watch watch;	/* armed while lines wait for room */
	struct loop *loop;
	char *path;		/* NULL: not open */
	int fd;
	bool created;		/* by us: removed at the end */
	struct strbuf waiting;
	unsigned n_waiting, n_lost;
};

struct fifo_owner {
	uid_t uid;
	gid_t gid;
	bool given;		/* a user was configured (or script_user is in force) */
};

/** Open @path, making it if it is not there. 0; -EPERM: it exists and is not a FIFO of ours or
 *  the owner's; -errno. */
int fifo_open(struct loop *, struct fifo *, const char *path, const struct fifo_owner *);
void fifo_close(struct fifo *);	/* harmless when not open */
/** One line with its newline. False if it had to be dropped (the bound is reached). */
bool fifo_write(struct fifo *, const char *line);
/** Has a reader taken everything? */
bool fifo_is_drained(const struct fifo *);
static inline bool fifo_is_open(const struct fifo *f) { return f->path; }
