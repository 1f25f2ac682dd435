/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside the lexer: lex_scan.c reads tokens, lex.c builds the tree, lex_recover.c guesses where a
 * brace was forgotten.
 */
#pragma once

#include "config/lex.h"
#include "config/map.h"

enum { LEX_DEPTH_MAX = 64 };

/** Classes of bytes; plain bytes of words are zero. */
enum lex_class {
	LEX_PLAIN,
	LEX_BLANK,
	LEX_END,	/* of a line or the text */
	LEX_COMMENT,
	LEX_QUOTE,
	LEX_OPEN,
	LEX_CLOSE,
	LEX_ESCAPE,	/* backslash */
	LEX_BROKEN,	/* made lines: something that could not be replaced, already reported */
	LEX_EOF,	/* only as a result: no text is left */
};

/** A word as it stands in the text. */
struct lex_token {
	const char *start;
	uint32_t len;
	bool quoted;
	bool escaped;		/* has \# or \! in it */
	bool backslash;		/* a lone \ at the end of the line belongs to it */
};

/** Where the scanner is. Copied to look ahead. */
struct lex_position {
	size_t run;			/* the next run of the map */
	uint32_t made, made_end;	/* next line of a run of made lines */
	const uint8_t *classes;
	const char *p, *end;
	const char *line_start;		/* column 1 of the line, maybe before the run */
	const char *shield;		/* braces and comments before this are plain */
	uint32_t line;
};

/** An open block. */
struct lex_level {
	struct node *node;
	struct node **tail;	/* where its next statement is linked */
	uint32_t indent;	/* column of the statement if it begins its line, else 0 */
	unsigned extra;		/* '{' without a keyword inside it */
};

struct lexer {
	const struct source_map *map;
	struct arena *scratch;
	struct diags *diags;
	const struct lex_grammar *grammar;
	struct lex_position at;
	bool quiet;			/* looking ahead: report nothing */
	bool balance_known;
	long balance;			/* braces opened minus closed, until they are reported */
	/* the statement being read */
	struct lex_token *tokens;
	uint32_t n_tokens, cap_tokens;
	bool broken;
	struct place odd_quote;		/* one that only closes a quote if \" does not */
	const char *raw_end;
	/* the tree being built */
	struct lex_level levels[LEX_DEPTH_MAX];
	unsigned depth;
	unsigned top_extra;
	struct place last_closed;	/* the keyword of the last top-level block */
};

/** Skip to what matters next: its class, not consumed. */
enum lex_class lex_peek(struct lexer *);
/** Read the words of a statement up to the end of the line, a brace or a comment. */
void lex_scan_statement(struct lexer *);
struct place lex_place(const struct lexer *, const char *start, size_t len);
/** Is only blank space before @start in its line? */
bool lex_begins_line(const struct lexer *, const char *start);

/** Braces opened minus closed in the whole text. */
long lex_count_balance(struct lexer *);
/** Before the scanned statement joins the innermost block: end blocks that were never closed. */
void lex_recover_unclosed(struct lexer *);
/** Does this statement lack its '{'? Reports it. */
bool lex_recover_missing_open(struct lexer *, const struct node *node);
/** At a '}' (already consumed, at @place): end inner blocks that were never closed. False if the
 *  brace is one too many (reported). */
bool lex_recover_close(struct lexer *, struct place place, bool begins_line);

/** Ends the innermost block; @close_at nowhere if it has no brace. */
void lex_close_level(struct lexer *, struct place close_at);
void lex_report_unclosed(struct lexer *, const struct node *);
void lex_report_extra_close(struct lexer *, struct place);
