/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All sections of a configuration as canonical text, or as a difference.
 */
#include "core/config_print.h"

#include "config/diff.h"
#include "config/print.h"
#include "core/engine.h"

typedef void print_function(const struct block_type *, const struct object *, unsigned depth,
			    struct strbuf *out);

static void print_sections(const struct config *config, const struct engine *const *engines,
			   size_t n_engines, print_function *print, struct strbuf *out)
{
	print(&process_config_type, object_of(config->process), 0, out);
	for (size_t i = 0; i < n_engines; i++) {
		const struct object *section = config->section[engines[i]->id];

		if (engines[i]->sections && section)
			print(engines[i]->sections, section, 0, out);
	}
}

void config_print(const struct config *config, const struct engine *const *engines,
		  size_t n_engines, struct strbuf *out)
{
	print_sections(config, engines, n_engines, bind_print, out);
}

void config_print_masked(const struct config *config, const struct engine *const *engines,
			 size_t n_engines, struct strbuf *out)
{
	print_sections(config, engines, n_engines, bind_print_masked, out);
}

void config_print_diff(const struct config *old, const struct config *new,
		       const struct engine *const *engines, size_t n_engines,
		       struct strbuf *out)
{
	diff_render(&process_config_type, object_of(old->process), object_of(new->process),
		    out);
	for (size_t i = 0; i < n_engines; i++) {
		const struct object *a = old->section[engines[i]->id];
		const struct object *b = new->section[engines[i]->id];

		if (engines[i]->sections && a && b)
			diff_render(engines[i]->sections, a, b, out);
	}
}
