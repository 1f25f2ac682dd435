/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz entry: any text as a configuration of the daemon, with the keyword tables, cross-checks and
 * advice of all engines; findings rendered in every form. What is printed of a configuration
 * without errors must print the same when it is read again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/diag.h"
#include "tests/tools/language.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void render_all(struct config *config)
{
	static const enum diag_format formats[] = { DIAG_TEXT, DIAG_JSON, DIAG_SARIF, DIAG_GITHUB };

	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		struct diag_print_options how = { .format = formats[i], .notes = DIAG_NOTES_FULL };
		struct strbuf out = { 0 };

		diags_render(config->diags, config->sources, &how, &out);
		strbuf_fini(&out);
	}
}

/** Read, check, advise, render; the canonical text goes to @printed. The number of errors. */
static size_t pass(const char *text, size_t len, struct strbuf *printed)
{
	struct config *config = config_read_text("fuzz.conf", text, len, &language_options);
	size_t n = diags_count(config->diags, DIAG_ERROR);

	config_lint(config, &language_options);
	render_all(config);
	language_print(config, printed);
	config_free(config);
	return n;
}

/* Files of the machine would make the outcome depend on it, and could be large. */
static bool names_files(const uint8_t *data, size_t size)
{
	return memmem(data, size, "include", 7) != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf first = { 0 }, second = { 0 };
	bool clean;

	if (names_files(data, size))
		return 0;
	clean = !pass((const char *)data, size, &first);
	(void)pass(strbuf_text(&first), first.len, &second);
	if (clean && strcmp(strbuf_text(&first), strbuf_text(&second)) != 0) {
		fprintf(stderr, "--- printed\n%s--- printed again\n%s", strbuf_text(&first),
			strbuf_text(&second));
		abort();
	}
	strbuf_fini(&first);
	strbuf_fini(&second);
	return 0;
}
