/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries of track_interface, track_script, track_file, track_process and track_bfd: a name, and
 * perhaps a weight that replaces that of the tracked object.
 *
 * A wrong weight is reported and the object's own used: an entry that vanished would leave the
 * instance without its check.
 */
#include "vrrp/config_track.h"
#include "vrrp/config_value.h"

#define AT(m) offsetof(struct tracker_config, m)

/* Limit of weights that change a priority; one more means FAULT where a value can mean that. */
#define WEIGHT_MAX	 253
#define VALUE_WEIGHT_MAX 254

static bool interface_noreverse(const struct node *node, unsigned at)
{
	return at < node->n_words && !strcmp(node->words[at].text, "noreverse");
}

/* As value_track_weight, but 254 becomes 253, and interfaces have no noreverse. */
static bool parse_weight(struct bind *b, const struct keyword *kw, struct node *node,
			 unsigned *next, void *field)
{
	struct tracker_config *t = (void *)((char *)field - kw->at);
	unsigned at = *next;
	struct keyword wide = *kw;

	wide.max = VALUE_WEIGHT_MAX;
	if (!value_track_weight.parse(b, &wide, node, next, field))
		return true;
	if (t->weight.weight > kw->max || t->weight.weight < -kw->max) {
		bind_warning(b, "range", node, at,
			     "weight %d is outside -253..253: the limit is used",
			     t->weight.weight);
		t->weight.weight = (int16_t)(t->weight.weight > 0 ? kw->max : -kw->max);
	}
	if (t->kind == TRACKER_INTERFACE && interface_noreverse(node, at + 1))
		bind_warning(b, "noreverse", node, at + 1,
			     "noreverse has no effect on interfaces");
	return true;
}

static void print_weight(const struct keyword *kw, const void *field, struct strbuf *out)
{
	value_track_weight.print(kw, field, out);
}

static bool equal_weight(const struct keyword *kw, const void *a, const void *b)
{
	return value_track_weight.equal(kw, a, b);
}

static const struct value_type value_tracker_weight = {
	.name = "weight",
	.size = sizeof(struct track_weight),
	.parse = parse_weight,
	.print = print_weight,
	.equal = equal_weight,
	.synopsis = "N [reverse|noreverse]",
};

#define WEIGHT_ROW(max_)                                                                   \
	{ .word = "weight", .type = &value_tracker_weight, .at = AT(weight), .max = (max_), \
	  .help = "Change of the priority instead of the tracked object's own." }

static const struct keyword weight_keywords[] = { WEIGHT_ROW(WEIGHT_MAX) };
static const struct keyword value_weight_keywords[] = { WEIGHT_ROW(VALUE_WEIGHT_MAX) };

static const struct tracker_config tracker_defaults[TRACKER_KINDS] = {
	[TRACKER_INTERFACE] = { .kind = TRACKER_INTERFACE },
	[TRACKER_SCRIPT] = { .kind = TRACKER_SCRIPT },
	[TRACKER_FILE] = { .kind = TRACKER_FILE },
	[TRACKER_PROCESS] = { .kind = TRACKER_PROCESS },
	[TRACKER_BFD] = { .kind = TRACKER_BFD },
};

#define IFNAME_MAX 15

static bool tracker_head(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	const struct tracker_config *t = (const void *)object;
	const struct word *word = &node->words[(*next)++];

	if (t->kind == TRACKER_INTERFACE && word->len > IFNAME_MAX) {
		diag_error(b->diags, "bad-name", word->at,
			   "interface name '%s' is longer than %u bytes", word->text, IFNAME_MAX);
		return false;
	}
	object->name = arena_strdup(b->arena, word->text);
	object->name_len = word->len;
	object->name_at = word->at;
	return true;
}

#define TRACKER(kind_, name_, rows, help_)                                                  \
	[kind_] = {                                                                         \
		.name = (name_), .form = BLOCK_RECORD, KEYWORDS(rows),                      \
		.size = sizeof(struct tracker_config), .defaults = &tracker_defaults[kind_], \
		.head = tracker_head, .head_synopsis = "NAME", .help = (help_),             \
	}

const struct block_type tracker_block[TRACKER_KINDS] = {
	TRACKER(TRACKER_INTERFACE, "tracked interface", weight_keywords,
		"An interface; weight 0 or none: down means FAULT."),
	TRACKER(TRACKER_SCRIPT, "tracked script", weight_keywords,
		"A vrrp_script, track_tcp, track_http or track_ping."),
	TRACKER(TRACKER_FILE, "tracked file", value_weight_keywords, "A track_file."),
	TRACKER(TRACKER_PROCESS, "tracked process", value_weight_keywords,
		"A vrrp_track_process."),
	TRACKER(TRACKER_BFD, "tracked BFD session", weight_keywords, "A bfd_instance."),
};
