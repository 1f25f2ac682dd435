/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Passwords, AH and the HMAC trailer: sealing what we send, opening what we hear.
 *
 * Every comparison of a secret takes the same time wherever it fails. Sequence numbers are kept
 * per sender, and only senders that could compute a digest get a place, so a stranger can neither
 * fill the table nor push a number forward.
 *
 * Owns the table of marks; keys and packets are borrowed. RFC 2338 section 10.5.2, RFC 2402
 * sections 3.3 and 3.4, RFC 1982 (comparison of sequences).
 */
#include "vrrp/auth.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "vrrp/auth_hmac.h"

#define AH_NEXT_AT     0	/* offsets in the AH header */
#define AH_ICV_AT      12
#define AH_WORDS       4	/* length in 32-bit words, less 2 */
#define AH_SEQ_LAST    0xfffffffdu
#define AH_WINDOW      64
#define TAG_LEN	       16
#define TRAILER_TAG_AT (VRRP_TRAILER_LEN - TAG_LEN)
#define TRAILER_HMAC_SHA256_128 1
#define PSEUDO_LEN     20
#define IP_TOS_AT      1
#define IP_FLAGS_AT    6
#define IP_TTL_AT      8
#define IP_SUM_AT      10
/* A received IP header may carry 40 bytes of options. */
#define MESSAGE_MAX    (VRRP_DATAGRAM_MAX + 40 + PSEUDO_LEN)

bool vrrp_bytes_equal(const void *a, const void *b, size_t len)
{
	const volatile uint8_t *x = a, *y = b;
	uint8_t difference = 0;

	for (size_t i = 0; i < len; i++)
		difference |= x[i] ^ y[i];
	return !difference;
}

/* -- marks --------------------------------------------------------------------------------- */

void vrrp_auth_init(struct vrrp_auth *auth)
{
	*auth = (struct vrrp_auth){ 0 };
}

void vrrp_auth_fini(struct vrrp_auth *auth)
{
	free(auth->marks);
	*auth = (struct vrrp_auth){ 0 };
}

static struct vrrp_mark *mark_find(struct vrrp_auth *auth, const struct addr *from)
{
	for (unsigned i = 0; i < auth->n_marks; i++) {
		if (addr_equal(auth->marks[i].from, *from))
			return &auth->marks[i];
	}
	return NULL;
}

const struct vrrp_mark *vrrp_auth_mark(const struct vrrp_auth *auth, const struct addr *from)
{
	return mark_find((struct vrrp_auth *)auth, from);
}

/** The sender's mark, or a new one; the one that was not used for longest makes room. */
static struct vrrp_mark *mark_take(struct vrrp_auth *auth, const struct addr *from)
{
	struct vrrp_mark *mark = mark_find(auth, from);

	if (!mark && auth->n_marks == VRRP_MARKS_MAX) {
		mark = auth->marks;
		for (unsigned i = 1; i < auth->n_marks; i++) {
			if (auth->marks[i].used < mark->used)
				mark = &auth->marks[i];
		}
		*mark = (struct vrrp_mark){ .from = *from };
	} else if (!mark) {
		if (auth->n_marks == auth->cap_marks) {
			auth->cap_marks = auth->cap_marks ? auth->cap_marks * 2 : 4;
			auth->marks = xrealloc(auth->marks, auth->cap_marks, sizeof(*auth->marks));
		}
		mark = &auth->marks[auth->n_marks++];
		*mark = (struct vrrp_mark){ .from = *from };
	}
	mark->used = ++auth->tick;
	return mark;
}

/** RFC 1982: a comes after b on a circle of 64 bits. */
static bool comes_after(uint64_t a, uint64_t b)
{
	return (int64_t)(a - b) > 0;
}

void vrrp_auth_restore(struct vrrp_auth *auth, const struct vrrp_mark *kept)
{
	struct vrrp_mark *mark = mark_take(auth, &kept->from);

	if (!mark->hmac_sequence || comes_after(kept->hmac_sequence, mark->hmac_sequence))
		mark->hmac_sequence = kept->hmac_sequence;
	if (kept->ah_sequence > mark->ah_sequence) {
		mark->ah_sequence = kept->ah_sequence;
		mark->ah_window = kept->ah_window;
	}
	auth->ah_sequence = MAX_OF(auth->ah_sequence, kept->ah_sequence);
}

/* -- digests ------------------------------------------------------------------------------- */

/** Bytes that a digest covers, put together on the stack. */
struct message {
	struct writer w;
	uint8_t bytes[MESSAGE_MAX];
};

static void message_begin(struct message *m)
{
	m->w = writer_of(m->bytes, sizeof(m->bytes));
}

static struct span message_span(const struct message *m)
{
	return (struct span){ m->bytes, writer_len(&m->w) };
}

/**
 * What the ICV covers: the IP header with its mutable fields zero (the TTL of multicast counts:
 * it must be 255 anyway), the AH header with the ICV zero, the VRRP packet.
 */
static bool ah_icv(const struct vrrp_auth_params *params, struct span datagram, size_t payload_at,
		   bool multicast, uint8_t icv[VRRP_AH_ICV_LEN])
{
	size_t ah_at = payload_at - VRRP_AH_LEN;
	uint8_t digest[HMAC_MD5_LEN];
	struct message m;

	message_begin(&m);
	write_bytes(&m.w, datagram.data, datagram.len);
	if (m.w.overrun)
		return false;
	m.bytes[IP_TOS_AT] = 0;
	memset(m.bytes + IP_FLAGS_AT, 0, 2);
	memset(m.bytes + IP_SUM_AT, 0, 2);
	if (!multicast)
		m.bytes[IP_TTL_AT] = 0;
	memset(m.bytes + ah_at + AH_ICV_AT, 0, VRRP_AH_ICV_LEN);
	if (!hmac_md5(params->crypto, (struct span){ params->password, VRRP_V2_AUTH_LEN },
		      message_span(&m), digest))
		return false;
	memcpy(icv, digest, VRRP_AH_ICV_LEN);
	return true;
}

/** The tag covers a pseudo header, the VRRP packet without its checksum, the trailer. */
static bool trailer_tag(const struct vrrp_crypto *crypto, struct span key, const struct addr *src,
			struct span body, const uint8_t *trailer, uint8_t tag[TAG_LEN])
{
	uint8_t digest[HMAC_SHA256_LEN];
	struct message m;

	message_begin(&m);
	write_u8(&m.w, src->family == AF_INET6 ? 6 : 4);
	write_u8(&m.w, body.data[0] >> 4);
	write_u8(&m.w, body.data[1]);
	write_u8(&m.w, 0);
	write_bytes(&m.w, src->bytes, addr_size(*src));
	write_zeros(&m.w, 16 - addr_size(*src));
	write_bytes(&m.w, body.data, 6);
	write_zeros(&m.w, 2);
	write_bytes(&m.w, body.data + VRRP_HEADER_LEN, body.len - VRRP_HEADER_LEN);
	write_bytes(&m.w, trailer, TRAILER_TAG_AT);
	write_zeros(&m.w, TAG_LEN);
	if (m.w.overrun || !hmac_sha256(crypto, key, message_span(&m), digest))
		return false;
	memcpy(tag, digest, TAG_LEN);
	return true;
}

static const struct vrrp_auth_key *key_find(const struct vrrp_auth_params *params, uint8_t id)
{
	for (unsigned i = 0; i < params->n_keys; i++) {
		if (params->keys[i].id == id)
			return &params->keys[i];
	}
	return NULL;
}

/* -- sealing ------------------------------------------------------------------------------- */

/** Seconds, fraction in 1/65536 s, and a counter of 0, in one number. */
static uint64_t sequence_of_clock(int64_t wall_ns)
{
	uint64_t ns = (uint64_t)wall_ns;
	uint64_t fraction = ((ns % 1000000000u) << 16) / 1000000000u;

	return (ns / 1000000000u) << 32 | fraction << 16;
}

/** By how many seconds the sequence is ahead of the clock, on a circle of 32 bits. */
static int64_t seconds_ahead(uint64_t sequence, int64_t wall_ns)
{
	return (int32_t)((uint32_t)(sequence >> 32) - (uint32_t)(wall_ns / 1000000000));
}

static uint64_t next_hmac_sequence(const struct vrrp_auth *auth,
				   const struct vrrp_auth_params *params, int64_t wall_ns)
{
	uint64_t now = sequence_of_clock(wall_ns);

	if (!auth->hmac_sequence || comes_after(now, auth->hmac_sequence))
		return now;
	/* The clock was set back by more than receivers forgive: follow it. */
	if (!params->monotonic &&
	    seconds_ahead(auth->hmac_sequence, wall_ns) > kspan_sec(params->time_window))
		return now;
	return auth->hmac_sequence + 1;
}

static bool sends_trailer(const struct vrrp_auth_params *params)
{
	return params->trailer == VRRP_TRAILER_ENFORCE ||
	       params->trailer == VRRP_TRAILER_PERMISSIVE;
}

int vrrp_auth_next(struct vrrp_auth *auth, const struct vrrp_auth_params *params, int64_t wall_ns,
		   struct vrrp_seal *out)
{
	*out = (struct vrrp_seal){ 0 };
	if (params->type == VRRP_WIRE_AH) {
		if (auth->ah_sequence >= AH_SEQ_LAST)
			return -EOVERFLOW;
		out->ah_sequence = ++auth->ah_sequence;
	}
	if (sends_trailer(params)) {
		auth->hmac_sequence = next_hmac_sequence(auth, params, wall_ns);
		out->hmac_sequence = auth->hmac_sequence;
	}
	return 0;
}

static int seal_ah(const struct vrrp_auth_params *params, const struct vrrp_seal *seal,
		   const struct vrrp_outgoing *o, uint8_t *datagram, size_t len)
{
	uint8_t *ah = datagram + VRRP_IP_HEADER_LEN;
	struct writer w = writer_of(ah, AH_ICV_AT);
	uint8_t icv[VRRP_AH_ICV_LEN];

	if (len < VRRP_IP_HEADER_LEN + VRRP_AH_LEN + VRRP_HEADER_LEN)
		return -EIO;
	write_u8(&w, VRRP_PROTOCOL);
	write_u8(&w, AH_WORDS);
	write_u16(&w, 0);
	write_bytes(&w, &o->src.v4, sizeof(o->src.v4));	/* the SPI is our present address */
	write_u32(&w, seal->ah_sequence);
	if (!ah_icv(params, (struct span){ datagram, len }, VRRP_IP_HEADER_LEN + VRRP_AH_LEN,
		    addr_is_multicast(o->dst), icv))
		return -EIO;
	memcpy(ah + AH_ICV_AT, icv, sizeof(icv));
	return 0;
}

static int seal_trailer(const struct vrrp_auth_params *params, const struct vrrp_seal *seal,
			const struct vrrp_outgoing *o, uint8_t *datagram, size_t len)
{
	size_t body_at = o->family == AF_INET ? VRRP_IP_HEADER_LEN : 0;
	const struct vrrp_auth_key *key = key_find(params, params->active_key);
	uint8_t *trailer = datagram + len - VRRP_TRAILER_LEN;
	struct writer w = writer_of(trailer, TRAILER_TAG_AT);
	uint8_t tag[TAG_LEN];

	if (!key || len < body_at + VRRP_HEADER_LEN + VRRP_TRAILER_LEN)
		return -EIO;
	write_u8(&w, TRAILER_HMAC_SHA256_128);
	write_u8(&w, key->id);
	write_u16(&w, 0);
	write_u64(&w, seal->hmac_sequence);
	if (!trailer_tag(params->crypto, key->bytes, &o->src,
			 (struct span){ datagram + body_at, len - body_at - VRRP_TRAILER_LEN },
			 trailer, tag))
		return -EIO;
	memcpy(trailer + TRAILER_TAG_AT, tag, sizeof(tag));
	return 0;
}

int vrrp_auth_seal(const struct vrrp_auth_params *params, const struct vrrp_seal *seal,
		   const struct vrrp_outgoing *o, uint8_t *datagram, size_t len)
{
	int error = 0;

	if (o->auth_type == VRRP_WIRE_AH && o->version == 2 && o->family == AF_INET)
		error = seal_ah(params, seal, o, datagram, len);
	if (!error && o->trailer)
		error = seal_trailer(params, seal, o, datagram, len);
	return error;
}

/* -- opening ------------------------------------------------------------------------------- */

enum vrrp_reject vrrp_auth_check_v2(const struct vrrp_auth_params *params,
				    const struct vrrp_advert *ad)
{
	enum vrrp_wire_auth ours = params && ad->auth_data.len ? params->type : VRRP_WIRE_NONE;

	if (ad->auth_type > VRRP_WIRE_AH)
		return VRRP_REJECT_AUTH_TYPE;
	if (ad->auth_type != ours)
		return VRRP_REJECT_AUTH_MISMATCH;
	if (ours == VRRP_WIRE_PASS &&
	    !vrrp_bytes_equal(ad->auth_data.data, params->password, VRRP_V2_AUTH_LEN))
		return VRRP_REJECT_PASSWORD;
	return VRRP_ACCEPT;
}

/** Has the number been seen, or is it too old to tell? If not, it is noted. */
static bool ah_is_replay(struct vrrp_mark *mark, uint32_t sequence)
{
	uint32_t distance;

	if (sequence > mark->ah_sequence) {
		distance = sequence - mark->ah_sequence;
		mark->ah_window = distance < AH_WINDOW ? mark->ah_window << distance : 0;
		mark->ah_window |= 1;
		mark->ah_sequence = sequence;
		return false;
	}
	distance = mark->ah_sequence - sequence;
	if (!sequence || distance >= AH_WINDOW || mark->ah_window >> distance & 1)
		return true;
	mark->ah_window |= (uint64_t)1 << distance;
	return false;
}

enum vrrp_reject vrrp_auth_open_ah(struct vrrp_auth *auth, const struct vrrp_auth_params *params,
				   const struct vrrp_frame *frame, bool multicast)
{
	struct span covered = frame->datagram;
	uint8_t icv[VRRP_AH_ICV_LEN];
	const uint8_t *received;

	if (frame->ah_next != VRRP_PROTOCOL || frame->ah_words != AH_WORDS)
		return VRRP_REJECT_AH_NEXT_HEADER;
	if (frame->ip_len >= frame->payload_at + VRRP_HEADER_LEN && frame->ip_len < covered.len)
		covered.len = frame->ip_len;	/* without padding of the link */
	received = frame->datagram.data + frame->payload_at - VRRP_AH_ICV_LEN;
	if (!ah_icv(params, covered, frame->payload_at, multicast, icv) ||
	    !vrrp_bytes_equal(icv, received, sizeof(icv)))
		return VRRP_REJECT_AH_ICV;
	if (frame->ah_spi != ntohl(frame->src.v4.s_addr))
		return VRRP_REJECT_AH_SPI;
	if (ah_is_replay(mark_take(auth, &frame->src), frame->ah_sequence))
		return VRRP_REJECT_AH_REPLAY;
	/* Our next number must be above all that receivers with one common counter have seen. */
	auth->ah_sequence = MAX_OF(auth->ah_sequence, frame->ah_sequence);
	return VRRP_ACCEPT;
}

struct trailer {
	uint8_t type;
	uint8_t key_id;
	uint16_t reserved;
	uint64_t sequence;
	const uint8_t *tag;
};

static struct trailer trailer_of(struct span in)
{
	struct reader r = reader_of(in);
	struct trailer t = {
		.type = read_u8(&r),
		.key_id = read_u8(&r),
		.reserved = read_u16(&r),
		.sequence = read_u64(&r),
	};

	t.tag = in.data + TRAILER_TAG_AT;
	return t;
}

/** Called with a right tag only. */
static bool hmac_is_replay(struct vrrp_auth *auth, const struct vrrp_auth_params *params,
			   const struct addr *src, uint64_t sequence, int64_t wall_ns)
{
	struct vrrp_mark *mark = mark_take(auth, src);
	int64_t window = kspan_sec(params->time_window);
	int64_t ahead = seconds_ahead(mark->hmac_sequence, wall_ns);

	/* Outside the window the clock check alone refuses what the mark would refuse. */
	if (mark->hmac_sequence && !params->monotonic && (ahead > window || ahead < -window))
		mark->hmac_sequence = 0;
	if (mark->hmac_sequence && !comes_after(sequence, mark->hmac_sequence))
		return true;
	mark->hmac_sequence = sequence;
	return false;
}

enum vrrp_reject vrrp_auth_open_hmac(struct vrrp_auth *auth, const struct vrrp_auth_params *params,
				     const struct vrrp_hmac_input *in, int64_t wall_ns,
				     struct vrrp_auth_result *out)
{
	const struct vrrp_auth_key *key;
	int64_t window = kspan_sec(params->time_window);
	uint8_t tag[TAG_LEN];
	struct trailer t;

	*out = (struct vrrp_auth_result){ 0 };
	if (in->trailer.len != VRRP_TRAILER_LEN)
		return params->trailer == VRRP_TRAILER_ENFORCE ? VRRP_REJECT_HMAC_MISSING :
								 VRRP_ACCEPT;
	if (!in->is_peer)
		return VRRP_REJECT_HMAC_NOT_PEER;
	t = trailer_of(in->trailer);
	out->key_id = t.key_id;
	if (t.type != TRAILER_HMAC_SHA256_128 || t.reserved)
		return VRRP_REJECT_HMAC_MALFORMED;
	if (!params->monotonic) {
		out->skew_s = seconds_ahead(t.sequence, wall_ns);
		if (out->skew_s > window || out->skew_s < -window)
			return VRRP_REJECT_HMAC_STALE;
	}
	key = key_find(params, t.key_id);
	if (!key)
		return VRRP_REJECT_HMAC_UNKNOWN_KEY;
	if (!trailer_tag(params->crypto, key->bytes, &in->src, in->advert->body, in->trailer.data,
			 tag) ||
	    !vrrp_bytes_equal(tag, t.tag, sizeof(tag)))
		return VRRP_REJECT_HMAC_INVALID;
	if (hmac_is_replay(auth, params, &in->src, t.sequence, wall_ns))
		return VRRP_REJECT_HMAC_REPLAY;
	out->authenticated = true;
	out->skew_warning = out->skew_s > window / 2 || out->skew_s < -(window / 2);
	return VRRP_ACCEPT;
}
