/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Link-layer addresses as values. Promised by addr.h.
 */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "net/addr.h"

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool mac_parse(const char *text, struct mac *out)
{
	struct mac mac = { 0 };

	for (const char *at = text;; at++) {
		char pair[3] = { 0 };
		uint64_t byte;

		for (size_t i = 0; i < 2 && is_hex(*at); i++)
			pair[i] = *at++;
		if (!pair[0] || mac.len == sizeof(mac.bytes) ||
		    num_parse_u64(pair, 16, 0, 0xff, &byte) != NUM_OK)
			return false;
		mac.bytes[mac.len++] = (uint8_t)byte;
		if (!*at)
			break;
		if (*at != ':')
			return false;
	}
	*out = mac;
	return true;
}

const char *mac_print(const struct mac *mac, char *buf)
{
	size_t len = MIN_OF(mac->len, sizeof(mac->bytes));

	buf[0] = '\0';
	for (size_t i = 0; i < len; i++)
		(void)snprintf(buf + 3 * i, 4, "%02x%s", mac->bytes[i], i + 1 < len ? ":" : "");
	return buf;
}

bool mac_equal(const struct mac *a, const struct mac *b)
{
	return a->len == b->len && !memcmp(a->bytes, b->bytes, MIN_OF(a->len, sizeof(a->bytes)));
}
