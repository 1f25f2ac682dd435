/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of files and log identifiers: who is called what, with namespace and instance. Pure.
 */
#pragma once

#include "base/str.h"
#include "core/config.h"

struct engine;

/** What names depend on, from command line and configuration. */
struct names {
	const char *net_namespace;	/* NULL: none */
	const char *instance;		/* NULL: none */
	bool pid_dir;			/* PIDDIR/keepalived/ instead of PIDDIR */
	const char *tmp_dir;		/* "/tmp" or TMPDIR */
};

/** @net_namespace from the command line wins over the configured one; NULL: not given. */
struct names names_of(const char *net_namespace, const struct config *, const char *tmp_dir);

/** @path with @suffix before the last '.' of its last component, at the end without one. */
void name_add_suffix(const char *path, const char *suffix, struct strbuf *out);
/** "Keepalived", "Keepalived_vrrp", with "_NAMESPACE" and "_INSTANCE". @engine NULL: parent. */
void name_ident(const struct names *, const struct engine *, struct strbuf *out);
/** Log file of a process: @file is absolute or below the temporary directory. */
void name_log_file(const struct names *, const char *file, const struct engine *,
		   struct strbuf *out);
/** The directory of pid files, without a slash at the end. */
void name_pid_dir(const struct names *, struct strbuf *out);
/** Default pid file of a process. */
void name_pid_file(const struct names *, const struct engine *, struct strbuf *out);
/** The name that the default pid file of an engine had before it got its present one. */
void name_old_pid_file(const struct names *, const struct engine *, struct strbuf *out);
/** Default file that exists while the configuration is being read. */
void name_reload_file(const struct names *, struct strbuf *out);

enum dump_kind { DUMP_DATA, DUMP_STATS, DUMP_JSON };
/** A dump file: @suffix is "", "_check", "_parent"... */
void name_dump_file(const struct names *, const struct config *, enum dump_kind,
		    const char *suffix, struct strbuf *out);
