/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text from memory as if it stood in a file: for tests and editors. Includes find nothing.
 */
#include <string.h>

#include "config/map.h"
#include "config/source.h"

bool source_read_text(struct source_map *map, const char *name, const char *text, size_t len,
		      const struct source_options *options, struct diags *diags)
{
	char *copy = xrealloc(NULL, len + 1, 1);
	struct source_run run = { .len = len, .column = 1 };

	(void)options;
	memcpy(copy, text, len);
	copy[len] = '\0';
	diags_set_map(diags, map);
	run.file = map_add_file(map, name, copy, len);
	run.line = map->files[run.file].first_line;
	map_add_run(map, &run);
	return true;
}
