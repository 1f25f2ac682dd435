/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside expansion: expand.c walks the lines of files, expand_line.c takes one line through the
 * steps, expand_define.c keeps definitions, expand_value.c puts values in, expand_sequence.c
 * repeats, expand_include.c reads include statements.
 */
#pragma once

#include "base/str.h"
#include "config/expand.h"
#include "config/map.h"

enum {
	EXPAND_DEPTH_MAX = 64,	/* values in values, lines in lines */
	EXPAND_FILES_MAX = 64,	/* files that include one another */
	EXPAND_LINE_MAX = 4 << 20,
	EXPAND_STEPS_MAX = 4 << 20,
	EXPAND_BYTES_MAX = 40 << 20,
	EXPAND_BYTES_PER_BYTE = 8,	/* of the files: added to what is allowed */
};
/** In front of a reference that could not be replaced, so that the lexer drops the statement. */
#define EXPAND_BROKEN '\x01'

struct slice {
	const char *text;
	size_t len;
};

/** A line of a multi-line definition, in its file's text. */
struct body_line {
	struct slice text;
	uint32_t line;
	uint32_t column;
};

struct definition {
	char *name;
	size_t name_len;
	struct strbuf value;		/* of one line */
	struct body_line *lines;	/* of several, else NULL */
	size_t n_lines;
	uint32_t index;			/* in the map's ->definitions */
	struct place at;
	struct definition *chain;	/* next of its hash value */
};

/** Reading position in a file. */
struct line_reader {
	const struct source_file *file;
	uint32_t index;			/* of the file */
	const char *next;		/* line */
	const char *end;
	uint32_t line;			/* number of the next line in the map */
};

/** A line, or the rest of one, on its way through the steps. */
struct xline {
	const char *text;		/* in the file, or in ->made */
	size_t len;
	size_t done;			/* bytes that are in the stream or dropped */
	size_t clean;			/* bytes whose values are in place */
	uint32_t line;			/* where text[0] stands */
	uint32_t column;
	struct place use;		/* of a line of a definition: who named it */
	struct line_reader *reader;	/* the text is a line just read, else NULL */
	const char *line_end;		/* with ->reader: behind the line, comment and all */
	bool is_made;			/* the text is ->made */
	struct strbuf made;
	struct made_pieces pieces;
	size_t pieces_end;		/* offset in the text behind the last piece */
	bool coarse;			/* pieces are not known: every part stands for all */
	size_t written;			/* coarse: length of what is written */
	uint32_t written_by;		/* coarse: the definition */
	unsigned n_peeled;
	struct definition *rest;	/* then come its lines, */
	size_t rest_from;		/* from this one on */
	struct place rest_at;		/* the reference to it */
	struct place rest_use;		/* ->use of these lines */
};

struct expand {
	struct source_map *map;
	struct diags *diags;
	const struct source_options *options;
	const struct expand_host *host;
	struct arena *arena;
	struct definition **chains;
	size_t n_definitions, n_chains;
	/* being expanded, outermost first: */
	const struct definition *active[EXPAND_DEPTH_MAX];
	unsigned n_active;
	unsigned checks;		/* include_check in force */
	unsigned n_files;		/* being read */
	uint64_t random;
	bool random_seeded;
	size_t steps, max_steps;	/* time: the steps of all lines */
	size_t bytes, max_bytes;	/* memory: what definitions take */
	bool exhausted;			/* the limits were reached within this line */
	bool exhausted_before;
};

static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/** Length of the name that @text begins with, 0 if none does. */
size_t name_length(const char *text, size_t len);
/** Length of the text before a comment and the blanks before it. */
size_t content_length(const char *text, size_t len);
/** Length of @text without the blanks at its end. */
size_t trimmed_length(const char *text, size_t len);

/* expand.c */
/** Count work and look at the limits; false if the line has to be given up. */
bool expand_step(struct expand *, size_t n);
/** The next line of a file, without its end; false at the end of the file. */
bool reader_next(struct line_reader *, struct slice *out, uint32_t *out_line);
/** Push a definition onto the active ones. False, and reported, if it is there already. */
bool expand_enter(struct expand *, const struct xline *, const struct definition *,
		  struct place at);
void expand_leave(struct expand *);
/** Report at a written place; shows who used the line too. */
struct diag *expand_error(struct expand *, const struct xline *, const char *rule,
			  struct place at, const char *message);

/* expand_line.c */
/** All steps for a line: everything ends in the stream or is dropped. Frees what @x owns. */
void expand_line(struct expand *, struct xline *);
/** The written place of a part of the line. */
struct place xline_place(const struct xline *, size_t from, size_t len);
/** The part from @from on as a line of its own, for a sequence. Borrows the text. */
void xline_tail(const struct xline *, size_t from, struct xline *out);
/** Put the bytes up to @to into the stream. */
void xline_emit(struct expand *, struct xline *, size_t to);

void xline_add_piece(struct made_pieces *, struct made_piece);

/* expand_define.c */
struct definition *define_find(const struct expand *, struct slice name);
/** Make or replace a definition; its value is empty. */
struct definition *define_set(struct expand *, struct slice name, struct place at);
/** Length of "$NAME=" at the start of @text, 0 if it is none. */
size_t define_prefix(const char *text, size_t len);
/** Take the definition that begins at @from; with @keep false only read over its lines. */
void define_line(struct expand *, struct xline *, size_t from, bool keep);
void define_free_all(struct expand *);

/* expand_value.c */
/** A reference: "$NAME", "${NAME}", "${NAME ARGUMENTS}". */
struct reference {
	size_t len;
	struct slice name;
	struct slice args;
	bool braces;
};
/** What @text begins with; false if it is no reference. "$NAME" at the very end is one. */
bool value_reference(const char *text, size_t len, struct reference *out);
/** Put values into the bytes from x->clean to @cut; x->clean is behind them then. */
void value_substitute(struct expand *, struct xline *, size_t cut);
/** A reference at @from whose value is a step of its own (condition, definition, sequence) is
 *  replaced by the value as it is; one to several lines sets x->rest. True if it did. */
bool value_peel(struct expand *, struct xline *, size_t from);

/* expand_builtin.c */
/** Add the value of a predefined name. False if it is none; *out_wrong says what is wrong with its
 *  arguments, NULL if nothing. */
bool builtin_value(struct expand *, const struct reference *, struct strbuf *out,
		   const char **out_wrong);

/* expand_sequence.c */
/** Length of "~SEQ", "~SEQx" or "~LST" at the start of @text, 0 if it is none of them. */
size_t sequence_prefix(const char *text, size_t len);
/** Repeat what follows the sequence that begins at @from. */
void sequence_line(struct expand *, struct xline *, size_t from);

/* expand_include.c */
/** Length of "include", "includer"... at the start of @text, 0 if it is none of them. */
size_t include_prefix(const char *text, size_t len);
/** Where the include statement at @from ends: its patterns may hold braces. */
size_t include_end(const struct xline *, size_t from);
void include_line(struct expand *, const struct xline *, size_t from, size_t to);
/** Obey "include_check ..." at @from. */
void include_check_line(struct expand *, const struct xline *, size_t from, size_t to);
