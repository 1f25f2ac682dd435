/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What --config-test, start and reload share: hold a configuration against the system it is to
 * run on, and judge the findings.
 *
 * config.c has found what the text alone shows; here interfaces, users, files, namespaces and
 * scripts are looked up. Findings are added to config->diags.
 */
#pragma once

#include "config/diag.h"
#include "core/config.h"
#include "core/script.h"

/** keepalived(8): what a configuration test returns. */
enum conftest_status {
	CONFTEST_OK = 0,
	CONFTEST_USAGE = 1,		/* the report file cannot be opened */
	CONFTEST_CANNOT_RUN = 3,
	CONFTEST_ERRORS = 4,		/* would run after dropping what is wrong */
	CONFTEST_SECURITY = 5,		/* scripts without script security, exposed keys */
};

struct conftest_options {
	struct config_options config;
	enum diag_format format;
	enum diag_notes notes; /* NONE also leaves out advice about what is rarely meant */
	const char *report;		/* append to this file; NULL: standard error */
	const char *net_namespace;	/* -s: instead of the configured one; NULL: none */
};

/** Hold @config against the system; the scripts' runs (index = id) or NULL without scripts.
 *  Memory of the result from @arena. @net_namespace as above. The engines' ->load is called. */
const struct script_run *conftest_vet(struct config *config, const struct config_options *options,
				      const char *net_namespace, struct arena *arena);
/** The status by class: cannot run, before errors and warnings, before security; never notes. */
enum conftest_status conftest_judge(const struct diags *);
/** "3 errors, 1 warning, 2 notes in FILE"; empty when there is nothing. No newline. */
void conftest_summary(const struct diags *, const char *path, bool notes, struct strbuf *out);
/** --config-test: read @path, vet, print, judge. */
enum conftest_status conftest_run(const char *path, const struct conftest_options *);
