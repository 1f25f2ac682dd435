/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gratuitous ARP and unsolicited neighbour advertisement frames.
 *
 * RFC 5227 section 3 (ARP announcement: a request, sender and target address equal),
 * RFC 4391 section 9 (IP over Infiniband), RFC 4861 sections 4.4 and 7.2.6.
 */
#include "vrrp/arpnd.h"

#include <string.h>

#include "base/span.h"

#define ETHERTYPE_ARP_	0x0806
#define ETHERTYPE_IPV6_ 0x86dd
#define ARP_REQUEST	1
#define HW_ETHERNET	1
#define HW_INFINIBAND	32
#define MAC_LEN		6
#define IPOIB_LEN	20
#define ND_ADVERTISEMENT 136
#define ND_LEN		32	/* advertisement of 24 bytes, link-layer address option of 8 */
#define ND_ROUTER	0x80
#define ND_OVERRIDE	0x20

static void write_arp(struct writer *w, uint16_t hw, const struct mac *mac,
		      const struct mac *target, struct in_addr ip)
{
	write_u16(w, hw);
	write_u16(w, 0x0800);
	write_u8(w, mac->len);
	write_u8(w, sizeof(ip));
	write_u16(w, ARP_REQUEST);
	write_bytes(w, mac->bytes, mac->len);
	write_bytes(w, &ip, sizeof(ip));
	write_bytes(w, target->bytes, target->len);
	write_bytes(w, &ip, sizeof(ip));
}

static size_t written(const struct writer *w)
{
	return w->overrun ? 0 : writer_len(w);
}

size_t garp_encode(void *buf, size_t size, const struct mac *mac, struct addr ip)
{
	static const struct mac broadcast = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, MAC_LEN };
	struct writer w = writer_of(buf, size);

	if (mac->len != MAC_LEN || ip.family != AF_INET)
		return 0;
	write_bytes(&w, broadcast.bytes, MAC_LEN);
	write_bytes(&w, mac->bytes, MAC_LEN);
	write_u16(&w, ETHERTYPE_ARP_);
	write_arp(&w, HW_ETHERNET, mac, &broadcast, ip.v4);
	return written(&w);
}

size_t garp_encode_infiniband(void *buf, size_t size, const struct mac *mac,
			      const struct mac *broadcast, struct addr ip)
{
	struct writer w = writer_of(buf, size);

	if (mac->len != IPOIB_LEN || broadcast->len != IPOIB_LEN || ip.family != AF_INET)
		return 0;
	write_bytes(&w, broadcast->bytes, IPOIB_LEN);
	write_u16(&w, ETHERTYPE_ARP_);
	write_u16(&w, 0);
	write_arp(&w, HW_INFINIBAND, mac, broadcast, ip.v4);
	return written(&w);
}

/** ICMPv6 checksum over the pseudo header of RFC 8200 section 8.1 and the message. */
static uint16_t icmp6_checksum(const struct addr *src, const struct in6_addr *dst, struct span icmp)
{
	uint8_t tail[8] = { [3] = (uint8_t)icmp.len, [7] = IPPROTO_ICMPV6 };
	uint32_t sum = checksum_add(0, (struct span){ src->bytes, 16 });

	sum = checksum_add(sum, (struct span){ dst->s6_addr, 16 });
	sum = checksum_add(sum, (struct span){ tail, sizeof(tail) });
	return checksum_finish(checksum_add(sum, icmp));
}

static void write_na(struct writer *w, const struct mac *mac, const struct addr *ip, bool router)
{
	write_u8(w, ND_ADVERTISEMENT);
	write_u8(w, 0);
	write_u16(w, 0);
	write_u8(w, (uint8_t)(ND_OVERRIDE | (router ? ND_ROUTER : 0)));
	write_zeros(w, 3);
	write_bytes(w, ip->bytes, 16);
	write_u8(w, 2);		/* target link-layer address */
	write_u8(w, 1);		/* in units of 8 bytes */
	write_bytes(w, mac->bytes, MAC_LEN);
}

size_t na_encode(void *buf, size_t size, const struct mac *mac, struct addr ip, bool router)
{
	static const uint8_t all_nodes_mac[MAC_LEN] = { 0x33, 0x33, 0, 0, 0, 1 };
	static const struct in6_addr all_nodes = { { { 0xff, 0x02, [15] = 0x01 } } };
	struct writer w = writer_of(buf, size);
	uint8_t *icmp;
	uint16_t sum;

	if (mac->len != MAC_LEN || ip.family != AF_INET6)
		return 0;
	write_bytes(&w, all_nodes_mac, MAC_LEN);
	write_bytes(&w, mac->bytes, MAC_LEN);
	write_u16(&w, ETHERTYPE_IPV6_);
	write_u32(&w, 0x60000000);
	write_u16(&w, ND_LEN);
	write_u8(&w, IPPROTO_ICMPV6);
	write_u8(&w, 255);
	write_bytes(&w, ip.bytes, 16);
	write_bytes(&w, &all_nodes, sizeof(all_nodes));
	icmp = w.at;
	write_na(&w, mac, &ip, router);
	if (w.overrun)
		return 0;
	sum = icmp6_checksum(&ip, &all_nodes, (struct span){ icmp, ND_LEN });
	icmp[2] = (uint8_t)(sum >> 8);
	icmp[3] = (uint8_t)sum;
	return writer_len(&w);
}
