/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state machine, event by event. What it remembers is in vrrp_fsm_memory_test.c; conversations
 * between routers are in tests/sim.
 */
#include "fsm_bench.h"

/* -- timers -------------------------------------------------------------------------------- */

static void lengths_of_timers(void **state)
{
	static const struct {
		uint8_t version, priority, n;
		kspan every;
		int64_t down_us;
	} table[] = {
		{ 2, 254, 3, SEC(1), 3007812 },	    { 2, 150, 3, SEC(1), 3414062 },
		{ 2, 100, 3, SEC(1), 3609375 },	    { 2, 150, 1, SEC(1), 1414062 },
		{ 2, 100, 3, SEC(2), 6609375 },	    { 3, 100, 3, SEC(1), 3609375 },
		{ 3, 100, 3, MSEC(10), 36093 },	    { 3, 255, 3, MSEC(10), 30039 },
		{ 3, 1, 100, MSEC(40950), 4095000000 + 40790039 },
	};
	struct bench b;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		bench_init(&b, table[i].version, table[i].priority);
		b.params.every = table[i].every;
		b.params.down_timer_adverts = table[i].n;
		vrrp_fsm_init(&b.m, &b.params);
		assert_int_equal(kspan_usec(vrrp_fsm_master_down(&b.m)), table[i].down_us);
	}
}

static void starts_as_backup(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 2, 100);
	assert_string_equal(start(&b), "BACKUP, down, tell BACKUP, arm 3609");
	assert_true(b.actions.list[0].state.initial);
	assert_string_equal(timer(&b), "");	/* too early */
	pass(&b, MSEC(3610));
	assert_string_equal(timer(&b), "send 100, MASTER, up, announce, tell MASTER, arm 1000");
	assert_int_equal(cause_of(&b)->type, CAUSE_MASTER_DOWN);
	assert_int_equal(cause_of(&b)->number, 3610);
	assert_string_equal(feed(&b, (struct vrrp_event){ .type = VRRP_EV_START }), "");
}

static void owner_starts_as_master(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 3, 255);
	b.params.start_master = true;
	assert_string_equal(start(&b), "send 255, MASTER, up, announce, tell MASTER, arm 1000");
	assert_int_equal(cause_of(&b)->type, CAUSE_OWNER);
	/* After a fault as well: RFC 9568 section 6.4.1. */
	assert_string_equal(health(&b, true, false), "send 0, FAULT, down, tell FAULT, disarm");
	assert_string_equal(health(&b, false, false),
			    "send 255, MASTER, up, announce, tell MASTER, arm 1000");
	/* 255 without "state MASTER" looks first. */
	b.params.start_master = false;
	assert_string_equal(start(&b), "BACKUP, down, tell BACKUP, arm 3003");
}

static void startup_delay(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 2, 254);
	assert_string_equal(feed(&b, (struct vrrp_event){ .type = VRRP_EV_START,
							  .start = { .not_before = ktime_add(
									     b.now, SEC(2)) } }),
			    "BACKUP, down, tell BACKUP, arm 5007");
	assert_string_equal(advert(&b, "192.0.2.9", 255), "");	/* deaf */
	pass(&b, SEC(2));
	assert_string_equal(advert(&b, "192.0.2.9", 255), "arm 3007");
}

static void late_by_intervals(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 2, 100);
	make_master(&b);
	pass(&b, MSEC(1200));
	assert_string_equal(timer(&b), "send 100, arm 800");	/* no drift */
	pass(&b, MSEC(800 + 3400));
	assert_string_equal(timer(&b), "send 100, arm 600");	/* one, not four */
}

/* -- BACKUP -------------------------------------------------------------------------------- */

static void backup_and_adverts(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 2, 100);
	(void)start(&b);
	pass(&b, MSEC(500));
	assert_string_equal(advert(&b, "192.0.2.1", 100), "arm 3609");	/* equal is obeyed */
	assert_non_null(find_note(&b, VRRP_NOTE_MASTER_SET));
	assert_string_equal(advert(&b, "192.0.2.9", 200), "arm 3609");
	assert_non_null(find_note(&b, VRRP_NOTE_MASTER_CHANGED));
	assert_int_equal(b.m.master_priority, 200);
	assert_string_equal(advert(&b, "192.0.2.9", 99), "");
	assert_non_null(find_note(&b, VRRP_NOTE_LOWER_DISCARDED));
	assert_string_equal(advert(&b, "192.0.2.9", 0), "arm 609");
	pass(&b, MSEC(300));
	assert_string_equal(advert(&b, "192.0.2.9", 0), "arm 309");	/* not put off */
	b.params.preempt = false;
	(void)start(&b);
	assert_string_equal(advert(&b, "192.0.2.9", 1), "arm 3609");
}

static void preempt_delay(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 2, 100);
	b.params.preempt_delay = SEC(5);
	(void)start(&b);
	assert_string_equal(advert(&b, "192.0.2.9", 50), "arm 3609");
	assert_non_null(find_note(&b, VRRP_NOTE_PREEMPT_DELAY_START));
	pass(&b, SEC(4));
	assert_string_equal(advert(&b, "192.0.2.9", 150), "arm 3609");
	assert_non_null(find_note(&b, VRRP_NOTE_PREEMPT_DELAY_STOP));
	assert_string_equal(advert(&b, "192.0.2.9", 50), "arm 3609");	/* from the beginning */
	pass(&b, MSEC(4999));
	assert_string_equal(advert(&b, "192.0.2.9", 50), "arm 3609");
	pass(&b, MSEC(1));
	assert_string_equal(advert(&b, "192.0.2.9", 50), "");
	/* Who was MASTER in between waits for the whole delay again. */
	b.now = b.m.deadline;
	(void)timer(&b);
	(void)advert(&b, "192.0.2.9", 150);
	assert_string_equal(advert(&b, "192.0.2.9", 50), "arm 3609");
	assert_non_null(find_note(&b, VRRP_NOTE_PREEMPT_DELAY_START));
	/* An equal one is no reason to preempt either. */
	(void)start(&b);
	(void)advert(&b, "192.0.2.9", 50);
	assert_string_equal(advert(&b, "192.0.2.9", 100), "arm 3609");
	assert_non_null(find_note(&b, VRRP_NOTE_PREEMPT_DELAY_STOP));
	assert_true(ktime_is_never(b.m.preempt_at));
}

static void interval_is_learnt(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 3, 100);
	(void)start(&b);
	assert_string_equal(advert_every(&b, "192.0.2.9", 200, MSEC(200)), "arm 721");
	assert_string_equal(advert_every(&b, "192.0.2.9", 200, NSEC(0)), "arm 721");
	pass(&b, MSEC(722));
	/* Becoming MASTER ends it, whatever is logged. */
	assert_string_equal(timer(&b), "send 100, MASTER, up, announce, tell MASTER, arm 1000");
	assert_int_equal(kspan_msec(b.m.master_every), 1000);
	bench_init(&b, 2, 100);
	(void)start(&b);
	assert_string_equal(advert_every(&b, "192.0.2.9", 200, SEC(5)), "arm 3609");
}

static void priority_moves_the_deadline(void **state)
{
	struct vrrp_event ev = { .type = VRRP_EV_PRIORITY, .cause = { .type = CAUSE_FILE } };
	struct bench b;

	(void)state;
	bench_init(&b, 2, 100);
	(void)start(&b);
	pass(&b, SEC(1));
	ev.priority = 228;
	assert_string_equal(feed(&b, ev), "tell BACKUP_PRIORITY, arm 2109");
	assert_string_equal(feed(&b, ev), "");
	assert_int_equal(find_note(&b, VRRP_NOTE_PRIORITY) != NULL, 0);
}

/* -- MASTER -------------------------------------------------------------------------------- */

static void master_and_adverts(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 2, 100);
	make_master(&b);
	pass(&b, MSEC(300));
	assert_string_equal(advert(&b, "192.0.2.9", 0), "send 100, arm 1000");
	assert_string_equal(advert(&b, "192.0.2.9", 0), "arm 3");
	pass(&b, MSEC(200));
	assert_string_equal(advert(&b, "192.0.2.9", 50),
			    "send 100, arm 1000, announce lower, tell MASTER_RX_LOWER_PRI");
	assert_string_equal(advert(&b, "192.0.2.1", 100),
			    "arm 125, announce lower, tell MASTER_RX_LOWER_PRI");
	assert_string_equal(advert(&b, "192.0.2.5", 100), "");
	assert_non_null(find_note(&b, VRRP_NOTE_SAME_ADDRESS));
	assert_string_equal(advert(&b, "192.0.2.9", 100), "BACKUP, down, tell BACKUP, arm 3609");
	assert_non_null(find_note(&b, VRRP_NOTE_HIGHER_ADDRESS));
	assert_int_equal(cause_of(&b)->type, CAUSE_ADVERT);
	assert_int_equal(cause_of(&b)->number, 100);
}

static void master_options(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 2, 100);
	b.params.lower_prio_no_advert = true;
	b.params.higher_prio_send_advert = true;
	make_master(&b);
	assert_string_equal(advert(&b, "192.0.2.9", 50),
			    "announce lower, tell MASTER_RX_LOWER_PRI");
	assert_string_equal(advert(&b, "192.0.2.9", 101),
			    "send 100, BACKUP, down, tell BACKUP, arm 3609");
}

static void fault_says_so_once(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 2, 100);
	make_master(&b);
	assert_string_equal(health(&b, true, false), "send 0, FAULT, down, tell FAULT, disarm");
	assert_string_equal(health(&b, true, false), "");
	assert_string_equal(timer(&b), "");
	assert_string_equal(advert(&b, "192.0.2.9", 1), "");
	assert_string_equal(health(&b, false, true), "");	/* something is not known yet */
	assert_string_equal(health(&b, false, false), "BACKUP, tell BACKUP, arm 3609");
	assert_string_equal(health(&b, false, true), "");	/* that stops nobody */
	assert_string_equal(health(&b, true, false), "FAULT, tell FAULT, disarm");
}

static void unicast_announces_itself(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 2, 100);
	b.params.unicast = true;
	vrrp_fsm_init(&b.m, &b.params);
	assert_string_equal(feed(&b, (struct vrrp_event){ .type = VRRP_EV_START,
							  .start = { .fault = true } }),
			    "FAULT, down, tell FAULT, disarm");
	assert_string_equal(health(&b, false, false),
			    "BACKUP, announce source, tell BACKUP, arm 3609");
}

static void pending_waits(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 2, 100);
	assert_string_equal(feed(&b, (struct vrrp_event){ .type = VRRP_EV_START,
							  .start = { .pending = true } }),
			    "");
	assert_int_equal(b.m.state, VRRP_STATE_INIT);
	assert_string_equal(health(&b, false, false), "BACKUP, down, tell BACKUP, arm 3609");
}

static void vip_lost(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 2, 100);
	make_master(&b);
	assert_string_equal(feed(&b, (struct vrrp_event){ .type = VRRP_EV_VIP_LOST,
							  .cause = { .type = CAUSE_VIP_LOST } }),
			    "send 0, BACKUP, down, tell BACKUP, arm 609");
	assert_string_equal(feed(&b, (struct vrrp_event){ .type = VRRP_EV_VIP_LOST }), "");
	/* Whom it had heard before it was MASTER is forgotten. */
	(void)start(&b);
	(void)advert(&b, "192.0.2.9", 200);
	b.now = b.m.deadline;
	(void)timer(&b);
	assert_int_equal(b.m.state, VRRP_STATE_MASTER);
	(void)feed(&b, (struct vrrp_event){ .type = VRRP_EV_VIP_LOST });
	assert_true(ktime_is_never(b.m.heard_at));
}

static void stops(void **state)
{
	struct vrrp_event ev = { .type = VRRP_EV_STOP,
				 .cause = { .type = CAUSE_SIGNAL },
				 .stop = { .what = EVENT_STOP } };
	struct bench b;

	(void)state;
	bench_init(&b, 2, 100);
	make_master(&b);
	assert_string_equal(feed(&b, ev), "send 0, INIT, down, tell STOP, disarm");
	assert_string_equal(feed(&b, ev), "");
	(void)start(&b);
	ev.stop.what = EVENT_DELETED;
	assert_string_equal(feed(&b, ev), "INIT, tell DELETED, disarm");
	make_master(&b);
	ev.stop.keep = true;
	ev.stop.quiet = true;
	assert_string_equal(feed(&b, ev), "INIT, disarm");
}

static void remarks_have_words(void **state)
{
	struct vrrp_remark r = {
		.note = VRRP_NOTE_HIGHER,
		.from = addr("192.0.2.9"),
		.before = addr("192.0.2.1"),
		.theirs = 150,
		.ours = 100,
		.span = MSEC(3500),
		.old_span = MSEC(200),
	};
	char text[200];

	(void)state;
	assert_string_equal(vrrp_remark_text(&r, text, sizeof(text)),
			    "Master received advert from 192.0.2.9 with higher priority 150, "
			    "ours 100");
	r.note = VRRP_NOTE_PREEMPT_DELAY_START;
	assert_string_equal(vrrp_remark_text(&r, text, sizeof(text)),
			    "start preempt delay (3.500000)");
	r.note = VRRP_NOTE_INTERVAL_LEARNT;
	assert_string_equal(vrrp_remark_text(&r, text, sizeof(text)),
			    "advertisement interval updated from 200ms to 3500ms by master");
	r.note = VRRP_NOTE_MASTER_CHANGED;
	assert_string_equal(vrrp_remark_text(&r, text, 30), "master changed from 192.0.2.1");
	for (unsigned i = 0; i < n_vrrp_note; i++) {
		r.note = (enum vrrp_note)i;
		assert_null(strchr(vrrp_remark_text(&r, text, sizeof(text)), '%'));
		assert_non_null(strchr("NID", vrrp_note_level(r.note)));
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(lengths_of_timers),
	cmocka_unit_test(starts_as_backup),
	cmocka_unit_test(owner_starts_as_master),
	cmocka_unit_test(startup_delay),
	cmocka_unit_test(late_by_intervals),
	cmocka_unit_test(backup_and_adverts),
	cmocka_unit_test(preempt_delay),
	cmocka_unit_test(interval_is_learnt),
	cmocka_unit_test(priority_moves_the_deadline),
	cmocka_unit_test(master_and_adverts),
	cmocka_unit_test(master_options),
	cmocka_unit_test(fault_says_so_once),
	cmocka_unit_test(unicast_announces_itself),
	cmocka_unit_test(pending_waits),
	cmocka_unit_test(vip_lost),
	cmocka_unit_test(stops),
	cmocka_unit_test(remarks_have_words),
};

UNIT_MAIN(tests)
