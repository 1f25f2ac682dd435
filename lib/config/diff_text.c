/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The difference of two configurations as text: what changed, indented as the blocks nest.
 *
 * "+" came, "-" went, "~" differs. Secrets are not shown.
 */
#include <string.h>

#include "config/bind_state.h"
#include "config/diff.h"
#include "config/print.h"
#include "config/value.h"

struct differ {
	struct arena *arena;
	struct strbuf *out;
};

static void render_rows(struct differ *, const struct object *old, const struct object *new,
			unsigned depth);

static void add_line_start(struct differ *differ, unsigned depth, char sign)
{
	for (unsigned i = 0; i < depth; i++)
		strbuf_add(differ->out, "    ");
	strbuf_add_char(differ->out, sign);
	strbuf_add_char(differ->out, ' ');
}

static void add_value(struct differ *differ, const struct keyword *kw, const struct object *object)
{
	const void *field = object_field(object->type, object, kw);
	size_t before = differ->out->len;

	if (kw->type == &value_flag)
		strbuf_add(differ->out, *(const bool *)field ? "set" : "not set");
	else if (kw->type->print)
		kw->type->print(kw, field, differ->out);
	if (differ->out->len == before)
		strbuf_add(differ->out, "(none)");
}

static void render_value(struct differ *differ, const struct keyword *kw, const struct object *old,
			 const struct object *new, unsigned depth)
{
	add_line_start(differ, depth, '~');
	strbuf_add(differ->out, kw->word);
	if (!(kw->flags & KW_SECRET)) {
		strbuf_add(differ->out, ": ");
		add_value(differ, kw, old);
		strbuf_add(differ->out, " -> ");
		add_value(differ, kw, new);
	}
	strbuf_add_char(differ->out, '\n');
}

/** "+ vrrp_instance VI_1", "~ vrrp_instance VI_1" with what differs in it. */
static void render_pair(struct differ *differ, const struct keyword *kw,
			const struct diff_pair *pair, unsigned depth)
{
	const struct object *shown = pair->new ? pair->new : pair->old;
	struct diff_rows rows;

	if (pair->old && pair->new && diff_objects(pair->old, pair->new, &rows) == DIFF_SAME)
		return;
	add_line_start(differ, depth, !pair->old ? '+' : !pair->new ? '-' : '~');
	strbuf_addf(differ->out, "%s ", kw->word);
	if (kw->flags & KW_SECRET)
		bind_print_masked_record(shown, differ->out);
	else if (shown->type->form == BLOCK_RECORD)
		bind_print_record(shown, differ->out);
	else
		bind_print_head(shown, differ->out);
	while (differ->out->data[differ->out->len - 1] == ' ')
		differ->out->data[--differ->out->len] = '\0';
	strbuf_add_char(differ->out, '\n');
	if (pair->old && pair->new && depth < BLOCK_NESTING_MAX)
		render_rows(differ, pair->old, pair->new, depth + 1);
}

static void render_lists(struct differ *differ, const struct keyword *kw, const void *old,
			 const void *new, unsigned depth)
{
	size_t n;
	struct diff_pair *pairs = diff_lists(differ->arena, old, new, &n);

	for (size_t i = 0; i < n; i++)
		render_pair(differ, kw, &pairs[i], depth);
}

static void render_row(struct differ *differ, const struct keyword *kw, const struct object *old,
		       const struct object *new, unsigned depth)
{
	const void *a = object_field(new->type, old, kw), *b = object_field(new->type, new, kw);

	if (kw->type == &value_block || kw->type == &value_records || kw->type == &value_record) {
		render_lists(differ, kw, a, b, depth);
	} else if (kw->type == &value_one_block) {
		struct diff_pair pair = { *(struct object *const *)a, *(struct object *const *)b };

		render_pair(differ, kw, &pair, depth);
	} else {
		render_value(differ, kw, old, new, depth);
	}
}

static void render_rows(struct differ *differ, const struct object *old, const struct object *new,
			unsigned depth)
{
	const struct block_type *type = new->type;

	for (uint32_t i = 0; i < type->n_keywords; i++) {
		const struct keyword *kw = &type->keywords[i];

		if (diff_row_differs(kw, old, new) && keyword_at(type, kw->at) == kw)
			render_row(differ, kw, old, new, depth);
	}
}

void diff_render(const struct block_type *type, const struct object *old, const struct object *new,
		 struct strbuf *out)
{
	struct differ differ = { arena_new(), out };

	(void)type;
	render_rows(&differ, old, new, 0);
	arena_free(differ.arena);
}
