/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A whole configuration as text, and the difference of two: --config-print, --config-diff.
 */
#pragma once

#include "core/config.h"

/** Add the canonical text of all sections. Reading it again gives the same configuration. */
void config_print(const struct config *, const struct engine *const *engines, size_t n_engines,
		  struct strbuf *out);
/** The same for people to see: secrets are "***". */
void config_print_masked(const struct config *, const struct engine *const *engines,
			 size_t n_engines, struct strbuf *out);
/** Add what a reload from @old to @new would do; nothing when they are the same. */
void config_print_diff(const struct config *old, const struct config *new,
		       const struct engine *const *engines, size_t n_engines,
		       struct strbuf *out);
