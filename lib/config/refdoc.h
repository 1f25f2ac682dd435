/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keyword tables as text: manual sections, editor keyword lists, a description for programs.
 *
 * Everything is read from the rows; a block type that is used in several places is described
 * once.
 */
#pragma once

#include "config/bind.h"

enum refdoc_format {
	REFDOC_MDOC,	/* mandoc(7) sections, one per block */
	REFDOC_VIM,	/* syntax file keyword lists */
	REFDOC_JSON,	/* { "blocks": [ ... ] } */
};

/** Describe all blocks that can be reached from the @n root types, in order of first use. */
void refdoc_render(const struct block_type *const *roots, size_t n, enum refdoc_format,
		   struct strbuf *out);
