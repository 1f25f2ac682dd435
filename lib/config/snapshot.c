/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snapshots: lay the arrays of a map out, and check and use them again.
 */
#include "config/snapshot.h"

#include <stdlib.h>
#include <string.h>

#define SNAPSHOT_MAGIC UINT64_C(0x3130534746434f53)

/** The parts, in this order. All begin at a multiple of 8. */
enum part { PART_HEAD, PART_FILES, PART_RUNS, PART_MADE, PART_DEFINITIONS, PART_MADE_TEXT,
	    PART_STRINGS, PART_COUNT };

struct head {
	uint64_t magic;
	uint64_t total;
	uint64_t sizes[PART_COUNT];
	uint64_t next_line;
};

/** A file; its path and text are in the strings, each with a NUL. */
struct file_entry {
	uint64_t path;
	uint64_t text;
	uint64_t len;
	uint32_t first_line;
	uint32_t n_lines;
};

static size_t padded(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

static void add_part(struct snapshot *s, const void *bytes, size_t len)
{
	s->parts[s->n++] = (struct span){ bytes, len };
}

/** What the strings of the files take, and where each is. */
static size_t lay_out_files(const struct source_map *map, struct file_entry *entries)
{
	size_t at = 0;

	for (size_t i = 0; i < map->n_files; i++) {
		const struct source_file *file = &map->files[i];
		size_t path_size = strlen(file->path) + 1;

		entries[i] = (struct file_entry){ at, at + path_size, file->len, file->first_line,
						  file->n_lines };
		at += path_size + file->len + 1;
	}
	return at;
}

void snapshot_init(struct snapshot *s, const struct source_map *map)
{
	static const uint8_t zeros[8];
	struct head *head = xnew(struct head);
	struct file_entry *entries = xcalloc(map->n_files, sizeof(*entries));
	size_t strings = lay_out_files(map, entries), text = map->made_text_len;

	*head = (struct head){ .magic = SNAPSHOT_MAGIC,
			       .next_line = map->next_line,
			       .sizes = { [PART_HEAD] = sizeof(*head),
					  [PART_FILES] = map->n_files * sizeof(*entries),
					  [PART_RUNS] = map->n_runs * sizeof(*map->runs),
					  [PART_MADE] = map->n_made * sizeof(*map->made),
					  [PART_DEFINITIONS] =
						  map->n_definitions * sizeof(*map->definitions),
					  [PART_MADE_TEXT] = text,
					  [PART_STRINGS] = padded(strings) } };
	*s = (struct snapshot){ .head = head, .files = entries };
	s->parts = xcalloc(PART_COUNT + 2 + 2 * map->n_files, sizeof(*s->parts));
	add_part(s, head, sizeof(*head));
	add_part(s, entries, head->sizes[PART_FILES]);
	add_part(s, map->runs, head->sizes[PART_RUNS]);
	add_part(s, map->made, head->sizes[PART_MADE]);
	add_part(s, map->definitions, head->sizes[PART_DEFINITIONS]);
	add_part(s, map->made_text, text);
	/* One NUL at least behind the text, and the strings at a multiple of 8. */
	add_part(s, zeros, padded(text + 1) - text);
	for (size_t i = 0; i < map->n_files; i++) {
		add_part(s, map->files[i].path, strlen(map->files[i].path) + 1);
		add_part(s, map->files[i].text, map->files[i].len + 1);
	}
	add_part(s, zeros, padded(strings) - strings);
	for (size_t i = 0; i < s->n; i++)
		head->total += s->parts[i].len;
}

void snapshot_fini(struct snapshot *s)
{
	free(s->head);
	free(s->files);
	free(s->parts);
}

/** The parts of a snapshot that is read. */
struct contents {
	const uint8_t *parts[PART_COUNT];
	size_t sizes[PART_COUNT];
	const struct head *head;
};

static bool find_parts(const void *base, size_t len, struct contents *out)
{
	const struct head *head = base;
	size_t at = 0;

	if (len < sizeof(*head) || head->magic != SNAPSHOT_MAGIC || head->total != len)
		return false;
	out->head = head;
	for (unsigned i = 0; i < PART_COUNT; i++) {
		if (at > len || head->sizes[i] > len - at)
			return false;
		out->parts[i] = (const uint8_t *)base + at;
		out->sizes[i] = head->sizes[i];
		at += i == PART_MADE_TEXT ? padded(head->sizes[i] + 1) : padded(head->sizes[i]);
	}
	return true;
}

static bool adopt_files(struct source_map *map, const struct contents *c)
{
	const struct file_entry *entries = (const void *)c->parts[PART_FILES];
	const char *strings = (const char *)c->parts[PART_STRINGS];
	size_t n = c->sizes[PART_FILES] / sizeof(*entries), size = c->sizes[PART_STRINGS];

	map->files = xcalloc(n, sizeof(*map->files));
	for (size_t i = 0; i < n; i++) {
		const struct file_entry *entry = &entries[i];

		if (entry->text >= size || entry->len >= size - entry->text ||
		    entry->path >= entry->text || entry->n_lines > entry->len + 1 ||
		    strings[entry->text - 1] || strings[entry->text + entry->len])
			return false;
		map->files[i] = (struct source_file){ .path = strings + entry->path,
						      .text = strings + entry->text,
						      .len = entry->len,
						      .first_line = entry->first_line,
						      .n_lines = entry->n_lines };
		map->n_files++;
	}
	return true;
}

static bool run_is_sound(const struct source_map *map, const struct source_run *run)
{
	if (run->file == RUN_MADE)
		return run->line >= MADE_LINE_FIRST && run->n <= map->n_made &&
		       run->line - MADE_LINE_FIRST <= map->n_made - run->n;
	return run->file < map->n_files && run->at <= map->files[run->file].len &&
	       run->len <= map->files[run->file].len - run->at && run->column &&
	       run->column <= run->at + 1;
}

static bool is_sound(const struct source_map *map)
{
	for (size_t i = 0; i < map->n_made; i++) {
		const struct made_line *made = &map->made[i];

		if (made->text >= map->made_text_len ||
		    made->len >= map->made_text_len - made->text ||
		    map->made_text[made->text + made->len])
			return false;
	}
	for (size_t i = 0; i < map->n_runs; i++) {
		if (!run_is_sound(map, &map->runs[i]))
			return false;
	}
	return true;
}

bool snapshot_adopt(struct source_map *map, const void *base, size_t len)
{
	struct contents c;

	if (!find_parts(base, len, &c) || !adopt_files(map, &c))
		return false;
	map->runs = (struct source_run *)c.parts[PART_RUNS];
	map->n_runs = c.sizes[PART_RUNS] / sizeof(*map->runs);
	map->made = (struct made_line *)c.parts[PART_MADE];
	map->n_made = c.sizes[PART_MADE] / sizeof(*map->made);
	map->definitions = (struct place *)c.parts[PART_DEFINITIONS];
	map->n_definitions = c.sizes[PART_DEFINITIONS] / sizeof(*map->definitions);
	map->made_text = (char *)c.parts[PART_MADE_TEXT];
	map->made_text_len = c.sizes[PART_MADE_TEXT];
	map->next_line = (uint32_t)c.head->next_line;
	return is_sound(map);
}
