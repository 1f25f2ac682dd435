/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPv4, IPv6 and link-layer addresses as values.
 */
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/attr.h"

/** An IP address. Zero-initialised: none (family AF_UNSPEC). */
struct addr {
	uint8_t family;		/* AF_UNSPEC, AF_INET, AF_INET6 */
	union {
		struct in_addr v4;
		struct in6_addr v6;
		uint8_t bytes[16];
	};
};

struct prefix {
	struct addr addr;
	uint8_t len;
};

struct mac {
	uint8_t bytes[32];	/* MAX_ADDR_LEN */
	uint8_t len;
};

#define ADDR_TEXT_MAX (INET6_ADDRSTRLEN + 4)
#define MAC_TEXT_MAX  (32 * 3)

/** inet_pton() text of either family: no zone, no shorthand. False if it is not one. */
bool addr_parse(const char *text, struct addr *out);
/** "ADDR" or "ADDR/LEN"; without /LEN the full length and *out_has_len false. */
bool prefix_parse(const char *text, struct prefix *out, bool *out_has_len);
/** Text in @buf (ADDR_TEXT_MAX bytes), which is returned; "(none)" for no address. */
const char *addr_print(struct addr, char *buf);
/** As inet_ntop(), in one of a few rotating static buffers: for one log line only. */
const char *addr_text(struct addr);
static inline bool addr_is_set(struct addr a) { return a.family != 0; }
size_t addr_size(struct addr);			/* 4, 16 or 0 bytes */
uint8_t addr_bits(struct addr);			/* 32, 128 or 0 */
bool addr_equal(struct addr, struct addr);
/** memcmp order of the bytes, IPv4 before IPv6. */
int addr_compare(struct addr, struct addr);
uint64_t addr_hash(struct addr);
bool addr_is_multicast(struct addr);
bool addr_is_link_local(struct addr);
bool addr_is_loopback(struct addr);
bool addr_is_unspecified(struct addr);
struct addr addr_of_bytes(int family, const void *bytes);
/** The address plus @n, as a number; false on overflow. */
bool addr_add(struct addr, uint64_t n, struct addr *out);
bool prefix_contains(struct prefix, struct addr);
struct addr prefix_broadcast(struct prefix);	/* IPv4: host bits set */
struct addr prefix_network(struct prefix);	/* host bits clear */

/** Socket address for @addr and @port (host order); @ifindex is the scope of IPv6 link-local. */
socklen_t addr_to_sockaddr(struct addr, uint16_t port, unsigned ifindex,
			   struct sockaddr_storage *out);
bool addr_of_sockaddr(const struct sockaddr *, struct addr *out, uint16_t *out_port);

/** "02:00:5e:.." of any even length up to 32 bytes. */
bool mac_parse(const char *text, struct mac *out);
const char *mac_print(const struct mac *, char *buf);	/* MAC_TEXT_MAX bytes */
bool mac_equal(const struct mac *, const struct mac *);
