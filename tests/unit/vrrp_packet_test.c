/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of advertisements. Whole packets are compared in tests/golden/wire; here are the edges:
 * what is too short, too long, of a strange version, and what cannot be sent.
 */
#include "unit.h"

#include <string.h>

#include "vrrp/packet.h"

static struct addr addr(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return a;
}

static struct vrrp_outgoing outgoing(uint8_t version, const struct addr *vips, unsigned n)
{
	return (struct vrrp_outgoing){
		.version = version,
		.family = AF_INET,
		.vrid = 51,
		.priority = 254,
		.every = SEC(1),
		.src = addr("10.1.0.1"),
		.dst = addr("224.0.0.18"),
		.group = addr("224.0.0.18"),
		.ttl = 255,
		.ip_id = 1,
		.addrs = vips,
		.n_addrs = n,
	};
}

static void round_trip(void **state)
{
	struct addr vips[2] = { addr("10.1.0.100"), addr("10.1.0.101") };
	uint8_t buf[VRRP_DATAGRAM_MAX];

	(void)state;
	for (uint8_t version = 2; version <= 3; version++) {
		struct vrrp_outgoing o = outgoing(version, vips, 2);
		size_t len = vrrp_encode(&o, buf, sizeof(buf));
		struct vrrp_advert ad;
		struct vrrp_frame f;

		assert_int_equal(len, 20 + 8 + 8 + (version == 2 ? 8 : 0));
		assert_int_equal(len, vrrp_encoded_len(&o));
		assert_int_equal(vrrp_frame_of_ipv4((struct span){ buf, len }, &f), VRRP_ACCEPT);
		assert_int_equal(f.vrid, 51);
		assert_int_equal(f.ttl, 255);
		assert_int_equal(f.ip_len, len);
		assert_false(f.has_ah);
		assert_true(addr_equal(f.src, o.src) && addr_equal(f.dst, o.dst));
		assert_int_equal(vrrp_decode(f.payload, AF_INET, &ad), VRRP_ACCEPT);
		assert_int_equal(ad.version, version);
		assert_int_equal(ad.priority, 254);
		assert_int_equal(ad.every.ns, SEC(1).ns);
		assert_int_equal(ad.n_addrs, 2);
		assert_int_equal(ad.rest.len, 0);
		assert_true(addr_equal(vrrp_advert_addr(&ad, 1, AF_INET), vips[1]));
		assert_true(vrrp_checksum_ok(ad.body, version, VRRP_SUM_STANDARD, &f.src, &f.dst));
	}
}

/** Every prefix of a packet is refused, without a look behind its end (the sanitizer watches). */
static void every_cut(void **state)
{
	struct addr vips[1] = { addr("10.1.0.100") };
	uint8_t buf[VRRP_DATAGRAM_MAX];

	(void)state;
	for (uint8_t version = 2; version <= 3; version++) {
		struct vrrp_outgoing o = outgoing(version, vips, 1);
		size_t len = vrrp_encode(&o, buf, sizeof(buf));

		for (size_t cut = 0; cut < len; cut++) {
			uint8_t *exact = memcpy(test_malloc(cut + 1), buf, cut);
			struct vrrp_advert ad;
			struct vrrp_frame f;
			enum vrrp_reject r = vrrp_frame_of_ipv4((struct span){ exact, cut }, &f);

			assert_int_equal(r, cut < 28 ? VRRP_REJECT_SHORT : VRRP_ACCEPT);
			if (r == VRRP_ACCEPT)
				assert_int_equal(vrrp_decode(f.payload, AF_INET, &ad),
						 VRRP_REJECT_LENGTH);
			test_free(exact);
		}
	}
}

static void ip_options_are_skipped(void **state)
{
	struct addr vips[1] = { addr("10.1.0.100") };
	struct vrrp_outgoing o = outgoing(3, vips, 1);
	uint8_t buf[VRRP_DATAGRAM_MAX], with[VRRP_DATAGRAM_MAX] = { 0 };
	size_t len = vrrp_encode(&o, buf, sizeof(buf));
	struct vrrp_frame f;

	(void)state;
	memcpy(with, buf, 20);
	with[0] = 0x46;
	memcpy(with + 24, buf + 20, len - 20);
	assert_int_equal(vrrp_frame_of_ipv4((struct span){ with, len + 4 }, &f), VRRP_ACCEPT);
	assert_int_equal(f.payload_at, 24);
	assert_int_equal(f.vrid, 51);
	with[0] = 0x44;	/* shorter than a header can be */
	assert_int_equal(vrrp_frame_of_ipv4((struct span){ with, len + 4 }, &f), VRRP_REJECT_SHORT);
	with[0] = 0x4f;	/* longer than the packet */
	assert_int_equal(vrrp_frame_of_ipv4((struct span){ with, 40 }, &f), VRRP_REJECT_SHORT);
	with[0] = 0x65;
	assert_int_equal(vrrp_frame_of_ipv4((struct span){ with, len + 4 }, &f), VRRP_REJECT_SHORT);
}

static void strange_versions(void **state)
{
	uint8_t bytes[16] = { 0 };
	struct vrrp_advert ad;

	(void)state;
	for (unsigned version = 0; version < 16; version++) {
		bytes[0] = (uint8_t)(version << 4 | 1);
		assert_int_equal(vrrp_decode((struct span){ bytes, 16 }, AF_INET, &ad),
				 version == 2 || version == 3 ? VRRP_ACCEPT : VRRP_REJECT_VERSION);
	}
}

static void reserved_bits_are_ignored(void **state)
{
	const uint8_t bytes[8] = { 0x31, 1, 100, 0, 0xf0, 100, 0, 0 };
	struct vrrp_advert ad;

	(void)state;
	assert_int_equal(vrrp_decode((struct span){ bytes, 8 }, AF_INET, &ad), VRRP_ACCEPT);
	assert_int_equal(ad.every.ns, SEC(1).ns);
}

static void most_addresses(void **state)
{
	static struct addr vips[VRRP_ADDRS_MAX];
	struct vrrp_outgoing o = outgoing(3, vips, VRRP_ADDRS_MAX);
	static uint8_t buf[VRRP_DATAGRAM_MAX];
	struct vrrp_advert ad;
	size_t len;

	(void)state;
	o.family = AF_INET6;
	o.src = addr("fe80::1");
	o.dst = addr("ff02::12");
	o.trailer = true;
	for (unsigned i = 0; i < VRRP_ADDRS_MAX; i++) {
		vips[i] = addr("2001:db8::");
		vips[i].bytes[15] = (uint8_t)i;
	}
	len = vrrp_encode(&o, buf, sizeof(buf));
	assert_int_equal(len, 8 + 255 * 16 + 28);
	assert_int_equal(vrrp_decode((struct span){ buf, len }, AF_INET6, &ad), VRRP_ACCEPT);
	assert_int_equal(ad.n_addrs, 255);
	assert_int_equal(ad.rest.len, VRRP_TRAILER_LEN);
	assert_int_equal(vrrp_encode(&o, buf, len - 1), 0);
	o.n_addrs = 256;
	assert_int_equal(vrrp_encode(&o, buf, sizeof(buf)), 0);
}

static void what_cannot_be_sent(void **state)
{
	struct addr vips[1] = { addr("10.1.0.100") };
	struct vrrp_outgoing o = outgoing(2, vips, 1);
	uint8_t buf[VRRP_DATAGRAM_MAX];

	(void)state;
	o.every = MSEC(500);	/* version 2 knows whole seconds */
	assert_int_equal(vrrp_encode(&o, buf, sizeof(buf)), 0);
	o.every = SEC(256);
	assert_int_equal(vrrp_encode(&o, buf, sizeof(buf)), 0);
	o.version = 3;
	o.every = MSEC(40960);
	assert_int_equal(vrrp_encode(&o, buf, sizeof(buf)), 0);
	o.every = MSEC(40950);
	assert_int_equal(vrrp_encode(&o, buf, vrrp_encoded_len(&o)), vrrp_encoded_len(&o));
	assert_int_equal(vrrp_encode(&o, buf, vrrp_encoded_len(&o) - 1), 0);
	o.version = 4;
	assert_int_equal(vrrp_encode(&o, buf, sizeof(buf)), 0);
	o.version = 3;
	o.dst = addr("ff02::12");
	assert_int_equal(vrrp_encode(&o, buf, sizeof(buf)), 0);
}

static void identification_skips_zero(void **state)
{
	uint16_t counter = 0;

	(void)state;
	assert_int_equal(vrrp_next_ip_id(&counter), 1);
	counter = 0xffff;
	assert_int_equal(vrrp_next_ip_id(&counter), 1);
}

static void reasons_have_names(void **state)
{
	(void)state;
	for (unsigned i = 0; i < n_vrrp_reject; i++) {
		assert_non_null(vrrp_reject_name((enum vrrp_reject)i));
		assert_non_null(vrrp_reject_text((enum vrrp_reject)i));
	}
	assert_string_equal(vrrp_reject_name(n_vrrp_reject), "?");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(round_trip),
	cmocka_unit_test(every_cut),
	cmocka_unit_test(ip_options_are_skipped),
	cmocka_unit_test(strange_versions),
	cmocka_unit_test(reserved_bits_are_ignored),
	cmocka_unit_test(most_addresses),
	cmocka_unit_test(what_cannot_be_sent),
	cmocka_unit_test(identification_skips_zero),
	cmocka_unit_test(reasons_have_names),
};

UNIT_MAIN(tests)
