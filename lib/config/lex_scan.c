/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text to words: one statement at a time, straight from the files' bytes.
 *
 * The inner loops rely on one promise of the map: behind every run stands a byte that is no plain
 * byte of a word, so only the odd bytes have to look for the end.
 */
#include <string.h>

#include "config/lex_state.h"

static const uint8_t file_classes[256] = {
	['\0'] = LEX_END,     ['\n'] = LEX_END,     [' '] = LEX_BLANK,
	['\t'] = LEX_BLANK,   ['\v'] = LEX_BLANK,   ['\f'] = LEX_BLANK,
	['\r'] = LEX_BLANK,   ['#'] = LEX_COMMENT,  ['!'] = LEX_COMMENT,
	['"'] = LEX_QUOTE,    ['{'] = LEX_OPEN,     ['}'] = LEX_CLOSE,
	['\\'] = LEX_ESCAPE,
};
/* Comments were removed before values were put in: '#' out of a value is a letter. */
static const uint8_t made_classes[256] = {
	['\0'] = LEX_END,     ['\n'] = LEX_END,     [' '] = LEX_BLANK,
	['\t'] = LEX_BLANK,   ['\v'] = LEX_BLANK,   ['\f'] = LEX_BLANK,
	['\r'] = LEX_BLANK,   ['"'] = LEX_QUOTE,    ['{'] = LEX_OPEN,
	['}'] = LEX_CLOSE,    ['\\'] = LEX_ESCAPE,   ['\x01'] = LEX_BROKEN,
};

static enum lex_class class_of(const struct lex_position *at)
{
	return (enum lex_class)at->classes[(uint8_t)*at->p];
}

static void enter_made_line(struct lexer *lexer)
{
	struct lex_position *at = &lexer->at;
	const struct made_line *made = &lexer->map->made[at->made];

	at->classes = made_classes;
	at->p = at->line_start = lexer->map->made_text + made->text;
	at->end = at->p + made->len;
	at->line = MADE_LINE_FIRST + at->made++;
}

static void enter_file_run(struct lexer *lexer, const struct source_run *run)
{
	struct lex_position *at = &lexer->at;

	at->classes = file_classes;
	at->p = lexer->map->files[run->file].text + run->at;
	at->end = at->p + run->len;
	at->line_start = at->p - (run->column - 1);
	at->line = run->line;
}

/** Go on with the next text; false at the end. */
static bool next_text(struct lexer *lexer)
{
	struct lex_position *at = &lexer->at;

	at->shield = NULL;
	while (at->made == at->made_end) {
		const struct source_run *run;

		if (at->run >= lexer->map->n_runs)
			return false;
		run = &lexer->map->runs[at->run++];
		if (run->file != RUN_MADE) {
			enter_file_run(lexer, run);
			return true;
		}
		at->made = run->line - MADE_LINE_FIRST;
		at->made_end = at->made + run->n;
	}
	enter_made_line(lexer);
	return true;
}

/** To the end of the line. */
static void skip_comment(struct lex_position *at)
{
	const char *newline = memchr(at->p, '\n', (size_t)(at->end - at->p));

	at->p = newline ? newline : at->end;
}

enum lex_class lex_peek(struct lexer *lexer)
{
	struct lex_position *at = &lexer->at;

	for (;;) {
		enum lex_class class;

		if (at->p >= at->end) {
			if (!next_text(lexer))
				return LEX_EOF;
			continue;
		}
		class = class_of(at);
		if (class == LEX_BLANK) {
			at->p++;
		} else if (class == LEX_END) {
			at->p++;
			at->line++;
			at->line_start = at->p;
			at->shield = NULL;
		} else if (class == LEX_COMMENT) {
			skip_comment(at);
		} else {
			return class;
		}
	}
}

struct place lex_place(const struct lexer *lexer, const char *start, size_t len)
{
	size_t column = (size_t)(start - lexer->at.line_start) + 1;

	return (struct place){ .line = lexer->at.line,
			       .column = column > UINT16_MAX ? 0 : (uint16_t)column,
			       .length = (uint16_t)MIN_OF(len, (size_t)UINT16_MAX) };
}

bool lex_begins_line(const struct lexer *lexer, const char *start)
{
	for (const char *p = lexer->at.line_start; p < start; p++) {
		if (*p != ' ' && *p != '\t')
			return false;
	}
	return true;
}

static struct lex_token *add_token(struct lexer *lexer, const char *start)
{
	struct lex_token *token;

	if (lexer->n_tokens == lexer->cap_tokens) {
		lexer->cap_tokens = lexer->cap_tokens ? lexer->cap_tokens * 2 : 32;
		lexer->tokens = xrealloc(lexer->tokens, lexer->cap_tokens, sizeof(*lexer->tokens));
	}
	token = &lexer->tokens[lexer->n_tokens++];
	*token = (struct lex_token){ .start = start };
	return token;
}

/** May this brace or comment sign be part of a word? */
static bool shielded(const struct lex_position *at, enum lex_class class)
{
	return at->p < at->shield &&
	       (class == LEX_OPEN || class == LEX_CLOSE || class == LEX_COMMENT);
}

/** Behind the plain bytes: may the word go on? Moves over an escape. */
static bool word_continues(struct lexer *lexer, struct lex_token *token)
{
	struct lex_position *at = &lexer->at;
	enum lex_class class;

	if (at->p >= at->end)
		return false;
	class = class_of(at);
	if (shielded(at, class) || class == LEX_BROKEN) {
		lexer->broken |= class == LEX_BROKEN;
		at->p++;
		return true;
	}
	if (class != LEX_ESCAPE)
		return false;
	at->p++;
	if (at->p < at->end && (*at->p == '#' || *at->p == '!')) {
		token->escaped = true;
		at->p++;
	}
	return true;
}

static void scan_word(struct lexer *lexer)
{
	struct lex_position *at = &lexer->at;
	const uint8_t *classes = at->classes;
	struct lex_token *token = add_token(lexer, at->p);

	do {
		const char *p = at->p;

		while (!classes[(uint8_t)*p])
			p++;
		at->p = p;
	} while (word_continues(lexer, token));
	token->len = (uint32_t)(at->p - token->start);
}

static const char *find_in_line(const char *from, const char *end, char c)
{
	for (; from < end && *from != '\n'; from++) {
		if (*from == c)
			return from;
	}
	return NULL;
}

/** Where the quote ends if \" does not end it: up to there no comment or block begins. */
static const char *shield_of(const char *open, const char *end)
{
	const char *p = open + 1;

	for (; p < end && *p != '\n' && *p != '"'; p++) {
		if (*p == '\\' && p + 1 < end && p[1] != '\n')
			p++;
	}
	return p;
}

/** A quote that is never closed takes the rest of the line, but not a '{' at its very end. */
static void scan_unterminated(struct lexer *lexer, const char *open)
{
	struct lex_position *at = &lexer->at;
	const char *last;

	at->p = open;
	skip_comment(at);
	last = at->p;
	while (last > open && at->classes[(uint8_t)last[-1]] == LEX_BLANK)
		last--;
	if (last > open && last[-1] == '{')
		at->p = last - 1;
	lexer->broken = true;
	if (!lexer->quiet)
		diag_error(lexer->diags, "unterminated-quote", lex_place(lexer, open, 1),
			   "quote is not closed in this line");
}

static bool odd_quotes(const char *from, const char *end)
{
	bool odd = false;

	while ((from = find_in_line(from, end, '"'))) {
		odd = !odd;
		from++;
	}
	return odd;
}

static void scan_quoted(struct lexer *lexer)
{
	struct lex_position *at = &lexer->at;
	const char *open = at->p, *close;
	struct lex_token *token;

	if (open == at->shield && !odd_quotes(open + 1, at->end)) {
		lexer->odd_quote = lex_place(lexer, open, 1);
		at->p++;
		return;
	}
	close = find_in_line(open + 1, at->end, '"');
	token = add_token(lexer, open + 1);

	token->quoted = true;
	if (!close) {
		scan_unterminated(lexer, open);
		token->len = (uint32_t)(at->p - token->start);
		return;
	}
	if (close[-1] == '\\' && at->shield <= open)
		at->shield = shield_of(open, at->end);
	token->len = (uint32_t)(close - token->start);
	at->p = close + 1;
}

/** 2.4 lets a lone backslash at the end of the line join the last word. */
static void join_backslash(struct lexer *lexer)
{
	struct lex_token *last;

	if (!lexer->n_tokens)
		return;
	last = &lexer->tokens[lexer->n_tokens - 1];
	if (last->quoted || !last->len || last->start[last->len - 1] != '\\')
		return;
	if (!lexer->quiet)
		diag_note(lexer->diags, "trailing-backslash",
			  lex_place(lexer, last->start + last->len - 1, 1),
			  "a backslash does not continue the line here");
	if (last->len > 1 || lexer->n_tokens == 1)
		return;
	lexer->n_tokens--;
	last[-1].backslash = true;
}

void lex_scan_statement(struct lexer *lexer)
{
	struct lex_position *at = &lexer->at;

	lexer->n_tokens = 0;
	lexer->broken = false;
	lexer->odd_quote = (struct place){ 0 };
	lexer->raw_end = at->p;
	while (at->p < at->end) {
		enum lex_class class = class_of(at);

		if (class == LEX_BLANK) {
			at->p++;
			continue;
		}
		if (class == LEX_QUOTE)
			scan_quoted(lexer);
		else if (class == LEX_PLAIN || class == LEX_ESCAPE || class == LEX_BROKEN ||
			 shielded(at, class))
			scan_word(lexer);
		else
			break;
		lexer->raw_end = at->p;
	}
	join_backslash(lexer);
}
