/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Diagnostics for programs: a JSON array, SARIF 2.1.0, GitHub workflow commands.
 *
 * JSON is written by hand; any byte that is not UTF-8 becomes U+FFFD, so the output is always
 * valid. Columns count bytes, but those of SARIF UTF-16 code units, as its columnKind says.
 */
#include <string.h>

#include "config/diag.h"
#include "config/json_text.h"
#include "config/map.h"
#include "config/utf8.h"

static const char *const json_severity[] = {
	[DIAG_NOTE] = "note", [DIAG_WARNING] = "warning", [DIAG_ERROR] = "error"
};
static const char *const json_class[] = { [DIAG_CLASS_CONFIG] = "config",
					  [DIAG_CLASS_CANNOT_RUN] = "cannot-run",
					  [DIAG_CLASS_SECURITY] = "security" };
static const char *const github_severity[] = {
	[DIAG_NOTE] = "notice", [DIAG_WARNING] = "warning", [DIAG_ERROR] = "error"
};

/** The findings to show, and how. */
struct sheet {
	const struct source_map *map;
	const struct diag *const *items;
	size_t n;
	bool notes;
};

static bool shown(const struct sheet *sheet, size_t i)
{
	return sheet->notes || sheet->items[i]->severity != DIAG_NOTE;
}

/** "file": .., "line": .., "column": .., "length": .. */
static void add_json_position(struct strbuf *out, const struct place_info *info)
{
	json_add_member(out, "file", info->file);
	strbuf_addf(out, ", \"line\": %u", info->line);
	if (info->column)
		strbuf_addf(out, ", \"column\": %u, \"length\": %u", info->column, info->length);
}

static void add_json_place(struct strbuf *out, const struct source_map *map, const char *name,
			   struct place at, const char *label)
{
	struct place_info info;

	if (!label || !source_resolve(map, at, &info))
		return;
	strbuf_addf(out, ", \"%s\": {", name);
	json_add_member(out, "label", label);
	strbuf_add(out, ", ");
	add_json_position(out, &info);
	strbuf_add(out, "}");
}

static void add_json_diag(struct strbuf *out, const struct source_map *map, const struct diag *d)
{
	struct place_info info;

	strbuf_add(out, "  {");
	json_add_member(out, "severity", json_severity[d->severity]);
	strbuf_add(out, ", ");
	json_add_member(out, "rule", d->rule);
	strbuf_add(out, ", ");
	json_add_member(out, "class", json_class[d->class]);
	strbuf_add(out, ", ");
	json_add_member(out, "message", d->message);
	if (d->hint) {
		strbuf_add(out, ", ");
		json_add_member(out, "hint", d->hint);
	}
	if (source_resolve(map, d->at, &info)) {
		strbuf_add(out, ", ");
		add_json_position(out, &info);
		add_json_place(out, map, "from", info.from, info.from_label);
	}
	add_json_place(out, map, "see", d->see, d->see_label);
	strbuf_add(out, "}");
}

static void render_json(const struct sheet *sheet, struct strbuf *out)
{
	const char *before = "\n";

	strbuf_add(out, "[");
	for (size_t i = 0; i < sheet->n; i++) {
		if (!shown(sheet, i))
			continue;
		strbuf_add(out, before);
		add_json_diag(out, sheet->map, sheet->items[i]);
		before = ",\n";
	}
	strbuf_add(out, "\n]\n");
}

/** A column of SARIF, from 1: UTF-16 code units before the byte @column, which counts from 1. */
static unsigned utf16_column(const char *text, unsigned column)
{
	size_t len = strlen(text), end = MIN_OF((size_t)column - 1, len);
	unsigned units = 1 + (unsigned)(column - 1 - end);

	for (size_t i = 0; i < end;) {
		size_t n = utf8_length(text + i, len - i);

		/* What is not valid is read as one replacement character a byte. */
		i += n ? n : 1;
		units += n == 4 ? 2 : 1;
	}
	return units;
}

/** A "physicalLocation" object of SARIF. */
static void add_sarif_location(struct strbuf *out, const struct place_info *info)
{
	strbuf_add(out, "\"physicalLocation\": {\"artifactLocation\": {");
	json_add_member(out, "uri", info->file);
	strbuf_addf(out, "}, \"region\": {\"startLine\": %u", info->line);
	if (info->column)
		strbuf_addf(out, ", \"startColumn\": %u, \"endColumn\": %u",
			    utf16_column(info->text, info->column),
			    utf16_column(info->text, info->column + MAX_OF(info->length, 1u)));
	strbuf_add(out, "}}");
}

static void add_sarif_related(struct strbuf *out, const struct source_map *map, struct place at,
			      const char *label)
{
	struct place_info info;

	if (!label || !source_resolve(map, at, &info))
		return;
	strbuf_add(out, ", \"relatedLocations\": [{");
	add_sarif_location(out, &info);
	strbuf_add(out, ", \"message\": {");
	json_add_member(out, "text", label);
	strbuf_add(out, "}}]");
}

static void add_sarif_result(struct strbuf *out, const struct source_map *map,
			     const struct diag *d)
{
	struct place_info info = { 0 };
	bool placed;

	strbuf_add(out, "   {");
	json_add_member(out, "ruleId", d->rule);
	strbuf_add(out, ", ");
	json_add_member(out, "level", json_severity[d->severity]);
	strbuf_add(out, ", \"message\": {\"text\": \"");
	json_add_text(out, d->message);
	if (d->hint) {
		strbuf_add(out, "\\n");
		json_add_text(out, d->hint);
	}
	strbuf_add(out, "\"}");
	placed = source_resolve(map, d->at, &info);
	if (placed) {
		strbuf_add(out, ", \"locations\": [{");
		add_sarif_location(out, &info);
		strbuf_add(out, "}]");
	}
	if (d->see_label)
		add_sarif_related(out, map, d->see, d->see_label);
	else if (placed)
		add_sarif_related(out, map, info.from, info.from_label);
	strbuf_add(out, "}");
}

/** Rules that have been written; there are far fewer than findings. */
struct rules_seen {
	const char *items[512];
	size_t n;
};

static bool rule_is_new(struct rules_seen *seen, const char *rule)
{
	for (size_t i = 0; i < seen->n; i++) {
		if (seen->items[i] == rule || !strcmp(seen->items[i], rule))
			return false;
	}
	if (seen->n == ARRAY_LEN(seen->items))
		return false;
	seen->items[seen->n++] = rule;
	return true;
}

static void add_sarif_rules(const struct sheet *sheet, struct strbuf *out)
{
	struct rules_seen seen = { .n = 0 };
	const char *before = "";

	strbuf_add(out, ", \"rules\": [");
	for (size_t i = 0; i < sheet->n; i++) {
		if (!shown(sheet, i) || !rule_is_new(&seen, sheet->items[i]->rule))
			continue;
		strbuf_add(out, before);
		strbuf_add(out, "{");
		json_add_member(out, "id", sheet->items[i]->rule);
		strbuf_add(out, "}");
		before = ", ";
	}
	strbuf_add(out, "]");
}

static void render_sarif(const struct sheet *sheet, struct strbuf *out)
{
	const char *before = "\n";

	strbuf_add(out, "{\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\","
			" \"version\": \"2.1.0\",\n \"runs\": [{\"tool\": {\"driver\": {");
	json_add_member(out, "name", PACKAGE_NAME);
	strbuf_add(out, ", ");
	json_add_member(out, "version", PACKAGE_VERSION);
	add_sarif_rules(sheet, out);
	strbuf_add(out, "}},\n  \"columnKind\": \"utf16CodeUnits\",\n  \"results\": [");
	for (size_t i = 0; i < sheet->n; i++) {
		if (!shown(sheet, i))
			continue;
		strbuf_add(out, before);
		add_sarif_result(out, sheet->map, sheet->items[i]);
		before = ",\n";
	}
	strbuf_add(out, "\n  ]}]}\n");
}

/** Workflow commands escape what would end a line, and in properties also ':' and ','. */
static void add_github_text(struct strbuf *out, const char *text, bool property)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		bool ends = c == '%' || c == '\r' || c == '\n';

		if (ends || (property && (c == ':' || c == ',')))
			strbuf_addf(out, "%%%02X", c);
		else
			strbuf_add_char(out, *text);
	}
}

static void add_github_diag(struct strbuf *out, const struct source_map *map, const struct diag *d)
{
	struct place_info info;

	strbuf_addf(out, "::%s ", github_severity[d->severity]);
	if (source_resolve(map, d->at, &info)) {
		strbuf_add(out, "file=");
		add_github_text(out, info.file, true);
		strbuf_addf(out, ",line=%u,", info.line);
		if (info.column)
			strbuf_addf(out, "col=%u,endColumn=%u,", info.column,
				    info.column + MAX_OF(info.length, 1u));
	}
	strbuf_add(out, "title=");
	add_github_text(out, d->rule, true);
	strbuf_add(out, "::");
	add_github_text(out, d->message, false);
	if (d->hint) {
		strbuf_add(out, "%0A");
		add_github_text(out, d->hint, false);
	}
	strbuf_add(out, "\n");
}

static void render_github(const struct sheet *sheet, struct strbuf *out)
{
	for (size_t i = 0; i < sheet->n; i++) {
		if (shown(sheet, i))
			add_github_diag(out, sheet->map, sheet->items[i]);
	}
}

void diags_render_data(struct diags *diags, const struct source_map *map,
		       const struct diag_print_options *options, struct strbuf *out)
{
	struct sheet sheet = { .map = map, .notes = options->notes != DIAG_NOTES_NONE };

	sheet.items = diags_sorted(diags, &sheet.n);
	switch (options->format) {
	case DIAG_TEXT:
		break;
	case DIAG_JSON:
		render_json(&sheet, out);
		break;
	case DIAG_SARIF:
		render_sarif(&sheet, out);
		break;
	case DIAG_GITHUB:
		render_github(&sheet, out);
		break;
	}
}
