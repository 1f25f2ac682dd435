/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words to rows: a hash table per block type, made once for a whole configuration.
 */
#include <string.h>

#include "config/bind_state.h"
#include "config/value.h"

static uint64_t load(const char *p, size_t n)
{
	uint64_t v = 0;

	memcpy(&v, p, n);
	return v;
}

/** Keywords are short: their first and last bytes and their length tell them apart. */
static uint32_t hash_word(const char *word, size_t len)
{
	uint64_t a, b;

	if (len >= 8) {
		a = load(word, 8);
		b = load(word + len - 8, 8);
	} else if (len >= 4) {
		a = load(word, 4);
		b = load(word + len - 4, 4);
	} else {
		a = len ? (uint8_t)word[0] : 0;
		b = len ? (uint64_t)(uint8_t)word[len / 2] << 8 | (uint8_t)word[len - 1] : 0;
	}
	a = (a ^ len * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xff51afd7ed558ccd);
	b = (b + a) * UINT64_C(0xc4ceb9fe1a85ec53);
	return (uint32_t)((a ^ b) >> 32);
}

static struct word_table *table_new(struct arena *arena, const struct block_type *type)
{
	struct word_table *table = arena_new_of(arena, struct word_table);
	uint32_t n = 4;

	while (n < type->n_keywords * 2)
		n *= 2;
	table->type = type;
	table->plain_row = -1;
	table->mask = n - 1;
	table->slots = arena_calloc(arena, n, sizeof(*table->slots));
	table->hashes = arena_calloc(arena, type->n_keywords + 1u, sizeof(*table->hashes));
	table->lens = arena_calloc(arena, type->n_keywords + 1u, sizeof(*table->lens));
	for (uint32_t row = 0; row < MIN_OF(type->n_keywords, (uint32_t)KEYWORDS_MAX); row++) {
		const char *word = type->keywords[row].word;
		uint32_t len = (uint32_t)strlen(word), hash = hash_word(word, len);
		uint32_t slot = hash & table->mask;

		while (table->slots[slot])
			slot = (slot + 1) & table->mask;
		table->slots[slot] = (uint16_t)(row + 1);
		table->hashes[row] = hash;
		table->lens[row] = len;
		if (!len)
			table->plain_row = (int)row;
	}
	return table;
}

/** The slot for a type's table: of the one found, or empty. */
static struct word_table **table_slot(struct bind_state *state, const struct block_type *type)
{
	size_t i = (size_t)((uintptr_t)type >> 4);

	for (;; i++) {
		struct word_table **slot = &state->tables[i & (state->cap_tables - 1)];

		if (!*slot || (*slot)->type == type)
			return slot;
	}
}

static void grow_tables(struct bind_state *state)
{
	struct word_table **old = state->tables;
	uint32_t cap = state->cap_tables;

	state->cap_tables = cap ? cap * 2 : 64;
	state->tables = arena_calloc(state->arena, state->cap_tables, sizeof(struct word_table *));
	for (uint32_t i = 0; i < cap; i++) {
		if (old[i])
			*table_slot(state, old[i]->type) = old[i];
	}
}

const struct word_table *bind_table(struct bind_state *state, const struct block_type *type)
{
	struct word_table **slot;

	if (state->n_tables * 2 >= state->cap_tables)
		grow_tables(state);
	slot = table_slot(state, type);
	if (!*slot) {
		*slot = table_new(state->arena, type);
		state->n_tables++;
	}
	return *slot;
}

int bind_find(const struct word_table *table, const char *word, size_t len)
{
	uint32_t hash = hash_word(word, len), slot = hash & table->mask;

	for (; table->slots[slot]; slot = (slot + 1) & table->mask) {
		uint32_t row = table->slots[slot] - 1u;

		if (table->hashes[row] == hash && table->lens[row] == len &&
		    !memcmp(table->type->keywords[row].word, word, len))
			return (int)row;
	}
	return -1;
}

const struct keyword *bind_find_section(struct bind_state *state, const struct word *word,
					size_t *out_section)
{
	for (size_t i = 0; i < state->n_sections; i++) {
		const struct word_table *table = bind_table(state, state->sections[i].type);
		int row = bind_find(table, word->text, word->len);

		if (row >= 0) {
			*out_section = i;
			return &table->type->keywords[row];
		}
	}
	return NULL;
}

const struct block_type *bind_block_type(const struct keyword *kw)
{
	if (kw->type == &value_block || kw->type == &value_one_block ||
	    kw->type == &value_records || kw->type == &value_record)
		return kw->arg;
	return NULL;
}

const struct keyword *keyword_at(const struct block_type *type, size_t at)
{
	const struct keyword *deprecated = NULL;

	for (uint32_t i = 0; i < type->n_keywords; i++) {
		const struct keyword *kw = &type->keywords[i];

		if (kw->at != at || !kw->type->size || kw->flags & (KW_ALIAS | KW_OBSOLETE))
			continue;
		if (!(kw->flags & KW_DEPRECATED))
			return kw;
		if (!deprecated)
			deprecated = kw;
	}
	return deprecated;
}
