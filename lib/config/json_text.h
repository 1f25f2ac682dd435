/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON strings by hand, for diagnostics and the description of the language.
 */
#pragma once

#include "base/str.h"

/** The inside of a JSON string; bytes that are not UTF-8 become U+FFFD (RFC 8259). */
void json_add_text(struct strbuf *, const char *text);
/** "name": "text" */
void json_add_member(struct strbuf *, const char *name, const char *text);
