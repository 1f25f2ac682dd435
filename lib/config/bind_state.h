/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside binding: bind.c walks statements, bind_object.c makes and looks at objects, bind_table.c
 * finds rows, bind_report.c explains what is wrong with a word.
 */
#pragma once

#include "config/bind.h"

enum { KEYWORDS_MAX = 512, BLOCK_NESTING_MAX = 16, SECRETS_MAX = 16, MARK_LENGTH_MAX = 127 };

/** What a block type's words are found with; made when the type is first met. */
struct word_table {
	const struct block_type *type;
	uint16_t *slots;	/* row + 1; open addressing */
	uint32_t mask;
	uint32_t *hashes;	/* by row */
	uint32_t *lens;
	int plain_row;		/* of statements without keyword, -1: there are none */
};

/** The object that is being filled. */
struct bind_frame {
	struct bind *bind;
	const struct word_table *table;
	struct object *object;
	struct bind_frame *outer;
	uint32_t first_mark;			/* in ->marks of the state */
	uint64_t seen[KEYWORDS_MAX / 64];	/* rows used, stored or not */
};

struct bind_state {
	struct word_table **tables;	/* hash table by type */
	uint32_t n_tables, cap_tables;
	struct arena *arena;		/* of the tables; freed with the state */
	struct set_mark *marks;		/* of all objects being filled, innermost last */
	uint32_t n_marks, cap_marks;
	struct bind_frame *frame;	/* innermost */
	const struct bind_section *sections;
	size_t n_sections;
	bool in_record;
	struct block_walk *blocks;	/* all, once a suggestion needs them */
	unsigned n_unknown;		/* words reported: suggestions cost time */
	const char *secrets[SECRETS_MAX]; /* keywords of secrets, once they are needed */
	unsigned n_secrets;
	bool secrets_known;
};

/** The table of a type. */
const struct word_table *bind_table(struct bind_state *, const struct block_type *);
/** The row of a word, -1 if there is none. */
int bind_find(const struct word_table *, const char *word, size_t len);
/** The row of a top-level word, NULL if there is none; *out_section is where it belongs. */
const struct keyword *bind_find_section(struct bind_state *, const struct word *,
					size_t *out_section);
/** The type of the block that a row opens, NULL if it opens none or holds plain values. */
const struct block_type *bind_block_type(const struct keyword *);

static inline struct bind_state *bind_state_of(const struct bind *b)
{
	return b->private;
}

static inline bool bind_row_seen(const struct bind_frame *frame, unsigned row)
{
	return frame->seen[row / 64] >> row % 64 & 1;
}

/** Has the statement's keyword been used in this object before? For value types. */
bool bind_used_before(const struct bind *, const struct keyword *);

/** Does the word look like the keyword of a secret of any block? */
bool bind_looks_secret(const struct bind *, const char *word);
/** The words from @from on are secret. */
void bind_hide_words(struct bind *, const struct node *, unsigned from);
/** What follows a word from @from on that looks like the keyword of a secret is one: a statement
 *  whose line end is missing. */
void bind_hide_mentioned(struct bind *, const struct node *, unsigned from);
/** All that follows the first word is secret, whatever the lexer made of it. */
void bind_hide_rest(struct bind *, const struct node *);

/** Report a word that is no keyword of the block. @block NULL: of the top level. The row of the
 *  block that was meant, -1 if none is near. */
int bind_report_unknown(struct bind *, const struct block_type *block, struct node *, unsigned i);
/** Report words from @next on that nobody read. */
void bind_report_extra(struct bind *, const struct keyword *, struct node *, unsigned next);
/** Report a row whose block is missing or should not be there. */
void bind_report_block(struct bind *, const struct keyword *, struct node *);
/** Words about the row's own state: deprecated, obsolete, not built. */
void bind_report_row(struct bind *, const struct keyword *, struct node *, unsigned i);
void bind_report_missing(struct bind *, const struct object *, const struct keyword *);
/** Add a hint if the word shows a well-known slip: '=', ';', typographic quotes, templates. */
void bind_hint_slip(struct bind *, struct diag *, const char *word);
/** Quote foreign bytes in a message. */
const char *bind_shown(char *buffer, size_t size, const struct word *);
enum { SHOWN_MAX = 120 };

/** Place for one more pointer known to come: at most @n in all. */
/** The field of a row, to be written. */
void *bind_field(struct bind *, const struct block_type *, struct object *,
		 const struct keyword *);
void object_list_reserve(struct arena *, struct object_list *, uint32_t n);
