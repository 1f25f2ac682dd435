/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words to a tree of statements and blocks, one top-level statement at a time.
 *
 * A node, its words and their texts are one piece of scratch memory. Blocks are kept on a stack of
 * bounded depth. Braces that do not match are reported once, at the place that opened or closed too
 * much; where that is not obvious lex_recover.c decides.
 */
#include "config/lex.h"

#include <stdlib.h>
#include <string.h>

#include "config/lex_state.h"
#include "config/utf8.h"

struct lexer *lexer_new(const struct source_map *map, struct arena *scratch, struct diags *diags)
{
	struct lexer *lexer = xnew(struct lexer);

	lexer->map = map;
	lexer->scratch = scratch;
	lexer->diags = diags;
	return lexer;
}

void lexer_free(struct lexer *lexer)
{
	if (!lexer)
		return;
	free(lexer->tokens);
	free(lexer);
}

void lexer_set_grammar(struct lexer *lexer, const struct lex_grammar *grammar)
{
	lexer->grammar = grammar;
}

/** Bytes that a word's text needs. */
static size_t text_size(const struct lex_token *token)
{
	return (size_t)token->len + token->backslash + 1;
}

static size_t raw_len(const struct lexer *lexer)
{
	const struct lex_token *first = &lexer->tokens[0];

	return (size_t)(lexer->raw_end - first->start) + first->quoted;
}

/** Copy without the backslashes of \# and \!. Length of the copy. */
static uint32_t copy_escaped(char *dst, const char *src, size_t len)
{
	uint32_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (src[i] == '\\' && i + 1 < len && (src[i + 1] == '#' || src[i + 1] == '!'))
			i++;
		dst[n++] = src[i];
	}
	return n;
}

/** Fill @word, its text at @memory; the byte behind it. */
static char *set_word(const struct lexer *lexer, struct word *word, const struct lex_token *token,
		      char *memory)
{
	bool quoted = token->quoted;

	word->text = memory;
	word->quoted = quoted;
	word->len = token->len;
	word->at = lex_place(lexer, token->start - quoted, token->len + 2u * quoted);
	if (token->escaped)
		word->len = copy_escaped(memory, token->start, token->len);
	else
		memcpy(memory, token->start, token->len);
	if (token->backslash)
		memory[word->len++] = '\\';
	memory[word->len] = '\0';
	return memory + word->len + 1;
}

/** Old files are in old encodings: say so, harm nothing. */
static void check_encoding(struct lexer *lexer, const struct node *node)
{
	for (unsigned i = 0; i < node->n_words; i++) {
		const struct word *w = &node->words[i];
		size_t bad = utf8_check(w->text, w->len);
		char shown[100];

		if (bad < w->len)
			diag_note(lexer->diags, "not-utf8", w->at, "'%s' is not valid UTF-8",
				  str_printable(shown, sizeof(shown), w->text, w->len))
				->apart = true;
	}
}

static bool has_high_bytes(const char *text, size_t len)
{
	uint8_t all = 0;

	for (size_t i = 0; i < len; i++)
		all |= (uint8_t)text[i];
	return all >= 0x80;
}

/** Scratch memory that is written in full anyway: not zeroed as arena_alloc() would. */
static void *scratch_alloc(struct arena *scratch, size_t size)
{
	const size_t align = sizeof(uint64_t);
	uintptr_t p = (uintptr_t)arena_text(scratch, size + align);

	return (void *)((p + align - 1) & ~(align - 1));
}

static struct lex_level *innermost(struct lexer *lexer)
{
	return lexer->depth ? &lexer->levels[lexer->depth - 1] : NULL;
}

/** A quote too many is one unless the value is read with escapes. */
static void check_quotes(struct lexer *lexer, struct node *node)
{
	const struct lex_grammar *grammar = lexer->grammar;
	const struct lex_level *level = innermost(lexer);

	if (!lexer->odd_quote.line || node->broken)
		return;
	if (grammar && grammar->reads_raw &&
	    grammar->reads_raw(grammar->ctx, level ? level->node : NULL, node->words[0].text))
		return;
	node->broken = true;
	diag_error(lexer->diags, "unterminated-quote", lexer->odd_quote,
		   "quote is not closed in this line");
}

/** The statement that was just scanned, as one piece of memory. */
static struct node *node_new(struct lexer *lexer)
{
	size_t raw = raw_len(lexer), size = sizeof(struct node) + raw + 1;
	const struct lex_token *first = &lexer->tokens[0];
	const char *start = first->start - first->quoted;
	struct node *node;
	char *memory;

	for (uint32_t i = 0; i < lexer->n_tokens; i++)
		size += sizeof(struct word) + text_size(&lexer->tokens[i]);
	node = scratch_alloc(lexer->scratch, size);
	*node = (struct node){ .words = (struct word *)(node + 1),
			       .n_words = lexer->n_tokens,
			       .broken = lexer->broken,
			       .raw_at = lex_place(lexer, start, raw) };
	memory = (char *)(node->words + node->n_words);
	node->raw = memcpy(memory, start, raw);
	memory[raw] = '\0';
	memory += raw + 1;
	for (uint32_t i = 0; i < lexer->n_tokens; i++)
		memory = set_word(lexer, &node->words[i], &lexer->tokens[i], memory);
	if (has_high_bytes(node->raw, raw))
		check_encoding(lexer, node);
	check_quotes(lexer, node);
	return node;
}

static void link_node(struct lexer *lexer, struct node *node)
{
	struct lex_level *level = innermost(lexer);

	if (!level)
		return;
	node->parent = level->node;
	*level->tail = node;
	level->tail = &node->next;
}

/** Over a block that is too deep, up to its '}'. */
static void skip_block(struct lexer *lexer)
{
	unsigned open = 1;

	while (open) {
		enum lex_class class = lex_peek(lexer);

		if (class == LEX_EOF)
			return;
		if (class == LEX_OPEN || class == LEX_CLOSE) {
			open += class == LEX_OPEN ? 1u : -1u;
			lexer->at.p++;
		} else {
			lex_scan_statement(lexer);
		}
	}
}

static void open_level(struct lexer *lexer, struct node *node, struct place open_at)
{
	const struct word *first = &node->words[0];

	node->has_block = true;
	node->open_at = open_at;
	if (lexer->depth == LEX_DEPTH_MAX) {
		diag_error(lexer->diags, "too-deep", open_at, "blocks are nested too deeply");
		skip_block(lexer);
		return;
	}
	lexer->levels[lexer->depth++] = (struct lex_level){
		.node = node,
		.tail = &node->first,
		.indent = first->at.column,
	};
}

void lex_close_level(struct lexer *lexer, struct place close_at)
{
	struct lex_level *level = &lexer->levels[--lexer->depth];

	level->node->close_at = close_at;
	if (!lexer->depth)
		lexer->last_closed = level->node->words[0].at;
}

void lex_report_extra_close(struct lexer *lexer, struct place at)
{
	struct diag *d = diag_error(lexer->diags, "extra-brace", at,
				    "'}' closes nothing: no block is open");

	if (lexer->last_closed.line)
		diag_see(lexer->diags, d, lexer->last_closed, "the last block that was closed");
	lexer->balance++;
}

void lex_report_unclosed(struct lexer *lexer, const struct node *node)
{
	diag_error(lexer->diags, "unclosed-block", node->open_at,
		   "block %s is not closed: '}' is missing", node->words[0].text);
	lexer->balance--;
}

/** A '{' with no keyword before it. If its '}' is there too the contents belong to the block
 *  around it. */
static void unexpected_open(struct lexer *lexer)
{
	struct lex_level *level = innermost(lexer);
	unsigned *extra = level ? &level->extra : &lexer->top_extra;

	diag_error(lexer->diags, "unexpected-brace", lex_place(lexer, lexer->at.p, 1),
		   "unexpected '{': no keyword before it");
	lexer->at.p++;
	if (lexer->balance > 0)
		lexer->balance--;
	else
		++*extra;
}

static void close_brace(struct lexer *lexer)
{
	struct lex_level *level = innermost(lexer);
	unsigned *extra = level ? &level->extra : &lexer->top_extra;
	struct place at = lex_place(lexer, lexer->at.p, 1);
	bool begins_line = lex_begins_line(lexer, lexer->at.p);

	lexer->at.p++;
	if (*extra)
		--*extra;
	else if (!level)
		lex_report_extra_close(lexer, at);
	else if (lex_recover_close(lexer, at, begins_line))
		lex_close_level(lexer, at);
}

/** Blocks that are open at the end of the text: the innermost tells most. */
static void report_open_blocks(struct lexer *lexer)
{
	struct lex_level *level = innermost(lexer);

	if (level && !level->extra) {
		lex_report_unclosed(lexer, level->node);
		diags_mistaken_name(lexer->diags, NULL);
		for (unsigned i = 0; i < lexer->depth; i++)
			lexer->levels[i].node->cut_off = true;
	}
	lexer->depth = 0;
}

/** The statement that was just scanned joins the tree; its block is opened. */
static struct node *add_statement(struct lexer *lexer)
{
	struct node *node = node_new(lexer);

	link_node(lexer, node);
	if (lex_peek(lexer) == LEX_OPEN) {
		struct place at = lex_place(lexer, lexer->at.p, 1);

		lexer->at.p++;
		open_level(lexer, node, at);
	} else if (lexer->balance < 0 && lex_recover_missing_open(lexer, node)) {
		open_level(lexer, node, node_place(node, node->n_words));
	}
	return node;
}

/** Read one statement; false if it begins the next top-level statement because the block before it
 *  was never closed. */
static bool read_statement(struct lexer *lexer, struct node **top)
{
	struct lex_position before = lexer->at;
	struct node *node;

	lex_scan_statement(lexer);
	if (lexer->balance > 0 && lexer->depth) {
		lex_recover_unclosed(lexer);
		if (!lexer->depth) {
			lexer->at = before;
			return false;
		}
	}
	node = add_statement(lexer);
	*top = *top ? *top : node;
	return true;
}

struct node *lex_next(struct lexer *lexer)
{
	struct node *top = NULL;

	if (!lexer->balance_known) {
		lexer->balance = lex_count_balance(lexer);
		lexer->balance_known = true;
	}
	arena_reset(lexer->scratch);
	lexer->depth = 0;
	do {
		switch (lex_peek(lexer)) {
		case LEX_EOF:
			report_open_blocks(lexer);
			return top;
		case LEX_OPEN:
			unexpected_open(lexer);
			break;
		case LEX_CLOSE:
			close_brace(lexer);
			break;
		case LEX_PLAIN:
		case LEX_QUOTE:
		case LEX_ESCAPE:
		case LEX_BROKEN:
		case LEX_BLANK:
		case LEX_END:
		case LEX_COMMENT:
			if (!read_statement(lexer, &top))
				return top;
			break;
		}
	} while (!top || lexer->depth);
	return top;
}

struct place node_place(const struct node *node, unsigned i)
{
	struct place at;

	if (i < node->n_words)
		return node->words[i].at;
	at = node->words[node->n_words - 1].at;
	if (at.column)
		at.column = (uint16_t)MIN_OF(at.column + at.length, UINT16_MAX);
	at.length = 1;
	return at;
}
