/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the states of tracked objects to an effective priority, or a fault.
 *
 * Every tracker contributes an effect: a number to add, or one fault, or "not known yet". The
 * tally of an instance adds effects up and takes them out one by one, so that two failing
 * trackers never share one flag. Subscribing to the objects is not the job of this file.
 */
#pragma once

#include "base/enum.h"

/** Kinds of fault; the words are those of the state dump. */
#define VRRP_DOWNS(X)                                             \
	X(VRRP_DOWN_INTERFACE, "i/f down")                        \
	X(VRRP_DOWN_BASE_INTERFACE, "base i/f down")              \
	X(VRRP_DOWN_DUPLICATE_VRID, "duplicate VRID")             \
	X(VRRP_DOWN_SOURCE_ADDRESS, "no source IP address")       \
	X(VRRP_DOWN_CONFIG, "config error")                       \
	X(VRRP_DOWN_TRACKER, "tracker")                           \
	X(VRRP_DOWN_AUTH, "authentication key missing")           \
	X(VRRP_DOWN_KERNEL, "kernel error")
ENUM_DECLARE(vrrp_down, VRRP_DOWNS)

enum vrrp_tracked {
	VRRP_TRACKED_UNKNOWN,	/* no result yet: holds an unweighted tracker's instance in INIT */
	VRRP_TRACKED_UP,
	VRRP_TRACKED_DOWN,
};

/** What one tracker does to one instance. Zero: nothing. */
struct vrrp_effect {
	int16_t add;		/* to the base priority */
	bool fault;
	bool pending;		/* unweighted and unknown */
};

/** Tracker with an up/down object: interface, script, process, BFD. @weight -253..253 (process
 *  ±254), 0: unweighted. */
struct vrrp_effect vrrp_effect_of_state(enum vrrp_tracked, int weight, bool reverse);
/** Tracked file: value times weight, -254 and below is a fault; weight 0: non-zero is a fault. */
struct vrrp_effect vrrp_effect_of_value(int64_t value, int weight, bool reverse);

/** The sum for one instance. Zero-initialise. */
struct vrrp_tally {
	int32_t sum;
	uint16_t pending;
	uint16_t faults[n_vrrp_down];
};

/** What changed in the tally, bits. */
#define VRRP_TALLY_PRIORITY	0x1u	/* the sum */
#define VRRP_TALLY_HEALTH	0x2u	/* "any fault" or "any pending" became true or false */

/** Replace the effect *@current of one tracker by @next; tells what changed. */
unsigned vrrp_tally_change(struct vrrp_tally *, enum vrrp_down kind, struct vrrp_effect *current,
			   struct vrrp_effect next);
/** A fault without a tracker (own interface, source address, configuration): @n more, or fewer.*/
unsigned vrrp_tally_fault(struct vrrp_tally *, enum vrrp_down kind, int n);
unsigned vrrp_tally_n_faults(const struct vrrp_tally *);
/** Base plus sum in 1..254; an address owner (255) stays 255. */
uint8_t vrrp_tally_priority(const struct vrrp_tally *, uint8_t base);
