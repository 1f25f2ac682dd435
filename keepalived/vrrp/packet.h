/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The advertisement and its bytes: versions 2 and 3 over IPv4 and IPv6.
 *
 * Two layers. A frame is what the IP layer says (addresses, TTL, AH header) and where the VRRP
 * bytes are; an advert is what the VRRP bytes say, in host order. Decoding never allocates, and
 * the spans in the results point into the received buffer. Whether an advert is for us is not
 * asked here (rxcheck.h), nor are keys known here (auth.h).
 *
 * RFC 9568, RFC 5798 (version 3); RFC 3768, RFC 2338 (version 2); RFC 2402 (AH).
 */
#pragma once

#include "base/enum.h"
#include "base/span.h"
#include "base/time.h"
#include "net/addr.h"

#define VRRP_PROTOCOL	     112
#define VRRP_HEADER_LEN	     8
#define VRRP_V2_AUTH_LEN     8	/* authentication data behind the addresses of version 2, IPv4 */
#define VRRP_AH_LEN	     24
#define VRRP_AH_ICV_LEN	     12
#define VRRP_TRAILER_LEN     28	/* auth_hmac */
#define VRRP_IP_HEADER_LEN   20
#define VRRP_ADDRS_MAX	     255
#define VRRP_PRIORITY_OWNER  255
#define VRRP_TYPE_ADVERT     1
#define VRRP_EVERY_MAX_V3    CENTISEC(4095)
#define VRRP_EVERY_MAX_V2    SEC(255)
/** Enough for any datagram that we send. */
#define VRRP_DATAGRAM_MAX                                                                       \
	(VRRP_IP_HEADER_LEN + VRRP_AH_LEN + VRRP_HEADER_LEN + VRRP_ADDRS_MAX * 16 +              \
	 VRRP_V2_AUTH_LEN + VRRP_TRAILER_LEN)

/**
 * Why a packet is not used: name, rare counter that it adds to, text for the log.
 * The log line is "(INSTANCE) from ADDRESS: TEXT" or what instance.c makes of the reason.
 */
#define VRRP_REJECTS(X)                                                                         \
	X(TRUNCATED, packet_len_err, "message truncated")                                       \
	X(SHORT, packet_len_err, "shorter than its headers")                                    \
	X(LENGTH, packet_len_err, "length does not fit its contents")                           \
	X(IP_LENGTH, packet_len_err, "IP total length differs from what was received")          \
	X(CAST, addr_list_err, "unicast received by a multicast virtual router, or the reverse") \
	X(AH_UNEXPECTED, authtype_mismatch, "AH header but auth type is not AH")                \
	X(AH_MISSING, authtype_mismatch, "no AH header but auth type is AH")                    \
	X(TTL, ip_ttl_err, "TTL or hop limit is not 255")                                       \
	X(VERSION, version_err, "wrong VRRP version")                                           \
	X(HMAC_MISSING, auth_ext_missing, "missing authentication trailer")                     \
	X(HMAC_NOT_PEER, src_not_peer, "authenticated sender is not a unicast peer")            \
	X(HMAC_MALFORMED, auth_ext_malformed, "malformed authentication trailer")               \
	X(HMAC_STALE, auth_ext_stale, "stale authentication trailer")                           \
	X(HMAC_UNKNOWN_KEY, auth_ext_unknown_key, "unknown authentication key id")              \
	X(HMAC_INVALID, auth_ext_invalid_hmac, "invalid authentication HMAC")                   \
	X(HMAC_REPLAY, auth_ext_replay, "replayed authentication trailer")                      \
	X(AUTH_TYPE, invalid_authtype, "invalid auth type")                                     \
	X(AUTH_MISMATCH, authtype_mismatch, "auth type differs from ours")                      \
	X(PASSWORD, auth_failure, "invalid password")                                           \
	X(AH_NEXT_HEADER, auth_failure, "AH next header is not VRRP")                           \
	X(AH_ICV, auth_failure, "AH integrity check value does not match")                      \
	X(AH_SPI, auth_failure, "AH SPI is not the source address")                             \
	X(AH_REPLAY, auth_failure, "AH sequence number was used before")                        \
	X(INTERVAL, advert_interval_err, "advertisement interval differs from ours")            \
	X(INTERVAL_ZERO, advert_interval_err, "advertisement interval is 0")                    \
	X(TYPE, invalid_type_rcvd, "not an advertisement")                                      \
	X(CHECKSUM, checksum_err, "invalid checksum")                                           \
	X(DESTINATION, addr_list_err, "not sent to the group, or sent to it and we use unicast") \
	X(OWNER, owner_ignored, "we are address owner")                                         \
	X(UNICAST_SRC, src_not_peer, "source is not a unicast peer")                            \
	X(PEER_TTL, ip_ttl_err, "TTL or hop limit out of the range of the peer")

/** Reasons that no instance counts. */
#define VRRP_SILENT_REJECTS(X)                                        \
	X(VRID, none, "unknown virtual router id")                    \
	X(INACTIVE, none, "this virtual router is not running")

#define VRRP_REJECT_VALUE_(name, counter, text) VRRP_REJECT_##name,
enum vrrp_reject {
	VRRP_ACCEPT = 0,
	VRRP_REJECTS(VRRP_REJECT_VALUE_) VRRP_SILENT_REJECTS(VRRP_REJECT_VALUE_) n_vrrp_reject
};

/** Name for tests and metrics ("TTL"); "ACCEPT" for VRRP_ACCEPT. */
const char *vrrp_reject_name(enum vrrp_reject);
const char *vrrp_reject_text(enum vrrp_reject);

/** What the IP layer says of one received datagram. */
struct vrrp_frame {
	struct addr src;
	struct addr dst;
	uint8_t ttl;		/* or hop limit */
	uint8_t vrid;		/* for looking up the instance */
	bool has_ah;
	uint16_t ip_len;	/* IPv4: total length as the header says; IPv6: 0 */
	uint8_t ah_next;	/* AH fields, only with has_ah */
	uint8_t ah_words;	/* payload length field */
	uint32_t ah_spi;
	uint32_t ah_sequence;
	struct span datagram;	/* from the IP header (IPv4) or the VRRP header (IPv6) */
	size_t payload_at;	/* where VRRP begins in datagram */
	struct span payload;	/* VRRP and all that follows, padding included */
};

/** A datagram from an IPv4 raw socket, IP header first. SHORT or VRRP_ACCEPT. */
enum vrrp_reject vrrp_frame_of_ipv4(struct span datagram, struct vrrp_frame *out);
/** The payload from an IPv6 raw socket; addresses and hop limit from the ancillary data. */
enum vrrp_reject vrrp_frame_of_ipv6(struct span payload, struct addr src, struct addr dst,
				    uint8_t hop_limit, struct vrrp_frame *out);

/** Auth type field of version 2. */
enum vrrp_wire_auth { VRRP_WIRE_NONE = 0, VRRP_WIRE_PASS = 1, VRRP_WIRE_AH = 2 };

/** One advertisement in host order. All spans point into the received buffer. */
struct vrrp_advert {
	uint8_t version;	/* 2 or 3 */
	uint8_t type;		/* 1; anything else is for rxcheck to reject */
	uint8_t vrid;
	uint8_t priority;
	uint8_t n_addrs;
	uint8_t auth_type;	/* version 2 as received; version 3: 0 */
	kspan every;		/* advertisement interval, may be 0 */
	uint16_t checksum;
	struct span addrs;	/* n_addrs times 4 or 16 bytes */
	struct span auth_data;	/* 8 bytes for version 2 over IPv4, else empty */
	struct span body;	/* version to the last address or auth data */
	struct span rest;	/* what follows: nothing, a trailer, or padding */
};

/** Read the VRRP part. VERSION (neither 2 nor 3) or LENGTH (shorter than it claims). */
enum vrrp_reject vrrp_decode(struct span payload, int family, struct vrrp_advert *out);
/** Address @i of an advert, @i < n_addrs. */
struct addr vrrp_advert_addr(const struct vrrp_advert *, unsigned i, int family);

/** How the checksum of an IPv4 advert is formed. IPv6: always by the kernel, all of the payload. */
enum vrrp_checksum_form {
	VRRP_SUM_STANDARD,	/* v2: no pseudo header; v3: source and destination */
	VRRP_SUM_AS_V2,	/* v3 without pseudo header */
	VRRP_SUM_OLD,	/* v3 unicast of releases up to 1.3.6: group as destination */
};

/** Does the checksum in @body fit? IPv4. @dst is the destination, for VRRP_SUM_OLD the group. */
bool vrrp_checksum_ok(struct span body, uint8_t version, enum vrrp_checksum_form form,
		      const struct addr *src, const struct addr *dst);
/** Is the checksum that of version 2, corrected for a change of the destination from @from to @to
 *  although it does not cover it? IPv4. */
bool vrrp_checksum_moved_ok(struct span body, const struct addr *from, const struct addr *to);
/** The checksum of a whole IPv6 payload whose field is 0, trailer included, for where no kernel
 *  computes it. */
uint16_t vrrp_checksum_ipv6(struct span payload, const struct addr *src, const struct addr *dst);

/** One advertisement to send to one destination. Borrowed pointers. */
struct vrrp_outgoing {
	uint8_t version;	/* 2 or 3 */
	uint8_t family;		/* AF_INET or AF_INET6 */
	uint8_t vrid;
	uint8_t priority;
	kspan every;		/* v2: whole seconds 1..255; v3: centiseconds 1..4095 */
	struct addr src;
	struct addr dst;
	struct addr group;	/* for VRRP_SUM_OLD */
	uint8_t ttl;		/* IPv4 only; IPv6 by ancillary data */
	uint16_t ip_id;		/* IPv4 only; vrrp_next_ip_id() */
	const struct addr *addrs;
	unsigned n_addrs;	/* at most VRRP_ADDRS_MAX */
	enum vrrp_wire_auth auth_type;	/* version 2 over IPv4 only */
	bool trailer;		/* leave room for an auth_hmac trailer */
	enum vrrp_checksum_form checksum;
	uint8_t password[VRRP_V2_AUTH_LEN];	/* VRRP_WIRE_PASS */
};

/**
 * Write the datagram: for IPv4 from the IP header (total length set, header checksum 0: the kernel
 * fills it in), for IPv6 from the VRRP header (checksum 0: the kernel fills it in). AH fields and
 * trailer are zero until vrrp_auth_seal(). Returns the length, 0 if it does not fit @size or
 * the values are out of range.
 */
size_t vrrp_encode(const struct vrrp_outgoing *, void *buf, size_t size);
/** Length that vrrp_encode() will need. */
size_t vrrp_encoded_len(const struct vrrp_outgoing *);
/** Advance the identification counter of an instance: from 1, never 0; one per logical advert. */
uint16_t vrrp_next_ip_id(uint16_t *counter);
