/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared parts: rows whose field lies behind a pointer, and the trade of a part under
 * construction for one that equal blocks share.
 *
 * The scratch parts belong to struct check_parts in the configuration's arena; what blocks keep
 * is constant.
 */
#include "check/config_values.h"

const struct check_timing timing_unset = {
	.connect_timeout = { -1 },
	.delay_loop = { -1 },
	.delay_before_retry = { -1 },
	.warmup = { -1 },
	.retry = RETRY_UNSET,
};
const struct check_connect connect_none;
const struct server_rare rare_none;

/* While a block is open its const pointer leads to the scratch part, which is writable. */
static void *part_member(void *field, size_t at)
{
	return *(char **)field + at;
}

static const void *part_member_const(const void *field, size_t at)
{
	return *(const char *const *)field + at;
}

static struct keyword inner_row(const struct keyword *row)
{
	const struct part_field *part = row->arg;
	struct keyword inner = *row;

	inner.arg = part->arg;
	return inner;
}

static bool part_parse(struct bind *bind, const struct keyword *row, struct node *node,
		       unsigned *next, void *field)
{
	const struct part_field *part = row->arg;
	const struct keyword inner = inner_row(row);

	return part->type->parse(bind, &inner, node, next, part_member(field, part->at));
}

static void part_print(const struct keyword *row, const void *field, struct strbuf *out)
{
	const struct part_field *part = row->arg;
	const struct keyword inner = inner_row(row);

	part->type->print(&inner, part_member_const(field, part->at), out);
}

static bool part_equal(const struct keyword *row, const void *a, const void *b)
{
	const struct part_field *part = row->arg;
	const struct keyword inner = inner_row(row);
	const void *in_a = part_member_const(a, part->at);
	const void *in_b = part_member_const(b, part->at);

	if (part->type->equal)
		return part->type->equal(&inner, in_a, in_b);
	return !memcmp(in_a, in_b, part->type->size);
}

#define PART_TYPE(variable, name_, synopsis_, ...)                                      \
	const struct value_type variable = {                                            \
		.name = (name_), .size = sizeof(void *), .parse = part_parse,           \
		.print = part_print, .equal = part_equal, .synopsis = (synopsis_),      \
		__VA_ARGS__                                                             \
	}

PART_TYPE(part_span, "time", "SECONDS", .unit = INT64_C(1000000000));
PART_TYPE(part_u16, "number", "N");
PART_TYPE(part_u32, "number", "N");
PART_TYPE(part_i64, "number", "N");
PART_TYPE(part_addr, "address", "ADDRESS");
PART_TYPE(part_ifname, "interface", "IFNAME");
PART_TYPE(part_text, "text", "TEXT");
PART_TYPE(part_script, "command", "COMMAND [USER [GROUP]]", .reads_raw = true);

struct check_parts *parts_of_server(const struct real_server *rs)
{
	return container_of(rs->timing, struct check_parts, server_timing);
}

struct check_parts *parts_of_checker(const struct checker_config *checker)
{
	return container_of(checker->timing, struct check_parts, checker_timing);
}

const void *part_settle(struct arena *arena, const void *part, const void *none, const void *last,
			size_t size)
{
	if (!memcmp(part, none, size))
		return none;
	if (last && !memcmp(part, last, size))
		return last;
	return memcpy(arena_alloc(arena, size), part, size);
}
