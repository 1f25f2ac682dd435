/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A world of routers on links, with a clock of its own.
 *
 * The routers run the pure code of the product: machine, groups, packets, receive checks. Only
 * what carries actions out is replaced: packets travel over links that lose, delay and part them,
 * timers are entries of one queue, and every action is checked against the rules that hold always
 * (see checks.c). Hundreds of routers run in one process; nothing waits.
 */
#pragma once

#include <stdio.h>

#include "vrrp/diagnose.h"
#include "vrrp/priority.h"
#include "vrrp/rxcheck.h"
#include "vrrp/sync.h"

#define SIM_NAME_MAX	32
#define SIM_VIPS	3
#define SIM_MEMBERS_MAX 4	/* instances of a router */
#define SIM_ROUTERS_MAX 16
#define SIM_LINKS_MAX	4
#define SIM_PACKET_MAX	256

struct sim_world;
struct sim_router;

/** A segment; what is sent on it reaches all instances of its VRID on the same side. */
struct sim_link {
	char name[SIM_NAME_MAX];
	unsigned loss_percent;
	kspan delay_min, delay_max;
};

/** What an instance is made with; the rest of struct vrrp_params is in there too. */
struct sim_setup {
	struct vrrp_params params;
	uint8_t family;
	uint8_t vrid;
	bool unicast;
	bool check_unicast_src;
	bool owner_ignore;
	enum vrrp_checksum_mode checksum;
	struct vrrp_auth_params auth;
};

struct sim_instance {
	char name[SIM_NAME_MAX];	/* "a", or "a.x" in a group */
	struct sim_router *router;
	struct sim_link *link;
	unsigned side;			/* of a parted link */
	bool cut;			/* hears and reaches nobody */
	struct sim_setup setup;
	struct addr vips[SIM_VIPS];
	struct vrrp_peer peers[SIM_ROUTERS_MAX];
	struct vrrp_peer_memory peer_memory[SIM_ROUTERS_MAX];
	unsigned n_peers;

	struct vrrp_fsm fsm;
	struct vrrp_tally tally;
	struct vrrp_auth auth;
	struct vrrp_hearing hearing;
	bool heard;
	uint16_t ip_id;
	uint32_t timer_generation;
	uint32_t trackers;		/* bits: faults that are set */

	/* What an observer sees. */
	enum vrrp_state shown;
	enum vrrp_state shown_before;
	struct cause cause;
	bool addrs_up;
	unsigned n_adverts, n_zeros, n_transitions, n_events;
	unsigned rejects[n_vrrp_reject];
	unsigned warnings;
	ktime master_since;
	uint8_t last_packet[SIM_PACKET_MAX];
	size_t last_len;
};

struct sim_router {
	char name[SIM_NAME_MAX];
	struct sim_world *world;
	struct sim_instance *instances[SIM_MEMBERS_MAX];
	struct vrrp_member members[SIM_MEMBERS_MAX];
	unsigned n_instances;
	bool grouped;
	struct vrrp_group group;
	enum vrrp_state group_shown;
	bool alive;
	ktime paused_until;	/* the process does not run before */
	kspan clock_skew;	/* of the wall clock */
	kspan startup_delay;
};

enum sim_event_type { SIM_PACKET, SIM_TIMER, SIM_CALL };

struct sim_packet;

struct sim_event {
	ktime at;
	unsigned class;		/* at one time packets come before timers */
	uint64_t serial;
	enum sim_event_type type;
	struct sim_instance *to;
	uint32_t generation;
	struct sim_packet *packet;
	void (*call)(struct sim_world *, void *);
	void *arg;
};

struct sim_world {
	ktime now;
	uint64_t random;
	struct sim_router *routers[SIM_ROUTERS_MAX];
	unsigned n_routers;
	struct sim_link links[SIM_LINKS_MAX];
	unsigned n_links;
	struct sim_event *queue;	/* binary heap */
	unsigned n_queue, cap_queue;
	uint64_t serial;
	uint64_t n_packets;
	bool trace;
	bool aligned;		/* adverts fall due on a common grid, as instance.c has it */
	void (*watch)(struct sim_world *, void *);	/* called after every event */
	void *watch_arg;
	unsigned n_violations;
	char violation[256];		/* the first one */
};

/** libcrypto, which this program is linked with. */
extern const struct vrrp_crypto sim_crypto;

struct sim_world *sim_new(uint64_t seed, bool trace);
void sim_free(struct sim_world *);
uint64_t sim_random(struct sim_world *);
unsigned sim_below(struct sim_world *, unsigned n);	/* 0..n-1 */
bool sim_chance(struct sim_world *, unsigned percent);

struct sim_link *sim_add_link(struct sim_world *, const char *name);
struct sim_router *sim_add_router(struct sim_world *, const char *name);
/** The address is made from the numbers of router and instance, so that later routers have higher
 *  ones; @setup's params.src is filled in. */
struct sim_instance *sim_add_instance(struct sim_router *, const char *name,
				      const struct sim_setup *);
void sim_attach(struct sim_instance *, struct sim_link *);
/** Peers of unicast instances are all that share link and VRID. Call when all are attached. */
void sim_set_peers(struct sim_world *);

/* What can happen to them. Harmless when it does not apply (stop a router that is not alive). */
void sim_start(struct sim_router *);
void sim_stop(struct sim_router *);	/* in an orderly way */
void sim_kill(struct sim_router *);	/* at once: no priority 0, addresses stay until started */
void sim_pause(struct sim_router *, kspan);
/** Set or clear fault @tracker (0..31) of an instance. */
void sim_fault(struct sim_instance *, unsigned tracker, bool set);
void sim_pending(struct sim_instance *, bool set);
void sim_priority(struct sim_instance *, uint8_t base, int weight);
void sim_reload(struct sim_instance *, const struct vrrp_params *);
void sim_vip_lost(struct sim_instance *);
/** A packet from nowhere to one instance; @src counts for IPv6, where it is not in the bytes. */
void sim_inject(struct sim_instance *, struct addr src, const uint8_t *datagram, size_t len);
/** A bare advert that claims to be from @src. Returns its length. */
size_t sim_forge(const struct sim_instance *like, struct addr src, uint8_t priority, uint8_t *buf,
		 size_t size);

void sim_at(struct sim_world *, ktime, void (*call)(struct sim_world *, void *), void *arg);
/** Run all events up to and including @until; the clock then stands there. */
void sim_run(struct sim_world *, ktime until);

struct sim_instance *sim_find(struct sim_world *, const char *name);
struct sim_router *sim_find_router(struct sim_world *, const char *name);
bool sim_connected(const struct sim_instance *, const struct sim_instance *);
int64_t sim_wall_ns(const struct sim_router *);
void sim_trace(const struct sim_world *, const char *fmt, ...) attr_printf(2, 3);

/** What the self-diagnosis of an instance says now. */
struct vrrp_diagnosis sim_diagnose(const struct sim_instance *);

/* node.c: carries out actions. */
void sim_feed(struct sim_instance *, const struct vrrp_event *);
void sim_receive(struct sim_instance *, const struct sim_packet *);

/* link.c */
struct sim_packet {
	struct addr src, dst;
	uint8_t ttl;
	unsigned users;
	size_t len;
	uint8_t bytes[SIM_PACKET_MAX];
};
void sim_packet_drop(struct sim_packet *);
void sim_transmit(struct sim_instance *from, const struct vrrp_outgoing *, const uint8_t *bytes,
		  size_t len);
void sim_push(struct sim_world *, struct sim_event);

/* checks.c: rules that hold always; a violation is noted in the world. */
void sim_check_actions(struct sim_instance *, const struct vrrp_actions *);
void sim_check_router(struct sim_router *);
void sim_violation(struct sim_world *, const char *fmt, ...) attr_printf(2, 3);
/** random.c: one random schedule; false when a rule was broken, @out_why says which. */
bool sim_random_schedule(uint64_t seed, bool trace, char *out_why, size_t size,
			 uint64_t *out_packets);
/** scenario.c: run a file. False when an expectation failed, @out_why says which. */
bool sim_scenario(const char *path, bool trace, char *out_why, size_t size);
/** Masters of @like's VRID that it is connected to, itself included. */
unsigned sim_count_masters(struct sim_world *, const struct sim_instance *like);
