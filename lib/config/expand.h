/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the lines of files to the stream of a source map: conditions, definitions, sequences,
 * includes.
 *
 * Pure: what it needs of the outside comes through struct expand_host.
 */
#pragma once

#include "config/diag.h"
#include "config/source.h"

struct expand;

/** What an include that finds nothing or something odd is: an error of class cannot-run if its bit
 *  is set, else advice. */
enum include_check {
	INCLUDE_CHECK_READ = 1 << 0,	 /* a match that cannot be read or is no plain file */
	INCLUDE_CHECK_MATCH = 1 << 1,	 /* no match for a name without wildcards */
	INCLUDE_CHECK_WILDCARD = 1 << 2, /* no match for a pattern */
	INCLUDE_CHECK_BRACE = 1 << 3,	 /* an alternative in braces without match */
	INCLUDE_CHECK_ALL = 0xf,
};

struct expand_host {
	/** Read what @pattern names: expand_file() for each match, in order. */
	void (*include)(void *ctx, struct expand *, const char *pattern, unsigned checks,
			struct place at);
	/** Directory of the file being read, absolute. */
	const char *(*directory)(void *ctx);
	/** An environment variable, NULL if unset. */
	const char *(*env)(void *ctx, const char *name);
	void *ctx;
};

struct expand *expand_new(struct source_map *, const struct source_options *,
			  const struct expand_host *, struct diags *);
void expand_free(struct expand *);
/** Put a file of the map into the stream. Called by ->include() too. */
void expand_file(struct expand *, uint32_t file);
/** Take @amount from the allowance for expanded text; false when it is used up. For the second and
 *  later readings of one file. */
bool expand_charge(struct expand *, size_t amount);
