/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keyword tables: the row is the only place where a keyword exists.
 *
 * A block type is a table of keywords and the struct that they fill. Binding a block walks its
 * statements, finds each statement's row, lets the row's value type read the words into the
 * field, and remembers which rows were set and where. Parsing, defaults, ranges, diagnostics,
 * dumps, JSON, the reference manual, editor support and the comparison of two configurations all
 * read the same rows.
 *
 *	static const struct keyword instance_keywords[] = {
 *		{ .word = "priority", .type = &value_u8, .at = AT(priority), .min = 1, .max = 255,
 *		  .label = "Priority", .json = "base_priority",
 *		  .help = "Higher wins the election; 255 means this router owns the addresses." },
 *	};
 *
 * Three forms of block:
 *  - keywords: every statement is a keyword of the table (vrrp_instance);
 *  - record: one line whose words are a head and options, each option a row (an address, a
 *    route): used for the lines of a list block and for statements with options;
 *  - list blocks, { one record or plain value a line }, are a value type (value_records,
 *    value_words) of the row that holds them. In a named block of lines the row whose word is ""
 *    takes every statement that no other row knows, from its first word on (value_record).
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "config/diag.h"
#include "config/lex.h"

struct bind;
struct keyword;
struct block_type;

enum value_block { VALUE_NO_BLOCK, VALUE_NEEDS_BLOCK, VALUE_MAY_HAVE_BLOCK };

/** How a keyword's words become a field, and back. One const instance per type, in value.h. */
struct value_type {
	const char *name;	/* for messages and the manual: "number", "time", "address" */
	size_t size;		/* of the field; 0 if it has none */
	/**
	 * Read from word *next of the statement on, advance *next past what was used, store into
	 * @field (already holds the default or an earlier value). Report problems at their word;
	 * on an error leave the field as it was. True if something was stored.
	 */
	bool (*parse)(struct bind *, const struct keyword *, struct node *, unsigned *next,
		      void *field);
	int64_t unit;		/* times: ns of one written unit if the row does not say */
	/** Canonical words after the keyword, "" for a flag. NULL: cannot be printed. */
	void (*print)(const struct keyword *, const void *field, struct strbuf *out);
	/** NULL: compare ->size bytes. */
	bool (*equal)(const struct keyword *, const void *a, const void *b);
	/** Synopsis of the arguments for the manual and messages: "N", "IFNAME". */
	const char *synopsis;
	/** Reads ->raw of the statement instead of its words. */
	bool reads_raw;
	/** Does a { block } follow the words? Types that read node->first say so here; all others
	 *  leave it zero: bind_block() reports a block that is missing or should not be there. */
	enum value_block takes_block;
};

enum keyword_flag {
	KW_REQUIRED	= 1 << 0,	/* an error if the block does not have it */
	KW_FIRST_WINS	= 1 << 1,	/* a second use is reported and ignored */
	KW_APPEND	= 1 << 2,	/* every use adds to the field (lists, blocks) */
	KW_OPTIONAL_ARG = 1 << 3,	/* may stand alone: ->alone is stored then */
	KW_EXTRA_IGNORED = 1 << 4,	/* further words are ignored without a note */
	/* reaction of a running object when the value differs after a reload: */
	KW_RESTART	= 1 << 5,	/* the object is stopped and started anew */
	KW_IDENTITY	= 1 << 6,	/* a different value is a different object */
	KW_FIXED	= 1 << 7,	/* cannot change without restarting the daemon */
	KW_SECRET	= 1 << 8,	/* never shown */
	KW_NO_EFFECT	= 1 << 9,	/* accepted for compatibility only */
	KW_MASKED	= 1 << 10,	/* not in dumps (aliases and the like) */
	KW_DEPRECATED	= 1 << 11,	/* alias that is a warning; see ->instead */
	KW_ALIAS	= 1 << 12,	/* alias that is a note; see ->instead */
	KW_OBSOLETE	= 1 << 13,	/* has no effect any more: a warning says so */
	KW_NOT_BUILT	= 1 << 14,	/* this build lacks the feature: a warning says so */
	KW_OWN_ROW	= 1 << 15,	/* speaks for itself: other rows with the same ->at are no
					   aliases (each has a part of the field), and it is printed
					   only if it was set, whatever the field holds */
	KW_LAST_WINS	= 1 << 16,	/* a second use is reported, and counts */
};

struct keyword {
	const char *word;
	const struct value_type *type;
	size_t at;			/* offset of the field in the block's struct; PART_AT() */
	unsigned flags;
	int64_t min, max;		/* numbers: their own unit; times: ns. Both 0: the type's */
	int64_t alone;			/* stored by KW_OPTIONAL_ARG without argument */
	int64_t unit;			/* times: ns of one written unit, default 1 s */
	const void *arg;		/* what the type needs: enum words, block type, ... */
	const char *instead;		/* aliases: the word to write */
	const char *label;		/* in .data dumps; NULL: not dumped */
	const char *json;		/* in JSON; NULL: not there */
	const char *help;		/* one or two sentences for the manual */
	const char *synopsis;		/* overrides the type's */
	const char *default_text;	/* for the manual when the default object does not say it */
	/** Called after a value was stored, for what the table cannot say (order effects). */
	void (*stored)(struct bind *, const struct keyword *, struct node *, void *object);
};

/** Where a row was set: its value, or the keyword if it has none. */
struct set_mark {
	uint16_t row : 9;
	uint16_t length : 7;	/* of the word there, as far as it fits */
	uint16_t column;
	uint32_t line;
};

static inline struct place set_mark_place(const struct set_mark *mark)
{
	return (struct place){ .line = mark->line, .column = mark->column, .length = mark->length };
}

/** The head of every bound object; first member of the block's struct. */
struct object {
	const struct block_type *type;
	const char *name;	/* the block's name word, NULL without */
	struct set_mark *marks;	/* in order of setting */
	uint32_t n_marks;
	uint32_t name_len;
	struct place at;	/* the keyword that opened it, or the first word of the line */
	struct place name_at;
};

/** A growing list of objects (pointers in the configuration's arena). */
struct object_list {
	void **items;
	uint32_t n;
	uint32_t cap;
};

/** A growing list of words. */
struct word_list {
	const char **items;
	struct place *places;
	uint32_t n;
	uint32_t cap;
};

enum block_form { BLOCK_KEYWORDS, BLOCK_RECORD };

/**
 * A part of a block's struct that stands apart: the struct has a const pointer to it. All objects
 * share the defaults until a row of the part is set; then the object gets its own copy. For what
 * most objects leave as it is, or have in common.
 */
struct block_part {
	size_t at;		/* of the pointer in the block's struct */
	size_t size;
	const void *defaults;
};

/** ->at of a row whose field is @member of the part number @part, a struct @type. */
#define PART_AT(part, type, member) \
	(((size_t)(part) + 1) << PART_AT_SHIFT | offsetof(type, member))
#define PART_AT_SHIFT 16

struct block_type {
	const char *name;		/* "vrrp_instance"; of a record: "address" */
	enum block_form form;
	const struct keyword *keywords;
	uint32_t n_keywords;
	uint32_t size;			/* of the struct that begins with struct object */
	const void *defaults;		/* a const struct of that type; NULL: zeros */
	const struct block_part *parts;	/* by number in PART_AT(); the defaults point to theirs */
	/** Header words of a block after its keyword (its name), or the first words of a record:
	 *  from *next on. False: the block or line is dropped (already reported).
	 *  NULL: no header words; block_name() takes exactly one name. */
	bool (*head)(struct bind *, struct object *, struct node *, unsigned *next);
	const char *head_synopsis;
	/** After the last statement: what concerns this object alone. May be NULL.
	 *  False: drop the object (already reported). */
	bool (*done)(struct bind *, struct object *, struct node *);
	/** A record's words that are no option: false to treat it as unknown. May be NULL. */
	bool (*other)(struct bind *, struct object *, struct node *, unsigned *next);
	/** Head words of the object as canonical text, for printing. NULL: its name. */
	void (*print_head)(const struct object *, struct strbuf *out);
	/** Key that makes an object of a list the same after a reload. NULL: its name. */
	void (*key)(const struct object *, struct strbuf *out);
	const char *help;
};

#define KEYWORDS(table) .keywords = (table), .n_keywords = ARRAY_LEN(table)

/** Longest name of an object: it becomes part of file names, messages and packets elsewhere. */
#define BIND_NAME_MAX 255
/** ->head for blocks with exactly one name word; reports a missing or superfluous one. */
bool block_name(struct bind *, struct object *, struct node *, unsigned *next);

/** What binding needs from its caller and offers to value types, heads and done functions. */
struct bind {
	struct arena *arena;		/* of the configuration */
	struct diags *diags;
	const struct source_map *sources;
	void *root;			/* what the caller passed: core's context */
	struct object *parent;		/* enclosing object while a nested block is bound */
	void *private;			/* bind.c's own */
	bool said_something;		/* by bind_all(): there was a statement */
};

/** Sections: a table of top-level keywords and the struct that they fill. */
struct bind_section {
	const struct block_type *type;
	struct object *object;		/* filled by bind_all() */
	const char *owner;		/* "vrrp", for messages about parts that are not built */
};

/** Bind everything that @lexer yields into freshly allocated section objects. */
void bind_all(struct bind *, struct lexer *, struct bind_section *, size_t n_sections);

/** Bind one block's statements into @object (for value types of nested blocks). */
void bind_block(struct bind *, const struct block_type *, struct node *, struct object *);
/** Bind the words of @node from @next on as a record. False if it is dropped. */
bool bind_record(struct bind *, const struct block_type *, struct node *, unsigned next,
		 struct object *);
/** Allocate an object of the type with its defaults. */
void *bind_object_new(struct bind *, const struct block_type *);
void object_list_add(struct arena *, struct object_list *, void *object);
void word_list_add(struct arena *, struct word_list *, const char *text, struct place);

/** The word is secret: diagnostics do not show it. */
#define bind_hide(b, word) diags_hide((b)->diags, (word)->at)

/** Reporting with the words at hand; @i may be beyond the last word. */
#define bind_error(b, rule, node, i, ...) \
	diag_error((b)->diags, rule, node_place(node, i), __VA_ARGS__)
#define bind_warning(b, rule, node, i, ...) \
	diag_warning((b)->diags, rule, node_place(node, i), __VA_ARGS__)

/** The row of @type whose field is at @at: the first that is no alias, a deprecated one only if
 *  there is no other; NULL if none. */
const struct keyword *keyword_at(const struct block_type *, size_t at);
/** The field of a row in @object, which is one of @type or its defaults. */
const void *object_field(const struct block_type *type, const void *object,
			 const struct keyword *);
/** A part of the object to be written: its own copy from now on. */
void *object_own_part(struct arena *, const struct block_type *, struct object *, unsigned part);
/** Keep what was put together in @part: as @last (may be NULL) if that is equal, else as a copy. */
const void *part_share(struct arena *, const void *part, const void *last, size_t size);
/** Was this field set by the configuration? */
bool object_is_set(const struct object *, size_t at);
/** Place of the value that was set last, of the keyword if it has no value, else of the object
 *  itself. */
struct place object_place(const struct object *, size_t at);
/** @to was made from @from: mark the rows of @to as set whose words set a row of @from that is
 *  @wanted. */
void object_add_marks(struct arena *, struct object *to, const struct object *from,
		      bool (*wanted)(const struct keyword *));
/** The nearest keyword of a block for a wrong word, NULL if nothing is near. */
const char *keyword_suggest(const struct block_type *, const char *word);

#define object_of(ptr) (&(ptr)->object)
