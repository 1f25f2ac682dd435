/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text to the configuration of VRRP, for the tests of its tables and checks: a toy engine with
 * the real tables, and questions about what was found.
 */
#pragma once

#include <string.h>

#include "core/config.h"
#include "core/engine.h"
#include "tests/unit/unit.h"
#include "vrrp/config.h"

static inline struct config *vrrp_read(const char *text)
{
	static const struct engine engine = { .id = ENGINE_VRRP, .name = "vrrp", .built = true,
					      .sections = &vrrp_sections,
					      .check = vrrp_config_check };
	static const struct engine *const engines[] = { &engine };
	static const struct config_options options = { .engines = engines, .n_engines = 1 };

	return config_read_text("test.conf", text, strlen(text), &options);
}

static inline const struct vrrp_instance_config *instance(const struct config *config, uint32_t i)
{
	const struct vrrp_config *vc = vrrp_config_of(config);

	assert_true(i < vc->instances.n);
	return vrrp_instance_at(vc, i);
}

/** The first diagnostic of that rule, NULL if there is none. */
static inline const struct diag *find_diag(const struct config *config, const char *rule)
{
	size_t n;
	const struct diag *const *all = diags_sorted(config->diags, &n);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(all[i]->rule, rule))
			return all[i];
	return NULL;
}

/** All findings as text, for failing tests and comparisons. Free with strbuf_fini(). */
static inline struct strbuf diag_text(const struct config *config, bool notes)
{
	const struct diag_print_options how = {
		.format = DIAG_TEXT,
		.notes = notes ? DIAG_NOTES_FULL : DIAG_NOTES_NONE,
	};
	struct strbuf out = { 0 };

	diags_render(config->diags, config->sources, &how, &out);
	return out;
}

/** Read @text, which must give neither errors nor warnings. */
static inline struct config *vrrp_read_clean(const char *text)
{
	struct config *config = vrrp_read(text);
	struct strbuf out = diag_text(config, false);

	assert_string_equal(strbuf_text(&out), "");
	strbuf_fini(&out);
	return config;
}

/** @text must give a finding of that rule, severity and line. */
static inline void assert_diag(const struct config *config, const char *rule,
			       enum diag_severity severity, unsigned line)
{
	const struct diag *d = find_diag(config, rule);
	struct place_info info = { 0 };

	if (!d) {
		struct strbuf out = diag_text(config, true);

		print_message("no diagnostic '%s' in:\n%s", rule, strbuf_text(&out));
		strbuf_fini(&out);
	}
	assert_non_null(d);
	assert_int_equal(d->severity, severity);
	assert_true(source_resolve(config->sources, d->at, &info));
	assert_int_equal(info.line, line);
}

/** What the first diagnostic of @rule points at. */
static inline const char *diag_word(const struct config *config, const char *rule, char *buf,
				    size_t size)
{
	const struct diag *d = find_diag(config, rule);
	struct place_info info = { 0 };

	assert_non_null(d);
	assert_true(source_resolve(config->sources, d->at, &info));
	assert_true(info.length < size);
	memcpy(buf, info.text + info.column - 1, info.length);
	buf[info.length] = '\0';
	return buf;
}
