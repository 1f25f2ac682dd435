/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state machine where it remembers: late timers, two owners, reloads, and what a transition
 * notes. Single events are in vrrp_fsm_test.c.
 */
#include "fsm_bench.h"
#include "vrrp/fsm_internal.h"

static void late_master_looks_first(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 2, 100);
	b.params.preempt = false;
	b.params.late_priority = 254;
	make_master(&b);
	pass(&b, MSEC(3007));
	assert_string_equal(timer(&b), "send 100, arm 993");
	pass(&b, MSEC(3010));
	assert_string_equal(timer(&b), "BACKUP, down, tell BACKUP, arm 3609");
	assert_int_equal(cause_of(&b)->type, CAUSE_LATE);
	assert_int_equal(kspan_msec(find_note(&b, VRRP_NOTE_LATE)->span), 2017);
	/* The advert of who took over comes before the timer. */
	make_master(&b);
	pass(&b, SEC(4));
	assert_string_equal(advert(&b, "192.0.2.9", 50),
			    "BACKUP, down, tell BACKUP, arm 3609, arm 3609");
}

/** A router of late_priority takes over when its time is over, not before. */
static void exactly_late(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 2, 100);
	b.params.late_priority = 254;
	make_master(&b);
	pass(&b, kspan_add(SEC(3), vr_skew_for(&b.m, 254, SEC(1))));
	assert_string_equal(timer(&b), "send 100, arm 992");
}

static void two_owners(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 2, 255);
	b.params.start_master = true;
	(void)start(&b);
	/* The other has the lower address and does not listen. */
	for (unsigned i = 0; i < 10; i++) {
		assert_string_equal(advert(&b, "192.0.2.1", 255),
				    "send 255, arm 1000, announce lower, tell MASTER_RX_LOWER_PRI");
		pass(&b, MSEC(200));
	}
	pass(&b, MSEC(100));
	assert_string_equal(advert(&b, "192.0.2.1", 255), "BACKUP, down, tell BACKUP, arm 3007");
	assert_non_null(find_note(&b, VRRP_NOTE_OWNER_YIELDS));
	assert_int_equal(b.m.priority, 254);
	assert_string_equal(advert(&b, "192.0.2.1", 255), "arm 3007");
	assert_int_equal(b.m.priority, 254);
	/* Somebody lower: the owner is needed again. */
	assert_string_equal(advert(&b, "192.0.2.7", 100), "");
	assert_int_equal(b.m.priority, 255);
	/* The other has the higher address: we give way at once, and stay 255. */
	(void)start(&b);
	assert_string_equal(advert(&b, "192.0.2.9", 255), "BACKUP, down, tell BACKUP, arm 3003");
	assert_non_null(find_note(&b, VRRP_NOTE_OWNER_CONFLICT));
	assert_int_equal(b.m.priority, 255);
}

/** The owner tells once, and not too early, that the other one has gone. */
static void a_rogue_owner_goes(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 2, 255);
	b.params.start_master = true;
	(void)start(&b);
	(void)advert(&b, "192.0.2.1", 255);
	for (unsigned second = 1; second <= 5; second++) {
		pass(&b, SEC(1));
		assert_string_equal(timer(&b), "send 255, arm 1000");
		assert_int_equal(find_note(&b, VRRP_NOTE_OWNER_ROGUE_GONE) != NULL, second == 4);
	}
}

static void reload(void **state)
{
	struct vrrp_event ev = { .type = VRRP_EV_PARAMS, .cause = { .type = CAUSE_RELOAD } };
	struct bench b;

	(void)state;
	bench_init(&b, 2, 100);
	make_master(&b);
	pass(&b, MSEC(400));
	ev.params = &b.params;
	b.params.priority = 90;
	assert_string_equal(feed(&b, ev), "tell MASTER_PRIORITY, send 90, arm 1000");
	b.params.priority = 100;
	(void)start(&b);
	pass(&b, SEC(1));
	assert_string_equal(feed(&b, ev), "");	/* nothing new: nothing moves */
	b.params.every = SEC(2);
	assert_string_equal(feed(&b, ev), "arm 5609");
	b.params.every = SEC(1);
	b.params.down_timer_adverts = 1;
	pass(&b, SEC(1));
	assert_string_equal(feed(&b, ev), "arm 0");	/* never in the past */
}

/** What was heard is kept over a reload by a BACKUP of version 3, and by nobody else. */
static void reload_keeps_what_is_learnt(void **state)
{
	struct vrrp_event ev = { .type = VRRP_EV_PARAMS, .cause = { .type = CAUSE_RELOAD } };
	struct bench b;

	(void)state;
	bench_init(&b, 3, 100);
	ev.params = &b.params;
	(void)start(&b);
	b.params.every = SEC(2);
	assert_string_equal(feed(&b, ev), "arm 7218");	/* nobody was heard */
	assert_string_equal(advert_every(&b, "192.0.2.9", 200, MSEC(200)), "arm 721");
	b.params.every = SEC(3);
	assert_string_equal(feed(&b, ev), "");
	assert_int_equal(kspan_msec(b.m.master_every), 200);
	b.params.version = 2;
	assert_string_equal(feed(&b, ev), "arm 9609");
	assert_int_equal(kspan_msec(b.m.master_every), 3000);
}

/** After a FAULT nothing is known of the others. */
static void fault_forgets_the_master(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 3, 100);
	(void)start(&b);
	assert_string_equal(advert_every(&b, "192.0.2.9", 200, MSEC(200)), "arm 721");
	assert_string_equal(health(&b, true, false), "FAULT, tell FAULT, disarm");
	assert_string_equal(health(&b, false, false), "BACKUP, tell BACKUP, arm 3609");
	assert_true(ktime_is_never(b.m.heard_at));
}

/** Each state is entered now, for a cause that its event names, too. */
static void transitions_say_when_and_why(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 2, 100);
	make_master(&b);
	assert_int_equal(ktime_diff(b.m.since, b.now).ns, 0);
	pass(&b, MSEC(100));
	assert_string_equal(advert(&b, "192.0.2.9", 200), "BACKUP, down, tell BACKUP, arm 3609");
	assert_int_equal(ktime_diff(b.m.since, b.now).ns, 0);
	assert_int_equal(b.m.want, VRRP_STATE_BACKUP);
	for (unsigned i = 0; i < b.actions.n; i++) {
		if (b.actions.list[i].type == VRRP_ACT_EVENT)
			assert_int_equal(b.actions.list[i].event.cause.type, cause_of(&b)->type);
	}
	assert_int_not_equal(cause_of(&b)->type, CAUSE_NONE);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(late_master_looks_first),
	cmocka_unit_test(exactly_late),
	cmocka_unit_test(two_owners),
	cmocka_unit_test(a_rogue_owner_goes),
	cmocka_unit_test(reload),
	cmocka_unit_test(reload_keeps_what_is_learnt),
	cmocka_unit_test(fault_forgets_the_master),
	cmocka_unit_test(transitions_say_when_and_why),
};

UNIT_MAIN(tests)
