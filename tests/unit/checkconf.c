/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Helpers of the configuration tests; see checkconf.h.
 */
#include "checkconf.h"

#include <stdio.h>
#include <string.h>

#include "bfd/config.h"
#include "core/engine.h"

static const struct engine checkers = {
	.id = ENGINE_CHECK,
	.name = "checker",
	.sections = &check_sections,
	.check = check_config_check,
};
static const struct engine bfd = {
	.id = ENGINE_BFD,
	.name = "bfd",
	.sections = &bfd_sections,
	.check = bfd_config_check,
};

/* In the daemon track_file stands in VRRP's table. */
struct files {
	struct object object;
	struct object_list list;
};
static const struct keyword files_keywords[] = {
	{ .word = "track_file", .type = &value_block, .at = offsetof(struct files, list),
	  .arg = &track_file_block, .flags = KW_APPEND },
};
static const struct block_type files_sections = {
	.name = "files",
	.form = BLOCK_KEYWORDS,
	KEYWORDS(files_keywords),
	.size = sizeof(struct files),
};
static const struct engine tracked_files = {
	.id = ENGINE_VRRP,
	.name = "vrrp",
	.sections = &files_sections,
};

struct config *read_checkers(const char *text)
{
	static const struct engine *const engines[] = { &tracked_files, &checkers, &bfd };
	const struct config_options options = {
		.engines = engines, .n_engines = ARRAY_LEN(engines),
	};

	return config_read_text("test.conf", text, strlen(text), &options);
}

const struct diag *find_diag(struct config *config, enum diag_severity severity,
			     const char *text)
{
	size_t n;
	const struct diag *const *diags = diags_sorted(config->diags, &n);

	for (size_t i = 0; i < n; i++)
		if (diags[i]->severity >= severity &&
		    (strstr(diags[i]->message, text) ||
		     (diags[i]->hint && strstr(diags[i]->hint, text))))
			return diags[i];
	return NULL;
}

const char *all_diags(struct config *config)
{
	static char buffer[4096];
	struct strbuf out = { 0 };

	diags_render(config->diags, config->sources,
		     &(struct diag_print_options){ .notes = DIAG_NOTES_FULL }, &out);
	snprintf(buffer, sizeof(buffer), "%s", strbuf_text(&out));
	strbuf_fini(&out);
	return buffer;
}

size_t n_findings(struct config *config)
{
	return diags_count(config->diags, DIAG_ERROR) + diags_count(config->diags, DIAG_WARNING);
}

const char *place_text(const struct config *config, struct place place)
{
	static char buffer[32];
	struct place_info info;

	if (!source_resolve(config->sources, place, &info))
		return "nowhere";
	snprintf(buffer, sizeof(buffer), "%u:%u", info.line, info.column);
	return buffer;
}
