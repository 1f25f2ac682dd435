/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The clock and the queue; making and freeing a world.
 */
#include "world.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "vrrp/auth_crypto.inc"

const struct vrrp_crypto sim_crypto = VRRP_CRYPTO_LINKED;

/** splitmix64: any seed is good. */
uint64_t sim_random(struct sim_world *w)
{
	uint64_t z = w->random += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

unsigned sim_below(struct sim_world *w, unsigned n)
{
	return (unsigned)(sim_random(w) % n);
}

bool sim_chance(struct sim_world *w, unsigned percent)
{
	return sim_below(w, 100) < percent;
}

struct sim_world *sim_new(uint64_t seed, bool trace)
{
	struct sim_world *w = xnew(struct sim_world);

	w->random = seed;
	w->trace = trace;
	return w;
}

static void router_free(struct sim_router *r)
{
	for (unsigned i = 0; i < r->n_instances; i++) {
		vrrp_auth_fini(&r->instances[i]->auth);
		free(r->instances[i]);
	}
	free(r);
}

void sim_free(struct sim_world *w)
{
	if (!w)
		return;
	for (unsigned i = 0; i < w->n_queue; i++)
		sim_packet_drop(w->queue[i].packet);
	for (unsigned i = 0; i < w->n_routers; i++)
		router_free(w->routers[i]);
	free(w->queue);
	free(w);
}

void sim_trace(const struct sim_world *w, const char *fmt, ...)
{
	va_list args;

	if (!w->trace)
		return;
	printf("# %9.4f ", (double)w->now.ns / 1e9);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

/* -- queue --------------------------------------------------------------------------------- */

static bool comes_before(const struct sim_event *a, const struct sim_event *b)
{
	if (a->at.ns != b->at.ns)
		return a->at.ns < b->at.ns;
	if (a->class != b->class)
		return a->class < b->class;
	return a->serial < b->serial;
}

void sim_push(struct sim_world *w, struct sim_event ev)
{
	unsigned i = w->n_queue++;

	if (i == w->cap_queue) {
		w->cap_queue = w->cap_queue ? w->cap_queue * 2 : 64;
		w->queue = xrealloc(w->queue, w->cap_queue, sizeof(*w->queue));
	}
	ev.serial = w->serial++;
	while (i && comes_before(&ev, &w->queue[(i - 1) / 2])) {
		w->queue[i] = w->queue[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	w->queue[i] = ev;
}

static struct sim_event pop(struct sim_world *w)
{
	struct sim_event first = w->queue[0];
	struct sim_event last = w->queue[--w->n_queue];
	unsigned i = 0, child;

	while ((child = 2 * i + 1) < w->n_queue) {
		if (child + 1 < w->n_queue && comes_before(&w->queue[child + 1], &w->queue[child]))
			child++;
		if (!comes_before(&w->queue[child], &last))
			break;
		w->queue[i] = w->queue[child];
		i = child;
	}
	w->queue[i] = last;
	return first;
}

void sim_at(struct sim_world *w, ktime at, void (*call)(struct sim_world *, void *), void *arg)
{
	sim_push(w, (struct sim_event){
			    .at = at, .class = 2, .type = SIM_CALL, .call = call, .arg = arg });
}

static void serve(struct sim_world *w, struct sim_event *ev)
{
	struct vrrp_event timer = { .type = VRRP_EV_TIMER };

	/* A process that does not run finds everything waiting when it wakes: packets first. */
	if (ev->type != SIM_CALL && ktime_before(w->now, ev->to->router->paused_until)) {
		ev->at = ev->to->router->paused_until;
		sim_push(w, *ev);
		return;
	}
	switch (ev->type) {
	case SIM_PACKET:
		sim_receive(ev->to, ev->packet);
		sim_packet_drop(ev->packet);
		return;
	case SIM_TIMER:
		if (ev->generation == ev->to->timer_generation && ev->to->router->alive)
			sim_feed(ev->to, &timer);
		return;
	case SIM_CALL:
		ev->call(w, ev->arg);
		return;
	}
}

void sim_run(struct sim_world *w, ktime until)
{
	while (w->n_queue && !ktime_before(until, w->queue[0].at)) {
		struct sim_event ev = pop(w);

		if (ktime_before(w->now, ev.at))
			w->now = ev.at;
		serve(w, &ev);
		if (w->watch)
			w->watch(w, w->watch_arg);
	}
	w->now = until;
	if (w->watch)
		w->watch(w, w->watch_arg);
}

/* -- building ------------------------------------------------------------------------------ */

struct sim_link *sim_add_link(struct sim_world *w, const char *name)
{
	struct sim_link *link;

	if (w->n_links == SIM_LINKS_MAX)
		return NULL;
	link = &w->links[w->n_links++];
	(void)str_copy(link->name, sizeof(link->name), name);
	link->delay_min = USEC(50);
	link->delay_max = USEC(500);
	return link;
}

struct sim_router *sim_add_router(struct sim_world *w, const char *name)
{
	struct sim_router *r;

	if (w->n_routers == SIM_ROUTERS_MAX)
		return NULL;
	r = xnew(struct sim_router);
	r->world = w;
	(void)str_copy(r->name, sizeof(r->name), name);
	w->routers[w->n_routers++] = r;
	return r;
}

static struct addr make_addr(uint8_t family, uint8_t a, uint8_t b)
{
	const uint8_t v4[4] = { 192, 0, a, b };
	const uint8_t v6[16] = { 0xfe, 0x80, [14] = a, [15] = b };

	return addr_of_bytes(family, family == AF_INET6 ? v6 : v4);
}

struct sim_instance *sim_add_instance(struct sim_router *r, const char *name,
				      const struct sim_setup *setup)
{
	struct sim_instance *in;

	if (r->n_instances == SIM_MEMBERS_MAX)
		return NULL;
	in = xnew(struct sim_instance);
	(void)str_copy(in->name, sizeof(in->name), name);
	in->router = r;
	in->setup = *setup;
	for (unsigned i = 0; i < r->world->n_routers; i++) {
		if (r->world->routers[i] == r)
			in->setup.params.src =
				make_addr(setup->family, setup->vrid, (uint8_t)(i + 1));
	}
	in->setup.params.unicast = setup->unicast;
	for (uint8_t i = 0; i < SIM_VIPS; i++)
		in->vips[i] = make_addr(setup->family, setup->vrid, (uint8_t)(200 + i));
	vrrp_fsm_init(&in->fsm, &in->setup.params);
	r->members[r->n_instances] = (struct vrrp_member){ &in->fsm, in->name };
	r->instances[r->n_instances++] = in;
	return in;
}

void sim_attach(struct sim_instance *in, struct sim_link *link)
{
	in->link = link;
}

static bool are_peers(const struct sim_instance *a, const struct sim_instance *b)
{
	return a != b && a->link == b->link && a->setup.vrid == b->setup.vrid &&
	       a->setup.family == b->setup.family;
}

void sim_set_peers(struct sim_world *w)
{
	for (unsigned i = 0; i < w->n_routers * SIM_MEMBERS_MAX; i++) {
		struct sim_instance *a =
			w->routers[i / SIM_MEMBERS_MAX]->instances[i % SIM_MEMBERS_MAX];

		for (unsigned j = 0; a && j < w->n_routers * SIM_MEMBERS_MAX; j++) {
			struct sim_instance *b =
				w->routers[j / SIM_MEMBERS_MAX]->instances[j % SIM_MEMBERS_MAX];

			if (b && are_peers(a, b))
				a->peers[a->n_peers++] =
					(struct vrrp_peer){ b->setup.params.src, 0, 255 };
		}
	}
}

/* -- looking ------------------------------------------------------------------------------- */

struct sim_router *sim_find_router(struct sim_world *w, const char *name)
{
	for (unsigned i = 0; i < w->n_routers; i++) {
		if (str_eq(w->routers[i]->name, name))
			return w->routers[i];
	}
	return NULL;
}

struct sim_instance *sim_find(struct sim_world *w, const char *name)
{
	for (unsigned i = 0; i < w->n_routers; i++) {
		for (unsigned j = 0; j < w->routers[i]->n_instances; j++) {
			if (str_eq(w->routers[i]->instances[j]->name, name))
				return w->routers[i]->instances[j];
		}
	}
	return NULL;
}

bool sim_connected(const struct sim_instance *a, const struct sim_instance *b)
{
	if (a == b)
		return true;
	return are_peers(a, b) && a->link && !a->cut && !b->cut && a->side == b->side;
}

int64_t sim_wall_ns(const struct sim_router *r)
{
	return 1800000000 * INT64_C(1000000000) + r->world->now.ns + r->clock_skew.ns;
}
