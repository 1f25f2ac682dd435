/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Value types: how the words of the language become fields.
 *
 * Numbers are whole words in decimal: trailing text is an error everywhere. The field's type is
 * in the name. Ranges come from the row, in the row's unit.
 */
#pragma once

#include "base/enum.h"
#include "base/time.h"
#include "config/bind.h"
#include "net/addr.h"

extern const struct value_type value_flag;	/* bool; no argument; words after it are ignored
						   with a note ("nopreempt no" sets it) */
extern const struct value_type value_bool;	/* bool; true on yes / false off no */
extern const struct value_type value_tristate;	/* enum tristate: unset, on, off; as value_bool */
extern const struct value_type value_u8, value_u16, value_u32, value_u64;
extern const struct value_type value_i8, value_i16, value_i32, value_i64;
extern const struct value_type value_u32_c;	/* uint32_t; hexadecimal and octal allowed too */
extern const struct value_type value_span;	/* kspan; decimal seconds (or ->unit), 6 decimals */
extern const struct value_type value_text;	/* const char *; one word, may be empty if quoted */
extern const struct value_type value_name;	/* const char *; ->max bytes at most, 0: any */
extern const struct value_type value_ifname;	/* const char *; at most 15 bytes, no '/', blank */
extern const struct value_type value_path;	/* const char *; absolute unless ->arg is set */
extern const struct value_type value_addr;	/* struct addr of either family */
extern const struct value_type value_addr4, value_addr6;
extern const struct value_type value_enum;	/* int; ->arg is a const struct enum_words * */
extern const struct value_type value_words;	/* struct word_list; the rest of the line */
extern const struct value_type value_word_block; /* struct word_list; { words on any lines } */
extern const struct value_type value_block;	/* struct object_list; ->arg is a block_type; each
						   use adds an object */
extern const struct value_type value_one_block;	/* pointer to object; ->arg is a block_type; a
						   second use continues the first */
extern const struct value_type value_records;	/* struct object_list; { one record a line };
						   ->arg is a block_type of form BLOCK_RECORD */
extern const struct value_type value_record;	/* struct object_list; one record in the rest of
						   the statement's words; each use adds one */
extern const struct value_type value_none;	/* no field: the words are only accepted */
extern const struct value_type value_ignored_block; /* no field: a block nobody looks into */

enum tristate { TRISTATE_UNSET, TRISTATE_ON, TRISTATE_OFF };

/** Words of an enumeration, for value_enum. */
struct enum_word {
	const char *word;
	int value;
	const char *instead;	/* deprecated spelling: what to write */
};
struct enum_words {
	const struct enum_word *words;
	size_t n;
	bool any_case;
	const char *what;	/* "a scheduler", for messages */
};
#define ENUM_WORDS(name, what_, ...)                                                         \
	static const struct enum_word name##_list[] = { __VA_ARGS__ };                       \
	static const struct enum_words name = { .words = name##_list, .n = ARRAY_LEN(name##_list), \
						.what = (what_) }

/** For value types elsewhere: the next word, or NULL after reporting that the keyword needs one. */
const struct word *value_next_word(struct bind *, const struct keyword *, struct node *,
				   unsigned *next);
/** For value types elsewhere: read one number word with the usual messages. */
bool value_read_u64(struct bind *, const char *what, const struct word *, uint64_t min,
		    uint64_t max, uint64_t *out);
bool value_read_i64(struct bind *, const char *what, const struct word *, int64_t min,
		    int64_t max, int64_t *out);
/** Add @value / @unit in decimal: (1500000000, 1000000000) is "1.5". */
void value_print_scaled(int64_t value, int64_t unit, struct strbuf *out);
/** Add the word to @out, quoted when it has to be; NULL adds nothing. */
/** ns of one written unit of a time row's numbers; 1 for others. */
int64_t value_unit(const struct keyword *);
void value_print_word(const char *text, struct strbuf *out);
