/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Diagnostics: everything found about a configuration, as a list.
 *
 * Parsing never exits, prints or logs: it adds to the list, the front end prints. One mistake
 * gives one diagnostic; identical ones (same place, same message) are kept once.
 */
#pragma once

#include <stdio.h>

#include "base/str.h"
#include "config/place.h"

enum diag_severity {
	DIAG_NOTE,	/* advice; never changes an exit status */
	DIAG_WARNING,	/* something is changed or ignored harmlessly */
	DIAG_ERROR,	/* something that was configured is dropped */
};

enum diag_class {
	DIAG_CLASS_CONFIG,	/* exit status 4 */
	DIAG_CLASS_CANNOT_RUN,	/* exit status 3 */
	DIAG_CLASS_SECURITY,	/* exit status 5 */
};

struct diag {
	enum diag_severity severity;
	enum diag_class class;
	struct place at;
	const char *message;
	const char *hint;	/* NULL: none; several lines joined with \n */
	const char *rule;	/* short stable identifier: "unknown-keyword", ... */
	struct place see;	/* a second place worth showing, or nowhere */
	const char *see_label;	/* "first defined here" */
	bool whole;		/* about the whole configuration: text shows no position */
	bool in_full;		/* a note that is shown at its place even in brief */
	bool apart;		/* a note with a line of its own in brief, and its column */
};

/** Which notes are printed. */
enum diag_notes {
	DIAG_NOTES_NONE,
	DIAG_NOTES_FULL,	/* as all other findings */
	DIAG_NOTES_BRIEF,	/* text: a line for each rule, at the end; else as FULL */
};

struct diags;

struct diags *diags_new(void);
void diags_free(struct diags *);

/** Add one; @rule is a literal. Returns it so that a hint or second place can be added, or the
 *  earlier identical one. Messages start in lower case and end without a stop. */
struct diag *diag_add(struct diags *, enum diag_severity, const char *rule, struct place,
		      const char *fmt, ...) attr_printf(5, 6);
#define diag_error(diags, rule, at, ...)   diag_add(diags, DIAG_ERROR, rule, at, __VA_ARGS__)
#define diag_warning(diags, rule, at, ...) diag_add(diags, DIAG_WARNING, rule, at, __VA_ARGS__)
#define diag_note(diags, rule, at, ...)	   diag_add(diags, DIAG_NOTE, rule, at, __VA_ARGS__)
void diag_hint(struct diags *, struct diag *, const char *fmt, ...) attr_printf(3, 4);
void diag_see(struct diags *, struct diag *, struct place, const char *label);
void diag_class(struct diag *, enum diag_class);

/** What was reported last is a mistake in that field of an object: that the field is not set, or
 *  not as it should be, needs no report of its own. */
void diags_mistaken(struct diags *, const void *object, size_t field);
/** For ->field: any of the object's. */
#define DIAG_ANY_FIELD SIZE_MAX
/** The diagnostic about a mistake in that field, NULL if there is none. */
struct diag *diags_mistake_of(const struct diags *, const void *object, size_t field);

/** What was reported last is why there is no object of that name (NULL: of any name): references
 *  to it need no report. */
void diags_mistaken_name(struct diags *, const char *name);
bool diags_is_mistaken_name(const struct diags *, const char *name);

/** The text at @place is secret: no excerpt shows it, wherever it came from. */
void diags_hide(struct diags *, struct place);

size_t diags_count(const struct diags *, enum diag_severity);
/** Errors or warnings of that class. */
size_t diags_count_class(const struct diags *, enum diag_class);
/** In order of place (file order, then line, then column). Valid until the next diag_add(). */
const struct diag *const *diags_sorted(struct diags *, size_t *out_n);

enum diag_format { DIAG_TEXT, DIAG_JSON, DIAG_SARIF, DIAG_GITHUB };

struct diag_print_options {
	enum diag_format format;
	bool colour;
	enum diag_notes notes;
};
/** All of them in one document (text: each with excerpt and caret, then nothing else). */
void diags_render(struct diags *, const struct source_map *, const struct diag_print_options *,
		  struct strbuf *out);
/** One of them as a single line "FILE:LINE:COL: error: message; hint" for the log. */
void diag_render_line(const struct diag *, const struct source_map *, struct strbuf *out);
