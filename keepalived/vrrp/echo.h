/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Echo requests and replies of ICMP and ICMPv6 as bytes.
 */
#pragma once

#include "base/span.h"

#define ECHO_LEN 64

/** Write a request of ECHO_LEN bytes. The checksum of ICMPv6 is left to the kernel. */
void echo_encode(uint8_t out[ECHO_LEN], int family, uint16_t id, uint16_t seq);
/** Is the datagram (IPv4: with IP header) the answer to that request? */
bool echo_is_reply(struct span, int family, uint16_t id, uint16_t seq);
