/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocked addresses: each once, found and removed in any order.
 */
#include "unit.h"

#include <string.h>

#include "vrrp/fw_rules.h"

#define N 4000

static struct fw_vip vip_of(uint32_t number)
{
	struct fw_vip vip = { .ifindex = number };

	vip.addr.family = AF_INET;
	vip.addr.v4.s_addr = htonl(0x0a000000u + number);
	return vip;
}

static struct fw_vip link_local(const char *ifname)
{
	struct fw_vip vip = { .ifindex = 2 };

	assert_true(addr_parse("fe80::1", &vip.addr));
	(void)str_copy(vip.ifname, sizeof(vip.ifname), ifname);
	return vip;
}

/* What is listed is what @wanted says of each number. */
static void check(const struct fw_state *state, const bool wanted[N])
{
	bool seen[N] = { false };
	unsigned n = 0;

	for (unsigned i = 0; i < state->vips.n; i++) {
		unsigned number = state->vips.items[i].ifindex;

		assert_true(number < N && !seen[number] && wanted[number]);
		seen[number] = true;
	}
	for (unsigned i = 0; i < N; i++)
		n += wanted[i];
	assert_int_equal(state->vips.n, n);
}

static void each_once(void **state)
{
	struct fw_state s = { 0 };
	bool wanted[N];

	(void)state;
	for (unsigned i = 0; i < N; i++) {
		struct fw_vip vip = vip_of(i);

		assert_false(fw_state_unblock(&s, &vip));
		assert_true(fw_state_block(&s, &vip));
		assert_false(fw_state_block(&s, &vip));
		wanted[i] = true;
	}
	check(&s, wanted);
	for (unsigned i = 0; i < N; i += 3) {
		struct fw_vip vip = vip_of(i);

		assert_true(fw_state_unblock(&s, &vip));
		assert_false(fw_state_unblock(&s, &vip));
		wanted[i] = false;
	}
	check(&s, wanted);
	for (unsigned i = N; i-- > 0;) {
		struct fw_vip vip = vip_of(i);

		assert_int_equal(fw_state_unblock(&s, &vip), wanted[i]);
		wanted[i] = false;
	}
	check(&s, wanted);
	fw_state_fini(&s);
}

static void link_local_ones_are_told_apart_by_interface(void **state)
{
	struct fw_vip a = link_local("eth0"), b = link_local("eth1");
	struct fw_state s = { 0 };

	(void)state;
	assert_true(fw_state_block(&s, &a));
	assert_false(fw_state_unblock(&s, &b));
	assert_true(fw_state_block(&s, &b));
	assert_true(fw_state_unblock(&s, &a));
	assert_int_equal(s.vips.n, 1);
	assert_string_equal(s.vips.items[0].ifname, "eth1");
	fw_state_fini(&s);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(each_once),
	cmocka_unit_test(link_local_ones_are_told_apart_by_interface),
};

UNIT_MAIN(tests)
