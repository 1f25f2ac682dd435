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

/** Every other input, in one of the forms. */
static void render(struct config *config, size_t which)
{
	static const enum diag_format formats[] = { DIAG_TEXT, DIAG_JSON, DIAG_TEXT, DIAG_SARIF,
						    DIAG_TEXT, DIAG_GITHUB };
	struct diag_print_options how = { .notes = which % 4 ? DIAG_NOTES_FULL : DIAG_NOTES_BRIEF };
	struct strbuf out = { 0 };

	if (which % 2)
		return;
	how.format = formats[which / 2 % ARRAY_LEN(formats)];
	diags_render(config->diags, config->sources, &how, &out);
	strbuf_fini(&out);
}

/** Read, check, advise, render; the canonical text goes to @printed. The number of errors. */
static size_t pass(const char *text, size_t len, struct strbuf *printed)
{
	struct config *config = config_read_text("fuzz.conf", text, len, &language_options);
	size_t n = diags_count(config->diags, DIAG_ERROR);

	config_lint(config, &language_options);
	render(config, len);
	language_print(config, printed);
	config_free(config);
	return n;
}

/* Files of the machine would make the outcome depend on it, and could be large. */
static bool names_files(const uint8_t *data, size_t size)
{
	return memmem(data, size, "include", 7) != NULL;
}

/* Long sequences are the business of fuzz_config: here they would only repeat the same lines. */
static bool is_costly(const uint8_t *data, size_t size)
{
	size_t digits = 0;

	if (!memmem(data, size, "~SEQ", 4))
		return false;
	for (size_t i = 0; i < size && digits < 3; i++)
		digits = data[i] >= '0' && data[i] <= '9' ? digits + 1 : 0;
	return digits == 3;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf first = { 0 }, second = { 0 };
	bool clean;

	if (names_files(data, size) || is_costly(data, size))
		return 0;
	clean = !pass((const char *)data, size, &first);
	if (clean)
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
