/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Links: who hears what is sent, when, if at all.
 */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

void sim_packet_drop(struct sim_packet *p)
{
	if (p && !--p->users)
		free(p);
}

static kspan delay_of(struct sim_world *w, const struct sim_link *link)
{
	int64_t spread = link->delay_max.ns - link->delay_min.ns;

	return NSEC(link->delay_min.ns +
		    (spread > 0 ? (int64_t)(sim_random(w) % (uint64_t)spread) : 0));
}

static bool hears(const struct sim_instance *in, const struct sim_instance *from,
		  const struct vrrp_outgoing *o)
{
	if (in == from || !sim_connected(in, from))
		return false;
	return addr_is_multicast(o->dst) || addr_equal(o->dst, in->setup.params.src);
}

void sim_transmit(struct sim_instance *from, const struct vrrp_outgoing *o, const uint8_t *bytes,
		  size_t len)
{
	struct sim_world *w = from->router->world;
	struct sim_packet *p = xnew(struct sim_packet);

	*p = (struct sim_packet){ .src = o->src, .dst = o->dst, .ttl = 255, .users = 1 };
	p->len = MIN_OF(len, sizeof(p->bytes));
	memcpy(p->bytes, bytes, p->len);
	memcpy(from->last_packet, bytes, p->len);
	from->last_len = p->len;
	for (unsigned i = 0; i < w->n_routers; i++) {
		for (unsigned j = 0; j < w->routers[i]->n_instances; j++) {
			struct sim_instance *in = w->routers[i]->instances[j];

			if (!hears(in, from, o) || sim_chance(w, from->link->loss_percent))
				continue;
			p->users++;
			w->n_packets++;
			sim_push(w, (struct sim_event){
					    .at = ktime_add(w->now, delay_of(w, from->link)),
					    .type = SIM_PACKET,
					    .to = in,
					    .packet = p });
		}
	}
	sim_packet_drop(p);
}
