/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Weights and faults of tracked objects, counted one by one.
 *
 * The table of effects: an unweighted tracker makes a fault when its object is down (reverse: up);
 * a positive weight is added while it is up, a negative one subtracted while it is down; reverse
 * swaps the signs. Subscribing to the objects is track.c's job.
 */
#include "vrrp/priority.h"

#include <assert.h>

#define PRIORITY_MIN   1
#define PRIORITY_MAX   254	/* 255 is the address owner's */
#define PRIORITY_OWNER 255
#define FILE_FAULT     (-254)	/* a file's status at or below is a fault */
#define FILE_MAX       253

ENUM_DEFINE(vrrp_down, VRRP_DOWNS)

static int64_t clamp(int64_t n, int64_t min, int64_t max)
{
	return n < min ? min : n > max ? max : n;
}

struct vrrp_effect vrrp_effect_of_state(enum vrrp_tracked state, int weight, bool reverse)
{
	int magnitude = weight < 0 ? -weight : weight;
	bool counts_up = weight > 0;	/* else it counts while down */
	bool counts;

	if (state == VRRP_TRACKED_UNKNOWN)
		return (struct vrrp_effect){ .pending = weight == 0 };
	if (weight == 0)
		return (struct vrrp_effect){ .fault = (state == VRRP_TRACKED_DOWN) != reverse };
	counts = (state == VRRP_TRACKED_UP) == counts_up;
	if (!counts)
		return (struct vrrp_effect){ 0 };
	return (struct vrrp_effect){
		.add = (int16_t)(counts_up != reverse ? magnitude : -magnitude),
	};
}

struct vrrp_effect vrrp_effect_of_value(int64_t value, int weight, bool reverse)
{
	int64_t status;

	if (weight == 0)
		return (struct vrrp_effect){ .fault = (value != 0) != reverse };
	/* Bounded first: no product of a foreign number may overflow. */
	status = clamp(value, INT32_MIN, INT32_MAX) * weight * (reverse ? -1 : 1);
	status = clamp(status, FILE_FAULT, FILE_MAX);
	if (status == FILE_FAULT)
		return (struct vrrp_effect){ .fault = true };
	return (struct vrrp_effect){ .add = (int16_t)status };
}

unsigned vrrp_tally_n_faults(const struct vrrp_tally *t)
{
	unsigned n = 0;

	for (unsigned i = 0; i < n_vrrp_down; i++)
		n += t->faults[i];
	return n;
}

/** The two booleans that the machine is told, as one number. */
static unsigned health_of(const struct vrrp_tally *t)
{
	return (vrrp_tally_n_faults(t) ? 1u : 0u) | (t->pending ? 2u : 0u);
}

unsigned vrrp_tally_fault(struct vrrp_tally *t, enum vrrp_down kind, int n)
{
	unsigned before = health_of(t);

	assert(t->faults[kind] + n >= 0);
	t->faults[kind] = (uint16_t)(t->faults[kind] + n);
	return health_of(t) == before ? 0 : VRRP_TALLY_HEALTH;
}

unsigned vrrp_tally_change(struct vrrp_tally *t, enum vrrp_down kind, struct vrrp_effect *current,
			   struct vrrp_effect next)
{
	unsigned before = health_of(t);
	int difference = next.add - current->add;

	t->sum += difference;
	t->pending = (uint16_t)(t->pending - current->pending + next.pending);
	t->faults[kind] = (uint16_t)(t->faults[kind] - current->fault + next.fault);
	*current = next;
	return (difference ? VRRP_TALLY_PRIORITY : 0) |
	       (health_of(t) == before ? 0 : VRRP_TALLY_HEALTH);
}

uint8_t vrrp_tally_priority(const struct vrrp_tally *t, uint8_t base)
{
	if (base == PRIORITY_OWNER)
		return base;
	return (uint8_t)clamp((int64_t)base + t->sum, PRIORITY_MIN, PRIORITY_MAX);
}
