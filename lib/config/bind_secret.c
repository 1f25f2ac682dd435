/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Secrets in statements: what follows the keyword of a secret, or what looks like such a keyword,
 * is hidden from diagnostics, however wrong the statement is.
 */
#include <string.h>

#include "config/bind_state.h"
#include "config/suggest.h"

void bind_hide_words(struct bind *b, const struct node *node, unsigned from)
{
	for (unsigned i = from; i < node->n_words; i++)
		diags_hide(b->diags, node->words[i].at);
}

void bind_hide_rest(struct bind *b, const struct node *node)
{
	struct place at = node->words[0].at;

	if (at.column && at.column + node->words[0].len <= UINT16_MAX)
		at.column = (uint16_t)(at.column + node->words[0].len);
	else
		at.column = 0;
	at.length = UINT16_MAX;
	diags_hide(b->diags, at);
}

/** The words of all secrets, found once. */
static void find_secrets(struct bind_state *state)
{
	struct block_walk walk;

	state->secrets_known = true;
	suggest_walk(&walk, state->sections, state->n_sections);
	for (size_t i = 0; i < walk.n; i++) {
		const struct block_type *type = walk.types[i];

		for (uint32_t k = 0; k < type->n_keywords; k++) {
			if (type->keywords[k].flags & KW_SECRET &&
			    state->n_secrets < ARRAY_LEN(state->secrets))
				state->secrets[state->n_secrets++] = type->keywords[k].word;
		}
	}
}

bool bind_looks_secret(const struct bind *b, const char *word)
{
	struct bind_state *state = bind_state_of(b);

	if (!state->secrets_known)
		find_secrets(state);
	for (unsigned i = 0; i < state->n_secrets; i++) {
		if (suggest_is_near(word, state->secrets[i]))
			return true;
	}
	return false;
}

void bind_hide_mentioned(struct bind *b, const struct node *node, unsigned from)
{
	for (unsigned i = from; i + 1 < node->n_words; i++) {
		if (bind_looks_secret(b, node->words[i].text)) {
			bind_hide_words(b, node, i + 1);
			return;
		}
	}
}
