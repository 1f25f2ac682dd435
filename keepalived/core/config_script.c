/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands in the configuration: read the rest of a line as a command and register it.
 *
 * Whether the command exists and who may run it is script.c's business.
 */
#include "core/config_script.h"

#include <string.h>

#include "config/value.h"
#include "core/config.h"

struct script_scope *script_scope_of(struct bind *b)
{
	const struct config *config = b->root;

	return config ? config->script_scope : NULL;
}

/* Enter it into the list of commands, whose order is the same in every process. */
static void script_register(struct config *config, struct script_config *script)
{
	uint32_t n = config->n_scripts;

	if (!(n & (n - 1))) {	/* full: 0, 1, 2, 4, ... */
		struct script_config **grown = arena_calloc(
			config->arena, n ? 2 * (size_t)n : 1, sizeof(struct script_config *));

		if (n)
			memcpy(grown, config->scripts, n * sizeof(struct script_config *));
		config->scripts = grown;
	}
	script->id = config->n_scripts;
	config->scripts[config->n_scripts++] = script;
}

/* Users and groups are plain words. */
static bool is_plain(struct bind *b, const struct word *w)
{
	if (!w->text[strcspn(w->text, "\"'\\ \t")])
		return true;
	diag_error(b->diags, "bad-value", w->at, "this is not the name of a user or group");
	return false;
}

/** Quotes out of a word processor are letters of the command, which cannot have been meant. */
static bool has_curly_quotes(struct bind *b, const struct keyword *k, struct node *node)
{
	const struct word *w = &node->words[1];

	if (w->quoted || (!str_starts(w->text, "\xe2\x80\x9c") &&
			  !str_starts(w->text, "\xe2\x80\x98")))
		return false;
	diag_error(b->diags, "typographic-quotes", w->at,
		   "typographic quotes (U+201C, U+201D) are no quotes: write %s \"...\"", k->word);
	return true;
}

static bool split_line(struct bind *b, const struct keyword *k, struct node *node,
		       struct script_config *script)
{
	struct word *words;
	unsigned n;

	if (!lex_split_command(node->raw, node->raw_at, b->arena, b->diags, &words, &n))
		return false;
	if (n < 2 || !words[1].text[0]) {
		bind_error(b, "missing-argument", node, 1, "%s needs a command", k->word);
		return false;
	}
	for (unsigned i = 2; !k->arg && i < n && i < 4; i++)
		if (!is_plain(b, &words[i]))
			return false;
	script->keyword = k->word;
	script->command = words[1].text;
	script->at = words[1].at;
	if (!k->arg && n > 2) {
		script->user = words[2].text;
		script->owner_at = words[2].at;
	}
	if (!k->arg && n > 3)
		script->group = words[3].text;
	script->file_test = str_starts(script->command, "</");
	return lex_split_argv(script->command, script->at, b->arena, b->diags, &script->argv,
			      &script->argc);
}

static bool script_parse(struct bind *b, const struct keyword *k, struct node *node,
			 unsigned *next, void *field)
{
	const struct script_scope *scope = script_scope_of(b);
	struct script_config *script;

	if (!value_next_word(b, k, node, next) || has_curly_quotes(b, k, node))
		return false;
	*next = node->n_words;
	script = arena_new_of(b->arena, struct script_config);
	if (!split_line(b, k, node, script))
		return false;
	if (!script->argc || !script->argv[0][0]) {
		diag_error(b->diags, "missing-argument", script->at, "%s needs a command",
			   k->word);
		return false;
	}
	if (scope) {
		script->default_user = scope->owner.user;
		script->default_group = scope->owner.group;
		script->all_groups = scope->all_groups;
		script_register(b->root, script);
	}
	*(const struct script_config **)field = script;
	return true;
}

static void owner_print(const struct keyword *k, const void *field, struct strbuf *out)
{
	const struct script_owner *owner = field;

	(void)k;
	if (!owner->user)
		return;
	value_print_word(owner->user, out);
	if (!owner->group)
		return;
	strbuf_add_char(out, ' ');
	value_print_word(owner->group, out);
}

/* In double quotes; where there is such a quote, which no backslash protects, in single ones. */
static void print_command(const char *command, struct strbuf *out)
{
	char quote = '"';

	strbuf_add_char(out, quote);
	for (const char *c = command; *c; c++) {
		if (*c == quote) {
			strbuf_add_char(out, quote);
			quote = quote == '"' ? '\'' : '"';
			strbuf_add_char(out, quote);
		}
		strbuf_add_char(out, *c);
		if (*c == '\\' && c[1])
			strbuf_add_char(out, *++c);
	}
	strbuf_add_char(out, quote);
}

/* With the owner in force, so that the text means the same wherever it stands. */
static void script_print(const struct keyword *k, const void *field, struct strbuf *out)
{
	const struct script_config *script = *(const struct script_config *const *)field;
	struct script_owner owner;

	if (!script)
		return;
	print_command(script->command, out);
	owner = script->user ? (struct script_owner){ script->user, script->group } :
			       (struct script_owner){ script->default_user,
						      script->default_group };
	if (k->arg || !owner.user)
		return;
	strbuf_add_char(out, ' ');
	owner_print(k, &owner, out);
}

static bool script_equal(const struct keyword *k, const void *a, const void *b)
{
	const struct script_config *x = *(const struct script_config *const *)a;
	const struct script_config *y = *(const struct script_config *const *)b;

	(void)k;
	if (!x || !y)
		return x == y;
	return !strcmp(x->command, y->command) && str_eq(x->user, y->user) &&
	       str_eq(x->group, y->group) && str_eq(x->default_user, y->default_user) &&
	       str_eq(x->default_group, y->default_group) && x->all_groups == y->all_groups;
}

const struct value_type value_script = {
	.name = "command",
	.size = sizeof(const struct script_config *),
	.reads_raw = true,
	.parse = script_parse,
	.print = script_print,
	.equal = script_equal,
	.synopsis = "COMMAND [USER [[:]GROUP]]",
};

static bool owner_parse(struct bind *b, const struct keyword *k, struct node *node,
			unsigned *next, void *field)
{
	const struct word *w = value_next_word(b, k, node, next);
	struct script_owner owner = { 0 };

	if (!w || !is_plain(b, w))
		return false;
	owner.user = arena_strdup(b->arena, w->text);
	if (*next < node->n_words) {
		w = &node->words[(*next)++];
		if (!is_plain(b, w))
			return false;
		owner.group = arena_strdup(b->arena, w->text);
	}
	*(struct script_owner *)field = owner;
	return true;
}

static bool owner_equal(const struct keyword *k, const void *a, const void *b)
{
	const struct script_owner *x = a, *y = b;

	(void)k;
	return str_eq(x->user, y->user) && str_eq(x->group, y->group);
}

const struct value_type value_script_owner = {
	.name = "user and group",
	.size = sizeof(struct script_owner),
	.parse = owner_parse,
	.print = owner_print,
	.equal = owner_equal,
	.synopsis = "USER [[:]GROUP]",
};

static struct script_config *mine(struct config *config, const struct script_config *script)
{
	return script && script->id < config->n_scripts ? config->scripts[script->id] : NULL;
}

void script_set_block(struct config *config, const struct script_config *script,
		      const struct script_block *block)
{
	struct script_config *s = mine(config, script);

	if (!s)
		return;
	s->block = block->name ? arena_printf(config->arena, "%s %s", block->keyword, block->name) :
				 block->keyword;
	s->block_end = block->end_at;
	if (!block->owner->user)
		return;
	s->user = block->owner->user;
	s->group = block->owner->group;
	s->owner_at = block->owner_at;
}

void config_add_use(struct config *config, const struct config_use **list, const char *by,
		    struct place at)
{
	struct config_use *use = arena_new_of(config->arena, struct config_use);

	*use = (struct config_use){ .by = by, .at = at, .next = *list };
	*list = use;
}

void script_add_use(struct config *config, const struct script_config *script, const char *by,
		    struct place at)
{
	struct script_config *s = mine(config, script);

	if (s)
		config_add_use(config, &s->uses, by, at);
}

void config_hint_uses(const struct config *config, struct diag *d, const struct config_use *list)
{
	struct place_info info;

	for (const struct config_use *use = list; d && use; use = use->next)
		if (source_resolve(config->sources, use->at, &info))
			diag_hint(config->diags, d, "%s depends on it (%s:%u)", use->by, info.file,
				  info.line);
}
