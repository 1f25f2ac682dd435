/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules that hold at every moment, whatever happens:
 *
 * - no transition without a cause;
 * - what is not MASTER does not advertise (nor does a FAULT instance in particular), and one that
 *   leaves MASTER because of a fault says so exactly once;
 * - addresses are up if and only if the instance is MASTER;
 * - MASTER and BACKUP have a timer, INIT and FAULT have none;
 * - between two events the members of a group are MASTER together or not at all.
 */
#include "world.h"

#include <stdarg.h>

void sim_violation(struct sim_world *w, const char *fmt, ...)
{
	char text[200];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	sim_trace(w, "VIOLATION: %s", text);
	if (!w->n_violations++)
		snprintf(w->violation, sizeof(w->violation), "at %.4fs: %s",
			 (double)w->now.ns / 1e9, text);
}

struct summary {
	bool becomes_master, becomes_fault;
	unsigned n_zero, n_adverts;
	bool causeless;
};

static struct summary summary_of(const struct vrrp_actions *actions)
{
	struct summary s = { 0 };

	for (unsigned i = 0; i < actions->n; i++) {
		const struct vrrp_action *a = &actions->list[i];

		if (a->type == VRRP_ACT_SEND && a->priority)
			s.n_adverts++;
		else if (a->type == VRRP_ACT_SEND)
			s.n_zero++;
		if (a->type != VRRP_ACT_STATE)
			continue;
		s.becomes_master = a->state.to == VRRP_STATE_MASTER;
		s.becomes_fault = a->state.to == VRRP_STATE_FAULT;
		s.causeless = s.causeless || a->state.cause.type == CAUSE_NONE;
	}
	return s;
}

void sim_check_actions(struct sim_instance *in, const struct vrrp_actions *actions)
{
	struct sim_world *w = in->router->world;
	struct summary s = summary_of(actions);
	bool is_master = in->shown == VRRP_STATE_MASTER;

	if (s.causeless)
		sim_violation(w, "%s: a transition without a cause", in->name);
	if (s.n_adverts && !is_master && !s.becomes_master)
		sim_violation(w, "%s advertises in %s", in->name, vrrp_state_name(in->shown));
	if (s.n_zero && !is_master)
		sim_violation(w, "%s sends priority 0 in %s", in->name, vrrp_state_name(in->shown));
	if (s.becomes_fault && s.n_zero != (is_master ? 1u : 0u))
		sim_violation(w, "%s enters FAULT with %u priority 0", in->name, s.n_zero);
}

static void check_instance(const struct sim_instance *in)
{
	struct sim_world *w = in->router->world;
	bool is_master = in->fsm.state == VRRP_STATE_MASTER;
	bool runs = is_master || in->fsm.state == VRRP_STATE_BACKUP;

	if (in->shown != in->fsm.state)
		sim_violation(w, "%s is %s but shown as %s", in->name,
			      vrrp_state_name(in->fsm.state), vrrp_state_name(in->shown));
	if (in->addrs_up != is_master)
		sim_violation(w, "%s is %s with addresses %s", in->name,
			      vrrp_state_name(in->fsm.state), in->addrs_up ? "up" : "down");
	if (runs == ktime_is_never(in->fsm.deadline))
		sim_violation(w, "%s is %s %s a timer", in->name, vrrp_state_name(in->fsm.state),
			      runs ? "without" : "with");
}

void sim_check_router(struct sim_router *r)
{
	unsigned n_master = 0;

	if (!r->alive)
		return;
	for (unsigned i = 0; i < r->n_instances; i++) {
		/* The others of a router that is being started have not been reached yet. */
		if (r->instances[i]->fsm.started)
			check_instance(r->instances[i]);
		n_master += r->instances[i]->fsm.state == VRRP_STATE_MASTER;
	}
	if (r->grouped && n_master && n_master != r->n_instances)
		sim_violation(r->world, "group of %s is split: %u of %u MASTER", r->name, n_master,
			      r->n_instances);
	if (r->grouped && r->group_shown != r->group.state)
		sim_violation(r->world, "group of %s is %s but shown as %s", r->name,
			      vrrp_state_name(r->group.state), vrrp_state_name(r->group_shown));
}

unsigned sim_count_masters(struct sim_world *w, const struct sim_instance *like)
{
	unsigned n = 0;

	for (unsigned i = 0; i < w->n_routers; i++) {
		for (unsigned j = 0; j < w->routers[i]->n_instances; j++) {
			const struct sim_instance *in = w->routers[i]->instances[j];

			n += in->router->alive && in->fsm.state == VRRP_STATE_MASTER &&
			     sim_connected(like, in);
		}
	}
	return n;
}
