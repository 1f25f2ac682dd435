/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files into the stream: find the lines that need work, pass everything between them as it is.
 *
 * Also the limits: a few bytes of configuration must not become gigabytes. A line that would exceed
 * them is taken back whole and reported once.
 */
#include "config/expand.h"

#include <stdlib.h>
#include <string.h>

#include "config/expand_state.h"

enum { SHOWN_MAX = 10 };

struct expand *expand_new(struct source_map *map, const struct source_options *options,
			  const struct expand_host *host, struct diags *diags)
{
	struct expand *e = xnew(struct expand);

	e->map = map;
	e->options = options;
	e->host = host;
	e->diags = diags;
	e->arena = arena_new();
	e->checks = options->all_includes ? INCLUDE_CHECK_ALL : 0;
	e->random = options->random_seed;
	e->max_steps = EXPAND_STEPS_MAX;
	e->max_bytes = EXPAND_BYTES_MAX;
	return e;
}

void expand_free(struct expand *e)
{
	if (!e)
		return;
	define_free_all(e);
	arena_free(e->arena);
	free(e);
}

size_t trimmed_length(const char *text, size_t len)
{
	while (len && is_blank(text[len - 1]))
		len--;
	return len;
}

size_t content_length(const char *text, size_t len)
{
	bool quoted = false;
	size_t i;

	for (i = 0; i < len; i++) {
		char c = text[i];

		if (c == '"')
			quoted = !quoted;
		else if (c == '\\' && (quoted || (i + 1 < len && strchr("#!", text[i + 1]))))
			i++;
		else if (!quoted && (c == '#' || c == '!'))
			break;
	}
	return trimmed_length(text, MIN_OF(i, len));
}

struct diag *expand_error(struct expand *e, const struct xline *x, const char *rule,
			  struct place at, const char *message)
{
	struct diag *d = diag_error(e->diags, rule, at, "%s", message);

	if (x->use.line)
		diag_see(e->diags, d, x->use, "used here");
	return d;
}

bool expand_step(struct expand *e, size_t n)
{
	size_t bytes = e->bytes + e->map->made_text_len +
		       e->map->n_made * sizeof(struct made_line) +
		       e->map->n_runs * sizeof(struct source_run);

	e->steps += n;
	if (e->steps > e->max_steps || bytes > e->max_bytes)
		e->exhausted = true;
	return !e->exhausted;
}

bool expand_charge(struct expand *e, size_t amount)
{
	e->bytes += amount;
	return expand_step(e, 1);
}

static void report_cycle(struct expand *e, const struct xline *x, unsigned first,
			 struct place at)
{
	struct strbuf text = { 0 };
	struct diag *d;

	strbuf_addf(&text, "definition of '%s' refers to itself: ", e->active[first]->name);
	for (unsigned i = first; i < e->n_active; i++)
		strbuf_addf(&text, "%s -> ", e->active[i]->name);
	strbuf_add(&text, e->active[first]->name);
	d = expand_error(e, x, "recursive-definition", at, strbuf_text(&text));
	diag_see(e->diags, d, e->active[first]->at, "defined here");
	strbuf_fini(&text);
}

bool expand_enter(struct expand *e, const struct xline *x, const struct definition *definition,
		  struct place at)
{
	for (unsigned i = 0; i < e->n_active; i++) {
		if (e->active[i] == definition) {
			report_cycle(e, x, i, at);
			return false;
		}
	}
	if (e->n_active == EXPAND_DEPTH_MAX) {
		expand_error(e, x, "too-deep", at, "definitions are nested too deeply");
		return false;
	}
	e->active[e->n_active++] = definition;
	return true;
}

void expand_leave(struct expand *e)
{
	e->n_active--;
}

bool reader_next(struct line_reader *reader, struct slice *out, uint32_t *out_line)
{
	const char *start = reader->next, *newline;

	if (start >= reader->end)
		return false;
	newline = memchr(start, '\n', (size_t)(reader->end - start));
	reader->next = newline ? newline + 1 : reader->end;
	*out = (struct slice){ start, (size_t)((newline ? newline : reader->end) - start) };
	*out_line = reader->line++;
	return true;
}

/** After a line that expanded to too much: no second one may take as long. */
static void report_exhausted(struct expand *e, const struct slice *line, uint32_t number)
{
	size_t len = trimmed_length(line->text, line->len);

	e->exhausted = false;
	if (!e->exhausted_before)
		diag_error(e->diags, "too-much",
			   (struct place){ number, 1, (uint16_t)MIN_OF(len, (size_t)UINT16_MAX) },
			   "this line expands to too much text: it is dropped");
	e->exhausted_before = true;
	e->max_steps = MAX_OF(e->max_steps, e->steps + (e->max_steps >> 6));
	e->max_steps = MIN_OF(e->max_steps, (size_t)2 * EXPAND_STEPS_MAX);
}

static void read_line(struct expand *e, struct line_reader *reader)
{
	struct map_mark mark = map_mark(e->map);
	struct slice line;
	struct xline x;
	uint32_t number;

	if (!reader_next(reader, &line, &number))
		return;
	x = (struct xline){ .text = line.text,
			    .len = content_length(line.text, line.len),
			    .line = number,
			    .column = 1,
			    .reader = reader,
			    .line_end = reader->next };
	expand_line(e, &x);
	if (e->exhausted) {
		map_cut(e->map, &mark);
		report_exhausted(e, &line, number);
	}
}

/** Where the next byte or word of each kind is that makes a line need work. */
struct specials {
	const char *end;
	const char *dollar, *at, *tilde, *include;
};

static const char *find_byte(const char *known, const char *from, const char *end, char c)
{
	if (known >= from)
		return known;
	known = memchr(from, c, (size_t)(end - from));
	return known ? known : end;
}

/** The first of them from @from on, the end if there is none. */
static const char *next_special(struct specials *s, const char *from)
{
	static const char word[] = "include";
	const char *first;

	s->dollar = find_byte(s->dollar, from, s->end, '$');
	s->at = find_byte(s->at, from, s->end, '@');
	s->tilde = find_byte(s->tilde, from, s->end, '~');
	if (s->include < from) {
		s->include = memmem(from, (size_t)(s->end - from), word, sizeof(word) - 1);
		s->include = s->include ? s->include : s->end;
	}
	first = MIN_OF(MIN_OF(s->dollar, s->at), MIN_OF(s->tilde, s->include));
	return first;
}

/** The lines from the reader's position to @to, as they are. */
static void pass_lines(struct expand *e, struct line_reader *reader, const char *to)
{
	size_t len = (size_t)(to - reader->next);

	map_add_run(e->map, &(struct source_run){
				    .at = (uint64_t)(reader->next - reader->file->text),
				    .len = len,
				    .file = reader->index,
				    .line = reader->line,
				    .column = 1 });
	reader->line += (uint32_t)bytes_count(reader->next, len, '\n');
	reader->next = to;
}

static void read_lines(struct expand *e, struct line_reader *reader)
{
	const struct bytes_survey *survey = &reader->file->survey;
	struct specials specials = { .end = reader->end,
				     .dollar = survey->dollar ? NULL : reader->end,
				     .at = survey->at ? NULL : reader->end,
				     .tilde = survey->tilde ? NULL : reader->end };

	while (reader->next < reader->end) {
		const char *special = next_special(&specials, reader->next);
		const char *newline = special < reader->end ?
					      memrchr(reader->next, '\n',
						      (size_t)(special - reader->next)) :
					      NULL;

		if (special >= reader->end)
			pass_lines(e, reader, reader->end);
		else if (newline)
			pass_lines(e, reader, newline + 1);
		if (reader->next < reader->end)
			read_line(e, reader);
	}
}

/** Binary data: say where, and go on as if there were blanks. */
static void replace_bytes(struct expand *e, const struct source_file *file, char byte)
{
	char *text = (char *)file->text, *found = memchr(text, byte, file->len);
	const char *counted = text;
	uint32_t line = file->first_line, reported_line = 0;
	unsigned n = 0;

	for (; found; found = memchr(found, byte, file->len - (size_t)(found - text))) {
		const char *start = memrchr(text, '\n', (size_t)(found - text));
		uint16_t column;

		line += (uint32_t)bytes_count(counted, (size_t)(found - counted), '\n');
		counted = found;
		column = (uint16_t)MIN_OF(found - (start ? start : text - 1), UINT16_MAX);
		*found = ' ';
		if (line == reported_line || ++n > SHOWN_MAX)
			continue;
		reported_line = line;
		diag_error(e->diags, "binary",
			   (struct place){ line, column, 1 }, "%s byte (\\x%02x): this is not text",
			   byte ? "control" : "NUL", byte);
	}
}

static void report_nesting(struct expand *e, const struct source_file *file)
{
	diag_error(e->diags, "include-depth", (struct place){ file->first_line, 1, 1 },
		   "files include one another too deeply");
}

void expand_file(struct expand *e, uint32_t index)
{
	/* ->files moves when an include adds one. */
	struct source_file file = e->map->files[index];
	struct line_reader reader = { .file = &file,
				      .index = index,
				      .next = file.text,
				      .end = file.text + file.len,
				      .line = file.first_line };
	unsigned checks = e->checks;

	if (e->n_files == EXPAND_FILES_MAX) {
		report_nesting(e, &file);
		return;
	}
	e->n_files++;
	e->max_steps += file.len;
	e->max_bytes += file.len * EXPAND_BYTES_PER_BYTE;
	if (file.survey.odd) {
		replace_bytes(e, &file, '\0');
		replace_bytes(e, &file, EXPAND_BROKEN);
	}
	if (file.len >= 3 && !memcmp(file.text, "\xef\xbb\xbf", 3))
		reader.next += 3;
	read_lines(e, &reader);
	e->checks = checks;
	e->n_files--;
}
