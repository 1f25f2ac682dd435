/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is wrong with a statement, in words: one diagnostic a mistake, with the way out as hint.
 *
 * What keepalived 2.4 accepts without a word is at most a note here.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "config/bind_state.h"
#include "config/suggest.h"
#include "config/value.h"

enum { SUGGESTIONS_MAX = 200 };

const char *bind_shown(char *buffer, size_t size, const struct word *word)
{
	return str_printable(buffer, size, word->text, word->len);
}

/** What stands between keyword and value by mistake. */
static const char *slip_of(const char *word)
{
	size_t len = strlen(word);

	if (!strcmp(word, "="))
		return "there is no '=' between a keyword and its value";
	if (strstr(word, "\xc2\xa0"))
		return "it contains a no-break space (U+00A0): use plain blanks";
	if (strstr(word, "\xe2\x80\x9c") || strstr(word, "\xe2\x80\x9d"))
		return "typographic quotes (U+201C, U+201D) are no quotes: use \"";
	if (strstr(word, "\xe2\x80\x98") || strstr(word, "\xe2\x80\x99"))
		return "typographic quotes (U+2018, U+2019) are no quotes: use \"";
	if (strstr(word, "{{") || strstr(word, "}}") || strstr(word, "<%") ||
	    (len > 2 && word[0] == '@' && word[len - 1] == '@') ||
	    (len > 2 && word[0] == '<' && word[len - 1] == '>'))
		return "this looks like a template that was not filled in";
	return NULL;
}

void bind_hint_slip(struct bind *b, struct diag *d, const char *word)
{
	const char *slip = slip_of(word);
	size_t len = strlen(word);

	if (slip)
		diag_hint(b->diags, d, "%s", slip);
	else if (len > 1 && (word[len - 1] == ';' || word[len - 1] == ','))
		diag_hint(b->diags, d, "write '%.*s': nothing ends a line or a word but the blank",
			  (int)MIN_OF(len - 1, (size_t)SHOWN_MAX), word);
}

/** A keyword with its argument glued to it. */
static bool hint_glued(struct bind *b, struct diag *d, const struct block_type *type,
		       const char *word)
{
	for (uint32_t i = 0; i < type->n_keywords; i++) {
		const char *keyword = type->keywords[i].word;
		size_t len = strlen(keyword);

		if (len < 4 || strncmp(word, keyword, len) || isalpha((unsigned char)word[len]) ||
		    word[len] == '_')
			continue;
		diag_hint(b->diags, d, "is a blank missing after '%s'?", keyword);
		return true;
	}
	return false;
}

/** What a wrong keyword may have meant. */
struct guess {
	const char *near;	/* a keyword of this block, NULL if none is near */
	struct strbuf homes;	/* the blocks that have this very word */
	struct strbuf far;	/* else the nearest keyword of any block */
};

static const struct block_walk *all_blocks(struct bind_state *state)
{
	if (!state->blocks) {
		state->blocks = arena_new_of(state->arena, struct block_walk);
		suggest_walk(state->blocks, state->sections, state->n_sections);
	}
	return state->blocks;
}

static void make_guess(struct bind *b, const struct block_type *type, const char *word,
		       struct guess *out)
{
	struct bind_state *state = bind_state_of(b);

	*out = (struct guess){ 0 };
	if (state->n_unknown++ >= SUGGESTIONS_MAX)
		return;
	out->near = type ? keyword_suggest(type, word) :
			   suggest_section(state->sections, state->n_sections, word);
	suggest_homes(all_blocks(state), state->sections, state->n_sections, word, &out->homes);
	if (!out->near && !out->homes.len)
		(void)suggest_far(all_blocks(state), state->sections, state->n_sections, word,
				  &out->far);
}

static void hint_guess(struct bind *b, struct diag *d, const struct block_type *type,
		       const char *word, const struct guess *guess)
{
	const struct bind_state *state = bind_state_of(b);
	bool glued = false;

	if (guess->near && !strcasecmp(word, guess->near))
		diag_hint(b->diags, d, "upper and lower case differ");
	if (guess->homes.len)
		diag_hint(b->diags, d, "'%s' belongs in %s", word, strbuf_text(&guess->homes));
	if (guess->near || guess->homes.len || state->n_unknown > SUGGESTIONS_MAX)
		return;
	for (size_t i = 0; !glued && i < (type ? 1 : state->n_sections); i++)
		glued = hint_glued(b, d, type ? type : state->sections[i].type, word);
}

/** What follows the unknown word: where it is, what was meant, what becomes of it. */
static void add_circumstances(struct strbuf *out, const struct block_type *type,
			      const struct guess *guess, bool skipped)
{
	if (type)
		strbuf_addf(out, " in %s", type->name);
	if (guess->near)
		strbuf_addf(out, "; did you mean '%s'?", guess->near);
	else if (guess->far.len)
		strbuf_addf(out, "; did you mean %s?", strbuf_text(&guess->far));
	if (skipped)
		strbuf_add(out, guess->near || guess->far.len ? " Its block is skipped" :
								": its block is skipped");
}

/** The row of the keyword that was meant; it may be missing for that reason alone. */
static int meant_row(const struct block_type *type, const struct guess *guess)
{
	for (uint32_t i = 0; type && guess->near && i < type->n_keywords; i++) {
		if (!strcmp(type->keywords[i].word, guess->near))
			return (int)i;
	}
	return -1;
}

int bind_report_unknown(struct bind *b, const struct block_type *type, struct node *node,
			 unsigned i)
{
	const struct word *word = &node->words[i];
	const char *kind = type && type->form == BLOCK_RECORD ? "option" : "keyword";
	struct strbuf more = { 0 };
	char shown[SHOWN_MAX];
	struct guess guess;
	struct diag *d;

	if (bind_looks_secret(b, word->text))
		bind_hide_words(b, node, i + 1);
	bind_shown(shown, sizeof(shown), word);
	make_guess(b, type, word->text, &guess);
	add_circumstances(&more, type, &guess, node->has_block && i == 0);
	d = bind_error(b, "unknown-keyword", node, i, "unknown %s '%s'%s", kind, shown,
		       strbuf_text(&more));
	if (slip_of(word->text))
		bind_hint_slip(b, d, word->text);
	hint_guess(b, d, type, word->text, &guess);
	if (node->has_block && i == 0 && node->parent && node->parent->close_at.line)
		diag_see(b->diags, d, node->parent->close_at,
			 "the rest of the outer block is read, to here");
	if (node->has_block && i == 0 && node->n_words > 1)
		diags_mistaken_name(b->diags, node->words[1].text);
	strbuf_fini(&more);
	strbuf_fini(&guess.homes);
	strbuf_fini(&guess.far);
	return meant_row(type, &guess);
}

void bind_report_extra(struct bind *b, const struct keyword *kw, struct node *node, unsigned next)
{
	const struct word *word = &node->words[next];
	bool flag = kw->type == &value_flag;
	/* 2.4 complains about words before the '{' of a list only. */
	bool list = kw->type == &value_records || kw->type == &value_word_block;
	const struct bind_frame *frame = bind_state_of(b)->frame;
	char shown[SHOWN_MAX];
	struct diag *d;

	if (kw->flags & KW_SECRET)
		(void)str_printable(shown, sizeof(shown), "***", 3);
	else
		bind_shown(shown, sizeof(shown), word);
	d = diag_add(b->diags, list ? DIAG_WARNING : DIAG_NOTE, "extra-word", word->at,
		     flag ? "'%s' is ignored: %s takes no value" :
			    "'%s' is ignored: %s takes nothing more",
		     shown, kw->word);
	d->apart = true;
	if (bind_find(frame->table, word->text, word->len) >= 0)
		diag_hint(b->diags, d, "'%s' has to begin a line of its own", shown);
	else if (flag)
		diag_hint(b->diags, d, "to turn it off leave out %s", kw->word);
	else
		bind_hint_slip(b, d, word->text);
}

void bind_report_block(struct bind *b, const struct keyword *kw, struct node *node)
{
	if (node->has_block) {
		diag_error(b->diags, "unexpected-block", node->open_at,
			   "unexpected '{': %s takes no block", kw->word);
		return;
	}
	bind_error(b, "missing-brace", node, node->n_words, "'{' is missing after %s", kw->word);
}

void bind_report_row(struct bind *b, const struct keyword *kw, struct node *node, unsigned i)
{
	struct diag *d = NULL;

	if (kw->flags & KW_NOT_BUILT)
		bind_warning(b, "not-built", node, i, "%s has no effect: this build lacks it",
			     kw->word);
	if (kw->flags & KW_OBSOLETE)
		d = bind_warning(b, "obsolete", node, i, "%s is obsolete and has no effect",
				 kw->word);
	else if (kw->flags & KW_DEPRECATED)
		d = bind_warning(b, "deprecated", node, i, "%s is deprecated", kw->word);
	else if (kw->flags & KW_ALIAS && kw->instead)
		d = diag_note(b->diags, "alias", node_place(node, i),
			      "%s is another name for %s", kw->word, kw->instead);
	else if (kw->flags & KW_NO_EFFECT)
		d = diag_note(b->diags, "no-effect", node_place(node, i), "%s has no effect",
			      kw->word);
	if (d && kw->instead && !(kw->flags & KW_ALIAS))
		diag_hint(b->diags, d, "write %s instead", kw->instead);
	else if (d && kw->flags & KW_OBSOLETE)
		diag_hint(b->diags, d, "it can be deleted");
}

void bind_report_missing(struct bind *b, const struct object *object, const struct keyword *kw)
{
	diag_error(b->diags, "missing-keyword", object->at, "%s%s%s needs %s", object->type->name,
		   object->name ? " " : "", object->name ? object->name : "", kw->word);
}
