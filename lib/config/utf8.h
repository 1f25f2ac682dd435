/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UTF-8 as far as showing foreign text needs it (RFC 3629).
 */
#pragma once

#include "base/attr.h"

/** A byte in the middle of a character. */
static inline bool utf8_is_inner(uint8_t byte)
{
	return (byte & 0xc0) == 0x80;
}

/** Bytes of the character that @text begins with, 0 if it is not valid. */
size_t utf8_length(const char *text, size_t len);
/** Offset of the first byte that is no part of a valid character, @len if there is none. */
size_t utf8_check(const char *text, size_t len);
