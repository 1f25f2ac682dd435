/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configurations of the supervisor, counted by who still uses them: the current one, engines that
 * have not yet taken over the next, scripts that wait their turn.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"
#include "core/conftest.h"
#include "core/iproute_names.h"
#include "core/supervisor.h"

struct config_options supervisor_config_options(const struct supervisor *s, uint64_t generation)
{
	return (struct config_options){
		.source = {
			.config_id = s->config_id,
			.all_includes = s->options->all_config,
		},
		.engines = s->engines,
		.n_engines = s->n_engines,
		.generation = generation,
		.load_names = iproute_names_load,
	};
}

struct generation *generation_new(struct supervisor *s, struct config *config)
{
	const struct config_options options = supervisor_config_options(s, config->generation);
	struct generation *g = xnew(struct generation);

	g->config = config;
	g->runs = conftest_vet(config, &options, s->names.net_namespace, config->arena);
	g->has_errors = diags_count(config->diags, DIAG_ERROR) != 0;
	g->refs = 1;
	return g;
}

struct generation *generation_ref(struct generation *g)
{
	g->refs++;
	return g;
}

void generation_unref(struct generation *g)
{
	if (!g || --g->refs)
		return;
	config_free(g->config);
	free(g);
}

static enum log_level level_of(enum diag_severity severity)
{
	switch (severity) {
	case DIAG_NOTE:
		return LOG_LEVEL_DETAIL;
	case DIAG_WARNING:
		return LOG_LEVEL_WARNING;
	case DIAG_ERROR:
		return LOG_LEVEL_ERROR;
	}
	return LOG_LEVEL_ERROR;
}

void generation_log_findings(const struct config *config)
{
	size_t n;
	const struct diag *const *list = diags_sorted(config->diags, &n);
	struct strbuf line = { 0 };

	for (size_t i = 0; i < n; i++) {
		if (!log_wants(level_of(list[i]->severity)))
			continue;
		strbuf_reset(&line);
		diag_render_line(list[i], config->sources, &line);
		log_write(level_of(list[i]->severity), "%s", strbuf_text(&line));
	}
	strbuf_fini(&line);
}
