/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a word stands: eight bytes that source.c turns into file, line, column and, for text that
 * came out of a definition, where that was written.
 */
#pragma once

#include "base/attr.h"

/** @line is a number of the source map (0: nowhere); @column counts bytes from 1. */
struct place {
	uint32_t line;
	uint16_t column;
	uint16_t length;
};

struct place_info {
	const char *file;	/* as opened */
	unsigned line;		/* from 1 */
	unsigned column;	/* from 1; 0 unknown */
	unsigned length;
	const char *text;	/* the source line, NUL-terminated */
	bool expanded;		/* came out of a definition or sequence: */
	const char *expansion;	/* the line as it reads after substitution; NULL: as ->text */
	struct place from;	/* the other place to show: where the value or the use is */
	const char *from_label;	/* "expanded from", "used here" */
};

struct source_map;

/** File and line only; also after source_forget(). False for a place that is nowhere or came out
 *  of an expansion. */
bool source_locate(const struct source_map *, struct place, const char **out_file,
		   unsigned *out_line);
/** False for a place that is nowhere. The result borrows from the map; its texts are valid until
 *  the next call. */
bool source_resolve(const struct source_map *, struct place, struct place_info *out);
