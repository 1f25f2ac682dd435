/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sync groups: the members of a group are MASTER together or not at all.
 *
 * A member becomes MASTER when every member wants to be; one member that leaves MASTER takes the
 * others with it; one member in FAULT holds the others in FAULT. The group feeds its members'
 * machines and hands their actions to the caller in the order in which they must be carried out:
 * first the member that moved, then the others in list order.
 *
 * The caller owns the array of members and the machines in it.
 */
#pragma once

#include "vrrp/fsm.h"

struct vrrp_member {
	struct vrrp_fsm *fsm;
	const char *name;	/* borrowed; for causes */
};

struct vrrp_group {
	struct vrrp_member *members;	/* borrowed */
	unsigned n_members;
	enum vrrp_state state;		/* as told to the outside */
};

/** Where the actions of the members go. @call carries out what member @member has to do; it must
 *  not feed the group. */
struct vrrp_sink {
	void (*call)(void *ctx, unsigned member, const struct vrrp_actions *);
	void *ctx;
};

/** Bind machines that are initialised (and perhaps running: reload) to a group. Marks them as
 *  members. Keeps ->state if @keep. */
void vrrp_group_init(struct vrrp_group *, struct vrrp_member *members, unsigned n_members,
		     bool keep);
/** Take the marks off the members, before they are used without or in another group. Then either
 *  vrrp_group_init() and vrrp_group_settle(), or VRRP_EV_HEALTH for each that is alone now: one
 *  that was in FAULT for the sake of others may go on. */
void vrrp_group_fini(struct vrrp_group *);

/** Result of feeding: the group entered a state, if @changed; to be told after the actions. */
struct vrrp_group_change {
	bool changed;
	enum vrrp_state from, to;
	struct cause cause;
};

/** The first state of the group, which is to be told before the members start: @starts[i] is the
 *  VRRP_EV_START of member i. Changes nothing. */
struct vrrp_group_change vrrp_group_foresee(const struct vrrp_group *,
					    const struct vrrp_event *starts);
/** Start all members. Those that are running already are not disturbed. */
void vrrp_group_start(struct vrrp_group *, const struct vrrp_event *starts, ktime now,
		      const struct vrrp_sink *);
/** Feed @ev to member @member and settle the group. After VRRP_EV_STOP nothing is settled: stop
 *  the others too, or make the group anew without the member. */
struct vrrp_group_change vrrp_group_feed(struct vrrp_group *, unsigned member,
					 const struct vrrp_event *ev, ktime now,
					 const struct vrrp_sink *);
/** Settle without an event, after the set of members changed. */
struct vrrp_group_change vrrp_group_settle(struct vrrp_group *, ktime now,
					   const struct vrrp_sink *);
