/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading and writing the bytes of an advertisement, and their checksums.
 *
 * Nothing is assumed about the bytes: a length that the packet claims is compared with what is
 * there before anything behind it is looked at. Whether the content is acceptable is decided in
 * rxcheck.c. RFC 9568 section 5, RFC 3768 section 5, RFC 2338 section 5.3.6, RFC 2402 section 2.
 *
 * Keeps nothing and owns nothing; results point into the caller's buffer.
 */
#include "vrrp/packet.h"

#include <string.h>

#define IP_PROTOCOL_AH 51

#define REJECT_NAME_(name, counter, text) [VRRP_REJECT_##name] = #name,
#define REJECT_TEXT_(name, counter, text) [VRRP_REJECT_##name] = text,

static const char *const reject_names[n_vrrp_reject] = {
	[VRRP_ACCEPT] = "ACCEPT",
	VRRP_REJECTS(REJECT_NAME_)
	VRRP_SILENT_REJECTS(REJECT_NAME_)
};

static const char *const reject_texts[n_vrrp_reject] = {
	[VRRP_ACCEPT] = "accepted",
	VRRP_REJECTS(REJECT_TEXT_)
	VRRP_SILENT_REJECTS(REJECT_TEXT_)
};

const char *vrrp_reject_name(enum vrrp_reject reject)
{
	return (unsigned)reject < n_vrrp_reject ? reject_names[reject] : "?";
}

const char *vrrp_reject_text(enum vrrp_reject reject)
{
	return (unsigned)reject < n_vrrp_reject ? reject_texts[reject] : "?";
}

/* -- the IP layer -------------------------------------------------------------------------- */

static void read_ah(struct reader *r, struct vrrp_frame *out)
{
	out->ah_next = read_u8(r);
	out->ah_words = read_u8(r);
	read_skip(r, 2);
	out->ah_spi = read_u32(r);
	out->ah_sequence = read_u32(r);
	read_skip(r, VRRP_AH_ICV_LEN);
}

/** The rest of @r is the VRRP packet. */
static enum vrrp_reject read_payload(struct reader *r, struct vrrp_frame *out)
{
	size_t left = reader_left(r);

	if (r->overrun || left < VRRP_HEADER_LEN)
		return VRRP_REJECT_SHORT;
	out->payload_at = (size_t)(r->at - out->datagram.data);
	out->payload = read_span(r, left);
	out->vrid = out->payload.data[1];
	return VRRP_ACCEPT;
}

enum vrrp_reject vrrp_frame_of_ipv4(struct span datagram, struct vrrp_frame *out)
{
	struct reader r = reader_of(datagram);
	struct in_addr src, dst;
	uint8_t version_ihl, protocol;

	*out = (struct vrrp_frame){ .datagram = datagram };
	version_ihl = read_u8(&r);
	read_skip(&r, 1);
	out->ip_len = read_u16(&r);
	read_skip(&r, 4);
	out->ttl = read_u8(&r);
	protocol = read_u8(&r);
	read_skip(&r, 2);
	read_bytes(&r, &src, sizeof(src));
	read_bytes(&r, &dst, sizeof(dst));
	if (r.overrun || version_ihl >> 4 != 4 || (version_ihl & 0x0f) < 5)
		return VRRP_REJECT_SHORT;
	read_skip(&r, (version_ihl & 0x0fu) * 4 - VRRP_IP_HEADER_LEN);
	out->src = addr_of_bytes(AF_INET, &src);
	out->dst = addr_of_bytes(AF_INET, &dst);
	out->has_ah = protocol == IP_PROTOCOL_AH;
	if (out->has_ah)
		read_ah(&r, out);
	return read_payload(&r, out);
}

enum vrrp_reject vrrp_frame_of_ipv6(struct span payload, struct addr src, struct addr dst,
				    uint8_t hop_limit, struct vrrp_frame *out)
{
	struct reader r = reader_of(payload);

	*out = (struct vrrp_frame){
		.src = src,
		.dst = dst,
		.ttl = hop_limit,
		.datagram = payload,
	};
	return read_payload(&r, out);
}

/* -- the advertisement --------------------------------------------------------------------- */

enum vrrp_reject vrrp_decode(struct span payload, int family, struct vrrp_advert *out)
{
	struct reader r = reader_of(payload);
	size_t addr_len = family == AF_INET6 ? 16 : 4;
	uint8_t version_type = read_u8(&r);

	*out = (struct vrrp_advert){
		.version = version_type >> 4,
		.type = version_type & 0x0f,
		.vrid = read_u8(&r),
	};
	if (out->version != 2 && out->version != 3)
		return VRRP_REJECT_VERSION;
	out->priority = read_u8(&r);
	out->n_addrs = read_u8(&r);
	if (out->version == 2) {
		out->auth_type = read_u8(&r);
		out->every = SEC(read_u8(&r));
	} else {
		out->every = CENTISEC(read_u16(&r) & 0x0fff);
	}
	out->checksum = read_u16(&r);
	out->addrs = read_span(&r, out->n_addrs * addr_len);
	if (out->version == 2 && family == AF_INET)
		out->auth_data = read_span(&r, VRRP_V2_AUTH_LEN);
	if (r.overrun)
		return VRRP_REJECT_LENGTH;
	out->body = (struct span){ payload.data, (size_t)(r.at - payload.data) };
	out->rest = read_span(&r, reader_left(&r));
	return VRRP_ACCEPT;
}

struct addr vrrp_advert_addr(const struct vrrp_advert *ad, unsigned i, int family)
{
	size_t addr_len = family == AF_INET6 ? 16 : 4;

	return addr_of_bytes(family, ad->addrs.data + i * addr_len);
}

/* -- checksums ----------------------------------------------------------------------------- */

static uint32_t sum_addr(uint32_t sum, const struct addr *a)
{
	return checksum_add(sum, (struct span){ a->bytes, addr_size(*a) });
}

/** RFC 9568 section 5.2.8: the pseudo header of RFC 8200 for IPv6, its like for IPv4. */
static uint32_t sum_pseudo(const struct addr *src, const struct addr *dst, size_t len)
{
	uint8_t tail[4] = { 0, VRRP_PROTOCOL, (uint8_t)(len >> 8), (uint8_t)len };

	return checksum_add(sum_addr(sum_addr(0, src), dst), (struct span){ tail, sizeof(tail) });
}

static uint16_t checksum_ipv4(struct span body, uint8_t version, enum vrrp_checksum_form form,
			      const struct addr *src, const struct addr *dst)
{
	bool pseudo = version == 3 && form != VRRP_SUM_AS_V2;

	return checksum_finish(checksum_add(pseudo ? sum_pseudo(src, dst, body.len) : 0, body));
}

bool vrrp_checksum_ok(struct span body, uint8_t version, enum vrrp_checksum_form form,
		      const struct addr *src, const struct addr *dst)
{
	return checksum_ipv4(body, version, form, src, dst) == 0;
}

bool vrrp_checksum_moved_ok(struct span body, const struct addr *from, const struct addr *to)
{
	struct addr gone = { .family = AF_INET, .v4 = { ~from->v4.s_addr } };

	return checksum_finish(checksum_add(sum_addr(sum_addr(0, &gone), to), body)) == 0;
}

uint16_t vrrp_checksum_ipv6(struct span payload, const struct addr *src, const struct addr *dst)
{
	return checksum_finish(checksum_add(sum_pseudo(src, dst, payload.len), payload));
}

/* -- writing ------------------------------------------------------------------------------- */

static bool is_sendable(const struct vrrp_outgoing *o)
{
	kspan unit = o->version == 3 ? CENTISEC(1) : SEC(1);
	kspan max = o->version == 3 ? VRRP_EVERY_MAX_V3 : VRRP_EVERY_MAX_V2;

	if (o->version != 2 && o->version != 3)
		return false;
	if (o->family != AF_INET && o->family != AF_INET6)
		return false;
	if (o->src.family != o->family || o->dst.family != o->family)
		return false;
	return o->n_addrs <= VRRP_ADDRS_MAX && o->every.ns >= unit.ns && o->every.ns <= max.ns;
}

static bool has_auth_data(const struct vrrp_outgoing *o)
{
	return o->version == 2 && o->family == AF_INET;
}

static bool has_ah(const struct vrrp_outgoing *o)
{
	return has_auth_data(o) && o->auth_type == VRRP_WIRE_AH;
}

static size_t body_len(const struct vrrp_outgoing *o)
{
	size_t addr_len = o->family == AF_INET6 ? 16 : 4;

	return VRRP_HEADER_LEN + o->n_addrs * addr_len +
	       (has_auth_data(o) ? (size_t)VRRP_V2_AUTH_LEN : 0);
}

size_t vrrp_encoded_len(const struct vrrp_outgoing *o)
{
	return (o->family == AF_INET ? (size_t)VRRP_IP_HEADER_LEN : 0) +
	       (has_ah(o) ? (size_t)VRRP_AH_LEN : 0) + body_len(o) +
	       (o->trailer ? (size_t)VRRP_TRAILER_LEN : 0);
}

/** No options, no flags; the kernel adds the header checksum. */
static void write_ip_header(struct writer *w, const struct vrrp_outgoing *o)
{
	write_u8(w, 0x45);
	write_u8(w, 0xc0);	/* internetwork control */
	write_u16(w, (uint16_t)vrrp_encoded_len(o));
	write_u16(w, o->ip_id);
	write_u16(w, 0);
	write_u8(w, o->ttl);
	write_u8(w, has_ah(o) ? IP_PROTOCOL_AH : VRRP_PROTOCOL);
	write_u16(w, 0);
	write_bytes(w, &o->src.v4, sizeof(o->src.v4));
	write_bytes(w, &o->dst.v4, sizeof(o->dst.v4));
}

static void write_body(struct writer *w, const struct vrrp_outgoing *o)
{
	write_u8(w, (uint8_t)(o->version << 4 | VRRP_TYPE_ADVERT));
	write_u8(w, o->vrid);
	write_u8(w, o->priority);
	write_u8(w, (uint8_t)o->n_addrs);
	if (o->version == 2) {
		write_u8(w, has_auth_data(o) ? (uint8_t)o->auth_type : 0);
		write_u8(w, (uint8_t)kspan_sec(o->every));
	} else {
		write_u16(w, (uint16_t)(o->every.ns / CENTISEC(1).ns));
	}
	write_u16(w, 0);
	for (unsigned i = 0; i < o->n_addrs; i++)
		write_bytes(w, o->addrs[i].bytes, o->family == AF_INET6 ? 16 : 4);
	if (has_auth_data(o) && o->auth_type == VRRP_WIRE_PASS)
		write_bytes(w, o->password, sizeof(o->password));
	else if (has_auth_data(o))
		write_zeros(w, VRRP_V2_AUTH_LEN);
}

size_t vrrp_encode(const struct vrrp_outgoing *o, void *buf, size_t size)
{
	struct writer w = writer_of(buf, size);
	const struct addr *dst = o->checksum == VRRP_SUM_OLD ? &o->group : &o->dst;
	uint8_t *body;
	uint16_t sum;

	if (!is_sendable(o) || vrrp_encoded_len(o) > size)
		return 0;
	if (o->family == AF_INET)
		write_ip_header(&w, o);
	if (has_ah(o))
		write_zeros(&w, VRRP_AH_LEN);
	body = w.at;
	write_body(&w, o);
	if (o->family == AF_INET) {
		sum = checksum_ipv4((struct span){ body, body_len(o) }, o->version, o->checksum,
				    &o->src, dst);
		body[6] = (uint8_t)(sum >> 8);
		body[7] = (uint8_t)sum;
	}
	if (o->trailer)
		write_zeros(&w, VRRP_TRAILER_LEN);
	return w.overrun ? 0 : writer_len(&w);
}

uint16_t vrrp_next_ip_id(uint16_t *counter)
{
	if (!++*counter)
		++*counter;
	return *counter;
}
