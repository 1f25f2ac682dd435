/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects as lines of a dump, straight from their keyword tables.
 */
#include "core/dump_text.h"

#include <string.h>

static bool is_shown(const struct keyword *row)
{
	return row->label && row->type->print && row->type->size &&
	       !(row->flags & (KW_SECRET | KW_MASKED));
}

void dump_rows(const struct object *object, unsigned indent, struct strbuf *out)
{
	struct strbuf value = { 0 };

	for (uint32_t i = 0; i < object->type->n_keywords; i++) {
		const struct keyword *row = &object->type->keywords[i];

		if (!is_shown(row))
			continue;
		strbuf_reset(&value);
		row->type->print(row, object_field(object->type, object, row), &value);
		if (value.len)
			strbuf_addf(out, "%*s%s = %s\n", (int)indent, "", row->label,
				    value.data);
		else if (object_is_set(object, row->at))
			strbuf_addf(out, "%*s%s\n", (int)indent, "", row->label);
	}
	strbuf_fini(&value);
}

void dump_global(const struct config *config, struct strbuf *out)
{
	strbuf_add(out, "------< Global definitions >------\n");
	dump_rows(object_of(config->process), 1, out);
	dump_rows(object_of(config->global), 1, out);
}
