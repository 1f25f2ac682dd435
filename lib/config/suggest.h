/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a wrong keyword may have meant, and where a right one belongs.
 */
#pragma once

#include "config/bind.h"

/** All block types that can be reached, each once. */
struct block_walk {
	const struct block_type *types[256];
	size_t n;
};
/** Add the names of the blocks that have this very keyword: "a or b". */
void suggest_homes(const struct block_walk *, const struct bind_section *sections, size_t n,
		   const char *word, struct strbuf *out);
/** The nearest keyword of the top level, NULL if none is near. */
const char *suggest_section(const struct bind_section *sections, size_t n, const char *word);
/** Add the nearest keyword of any block, "'priority' of vrrp_instance". False if none is near. */
bool suggest_far(const struct block_walk *, const struct bind_section *sections, size_t n,
		 const char *word, struct strbuf *out);

void block_walk(struct block_walk *, const struct block_type *const *roots, size_t n);
/** The same from sections. */
void suggest_walk(struct block_walk *, const struct bind_section *sections, size_t n);
/** Could @word have been meant to be that keyword? */
bool suggest_is_near(const char *word, const char *keyword);
