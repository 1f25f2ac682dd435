/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration of all processes: text to an immutable struct config in one arena.
 *
 * Sections are bound by the keyword tables of core and of every engine; then names are resolved
 * and cross-checks run. Every finding is in ->diags. Nothing here touches the system: interface
 * names, users and files are vetted by core/conftest.c, which --config-test, start and reload
 * share.
 */
#pragma once

#include "base/arena.h"
#include "config/bind.h"
#include "config/source.h"
#include "core/config_global.h"
#include "core/config_script.h"

struct engine;
struct iproute_names;

/** Adds the names of a system, iproute_names_load() or NULL: only built-in names are known. */
typedef void config_load_names(struct iproute_names *, const char *usr_dir, const char *etc_dir);

#define CONFIG_SECTIONS_MAX 8

struct config {
	struct arena *arena;
	struct arena *checking; /* what only reading and checking need; see config_settle() */
	struct source_map *sources;
	struct diags *diags;
	const struct global_config *global;	/* global_defs; never NULL */
	const struct process_config *process;	/* top-level keywords of core; never NULL */
	struct object *section[CONFIG_SECTIONS_MAX];	/* by enum engine_id */
	struct script_config **scripts; /* every command, in the order it was written;
					   ->id is the index */
	uint32_t n_scripts;
	struct config_need *needs; /* what conftest_vet() looks for in the system */
	uint32_t n_needs;
	struct symbol_table *symbols;			/* private */
	struct script_scope *script_scope;		/* private: script_user while binding */
	struct iproute_names *names; /* made at first use; see config_iproute_names() */
	config_load_names *load_names;			/* from the options */
	bool is_empty;	     /* not one statement */
	uint64_t generation; /* counts the configurations of this daemon */
};

/** Kinds of named objects that others refer to. */
enum symbol_kind {
	SYMBOL_VRRP_INSTANCE,
	SYMBOL_SYNC_GROUP,
	SYMBOL_SCRIPT,		/* vrrp_script and built-in trackers: track_tcp, ... */
	SYMBOL_TRACK_FILE,
	SYMBOL_TRACK_PROCESS,
	SYMBOL_TRACK_GROUP,
	SYMBOL_BFD,
	SYMBOL_SERVER_GROUP,
};

/** What a check function gets. */
struct config_check {
	struct config *config;
	struct arena *arena;
	struct diags *diags;
	const struct engine *const *engines;
	size_t n_engines;
};

struct config_options {
	struct source_options source;
	const struct engine *const *engines;	/* ->id is the index of the section */
	size_t n_engines;
	uint64_t generation;
	config_load_names *load_names; /* reads the names of iproute2; NULL: built-in ones */
};

/** Read @path and bind it. Never NULL; look at ->diags. Free with config_free(). */
struct config *config_read(const char *path, const struct config_options *);
/** The same from a snapshot (source_snapshot_write()); NULL with errno set if it is none. */
struct config *config_read_snapshot(int fd, const struct config_options *);
/** The same from text, for tests. */
struct config *config_read_text(const char *name, const char *text, size_t len,
				const struct config_options *);
void config_free(struct config *);
/** It was checked and is going to run: forget what only that needed (texts, names, needs), and give
 *  the memory back. Places keep file and line, source_locate() finds them; columns and what came
 *  out of an expansion are nowhere from then on. */
void config_settle(struct config *);

/** The steps of which reading consists, for those who have a source map already: an empty
 *  configuration, then bind ->sources, resolve names and run all checks. */
struct config *config_new(const struct config_options *);
void config_bind(struct config *, const struct config_options *);
/** Advice about a configuration that is otherwise fine: notes, for a test and not at start. */
void config_lint(struct config *, const struct config_options *);

/** Names. Adding a second object of one kind and name reports it at its place ("first defined
 *  here") and gives false. Called by done functions while binding (@bind->root is the config). */
bool config_symbol_add(struct bind *, enum symbol_kind, struct object *);
void *config_symbol_find(const struct config *, enum symbol_kind, const char *name);
/** As find, but an unknown name is an error at @at, with the nearest name as hint. */
void *config_resolve(struct config_check *, enum symbol_kind, const char *name, struct place at);
/** What the configuration expects of the system it will run on. */
enum need_kind {
	NEED_INTERFACE,		/* a network device; absent: an error of class cannot-run */
	NEED_PRIVATE_FILE,	/* a key: a readable file that nobody else can read */
	NEED_READABLE_FILE,	/* absent or unreadable: an error */
	NEED_WATCHED_FILE,	/* its directory exists and inotify works there */
	NEED_CPU,		/* ->number is a CPU that is online */
	NEED_MACVLAN_NAME,	/* an interface that we make: if there is one, it is a macvlan */
};

enum need_flag {
	NEED_MAY_APPEAR = 1 << 0,	/* dynamic_interfaces: absence is no finding */
	NEED_SOFT	= 1 << 1,	/* absence is a warning, not an error */
};

struct config_need {
	enum need_kind kind;
	const char *name;	/* interface or path; lives as long as the configuration */
	const char *what; /* whose it is, for the message: "vrrp_instance VI_1"; may be NULL */
	struct place at;
	struct place end_at;	/* of the block that cannot work without it; may be nowhere */
	const struct config_use *const *uses;	/* who depends on it; may be NULL */
	unsigned flags;		/* enum need_flag */
	int64_t number;
};

/** Register something to be vetted. Called by check functions; copies the struct only. */
void config_need(struct config_check *, const struct config_need *);
/** The frequent case: @ifname named at @at by @what. */
void config_need_interface(struct config_check *, const char *ifname, struct place at,
			   const char *what, unsigned flags);

/** The names of iproute2 by the directories configured so far; loaded at first use, freed with the
 *  configuration. In core/iproute_names.c. */
const struct iproute_names *config_iproute_names(struct config *);

/** "vrrp_script", "track_file"... for messages. */
const char *symbol_kind_word(enum symbol_kind);
