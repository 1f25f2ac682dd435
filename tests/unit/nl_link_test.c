/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interfaces as netlink messages.
 */
#include "unit.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include "netlink/nl_link.h"
#include "nl_hex.h"

static void macvlan_is_created(void **state)
{
	struct nl_buf b = { 0 };
	struct nl_link_new n = {
		.name = "vrrp.51",
		.kind = "macvlan",
		.parent = 2,
		.mac = { .bytes = { 0, 0, 0x5e, 0, 1, 51 }, .len = 6 },
		.mode = MACVLAN_MODE_PRIVATE,
	};

	(void)state;
	LITTLE_ENDIAN_ONLY();
	nl_link_create(&b, &n);
	assert_hex(&b, "5c000000 1000 0106 00000000 00000000"
		       "00 00 0000 00000000 00000000 00000000"
		       "1c00 1280"				/* link info */
		       "0c00 0100 6d6163766c616e00"		/* kind */
		       "0c00 0280"				/* data */
		       "0800 0100 01000000"
		       "0800 0500 02000000"
		       "0c00 0300 767272702e353100"
		       "0a00 0100 00005e0001330000");
	nl_buf_fini(&b);
}

static void flags_and_settings(void **state)
{
	static const struct nl_link_inet_conf conf[] = { { 8, 0 }, { 19, 1 } };
	struct nl_buf b = { 0 };

	(void)state;
	LITTLE_ENDIAN_ONLY();
	nl_link_set_flags(&b, 5, IFF_UP, IFF_UP);
	assert_hex(&b, "20000000 1000 0100 00000000 00000000"
		       "00 00 0000 05000000 01000000 01000000");
	nl_link_set_addr_gen_mode(&b, 5, 1);
	assert_hex(&b, "30000000 1000 0100 00000000 00000000"
		       "00 00 0000 05000000 00000000 00000000"
		       "1000 1a80 0c00 0a80 0500 0800 01000000");
	nl_link_set_inet_conf(&b, 5, conf, 2);
	assert_hex(&b, "3c000000 1000 0100 00000000 00000000"
		       "00 00 0000 05000000 00000000 00000000"
		       "1c00 1a80 1800 0280 1400 0180 0800 0800 00000000 0800 1300 01000000");
	nl_link_delete(&b, 5);
	assert_hex(&b, "20000000 1100 0100 00000000 00000000"
		       "00 00 0000 05000000 00000000 00000000");
	nl_link_delete_group(&b, 7);
	assert_hex(&b, "28000000 1100 0100 00000000 00000000"
		       "00 00 0000 00000000 00000000 00000000 0800 1b00 07000000");
	nl_buf_fini(&b);
}

static struct nl_view a_link(struct nl_buf *b, int family)
{
	struct ifinfomsg head = {
		.ifi_family = (unsigned char)family,
		.ifi_type = 1,
		.ifi_index = 9,
		.ifi_flags = IFF_UP | IFF_RUNNING,
	};
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	size_t info, data;

	nl_begin(b, RTM_NEWLINK, 0, &head, sizeof(head));
	nl_put_text(b, IFLA_IFNAME, "vm0");
	nl_put_u32(b, IFLA_MTU, 1500);
	nl_put_u32(b, IFLA_LINK, 2);
	nl_put_u32(b, IFLA_MASTER, 4);
	nl_put(b, IFLA_ADDRESS, mac, sizeof(mac));
	info = nl_nest(b, IFLA_LINKINFO);
	nl_put_text(b, IFLA_INFO_KIND, "macvlan");
	data = nl_nest(b, IFLA_INFO_DATA);
	nl_put_u32(b, IFLA_MACVLAN_MODE, MACVLAN_MODE_PRIVATE);
	nl_nest_end(b, data);
	nl_put_text(b, IFLA_INFO_SLAVE_KIND, "vrf");
	nl_nest_end(b, info);
	nl_end(b);
	return view_of(b, RTM_NEWLINK);
}

static void link_is_read(void **state)
{
	struct nl_buf b = { 0 };
	struct nl_view v = a_link(&b, AF_UNSPEC);
	struct nl_link l;

	(void)state;
	assert_true(nl_link_parse(&v, &l));
	assert_int_equal(l.ifindex, 9);
	assert_string_equal(l.name, "vm0");
	assert_int_equal(l.mtu, 1500);
	assert_int_equal(l.parent, 2);
	assert_false(l.parent_foreign);
	assert_int_equal(l.master, 4);
	assert_string_equal(l.kind, "macvlan");
	assert_string_equal(l.master_kind, "vrf");
	assert_int_equal(l.mode, MACVLAN_MODE_PRIVATE);
	assert_int_equal(l.mac.len, 6);
	nl_buf_reset(&b);
	v = a_link(&b, 7); /* AF_BRIDGE: a port, not the interface */
	assert_false(nl_link_parse(&v, &l));
	nl_buf_fini(&b);
}

static void broken_links(void **state)
{
	struct nl_buf b = { 0 };
	struct nl_view v = a_link(&b, AF_UNSPEC);
	struct nl_link l;

	(void)state;
	for (size_t i = 0; i < v.body.len; i++) {
		uint8_t *at = b.data + b.len - v.body.len + i, was = *at;
		struct nl_view cut = v;

		cut.body.len = i;
		(void)nl_link_parse(&cut, &l);
		for (unsigned value = 0; value < 256; value++) {
			*at = (uint8_t)value;
			(void)nl_link_parse(&v, &l);
		}
		*at = was;
	}
	nl_buf_fini(&b);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(macvlan_is_created),
	cmocka_unit_test(flags_and_settings),
	cmocka_unit_test(link_is_read),
	cmocka_unit_test(broken_links),
};

UNIT_MAIN(tests)
