/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Authentication of advertisements: simple password and AH (RFC 2338, RFC 2402), and the
 * HMAC-SHA256 trailer with replay protection (auth_hmac).
 *
 * struct vrrp_auth_params is configuration (borrowed, holds secrets that the configuration wipes);
 * struct vrrp_auth is what must outlive a reload: the instance owns it and hands the same one to
 * the next configuration, so that old packets stay old. No logging, no clock: the wall clock is
 * an argument.
 */
#pragma once

#include "base/time.h"
#include "net/addr.h"
#include "vrrp/packet.h"

/** The hash functions of libcrypto, loaded; NULL if the library is not there. auth_crypto.c. */
struct vrrp_crypto *vrrp_crypto_new(void);
void vrrp_crypto_free(struct vrrp_crypto *);

enum vrrp_trailer_mode {
	VRRP_TRAILER_OFF,
	VRRP_TRAILER_ENFORCE,	/* a trailer is required */
	VRRP_TRAILER_PERMISSIVE,	/* adverts without one are accepted, wrong ones are not */
	VRRP_TRAILER_RECEIVE_ONLY,	/* as permissive, and ours carry none */
};

/** A shared key; the bytes are borrowed from the configuration. */
struct vrrp_auth_key {
	uint8_t id;		/* 1..255 */
	struct span bytes;	/* 32..64 */
};

struct vrrp_auth_params {
	enum vrrp_wire_auth type;		/* version 2 only */
	uint8_t password[VRRP_V2_AUTH_LEN];	/* zero padded */
	enum vrrp_trailer_mode trailer;
	const struct vrrp_auth_key *keys;
	unsigned n_keys;
	uint8_t active_key;			/* id of one of @keys */
	bool monotonic;				/* anti_replay monotonic instead of time */
	kspan time_window;			/* whole seconds, 1..300 */
	const struct vrrp_crypto *crypto;	/* AH and trailer; NULL: every digest fails */
};

/** Last numbers heard of one sender. */
struct vrrp_mark {
	struct addr from;
	uint64_t hmac_sequence;	/* 0: none */
	uint32_t ah_sequence;	/* highest; 0: none */
	uint64_t ah_window;	/* bit n: ah_sequence - n was seen */
	uint64_t used;		/* recency */
};

#define VRRP_MARKS_MAX 256

/** Sequence state of one instance. Initialise with vrrp_auth_init(). */
struct vrrp_auth {
	uint32_t ah_sequence;	/* last sent or heard, whichever is higher */
	uint64_t hmac_sequence;	/* last sent */
	uint64_t tick;
	struct vrrp_mark *marks;	/* owned; grows with authenticated senders only */
	unsigned n_marks;
	unsigned cap_marks;
};

void vrrp_auth_init(struct vrrp_auth *);
void vrrp_auth_fini(struct vrrp_auth *);
/** The mark of a sender, NULL: none. */
const struct vrrp_mark *vrrp_auth_mark(const struct vrrp_auth *, const struct addr *from);
/** Take a mark kept elsewhere (the page of a process that died) into the table; the higher numbers
 *  win. */
void vrrp_auth_restore(struct vrrp_auth *, const struct vrrp_mark *);

/** Numbers of one logical advert; all its destinations get the same. */
struct vrrp_seal {
	uint32_t ah_sequence;
	uint64_t hmac_sequence;
};

/** Take the next numbers. -EOVERFLOW when the AH sequence is used up (no advert can be sent until
 *  the password is changed on all routers and the state is forgotten). */
int vrrp_auth_next(struct vrrp_auth *, const struct vrrp_auth_params *, int64_t wall_ns,
		   struct vrrp_seal *out);
/** Fill the AH header or the trailer of what vrrp_encode() wrote for @o into @datagram.
 *  0, or -EIO when the digest could not be computed. Without authentication: 0, no change. */
int vrrp_auth_seal(const struct vrrp_auth_params *, const struct vrrp_seal *,
		   const struct vrrp_outgoing *o, uint8_t *datagram, size_t len);

/** What the trailer is checked against. */
struct vrrp_hmac_input {
	const struct vrrp_advert *advert;
	struct addr src;
	struct span trailer;	/* empty, or VRRP_TRAILER_LEN bytes */
	bool is_peer;		/* multicast, or the sender is one of the unicast peers */
};

/** What vrrp_auth_open_hmac() found beside accept or reject. */
struct vrrp_auth_result {
	bool authenticated;	/* a trailer was there and is right */
	uint8_t key_id;		/* as received */
	int64_t skew_s;		/* sender's clock minus ours, seconds; time mode */
	bool skew_warning;	/* more than half the window */
};

/** Steps 11-13 of the receive path for version 2: auth type and password (constant time). */
enum vrrp_reject vrrp_auth_check_v2(const struct vrrp_auth_params *, const struct vrrp_advert *);
/** AH: next header, ICV, SPI, sequence; on success remembers the sequence. */
enum vrrp_reject vrrp_auth_open_ah(struct vrrp_auth *, const struct vrrp_auth_params *,
				   const struct vrrp_frame *, bool multicast);
/** The trailer, in the order type, clock, key, tag, replay. Remembers the sequence only when the
 *  tag is right. *out is written in every case. */
enum vrrp_reject vrrp_auth_open_hmac(struct vrrp_auth *, const struct vrrp_auth_params *,
				     const struct vrrp_hmac_input *, int64_t wall_ns,
				     struct vrrp_auth_result *out);

/** Equal bytes? Takes the same time wherever they differ. */
bool vrrp_bytes_equal(const void *a, const void *b, size_t len);
