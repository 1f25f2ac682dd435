/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of files and log identifiers, as keepalived(8) promises them.
 */
#include "core/names.h"

#include <string.h>

#include "core/engine.h"

struct names names_of(const char *net_namespace, const struct config *config,
		      const char *tmp_dir)
{
	const struct process_config *process = config->process;
	struct names names = {
		.net_namespace = net_namespace ? net_namespace : process->net_namespace,
		.instance = process->instance,
		.tmp_dir = tmp_dir,
	};

	names.pid_dir = names.net_namespace || names.instance || process->use_pid_dir;
	return names;
}

static const char *last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

void name_add_suffix(const char *path, const char *suffix, struct strbuf *out)
{
	const char *dot = strrchr(last_component(path), '.');
	size_t head = dot ? (size_t)(dot - path) : strlen(path);

	strbuf_add_bytes(out, path, head);
	strbuf_add(out, suffix);
	strbuf_add(out, path + head);
}

static void add_scope(const struct names *names, struct strbuf *out)
{
	if (names->net_namespace)
		strbuf_addf(out, "_%s", names->net_namespace);
	if (names->instance)
		strbuf_addf(out, "_%s", names->instance);
}

void name_ident(const struct names *names, const struct engine *engine, struct strbuf *out)
{
	strbuf_add(out, "Keepalived");
	if (engine)
		strbuf_addf(out, "_%s", engine->ident);
	add_scope(names, out);
}

void name_log_file(const struct names *names, const char *file, const struct engine *engine,
		   struct strbuf *out)
{
	struct strbuf suffix = { 0 };

	if (file[0] != '/')
		strbuf_addf(out, "%s/", names->tmp_dir);
	if (engine)
		strbuf_addf(&suffix, "_%s", engine->ident);
	add_scope(names, &suffix);
	name_add_suffix(file, strbuf_text(&suffix), out);
	strbuf_fini(&suffix);
}

void name_pid_dir(const struct names *names, struct strbuf *out)
{
	strbuf_add(out, names->pid_dir ? PIDDIR "/keepalived" : PIDDIR);
}

void name_pid_file(const struct names *names, const struct engine *engine, struct strbuf *out)
{
	name_pid_dir(names, out);
	strbuf_add(out, "/keepalived");
	if (engine)
		strbuf_addf(out, "_%s", engine->pid_name);
	if (names->instance)
		strbuf_addf(out, "_%s", names->instance);
	strbuf_add(out, ".pid");
}

void name_old_pid_file(const struct names *names, const struct engine *engine, struct strbuf *out)
{
	name_pid_dir(names, out);
	strbuf_addf(out, "/%s", engine->pid_name);
	if (names->instance)
		strbuf_addf(out, "_%s", names->instance);
	strbuf_add(out, ".pid");
}

void name_reload_file(const struct names *names, struct strbuf *out)
{
	name_pid_dir(names, out);
	strbuf_add(out, "/keepalived");
	if (names->instance)
		strbuf_addf(out, "_%s", names->instance);
	strbuf_add(out, ".reload");
}

static const char *configured_dump(const struct global_config *global, enum dump_kind kind)
{
	switch (kind) {
	case DUMP_DATA:	 return global->state_dump_file;
	case DUMP_STATS: return global->stats_dump_file;
	case DUMP_JSON:	 return global->json_dump_file;
	}
	return NULL;
}

/* The path before suffixes: a directory, a full name, or a name in the temporary directory. */
static void add_dump_template(const struct names *names, const char *configured,
			      const char *standard, struct strbuf *out)
{
	size_t len = configured ? strlen(configured) : 0;

	if (len && configured[0] == '/' && configured[len - 1] == '/')
		strbuf_addf(out, "%s%s", configured, standard);
	else if (len && configured[0] == '/')
		strbuf_add(out, configured);
	else if (len && *last_component(configured))
		strbuf_addf(out, "%s/%s", names->tmp_dir, last_component(configured));
	else
		strbuf_addf(out, "%s/%s", names->tmp_dir, standard);
}

void name_dump_file(const struct names *names, const struct config *config, enum dump_kind kind,
		    const char *suffix, struct strbuf *out)
{
	static const char *const standard[] = {
		[DUMP_DATA] = "keepalived.data",
		[DUMP_STATS] = "keepalived.stats",
		[DUMP_JSON] = "keepalived.json",
	};
	struct strbuf template = { 0 }, full = { 0 };

	strbuf_add(&full, suffix);
	if (config->global->data_use_instance && (names->net_namespace || names->instance))
		strbuf_addf(&full, ".%s%s%s", names->net_namespace ? names->net_namespace : "",
			    names->net_namespace && names->instance ? "_" : "",
			    names->instance ? names->instance : "");
	add_dump_template(names, configured_dump(config->global, kind), standard[kind],
			  &template);
	name_add_suffix(template.data, strbuf_text(&full), out);
	strbuf_fini(&template);
	strbuf_fini(&full);
}
