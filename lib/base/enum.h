/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One list of (NAME, "word") rows gives the enum, the name table and both conversions.
 *
 *	#define COLOURS(X) X(COLOUR_RED, "red") X(COLOUR_BLUE, "blue")
 *	ENUM_DECLARE(colour, COLOURS)		in the header
 *	ENUM_DEFINE(colour, COLOURS)		in one source file
 *
 * gives enum colour, n_colour, colour_name(v) (never NULL; "?" outside the list) and
 * colour_parse("red", &v) (false if the word is not in the list; exact case).
 */
#pragma once

#include <string.h>

#include "base/attr.h"

#define ENUM_VALUE_(name, word) name,
#define ENUM_WORD_(name, word)	[name] = word,
#define ENUM_COUNT_(name, word) +1

#define ENUM_DECLARE(type, LIST)                         \
	enum type { LIST(ENUM_VALUE_) };                 \
	enum { n_##type = 0 LIST(ENUM_COUNT_) };         \
	const char *type##_name(enum type value);        \
	bool type##_parse(const char *word, enum type *out);

#define ENUM_DEFINE(type, LIST)                                              \
	static const char *const type##_words[] = { LIST(ENUM_WORD_) };      \
	const char *type##_name(enum type value)                             \
	{                                                                    \
		return (size_t)value < ARRAY_LEN(type##_words) &&            \
			       type##_words[value] ?                         \
			       type##_words[value] :                         \
			       "?";                                          \
	}                                                                    \
	bool type##_parse(const char *word, enum type *out)                  \
	{                                                                    \
		for (size_t i = 0; i < ARRAY_LEN(type##_words); i++) {       \
			if (!type##_words[i] || strcmp(word, type##_words[i])) \
				continue;                                    \
			*out = (enum type)i;                                 \
			return true;                                         \
		}                                                            \
		return false;                                                \
	}
