/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A router of the simulation: the pure parts of the product and, around them, what carries their
 * actions out in a world without a kernel.
 */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

/* -- sending ------------------------------------------------------------------------------- */

static struct addr group_addr(uint8_t family)
{
	struct addr group = { 0 };

	(void)addr_parse(family == AF_INET6 ? "ff02::12" : "224.0.0.18", &group);
	return group;
}

static struct vrrp_rx_params rx_params_of(const struct sim_instance *in)
{
	return (struct vrrp_rx_params){
		.version = in->setup.params.version,
		.family = in->setup.family,
		.vrid = in->setup.vrid,
		.multicast = !in->setup.unicast,
		.check_unicast_src = in->setup.check_unicast_src,
		.owner_ignore_adverts = in->setup.owner_ignore,
		.every = in->setup.params.every,
		.checksum = in->setup.checksum,
		.group = group_addr(in->setup.family),
		.addrs = in->vips,
		.n_addrs = SIM_VIPS,
		.peers = in->peers,
		.n_peers = in->n_peers,
		.auth = &in->setup.auth,
	};
}

static struct vrrp_rx_memory rx_memory_of(struct sim_instance *in)
{
	return (struct vrrp_rx_memory){ .auth = &in->auth, .peers = in->peer_memory };
}

static void send_to(struct sim_instance *in, struct vrrp_outgoing *o, const struct vrrp_seal *seal,
		    int peer)
{
	struct vrrp_rx_params params = rx_params_of(in);
	struct vrrp_rx_memory memory = rx_memory_of(in);
	uint8_t bytes[VRRP_DATAGRAM_MAX];
	size_t len;

	o->dst = peer >= 0 ? in->peers[peer].addr : group_addr(o->family);
	o->checksum = vrrp_checksum_form_to(&params, &memory, peer);
	len = vrrp_encode(o, bytes, sizeof(bytes));
	if (!len || vrrp_auth_seal(&in->setup.auth, seal, o, bytes, len)) {
		sim_violation(in->router->world, "%s: advert cannot be written", in->name);
		return;
	}
	sim_transmit(in, o, bytes, len);
}

static void send_advert(struct sim_instance *in, uint8_t priority)
{
	const struct vrrp_auth_params *auth = &in->setup.auth;
	struct vrrp_outgoing o = {
		.version = in->setup.params.version,
		.family = in->setup.family,
		.vrid = in->setup.vrid,
		.priority = priority,
		.every = in->setup.params.every,
		.src = in->setup.params.src,
		.group = group_addr(in->setup.family),
		.ttl = 255,
		.ip_id = vrrp_next_ip_id(&in->ip_id),
		.addrs = in->vips,
		.n_addrs = SIM_VIPS,
		.auth_type = auth->type,
		.trailer = auth->trailer == VRRP_TRAILER_ENFORCE ||
			   auth->trailer == VRRP_TRAILER_PERMISSIVE,
	};
	struct vrrp_seal seal;

	memcpy(o.password, auth->password, sizeof(o.password));
	if (vrrp_auth_next(&in->auth, auth, sim_wall_ns(in->router), &seal))
		sim_violation(in->router->world, "%s: no sequence number left", in->name);
	in->n_adverts++;
	in->n_zeros += priority == 0;
	if (!in->setup.unicast) {
		send_to(in, &o, &seal, -1);
		return;
	}
	for (unsigned i = 0; i < in->n_peers; i++)
		send_to(in, &o, &seal, (int)i);
}

/* -- actions ------------------------------------------------------------------------------- */

static void show_state(struct sim_instance *in, const struct vrrp_action *a)
{
	struct sim_world *w = in->router->world;
	char text[128];

	sim_trace(w, "%s %s -> %s (%s)", in->name, vrrp_state_name(a->state.from),
		  vrrp_state_name(a->state.to), cause_text(&a->state.cause, text, sizeof(text)));
	in->hearing.rival = (struct vrrp_witness){ 0 };
	in->shown_before = in->shown;
	in->shown = a->state.to;
	in->cause = a->state.cause;
	in->n_transitions++;
	if (in->shown == VRRP_STATE_MASTER)
		in->master_since = w->now;
}

/** The next advert may come a little earlier, so that many fall together. */
static ktime align_advert(struct sim_instance *in, ktime at)
{
	int64_t grid = in->fsm.params.every.ns / 16;
	ktime earlier = { at.ns - at.ns % grid };

	if (in->fsm.state != VRRP_STATE_MASTER || !ktime_before(in->router->world->now, earlier))
		return at;
	in->fsm.deadline = earlier;
	return earlier;
}

static void arm(struct sim_instance *in, ktime at)
{
	struct sim_world *w = in->router->world;

	if (w->aligned)
		at = align_advert(in, at);
	/* One that is due already is still served after the packets that wait. */
	sim_push(w, (struct sim_event){ .at = ktime_before(at, w->now) ? w->now : at,
					.class = 1,
					.type = SIM_TIMER,
					.to = in,
					.generation = ++in->timer_generation });
}

static void act(struct sim_instance *in, const struct vrrp_action *a)
{
	struct sim_world *w = in->router->world;
	char text[160];

	switch (a->type) {
	case VRRP_ACT_SEND:
		send_advert(in, a->priority);
		return;
	case VRRP_ACT_ARM:
		arm(in, a->at);
		return;
	case VRRP_ACT_DISARM:
		in->timer_generation++;
		return;
	case VRRP_ACT_STATE:
		show_state(in, a);
		return;
	case VRRP_ACT_ADDRS_UP:
		in->addrs_up = true;
		return;
	case VRRP_ACT_ADDRS_DOWN:
		in->addrs_up = false;
		return;
	case VRRP_ACT_EVENT:
		in->n_events++;
		return;
	case VRRP_ACT_NOTE:
		if (w->trace)
			sim_trace(w, "%s: %s", in->name,
				  vrrp_remark_text(&a->remark, text, sizeof(text)));
		return;
	case VRRP_ACT_ANNOUNCE:
	case VRRP_ACT_ASK_GROUP:
		return;
	}
}

static void carry_out(struct sim_instance *in, const struct vrrp_actions *actions)
{
	sim_check_actions(in, actions);
	for (unsigned i = 0; i < actions->n; i++)
		act(in, &actions->list[i]);
}

static void deliver(void *ctx, unsigned member, const struct vrrp_actions *actions)
{
	struct sim_router *r = ctx;

	carry_out(r->instances[member], actions);
}

static unsigned index_of(const struct sim_instance *in)
{
	unsigned i = 0;

	while (in->router->instances[i] != in)
		i++;
	return i;
}

static void show_group(struct sim_router *r, const struct vrrp_group_change *change)
{
	if (!change->changed)
		return;
	if (change->cause.type == CAUSE_NONE)
		sim_violation(r->world, "group of %s: no cause", r->name);
	sim_trace(r->world, "group of %s %s -> %s", r->name, vrrp_state_name(change->from),
		  vrrp_state_name(change->to));
	r->group_shown = change->to;
}

void sim_feed(struct sim_instance *in, const struct vrrp_event *ev)
{
	struct sim_router *r = in->router;
	struct vrrp_sink sink = { deliver, r };
	struct vrrp_group_change change;
	struct vrrp_actions actions;

	if (r->grouped) {
		change = vrrp_group_feed(&r->group, index_of(in), ev, r->world->now, &sink);
		show_group(r, &change);
	} else {
		vrrp_fsm_step(&in->fsm, ev, r->world->now, &actions);
		carry_out(in, &actions);
	}
	sim_check_router(r);
}

/* -- receiving ----------------------------------------------------------------------------- */

static bool open_frame(const struct sim_instance *in, const struct sim_packet *p,
		       struct vrrp_frame *out)
{
	struct span bytes = { p->bytes, p->len };

	if (in->setup.family == AF_INET)
		return vrrp_frame_of_ipv4(bytes, out) == VRRP_ACCEPT;
	return vrrp_frame_of_ipv6(bytes, p->src, p->dst, p->ttl, out) == VRRP_ACCEPT;
}

static struct vrrp_self self_of(const struct sim_instance *in)
{
	return (struct vrrp_self){
		.state = in->fsm.state,
		.priority = in->fsm.priority,
		.heard = in->heard,
		.every = in->setup.params.every,
		.src = in->setup.params.src,
	};
}

struct vrrp_diagnosis sim_diagnose(const struct sim_instance *in)
{
	const struct vrrp_self self = self_of(in);
	struct vrrp_diagnosis found;

	vrrp_diagnose(&in->hearing, &self, in->router->world->now, &found);
	return found;
}

static void note_heard(struct sim_instance *in, const struct vrrp_rx_params *params,
		       const struct vrrp_frame *frame, const struct vrrp_rx_verdict *verdict)
{
	const struct vrrp_self self = self_of(in);

	(void)vrrp_hearing_note(&in->hearing, &self, params, frame, verdict,
				in->router->world->now);
}

void sim_receive(struct sim_instance *in, const struct sim_packet *p)
{
	struct vrrp_rx_params params = rx_params_of(in);
	struct vrrp_rx_memory memory = rx_memory_of(in);
	struct vrrp_rx_now now = {
		.active = in->fsm.state == VRRP_STATE_BACKUP || in->fsm.state == VRRP_STATE_MASTER,
		.master = in->fsm.state == VRRP_STATE_MASTER,
		.priority = in->fsm.priority,
		.master_addr = in->fsm.master_addr,
		.wall_ns = sim_wall_ns(in->router),
	};
	struct vrrp_event ev = { .type = VRRP_EV_ADVERT };
	struct vrrp_rx_verdict verdict;
	struct vrrp_frame frame;

	if (!in->router->alive || !open_frame(in, p, &frame))
		return;
	vrrp_rxcheck(&params, &now, &memory, &frame, &verdict);
	in->rejects[verdict.reject]++;
	in->warnings |= verdict.warnings;
	in->heard = in->heard || verdict.reject == VRRP_ACCEPT;
	note_heard(in, &params, &frame, &verdict);
	if (verdict.reject) {
		sim_trace(in->router->world, "%s rejects: %s", in->name,
			  vrrp_reject_name(verdict.reject));
		return;
	}
	ev.rx.advert = &verdict.advert;
	ev.rx.from = frame.src;
	sim_feed(in, &ev);
}

/* -- what happens to routers --------------------------------------------------------------- */

static struct vrrp_event start_event(const struct sim_instance *in)
{
	const struct sim_router *r = in->router;

	return (struct vrrp_event){
		.type = VRRP_EV_START,
		.cause = { .type = CAUSE_START },
		.start = {
			.not_before = ktime_add(r->world->now, r->startup_delay),
			.fault = vrrp_tally_n_faults(&in->tally) > 0,
			.pending = in->tally.pending > 0,
		},
	};
}

static void start_group(struct sim_router *r)
{
	struct vrrp_event starts[SIM_MEMBERS_MAX];
	struct vrrp_sink sink = { deliver, r };
	struct vrrp_group_change change;

	for (unsigned i = 0; i < r->n_instances; i++)
		starts[i] = start_event(r->instances[i]);
	vrrp_group_init(&r->group, r->members, r->n_instances, false);
	change = vrrp_group_foresee(&r->group, starts);
	show_group(r, &change);
	vrrp_group_start(&r->group, starts, r->world->now, &sink);
	r->group_shown = r->group.state;
}

void sim_start(struct sim_router *r)
{
	if (r->alive)
		return;
	r->alive = true;
	sim_trace(r->world, "start %s", r->name);
	for (unsigned i = 0; i < r->n_instances; i++) {
		struct sim_instance *in = r->instances[i];

		/* A new process remembers nothing. */
		vrrp_auth_fini(&in->auth);
		vrrp_auth_init(&in->auth);
		memset(in->peer_memory, 0, sizeof(in->peer_memory));
		vrrp_fsm_init(&in->fsm, &in->setup.params);
		in->fsm.priority = in->fsm.params.priority =
			vrrp_tally_priority(&in->tally, in->setup.params.priority);
		in->shown = VRRP_STATE_INIT;
	}
	if (r->grouped) {
		start_group(r);
	} else {
		for (unsigned i = 0; i < r->n_instances; i++) {
			struct vrrp_event ev = start_event(r->instances[i]);

			sim_feed(r->instances[i], &ev);
		}
	}
	sim_check_router(r);
}

void sim_stop(struct sim_router *r)
{
	struct vrrp_event ev = {
		.type = VRRP_EV_STOP,
		.cause = { .type = CAUSE_SIGNAL, .number = 15 },
		.stop = { .what = EVENT_STOP },
	};

	if (!r->alive)
		return;
	sim_trace(r->world, "stop %s", r->name);
	for (unsigned i = 0; i < r->n_instances; i++) {
		struct vrrp_actions actions;

		vrrp_fsm_step(&r->instances[i]->fsm, &ev, r->world->now, &actions);
		carry_out(r->instances[i], &actions);
	}
	r->alive = false;
}

void sim_kill(struct sim_router *r)
{
	if (!r->alive)
		return;
	sim_trace(r->world, "kill %s", r->name);
	r->alive = false;
	for (unsigned i = 0; i < r->n_instances; i++) {
		r->instances[i]->timer_generation++;
		r->instances[i]->shown = VRRP_STATE_INIT;
	}
}

void sim_pause(struct sim_router *r, kspan span)
{
	sim_trace(r->world, "pause %s", r->name);
	r->paused_until = ktime_add(r->world->now, span);
}

static void health_changed(struct sim_instance *in, unsigned changed, struct cause cause)
{
	struct vrrp_event ev = {
		.type = VRRP_EV_HEALTH,
		.cause = cause,
		.health = { .fault = vrrp_tally_n_faults(&in->tally) > 0,
			    .pending = in->tally.pending > 0 },
	};

	if (changed & VRRP_TALLY_HEALTH && in->router->alive)
		sim_feed(in, &ev);
}

void sim_fault(struct sim_instance *in, unsigned tracker, bool set)
{
	uint32_t bit = 1u << tracker;
	struct cause cause = { .type = CAUSE_INTERFACE, .number = !set, .text = "eth0" };

	if (!!(in->trackers & bit) == set)
		return;
	in->trackers ^= bit;
	health_changed(in, vrrp_tally_fault(&in->tally, VRRP_DOWN_INTERFACE, set ? 1 : -1), cause);
}

void sim_pending(struct sim_instance *in, bool set)
{
	struct vrrp_effect before = { .pending = in->tally.pending > 0 };
	struct vrrp_effect after = { .pending = set };

	health_changed(in, vrrp_tally_change(&in->tally, VRRP_DOWN_TRACKER, &before, after),
		       (struct cause){ .type = CAUSE_SCRIPT, .text = "check" });
}

void sim_priority(struct sim_instance *in, uint8_t base, int weight)
{
	struct vrrp_event ev = { .type = VRRP_EV_PRIORITY,
				 .cause = { .type = CAUSE_FILE, .text = "weight" } };

	in->tally.sum = weight;
	in->setup.params.priority = base;
	ev.priority = vrrp_tally_priority(&in->tally, base);
	if (in->router->alive)
		sim_feed(in, &ev);
}

void sim_reload(struct sim_instance *in, const struct vrrp_params *params)
{
	struct vrrp_params effective = *params;
	struct vrrp_event ev = { .type = VRRP_EV_PARAMS, .cause = { .type = CAUSE_RELOAD } };

	in->setup.params = *params;
	effective.priority = vrrp_tally_priority(&in->tally, params->priority);
	ev.params = &effective;
	if (in->router->alive)
		sim_feed(in, &ev);
}

void sim_vip_lost(struct sim_instance *in)
{
	struct vrrp_event ev = {
		.type = VRRP_EV_VIP_LOST,
		.cause = { .type = CAUSE_VIP_LOST, .from = in->vips[0], .text = "eth0" },
	};

	if (in->router->alive)
		sim_feed(in, &ev);
}

size_t sim_forge(const struct sim_instance *like, struct addr src, uint8_t priority, uint8_t *buf,
		 size_t size)
{
	struct vrrp_outgoing o = {
		.version = like->setup.params.version,
		.family = like->setup.family,
		.vrid = like->setup.vrid,
		.priority = priority,
		.every = like->setup.params.every,
		.src = src,
		.dst = like->setup.unicast ? like->setup.params.src
					   : group_addr(like->setup.family),
		.ttl = 255,
		.addrs = like->vips,
		.n_addrs = SIM_VIPS,
	};

	return vrrp_encode(&o, buf, size);
}

void sim_inject(struct sim_instance *in, struct addr src, const uint8_t *datagram, size_t len)
{
	struct sim_packet p = { .src = src, .ttl = 255, .len = MIN_OF(len, sizeof(p.bytes)) };

	memcpy(p.bytes, datagram, p.len);
	p.dst = in->setup.unicast ? in->setup.params.src : group_addr(in->setup.family);
	sim_receive(in, &p);
}
