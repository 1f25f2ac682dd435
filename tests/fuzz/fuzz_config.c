/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz entry: text through expansion, lexer, binding, printing, differences and all forms of
 * diagnostics, with a small language. Printed text must be readable again.
 */
#include <stdlib.h>
#include <string.h>

#include "../unit/config_toy.h"
#include "config/diff.h"
#include "config/map.h"
#include "config/print.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *no_env(const char *name)
{
	return name[0] == 'H' ? "home" : NULL;
}

static struct toy read_bytes(const char *text, size_t len)
{
	struct source_options options = { .config_id = "node1", .getenv = no_env };
	struct toy toy = { arena_new(), arena_new(), diags_new(), source_map_new(), NULL };

	(void)source_read_text(toy.map, "fuzz.conf", text, len, &options, toy.diags);
	toy_bind(&toy);
	return toy;
}

static void render_all(struct toy *toy)
{
	static const enum diag_format formats[] = { DIAG_TEXT, DIAG_JSON, DIAG_SARIF, DIAG_GITHUB };

	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		struct diag_print_options options = { .format = formats[i],
						       .notes = DIAG_NOTES_FULL };
		struct strbuf out = { 0 };

		diags_render(toy->diags, toy->map, &options, &out);
		strbuf_fini(&out);
	}
}

/** The commands of a configuration are split by rules of their own. */
static void split_commands(const char *text)
{
	struct arena *arena = arena_new();
	struct diags *diags = diags_new();
	struct word *words;
	char **argv;
	unsigned n;

	(void)lex_split_command(text, (struct place){ 1, 1, 1 }, arena, diags, &words, &n);
	(void)lex_split_argv(text, (struct place){ 1, 1, 1 }, arena, diags, &argv, &n);
	diags_free(diags);
	arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct toy toy = read_bytes((const char *)data, size), again;
	struct strbuf printed = { 0 }, difference = { 0 };

	render_all(&toy);
	bind_print(&toy_sections, &toy.root->object, 0, &printed);
	split_commands(strbuf_text(&printed));
	again = read_bytes(strbuf_text(&printed), printed.len);
	diff_render(&toy_sections, &toy.root->object, &again.root->object, &difference);
	strbuf_fini(&printed);
	strbuf_fini(&difference);
	toy_free(&toy);
	toy_free(&again);
	return 0;
}
