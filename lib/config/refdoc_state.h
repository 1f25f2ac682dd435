/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the renderings of the keyword tables share.
 */
#pragma once

#include "config/refdoc.h"
#include "config/suggest.h"

/** A word that is only kept for old configurations. */
static inline bool refdoc_is_old(const struct keyword *kw)
{
	return kw->flags & (KW_ALIAS | KW_DEPRECATED | KW_OBSOLETE);
}

/** The arguments of a row: its own synopsis, its block's head and braces, or its type's. */
void refdoc_synopsis(const struct keyword *, struct strbuf *out);
/** The default of a row as text; nothing if it has none worth telling. */
void refdoc_default(const struct block_type *, const struct keyword *, struct strbuf *out);

void refdoc_vim(const struct block_walk *, struct strbuf *out);
void refdoc_json(const struct block_walk *, struct strbuf *out);
