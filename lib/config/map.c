/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The source map: which text there is, and where every byte of it was written.
 *
 * Filled by expand.c and source.c, or borrowed from a snapshot; read by the lexer and by whoever
 * shows a place (places are looked up in resolve.c). Owns the files' texts; reads no files.
 */
#include "config/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "config/source.h"

/** Large arrays grow by a quarter, which costs no copy where the system can move pages, so that a
 *  text that expands without end is stopped with little more memory than it may use. */
static size_t larger(size_t cap)
{
	return cap < 65536 ? cap * 2 : cap + cap / 4;
}

/** Room for one more item of @size in an array that doubles. */
static void *grown(void *items, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return items;
	*cap = *cap ? larger(*cap) : 16;
	return xrealloc(items, *cap, size);
}

struct source_map *source_map_new(void)
{
	struct source_map *map = xnew(struct source_map);

	map->next_line = 1;
	map->arena = arena_new();
	map->shown = xcalloc(2, sizeof(*map->shown));
	return map;
}

static void free_arrays(struct source_map *map)
{
	for (size_t i = 0; i < map->n_files; i++)
		free((char *)map->files[i].text);
	free(map->runs);
	free(map->made);
	free(map->made_text);
	free(map->definitions);
}

/** Free texts and arrays, whoever owns them; the list of files stays. */
static void drop_text(struct source_map *map)
{
	if (map->snapshot)
		map->release(map->snapshot, map->snapshot_len);
	else
		free_arrays(map);
	for (size_t i = 0; i < map->n_files; i++)
		free(map->files[i].marks);
}

void source_forget(struct source_map *map)
{
	for (size_t i = 0; i < map->n_files; i++)
		map->files[i].path = arena_strdup(map->arena, map->files[i].path);
	drop_text(map);
	for (size_t i = 0; i < map->n_files; i++) {
		map->files[i].text = NULL;
		map->files[i].len = map->files[i].n_lines = 0;
		map->files[i].marks = NULL;
	}
	map->snapshot = NULL;
	map->runs = NULL;
	map->made = NULL;
	map->made_text = NULL;
	map->definitions = NULL;
	map->n_runs = map->n_made = map->n_definitions = map->made_text_len = 0;
	map->cap_runs = map->cap_made = map->cap_definitions = map->made_text_cap = 0;
}

void source_map_free(struct source_map *map)
{
	if (!map)
		return;
	drop_text(map);
	free(map->files);
	free(map->paths);
	strbuf_fini(&map->shown[0]);
	strbuf_fini(&map->shown[1]);
	free(map->shown);
	arena_free(map->arena);
	free(map);
}

uint32_t map_add_file(struct source_map *map, const char *path, char *text, size_t len)
{
	struct source_file *file;

	map->files = grown(map->files, map->n_files, &map->cap_files, sizeof(*map->files));
	file = &map->files[map->n_files];
	*file = (struct source_file){
		.path = arena_strdup(map->arena, path),
		.text = text,
		.len = len,
		.first_line = map->next_line,
	};
	bytes_survey(text, len, &file->survey);
	file->n_lines = (uint32_t)file->survey.newlines + 1;
	map->next_line += file->n_lines;
	return (uint32_t)map->n_files++;
}

void map_add_run(struct source_map *map, const struct source_run *run)
{
	struct source_run *last = map->n_runs ? &map->runs[map->n_runs - 1] : NULL;

	if (!run->len)
		return;
	if (last && last->file == run->file && last->at + last->len == run->at) {
		last->len += run->len;
		return;
	}
	map->runs = grown(map->runs, map->n_runs, &map->cap_runs, sizeof(*map->runs));
	map->runs[map->n_runs++] = *run;
}

static void add_text(struct source_map *map, const void *bytes, size_t len)
{
	while (map->made_text_len + len > map->made_text_cap) {
		map->made_text_cap = map->made_text_cap ? larger(map->made_text_cap) : 1024;
		map->made_text = xrealloc(map->made_text, map->made_text_cap, 1);
	}
	memcpy(map->made_text + map->made_text_len, bytes, len);
	map->made_text_len += len;
}

/** Seven bits a byte, the last one without the high bit. */
static void add_number(struct source_map *map, uint32_t n)
{
	uint8_t bytes[5];
	size_t len = 0;

	for (; n >= 0x80; n >>= 7)
		bytes[len++] = (uint8_t)(n | 0x80);
	bytes[len++] = (uint8_t)n;
	add_text(map, bytes, len);
}

static void add_pieces(struct source_map *map, const struct made_piece *pieces, size_t n)
{
	add_number(map, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		add_number(map, pieces[i].gap);
		add_number(map, pieces[i].written);
		add_number(map, pieces[i].value);
		add_number(map, pieces[i].definition);
	}
}

/** The last run if it is one of made lines, else a new one. */
static struct source_run *made_run(struct source_map *map)
{
	struct source_run *last = map->n_runs ? &map->runs[map->n_runs - 1] : NULL;

	if (last && last->file == RUN_MADE && last->line + last->n == MADE_LINE_FIRST + map->n_made)
		return last;
	map->runs = grown(map->runs, map->n_runs, &map->cap_runs, sizeof(*map->runs));
	last = &map->runs[map->n_runs++];
	*last = (struct source_run){ .file = RUN_MADE,
				     .line = MADE_LINE_FIRST + (uint32_t)map->n_made };
	return last;
}

void map_add_made(struct source_map *map, struct made_line line, const char *text, size_t len,
		  const struct made_pieces *pieces)
{
	made_run(map)->n++;
	line.text = (uint32_t)map->made_text_len;
	line.len = (uint32_t)len;
	add_text(map, text, len);
	add_text(map, "", 1);
	add_pieces(map, pieces ? pieces->items : NULL, pieces ? pieces->n : 0);
	map->made = grown(map->made, map->n_made, &map->cap_made, sizeof(*map->made));
	map->made[map->n_made++] = line;
}

uint32_t map_add_definition(struct source_map *map, struct place at)
{
	map->definitions = grown(map->definitions, map->n_definitions, &map->cap_definitions,
				 sizeof(*map->definitions));
	map->definitions[map->n_definitions] = at;
	return (uint32_t)map->n_definitions++;
}

struct map_mark map_mark(const struct source_map *map)
{
	struct map_mark mark = { .n_runs = map->n_runs,
				 .n_made = map->n_made,
				 .text_len = map->made_text_len };

	if (map->n_runs)
		mark.last = map->runs[map->n_runs - 1];
	return mark;
}

void map_cut(struct source_map *map, const struct map_mark *mark)
{
	map->n_runs = mark->n_runs;
	map->n_made = mark->n_made;
	map->made_text_len = mark->text_len;
	if (map->n_runs)
		map->runs[map->n_runs - 1] = mark->last;
}

const char *const *source_files(const struct source_map *map, size_t *out_n)
{
	struct source_map *cache = (struct source_map *)map;

	cache->paths = xrealloc(cache->paths, map->n_files + 1, sizeof(*cache->paths));
	for (size_t i = 0; i < map->n_files; i++)
		cache->paths[i] = map->files[i].path;
	*out_n = map->n_files;
	return map->paths;
}
