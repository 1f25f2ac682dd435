/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One VRRP state machine and its clock, fed by hand: what each event makes it do, as text.
 */
#pragma once

#include "unit.h"

#include "fsm_text.h"

/** A machine and its clock. */
struct bench {
	struct vrrp_fsm m;
	struct vrrp_params params;
	struct vrrp_actions actions;
	ktime now;
	char text[512];
};

static inline struct addr addr(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return a;
}

static inline void bench_init(struct bench *b, uint8_t version, uint8_t priority)
{
	*b = (struct bench){
		.params = { .version = version, .priority = priority, .every = SEC(1),
			    .down_timer_adverts = 3, .preempt = true, .src = addr("192.0.2.5") },
		.now = { 1000000000000 },
	};
	vrrp_fsm_init(&b->m, &b->params);
}

static inline const char *feed(struct bench *b, struct vrrp_event ev)
{
	vrrp_fsm_step(&b->m, &ev, b->now, &b->actions);
	return fsm_text(&b->actions, b->now, b->text, sizeof(b->text));
}

static inline const char *start(struct bench *b)
{
	vrrp_fsm_init(&b->m, &b->params);
	return feed(b, (struct vrrp_event){ .type = VRRP_EV_START,
					    .cause = { .type = CAUSE_START } });
}

static inline void pass(struct bench *b, kspan span)
{
	b->now = ktime_add(b->now, span);
}

static inline const char *timer(struct bench *b)
{
	return feed(b, (struct vrrp_event){ .type = VRRP_EV_TIMER });
}

static inline const char *advert_every(struct bench *b, const char *from, uint8_t priority,
				       kspan every)
{
	struct vrrp_advert ad = { .version = b->params.version,
				  .type = 1,
				  .priority = priority,
				  .every = every };

	return feed(b, (struct vrrp_event){ .type = VRRP_EV_ADVERT,
					    .rx = { &ad, addr(from) } });
}

static inline const char *advert(struct bench *b, const char *from, uint8_t priority)
{
	return advert_every(b, from, priority, SEC(1));
}

static inline const char *health(struct bench *b, bool fault, bool pending)
{
	return feed(b, (struct vrrp_event){ .type = VRRP_EV_HEALTH,
					    .cause = { .type = CAUSE_INTERFACE },
					    .health = { fault, pending } });
}

static inline void make_master(struct bench *b)
{
	(void)start(b);
	b->now = b->m.deadline;
	assert_string_equal(timer(b), "send 100, MASTER, up, announce, tell MASTER, arm 1000");
}

static inline const struct vrrp_remark *find_note(const struct bench *b, enum vrrp_note note)
{
	for (unsigned i = 0; i < b->actions.n; i++) {
		if (b->actions.list[i].type == VRRP_ACT_NOTE &&
		    b->actions.list[i].remark.note == note)
			return &b->actions.list[i].remark;
	}
	return NULL;
}

static inline const struct cause *cause_of(const struct bench *b)
{
	for (unsigned i = 0; i < b->actions.n; i++) {
		if (b->actions.list[i].type == VRRP_ACT_STATE)
			return &b->actions.list[i].state.cause;
	}
	return NULL;
}
