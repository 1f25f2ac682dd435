/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From text in memory to a configuration: for tests, without touching the system.
 */
#include "core/config.h"

struct config *config_read_text(const char *name, const char *text, size_t len,
				const struct config_options *options)
{
	struct config *config = config_new(options);

	(void)source_read_text(config->sources, name, text, len, &options->source, config->diags);
	config_bind(config, options);
	return config;
}
