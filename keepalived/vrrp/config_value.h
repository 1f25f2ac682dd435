/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Value types that only VRRP's tables use. Private to the config_*.c files of this folder.
 */
#pragma once

#include "config/value.h"
#include "core/iproute_names.h"
#include "net/route.h"

/** Limits of rows with times are plain numbers of ns. */
#define NS_OF_SEC(n)  ((n) * INT64_C(1000000000))
#define NS_OF_MSEC(n) ((n) * INT64_C(1000000))
#define NS_OF_USEC(n) ((n) * INT64_C(1000))

/** Field: int; no argument; stores the row's ->alone. For pairs of words: accept, no_accept. */
extern const struct value_type value_constant;
/** Field: uint8_t: inet or inet6, the row's ->alone. */
extern const struct value_type value_family;
/** As value_constant, for a uint8_t. */
extern const struct value_type value_constant8;
/** Field: bool; no argument; stores false: the opposite of a flag's word. */
extern const struct value_type value_unflag;
/** Field: kspan; whole seconds. Range from the row in seconds. */
extern const struct value_type value_seconds;
/** Field: struct prefix: ADDR[/LEN]; "default", "any", "all" leave the family 0. */
extern const struct value_type value_prefix_any;

/** What a number is called, for value_iproute8 and value_iproute32. */
struct iproute_value {
	enum iproute_table table;
	uint32_t min, max;
	const char *what;		/* "scope" */
};
/** Field: uint8_t or uint32_t; ->arg is a const struct iproute_value *: name or number. */
extern const struct value_type value_iproute8, value_iproute32;
/** Field: struct route_realms: [FROM/]TO. */
extern const struct value_type value_realms;

/** Read a name or number of @value's table. */
bool read_iproute(struct bind *, const struct iproute_value *, const struct word *, uint32_t *out);
/** Read ADDR[/LEN] strictly; with @out_has_len NULL a /LEN is refused. */
bool read_prefix(struct bind *, const struct word *, struct prefix *out, bool *out_has_len);
bool read_addr(struct bind *, const struct word *, struct addr *out);
/** Does the object of a row differ in its number of errors since @before? */
static inline bool errors_since(const struct bind *b, uint32_t before)
{
	return diags_count(b->diags, DIAG_ERROR) > before;
}
static inline uint32_t errors_now(const struct bind *b)
{
	return (uint32_t)diags_count(b->diags, DIAG_ERROR);
}
/** A copy of @node that ends before word @end, to bind a part of its words as a record. */
static inline struct node node_until(const struct node *node, unsigned end)
{
	struct node part = *node;

	part.n_words = end;
	return part;
}
