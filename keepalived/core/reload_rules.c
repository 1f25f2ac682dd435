/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules of a reload: it never makes things worse.
 *
 * A clean configuration is never replaced by one with errors. When the running one has errors
 * itself the new one is applied, unless reload_check_config asks for a check in every case. A file
 * without a single statement is one that is being written, or was lost: who wants to run nothing
 * writes an empty global_defs.
 */
#include "core/reload_rules.h"

#include <string.h>

static bool same_value(const struct keyword *row, const void *old, const void *new)
{
	const char *a = (const char *)old + row->at, *b = (const char *)new + row->at;

	if (row->type->equal)
		return row->type->equal(row, a, b);
	return !memcmp(a, b, row->type->size);
}

const struct keyword *reload_fixed_change(const struct object *old, const struct object *new)
{
	const struct block_type *type = new->type;

	for (uint32_t i = 0; i < type->n_keywords; i++) {
		const struct keyword *row = &type->keywords[i];

		if ((row->flags & KW_FIXED) && row->type->size && !same_value(row, old, new))
			return row;
	}
	return NULL;
}

enum reload_verdict reload_judge(const struct config *running, bool running_has_errors,
				 const struct config *new, bool readable,
				 const struct keyword **out_fixed)
{
	const struct keyword *fixed;
	bool strict = running->global->reload_check_config || !running_has_errors;

	if (!readable)
		return RELOAD_REFUSE_UNREADABLE;
	if (new->is_empty && !running->is_empty)
		return RELOAD_REFUSE_EMPTY;
	if (strict && diags_count(new->diags, DIAG_ERROR))
		return RELOAD_REFUSE_ERRORS;
	fixed = reload_fixed_change(object_of(running->process), object_of(new->process));
	if (!fixed)
		fixed = reload_fixed_change(object_of(running->global), object_of(new->global));
	if (fixed) {
		*out_fixed = fixed;
		return RELOAD_REFUSE_FIXED;
	}
	return RELOAD_ACCEPT;
}
