/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Routes and rules as netlink messages: golden bytes, recognition, broken input.
 */
#include "unit.h"

#include <linux/fib_rules.h>

#include "netlink/nl_route.h"
#include "netlink/nl_rule.h"
#include "nl_hex.h"

static struct route a_route(const char *dst, uint8_t len)
{
	return (struct route){
		.family = AF_INET,
		.type = RTN_UNICAST,
		.protocol = 18,
		.table = RT_TABLE_MAIN,
		.dst = { addr_of(dst), len },
	};
}

static void route_with_metrics(void **state)
{
	struct nl_buf b = { 0 };
	struct route r = a_route("203.0.113.0", 24);
	struct nl_route_names names = { .dev = 2, .table = RT_TABLE_MAIN };

	(void)state;
	LITTLE_ENDIAN_ONLY();
	r.via = addr_of("192.0.2.1");
	r.src = addr_of("192.0.2.9");
	r.metric = 5;
	r.metrics.set = 1u << RTAX_MTU;
	r.metrics.lock = 1u << RTAX_MTU;
	r.metrics.value[RTAX_MTU] = 1400;
	nl_route_new(&b, &r, &names);
	assert_hex(&b, "58000000 1800 0104 00000000 00000000"
		       "02 18 00 00 fe 12 00 01 00000000"
		       "0800 0100 cb007100"
		       "0800 0600 05000000"
		       "0800 0500 c0000201"
		       "0800 0400 02000000"
		       "0800 0700 c0000209"
		       "1400 0880 0800 0200 78050000 0800 0100 04000000");
	nl_route_del(&b, &r, &names);
	assert_hex(&b, "44000000 1900 0100 00000000 00000000"
		       "02 18 00 00 fe 12 00 01 00000000"
		       "0800 0100 cb007100"
		       "0800 0600 05000000"
		       "0800 0500 c0000201"
		       "0800 0400 02000000"
		       "0800 0700 c0000209");
	nl_buf_fini(&b);
}

static void multipath_via_other_family(void **state)
{
	struct nl_buf b = { 0 };
	struct route r = a_route("203.0.113.0", 24);
	struct route_nexthop hops[2] = {
		{ .via = addr_of("192.0.2.1"), .weight = 2 },
		{ .via = addr_of("fe80::1"), .weight = 1, .onlink = true },
	};
	unsigned devs[2] = { 0, 3 };
	struct nl_route_names names = { .hop_devs = devs, .table = 1000 };

	(void)state;
	LITTLE_ENDIAN_ONLY();
	r.place = ROUTE_ADD;
	r.nexthops = hops;
	r.n_nexthops = 2;
	nl_route_new(&b, &r, &names);
	assert_hex(&b, "60000000 1800 0106 00000000 00000000"
		       "02 18 00 00 00 12 00 01 00000000"
		       "0800 0100 cb007100"
		       "0800 0f00 e8030000"
		       "3400 0980"
		       "1000 00 01 00000000 0800 0500 c0000201"
		       "2000 04 00 03000000"
		       "1600 1200 0a00 fe800000000000000000000000000001 0000");
	nl_buf_fini(&b);
}

static void encapsulation(void **state)
{
	struct nl_buf b = { 0 };
	struct route r = a_route("203.0.113.0", 24);
	struct nl_route_names names = { .dev = 2, .table = RT_TABLE_MAIN };

	(void)state;
	LITTLE_ENDIAN_ONLY();
	r.encap = (struct route_encap){ .type = ROUTE_ENCAP_MPLS, .n_labels = 2,
					.labels = { 100, 200 } };
	nl_route_new(&b, &r, &names);
	assert_hex(&b, "44000000 1800 0104 00000000 00000000"
		       "02 18 00 00 fe 12 00 01 00000000"
		       "0800 0100 cb007100"
		       "0800 0400 02000000"
		       "0600 1500 01000000"
		       "1000 1680 0c00 0100 00064000 000c8100");
	r.encap = (struct route_encap){ .type = ROUTE_ENCAP_ILA,
					.locator = 0x20010db800010002 };
	nl_route_new(&b, &r, &names);
	assert_hex(&b, "44000000 1800 0104 00000000 00000000"
		       "02 18 00 00 fe 12 00 01 00000000"
		       "0800 0100 cb007100"
		       "0800 0400 02000000"
		       "0600 1500 03000000"
		       "1000 1680 0c00 0100 20010db800010002");
	r.encap = (struct route_encap){ .type = ROUTE_ENCAP_IP,
					.has = ROUTE_ENCAP_HAS_ID | ROUTE_ENCAP_HAS_TTL,
					.id = 7,
					.ttl = 9,
					.dst = addr_of("192.0.2.1") };
	nl_route_new(&b, &r, &names);
	assert_hex(&b, "54000000 1800 0104 00000000 00000000"
		       "02 18 00 00 fe 12 00 01 00000000"
		       "0800 0100 cb007100"
		       "0800 0400 02000000"
		       "0600 1500 02000000"
		       "2000 1680 0c00 0100 0000000000000007 0800 0200 c0000201"
		       "0500 0400 09000000");
	nl_buf_fini(&b);
}

static void routes_are_recognised(void **state)
{
	struct nl_buf b = { 0 };
	struct route r = a_route("203.0.113.0", 24), other = a_route("203.0.114.0", 24);
	struct nl_route_names names = { .dev = 2, .table = 1000 }, main_table = { .table = 254 };
	struct nl_route seen;
	struct nl_view v;

	(void)state;
	r.metric = 5;
	nl_route_new(&b, &r, &names);
	v = view_of(&b, RTM_DELROUTE);
	assert_true(nl_route_parse(&v, &seen));
	assert_int_equal(seen.table, 1000);
	assert_int_equal(seen.priority, 5);
	assert_true(nl_route_is(&seen, &r, &names));
	assert_false(nl_route_is(&seen, &other, &names));
	assert_false(nl_route_is(&seen, &r, &main_table));
	r.metric = 0; /* not asked for: any */
	assert_true(nl_route_is(&seen, &r, &names));
	for (size_t i = 0; i < v.body.len; i++) {
		uint8_t *at = b.data + b.len - v.body.len + i, was = *at;

		for (unsigned value = 0; value < 256; value++) {
			*at = (uint8_t)value;
			(void)nl_route_parse(&v, &seen);
		}
		*at = was;
	}
	nl_buf_fini(&b);
}

static void rule_there_and_back(void **state)
{
	struct nl_buf b = { 0 };
	struct rule r = {
		.family = AF_INET,
		.action = RULE_TABLE,
		.from = { addr_of("192.0.2.0"), 24 },
		.iif = "eth0",
		.preference = 1000,
		.table = 100,
		.protocol = 18,
		.has_fwmark = true,
		.fwmark = 3,
		.dport = { true, 80, 81 },
		.invert = true,
	}, other = r;
	struct nl_rule seen;
	struct nl_view v;

	(void)state;
	nl_rule_new(&b, &r);
	v = view_of(&b, RTM_NEWRULE);
	assert_true(nl_rule_parse(&v, &seen));
	assert_true(nl_rule_same(&r, &seen.rule));
	other.dport.to = 82;
	assert_false(nl_rule_same(&other, &seen.rule));
	other = r;
	other.preference = 1001;
	assert_false(nl_rule_same(&other, &seen.rule));
	if (htons(1) != 1)
		assert_hex(&b, "58000000 2000 0106 00000000 00000000"
			       "02 00 18 00 64 00 00 01 02000000"
			       "0800 0600 e8030000"
			       "0800 0200 c0000200"
			       "0900 0300 6574683000000000"
			       "0800 0a00 03000000"
			       "0800 1800 50005100"
			       "0800 0f00 64000000"
			       "0500 1500 12000000");
	nl_buf_fini(&b);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(route_with_metrics),
	cmocka_unit_test(multipath_via_other_family),
	cmocka_unit_test(encapsulation),
	cmocka_unit_test(routes_are_recognised),
	cmocka_unit_test(rule_there_and_back),
};

UNIT_MAIN(tests)
