/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPVS synchronisation daemons: which has to run, the steps to it, and their netlink messages.
 */
#include "unit.h"

#include "core/config_global.h"
#include "netlink/nl_ipvs.h"
#include "nl_hex.h"
#include "vrrp/lvs_sync_plan.h"

static void role_follows_the_state(void **state)
{
	const struct lvs_sync_daemon c = { .ifname = "eth1", .sync_id = -1 };
	const struct lvs_sync_daemon numbered = { .ifname = "eth1", .sync_id = 0, .maxlen = 1400 };
	struct ipvs_daemon want;

	(void)state;
	lvs_sync_want(&c, 51, VRRP_STATE_MASTER, &want);
	assert_int_equal(want.role, IPVS_MASTER);
	assert_int_equal(want.sync_id, 51);
	assert_string_equal(want.ifname, "eth1");
	lvs_sync_want(&c, 51, VRRP_STATE_BACKUP, &want);
	assert_int_equal(want.role, IPVS_BACKUP);
	lvs_sync_want(&numbered, 51, VRRP_STATE_FAULT, &want);
	assert_int_equal(want.role, IPVS_BACKUP);
	assert_int_equal(want.sync_id, 0);
	assert_int_equal(want.maxlen, 1400);
	lvs_sync_want(&c, 51, VRRP_STATE_INIT, &want);
	assert_int_equal(want.role, IPVS_NO_DAEMON);
}

static void assert_steps(struct lvs_sync_steps s, bool stop_master, bool stop_backup, bool start)
{
	assert_int_equal(s.stop_master, stop_master);
	assert_int_equal(s.stop_backup, stop_backup);
	assert_int_equal(s.start, start);
}

static void steps_lead_from_one_to_the_other(void **state)
{
	const struct ipvs_daemon none = { 0 }, master = { .role = IPVS_MASTER, .ifname = "eth0" },
				 backup = { .role = IPVS_BACKUP, .ifname = "eth0" },
				 other = { .role = IPVS_MASTER, .ifname = "eth0", .ttl = 2 };

	(void)state;
	assert_steps(lvs_sync_plan(&none, false, &backup), true, true, true);
	assert_steps(lvs_sync_plan(&none, false, &none), true, true, false);
	assert_steps(lvs_sync_plan(&backup, true, &master), false, true, true);
	assert_steps(lvs_sync_plan(&master, true, &backup), true, false, true);
	assert_steps(lvs_sync_plan(&master, true, &none), true, false, false);
	assert_steps(lvs_sync_plan(&master, true, &master), false, false, false);
	assert_steps(lvs_sync_plan(&master, true, &other), true, false, true);
	assert_steps(lvs_sync_plan(&none, true, &none), false, false, false);
}

static void messages(void **state)
{
	struct ipvs_daemon d = { .role = IPVS_BACKUP, .ifname = "eth0", .sync_id = 7,
				 .maxlen = 1200, .port = 9000, .ttl = 3 };
	struct nl_buf b = { 0 };

	(void)state;
	LITTLE_ENDIAN_ONLY();
	d.group = addr_of("224.0.0.99");
	nl_ipvs_daemon_new(&b, 27, &d);
	assert_hex(&b, "54000000 1b00 0100 00000000 00000000"
		       "09 01 0000"
		       "4000 0380"
		       "0800 0100 02000000"
		       "0900 0200 6574683000 000000"
		       "0800 0300 07000000"
		       "0600 0400 b004 0000"
		       "0800 0500 e0000063"
		       "0600 0700 2823 0000"
		       "0500 0800 03 000000");
	nl_ipvs_daemon_del(&b, 27, IPVS_MASTER);
	assert_hex(&b, "20000000 1b00 0100 00000000 00000000"
		       "0a 01 0000"
		       "0c00 0380"
		       "0800 0100 01000000");
	d = (struct ipvs_daemon){ .role = IPVS_MASTER, .ifname = "e" };
	d.group = addr_of("ff02::99");
	nl_ipvs_daemon_new(&b, 27, &d);
	assert_hex(&b, "44000000 1b00 0100 00000000 00000000"
		       "09 01 0000"
		       "3000 0380"
		       "0800 0100 01000000"
		       "0600 0200 6500 0000"
		       "0800 0300 00000000"
		       "1400 0600 ff020000000000000000000000000099");
	nl_buf_fini(&b);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(role_follows_the_state),
	cmocka_unit_test(steps_lead_from_one_to_the_other),
	cmocka_unit_test(messages),
};

UNIT_MAIN(tests)
