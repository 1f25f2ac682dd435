/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames for the link; the usual ones are compared in tests/golden/wire.
 */
#include "unit.h"

#include <string.h>

#include "base/span.h"
#include "vrrp/arpnd.h"

static struct addr addr(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return a;
}

static void what_does_not_fit(void **state)
{
	struct mac mac = { { 2, 0, 0, 0, 0, 1 }, 6 }, ib = { { 0 }, 20 };
	uint8_t buf[128];

	(void)state;
	assert_int_equal(garp_encode(buf, sizeof(buf), &mac, addr("192.0.2.1")), 42);
	assert_int_equal(garp_encode(buf, 41, &mac, addr("192.0.2.1")), 0);
	assert_int_equal(garp_encode(buf, sizeof(buf), &ib, addr("192.0.2.1")), 0);
	assert_int_equal(garp_encode(buf, sizeof(buf), &mac, addr("2001:db8::1")), 0);
	assert_int_equal(na_encode(buf, sizeof(buf), &mac, addr("2001:db8::1"), false), 86);
	assert_int_equal(na_encode(buf, 85, &mac, addr("2001:db8::1"), false), 0);
	assert_int_equal(na_encode(buf, sizeof(buf), &mac, addr("192.0.2.1"), false), 0);
	assert_int_equal(na_encode(buf, sizeof(buf), &ib, addr("2001:db8::1"), false), 0);
}

static void router_flag(void **state)
{
	struct mac mac = { { 2, 0, 0, 0, 0, 1 }, 6 };
	uint8_t host[128], router[128];

	(void)state;
	(void)na_encode(host, sizeof(host), &mac, addr("2001:db8::1"), false);
	(void)na_encode(router, sizeof(router), &mac, addr("2001:db8::1"), true);
	assert_int_equal(host[58], 0x20);
	assert_int_equal(router[58], 0xa0);
	assert_memory_not_equal(host + 56, router + 56, 2);	/* the checksum knows */
}

static void infiniband(void **state)
{
	struct mac mac = { .len = 20 }, broadcast = { .len = 20 }, ether = { .len = 6 };
	uint8_t buf[GARP_FRAME_MAX];

	(void)state;
	memset(mac.bytes, 0xaa, 20);
	memset(broadcast.bytes, 0xff, 20);
	assert_int_equal(garp_encode_infiniband(buf, sizeof(buf), &mac, &broadcast,
						addr("192.0.2.1")),
			 24 + 56);
	assert_int_equal(buf[20] << 8 | buf[21], 0x0806);
	assert_int_equal(buf[24] << 8 | buf[25], 32);
	assert_int_equal(buf[28], 20);
	assert_int_equal(buf[32], 0xaa);
	assert_int_equal(garp_encode_infiniband(buf, sizeof(buf), &ether, &broadcast,
						addr("192.0.2.1")),
			 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(what_does_not_fit),
	cmocka_unit_test(router_flag),
	cmocka_unit_test(infiniband),
};

UNIT_MAIN(tests)
