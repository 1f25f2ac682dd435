/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The weight of tracked objects and the track_file block.
 *
 * Who tracks a file and what its value does to them is decided in the engines.
 */
#include "core/config_track.h"

#include "core/config.h"

#define TRACK_FILE_WEIGHT_MAX 254

static bool weight_direction(struct node *node, unsigned *next, bool *reverse)
{
	if (*next >= node->n_words)
		return false;
	const char *word = node->words[*next].text;

	if (strcmp(word, "reverse") && strcmp(word, "noreverse"))
		return false;
	*reverse = word[0] == 'r';
	(*next)++;
	return true;
}

static bool parse_weight(struct bind *b, const struct keyword *kw, struct node *node,
			 unsigned *next, void *field)
{
	struct track_weight *w = field;
	const struct word *word = value_next_word(b, kw, node, next);
	int64_t max = kw->max ? kw->max : 253;
	int64_t n = 0;
	bool reverse = false;

	if (!word)
		return false;
	bool ok = value_read_i64(b, kw->word, word, -max, max, &n);

	(void)weight_direction(node, next, &reverse);
	if (!ok)
		return false;
	*w = (struct track_weight){ .weight = (int16_t)n, .reverse = reverse, .set = true };
	return true;
}

static void print_weight(const struct keyword *kw, const void *field, struct strbuf *out)
{
	const struct track_weight *w = field;

	(void)kw;
	strbuf_addf(out, "%d%s", w->weight, w->reverse ? " reverse" : "");
}

static bool equal_weight(const struct keyword *kw, const void *a, const void *b)
{
	const struct track_weight *x = a, *y = b;

	(void)kw;
	return x->weight == y->weight && x->reverse == y->reverse;
}

const struct value_type value_track_weight = {
	.name = "weight",
	.size = sizeof(struct track_weight),
	.parse = parse_weight,
	.print = print_weight,
	.equal = equal_weight,
	.synopsis = "N [reverse|noreverse]",
};

/* init_file [VALUE] [overwrite], in either order. */
static bool parse_init(struct bind *b, const struct keyword *kw, struct node *node,
		       unsigned *next, void *field)
{
	struct track_file_init init = { .on = true };
	bool ok = true;

	for (; *next < node->n_words; (*next)++) {
		const struct word *word = &node->words[*next];
		int64_t value;

		if (!strcmp(word->text, "overwrite")) {
			init.overwrite = true;
		} else if (value_read_i64(b, kw->word, word, INT32_MIN, INT32_MAX, &value)) {
			init.value = (int32_t)value;
			if (value < -TRACK_FILE_WEIGHT_MAX || value > TRACK_FILE_WEIGHT_MAX)
				bind_warning(b, "init-file-value", node, *next,
					     "value %d is outside -254..254",
					     init.value);
		} else {
			ok = false;
		}
	}
	if (ok)
		*(struct track_file_init *)field = init;
	return ok;
}

static void print_init(const struct keyword *kw, const void *field, struct strbuf *out)
{
	const struct track_file_init *init = field;

	(void)kw;
	strbuf_addf(out, "%d%s", init->value, init->overwrite ? " overwrite" : "");
}

static bool equal_init(const struct keyword *kw, const void *a, const void *b)
{
	const struct track_file_init *x = a, *y = b;

	(void)kw;
	return x->on == y->on && x->overwrite == y->overwrite && x->value == y->value;
}

static const struct value_type value_init_file = {
	.name = "initial value",
	.size = sizeof(struct track_file_init),
	.parse = parse_init,
	.print = print_init,
	.equal = equal_init,
	.synopsis = "[VALUE] [overwrite]",
};

#define AT(m) offsetof(struct track_file_config, m)

static const struct keyword track_file_keywords[] = {
	{ .word = "file", .type = &value_path, .at = AT(file),
	  .flags = KW_REQUIRED | KW_RESTART,
	  .label = "File", .json = "file",
	  .help = "Absolute path of the file whose number is tracked. It need not exist, its "
		  "directory must." },
	{ .word = "weight", .type = &value_track_weight, .at = AT(weight), .flags = KW_FIRST_WINS,
	  .max = TRACK_FILE_WEIGHT_MAX, .label = "Weight", .json = "weight",
	  .help = "The number in the file times this is added to the priority. 0: a number other "
		  "than 0 means failure. reverse changes the sign." },
	{ .word = "init_file", .type = &value_init_file, .at = AT(init),
	  .flags = KW_EXTRA_IGNORED, .json = "init_file",
	  .help = "Create the file with this number at start if it does not exist; with overwrite "
		  "also if it does. Not done at a reload." },
};

static const struct track_file_config track_file_defaults = {
	.weight = { .weight = 1 },
};

static bool track_file_done(struct bind *b, struct object *object, struct node *node)
{
	struct track_file_config *f = (void *)object;

	f->end_at = node->close_at;
	return f->file && config_symbol_add(b, SYMBOL_TRACK_FILE, object);
}

const struct block_type track_file_block = {
	.name = "track_file",
	.form = BLOCK_KEYWORDS,
	KEYWORDS(track_file_keywords),
	.size = sizeof(struct track_file_config),
	.defaults = &track_file_defaults,
	.head = block_name,
	.head_synopsis = "NAME",
	.done = track_file_done,
	.help = "A file with a number that changes priorities, or decides on FAULT.",
};
