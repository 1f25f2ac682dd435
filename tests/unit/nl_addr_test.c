/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses as netlink messages: golden bytes, the way back, and bytes cut anywhere.
 */
#include "unit.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include "netlink/nl_addr.h"
#include "nl_hex.h"

static void ipv4_address(void **state)
{
	struct nl_buf b = { 0 };
	struct nl_addr a = {
		.ifindex = 2,
		.prefix = { addr_of("192.0.2.10"), 24 },
		.broadcast = addr_of("192.0.2.255"),
		.label = "eth0:1",
		.protocol = 18,
	};

	(void)state;
	LITTLE_ENDIAN_ONLY();
	nl_addr_new(&b, &a, 0);
	assert_hex(&b, "44000000 1400 0100 00000000 00000000"
		       "02 18 00 00 02000000"
		       "0800 0200 c000020a"	/* local */
		       "0800 0100 c000020a"	/* address */
		       "0800 0400 c00002ff"	/* broadcast */
		       "0b00 0300 657468303a310000"	/* label */
		       "0500 0b00 12000000");	/* protocol */
	nl_addr_del(&b, &a);
	assert_hex(&b, "28000000 1500 0100 00000000 00000000"
		       "02 18 00 00 02000000"
		       "0800 0200 c000020a"
		       "0800 0100 c000020a");
	nl_buf_fini(&b);
}

static void peer_is_the_prefix(void **state)
{
	struct nl_buf b = { 0 };
	struct nl_addr a = {
		.ifindex = 2,
		.prefix = { addr_of("192.0.2.10"), 32 },
		.peer = addr_of("192.0.2.1"),
	}, back;
	struct nl_view v;

	(void)state;
	nl_addr_del(&b, &a);
	v = view_of(&b, RTM_DELADDR);
	assert_true(nl_addr_decode(&v, &back));
	assert_true(addr_equal(back.prefix.addr, a.prefix.addr));
	assert_true(addr_equal(back.peer, a.peer));
	if (htons(1) != 1)
		assert_hex(&b, "28000000 1500 0100 00000000 00000000"
			       "02 20 00 00 02000000"
			       "0800 0200 c000020a"
			       "0800 0100 c0000201");
	nl_buf_fini(&b);
}

static void ipv6_address_without_dad(void **state)
{
	struct nl_buf b = { 0 };
	struct nl_addr a = {
		.ifindex = 7,
		.prefix = { addr_of("2001:db8::1"), 128 },
		.flags = IFA_F_NODAD | IFA_F_NOPREFIXROUTE,
		.has_lifetimes = true,
		.preferred = 0,
		.valid = UINT32_MAX,
	}, back;
	struct nl_view v;

	(void)state;
	nl_addr_new(&b, &a, NLM_F_REPLACE);
	v = view_of(&b, RTM_NEWADDR);
	assert_true(nl_addr_decode(&v, &back));
	assert_int_equal(back.flags, a.flags);
	assert_true(back.has_lifetimes);
	assert_int_equal(back.preferred, 0);
	assert_int_equal(back.valid, UINT32_MAX);
	assert_false(addr_is_set(back.peer));
	if (htons(1) != 1)
		assert_hex(&b, "48000000 1400 0101 00000000 00000000"
			       "0a 80 02 00 07000000"
			       "1400 0100 20010db8000000000000000000000001"
			       "1400 0600 00000000 ffffffff 00000000 00000000"
			       "0800 0800 02020000");
	nl_buf_fini(&b);
}

/* Whatever is cut off or changed: an answer, never a crash. */
static void broken_messages(void **state)
{
	struct nl_buf b = { 0 };
	struct nl_addr a = { .ifindex = 2, .prefix = { addr_of("192.0.2.10"), 24 }, .label = "x" };
	struct nl_addr back;
	struct nl_view v;

	(void)state;
	nl_addr_new(&b, &a, 0);
	v = view_of(&b, RTM_NEWADDR);
	for (size_t len = v.body.len; len > 0; len--) {
		struct nl_view cut = v;

		cut.body.len = len - 1;
		(void)nl_addr_decode(&cut, &back);
	}
	for (size_t i = 0; i < v.body.len; i++) {
		uint8_t *at = b.data + b.len - v.body.len + i, was = *at;

		for (unsigned value = 0; value < 256; value++) {
			*at = (uint8_t)value;
			(void)nl_addr_decode(&v, &back);
		}
		*at = was;
	}
	v.type = RTM_NEWLINK;
	assert_false(nl_addr_decode(&v, &back));
	nl_buf_fini(&b);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(ipv4_address),
	cmocka_unit_test(peer_is_the_prefix),
	cmocka_unit_test(ipv6_address_without_dad),
	cmocka_unit_test(broken_messages),
};

UNIT_MAIN(tests)
