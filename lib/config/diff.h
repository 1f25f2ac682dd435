/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The difference of two configurations: what a reload has to do.
 *
 * Objects are compared row by row through their tables; lists by key, in linear time.
 */
#pragma once

#include "config/bind.h"

enum diff_verdict {
	DIFF_SAME,
	DIFF_ADJUST,	/* changed fields can be taken over in place */
	DIFF_RESTART,	/* a changed field stops and starts the object */
};

/** Rows that differ, by index in the block type's table. */
struct diff_rows {
	uint16_t rows[32];
	unsigned n;		/* may exceed 32: the rest is not listed */
	const struct keyword *restart_by;	/* the first row that forces a restart */
};

/** Compare two objects of one type. Aliases and rows without field are skipped. */
enum diff_verdict diff_objects(const struct object *old, const struct object *new,
			       struct diff_rows *out);
/** Does the value of this row differ? Never for aliases and rows without field. */
bool diff_row_differs(const struct keyword *, const struct object *old, const struct object *new);
/** Did the row with the field at @at change? */
bool diff_has(const struct block_type *, const struct diff_rows *, size_t at);

/** One pair of a list comparison: old NULL: added; new NULL: removed. */
struct diff_pair {
	struct object *old;
	struct object *new;
};
/** Pair two lists by key; kept and added in the order of @new, then the removed. Memory from
 *  @arena. */
struct diff_pair *diff_lists(struct arena *, const struct object_list *old,
			     const struct object_list *new, size_t *out_n);

/** Text for --config-diff and the reload log: all differences between two section objects. */
void diff_render(const struct block_type *, const struct object *old, const struct object *new,
		 struct strbuf *out);
