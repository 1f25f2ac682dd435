/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sources: open the files, follow includes, remember where each line came from; and the sealed
 * snapshot that lets another process bind exactly the same text.
 *
 * Reading gives logical lines: after comments, conditions, definitions and sequences (expand.c).
 * The supervisor reads; engines load the snapshot. The map must live as long as the diagnostics
 * and configuration made from it.
 */
#pragma once

#include "config/diag.h"
#include "config/place.h"

struct source_options {
	const char *config_id;		/* for @ID lines */
	bool all_includes;		/* -e: every include problem is an error */
	const char *(*getenv)(const char *name);	/* NULL: the process's */
	uint32_t random_seed;		/* start of ${_RANDOM} unless random_seed is configured */
};

struct source_map *source_map_new(void);
void source_map_free(struct source_map *);

/** Read @path (a glob) and all it includes. Problems go to @diags; an unreadable main file is an
 *  error of class cannot-run, and false is returned only then. */
bool source_read(struct source_map *, const char *path, const struct source_options *,
		 struct diags *);
/** For tests and editors: @text as if it stood in a file called @name. */
bool source_read_text(struct source_map *, const char *name, const char *text, size_t len,
		      const struct source_options *, struct diags *);
/** Write text and places to a sealed memory file; the descriptor, or -errno. */
int source_snapshot_write(const struct source_map *);
/** The inverse; false (errno set) if @fd is not a snapshot. */
bool source_snapshot_read(struct source_map *, int fd);

/** Forget all text: from now on no place is anywhere. The paths stay. */
void source_forget(struct source_map *);
/** The paths that were read, main file first. */
const char *const *source_files(const struct source_map *, size_t *out_n);
