/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs that only look at configurations: --config-test, --config-print, --config-diff.
 */
#include <stdio.h>
#include <unistd.h>

#include "core/config_print.h"
#include "core/conftest.h"
#include "core/daemon_state.h"

enum { CONFIG_SAME = 0, CONFIG_DIFFERENT = 1 };

/* As it was given, so that findings name the file as whoever asked does. */
static const char *path_given(const struct daemon *d)
{
	return d->options.config_file ? d->options.config_file : d->config_path;
}

int daemon_config_test(struct daemon *d)
{
	const struct conftest_options options = {
		.config = supervisor_config_options(&d->super, 1),
		.format = d->options.test_format,
		.notes = d->options.test_notes,
		.report = d->options.test_file,
		.net_namespace = d->options.net_namespace,
	};
	enum conftest_status status = conftest_run(path_given(d), &options);

	return status == CONFTEST_OK && d->options.facility_bad ? CONFTEST_ERRORS : (int)status;
}

/* A configuration to be shown. What is wrong with it goes to standard error. */
static struct config *read_shown(struct daemon *d, const char *path)
{
	const struct config_options options = supervisor_config_options(&d->super, 1);
	const struct diag_print_options style = { .format = DIAG_TEXT };
	struct config *config = config_read(path, &options);
	struct strbuf text = { 0 };

	diags_render(config->diags, config->sources, &style, &text);
	fputs(strbuf_text(&text), stderr);
	strbuf_fini(&text);
	return config;
}

static int status_of(const struct config *config)
{
	return diags_count_class(config->diags, DIAG_CLASS_CANNOT_RUN) ? CONFTEST_CANNOT_RUN :
									 CONFTEST_OK;
}

int daemon_config_print(struct daemon *d)
{
	struct config *config = read_shown(d, path_given(d));
	struct strbuf text = { 0 };
	int status = status_of(config);

	if (d->options.print_secrets)
		config_print(config, d->program->engines, d->program->n_engines, &text);
	else
		config_print_masked(config, d->program->engines, d->program->n_engines, &text);
	fputs(strbuf_text(&text), stdout);
	strbuf_fini(&text);
	config_free(config);
	return fflush(stdout) == 0 ? status : CONFTEST_USAGE;
}

int daemon_config_diff(struct daemon *d)
{
	struct config *old = read_shown(d, d->options.diff_old);
	struct config *new = read_shown(d, d->options.diff_new);
	struct strbuf text = { 0 };
	int status = status_of(old);

	if (status == CONFTEST_OK)
		status = status_of(new);
	if (status == CONFTEST_OK) {
		config_print_diff(old, new, d->program->engines, d->program->n_engines, &text);
		fputs(strbuf_text(&text), stdout);
		status = text.len ? CONFIG_DIFFERENT : CONFIG_SAME;
	}
	strbuf_fini(&text);
	config_free(old);
	config_free(new);
	return status;
}
