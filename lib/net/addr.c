/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses as values: parse, print, compare, classify, calculate.
 *
 * Socket addresses and link-layer addresses are the job of sockaddr.c and mac.c. IPv4 and IPv6
 * are treated alike wherever only bytes and bits matter.
 */
#include "net/addr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"

bool addr_parse(const char *text, struct addr *out)
{
	struct addr a = { 0 };

	a.family = strchr(text, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(a.family, text, a.bytes) != 1)
		return false;
	*out = a;
	return true;
}

bool prefix_parse(const char *text, struct prefix *out, bool *out_has_len)
{
	const char *slash = strchr(text, '/');
	size_t addr_len = slash ? (size_t)(slash - text) : strlen(text);
	char addr_part[INET6_ADDRSTRLEN];
	struct prefix p = { 0 };
	uint64_t len;

	if (addr_len >= sizeof(addr_part))
		return false;
	memcpy(addr_part, text, addr_len);
	addr_part[addr_len] = '\0';
	if (!addr_parse(addr_part, &p.addr))
		return false;
	len = addr_bits(p.addr);
	if (slash && (slash[1] < '0' || slash[1] > '9' ||
		      num_parse_u64(slash + 1, 10, 0, len, &len) != NUM_OK))
		return false;
	p.len = (uint8_t)len;
	*out = p;
	*out_has_len = slash;
	return true;
}

const char *addr_print(struct addr a, char *buf)
{
	if (!addr_is_set(a) || !inet_ntop(a.family, a.bytes, buf, ADDR_TEXT_MAX))
		(void)snprintf(buf, ADDR_TEXT_MAX, "(none)");
	return buf;
}

const char *addr_text(struct addr a)
{
	static char texts[8][ADDR_TEXT_MAX];
	static unsigned turn;

	turn = (turn + 1) % ARRAY_LEN(texts);
	return addr_print(a, texts[turn]);
}

size_t addr_size(struct addr a)
{
	if (a.family == AF_INET)
		return sizeof(a.v4);
	return a.family == AF_INET6 ? sizeof(a.v6) : 0;
}

uint8_t addr_bits(struct addr a)
{
	return (uint8_t)(addr_size(a) * 8);
}

int addr_compare(struct addr a, struct addr b)
{
	if (a.family != b.family)
		return a.family < b.family ? -1 : 1;
	return memcmp(a.bytes, b.bytes, addr_size(a));
}

bool addr_equal(struct addr a, struct addr b)
{
	return addr_compare(a, b) == 0;
}

uint64_t addr_hash(struct addr a)
{
	uint64_t h = a.family;

	for (size_t i = 0; i < addr_size(a); i++)
		h = (h ^ a.bytes[i]) * 0x100000001b3;
	h ^= h >> 32;
	h *= 0x9e3779b97f4a7c15;
	return h ^ h >> 29;
}

bool addr_is_multicast(struct addr a)
{
	return (a.family == AF_INET && (a.bytes[0] & 0xf0) == 224) ||
	       (a.family == AF_INET6 && a.bytes[0] == 0xff);
}

bool addr_is_link_local(struct addr a)
{
	return (a.family == AF_INET && a.bytes[0] == 169 && a.bytes[1] == 254) ||
	       (a.family == AF_INET6 && a.bytes[0] == 0xfe && (a.bytes[1] & 0xc0) == 0x80);
}

bool addr_is_loopback(struct addr a)
{
	return (a.family == AF_INET && a.bytes[0] == 127) ||
	       (a.family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&a.v6));
}

bool addr_is_unspecified(struct addr a)
{
	static const uint8_t zeros[sizeof(a.bytes)];

	return addr_is_set(a) && !memcmp(a.bytes, zeros, addr_size(a));
}

struct addr addr_of_bytes(int family, const void *bytes)
{
	struct addr a = { .family = (uint8_t)family };

	if (!addr_size(a))
		return (struct addr){ 0 };
	memcpy(a.bytes, bytes, addr_size(a));
	return a;
}

bool addr_add(struct addr a, uint64_t n, struct addr *out)
{
	uint64_t carry = 0;

	for (size_t i = addr_size(a); i > 0; i--) {
		uint64_t sum = a.bytes[i - 1] + (n & 0xff) + carry;

		a.bytes[i - 1] = (uint8_t)sum;
		carry = sum >> 8;
		n >>= 8;
	}
	if (n || carry)
		return false;
	*out = a;
	return true;
}

/** The bits of byte @i that belong to the first @len bits. */
static uint8_t mask_byte(unsigned len, size_t i)
{
	if (len >= (i + 1) * 8)
		return 0xff;
	if (len <= i * 8)
		return 0;
	return (uint8_t)(0xff00 >> (len - i * 8));
}

bool prefix_contains(struct prefix p, struct addr a)
{
	return a.family == p.addr.family &&
	       addr_equal(prefix_network(p), prefix_network((struct prefix){ a, p.len }));
}

struct addr prefix_network(struct prefix p)
{
	for (size_t i = 0; i < addr_size(p.addr); i++)
		p.addr.bytes[i] &= mask_byte(p.len, i);
	return p.addr;
}

struct addr prefix_broadcast(struct prefix p)
{
	for (size_t i = 0; i < addr_size(p.addr); i++)
		p.addr.bytes[i] |= (uint8_t)~mask_byte(p.len, i);
	return p.addr;
}
