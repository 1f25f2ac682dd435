/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Timers: deadlines in a four-way heap, earliest first; equal deadlines in the order of arming.
 *
 * The heap holds deadline and order beside the pointer, so comparing touches no timer; a timer
 * knows its slot, so moving and cancelling need no search. While timers fire, those armed for a
 * time that is already due wait in a second heap until the next run. The owner of a timer keeps
 * it alive while armed; the heaps own nothing.
 */
#include "loop/timer.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { WAYS = 4 };

#define SLOT_LATE 0x80000000u /* the slot is one of the second heap */

struct entry {
	int64_t at;
	uint64_t order;
	struct timer *timer;
};

struct heap {
	struct entry *entries;
	unsigned n;
	unsigned cap;
	unsigned mark; /* 0 or SLOT_LATE */
};

struct timers {
	struct heap armed;
	struct heap late;
	uint64_t next_order;
	ktime running_at; /* KTIME_NEVER unless timers are being fired */
};

static bool is_before(const struct entry *a, const struct entry *b)
{
	return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static void place(struct heap *h, unsigned slot, const struct entry *e)
{
	h->entries[slot] = *e;
	e->timer->slot = slot | h->mark;
}

/** Put @e at @slot or above it. */
static void sift_up(struct heap *h, unsigned slot, struct entry e)
{
	while (slot > 0) {
		unsigned parent = (slot - 1) / WAYS;

		if (!is_before(&e, &h->entries[parent]))
			break;
		place(h, slot, &h->entries[parent]);
		slot = parent;
	}
	place(h, slot, &e);
}

static unsigned earliest_child(const struct heap *h, unsigned slot)
{
	unsigned first = slot * WAYS + 1;
	unsigned end = MIN_OF(first + WAYS, h->n);
	unsigned best = first;

	for (unsigned i = first + 1; i < end; i++)
		if (is_before(&h->entries[i], &h->entries[best]))
			best = i;
	return best;
}

/** Put @e at @slot or below it. */
static void sift_down(struct heap *h, unsigned slot, struct entry e)
{
	while (slot * WAYS + 1 < h->n) {
		unsigned child = earliest_child(h, slot);

		if (!is_before(&h->entries[child], &e))
			break;
		place(h, slot, &h->entries[child]);
		slot = child;
	}
	place(h, slot, &e);
}

/** Put @e where it belongs, starting from a @slot that is free. */
static void settle(struct heap *h, unsigned slot, struct entry e)
{
	if (slot > 0 && is_before(&e, &h->entries[(slot - 1) / WAYS]))
		sift_up(h, slot, e);
	else
		sift_down(h, slot, e);
}

static void heap_add(struct heap *h, struct entry e)
{
	if (h->n == h->cap) {
		h->cap = h->cap ? h->cap * 2 : 16;
		h->entries = xrealloc(h->entries, h->cap, sizeof(*h->entries));
	}
	h->n++;
	sift_up(h, h->n - 1, e);
}

static void heap_remove(struct heap *h, unsigned slot)
{
	struct entry last = h->entries[--h->n];

	if (slot < h->n)
		settle(h, slot, last);
}

static struct heap *heap_of(const struct timer *t)
{
	return t->slot & SLOT_LATE ? &t->set->late : &t->set->armed;
}

struct timers *timers_new(void)
{
	struct timers *set = xnew(struct timers);

	set->late.mark = SLOT_LATE;
	set->running_at = KTIME_NEVER;
	return set;
}

static void heap_fini(struct heap *h)
{
	for (unsigned i = 0; i < h->n; i++)
		h->entries[i].timer->set = NULL;
	free(h->entries);
}

void timers_free(struct timers *set)
{
	if (!set)
		return;
	heap_fini(&set->armed);
	heap_fini(&set->late);
	free(set);
}

void timer_arm(struct timers *set, struct timer *t, ktime at)
{
	bool is_late = !ktime_is_never(set->running_at) && !ktime_before(set->running_at, at);
	struct heap *to = is_late ? &set->late : &set->armed;
	struct entry e = { .at = at.ns, .order = set->next_order++, .timer = t };

	if (ktime_is_never(at)) {
		timer_cancel(t);
		return;
	}
	t->at = at;
	if (t->set == set && heap_of(t) == to) {
		settle(to, t->slot & ~SLOT_LATE, e);
		return;
	}
	timer_cancel(t);
	t->set = set;
	heap_add(to, e);
}

void timer_cancel(struct timer *t)
{
	if (!t->set)
		return;
	heap_remove(heap_of(t), t->slot & ~SLOT_LATE);
	t->set = NULL;
}

ktime timers_next(const struct timers *set)
{
	int64_t armed = set->armed.n ? set->armed.entries[0].at : INT64_MAX;
	int64_t late = set->late.n ? set->late.entries[0].at : INT64_MAX;

	return (ktime){ MIN_OF(armed, late) };
}

/** Let what was armed late meanwhile take part again. */
static void take_back_late(struct timers *set)
{
	for (unsigned i = 0; i < set->late.n; i++)
		heap_add(&set->armed, set->late.entries[i]);
	set->late.n = 0;
}

unsigned timers_run(struct timers *set, ktime now)
{
	unsigned fired = 0;

	set->running_at = now;
	while (set->armed.n && set->armed.entries[0].at <= now.ns) {
		struct timer *t = set->armed.entries[0].timer;

		timer_cancel(t);
		fired++;
		t->fire(t, now);
	}
	set->running_at = KTIME_NEVER;
	take_back_late(set);
	return fired;
}

static bool heap_validate(const struct timers *set, const struct heap *h)
{
	for (unsigned i = 0; i < h->n; i++) {
		const struct entry *e = &h->entries[i];

		if (e->timer->set != set || e->timer->slot != (i | h->mark) ||
		    e->timer->at.ns != e->at)
			return false;
		if (i && is_before(e, &h->entries[(i - 1) / WAYS]))
			return false;
	}
	return true;
}

bool timers_validate(const struct timers *set)
{
	return heap_validate(set, &set->armed) && heap_validate(set, &set->late);
}
