/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Many small configurations in one run, for tests that compare thousands: texts separated by NUL
 * bytes come in by standard input; for each go out its findings as JSON, a NUL byte, its canonical
 * text, a NUL byte. Never looks at the system.
 */
#include <stdio.h>
#include <string.h>

#include "tests/tools/language.h"

#define READ_STEP 65536

static bool read_all(struct strbuf *in)
{
	char buf[READ_STEP];
	size_t n;

	while ((n = fread(buf, 1, sizeof(buf), stdin)) > 0)
		strbuf_add_bytes(in, buf, n);
	return !ferror(stdin);
}

static void answer(const char *text, size_t len)
{
	const struct diag_print_options how = { .format = DIAG_JSON, .notes = DIAG_NOTES_FULL };
	struct config *config = config_read_text("test.conf", text, len, &language_options);
	struct strbuf out = { 0 };

	config_lint(config, &language_options);
	diags_render(config->diags, config->sources, &how, &out);
	strbuf_add_char(&out, '\0');
	language_print(config, &out);
	strbuf_add_char(&out, '\0');
	fwrite(strbuf_text(&out), 1, out.len, stdout);
	strbuf_fini(&out);
	config_free(config);
}

int main(void)
{
	struct strbuf in = { 0 };
	const char *text, *end;
	bool ok = read_all(&in);

	text = strbuf_text(&in);
	for (end = text + in.len; text < end; text += strlen(text) + 1)
		answer(text, strlen(text));
	strbuf_fini(&in);
	return ok ? 0 : 1;
}
