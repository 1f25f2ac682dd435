/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From files, or from the snapshot of another process, to a configuration.
 */
#include <errno.h>

#include "core/config.h"

struct config *config_read(const char *path, const struct config_options *options)
{
	struct config *config = config_new(options);

	(void)source_read(config->sources, path, &options->source, config->diags);
	config_bind(config, options);
	return config;
}

struct config *config_read_snapshot(int fd, const struct config_options *options)
{
	struct config *config = config_new(options);
	int err;

	if (!source_snapshot_read(config->sources, fd)) {
		err = errno;
		config_free(config);
		errno = err;
		return NULL;
	}
	config_bind(config, options);
	return config;
}
