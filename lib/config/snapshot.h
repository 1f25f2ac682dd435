/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A source map as one piece of memory: its arrays as they are, behind a table of contents.
 *
 * Written and read by one version of the program on one machine. What is read is checked, so that a
 * damaged snapshot is refused instead of believed.
 */
#pragma once

#include "base/span.h"
#include "config/map.h"

struct snapshot {
	struct span *parts;	/* to be written one after the other */
	size_t n;
	void *head, *files;	/* owned memory behind some of them */
};

void snapshot_init(struct snapshot *, const struct source_map *);
void snapshot_fini(struct snapshot *);
/** Make an empty map borrow from @base; false if that is no snapshot. */
bool snapshot_adopt(struct source_map *, const void *base, size_t len);
