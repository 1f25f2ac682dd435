/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects back to text: what --config-print shows. Reading the text again gives the same object.
 */
#pragma once

#include "config/bind.h"

/** Add the canonical statements of @object, a section or the inside of a block, at the given
 *  depth of indentation: what the configuration set, in the order of the table. Aliases appear
 *  under their real name, obsolete words not at all. Secrets are written out. */
void bind_print(const struct block_type *, const struct object *, unsigned depth,
		struct strbuf *out);
/** The same with BIND_MASK in place of secrets, for people to see. */
void bind_print_masked(const struct block_type *, const struct object *, unsigned depth,
		       struct strbuf *out);
#define BIND_MASK "***"
/** Add of a record that is a secret its first word and the mask. */
void bind_print_masked_record(const struct object *, struct strbuf *out);
/** Add a record as one line, head and options, without the end of line. */
void bind_print_record(const struct object *, struct strbuf *out);
/** Add what tells the object from its like: its name or head words, "" if nothing does. */
void bind_print_head(const struct object *, struct strbuf *out);
