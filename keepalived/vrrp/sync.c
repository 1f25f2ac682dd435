/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rule of sync groups, applied after every step of a member.
 *
 * Three levels are compared with what the members do: who has a fault (holds the others in FAULT),
 * who left MASTER (takes the others along), who wants to be MASTER (goes when all want). Everything
 * is computed from the members as they are, so that it does not matter how they came there.
 *
 * Owns nothing; the machines and the array belong to the caller.
 */
#include "vrrp/sync.h"

#include "base/str.h"

/** One run of the group: who moved, and where the actions go. */
struct run {
	struct vrrp_group *group;
	unsigned moved;		/* n_members: nobody */
	ktime now;
	const struct vrrp_sink *sink;
};

static struct cause cause_group(const struct vrrp_group *g, unsigned member)
{
	struct cause cause = { .type = CAUSE_GROUP };

	if (member < g->n_members)
		(void)str_copy(cause.text, sizeof(cause.text), g->members[member].name);
	return cause;
}

static void step(const struct run *run, unsigned member, const struct vrrp_event *ev,
		 struct vrrp_actions *out)
{
	vrrp_fsm_step(run->group->members[member].fsm, ev, run->now, out);
	if (out->n)
		run->sink->call(run->sink->ctx, member, out);
}

/** Give an order to one member, with the group as the reason. */
static void order(const struct run *run, unsigned member, struct vrrp_event ev)
{
	struct vrrp_actions actions;

	if (ev.cause.type == CAUSE_NONE)
		ev.cause = cause_group(run->group, run->moved);
	step(run, member, &ev, &actions);
}

/** Health of the group: how many members have a fault, how many wait for a first result. */
struct health {
	unsigned n_faulty;
	unsigned n_pending;
	unsigned first_faulty;
};

static struct health health_of(const struct vrrp_group *g)
{
	struct health h = { .first_faulty = g->n_members };

	for (unsigned i = 0; i < g->n_members; i++) {
		const struct vrrp_fsm *m = g->members[i].fsm;

		if (m->started && m->faulty && !h.n_faulty++)
			h.first_faulty = i;
		if (m->started && m->pending)
			h.n_pending++;
	}
	return h;
}

/** Hold or release the members according to the health of the others; @all: also those for whom
 *  nothing has changed, because the group has. */
static void settle_holds(const struct run *run, bool all)
{
	struct vrrp_group *g = run->group;
	struct health h = health_of(g);
	unsigned culprit = run->moved < g->n_members ? run->moved : h.first_faulty;

	for (unsigned i = 0; i < g->n_members; i++) {
		const struct vrrp_fsm *m = g->members[i].fsm;
		bool own_fault = m->started && m->faulty;
		bool own_pending = m->started && m->pending;
		struct vrrp_event ev = {
			.type = VRRP_EV_ORDER_HOLD,
			.cause = cause_group(g, culprit),
			.health = {
				.fault = h.n_faulty > (own_fault ? 1u : 0u),
				.pending = h.n_pending > (own_pending ? 1u : 0u),
			},
		};

		if (all || ev.health.fault != m->held_fault ||
		    ev.health.pending != m->held_pending)
			order(run, i, ev);
	}
}

static bool any_other_master(const struct run *run)
{
	for (unsigned i = 0; i < run->group->n_members; i++) {
		if (i != run->moved && run->group->members[i].fsm->state == VRRP_STATE_MASTER)
			return true;
	}
	return false;
}

static void all_leave_master(const struct run *run, bool zero)
{
	for (unsigned i = 0; i < run->group->n_members; i++) {
		if (i != run->moved)
			order(run, i, (struct vrrp_event){ .type = VRRP_EV_ORDER_BACKUP,
							   .order = { .zero = zero } });
	}
}

static bool all_want_master(const struct vrrp_group *g)
{
	for (unsigned i = 0; i < g->n_members; i++) {
		const struct vrrp_fsm *m = g->members[i].fsm;

		if (m->want != VRRP_STATE_MASTER)
			return false;
		if (m->state != VRRP_STATE_BACKUP && m->state != VRRP_STATE_MASTER)
			return false;
	}
	return true;
}

/** The member whose timer was the last to expire goes first. */
static void all_become_master(const struct run *run, const struct cause *cause)
{
	order(run, run->moved,
	      (struct vrrp_event){ .type = VRRP_EV_ORDER_MASTER, .cause = *cause });
	for (unsigned i = 0; i < run->group->n_members; i++) {
		if (i != run->moved)
			order(run, i, (struct vrrp_event){ .type = VRRP_EV_ORDER_MASTER });
	}
}

static const struct vrrp_action *find_ask(const struct vrrp_actions *actions)
{
	for (unsigned i = 0; i < actions->n; i++) {
		if (actions->list[i].type == VRRP_ACT_ASK_GROUP)
			return &actions->list[i];
	}
	return NULL;
}

/** FAULT if any member is, else INIT if any is, MASTER only if all are. */
static enum vrrp_state state_of(const struct vrrp_group *g)
{
	unsigned n[n_vrrp_state] = { 0 };

	for (unsigned i = 0; i < g->n_members; i++)
		n[g->members[i].fsm->state]++;
	if (n[VRRP_STATE_FAULT])
		return VRRP_STATE_FAULT;
	if (n[VRRP_STATE_INIT])
		return VRRP_STATE_INIT;
	return n[VRRP_STATE_MASTER] == g->n_members ? VRRP_STATE_MASTER : VRRP_STATE_BACKUP;
}

static struct vrrp_group_change settle_state(const struct run *run)
{
	struct vrrp_group *g = run->group;
	struct vrrp_group_change change = { .from = g->state, .to = state_of(g) };

	change.changed = change.to != change.from;
	change.cause = cause_group(g, run->moved);
	g->state = change.to;
	return change;
}

/** @was and @actions: the state before and the result of the step that began it all. */
static void settle_masters(const struct run *run, const struct vrrp_event *ev,
			   enum vrrp_state was, const struct vrrp_actions *actions)
{
	const struct vrrp_fsm *m = run->group->members[run->moved].fsm;
	const struct vrrp_action *ask = find_ask(actions);
	bool obeys = ev->type == VRRP_EV_ADVERT && m->heard_at.ns == run->now.ns;

	if (ask && all_want_master(run->group))
		all_become_master(run, &ask->event.cause);
	else if (was == VRRP_STATE_MASTER && m->state == VRRP_STATE_BACKUP)
		all_leave_master(run, ev->type == VRRP_EV_VIP_LOST);
	else if (m->state == VRRP_STATE_BACKUP && obeys && any_other_master(run))
		all_leave_master(run, false);	/* it joined them, but has a better master */
}

void vrrp_group_init(struct vrrp_group *g, struct vrrp_member *members, unsigned n_members,
		     bool keep)
{
	bool rush = true;

	*g = (struct vrrp_group){
		.members = members,
		.n_members = n_members,
		.state = keep ? g->state : VRRP_STATE_INIT,
	};
	for (unsigned i = 0; i < n_members; i++) {
		const struct vrrp_params *p = &members[i].fsm->params;

		rush = rush && p->start_master && p->priority == VRRP_PRIORITY_OWNER;
	}
	for (unsigned i = 0; i < n_members; i++) {
		members[i].fsm->grouped = true;
		members[i].fsm->group_may_rush = rush;
	}
}

void vrrp_group_fini(struct vrrp_group *g)
{
	for (unsigned i = 0; i < g->n_members; i++) {
		struct vrrp_fsm *m = g->members[i].fsm;

		m->grouped = false;
		m->group_may_rush = false;
		m->held_fault = false;
		m->held_pending = false;
	}
	g->n_members = 0;
}

struct vrrp_group_change vrrp_group_foresee(const struct vrrp_group *g,
					    const struct vrrp_event *starts)
{
	struct vrrp_group_change change = { .from = g->state, .to = VRRP_STATE_BACKUP };
	bool rush = g->n_members && g->members[0].fsm->group_may_rush;

	for (unsigned i = 0; i < g->n_members; i++) {
		if (starts[i].start.fault && change.to != VRRP_STATE_FAULT) {
			change.to = VRRP_STATE_FAULT;
			change.cause = cause_group(g, i);
		}
		if (starts[i].start.pending && change.to == VRRP_STATE_BACKUP)
			change.to = VRRP_STATE_INIT;
	}
	if (change.cause.type == CAUSE_NONE && g->n_members)
		change.cause = starts[0].cause;
	/* Owners in a hurry pass through BACKUP without telling, and so does their group. */
	change.changed = change.to != change.from && !(rush && change.to == VRRP_STATE_BACKUP);
	return change;
}

static void start_member(const struct run *run, const struct vrrp_event *starts, unsigned member)
{
	struct vrrp_fsm *m = run->group->members[member].fsm;
	struct vrrp_event ev = starts[member];
	struct vrrp_actions actions;

	m->held_fault = false;
	m->held_pending = false;
	for (unsigned i = 0; i < run->group->n_members; i++) {
		if (i == member)
			continue;
		if (starts[i].start.fault && !m->held_fault && !ev.start.fault)
			ev.cause = cause_group(run->group, i);
		m->held_fault = m->held_fault || starts[i].start.fault;
		m->held_pending = m->held_pending || starts[i].start.pending;
	}
	step(run, member, &ev, &actions);
}

void vrrp_group_start(struct vrrp_group *g, const struct vrrp_event *starts, ktime now,
		      const struct vrrp_sink *sink)
{
	struct run run = { .group = g, .moved = g->n_members, .now = now, .sink = sink };
	enum vrrp_state to = vrrp_group_foresee(g, starts).to;

	for (unsigned i = 0; i < g->n_members; i++)
		start_member(&run, starts, i);
	g->state = to;
}

struct vrrp_group_change vrrp_group_feed(struct vrrp_group *g, unsigned member,
					 const struct vrrp_event *ev, ktime now,
					 const struct vrrp_sink *sink)
{
	struct run run = { .group = g, .moved = member, .now = now, .sink = sink };
	enum vrrp_state was = g->members[member].fsm->state;
	struct vrrp_actions actions;

	step(&run, member, ev, &actions);
	/* Who stops leaves the group; the others are settled or stopped by the caller. */
	if (ev->type == VRRP_EV_STOP)
		return (struct vrrp_group_change){ .from = g->state, .to = g->state };
	settle_holds(&run, false);
	settle_masters(&run, ev, was, &actions);
	return settle_state(&run);
}

struct vrrp_group_change vrrp_group_settle(struct vrrp_group *g, ktime now,
					   const struct vrrp_sink *sink)
{
	struct run run = { .group = g, .moved = g->n_members, .now = now, .sink = sink };

	settle_holds(&run, true);
	return settle_state(&run);
}
