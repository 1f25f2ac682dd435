/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Alternatives in braces. The first group of a pattern is replaced by each of its alternatives;
 * what results is looked at again until no group is left.
 */
#include "config/braces.h"

#include <string.h>

enum { PATTERNS_MAX = 1000 };

/** A group in a pattern: from its '{' to its '}'. */
struct group {
	size_t open, close;
};

/** The '}' of the brace at @open, or 0. */
static size_t find_close(const char *text, size_t open)
{
	unsigned depth = 0;

	for (size_t i = open; text[i]; i++) {
		if (text[i] == '\\' && text[i + 1])
			i++;
		else if (text[i] == '{')
			depth++;
		else if (text[i] == '}' && !--depth)
			return i;
	}
	return 0;
}

static bool find_group(const char *text, struct group *out)
{
	for (size_t i = 0; text[i]; i++) {
		if (text[i] == '\\' && text[i + 1]) {
			i++;
		} else if (text[i] == '{' && text[i + 1] != '}') {
			*out = (struct group){ i, find_close(text, i) };
			if (out->close)
				return true;
		}
	}
	return false;
}

/** Where the alternative that begins at @at ends: at its ',' or the end of the group. */
static size_t alternative_end(const char *text, size_t at, size_t close)
{
	unsigned depth = 0;

	for (; at < close; at++) {
		if (text[at] == '\\' && at + 1 < close)
			at++;
		else if (text[at] == '{')
			depth++;
		else if (text[at] == '}')
			depth--;
		else if (text[at] == ',' && !depth)
			break;
	}
	return at;
}

/** Patterns still to be looked at, the next one last. */
struct stack {
	const char *items[PATTERNS_MAX];
	size_t n;
};

/** Put the pattern with each alternative of the group on the stack, so that the first comes off
 *  first. */
static bool push_alternatives(struct arena *arena, struct stack *stack, const char *text,
			      struct group group)
{
	size_t first = stack->n, at = group.open + 1;

	while (at <= group.close) {
		size_t end = alternative_end(text, at, group.close);

		if (stack->n == PATTERNS_MAX)
			return false;
		stack->items[stack->n++] = arena_printf(arena, "%.*s%.*s%s", (int)group.open, text,
							(int)(end - at), text + at,
							text + group.close + 1);
		at = end + 1;
	}
	for (size_t i = first, k = stack->n - 1; i < k; i++, k--) {
		const char *swapped = stack->items[i];

		stack->items[i] = stack->items[k];
		stack->items[k] = swapped;
	}
	return true;
}

const char **braces_expand(struct arena *arena, const char *pattern, size_t *out_n)
{
	const char **out = arena_calloc(arena, PATTERNS_MAX, sizeof(*out));
	struct stack *stack = arena_new_of(arena, struct stack);
	size_t n = 0, steps = 0;

	stack->items[stack->n++] = pattern;
	while (stack->n) {
		const char *text = stack->items[--stack->n];
		struct group group;

		if (++steps > 2 * PATTERNS_MAX)
			return NULL;
		if (find_group(text, &group)) {
			if (!push_alternatives(arena, stack, text, group))
				return NULL;
		} else if (n == PATTERNS_MAX) {
			return NULL;
		} else {
			out[n++] = text;
		}
	}
	*out_n = n;
	return out;
}
