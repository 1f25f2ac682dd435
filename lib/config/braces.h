/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Alternatives in braces: "a{b,c}d" is "abd" and "acd", as in csh and glob(3) with GLOB_BRACE.
 */
#pragma once

#include "base/arena.h"

/** The patterns that @pattern stands for, in order; at least one. Memory from @arena. NULL if they
 *  are more than a thousand. An empty or unbalanced brace is text. */
const char **braces_expand(struct arena *, const char *pattern, size_t *out_n);
