/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configuration in, diagnostics or canonical text out: the program behind tests/golden/config.
 *
 * Binds with the tables of all engines, never looks at the system, so the outcome is the same on
 * every machine. With --print the canonical text; else all diagnostics, advice included.
 */
#include <stdio.h>
#include <string.h>

#include "tests/tools/language.h"

int main(int argc, char **argv)
{
	const struct diag_print_options how = { .format = DIAG_TEXT, .notes = DIAG_NOTES_FULL };
	bool print = argc == 3 && !strcmp(argv[1], "--print");
	struct strbuf out = { 0 };
	struct config *config;

	if (argc != 2 && !print) {
		fputs("usage: config_golden [--print] FILE\n", stderr);
		return 2;
	}
	config = config_read(argv[argc - 1], &language_options);
	config_lint(config, &language_options);
	if (print)
		language_print(config, &out);
	else
		diags_render(config->diags, config->sources, &how, &out);
	fputs(strbuf_text(&out), stdout);
	strbuf_fini(&out);
	config_free(config);
	return 0;
}
