/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files to a source map; the sealed snapshot.
 */
#include "config/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "config/map.h"

bool source_read(struct source_map *map, const char *path, const struct source_options *options,
		 struct diags *diags)
{
	struct strbuf text = { 0 };
	char chunk[65536];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;
	bool ok;

	if (fd < 0) {
		struct diag *d = diag_error(diags, "cannot-open", (struct place){ 0 },
					    "cannot open %s", path);
		diag_class(d, DIAG_CLASS_CANNOT_RUN);
		return false;
	}
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		strbuf_add_bytes(&text, chunk, (size_t)n);
	close(fd);
	ok = source_read_text(map, path, strbuf_text(&text), text.len, options, diags);
	strbuf_fini(&text);
	return ok;
}

int source_snapshot_write(const struct source_map *map)
{
	(void)map;
	return -ENOSYS;
}

bool source_snapshot_read(struct source_map *map, int fd)
{
	(void)map;
	(void)fd;
	errno = ENOSYS;
	return false;
}
