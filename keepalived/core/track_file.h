/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tracked files: a number in a file, watched. Subscribers hear of every change of the value.
 */
#pragma once

#include "base/time.h"
#include "core/config_track.h"
#include "loop/filewatch.h"

/** Embedded in its owner. */
struct track_file {
	const char *path;		/* borrowed, absolute */
	int64_t value;			/* 0 while the file cannot be read or holds no number */
	bool readable;
	bool refused;			/* holds a number out of range: the value before counts */
	/** The value differs from before. */
	void (*changed)(struct track_file *, ktime now);
	struct filewatch watch;		/* private */
};

/** The number that a file's contents begin with (base by prefix), 0 for none; false if it is out
 *  of range. */
bool track_file_parse(const char *text, size_t len, int64_t *out);
/** Read now and watch from then on; ->path and ->changed must be set (->changed is not called from
 *  here). 0 or -errno of the watch. */
int track_file_start(struct loop *, struct track_file *);
/** init_file: make or overwrite the file as the configuration says, once. 0; or -errno (-EINVAL:
 *  what is there is no regular file; -EMLINK: it has other names; -EPERM: it belongs to neither
 *  root nor us; -EEXIST is no error). */
int track_file_create(const struct track_file_config *);
void track_file_stop(struct track_file *);
