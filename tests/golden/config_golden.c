/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configuration in, diagnostics or canonical text out: the program behind tests/golden/config.
 *
 * Binds with the tables of all engines, never looks at the system, so the outcome is the same on
 * every machine. With --print the canonical text; else all diagnostics, advice included.
 */
#include <stdio.h>
#include <string.h>

#include "bfd/config.h"
#include "check/config.h"
#include "check/lint.h"
#include "config/print.h"
#include "core/config.h"
#include "core/engine.h"
#include "vrrp/config.h"
#include "vrrp/lint.h"

static const struct engine vrrp = {
	.id = ENGINE_VRRP,
	.name = "vrrp",
	.built = true,
	.sections = &vrrp_sections,
	.check = vrrp_config_check,
	.lint = vrrp_lint,
};
static const struct engine check = {
	.id = ENGINE_CHECK,
	.name = "check",
	.built = true,
	.sections = &check_sections,
	.check = check_config_check,
	.lint = check_lint,
};
static const struct engine bfd = {
	.id = ENGINE_BFD,
	.name = "bfd",
	.built = true,
	.sections = &bfd_sections,
	.check = bfd_config_check,
};
static const struct engine *const engines[] = { &vrrp, &check, &bfd };

/* The text must not depend on who runs the test. */
static const char *no_environment(const char *name)
{
	(void)name;
	return NULL;
}

static const struct config_options options = {
	.source = { .config_id = "here", .getenv = no_environment, .random_seed = 1 },
	.engines = engines,
	.n_engines = ARRAY_LEN(engines),
};

static void print_config(const struct config *config, struct strbuf *out)
{
	bind_print(&process_config_type, &config->process->object, 0, out);
	for (size_t i = 0; i < ARRAY_LEN(engines); i++)
		bind_print(engines[i]->sections, config->section[engines[i]->id], 0, out);
}

int main(int argc, char **argv)
{
	const struct diag_print_options how = { .format = DIAG_TEXT, .notes = true };
	bool print = argc == 3 && !strcmp(argv[1], "--print");
	struct strbuf out = { 0 };
	struct config *config;

	if (argc != 2 && !print) {
		fputs("usage: config_golden [--print] FILE\n", stderr);
		return 2;
	}
	config = config_read(argv[argc - 1], &options);
	config_lint(config, &options);
	if (print)
		print_config(config, &out);
	else
		diags_render(config->diags, config->sources, &how, &out);
	fputs(strbuf_text(&out), stdout);
	strbuf_fini(&out);
	config_free(config);
	return 0;
}
