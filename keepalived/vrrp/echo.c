/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Echo requests and replies (RFC 792, RFC 4443 section 4).
 */
#include "vrrp/echo.h"

#include <string.h>
#include <sys/socket.h>

enum { ICMP4_REPLY = 0, ICMP4_REQUEST = 8, ICMP6_REQUEST = 128, ICMP6_REPLY = 129 };

void echo_encode(uint8_t out[ECHO_LEN], int family, uint16_t id, uint16_t seq)
{
	struct writer w = writer_of(out, ECHO_LEN);
	uint16_t sum;

	write_u8(&w, family == AF_INET ? ICMP4_REQUEST : ICMP6_REQUEST);
	write_u8(&w, 0);
	write_u16(&w, 0);
	write_u16(&w, id);
	write_u16(&w, seq);
	write_zeros(&w, ECHO_LEN - 8);
	if (family != AF_INET)
		return;
	sum = checksum_finish(checksum_add(0, (struct span){ out, ECHO_LEN }));
	w = writer_of(out + 2, 2);
	write_u16(&w, sum);
}

bool echo_is_reply(struct span in, int family, uint16_t id, uint16_t seq)
{
	struct reader r = reader_of(in);
	uint8_t type, code;

	if (family == AF_INET)
		read_skip(&r, in.len > 0 ? (size_t)(in.data[0] & 15) * 4 : 0);
	type = read_u8(&r);
	code = read_u8(&r);
	(void)read_u16(&r);
	if (type != (family == AF_INET ? ICMP4_REPLY : ICMP6_REPLY) || code != 0)
		return false;
	return read_u16(&r) == id && read_u16(&r) == seq && !r.overrun;
}
