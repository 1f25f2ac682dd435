/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Braces that do not balance: where was one forgotten, where is one too many?
 *
 * Asked only when the whole text has more of one kind than of the other, so a sound configuration
 * is never guessed about. Evidence: a keyword that belongs to a block further out, a keyword that
 * needs a block and has none, the indentation of a '}'.
 */
#include <string.h>

#include "config/lex_state.h"

enum { WORD_MAX = 64 };

/** Braces as they stand in the text, in quotes and comments too: a quick first look. */
static long count_raw(const struct source_map *map)
{
	long n = 0;

	for (size_t i = 0; i < map->n_runs; i++) {
		const struct source_run *run = &map->runs[i];
		const struct source_file *file;
		struct bytes_survey survey = { 0 };

		if (run->file == RUN_MADE)
			continue;
		file = &map->files[run->file];
		if (run->len == file->len)
			survey = file->survey;
		if (!survey.newlines)
			bytes_survey(file->text + run->at, run->len, &survey);
		n += (long)survey.opens - (long)survey.closes;
	}
	/* The texts of made lines stand together, their pieces between them. */
	for (size_t i = 0; i < map->n_made; i++) {
		const char *text = map->made_text + map->made[i].text;

		for (uint32_t k = 0; k < map->made[i].len; k++)
			n += (text[k] == '{') - (text[k] == '}');
	}
	return n;
}

long lex_count_balance(struct lexer *lexer)
{
	struct lex_position start = lexer->at;
	enum lex_class class;
	long n = 0;

	if (!count_raw(lexer->map))
		return 0;
	lexer->quiet = true;
	while ((class = lex_peek(lexer)) != LEX_EOF) {
		if (class == LEX_OPEN || class == LEX_CLOSE) {
			n += class == LEX_OPEN ? 1 : -1;
			lexer->at.p++;
		} else {
			lex_scan_statement(lexer);
		}
	}
	lexer->quiet = false;
	lexer->at = start;
	return n;
}

static const struct node *block_at(const struct lexer *lexer, unsigned depth)
{
	return depth ? lexer->levels[depth - 1].node : NULL;
}

/** What @word is in the block that is open at @depth (0: at top level). */
static enum lex_word word_at(const struct lexer *lexer, unsigned depth, const char *word)
{
	const struct lex_grammar *grammar = lexer->grammar;

	if (!grammar || !*word)
		return LEX_WORD_UNKNOWN;
	return grammar->word(grammar->ctx, block_at(lexer, depth), word);
}

static bool is_keyword(enum lex_word w)
{
	return w == LEX_WORD_LINE || w == LEX_WORD_BLOCK || w == LEX_WORD_EITHER;
}

/** The first word of the scanned statement, "" if it cannot be a keyword. */
static const char *first_word(const struct lexer *lexer, char out[WORD_MAX])
{
	const struct lex_token *token = &lexer->tokens[0];

	out[0] = '\0';
	if (lexer->n_tokens && !token->quoted && token->len < WORD_MAX) {
		memcpy(out, token->start, token->len);
		out[token->len] = '\0';
	}
	return out;
}

static void end_unclosed(struct lexer *lexer, unsigned depth)
{
	while (lexer->depth > depth) {
		const struct node *node = lexer->levels[lexer->depth - 1].node;

		if (lexer->balance > 0)
			lex_report_unclosed(lexer, node);
		lex_close_level(lexer, (struct place){ 0 });
	}
}

void lex_recover_unclosed(struct lexer *lexer)
{
	char buffer[WORD_MAX];
	const char *word = first_word(lexer, buffer);

	if (is_keyword(word_at(lexer, lexer->depth, word)))
		return;
	for (unsigned depth = lexer->depth; depth-- > 0;) {
		if (is_keyword(word_at(lexer, depth, word))) {
			end_unclosed(lexer, depth);
			return;
		}
	}
}

bool lex_recover_missing_open(struct lexer *lexer, const struct node *node)
{
	struct diag *d;

	if (node->words[0].quoted ||
	    word_at(lexer, lexer->depth, node->words[0].text) != LEX_WORD_BLOCK)
		return false;
	d = diag_error(lexer->diags, "missing-brace", node_place(node, node->n_words),
		       "'{' is missing after %s", node->words[0].text);
	diag_hint(lexer->diags, d, "%s needs a block: { ... }", node->words[0].text);
	lexer->balance++;
	return true;
}

/** The first word of the next statement, "" if there is none before the next brace. */
static const char *next_word(struct lexer *lexer, char out[WORD_MAX])
{
	struct lex_position before = lexer->at;
	enum lex_class class;

	out[0] = '\0';
	lexer->quiet = true;
	class = lex_peek(lexer);
	if (class != LEX_EOF && class != LEX_OPEN && class != LEX_CLOSE) {
		lex_scan_statement(lexer);
		first_word(lexer, out);
	}
	lexer->quiet = false;
	lexer->at = before;
	return out;
}

/** A '}' that begins its line stands under the keyword whose block it closes. */
static void close_by_indent(struct lexer *lexer, uint32_t column)
{
	unsigned depth = lexer->depth;

	if (lexer->levels[depth - 1].indent <= column)
		return;
	while (--depth) {
		if (lexer->levels[depth - 1].indent == column) {
			end_unclosed(lexer, depth);
			return;
		}
	}
}

bool lex_recover_close(struct lexer *lexer, struct place place, bool begins_line)
{
	char buffer[WORD_MAX];
	const char *word;

	if (lexer->balance > 0 && begins_line)
		close_by_indent(lexer, place.column);
	if (lexer->balance >= 0)
		return true;
	word = next_word(lexer, buffer);
	if (word_at(lexer, lexer->depth - 1, word) != LEX_WORD_UNKNOWN ||
	    !is_keyword(word_at(lexer, lexer->depth, word)))
		return true;
	lex_report_extra_close(lexer, place);
	return false;
}
