/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tree to structs: every statement finds its row, the row's type fills the field.
 *
 * One frame per object being filled; the marks of all frames share one stack and move into the
 * arena, exactly as many as there are, when their object is done. Nesting is bounded by the tables.
 * What is wrong is put into words by bind_report.c.
 */
#include "config/bind.h"

#include <stdlib.h>
#include <string.h>

#include "config/bind_state.h"
#include "config/map.h"
#include "config/value.h"

static void push_mark(struct bind_state *state, struct set_mark mark)
{
	if (state->n_marks == state->cap_marks) {
		state->cap_marks = state->cap_marks ? state->cap_marks * 2 : 64;
		state->marks = xrealloc(state->marks, state->cap_marks, sizeof(*state->marks));
	}
	state->marks[state->n_marks++] = mark;
}

static struct set_mark *find_mark(struct bind_frame *frame, unsigned row)
{
	struct bind_state *state = bind_state_of(frame->bind);

	for (uint32_t i = state->n_marks; i-- > frame->first_mark;) {
		if (state->marks[i].row == row)
			return &state->marks[i];
	}
	return NULL;
}

/** Remember where the row was set; the last place counts. */
static void set_mark(struct bind_frame *frame, unsigned row, struct place at)
{
	struct set_mark mark = { .row = (uint16_t)(row % KEYWORDS_MAX),
				 .length = (uint16_t)(MIN_OF(at.length, MARK_LENGTH_MAX) &
						      MARK_LENGTH_MAX),
				 .column = at.column,
				 .line = at.line };
	struct set_mark *earlier = bind_row_seen(frame, row) ? find_mark(frame, row) : NULL;

	if (earlier)
		*earlier = mark;
	else
		push_mark(bind_state_of(frame->bind), mark);
}

static void set_seen(struct bind_frame *frame, unsigned row)
{
	frame->seen[row / 64] |= UINT64_C(1) << row % 64;
}

static void frame_enter(struct bind_frame *frame, struct bind *b, const struct block_type *type,
			struct object *object)
{
	struct bind_state *state = bind_state_of(b);

	*frame = (struct bind_frame){ .bind = b,
				      .table = bind_table(state, type),
				      .object = object,
				      .outer = state->frame,
				      .first_mark = state->n_marks };
	/* A block that is continued goes on from what was set before. */
	for (uint32_t i = 0; i < object->n_marks; i++) {
		push_mark(state, object->marks[i]);
		set_seen(frame, object->marks[i].row);
	}
	state->frame = frame;
	b->parent = object;
}

static void frame_leave(struct bind_frame *frame)
{
	struct bind *b = frame->bind;
	struct bind_state *state = bind_state_of(b);
	struct object *object = frame->object;
	uint32_t n = state->n_marks - frame->first_mark;

	if (n > object->n_marks)
		object->marks = arena_alloc(b->arena, n * sizeof(*object->marks));
	if (n)
		memcpy(object->marks, &state->marks[frame->first_mark],
		       n * sizeof(*object->marks));
	object->n_marks = n;
	state->n_marks = frame->first_mark;
	state->frame = frame->outer;
	b->parent = frame->outer ? frame->outer->object : NULL;
}

bool bind_used_before(const struct bind *b, const struct keyword *kw)
{
	const struct bind_frame *frame = bind_state_of(b)->frame;
	ptrdiff_t row;

	if (!frame)
		return false;
	row = kw - frame->table->type->keywords;
	return row >= 0 && row < KEYWORDS_MAX && bind_row_seen(frame, (unsigned)row);
}

/** Report a second use where only one counts. True if this one is to be ignored. */
static bool is_repeated(struct bind_frame *frame, unsigned row, const struct node *node,
			unsigned word)
{
	const struct keyword *kw = &frame->table->type->keywords[row];
	const struct set_mark *first;
	struct diag *d;

	if (!(kw->flags & (KW_FIRST_WINS | KW_LAST_WINS)) || !bind_row_seen(frame, row))
		return false;
	first = find_mark(frame, row);
	if (!first)
		return false;
	d = bind_warning(frame->bind, "repeated", node, word, "%s is set a second time: %s",
			 kw->word, kw->flags & KW_FIRST_WINS ? "ignored" : "this one counts");
	diag_see(frame->bind->diags, d,
		 set_mark_place(first), "first set here");
	return kw->flags & KW_FIRST_WINS;
}

/** What follows is known to be missing because of what was reported about this row. */
static void set_mistaken(struct bind_frame *frame, unsigned row)
{
	set_seen(frame, row);
	diags_mistaken(frame->bind->diags, frame->object, frame->table->type->keywords[row].at);
}

/** Let a row read its words from *next on. False if it reported something. */
static bool bind_row(struct bind_frame *frame, unsigned row, struct node *node, unsigned word,
		     unsigned *next)
{
	const struct keyword *kw = &frame->table->type->keywords[row];
	struct bind *b = frame->bind;
	size_t n_errors = diags_count(b->diags, DIAG_ERROR);
	unsigned first = *next;
	bool stored;

	if (kw->flags & KW_SECRET && kw->type != &value_record)
		bind_hide_words(b, node, *next);
	bind_report_row(b, kw, node, word);
	if (is_repeated(frame, row, node, word)) {
		*next = node->n_words;
		return true;
	}
	stored = kw->type->parse(b, kw, node, next,
				 bind_field(b, frame->table->type, frame->object, kw));
	if (stored)
		set_mark(frame, row, node->words[*next > first ? first : word].at);
	set_seen(frame, row);
	if (diags_count(b->diags, DIAG_ERROR) != n_errors) {
		set_mistaken(frame, row);
		if (!stored && node->has_block && node->n_words > 1)
			diags_mistaken_name(b->diags, node->words[1].text);
	}
	if (stored && kw->stored)
		kw->stored(b, kw, node, frame->object);
	return stored;
}

static void bind_statement(struct bind_frame *frame, struct node *node)
{
	const struct word *first = &node->words[0];
	int row = bind_find(frame->table, first->text, first->len);
	const struct keyword *kw;
	unsigned next = 1;

	if (node->broken) {
		if (bind_looks_secret(frame->bind, first->text))
			bind_hide_rest(frame->bind, node);
		if (row >= 0)
			set_mistaken(frame, (unsigned)row);
		return;
	}
	if (row < 0 && !node->has_block) {
		row = frame->table->plain_row;
		next = 0;
	}
	if (row < 0) {
		row = bind_report_unknown(frame->bind, frame->table->type, node, 0);
		if (row >= 0)
			set_mistaken(frame, (unsigned)row);
		return;
	}
	kw = &frame->table->type->keywords[row];
	if (node->has_block ? kw->type->takes_block == VALUE_NO_BLOCK :
			      kw->type->takes_block == VALUE_NEEDS_BLOCK) {
		bind_report_block(frame->bind, kw, node);
		set_mistaken(frame, (unsigned)row);
		return;
	}
	if (!bind_row(frame, (unsigned)row, node, 0, &next)) {
		bind_hide_mentioned(frame->bind, node, 1);
	} else if (next < node->n_words && !(kw->flags & KW_EXTRA_IGNORED)) {
		bind_hide_mentioned(frame->bind, node, next);
		bind_report_extra(frame->bind, kw, node, next);
	}
}

static void check_required(struct bind_frame *frame)
{
	const struct block_type *type = frame->table->type;

	for (uint32_t row = 0; row < type->n_keywords; row++) {
		if (type->keywords[row].flags & KW_REQUIRED && !bind_row_seen(frame, row))
			bind_report_missing(frame->bind, frame->object, &type->keywords[row]);
	}
}

void bind_block(struct bind *b, const struct block_type *type, struct node *node,
		struct object *object)
{
	struct bind_frame frame;

	frame_enter(&frame, b, type, object);
	if (node->cut_off) {
		memset(frame.seen, UINT8_MAX, sizeof(frame.seen));
		diags_mistaken(b->diags, object, DIAG_ANY_FIELD);
	}
	for (struct node *child = node->first; child; child = child->next)
		bind_statement(&frame, child);
	check_required(&frame);
	frame_leave(&frame);
}

/** The next words of a record: an option, or something that only the type knows.
 *  False if an option was wrong. */
static bool bind_option(struct bind_frame *frame, struct node *node, unsigned *next)
{
	const struct block_type *type = frame->table->type;
	const struct word *word = &node->words[*next];
	unsigned at = *next;
	int row = bind_find(frame->table, word->text, word->len);

	if (row >= 0) {
		++*next;
		return bind_row(frame, (unsigned)row, node, at, next);
	}
	if (type->other && type->other(frame->bind, frame->object, node, next))
		return true;
	(void)bind_report_unknown(frame->bind, type, node, at);
	/* Its arguments are unknown too: go on with the next option. */
	for (++*next; *next < node->n_words; ++*next) {
		word = &node->words[*next];
		if (bind_find(frame->table, word->text, word->len) >= 0)
			break;
	}
	return true;
}

bool bind_record(struct bind *b, const struct block_type *type, struct node *node, unsigned next,
		 struct object *object)
{
	struct bind_state *state = bind_state_of(b);
	bool outer_record = state->in_record;
	struct bind_frame frame;
	bool ok = true;

	object->at = node_place(node, next);
	frame_enter(&frame, b, type, object);
	state->in_record = true;
	if (type->head)
		ok = type->head(b, object, node, &next);
	while (ok && next < node->n_words)
		ok = bind_option(&frame, node, &next);
	if (ok)
		check_required(&frame);
	frame_leave(&frame);
	state->in_record = outer_record;
	return ok && (!type->done || type->done(b, object, node));
}

bool block_name(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	const char *keyword = node->words[0].text;

	if (*next >= node->n_words || !node->words[*next].len) {
		bind_error(b, "missing-name", node, *next ? *next - 1 : 0, "%s needs a name",
			   keyword);
		return false;
	}
	if (node->words[*next].len > BIND_NAME_MAX) {
		bind_error(b, "long-name", node, *next,
			   "the name of %s '%.40s...' is longer than %d bytes", keyword,
			   node->words[*next].text, BIND_NAME_MAX);
		return false;
	}
	object->name = arena_strndup(b->arena, node->words[*next].text, node->words[*next].len);
	object->name_len = node->words[*next].len;
	object->name_at = node->words[*next].at;
	++*next;
	return true;
}

/** The row of a word in a block type, or at top level. */
static const struct keyword *find_row(struct bind_state *state, const struct block_type *type,
				      const struct word *word)
{
	size_t section;
	int row;

	if (!type)
		return bind_find_section(state, word, &section);
	row = bind_find(bind_table(state, type), word->text, word->len);
	return row < 0 ? NULL : &type->keywords[row];
}

/** What block a node is; NULL if it is unknown or holds values instead of keywords. */
static const struct block_type *type_of_block(struct bind_state *state, const struct node *block)
{
	const struct node *path[BLOCK_NESTING_MAX];
	const struct block_type *type = NULL;
	unsigned depth = 0;

	for (; block; block = block->parent) {
		if (depth == BLOCK_NESTING_MAX)
			return NULL;
		path[depth++] = block;
	}
	while (depth--) {
		const struct keyword *kw = find_row(state, type, &path[depth]->words[0]);

		type = kw ? bind_block_type(kw) : NULL;
		if (!type || type->form == BLOCK_RECORD)
			return NULL;
	}
	return type;
}

/** For the lexer, when braces do not balance: what would this word be in that block? */
static enum lex_word grammar_word(void *ctx, const struct node *block, const char *text)
{
	struct bind_state *state = ctx;
	struct word word = { .text = text, .len = (uint32_t)strlen(text) };
	const struct block_type *type = block ? type_of_block(state, block) : NULL;
	const struct keyword *kw;

	if (block && !type)
		return LEX_WORD_ANY;
	kw = find_row(state, type, &word);
	if (!kw)
		return LEX_WORD_UNKNOWN;
	switch (kw->type->takes_block) {
	case VALUE_NO_BLOCK:
		return LEX_WORD_LINE;
	case VALUE_NEEDS_BLOCK:
		return LEX_WORD_BLOCK;
	case VALUE_MAY_HAVE_BLOCK:
		break;
	}
	return LEX_WORD_EITHER;
}

static bool grammar_reads_raw(void *ctx, const struct node *block, const char *text)
{
	struct word word = { .text = text, .len = (uint32_t)strlen(text) };
	const struct block_type *type = block ? type_of_block(ctx, block) : NULL;
	const struct keyword *kw = block && !type ? NULL : find_row(ctx, type, &word);

	return kw && kw->type->reads_raw;
}

/** A top-level statement, into the section that knows its word. */
static void bind_top(struct bind *b, struct node *node)
{
	struct bind_state *state = bind_state_of(b);
	const struct bind_section *section;
	struct bind_frame frame;
	size_t i = 0;

	if (node->broken)
		return;
	if (!bind_find_section(state, &node->words[0], &i)) {
		(void)bind_report_unknown(b, NULL, node, 0);
		return;
	}
	section = &state->sections[i];
	frame_enter(&frame, b, section->type, section->object);
	bind_statement(&frame, node);
	frame_leave(&frame);
}

void bind_all(struct bind *b, struct lexer *lexer, struct bind_section *sections, size_t n_sections)
{
	struct bind_state state = { .arena = arena_new(),
				    .sections = sections,
				    .n_sections = n_sections };
	struct lex_grammar grammar = { .word = grammar_word,
				       .reads_raw = grammar_reads_raw,
				       .ctx = &state };
	struct node *node;

	b->private = &state;
	diags_set_map(b->diags, b->sources);
	for (size_t i = 0; i < n_sections; i++)
		sections[i].object = bind_object_new(b, sections[i].type);
	lexer_set_grammar(lexer, &grammar);
	while ((node = lex_next(lexer))) {
		b->said_something = true;
		bind_top(b, node);
	}
	lexer_set_grammar(lexer, NULL);
	b->private = NULL;
	b->parent = NULL;
	free(state.marks);
	arena_free(state.arena);
}
