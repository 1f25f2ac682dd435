/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Logical lines to an immutable struct config: bind every section, resolve names, run the checks.
 *
 * The configuration owns everything that is reachable from it: one arena, the source map, the
 * diagnostics and the symbol table. It is not thread-safe and never changes after config_bind().
 */
#include "core/config.h"

#include <string.h>
#include <uthash.h>

#include "config/lex.h"
#include "core/engine.h"
#include "core/iproute_names.h"
#include "core/lint.h"

#define SYMBOL_KINDS (SYMBOL_SERVER_GROUP + 1)

struct symbol {
	const char *name;
	struct object *object;
	UT_hash_handle hh;
};

struct symbol_table {
	struct symbol *kind[SYMBOL_KINDS];
};

static const char *const kind_words[SYMBOL_KINDS] = {
	[SYMBOL_VRRP_INSTANCE] = "vrrp_instance",
	[SYMBOL_SYNC_GROUP] = "vrrp_sync_group",
	[SYMBOL_SCRIPT] = "vrrp_script",
	[SYMBOL_TRACK_FILE] = "track_file",
	[SYMBOL_TRACK_PROCESS] = "vrrp_track_process",
	[SYMBOL_TRACK_GROUP] = "track_group",
	[SYMBOL_BFD] = "bfd_instance",
	[SYMBOL_SERVER_GROUP] = "virtual_server_group",
};

const char *symbol_kind_word(enum symbol_kind kind)
{
	return kind_words[kind];
}

static struct symbol *symbol_find(const struct config *config, enum symbol_kind kind,
				  const char *name)
{
	struct symbol *s;

	HASH_FIND_STR(config->symbols->kind[kind], name, s);
	return s;
}

bool config_symbol_add(struct bind *b, enum symbol_kind kind, struct object *object)
{
	struct config *config = b->root;
	struct symbol *s;
	struct diag *d;

	if (!object->name)
		return false;
	s = symbol_find(config, kind, object->name);
	if (s) {
		d = diag_error(b->diags, "duplicate-name", object->name_at,
			       "%s '%s' is defined twice; this one is dropped",
			       kind_words[kind], object->name);
		diag_see(b->diags, d, s->object->name_at, "first defined here");
		return false;
	}
	s = arena_new_of(config->checking, struct symbol);
	s->name = object->name;
	s->object = object;
	HASH_ADD_KEYPTR(hh, config->symbols->kind[kind], s->name, strlen(s->name), s);
	return true;
}

void *config_symbol_find(const struct config *config, enum symbol_kind kind, const char *name)
{
	const struct symbol *s = symbol_find(config, kind, name);

	return s ? s->object : NULL;
}

/** Suggestions cost a walk over all names, so only the first findings get one. */
#define SUGGESTIONS_MAX 100
/** Longer words than this that begin alike are near enough. */
#define ALIKE_MIN 3

/* Is one the beginning of the other? */
static bool begins_alike(const char *a, const char *b)
{
	return strlen(a) >= ALIKE_MIN && strlen(b) >= ALIKE_MIN &&
	       (str_starts(a, b) || str_starts(b, a));
}

static const char *nearest_symbol(const struct config *config, enum symbol_kind kind,
				  const char *name)
{
	const char *best = NULL, *alike = NULL;
	unsigned best_distance = 0, distance;

	if (diags_count(config->diags, DIAG_ERROR) > SUGGESTIONS_MAX)
		return NULL;
	for (const struct symbol *s = config->symbols->kind[kind]; s; s = s->hh.next) {
		if (begins_alike(name, s->name))
			alike = s->name;
		if (!str_is_near(name, s->name, &distance))
			continue;
		if (!best || distance < best_distance) {
			best = s->name;
			best_distance = distance;
		}
	}
	return best ? best : alike;
}

void *config_resolve(struct config_check *ck, enum symbol_kind kind, const char *name,
		     struct place at)
{
	const struct symbol *s = symbol_find(ck->config, kind, name);
	const char *near;
	struct diag *d;

	if (s)
		return s->object;
	if (diags_is_mistaken_name(ck->diags, name))
		return NULL;
	near = nearest_symbol(ck->config, kind, name);
	d = diag_error(ck->diags, "unknown-name", at, "there is no %s '%s'%s%s%s", kind_words[kind],
		       name, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
	if (near)
		return NULL;
	for (unsigned other = 0; other < SYMBOL_KINDS; other++) {
		s = symbol_find(ck->config, other, name);
		if (!s)
			continue;
		diag_hint(ck->diags, d, "'%s' is a %s", name, kind_words[other]);
		diag_see(ck->diags, d, s->object->name_at, "defined here");
		break;
	}
	return NULL;
}

void config_need(struct config_check *ck, const struct config_need *need)
{
	struct config *config = ck->config;
	uint32_t n = config->n_needs;

	if (!(n & (n - 1))) {	/* full: 0, 1, 2, 4, ... */
		struct config_need *grown = arena_calloc(config->checking, n ? 2 * (size_t)n : 1,
							 sizeof(*grown));

		if (n)
			memcpy(grown, config->needs, n * sizeof(*grown));
		config->needs = grown;
	}
	config->needs[config->n_needs++] = *need;
}

void config_need_interface(struct config_check *ck, const char *ifname, struct place at,
			   const char *what, unsigned flags)
{
	config_need(ck, &(struct config_need){
				.kind = NEED_INTERFACE,
				.name = ifname,
				.what = what,
				.at = at,
				.flags = flags,
			});
}

struct config *config_new(const struct config_options *options)
{
	struct arena *arena = arena_new();
	struct config *config = arena_new_of(arena, struct config);

	config->arena = arena;
	config->checking = arena_new();
	config->sources = source_map_new();
	config->diags = diags_new();
	config->symbols = arena_new_of(arena, struct symbol_table);
	config->script_scope = arena_new_of(arena, struct script_scope);
	config->load_names = options->load_names;
	config->generation = options->generation;
	return config;
}

/** Symbols and needs. */
static void drop_checking(struct config *config)
{
	for (unsigned i = 0; i < SYMBOL_KINDS; i++)
		HASH_CLEAR(hh, config->symbols->kind[i]);
	config->needs = NULL;
	config->n_needs = 0;
	arena_free(config->checking);
	config->checking = NULL;
}

void config_settle(struct config *config)
{
	drop_checking(config);
	config->checking = arena_new();
	source_forget(config->sources);
	arena_trim(config->arena);
}

void config_free(struct config *config)
{
	if (!config)
		return;
	drop_checking(config);
	iproute_names_free(config->names);
	source_map_free(config->sources);
	diags_free(config->diags);
	arena_free(config->arena);
}

static struct config_check check_of(struct config *config, const struct config_options *options)
{
	return (struct config_check){
		.config = config,
		.arena = config->arena,
		.diags = config->diags,
		.engines = options->engines,
		.n_engines = options->n_engines,
	};
}

/* Core's section comes first, then those of the engines; objects go to their places. */
static void bind_sections(struct config *config, const struct config_options *options)
{
	struct bind_section sections[1 + CONFIG_SECTIONS_MAX] = {
		{ .type = &process_config_type, .owner = "core" },
	};
	enum engine_id owner[1 + CONFIG_SECTIONS_MAX];
	struct bind b = {
		.arena = config->arena,
		.diags = config->diags,
		.sources = config->sources,
		.root = config,
	};
	struct arena *scratch = arena_new();
	struct lexer *lexer = lexer_new(config->sources, scratch, config->diags);
	struct process_config *process;
	size_t n = 1;

	for (size_t i = 0; i < options->n_engines && n < ARRAY_LEN(sections); i++) {
		const struct engine *engine = options->engines[i];

		if (!engine->sections)
			continue;
		sections[n].type = engine->sections;
		sections[n].owner = engine->name;
		owner[n++] = engine->id;
	}
	bind_all(&b, lexer, sections, n);
	for (size_t i = 1; i < n; i++)
		config->section[owner[i]] = sections[i].object;
	process = container_of(sections[0].object, struct process_config, object);
	config->process = process;
	config->is_empty = !b.said_something;
	config->global = process->global_defs ?: bind_object_new(&b, &global_config_type);
	lexer_free(lexer);
	arena_free(scratch);
}

void config_bind(struct config *config, const struct config_options *options)
{
	struct config_check ck = check_of(config, options);

	bind_sections(config, options);
	global_config_resolve(&ck);
	for (size_t i = 0; i < options->n_engines; i++)
		if (options->engines[i]->check)
			options->engines[i]->check(&ck);
}

void config_lint(struct config *config, const struct config_options *options)
{
	struct config_check ck = check_of(config, options);

	core_lint(&ck);
	for (size_t i = 0; i < options->n_engines; i++)
		if (options->engines[i]->lint)
			options->engines[i]->lint(&ck);
}
