/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of .data dumps that every process has: the global settings, through their tables.
 */
#pragma once

#include "core/config.h"

/** "------< Global definitions >------" and one line " LABEL = value" per row with a label. */
void dump_global(const struct config *, struct strbuf *out);
/** Rows with a label and a printable value, each with @indent blanks. */
void dump_rows(const struct object *, unsigned indent, struct strbuf *out);
