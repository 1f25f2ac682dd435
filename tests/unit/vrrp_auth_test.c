/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Authentication: what is refused, in which order, and what replays can do.
 */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "vrrp/auth.h"
#include "vrrp/auth_crypto.inc"

#define NOW (INT64_C(1800000000) * 1000000000)

static const uint8_t key_a[32] = "0123456789abcdef0123456789abcde";
static const uint8_t key_b[32] = "another key, also of 32 bytes..";
static const struct vrrp_auth_key keys[] = {
	{ 1, { key_a, sizeof(key_a) } },
	{ 9, { key_b, sizeof(key_b) } },
};

static const struct vrrp_crypto crypto = VRRP_CRYPTO_LINKED;

static const struct vrrp_auth_params hmac = {
	.crypto = &crypto,
	.trailer = VRRP_TRAILER_ENFORCE,
	.keys = keys,
	.n_keys = 2,
	.active_key = 1,
	.time_window = SEC(5),
};

static const struct vrrp_auth_params ah = {
	.crypto = &crypto,
	.type = VRRP_WIRE_AH,
	.password = "secret",
};

static struct addr addr(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return a;
}

/** A sealed advert, and all that is needed to open it. */
struct parcel {
	uint8_t bytes[VRRP_DATAGRAM_MAX];
	size_t len;
	struct vrrp_frame frame;
	struct vrrp_advert advert;
};

static void open_parcel(struct parcel *p)
{
	assert_int_equal(vrrp_frame_of_ipv4((struct span){ p->bytes, p->len }, &p->frame),
			 VRRP_ACCEPT);
	assert_int_equal(vrrp_decode(p->frame.payload, AF_INET, &p->advert), VRRP_ACCEPT);
}

static void seal(struct vrrp_auth *auth, const struct vrrp_auth_params *params, const char *src,
		 int64_t wall_ns, struct parcel *out)
{
	struct addr vip = addr("192.0.2.100");
	struct vrrp_outgoing o = {
		.version = params->type ? 2 : 3,
		.family = AF_INET,
		.vrid = 51,
		.priority = 100,
		.every = SEC(1),
		.src = addr(src),
		.dst = addr("224.0.0.18"),
		.ttl = 255,
		.addrs = &vip,
		.n_addrs = 1,
		.auth_type = params->type,
		.trailer = params->trailer != VRRP_TRAILER_OFF,
	};
	struct vrrp_seal numbers;

	memcpy(o.password, params->password, sizeof(o.password));
	assert_int_equal(vrrp_auth_next(auth, params, wall_ns, &numbers), 0);
	out->len = vrrp_encode(&o, out->bytes, sizeof(out->bytes));
	assert_int_equal(vrrp_auth_seal(params, &numbers, &o, out->bytes, out->len), 0);
	open_parcel(out);
}

static enum vrrp_reject open_hmac(struct vrrp_auth *auth, const struct vrrp_auth_params *params,
				  const struct parcel *p, int64_t wall_ns)
{
	struct vrrp_hmac_input in = {
		.advert = &p->advert,
		.src = p->frame.src,
		.trailer = p->advert.rest,
		.is_peer = true,
	};
	struct vrrp_auth_result result;

	return vrrp_auth_open_hmac(auth, params, &in, wall_ns, &result);
}

static void hmac_accepts_once(void **state)
{
	struct vrrp_auth sender, receiver;
	struct parcel p;

	(void)state;
	vrrp_auth_init(&sender);
	vrrp_auth_init(&receiver);
	seal(&sender, &hmac, "192.0.2.1", NOW, &p);
	assert_int_equal(open_hmac(&receiver, &hmac, &p, NOW), VRRP_ACCEPT);
	assert_int_equal(open_hmac(&receiver, &hmac, &p, NOW), VRRP_REJECT_HMAC_REPLAY);
	seal(&sender, &hmac, "192.0.2.1", NOW, &p);	/* the clock stands: the number goes on */
	assert_int_equal(open_hmac(&receiver, &hmac, &p, NOW), VRRP_ACCEPT);
	vrrp_auth_fini(&receiver);
	vrrp_auth_fini(&sender);
}

/** Every bit that the tag covers, and every bit of the tag. */
static void hmac_notices_every_bit(void **state)
{
	struct vrrp_auth sender, receiver;
	struct parcel p;

	(void)state;
	vrrp_auth_init(&sender);
	vrrp_auth_init(&receiver);
	seal(&sender, &hmac, "192.0.2.1", NOW, &p);
	for (size_t bit = 20 * 8; bit < p.len * 8; bit++) {
		struct parcel wrong = p;
		enum vrrp_reject r;

		if (bit / 8 == 26 || bit / 8 == 27)
			continue;	/* the checksum is not covered */
		wrong.bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		if (vrrp_frame_of_ipv4((struct span){ wrong.bytes, wrong.len }, &wrong.frame) ||
		    vrrp_decode(wrong.frame.payload, AF_INET, &wrong.advert))
			continue;
		r = open_hmac(&receiver, &hmac, &wrong, NOW);
		assert_int_not_equal(r, VRRP_ACCEPT);
	}
	assert_int_equal(receiver.n_marks, 0);	/* strangers leave no trace */
	assert_int_equal(open_hmac(&receiver, &hmac, &p, NOW), VRRP_ACCEPT);
	vrrp_auth_fini(&receiver);
	vrrp_auth_fini(&sender);
}

static void hmac_covers_the_source(void **state)
{
	struct vrrp_auth sender, receiver;
	struct parcel p;

	(void)state;
	vrrp_auth_init(&sender);
	vrrp_auth_init(&receiver);
	seal(&sender, &hmac, "192.0.2.1", NOW, &p);
	p.frame.src = addr("192.0.2.2");
	assert_int_equal(open_hmac(&receiver, &hmac, &p, NOW), VRRP_REJECT_HMAC_INVALID);
	vrrp_auth_fini(&receiver);
	vrrp_auth_fini(&sender);
}

static void hmac_modes_and_reasons(void **state)
{
	struct vrrp_auth_params params = hmac;
	struct vrrp_auth sender, receiver;
	struct parcel p, bare;

	(void)state;
	vrrp_auth_init(&sender);
	vrrp_auth_init(&receiver);
	seal(&sender, &hmac, "192.0.2.1", NOW, &p);
	bare = p;
	bare.advert.rest.len = 0;
	assert_int_equal(open_hmac(&receiver, &params, &bare, NOW), VRRP_REJECT_HMAC_MISSING);
	params.trailer = VRRP_TRAILER_PERMISSIVE;
	assert_int_equal(open_hmac(&receiver, &params, &bare, NOW), VRRP_ACCEPT);
	params.trailer = VRRP_TRAILER_RECEIVE_ONLY;
	assert_int_equal(open_hmac(&receiver, &params, &bare, NOW), VRRP_ACCEPT);
	/* A wrong one is refused in every mode. */
	params.keys = keys + 1;
	params.n_keys = 1;
	assert_int_equal(open_hmac(&receiver, &params, &p, NOW), VRRP_REJECT_HMAC_UNKNOWN_KEY);
	p.bytes[20 + 12] ^= 1;	/* type of the trailer */
	assert_int_equal(open_hmac(&receiver, &params, &p, NOW), VRRP_REJECT_HMAC_MALFORMED);
	vrrp_auth_fini(&receiver);
	vrrp_auth_fini(&sender);
}

static void hmac_old_keys_still_open(void **state)
{
	struct vrrp_auth_params params = hmac;
	struct vrrp_auth sender, receiver;
	struct parcel p;

	(void)state;
	vrrp_auth_init(&sender);
	vrrp_auth_init(&receiver);
	params.active_key = 9;
	seal(&sender, &params, "192.0.2.1", NOW, &p);
	assert_int_equal(p.advert.rest.data[1], 9);
	assert_int_equal(open_hmac(&receiver, &hmac, &p, NOW), VRRP_ACCEPT);
	vrrp_auth_fini(&receiver);
	vrrp_auth_fini(&sender);
}

static void hmac_window(void **state)
{
	static const int64_t s = 1000000000;
	struct vrrp_auth sender, receiver;
	struct parcel p;

	(void)state;
	vrrp_auth_init(&sender);
	vrrp_auth_init(&receiver);
	seal(&sender, &hmac, "192.0.2.1", NOW, &p);
	assert_int_equal(open_hmac(&receiver, &hmac, &p, NOW + 6 * s), VRRP_REJECT_HMAC_STALE);
	assert_int_equal(open_hmac(&receiver, &hmac, &p, NOW - 6 * s), VRRP_REJECT_HMAC_STALE);
	assert_int_equal(open_hmac(&receiver, &hmac, &p, NOW + 5 * s), VRRP_ACCEPT);
	/* The mark is now outside the window on both clocks: a clock that was set is forgiven. */
	vrrp_auth_fini(&sender);
	seal(&sender, &hmac, "192.0.2.1", NOW - 60 * s, &p);
	assert_int_equal(open_hmac(&receiver, &hmac, &p, NOW - 60 * s), VRRP_ACCEPT);
	vrrp_auth_fini(&receiver);
	vrrp_auth_fini(&sender);
}

/** A clock that is off by more than half of the window is warned of, in both directions. */
static void hmac_skew(void **state)
{
	static const int64_t s = 1000000000;
	static const struct {
		int64_t off;
		bool warning;
	} table[] = { { 0, false }, { 2, false }, { 3, true }, { -2, false }, { -3, true } };
	struct vrrp_auth_result result;
	struct vrrp_auth sender, receiver;
	struct parcel p;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		vrrp_auth_init(&sender);
		vrrp_auth_init(&receiver);
		seal(&sender, &hmac, "192.0.2.1", NOW, &p);
		assert_int_equal(vrrp_auth_open_hmac(&receiver, &hmac,
						     &(struct vrrp_hmac_input){
							     .advert = &p.advert,
							     .src = p.frame.src,
							     .trailer = p.advert.rest,
							     .is_peer = true },
						     NOW + table[i].off * s, &result),
				 VRRP_ACCEPT);
		assert_int_equal(result.skew_warning, table[i].warning);
		vrrp_auth_fini(&receiver);
		vrrp_auth_fini(&sender);
	}
}

static void hmac_monotonic_never_forgets(void **state)
{
	static const int64_t day = INT64_C(86400) * 1000000000;
	struct vrrp_auth_params params = hmac;
	struct vrrp_auth sender, receiver, restarted;
	struct parcel first, second;

	(void)state;
	params.monotonic = true;
	vrrp_auth_init(&sender);
	vrrp_auth_init(&receiver);
	vrrp_auth_init(&restarted);
	seal(&sender, &params, "192.0.2.1", NOW, &first);
	seal(&sender, &params, "192.0.2.1", NOW - day, &second);	/* clock set back */
	assert_int_equal(open_hmac(&receiver, &params, &first, NOW), VRRP_ACCEPT);
	assert_int_equal(open_hmac(&receiver, &params, &second, NOW), VRRP_ACCEPT);
	assert_int_equal(open_hmac(&receiver, &params, &first, NOW + day), VRRP_REJECT_HMAC_REPLAY);
	/* Marks that were kept make a new process as wise as the old. */
	for (unsigned i = 0; i < receiver.n_marks; i++)
		vrrp_auth_restore(&restarted, &receiver.marks[i]);
	assert_int_equal(open_hmac(&restarted, &params, &second, NOW), VRRP_REJECT_HMAC_REPLAY);
	vrrp_auth_fini(&restarted);
	vrrp_auth_fini(&receiver);
	vrrp_auth_fini(&sender);
}

/** keepalived 2.4 kept four marks. */
static void hmac_many_senders(void **state)
{
	struct vrrp_auth sender, receiver;
	static struct parcel p[40];

	(void)state;
	vrrp_auth_init(&receiver);
	for (unsigned i = 0; i < 40; i++) {
		char src[16];

		snprintf(src, sizeof(src), "192.0.2.%u", i + 1);
		vrrp_auth_init(&sender);
		seal(&sender, &hmac, src, NOW, &p[i]);
		assert_int_equal(open_hmac(&receiver, &hmac, &p[i], NOW), VRRP_ACCEPT);
		vrrp_auth_fini(&sender);
	}
	for (unsigned i = 0; i < 40; i++)
		assert_int_equal(open_hmac(&receiver, &hmac, &p[i], NOW), VRRP_REJECT_HMAC_REPLAY);
	vrrp_auth_fini(&receiver);
}

static void marks_are_bounded(void **state)
{
	struct vrrp_mark mark = { .hmac_sequence = 1 };
	struct vrrp_auth auth;

	(void)state;
	vrrp_auth_init(&auth);
	for (unsigned i = 0; i < 2 * VRRP_MARKS_MAX; i++) {
		uint8_t bytes[4] = { 10, 0, (uint8_t)(i >> 8), (uint8_t)i };

		mark.from = addr_of_bytes(AF_INET, bytes);
		vrrp_auth_restore(&auth, &mark);
	}
	assert_int_equal(auth.n_marks, VRRP_MARKS_MAX);
	vrrp_auth_fini(&auth);
}

static enum vrrp_reject open_ah(struct vrrp_auth *auth, const struct parcel *p)
{
	struct vrrp_frame frame = p->frame;

	return vrrp_auth_open_ah(auth, &ah, &frame, true);
}

static void ah_accepts_once(void **state)
{
	struct vrrp_auth sender, receiver;
	struct parcel p[4];

	(void)state;
	vrrp_auth_init(&sender);
	vrrp_auth_init(&receiver);
	for (unsigned i = 0; i < 4; i++)
		seal(&sender, &ah, "192.0.2.1", NOW, &p[i]);
	assert_int_equal(open_ah(&receiver, &p[0]), VRRP_ACCEPT);
	assert_int_equal(open_ah(&receiver, &p[3]), VRRP_ACCEPT);
	assert_int_equal(open_ah(&receiver, &p[3]), VRRP_REJECT_AH_REPLAY);
	assert_int_equal(open_ah(&receiver, &p[1]), VRRP_ACCEPT);	/* overtaken on the way */
	assert_int_equal(open_ah(&receiver, &p[1]), VRRP_REJECT_AH_REPLAY);
	assert_int_equal(receiver.ah_sequence, 4);	/* ours goes on above theirs */
	vrrp_auth_fini(&receiver);
	vrrp_auth_fini(&sender);
}

/** Of the last 64 numbers each is accepted once, whatever the order; older ones never. */
static void ah_window(void **state)
{
	struct vrrp_auth sender, receiver;
	static struct parcel p[130];

	(void)state;
	vrrp_auth_init(&sender);
	vrrp_auth_init(&receiver);
	for (unsigned i = 0; i < ARRAY_LEN(p); i++)
		seal(&sender, &ah, "192.0.2.1", NOW, &p[i]);
	assert_int_equal(open_ah(&receiver, &p[0]), VRRP_ACCEPT);
	assert_int_equal(open_ah(&receiver, &p[64]), VRRP_ACCEPT);
	assert_int_equal(open_ah(&receiver, &p[0]), VRRP_REJECT_AH_REPLAY);
	assert_int_equal(open_ah(&receiver, &p[1]), VRRP_ACCEPT);
	assert_int_equal(open_ah(&receiver, &p[127]), VRRP_ACCEPT);
	assert_int_equal(open_ah(&receiver, &p[64]), VRRP_REJECT_AH_REPLAY);
	assert_int_equal(open_ah(&receiver, &p[65]), VRRP_ACCEPT);
	assert_int_equal(open_ah(&receiver, &p[63]), VRRP_REJECT_AH_REPLAY);
	/* A jump of a whole window forgets what was seen before it. */
	vrrp_auth_fini(&receiver);
	vrrp_auth_init(&receiver);
	assert_int_equal(open_ah(&receiver, &p[0]), VRRP_ACCEPT);
	assert_int_equal(open_ah(&receiver, &p[1]), VRRP_ACCEPT);
	assert_int_equal(open_ah(&receiver, &p[65]), VRRP_ACCEPT);
	assert_int_equal(open_ah(&receiver, &p[64]), VRRP_ACCEPT);
	vrrp_auth_fini(&receiver);
	vrrp_auth_fini(&sender);
}

static void ah_notices_every_bit(void **state)
{
	struct vrrp_auth sender, receiver;
	struct parcel p;

	(void)state;
	vrrp_auth_init(&sender);
	vrrp_auth_init(&receiver);
	seal(&sender, &ah, "192.0.2.1", NOW, &p);
	for (size_t bit = 20 * 8; bit < p.len * 8; bit++) {
		struct parcel wrong = p;

		wrong.bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		assert_int_equal(vrrp_frame_of_ipv4((struct span){ wrong.bytes, wrong.len },
						    &wrong.frame),
				 VRRP_ACCEPT);
		assert_int_not_equal(open_ah(&receiver, &wrong), VRRP_ACCEPT);
	}
	/* The number of the sender has to be its address. */
	p.frame.src = addr("192.0.2.2");
	assert_int_equal(open_ah(&receiver, &p), VRRP_REJECT_AH_SPI);
	p.frame.src = addr("192.0.2.1");
	assert_int_equal(receiver.ah_sequence, 0);
	assert_int_equal(open_ah(&receiver, &p), VRRP_ACCEPT);
	vrrp_auth_fini(&receiver);
	vrrp_auth_fini(&sender);
}

static void ah_is_per_sender(void **state)
{
	struct vrrp_auth a, b, receiver;
	struct parcel from_a, from_b;

	(void)state;
	vrrp_auth_init(&a);
	vrrp_auth_init(&b);
	vrrp_auth_init(&receiver);
	a.ah_sequence = 1000;
	seal(&a, &ah, "192.0.2.1", NOW, &from_a);
	seal(&b, &ah, "192.0.2.2", NOW, &from_b);
	assert_int_equal(open_ah(&receiver, &from_a), VRRP_ACCEPT);
	assert_int_equal(open_ah(&receiver, &from_b), VRRP_ACCEPT);
	vrrp_auth_fini(&receiver);
}

static void ah_numbers_end(void **state)
{
	struct vrrp_auth auth;
	struct vrrp_seal numbers;

	(void)state;
	vrrp_auth_init(&auth);
	auth.ah_sequence = 0xfffffffc;
	assert_int_equal(vrrp_auth_next(&auth, &ah, NOW, &numbers), 0);
	assert_int_equal(numbers.ah_sequence, 0xfffffffd);
	assert_int_equal(vrrp_auth_next(&auth, &ah, NOW, &numbers), -EOVERFLOW);
}

static void passwords(void **state)
{
	struct vrrp_auth_params params = { .type = VRRP_WIRE_PASS, .password = "s3cr3t" };
	uint8_t bytes[8] = "s3cr3t";
	struct vrrp_advert ad = { .auth_type = 1, .auth_data = { bytes, 8 } };

	(void)state;
	assert_int_equal(vrrp_auth_check_v2(&params, &ad), VRRP_ACCEPT);
	bytes[7] = 1;	/* all eight bytes count */
	assert_int_equal(vrrp_auth_check_v2(&params, &ad), VRRP_REJECT_PASSWORD);
	ad.auth_type = 0;
	assert_int_equal(vrrp_auth_check_v2(&params, &ad), VRRP_REJECT_AUTH_MISMATCH);
	ad.auth_type = 3;
	assert_int_equal(vrrp_auth_check_v2(&params, &ad), VRRP_REJECT_AUTH_TYPE);
	ad.auth_type = 1;
	assert_int_equal(vrrp_auth_check_v2(NULL, &ad), VRRP_REJECT_AUTH_MISMATCH);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(hmac_accepts_once),
	cmocka_unit_test(hmac_notices_every_bit),
	cmocka_unit_test(hmac_covers_the_source),
	cmocka_unit_test(hmac_modes_and_reasons),
	cmocka_unit_test(hmac_old_keys_still_open),
	cmocka_unit_test(hmac_window),
	cmocka_unit_test(hmac_skew),
	cmocka_unit_test(hmac_monotonic_never_forgets),
	cmocka_unit_test(hmac_many_senders),
	cmocka_unit_test(marks_are_bounded),
	cmocka_unit_test(ah_accepts_once),
	cmocka_unit_test(ah_window),
	cmocka_unit_test(ah_notices_every_bit),
	cmocka_unit_test(ah_is_per_sender),
	cmocka_unit_test(ah_numbers_end),
	cmocka_unit_test(passwords),
};

UNIT_MAIN(tests)
