/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sync groups: who is ordered what, in which order, and what the group says of itself.
 */
#include "unit.h"

#include "fsm_text.h"
#include "vrrp/sync.h"

#define N 3

struct bench {
	struct vrrp_fsm fsm[N];
	struct vrrp_params params[N];
	struct vrrp_member members[N];
	struct vrrp_event starts[N];
	struct vrrp_group group;
	struct vrrp_group_change change;
	ktime now;
	char text[1024];
};

static void note_actions(void *ctx, unsigned member, const struct vrrp_actions *actions)
{
	struct bench *b = ctx;
	char line[512];
	size_t len = strlen(b->text);

	fsm_text(actions, b->now, line, sizeof(line));
	if (line[0])
		snprintf(b->text + len, sizeof(b->text) - len, "%s%s: %s", len ? "; " : "",
			 b->members[member].name, line);
}

static void bench_init(struct bench *b)
{
	static const char *const names[N] = { "x", "y", "z" };

	*b = (struct bench){ .now = { 1000000000000 } };
	for (unsigned i = 0; i < N; i++) {
		b->params[i] = (struct vrrp_params){ .version = 2,
						     .priority = 100,
						     .every = SEC(1),
						     .down_timer_adverts = 3,
						     .preempt = true };
		b->starts[i] = (struct vrrp_event){ .type = VRRP_EV_START,
						    .cause = { .type = CAUSE_START } };
		b->members[i] = (struct vrrp_member){ &b->fsm[i], names[i] };
	}
}

static const char *start(struct bench *b)
{
	b->text[0] = '\0';
	for (unsigned i = 0; i < N; i++)
		vrrp_fsm_init(&b->fsm[i], &b->params[i]);
	vrrp_group_init(&b->group, b->members, N, false);
	b->change = vrrp_group_foresee(&b->group, b->starts);
	vrrp_group_start(&b->group, b->starts, b->now, &(struct vrrp_sink){ note_actions, b });
	return b->text;
}

static const char *feed(struct bench *b, unsigned member, struct vrrp_event ev)
{
	b->text[0] = '\0';
	b->change = vrrp_group_feed(&b->group, member, &ev, b->now,
				    &(struct vrrp_sink){ note_actions, b });
	return b->text;
}

static const char *timer(struct bench *b, unsigned member)
{
	return feed(b, member, (struct vrrp_event){ .type = VRRP_EV_TIMER });
}

static const char *health(struct bench *b, unsigned member, bool fault, bool pending)
{
	return feed(b, member, (struct vrrp_event){ .type = VRRP_EV_HEALTH,
						    .cause = { .type = CAUSE_INTERFACE },
						    .health = { fault, pending } });
}

static const char *advert(struct bench *b, unsigned member, uint8_t priority)
{
	struct vrrp_advert ad = { .version = 2, .type = 1, .priority = priority, .every = SEC(1) };
	struct vrrp_event ev = { .type = VRRP_EV_ADVERT, .rx = { .advert = &ad } };

	assert_true(addr_parse("192.0.2.9", &ev.rx.from));
	return feed(b, member, ev);
}

static void make_master(struct bench *b)
{
	(void)start(b);
	b->now = ktime_add(b->now, SEC(4));
	for (unsigned i = 0; i < N; i++)
		(void)timer(b, i);
	assert_int_equal(b->group.state, VRRP_STATE_MASTER);
}

static void the_last_one_takes_all(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b);
	assert_string_equal(start(&b), "x: BACKUP, down, tell BACKUP, arm 3609; "
				       "y: BACKUP, down, tell BACKUP, arm 3609; "
				       "z: BACKUP, down, tell BACKUP, arm 3609");
	assert_true(b.change.changed);
	assert_int_equal(b.change.to, VRRP_STATE_BACKUP);
	b.now = ktime_add(b.now, SEC(4));
	assert_string_equal(timer(&b, 0), "x: ask, arm 3609");
	assert_string_equal(timer(&b, 2), "z: ask, arm 3609");
	assert_false(b.change.changed);
	assert_string_equal(timer(&b, 1),
			    "y: ask, arm 3609; "
			    "y: send 100, MASTER, up, announce, tell MASTER, arm 1000; "
			    "x: send 100, MASTER, up, announce, tell MASTER, arm 1000; "
			    "z: send 100, MASTER, up, announce, tell MASTER, arm 1000");
	assert_true(b.change.changed);
	assert_int_equal(b.change.to, VRRP_STATE_MASTER);
	assert_string_equal(b.change.cause.text, "y");
}

static void a_better_master_stops_it(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b);
	(void)start(&b);
	b.now = ktime_add(b.now, SEC(4));
	(void)timer(&b, 0);
	(void)timer(&b, 1);
	assert_string_equal(advert(&b, 0, 200), "x: arm 3609");
	assert_string_equal(timer(&b, 2), "z: ask, arm 3609");
	assert_int_equal(b.fsm[2].state, VRRP_STATE_BACKUP);
}

static void one_leaves_all_leave(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b);
	make_master(&b);
	assert_string_equal(advert(&b, 1, 200), "y: BACKUP, down, tell BACKUP, arm 3609; "
						"x: BACKUP, down, tell BACKUP, arm 3609; "
						"z: BACKUP, down, tell BACKUP, arm 3609");
	assert_int_equal(b.change.to, VRRP_STATE_BACKUP);
	make_master(&b);
	assert_string_equal(feed(&b, 1, (struct vrrp_event){ .type = VRRP_EV_VIP_LOST,
							     .cause = { .type = CAUSE_VIP_LOST } }),
			    "y: send 0, BACKUP, down, tell BACKUP, arm 609; "
			    "x: send 0, BACKUP, down, tell BACKUP, arm 609; "
			    "z: send 0, BACKUP, down, tell BACKUP, arm 609");
	assert_true(b.change.changed);
	assert_int_equal(b.change.to, VRRP_STATE_BACKUP);
}

static void one_fault_is_a_fault_of_all(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b);
	make_master(&b);
	assert_string_equal(health(&b, 2, true, false),
			    "z: send 0, FAULT, down, tell FAULT, disarm; "
			    "x: send 0, FAULT, down, tell FAULT, disarm; "
			    "y: send 0, FAULT, down, tell FAULT, disarm");
	assert_int_equal(b.change.to, VRRP_STATE_FAULT);
	assert_string_equal(b.change.cause.text, "z");
	/* A second one: nothing new; the first clears: all are still held. */
	assert_string_equal(health(&b, 0, true, false), "");
	assert_string_equal(health(&b, 2, false, false), "");
	assert_false(b.change.changed);
	assert_string_equal(health(&b, 0, false, false), "x: BACKUP, tell BACKUP, arm 3609; "
							 "y: BACKUP, tell BACKUP, arm 3609; "
							 "z: BACKUP, tell BACKUP, arm 3609");
	assert_int_equal(b.change.to, VRRP_STATE_BACKUP);
}

static void starts_with_a_fault(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b);
	b.starts[1].start.fault = true;
	assert_string_equal(start(&b), "x: FAULT, down, tell FAULT, disarm; "
				       "y: FAULT, down, tell FAULT, disarm; "
				       "z: FAULT, down, tell FAULT, disarm");
	assert_int_equal(b.change.to, VRRP_STATE_FAULT);
	b.starts[1].start.fault = false;
	b.starts[1].start.pending = true;
	assert_string_equal(start(&b), "");
	assert_int_equal(b.group.state, VRRP_STATE_INIT);
	assert_string_equal(health(&b, 1, false, false), "y: BACKUP, down, tell BACKUP, arm 3609; "
							 "x: BACKUP, down, tell BACKUP, arm 3609; "
							 "z: BACKUP, down, tell BACKUP, arm 3609");
}

static void owners_hurry_together(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b);
	for (unsigned i = 0; i < N; i++) {
		b.params[i].priority = 255;
		b.params[i].start_master = true;
	}
	assert_string_equal(start(&b), "x: BACKUP, down, arm 0; y: BACKUP, down, arm 0; "
				       "z: BACKUP, down, arm 0");
	assert_false(b.change.changed);
	(void)timer(&b, 0);
	(void)timer(&b, 1);
	(void)timer(&b, 2);
	assert_int_equal(b.change.to, VRRP_STATE_MASTER);
	vrrp_group_fini(&b.group);
	for (unsigned i = 0; i < N; i++)
		assert_false(b.fsm[i].grouped || b.fsm[i].group_may_rush);
	vrrp_group_init(&b.group, b.members, N, true);
	b.params[1].start_master = false;
	assert_string_equal(start(&b), "x: BACKUP, down, tell BACKUP, arm 3003; "
				       "y: BACKUP, down, tell BACKUP, arm 3003; "
				       "z: BACKUP, down, tell BACKUP, arm 3003");
}

/** A reload adds a member: it follows when its own timer says so; a better master stops all. */
static void a_member_joins(void **state)
{
	struct vrrp_event ev = { .type = VRRP_EV_START, .cause = { .type = CAUSE_RELOAD } };
	struct bench b;

	(void)state;
	bench_init(&b);
	make_master(&b);
	for (unsigned round = 0; round < 2; round++) {
		vrrp_group_fini(&b.group);
		vrrp_fsm_init(&b.fsm[2], &b.params[2]);
		vrrp_group_init(&b.group, b.members, N, true);
		assert_string_equal(feed(&b, 2, ev), "z: BACKUP, down, tell BACKUP, arm 3609");
		assert_int_equal(b.group.state, VRRP_STATE_BACKUP);
		assert_int_equal(b.fsm[0].state, VRRP_STATE_MASTER);
		if (round)
			break;
		b.now = ktime_add(b.now, SEC(4));
		assert_string_equal(timer(&b, 2),
				    "z: ask, arm 3609; "
				    "z: send 100, MASTER, up, announce, tell MASTER, arm 1000");
		assert_int_equal(b.group.state, VRRP_STATE_MASTER);
	}
	assert_string_equal(advert(&b, 2, 50), "");	/* lower: no reason */
	assert_string_equal(advert(&b, 2, 0), "z: arm 609");
	assert_string_equal(advert(&b, 2, 200), "z: arm 3609; "
						"x: BACKUP, down, tell BACKUP, arm 3609; "
						"y: BACKUP, down, tell BACKUP, arm 3609");
}

/** The member with the fault is taken out: the others go on. */
static void a_member_goes(void **state)
{
	struct vrrp_event stop = { .type = VRRP_EV_STOP,
				   .cause = { .type = CAUSE_RELOAD },
				   .stop = { .what = EVENT_DELETED } };
	struct bench b;

	(void)state;
	bench_init(&b);
	make_master(&b);
	(void)health(&b, 2, true, false);
	assert_string_equal(feed(&b, 2, stop), "z: INIT, tell DELETED, disarm");
	vrrp_group_fini(&b.group);
	vrrp_group_init(&b.group, b.members, 2, true);
	b.text[0] = '\0';
	b.change = vrrp_group_settle(&b.group, b.now, &(struct vrrp_sink){ note_actions, &b });
	assert_string_equal(b.text, "x: BACKUP, tell BACKUP, arm 3609; "
				    "y: BACKUP, tell BACKUP, arm 3609");
	assert_true(b.change.changed);
	assert_int_equal(b.change.to, VRRP_STATE_BACKUP);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(the_last_one_takes_all),
	cmocka_unit_test(a_better_master_stops_it),
	cmocka_unit_test(one_leaves_all_leave),
	cmocka_unit_test(one_fault_is_a_fault_of_all),
	cmocka_unit_test(starts_with_a_fault),
	cmocka_unit_test(owners_hurry_together),
	cmocka_unit_test(a_member_joins),
	cmocka_unit_test(a_member_goes),
};

UNIT_MAIN(tests)
