/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watch one file: written and closed, replaced, moved away, deleted, made again.
 *
 * The directory is watched (inotify), so the file need not exist.
 */
#pragma once

#include "loop/loop.h"

struct filewatch {
	struct watch watch;
	char *dir;
	char *name;
	void (*changed)(struct filewatch *, ktime now);	/* read it (or find it gone) */
};

/** 0 or -errno; ->changed must be set. @path must be absolute; a symbolic link is followed once. */
int filewatch_start(struct loop *, struct filewatch *, const char *path);
void filewatch_stop(struct filewatch *);
