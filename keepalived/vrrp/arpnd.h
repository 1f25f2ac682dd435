/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames that tell the link where a virtual address is: gratuitous ARP (RFC 5227 section 3) and
 * unsolicited neighbour advertisement (RFC 4861 section 7.2.6). When to send is not asked here.
 */
#pragma once

#include "net/addr.h"

#define GARP_FRAME_MAX (20 + 4 + 64)	/* Infiniband: header of 24 bytes, 56 bytes of ARP */
#define NA_FRAME_MAX   (14 + 40 + 24 + 32)

/** Ethernet broadcast ARP request for @ip (IPv4) with our address @mac (6 bytes) as sender.
 *  Returns the length (42), 0 if it does not fit. */
size_t garp_encode(void *buf, size_t size, const struct mac *mac, struct addr ip);
/** The same for Infiniband (RFC 4391): 20-byte addresses; @broadcast is that of the interface. */
size_t garp_encode_infiniband(void *buf, size_t size, const struct mac *mac,
			      const struct mac *broadcast, struct addr ip);
/** Ethernet frame to ff02::1 for @ip (IPv6): override set, solicited clear. Returns the length
 *  (86), 0 if it does not fit. */
size_t na_encode(void *buf, size_t size, const struct mac *mac, struct addr ip, bool router);
