/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notes in brief: one line for each rule, with the lines that it is about, after the findings that
 * need to be acted on. Notes about a single word have a line each.
 */
#include <stdlib.h>
#include <string.h>

#include "config/map.h"

enum { RULES_MAX = 512, LINES_LISTED = 6 };

/** The notes of one rule. */
struct advice {
	const struct diag *first;
	struct strbuf lines;
	size_t n, n_listed;
};

static struct advice *advice_of(struct advice *list, size_t *n, const struct diag *d)
{
	for (size_t i = 0; !d->apart && i < *n; i++) {
		if (!strcmp(list[i].first->rule, d->rule))
			return &list[i];
	}
	if (*n == RULES_MAX)
		return NULL;
	list[*n] = (struct advice){ .first = d };
	return &list[(*n)++];
}

/** "12", "inc.conf 3" where the file is not the main one. */
static void add_line(struct advice *a, const struct source_map *map, const struct diag *d)
{
	struct place_info info;

	a->n++;
	if (!source_resolve(map, d->at, &info) || a->n_listed == LINES_LISTED)
		return;
	if (a->n_listed++)
		strbuf_add(&a->lines, ", ");
	if (map->n_files && strcmp(info.file, map->files[0].path) != 0)
		strbuf_addf(&a->lines, "%s ", info.file);
	strbuf_addf(&a->lines, "%u", info.line);
	if (d->apart && info.column)
		strbuf_addf(&a->lines, ", column %u", info.column);
}

static void add_advice(struct strbuf *out, const struct advice *a)
{
	const struct diag *d = a->first;

	strbuf_add(out, "- ");
	if (a->n_listed)
		strbuf_addf(out, "line%s %s", a->n > 1 ? "s" : "", strbuf_text(&a->lines));
	if (a->n_listed && a->n > a->n_listed)
		strbuf_addf(out, " and %zu more", a->n - a->n_listed);
	strbuf_addf(out, "%s%s", a->n_listed ? ": " : "", d->message);
	if (d->hint)
		strbuf_addf(out, "; %.*s", (int)strcspn(d->hint, "\n"), d->hint);
	strbuf_add_char(out, '\n');
}

void diags_render_brief(const struct diag *const *items, size_t n, const struct source_map *map,
			struct strbuf *out)
{
	struct advice *list = xcalloc(RULES_MAX, sizeof(*list));
	size_t n_rules = 0;

	for (size_t i = 0; i < n; i++) {
		const struct diag *d = items[i];
		struct advice *a = d->severity == DIAG_NOTE && !d->in_full ?
					   advice_of(list, &n_rules, d) :
					   NULL;

		if (a)
			add_line(a, map, d);
	}
	if (n_rules)
		strbuf_add(out, "advice:\n");
	for (size_t i = 0; i < n_rules; i++) {
		add_advice(out, &list[i]);
		strbuf_fini(&list[i].lines);
	}
	free(list);
}
