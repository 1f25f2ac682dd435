/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text from memory as if it stood in a file: for tests and editors. There is no file system and no
 * environment: includes find nothing.
 */
#include <string.h>

#include "config/expand.h"
#include "config/map.h"
#include "config/source.h"

struct text_host {
	const struct source_options *options;
	struct diags *diags;
};

static void include_nothing(void *ctx, struct expand *e, const char *pattern, unsigned checks,
			    struct place at)
{
	struct text_host *host = ctx;

	(void)e;
	(void)checks;
	diag_note(host->diags, "include-missing", at, "'%s' is not read: this text is no file",
		  pattern);
}

static const char *no_directory(void *ctx)
{
	(void)ctx;
	return "";
}

static const char *given_env(void *ctx, const char *name)
{
	struct text_host *host = ctx;

	return host->options->getenv ? host->options->getenv(name) : NULL;
}

bool source_read_text(struct source_map *map, const char *name, const char *text, size_t len,
		      const struct source_options *options, struct diags *diags)
{
	struct text_host ctx = { options, diags };
	struct expand_host host = { include_nothing, no_directory, given_env, &ctx };
	struct expand *e = expand_new(map, options, &host, diags);
	char *copy = xrealloc(NULL, len + 1, 1);

	memcpy(copy, text, len);
	copy[len] = '\0';
	diags_set_map(diags, map);
	expand_file(e, map_add_file(map, name, copy, len));
	expand_free(e);
	return true;
}
