/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UTF-8: is this a character, and how long (RFC 3629: no surrogates, nothing overlong, nothing
 * beyond U+10FFFF).
 */
#include "config/utf8.h"

/** What begins with a byte from @first to @last. */
struct form {
	uint8_t first, last;
	uint8_t length;
	uint8_t second_min, second_max;
};

static const struct form forms[] = {
	{ 0x00, 0x7f, 1, 0x00, 0xff }, { 0xc2, 0xdf, 2, 0x80, 0xbf }, { 0xe0, 0xe0, 3, 0xa0, 0xbf },
	{ 0xe1, 0xec, 3, 0x80, 0xbf }, { 0xed, 0xed, 3, 0x80, 0x9f }, { 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf }, { 0xf1, 0xf3, 4, 0x80, 0xbf }, { 0xf4, 0xf4, 4, 0x80, 0x8f },
};

static bool fits(const struct form *form, const uint8_t *bytes, size_t len)
{
	if (bytes[0] < form->first || bytes[0] > form->last || len < form->length)
		return false;
	if (form->length > 1 && (bytes[1] < form->second_min || bytes[1] > form->second_max))
		return false;
	for (size_t i = 2; i < form->length; i++) {
		if (!utf8_is_inner(bytes[i]))
			return false;
	}
	return true;
}

size_t utf8_length(const char *text, size_t len)
{
	for (size_t i = 0; len && i < ARRAY_LEN(forms); i++) {
		if (fits(&forms[i], (const uint8_t *)text, len))
			return forms[i].length;
	}
	return 0;
}

size_t utf8_check(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t n = utf8_length(text + at, len - at);

		if (!n)
			return at;
		at += n;
	}
	return len;
}
