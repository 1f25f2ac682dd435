/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses: parse, print, order, classes, arithmetic, prefixes, socket and link-layer forms.
 */
#include "unit.h"

#include <arpa/inet.h>
#include <string.h>

#include "net/addr.h"

static struct addr of(const char *text)
{
	struct addr a = { 0 };

	assert_true(addr_parse(text, &a));
	return a;
}

static struct prefix prefix_of(const char *text)
{
	struct prefix p = { 0 };
	bool has_len;

	assert_true(prefix_parse(text, &p, &has_len));
	return p;
}

static void parse_and_print(void **state)
{
	static const char *const good[] = { "0.0.0.0", "192.0.2.1", "255.255.255.255", "::",
					    "2001:db8::1", "fe80::1", "::ffff:192.0.2.1" };
	static const char *const bad[] = { "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.4 ",
					   "fe80::1%eth0", "1.2.3.4/24", ":", "g::1", "1:2" };
	char buf[ADDR_TEXT_MAX];
	struct addr a = { 0 };

	(void)state;
	assert_string_equal(addr_print(a, buf), "(none)");
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_string_equal(addr_print(of(good[i]), buf), good[i]);
		assert_string_equal(addr_text(of(good[i])), good[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(addr_parse(bad[i], &a));
	assert_false(addr_is_set(a));
}

static void prefixes(void **state)
{
	static const char *const bad[] = { "", "/24", "192.0.2.1/", "192.0.2.1/33", "192.0.2.1/-1",
					   "192.0.2.1/+1", "192.0.2.1/ 1", "::/129", "::/1/2",
					   "1111:1111:1111:1111:1111:1111:1111:1111:1111:1111/3" };
	struct prefix p = { 0 };
	bool has_len = true;

	(void)state;
	assert_true(prefix_parse("192.0.2.1", &p, &has_len));
	assert_false(has_len);
	assert_int_equal(p.len, 32);
	assert_true(prefix_parse("2001:db8::/0", &p, &has_len));
	assert_true(has_len);
	assert_int_equal(p.len, 0);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(prefix_parse(bad[i], &p, &has_len));
}

static void networks(void **state)
{
	struct prefix p = prefix_of("192.0.2.77/27");

	(void)state;
	assert_string_equal(addr_text(prefix_network(p)), "192.0.2.64");
	assert_string_equal(addr_text(prefix_broadcast(p)), "192.0.2.95");
	assert_true(prefix_contains(p, of("192.0.2.64")));
	assert_true(prefix_contains(p, of("192.0.2.95")));
	assert_false(prefix_contains(p, of("192.0.2.96")));
	assert_false(prefix_contains(p, of("::1")));
	assert_true(prefix_contains(prefix_of("0.0.0.0/0"), of("203.0.113.9")));
	assert_true(prefix_contains(prefix_of("2001:db8::1/128"), of("2001:db8::1")));
	assert_false(prefix_contains(prefix_of("2001:db8::1/127"), of("2001:db8::2")));
}

static void order_and_hash(void **state)
{
	struct addr none = { 0 };

	(void)state;
	assert_true(addr_compare(none, of("0.0.0.0")) < 0);
	assert_true(addr_compare(of("255.255.255.255"), of("::")) < 0);
	assert_true(addr_compare(of("10.0.0.2"), of("10.0.0.10")) < 0);
	assert_true(addr_compare(of("200.0.0.1"), of("100.0.0.1")) > 0);
	assert_true(addr_equal(of("::1"), of("0:0:0:0:0:0:0:1")));
	assert_true(addr_equal(none, none));
	assert_false(addr_equal(none, of("::")));
	assert_true(addr_hash(of("10.0.0.1")) == addr_hash(of("10.0.0.1")));
	assert_true(addr_hash(of("10.0.0.1")) != addr_hash(of("10.0.0.2")));
}

/* Bytes beyond the address are padding: they must not count. */
static void padding_does_not_count(void **state)
{
	struct addr a = of("10.0.0.1"), b = of("10.0.0.1");

	(void)state;
	memset(a.bytes + 4, 0xff, 12);
	assert_true(addr_equal(a, b));
	assert_true(addr_hash(a) == addr_hash(b));
}

static void classes(void **state)
{
	(void)state;
	assert_true(addr_is_multicast(of("224.0.0.18")));
	assert_true(addr_is_multicast(of("239.255.255.255")));
	assert_false(addr_is_multicast(of("240.0.0.1")));
	assert_true(addr_is_multicast(of("ff02::12")));
	assert_true(addr_is_link_local(of("169.254.1.1")));
	assert_true(addr_is_link_local(of("febf::1")));
	assert_false(addr_is_link_local(of("fec0::1")));
	assert_true(addr_is_loopback(of("127.9.9.9")));
	assert_true(addr_is_loopback(of("::1")));
	assert_true(addr_is_unspecified(of("0.0.0.0")));
	assert_true(addr_is_unspecified(of("::")));
	assert_false(addr_is_unspecified((struct addr){ 0 }));
	assert_int_equal(addr_bits(of("::")), 128);
	assert_int_equal(addr_bits((struct addr){ 0 }), 0);
}

static void addition(void **state)
{
	struct addr a = { 0 };

	(void)state;
	assert_true(addr_add(of("10.0.0.250"), 10, &a));
	assert_string_equal(addr_text(a), "10.0.1.4");
	assert_true(addr_add(of("255.255.255.255"), 0, &a));
	assert_false(addr_add(of("255.255.255.255"), 1, &a));
	assert_false(addr_add(of("0.0.0.0"), UINT64_C(1) << 32, &a));
	assert_true(addr_add(of("2001:db8::ffff:ffff:ffff:ffff"), 1, &a));
	assert_string_equal(addr_text(a), "2001:db8:0:1::");
	assert_false(addr_add(of("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), 1, &a));
	assert_false(addr_add((struct addr){ 0 }, 1, &a));
}

static void socket_addresses(void **state)
{
	static const char *const texts[] = { "192.0.2.1", "2001:db8::1" };
	struct sockaddr_storage ss;
	struct addr a = { 0 };
	uint16_t port = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		assert_true(addr_to_sockaddr(of(texts[i]), 8080, 3, &ss) > 0);
		assert_true(addr_of_sockaddr((struct sockaddr *)&ss, &a, &port));
		assert_true(addr_equal(a, of(texts[i])));
		assert_int_equal(port, 8080);
	}
	assert_int_equal(((struct sockaddr_in6 *)&ss)->sin6_scope_id, 0);
	(void)addr_to_sockaddr(of("fe80::1"), 0, 3, &ss);
	assert_int_equal(((struct sockaddr_in6 *)&ss)->sin6_scope_id, 3);
	(void)addr_to_sockaddr(of("ff02::12"), 0, 4, &ss);
	assert_int_equal(((struct sockaddr_in6 *)&ss)->sin6_scope_id, 4);
	assert_int_equal(addr_to_sockaddr((struct addr){ 0 }, 0, 0, &ss), 0);
	assert_false(addr_of_sockaddr((struct sockaddr *)&ss, &a, &port));
}

static void link_layer(void **state)
{
	static const char *const bad[] = { "", ":", "02:", ":02", "02::03", "0g", "002", "02-03",
					   "02:00:5e:00:01:0x" };
	char longest[32 * 3 + 3 + 1] = "";
	char buf[MAC_TEXT_MAX];
	struct mac mac = { 0 }, other = { 0 };

	(void)state;
	assert_true(mac_parse("00:00:5E:00:01:0a", &mac));
	assert_int_equal(mac.len, 6);
	assert_string_equal(mac_print(&mac, buf), "00:00:5e:00:01:0a");
	assert_true(mac_parse("0:0:5e:0:1:a", &other));
	assert_true(mac_equal(&mac, &other));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(mac_parse(bad[i], &mac));
	for (size_t i = 0; i < 31; i++)
		memcpy(longest + i * 3, "ff:", 3);
	memcpy(longest + 31 * 3, "ff", 3);
	assert_true(mac_parse(longest, &mac));
	assert_int_equal(mac.len, 32);
	assert_string_equal(mac_print(&mac, buf), longest);
	memcpy(longest + 31 * 3, "ff:ff", 6);
	assert_false(mac_parse(longest, &mac));
	mac.len = 0;
	assert_string_equal(mac_print(&mac, buf), "");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(parse_and_print),
	cmocka_unit_test(prefixes),
	cmocka_unit_test(networks),
	cmocka_unit_test(order_and_hash),
	cmocka_unit_test(padding_does_not_count),
	cmocka_unit_test(classes),
	cmocka_unit_test(addition),
	cmocka_unit_test(socket_addresses),
	cmocka_unit_test(link_layer),
};

UNIT_MAIN(tests)
