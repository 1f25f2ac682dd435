/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random schedules: a world of 2 to 8 routers is made from a seed, then things happen to it, then
 * all is mended, and after the time that convergence may take it must have come to rest:
 *
 * - one MASTER, and only one, of each virtual router on every connected part of a link (of groups:
 *   one router that is MASTER of all its members);
 * - nobody with preemption stays below its rank;
 * - nothing moves any more.
 */
#include "world.h"

#include <string.h>

#include "base/str.h"

#define OPS_MAX 14

struct plan {
	struct sim_world *w;
	uint8_t version, family;
	bool grouped, mixed; /* mixed: a group whose members differ in priority */
	bool unicast;
	enum vrrp_wire_auth auth;
	enum vrrp_trailer_mode trailer;
	bool monotonic;
	kspan every, every_max;
	kspan preempt_delay_max;
	unsigned down_max;
	unsigned n_vrids;
};

static const uint8_t key_bytes[32] = "an example of a shared secret..";
static const struct vrrp_auth_key keys[] = { { 7, { key_bytes, sizeof(key_bytes) } } };

/* -- making a world ------------------------------------------------------------------------ */

static kspan pick_every(struct sim_world *w, uint8_t version)
{
	static const int centiseconds[] = { 100, 100, 100, 50, 20, 10, 1 };

	if (version == 2)
		return SEC(1 + sim_below(w, 2));
	return CENTISEC(centiseconds[sim_below(w, ARRAY_LEN(centiseconds))]);
}

static struct plan make_plan(struct sim_world *w)
{
	struct plan p = { .w = w, .down_max = 3 };

	p.version = sim_chance(w, 40) ? 2 : 3;
	p.family = sim_chance(w, 30) ? AF_INET6 : AF_INET;
	p.grouped = sim_chance(w, 40);
	p.mixed = p.grouped && sim_chance(w, 15);
	p.unicast = sim_chance(w, 30);
	p.every = pick_every(w, p.version);
	p.every_max = p.every;
	if (sim_chance(w, 30)) {
		p.trailer = sim_chance(w, 70) ? VRRP_TRAILER_ENFORCE : VRRP_TRAILER_PERMISSIVE;
		p.monotonic = sim_chance(w, 50);
	} else if (p.version == 2 && p.family == AF_INET && sim_chance(w, 40)) {
		p.auth = sim_chance(w, 60) ? VRRP_WIRE_AH : VRRP_WIRE_PASS;
	}
	p.n_vrids = p.grouped ? 2 + sim_below(w, 2) : 1 + sim_below(w, 2);
	return p;
}

static uint8_t pick_priority(struct sim_world *w)
{
	if (sim_chance(w, 30))
		return 100; /* equals are interesting */
	return (uint8_t)(1 + sim_below(w, 254));
}

static struct vrrp_params pick_params(struct plan *p, bool owner)
{
	struct sim_world *w = p->w;
	struct vrrp_params params = {
		.version = p->version,
		.priority = owner ? 255 : pick_priority(w),
		.every = p->every,
		.down_timer_adverts = (uint8_t)(sim_chance(w, 80) ? 3 : 2 + sim_below(w, 4)),
		.start_master = owner && sim_chance(w, 80),
		.preempt = owner || sim_chance(w, 70),
		.lower_prio_no_advert = sim_chance(w, 15),
		.higher_prio_send_advert = sim_chance(w, 15),
	};

	if (p->version == 3 && sim_chance(w, 15))
		params.every = NSEC(p->every.ns * (1 + sim_below(w, 3)));
	if (params.preempt && !owner && sim_chance(w, 20))
		params.preempt_delay = NSEC(p->every.ns * (1 + sim_below(w, 4)));
	if (!params.preempt && sim_chance(w, 20))
		params.late_priority = 254;
	if (params.every.ns > p->every_max.ns)
		p->every_max = params.every;
	p->preempt_delay_max.ns = MAX_OF(p->preempt_delay_max.ns, params.preempt_delay.ns);
	p->down_max = MAX_OF(p->down_max, params.down_timer_adverts);
	return params;
}

static struct sim_setup make_setup(const struct plan *p, const struct vrrp_params *params,
				   uint8_t vrid)
{
	return (struct sim_setup){
		.params = *params,
		.family = p->family,
		.vrid = vrid,
		.unicast = p->unicast,
		.check_unicast_src = p->unicast,
		.auth = {
			.crypto = &sim_crypto,
			.type = p->auth,
			.password = "secret",
			.trailer = p->trailer,
			.keys = keys,
			.n_keys = 1,
			.active_key = 7,
			.monotonic = p->monotonic,
			.time_window = SEC(5),
		},
	};
}

static void make_router(struct plan *p, unsigned number, bool owner)
{
	char name[8] = { (char)('a' + number) };
	struct sim_router *r = sim_add_router(p->w, name);
	struct vrrp_params params = pick_params(p, owner);

	r->grouped = p->grouped;
	r->clock_skew = MSEC((int)sim_below(p->w, 4000) - 2000);
	if (sim_chance(p->w, 15))
		r->startup_delay = NSEC(p->every.ns * (1 + sim_below(p->w, 3)));
	for (unsigned i = 0; i < p->n_vrids; i++) {
		char instance[16] = { name[0], '.', (char)('x' + i) };
		struct sim_setup setup;

		if (p->mixed || (!p->grouped && i))
			params = pick_params(p, owner);
		setup = make_setup(p, &params, (uint8_t)(i + 1));
		sim_attach(sim_add_instance(r, instance, &setup), &p->w->links[i % p->w->n_links]);
	}
}

static void make_world(struct plan *p)
{
	struct sim_world *w = p->w;
	unsigned n_routers = 2 + sim_below(w, 7);
	unsigned n_owners = sim_chance(w, 25) ? 1 + sim_below(w, 2) : 0;
	unsigned n_links = 1 + sim_below(w, 2);

	w->aligned = sim_chance(w, 50);
	for (unsigned i = 0; i < n_links; i++) {
		struct sim_link *link = sim_add_link(w, i ? "lan2" : "lan1");

		link->loss_percent = sim_chance(w, 40) ? sim_below(w, 40) : 0;
		link->delay_max = USEC(100 + sim_below(w, 1000));
	}
	for (unsigned i = 0; i < n_routers; i++)
		make_router(p, i, i < n_owners);
	sim_set_peers(w);
	sim_trace(w, "%u routers, version %u, %s, %s%s%s, every %d ms, auth %d, trailer %d",
		  n_routers, p->version, p->family == AF_INET ? "IPv4" : "IPv6",
		  p->unicast ? "unicast" : "multicast", p->grouped ? ", groups" : "",
		  p->mixed ? " of mixed priorities" : "", (int)kspan_msec(p->every), (int)p->auth,
		  (int)p->trailer);
}

/* -- what happens -------------------------------------------------------------------------- */

static struct sim_router *any_router(struct sim_world *w)
{
	return w->routers[sim_below(w, w->n_routers)];
}

static struct sim_instance *any_instance(struct sim_world *w)
{
	struct sim_router *r = any_router(w);

	return r->instances[sim_below(w, r->n_instances)];
}

static void part_link(struct sim_world *w)
{
	struct sim_link *link = &w->links[sim_below(w, w->n_links)];

	sim_trace(w, "%s falls apart", link->name);
	for (unsigned i = 0; i < w->n_routers; i++) {
		unsigned side = sim_below(w, 2);

		for (unsigned j = 0; j < w->routers[i]->n_instances; j++) {
			if (w->routers[i]->instances[j]->link == link)
				w->routers[i]->instances[j]->side = side;
		}
	}
}

static void mend_links(struct sim_world *w, bool parts_too)
{
	sim_trace(w, "links are mended");
	for (unsigned i = 0; i < w->n_links; i++)
		w->links[i].loss_percent = 0;
	for (unsigned i = 0; i < w->n_routers; i++) {
		for (unsigned j = 0; j < w->routers[i]->n_instances; j++) {
			w->routers[i]->instances[j]->cut = false;
			if (parts_too)
				w->routers[i]->instances[j]->side = 0;
		}
	}
}

/** A packet with one bit wrong, or one from another time: nothing may change. */
static void bad_packet(const struct plan *p)
{
	struct sim_instance *from = any_instance(p->w), *to = any_instance(p->w);
	struct vrrp_fsm before = to->fsm;
	uint8_t bytes[SIM_PACKET_MAX];
	unsigned bit;

	if (p->family != AF_INET || from->last_len < VRRP_IP_HEADER_LEN + VRRP_HEADER_LEN)
		return;
	memcpy(bytes, from->last_packet, from->last_len);
	bit = VRRP_IP_HEADER_LEN * 8 +
	      sim_below(p->w, (unsigned)(from->last_len - VRRP_IP_HEADER_LEN) * 8);
	bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	sim_inject(to, from->setup.params.src, bytes, from->last_len);
	if (memcmp(&before, &to->fsm, sizeof(before)))
		sim_violation(p->w, "bit %u of a packet for %s was wrong and had an effect", bit,
			      to->name);
}

/** A signed packet for the second time: nothing may change. */
static void replay(const struct plan *p)
{
	struct sim_instance *from = any_instance(p->w), *to = any_instance(p->w);
	struct vrrp_fsm before;

	if (from == to || !from->last_len || from->setup.vrid != to->setup.vrid ||
	    (p->auth != VRRP_WIRE_AH && p->trailer == VRRP_TRAILER_OFF))
		return;
	sim_inject(to, from->setup.params.src, from->last_packet, from->last_len);
	before = to->fsm;
	sim_inject(to, from->setup.params.src, from->last_packet, from->last_len);
	if (memcmp(&before, &to->fsm, sizeof(before)))
		sim_violation(p->w, "a packet of %s had an effect on %s twice", from->name,
			      to->name);
}

static void new_params(struct plan *p)
{
	struct sim_instance *in = any_instance(p->w);
	struct sim_router *r = in->router;
	bool owner = in->setup.params.priority == 255;
	struct vrrp_params params = pick_params(p, owner);

	sim_trace(p->w, "reload %s", r->name);
	for (unsigned i = 0; i < r->n_instances; i++) {
		struct sim_instance *each = r->instances[i];

		if (each != in && !(p->grouped && !p->mixed))
			continue;
		params.src = each->setup.params.src;
		params.unicast = p->unicast;
		sim_reload(each, &params);
	}
}

static void new_priority(const struct plan *p)
{
	struct sim_router *r = any_router(p->w);
	int weight = (int)sim_below(p->w, 200) - 100;

	sim_trace(p->w, "weight of %s is %d", r->name, weight);
	for (unsigned i = 0; i < r->n_instances; i++)
		sim_priority(r->instances[i], r->instances[i]->setup.params.priority, weight);
}

static void something_happens(struct plan *p)
{
	struct sim_world *w = p->w;

	switch (sim_below(w, 17)) {
	case 0:
	case 1:
		part_link(w);
		return;
	case 2:
		mend_links(w, true);
		return;
	case 3:
		any_instance(w)->cut = true;
		return;
	case 4:
		sim_kill(any_router(w));
		return;
	case 5:
		sim_stop(any_router(w));
		return;
	case 6:
	case 7:
	case 8:
		sim_start(any_router(w));
		return;
	case 9:
		sim_fault(any_instance(w), sim_below(w, 3), true);
		return;
	case 10:
		sim_fault(any_instance(w), sim_below(w, 3), false);
		return;
	case 11:
		new_priority(p);
		return;
	case 12:
		new_params(p);
		return;
	case 13:
		sim_vip_lost(any_instance(w));
		return;
	case 14:
		sim_pause(any_router(w),
			  NSEC((int64_t)(sim_random(w) % (uint64_t)(p->every.ns * 6))));
		return;
	case 15:
		bad_packet(p);
		return;
	case 16:
		replay(p);
		return;
	}
}

/* -- how it ends --------------------------------------------------------------------------- */

/** Everybody runs; faults stay here and there; links are whole, or parted if no group needs both.
 */
static void mend(struct plan *p)
{
	struct sim_world *w = p->w;

	mend_links(w, p->grouped || sim_chance(w, 60));
	for (unsigned i = 0; i < w->n_routers; i++) {
		w->routers[i]->paused_until = w->now;
		sim_start(w->routers[i]);
	}
	for (unsigned i = 0; i < w->n_routers && sim_chance(w, 70); i++) {
		for (unsigned j = 0; j < w->routers[i]->n_instances; j++) {
			for (unsigned tracker = 0; tracker < 3; tracker++)
				sim_fault(w->routers[i]->instances[j], tracker, false);
		}
	}
}

/** The time in which all must have come to rest. */
static kspan patience(const struct plan *p)
{
	kspan down = NSEC(p->every_max.ns * (p->down_max + 1));

	if (p->version == 2 && down.ns < SEC(4).ns)
		down = kspan_add(down, SEC(1));
	return NSEC(4 * down.ns + p->preempt_delay_max.ns + 8 * p->every_max.ns + MSEC(20).ns);
}

static bool runs(const struct sim_instance *in)
{
	return in->fsm.state == VRRP_STATE_MASTER || in->fsm.state == VRRP_STATE_BACKUP;
}

static void check_rank(struct sim_world *w, const struct sim_instance *in)
{
	for (unsigned i = 0; i < w->n_routers; i++) {
		for (unsigned j = 0; j < w->routers[i]->n_instances; j++) {
			const struct sim_instance *b = w->routers[i]->instances[j];

			if (b->fsm.state == VRRP_STATE_BACKUP && sim_connected(in, b) &&
			    b->fsm.params.preempt && b->fsm.priority > in->fsm.priority)
				sim_violation(w, "%s (%u) is MASTER, %s (%u) is not", in->name,
					      in->fsm.priority, b->name, b->fsm.priority);
		}
	}
}

static void check_instance(const struct plan *p, const struct sim_instance *in)
{
	unsigned n = sim_count_masters(p->w, in);
	bool faulty = vrrp_tally_n_faults(&in->tally) > 0;

	if (faulty != (in->fsm.state == VRRP_STATE_FAULT) && !p->grouped)
		sim_violation(p->w, "%s is %s with%s fault", in->name,
			      vrrp_state_name(in->fsm.state), faulty ? "" : "out");
	if (!runs(in))
		return;
	if (n > 1 || (n == 0 && !p->mixed))
		sim_violation(p->w, "%s sees %u MASTER", in->name, n);
	if (in->fsm.state == VRRP_STATE_MASTER)
		check_rank(p->w, in);
}

/* Routers that agree find nothing wrong with each other, whatever happened to them before. That
 * they are alone, or learn another interval, may be. */
static void check_diagnosis(struct sim_world *w, const struct sim_instance *in)
{
	struct vrrp_diagnosis d = sim_diagnose(in);

	if (d.finding != VRRP_FINDING_NONE && d.finding != VRRP_FINDING_SILENCE &&
	    d.finding != VRRP_FINDING_INTERVAL)
		sim_violation(w, "%s diagnoses %s (%s)", in->name, vrrp_finding_name(d.finding),
			      vrrp_reject_name(d.reject));
}

static unsigned count_transitions(const struct sim_world *w)
{
	unsigned n = 0;

	for (unsigned i = 0; i < w->n_routers; i++) {
		for (unsigned j = 0; j < w->routers[i]->n_instances; j++)
			n += w->routers[i]->instances[j]->n_transitions;
	}
	return n;
}

static void check_rest(const struct plan *p)
{
	struct sim_world *w = p->w;
	unsigned n;

	if (p->mixed)
		return; /* two groups may each be better in one member: they take turns */
	for (unsigned i = 0; i < w->n_routers; i++) {
		for (unsigned j = 0; j < w->routers[i]->n_instances; j++)
			check_instance(p, w->routers[i]->instances[j]);
	}
	n = count_transitions(w);
	sim_run(w, ktime_add(w->now, kspan_times(p->every_max, 8)));
	if (count_transitions(w) != n)
		sim_violation(w, "no rest: %u transitions", count_transitions(w) - n);
	/* What was heard before has been forgotten after this. */
	sim_run(w, ktime_add(w->now, kspan_add(SEC(2), kspan_times(p->every_max, 5))));
	for (unsigned i = 0; i < w->n_routers; i++) {
		for (unsigned j = 0; j < w->routers[i]->n_instances; j++)
			check_diagnosis(w, w->routers[i]->instances[j]);
	}
}

bool sim_random_schedule(uint64_t seed, bool trace, char *out_why, size_t size,
			 uint64_t *out_packets)
{
	struct sim_world *w = sim_new(seed, trace);
	struct plan p = make_plan(w);
	unsigned n_ops = sim_below(w, OPS_MAX + 1);
	bool ok;

	make_world(&p);
	for (unsigned i = 0; i < w->n_routers; i++) {
		if (sim_chance(w, 80))
			sim_start(w->routers[i]);
	}
	for (unsigned i = 0; i < n_ops; i++) {
		uint64_t pause = sim_random(w) % (uint64_t)(p.every.ns * 8);

		sim_run(w, ktime_add(w->now, NSEC((int64_t)pause)));
		something_happens(&p);
	}
	mend(&p);
	sim_run(w, ktime_add(w->now, patience(&p)));
	check_rest(&p);
	ok = w->n_violations == 0;
	(void)str_copy(out_why, size, w->violation);
	*out_packets += w->n_packets;
	sim_free(w);
	return ok;
}
