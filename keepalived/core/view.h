/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sink for typed values: who walks configuration and status says "object, key, value" once, and
 * a sink makes JSON (or another text) of it.
 *
 *	view_array_begin(v, NULL);
 *		view_object_begin(v, NULL);
 *		view_string(v, "iname", "VI_1");
 *		view_object_end(v);
 *	view_array_end(v);
 *
 * The key is NULL inside arrays and at the top.
 */
#pragma once

#include "base/str.h"

struct view;

/** How a fractional number is written. */
enum view_number {
	VIEW_SHORT,	/* %g: 1, 0.5 */
	VIEW_MICRO,	/* %f: six decimals */
};

struct view_ops {
	void (*object)(struct view *, const char *key, bool begin);
	void (*array)(struct view *, const char *key, bool begin);
	void (*string)(struct view *, const char *key, const char *text);
	void (*uint)(struct view *, const char *key, uint64_t);
	void (*sint)(struct view *, const char *key, int64_t);
	void (*boolean)(struct view *, const char *key, bool);
	void (*number)(struct view *, const char *key, double, enum view_number);
	void (*null)(struct view *, const char *key);
};

struct view {
	const struct view_ops *ops;
};

static inline void view_object_begin(struct view *v, const char *key)
{
	v->ops->object(v, key, true);
}
static inline void view_object_end(struct view *v) { v->ops->object(v, NULL, false); }
static inline void view_array_begin(struct view *v, const char *key)
{
	v->ops->array(v, key, true);
}
static inline void view_array_end(struct view *v) { v->ops->array(v, NULL, false); }
/** NULL is written as "". */
static inline void view_string(struct view *v, const char *key, const char *text)
{
	v->ops->string(v, key, text);
}
static inline void view_uint(struct view *v, const char *key, uint64_t n)
{
	v->ops->uint(v, key, n);
}
static inline void view_int(struct view *v, const char *key, int64_t n)
{
	v->ops->sint(v, key, n);
}
static inline void view_bool(struct view *v, const char *key, bool b)
{
	v->ops->boolean(v, key, b);
}
static inline void view_number(struct view *v, const char *key, double n, enum view_number form)
{
	v->ops->number(v, key, n, form);
}
static inline void view_null(struct view *v, const char *key) { v->ops->null(v, key); }

/** Compact JSON on one line: '/' written as "\/", keys in the order given, bytes that are not
 *  UTF-8 as \u00NN. Depth up to 32. */
struct view_json {
	struct view view;
	struct strbuf *out;
	unsigned depth;
	uint32_t not_first;	/* bit per depth: a comma is due */
};
struct view *view_json_init(struct view_json *, struct strbuf *out);
