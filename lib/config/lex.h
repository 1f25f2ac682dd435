/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Logical lines to words to a tree of statements and blocks.
 *
 * The tree is produced one top-level statement at a time, so a large configuration never stands
 * in memory as a tree: a node and all below it are valid until the next call of lex_next().
 */
#pragma once

#include "base/arena.h"
#include "config/diag.h"
#include "config/source.h"

struct word {
	const char *text;	/* without quotes, NUL-terminated */
	struct place at;
	uint32_t len;		/* of text */
	bool quoted;
};

/** One statement: its words, and its block if it has one. In a block of plain values every line
 *  is a node too. */
struct node {
	struct word *words;	/* at least one */
	unsigned n_words;
	bool has_block;
	bool cut_off;		/* the text ends within the block: reported */
	bool broken;		/* already reported (unterminated quote): not to be used */
	struct place open_at;	/* the brace */
	struct place close_at;	/* nowhere if it is never closed */
	struct node *parent;	/* NULL at top level */
	struct node *first;	/* statements of the block */
	struct node *next;
	const char *raw;	/* the statement's text as written, from its first word, quotes and
				   escapes included, for commands; ends before a brace that opens
				   its block */
	struct place raw_at;
};

struct lexer;

/** Memory for nodes comes from @scratch, which lex_next() resets. */
struct lexer *lexer_new(const struct source_map *, struct arena *scratch, struct diags *);
void lexer_free(struct lexer *);
/** What the lexer may ask about the language when braces do not balance, so that one missing or
 *  superfluous brace gives one diagnostic at the right place. */
enum lex_word {
	LEX_WORD_UNKNOWN,	/* no keyword of that block */
	LEX_WORD_LINE,		/* a keyword without a block */
	LEX_WORD_BLOCK,		/* a keyword that needs a block */
	LEX_WORD_EITHER,
	LEX_WORD_ANY,		/* the block holds values: any word may begin a line */
};
struct lex_grammar {
	/** Does the value of @word in @block come from ->raw, where \" is no end of a quote? May be
	 *  NULL: no value does. */
	bool (*reads_raw)(void *ctx, const struct node *block, const char *word);
	/** What is @word as first word of a statement in @block (NULL: at top level)? */
	enum lex_word (*word)(void *ctx, const struct node *block, const char *word);
	void *ctx;
};
/** Optional; @grammar is borrowed and must outlive the lexer. */
void lexer_set_grammar(struct lexer *, const struct lex_grammar *grammar);

/** The next top-level statement, NULL at the end. Unbalanced braces are reported at the place
 *  that opened or closed too much. */
struct node *lex_next(struct lexer *);

/** Place of word @i, or just behind the last word when there is no such word. */
struct place node_place(const struct node *, unsigned i);

/** Split a command as configuration lines do it (config reference, "Script command strings"):
 *  first the line into command and following words, then (word_split) the command into argv.
 *  An unterminated quote is reported at @at and gives false. Memory from @arena. */
bool lex_split_command(const char *raw, struct place at, struct arena *, struct diags *,
		       struct word **out_words, unsigned *out_n);
bool lex_split_argv(const char *command, struct place at, struct arena *, struct diags *,
		    char ***out_argv, unsigned *out_n);
