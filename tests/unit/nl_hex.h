/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Netlink messages as hexadecimal text, for comparing and for feeding parsers. The golden bytes are
 * little-endian: on other machines those tests are skipped.
 */
#pragma once

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netlink/nl_msg.h"

/** Skip the test where the golden bytes do not apply. */
#define LITTLE_ENDIAN_ONLY()                                                   \
	do {                                                                   \
		if (htons(1) == 1)                                             \
			SKIP_BECAUSE("the bytes are of little-endian machines"); \
	} while (0)

/** Compare the buffer with @hex, in which blanks separate what belongs together; reset it. */
static inline void assert_hex(struct nl_buf *b, const char *hex)
{
	char *got = calloc(2 * b->len + 1, 1), *want = calloc(strlen(hex) + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < b->len; i++)
		(void)snprintf(got + 2 * i, 3, "%02x", b->data[i]);
	for (; *hex != '\0'; hex++) {
		if (*hex != ' ')
			want[n++] = *hex;
	}
	assert_string_equal(got, want);
	free(got);
	free(want);
	nl_buf_reset(b);
}

/** The message that was built, as it would be received with @type. */
static inline struct nl_view view_of(const struct nl_buf *b, uint16_t type)
{
	struct span in = { b->data, b->len };
	struct nl_view v;

	assert_true(nl_next(&in, &v));
	v.type = type;
	return v;
}

static inline struct addr addr_of(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return a;
}
