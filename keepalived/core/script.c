/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vet the commands of a configuration.
 *
 * For each: who it runs as, where the command is, whether that user may run it, what will execute
 * it, and whether anybody else could change what root would run. A configuration may name one
 * command ten thousand times, so owners and files are looked at once each.
 */
#include "core/script.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uthash.h>

#include "core/script_file.h"
#include "core/script_owner.h"

/** An owner as written, and what became of it. */
struct owner_seen {
	struct script_owner owner;
	bool all_groups;
	enum owner_result result;
	struct script_ids ids;
};

/** A command as one owner runs it. */
struct file_seen {
	char *key;
	struct script_file file;
	UT_hash_handle hh;
};

struct vet {
	const struct config *config;
	struct arena *arena;
	struct diags *diags;
	struct script_run *runs;
	struct owner_seen *owners;
	size_t n_owners;
	struct file_seen *files;
	bool security;		/* enable_script_security */
};

/* Who cannot go on without it, when the place of the finding is not that of the command. */
static void hint_block(struct vet *v, struct diag *d, const struct script_config *s)
{
	struct place_info info;

	if (d && s->block && source_resolve(v->config->sources, s->block_end, &info))
		diag_hint(v->diags, d, "%s, which ends at %s:%u, cannot be run", s->block,
			  info.file, info.line);
	config_hint_uses(v->config, d, s->uses);
}

static struct place script_user_place(const struct vet *v)
{
	return object_place(&v->config->global->object,
			    offsetof(struct global_config, script_user));
}

static struct diag *report_owner(struct vet *v, const struct script_owner *owner,
				 struct place at, enum owner_result result)
{
	const char *group = owner->group;

	switch (result) {
	case OWNER_OK:
		return NULL;
	case OWNER_NO_USER:
		return diag_error(v->diags, "no-such-user", at, "user '%s' does not exist",
				  owner->user);
	case OWNER_NO_GROUP:
		return diag_error(v->diags, "no-such-group", at, "group '%s' does not exist",
				  group + (group[0] == ':'));
	}
	return NULL;
}

/* The entry for @owner, looked up at its first use. */
static const struct owner_seen *find_owner(struct vet *v, const struct script_owner *owner,
					   bool all_groups)
{
	struct owner_seen *seen;

	for (size_t i = 0; i < v->n_owners; i++) {
		seen = &v->owners[i];
		if (str_eq(seen->owner.user, owner->user) &&
		    str_eq(seen->owner.group, owner->group) && seen->all_groups == all_groups)
			return seen;
	}
	v->owners = xrealloc(v->owners, v->n_owners + 1, sizeof(*v->owners));
	seen = &v->owners[v->n_owners++];
	*seen = (struct owner_seen){ .owner = *owner, .all_groups = all_groups };
	seen->result = script_owner_find(owner, all_groups, v->arena, &seen->ids);
	return seen;
}

/* Nobody said whom to run it as: keepalived_script if there is such a user; else ourselves, which
 * script security does not allow. */
static bool default_ids(struct vet *v, const struct script_config *s, struct script_ids *out)
{
	const struct script_owner owner = { .user = SCRIPT_USER_DEFAULT };
	const struct owner_seen *seen = find_owner(v, &owner, s->all_groups);
	struct diag *d;

	if (seen->result == OWNER_OK || !v->security) {
		*out = seen->result == OWNER_OK ?
			       seen->ids :
			       (struct script_ids){ .uid = geteuid(), .gid = getegid() };
		return true;
	}
	if (s->block)
		d = diag_error(v->diags, "no-script-user", s->block_end,
			       "%s has no user, and there is no user " SCRIPT_USER_DEFAULT,
			       s->block);
	else
		d = diag_error(v->diags, "no-script-user", s->at,
			       "%s names no user, and there is no user " SCRIPT_USER_DEFAULT,
			       s->keyword);
	diag_hint(v->diags, d, "name one before this line: global_defs { script_user USER }");
	config_hint_uses(v->config, d, s->uses);
	return false;
}

static bool ids_of(struct vet *v, const struct script_config *s, struct script_ids *out)
{
	const struct owner_seen *seen;
	struct script_owner owner = { .user = s->user, .group = s->group };
	struct place at = s->owner_at;

	if (!owner.user) {
		owner = (struct script_owner){ s->default_user, s->default_group };
		at = str_eq(owner.user, v->config->global->script_user.user) ?
			     script_user_place(v) :
			     s->at;
	}
	if (!owner.user)
		return default_ids(v, s, out);
	seen = find_owner(v, &owner, s->all_groups);
	*out = seen->ids;
	hint_block(v, report_owner(v, &owner, at, seen->result), s);
	return seen->result == OWNER_OK;
}

/* script_user is looked up even if no command needs it. */
static void check_script_user(struct vet *v)
{
	const struct script_owner *owner = &v->config->global->script_user;

	if (owner->user)
		(void)report_owner(v, owner, script_user_place(v),
				   find_owner(v, owner, false)->result);
}

/* What is known about the command, looked at once per command and owner. */
static const struct script_file *file_of(struct vet *v, const struct script_config *s,
					 const struct script_ids *ids)
{
	char *key = arena_printf(v->arena, "%u:%u:%u:%s", (unsigned)ids->uid, (unsigned)ids->gid,
				 ids->n_groups, s->argv[0]);
	struct file_seen *seen;

	HASH_FIND_STR(v->files, key, seen);
	if (seen)
		return &seen->file;
	seen = arena_new_of(v->arena, struct file_seen);
	seen->key = key;
	script_file_look(s->argv[0], ids, v->arena, &seen->file);
	HASH_ADD_KEYPTR(hh, v->files, seen->key, strlen(seen->key), seen);
	return &seen->file;
}

/* ": <FILE" with FILE out of the shell's reach: succeeds if the file can be opened. */
static void run_as_file_test(struct vet *v, struct script_run *run)
{
	const char *argv[] = { "/bin/sh", "-c", ": <\"$0\"", run->config->argv[0] + 1, NULL };
	char **copy = arena_calloc(v->arena, ARRAY_LEN(argv), sizeof(*copy));

	memcpy(copy, argv, sizeof(argv));
	run->path = copy[0];
	run->argv = copy;
	run->argc = ARRAY_LEN(argv) - 1;
}

/* A file that does not say what interprets it is read by the shell. */
static void run_by_shell(struct vet *v, struct script_run *run, const char *path)
{
	const struct script_config *s = run->config;
	char **argv = arena_calloc(v->arena, (size_t)s->argc + 2, sizeof(*argv));

	argv[0] = arena_strdup(v->arena, "/bin/sh");
	argv[1] = arena_strdup(v->arena, path);
	memcpy(argv + 2, s->argv + 1, (s->argc - 1) * sizeof(*argv));
	run->path = argv[0];
	run->argv = argv;
	run->argc = s->argc + 1;
}

/* keepalived 2.4 says nothing about these when it cannot run them, and files are used that name
 * them in vain. What a state of VRRP or a start depends on is an error. */
static bool is_optional(const struct script_config *s)
{
	return str_starts(s->keyword, "notify") || str_starts(s->keyword, "quorum_") ||
	       strstr(s->keyword, "_notify_fifo_script") || !strcmp(s->keyword, "misc_path");
}

static void report_file(struct vet *v, const struct script_config *s,
			const struct script_file *file)
{
	struct diag *d;

	if (file->found)
		diag_note(v->diags, "script-search", s->at,
			  "'%s' has no directory; %s is run", s->argv[0], file->found);
	if (file->problem) {
		d = diag_add(v->diags, is_optional(s) ? DIAG_NOTE : DIAG_ERROR, file->rule,
			     s->at, "%s", file->problem);
		if (file->hint)
			diag_hint(v->diags, d, "%s", file->hint);
		config_hint_uses(v->config, d, s->uses);
		return;
	}
	if (file->by_shell)
		diag_note(v->diags, "script-shebang", s->at,
			  "%s does not begin with #! and is run by /bin/sh", file->path);
}

/* Root would run what others can change: refused with script security, else a security finding. */
static void judge_security(struct vet *v, struct script_run *run, const struct script_file *file)
{
	struct diag *d;

	if (!file->insecure)
		return;
	d = diag_add(v->diags, v->security ? DIAG_ERROR : DIAG_WARNING, "script-insecure",
		     run->config->at, "%s would run as root, but %s %s%s", file->path,
		     str_eq(file->insecure_at, file->path) ? "it" : file->insecure_at,
		     file->insecure, v->security ? "; it is not run" : "");
	config_hint_uses(v->config, d, run->config->uses);
	if (v->security)
		run->refused = "somebody other than root can change it";
	else
		diag_class(d, DIAG_CLASS_SECURITY);
}

static void vet_one(struct vet *v, struct script_run *run)
{
	const struct script_config *s = run->config;
	const struct script_file *file;
	struct script_ids ids;

	if (!ids_of(v, s, &ids)) {
		run->refused = "its user or group does not exist";
		return;
	}
	run->uid = ids.uid;
	run->gid = ids.gid;
	run->groups = ids.groups;
	run->n_groups = ids.n_groups;
	if (s->file_test) {
		run_as_file_test(v, run);
		return;
	}
	file = file_of(v, s, &ids);
	report_file(v, s, file);
	if (file->problem) {
		run->refused = file->problem;
		return;
	}
	run->path = v->config->global->use_symlink_paths ? file->path : file->resolved;
	run->argv = s->argv;
	run->argc = s->argc;
	if (file->by_shell)
		run_by_shell(v, run, run->path);
	judge_security(v, run, file);
}

/* One finding for all of them: which scripts, as whom, and the two lines to add. */
static void report_no_security(struct vet *v)
{
	enum { NAMED_MAX = 20 };
	struct strbuf text = { 0 };
	const struct script_run *first = NULL;
	size_t n = 0;
	struct diag *d;

	for (uint32_t i = 0; i < v->config->n_scripts; i++) {
		const struct script_run *run = &v->runs[i];

		if (run->refused)
			continue;
		first = first ?: run;
		if (n++ < NAMED_MAX)
			strbuf_addf(&text, "  %s as %s\n", run->config->argv[0],
				    script_user_name(run->uid, v->arena));
	}
	if (!n)
		return;
	if (n > NAMED_MAX)
		strbuf_addf(&text, "  and %zu more\n", n - NAMED_MAX);
	d = diag_warning(v->diags, "script-security", first->config->at,
			 "SECURITY VIOLATION: %zu script%s run without script security", n,
			 n > 1 ? "s" : "");
	diag_class(d, DIAG_CLASS_SECURITY);
	d->whole = true;
	diag_hint(v->diags, d,
		  "%sadd to global_defs, before the scripts:\n  enable_script_security\n"
		  "  script_user USER",
		  strbuf_text(&text));
	strbuf_fini(&text);
}

const struct script_run *scripts_vet(const struct config *config, struct arena *arena,
				     struct diags *diags)
{
	struct vet v = {
		.config = config,
		.arena = arena,
		.diags = diags,
		.security = config->global->enable_script_security,
	};

	check_script_user(&v);
	v.runs = arena_calloc(arena, config->n_scripts + 1, sizeof(*v.runs));
	for (uint32_t i = 0; i < config->n_scripts; i++) {
		v.runs[i].config = config->scripts[i];
		vet_one(&v, &v.runs[i]);
	}
	if (!v.security)
		report_no_security(&v);
	HASH_CLEAR(hh, v.files);
	free(v.owners);
	return config->n_scripts ? v.runs : NULL;
}
