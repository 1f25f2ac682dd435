/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One virtual router at run time: machine, timer, configuration, status slot; and the sync group
 * that may bind several.
 *
 * Owned by struct vrrp. Lives over reloads as long as the configuration has the same router; then
 * instance_configure() points it to the new configuration.
 */
#pragma once

#include "base/log.h"
#include "vrrp/rxcheck.h"
#include "vrrp/priority.h"
#include "vrrp/runtime.h"
#include "vrrp/sync.h"

struct kernel_use;
struct vrrp_socket;
struct vrrp_tracker;
struct garp_job;
struct vrrp_vmac;
struct hearing;

/** Faults that the instance itself watches; each counts once in the tally. */
enum own_fault {
	OWN_FAULT_INTERFACE,
	OWN_FAULT_BASE,
	OWN_FAULT_SOURCE,
	OWN_FAULT_CONFIG,
	OWN_FAULT_KERNEL,
	OWN_FAULT_RIGHTS,	/* it may not set addresses */
	OWN_FAULT_STATIC,	/* a static entry whose track_group has it cannot be set */
	OWN_FAULTS
};

/** What few instances have. */
struct instance_auth {
	struct vrrp_auth state;			/* stays over reloads */
	struct vrrp_auth_params params;		/* rx.auth, while authentication is configured */
	struct vrrp_auth_key *keys;
};

/** There may be thousands: members in the order that leaves no holes. */
struct vrrp_instance {
	struct vrrp *vrrp;
	struct vrrp_net *net;
	const struct vrrp_instance_config *config;
	struct vrrp_instance_status *slot;	/* in the page; see instance_publish() */
	struct vrrp_fsm fsm;
	struct timer timer;			/* at or before fsm.deadline */
	struct vrrp_sync *sync;			/* NULL without a group */
	unsigned member;			/* index in it */
	unsigned n_trackers;
	struct vrrp_tracker *trackers;		/* track.c */

	struct vrrp_tally tally;
	struct iface *base;			/* configured interface; NULL: none (unicast) */
	struct iface *iface;			/* adverts run on it: base, or the VMAC */
	struct vrrp_vmac *vmac;			/* list; the first is ->iface if that is one */
	struct addr src;			/* source of adverts; none: FAULT */
	uint16_t ip_id;
	bool own_faults[OWN_FAULTS];
	bool changed;				/* the status slot needs more than the usual */
	bool blocked;				/* the firewall blocks its addresses */
	bool vips_up;				/* the machine wants its addresses set */
	uint8_t verdict;			/* private to reloads: enum diff_verdict */

	/* parameters of the pure modules, made from the configuration; what they point to is owned
	 * here */
	struct vrrp_rx_params rx;
	struct vrrp_rx_memory rx_memory;
	struct instance_auth *auth;		/* NULL: never had any */

	struct vrrp_socket *socket;		/* io.c; NULL while there is none */
	struct vrrp_instance *next_on_socket;
	struct kernel_use *uses;		/* kernel.c: vips, evips, routes, rules in order */
	unsigned n_uses, n_addr_uses;
	unsigned n_kernel_pending;		/* requests that are not answered */
	unsigned n_added;			/* private to reloads: new addresses */
	struct garp_job *garp;			/* garp.c; NULL when nothing is to be announced */
	struct hearing *hearing;		/* hearing.c; NULL: nothing is remarkable */
	struct log_limit *limits;		/* see instance_limit() */
	ktime sent_at;				/* last advert */
};

/** A sync group at run time. */
struct vrrp_sync {
	struct vrrp *vrrp;
	const struct vrrp_group_config *config;
	char *name;				/* outlives a configuration */
	struct vrrp_group machine;
	struct vrrp_member *members;
	struct vrrp_instance **instances;	/* same order */
	unsigned n;
	ktime now;				/* during a run of the machine */
};

/** A new instance for @config, in INIT, bound to nothing in the kernel. NULL with errno set if its
 *  network namespace cannot be used. */
struct vrrp_instance *instance_new(struct vrrp *, const struct vrrp_instance_config *config);
/** Detached from everything; the kernel keeps nothing of it if it was stopped before, except its
 *  VMACs without @delete. */
void instance_free(struct vrrp_instance *, bool delete);
/** Make everything derived from ->config anew (also after it was replaced). */
void instance_configure(struct vrrp_instance *);
/** Fill the parameters of the machine from the configuration. */
void instance_params(const struct vrrp_instance *, struct vrrp_params *out);

/** Feed one event to the machine, or to the group that it is in, and carry out what comes of it. */
void instance_feed(struct vrrp_instance *, const struct vrrp_event *, ktime now);
/** A datagram for this VRID arrived at @at. */
void instance_receive(struct vrrp_instance *, const struct vrrp_frame *, ktime at);
/** Set or clear a fault of the instance itself. */
void instance_fault(struct vrrp_instance *, enum own_fault, bool on, const struct cause *,
		    ktime now);
/** The tally changed (VRRP_TALLY_* bits): tell the machine. */
void instance_tallied(struct vrrp_instance *, unsigned changed, const struct cause *, ktime now);
/** Something about its interface or addresses changed: look again, set faults, sockets. @gone: the
 *  interface is about to lose its index. */
void instance_check_interface(struct vrrp_instance *, bool gone, const struct cause *, ktime now);
/** Forget faults of trackers; those of the instance itself stay in the tally. */
void instance_reset_tally(struct vrrp_instance *);
/** instance_setup.c: free what instance_configure() made. */
void instance_drop_setup(struct vrrp_instance *, bool delete);
/** Copy what the outside may see into the status slot. */
void instance_publish(struct vrrp_instance *);
/** The same for what every advert changes; between status_begin() and status_end(). */
void instance_publish_master(const struct vrrp_instance *, struct vrrp_instance_status *);
/** Arm ->timer for the machine's deadline. */
void instance_arm(struct vrrp_instance *, ktime now);
static inline const char *instance_name(const struct vrrp_instance *vr)
{
	return vr->config->object.name;
}
/** The interface that holds an address of this instance. */
const char *instance_address_ifname(const struct vrrp_instance *, const struct address_config *);
/** The limit of a kind of line, made on first use: by enum vrrp_reject, then as follows. */
enum instance_limit {
	LIMIT_WARNING = n_vrrp_reject,		/* + bit of VRRP_RX_* */
	LIMIT_SEND = LIMIT_WARNING + 8,
	LIMIT_NOTE,			/* remarks that every packet can provoke */
	INSTANCE_LIMITS
};
struct log_limit *instance_limit(struct vrrp_instance *, unsigned kind);
/** A usual or rare counter of the status page goes up. */
#define instance_count(vr, field) ((vr)->slot->usual.field++)
#define instance_count_rare(vr, field) (instance_rare(vr)->field++)
struct vrrp_rare_counters *instance_rare(struct vrrp_instance *);

/** A group over instances that exist. @former: the one that it continues after a reload; NULL. */
struct vrrp_sync *sync_new(struct vrrp *, const struct vrrp_group_config *,
			   const struct vrrp_sync *former);
/** Let the members go; only the state and the name remain. */
void sync_unbind(struct vrrp_sync *);
void sync_free(struct vrrp_sync *);
/** Start all members: @starts[i] is for member i. */
void sync_start(struct vrrp_sync *, const struct vrrp_event *starts, ktime now);
/** After members were added or removed. */
void sync_settle(struct vrrp_sync *, ktime now);
/** Write its status slot; @cause NULL: no transition. */
void sync_publish(struct vrrp_sync *, const struct cause *, ktime now);
/** Tell status and the outside that the group entered a state. */
void sync_changed(struct vrrp_sync *, const struct vrrp_group_change *, ktime now);
