/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside a source map: for the files that fill it (expand, source, snapshot) and read it (lex).
 *
 * Text that needs no work is never copied: the map lists runs of the files' bytes. Only lines that
 * a substitution, a sequence or a multi-line definition made are stored, in one growing text.
 * Everything refers by number or offset, so that a snapshot is these arrays as they are.
 */
#pragma once

#include "base/arena.h"
#include "config/diag.h"
#include "config/place.h"

/** Made lines are numbered from here, lines of files from 1. */
#define MADE_LINE_FIRST UINT32_C(0x80000000)
/** Of struct source_run: a run of made lines, no file. */
#define RUN_MADE UINT32_MAX

/** What a text is made of, found in one pass over it. */
struct bytes_survey {
	size_t newlines, opens, closes;	/* '\n', '{', '}' */
	bool odd;			/* NUL or another byte that is no text */
	bool dollar, at, tilde;		/* '$', '@', '~' */
};

struct source_file {
	const char *path;	/* as opened */
	const char *text;	/* NUL-terminated */
	size_t len;
	uint32_t first_line;	/* number in the map */
	uint32_t n_lines;
	struct bytes_survey survey;
	uint32_t *marks;	/* offset of every 256th line, made when first asked for */
};

/** Consecutive text. @line is the number of its first line; made lines are numbered on. */
struct source_run {
	uint64_t at;		/* offset in the file's text */
	uint64_t len;
	uint32_t file;		/* or RUN_MADE */
	uint32_t line;
	uint32_t column;	/* of the first byte, from 1 */
	uint32_t n;		/* RUN_MADE: how many lines */
};

/** A line that is written in no file. Its text is followed by NUL and its pieces. */
struct made_line {
	uint32_t text;		/* offset in made_text */
	uint32_t len;
	uint32_t origin;	/* line of the file that it stands for */
	uint32_t use;		/* for lines of a definition: the line that names it; else 0 */
	uint16_t origin_column;	/* where the text begins there */
	uint16_t use_column;
	uint32_t use_length;
};

/** What a value replaced: in the order of the line; all in bytes. */
struct made_piece {
	uint32_t gap;		/* written text before it */
	uint32_t written;	/* length of the reference */
	uint32_t value;		/* length of what stands for it */
	uint32_t definition;	/* index in ->definitions */
};

struct made_pieces {
	struct made_piece *items;
	size_t n;
	size_t cap;
};

struct source_map {
	struct source_file *files;
	struct source_run *runs;
	struct made_line *made;
	char *made_text;
	struct place *definitions;	/* where values are written */
	size_t n_files, n_runs, n_made, n_definitions;
	size_t cap_files, cap_runs, cap_made, cap_definitions;
	size_t made_text_len, made_text_cap;
	uint32_t next_line;
	struct arena *arena;		/* paths and such */
	const char **paths;		/* of source_files() */
	/* a map that was read from a snapshot borrows all arrays from it */
	void *snapshot;
	size_t snapshot_len;
	void (*release)(void *snapshot, size_t len);
	/* the line texts that source_resolve() hands out */
	struct strbuf *shown;
};

/** Add a file; takes @text (malloc, NUL after @len bytes). Its index. */
uint32_t map_add_file(struct source_map *, const char *path, char *text, size_t len);
/** Add text of a file to the stream; joins the previous run if it continues it. */
void map_add_run(struct source_map *, const struct source_run *);
/** Add a made line to the stream; @line says where it stands, @pieces may be NULL. */
void map_add_made(struct source_map *, struct made_line line, const char *text, size_t len,
		  const struct made_pieces *pieces);
/** The text of a value's definition: an index for made_piece.definition. */
uint32_t map_add_definition(struct source_map *, struct place);
/** How far the stream is, and back to there. */
struct map_mark {
	struct source_run last;
	size_t n_runs, n_made, text_len;
};
struct map_mark map_mark(const struct source_map *);
void map_cut(struct source_map *, const struct map_mark *);
/** A key that sorts places by file, line, column; 0: nowhere. */
uint64_t map_order(const struct source_map *, struct place);
/** How often @byte occurs. */
size_t bytes_count(const char *text, size_t len, char byte);
void bytes_survey(const char *text, size_t len, struct bytes_survey *out);
/** The formats for programs, of diags_render(). */
void diags_render_data(struct diags *, const struct source_map *,
		       const struct diag_print_options *, struct strbuf *out);
/** Add the notes of a sorted list in brief, for people. */
void diags_render_brief(const struct diag *const *items, size_t n, const struct source_map *,
			struct strbuf *out);
/** Remember the map for sorting. */
void diags_set_map(struct diags *, const struct source_map *);
