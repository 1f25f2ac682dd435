/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts and the trees that they are read as, for tests of expansion and lexer. */
#pragma once

#include <stdlib.h>

#include "config_toy.h"
#include "unit.h"

/** @tree as toy_tree() writes it. */
struct tree_case {
	const char *text;
	const char *tree;
};

static inline void check_trees(const struct tree_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *tree = toy_tree(cases[i].text);

		assert_string_equal(tree, cases[i].tree);
		free(tree);
	}
}
