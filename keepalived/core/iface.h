/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mirror of the kernel's interfaces and addresses, one per network namespace.
 *
 * Interfaces are subscribed to by name and exist as objects from then on, whether or not the
 * kernel has one of that name; ->ifindex says which it is at the moment. Listeners hear of changes
 * after the mirror has taken them in.
 */
#pragma once

#include "base/time.h"
#include "netlink/monitor.h"

struct loop;
struct netns;
struct iface_mirror;
struct nl;

/** An address on an interface. Owned by the mirror. */
struct iface_addr {
	struct iface_addr *next;	/* of the interface, in the order of the kernel */
	struct addr addr;
	uint8_t len;			/* of the prefix; with peer: of the peer's */
	uint8_t scope;
	uint8_t protocol;
	uint32_t flags;			/* IFA_F_... */
	/* private from here on */
	uint32_t sync_mark;
	struct iface *iface;
	struct iface_addr *before;
	struct iface_addr *next_in_bucket;
};

/** A name that is or may become an interface. Owned by the mirror; stable until iface_put(). */
struct iface {
	char name[NL_IFNAME_MAX];
	unsigned ifindex;		/* 0: there is none of this name now */
	unsigned flags;			/* IFF_... */
	bool up;			/* IFF_UP and IFF_RUNNING, after debounce and linkbeat */
	uint16_t hw_type;
	uint32_t mtu;
	struct mac mac, broadcast;
	unsigned parent;		/* index of the lower interface (macvlan, vlan), 0 none */
	bool parent_foreign;
	unsigned master;		/* 0 none */
	uint32_t group;
	uint32_t vrf_table;
	char kind[16];
	uint32_t mode;
	struct iface_addr *addrs, *last_addr;
	unsigned users;			/* subscriptions */
	struct iface_mirror *mirror;
	/* private from here on */
	struct iface_debounce *debounce;
	int beat;			/* enum iface_beat */
	uint32_t sync_mark;
	struct iface *next_by_name, *next_by_index;
};

enum iface_change {
	IFACE_APPEARED,		/* has an ifindex now (created, renamed to this name) */
	IFACE_GONE,		/* deleted or renamed; everything about it is cleared afterwards */
	IFACE_UP,
	IFACE_DOWN,
	IFACE_SET_UP,		/* IFF_UP alone, whatever delays and the carrier say */
	IFACE_SET_DOWN,
	IFACE_MAC,
	IFACE_MTU,
	IFACE_MASTER,
	IFACE_ADDR_ADDED,	/* @addr can be used now */
	IFACE_ADDR_REMOVED,	/* @addr cannot be used any more, or is gone from the list */
};

struct iface_listener {
	void (*changed)(void *arg, struct iface *, enum iface_change, const struct iface_addr *addr,
			ktime now);
	/** Routes and rules, if asked for; and every address event, also of interfaces without
	 *  subscription. May be NULL. */
	void (*raw)(void *arg, const struct monitor_event *, ktime now);
	void *arg;
};

struct iface_options {
	size_t rcvbuf;		/* bytes, 0: default */
	bool rcvbuf_force;
	bool routes;
};

/** The mirror of @ns (NULL: of the process), filled. NULL with errno set if the kernel cannot be
 *  asked. */
struct iface_mirror *iface_mirror_new(struct loop *, const struct netns *ns,
				      const struct iface_options *, const struct iface_listener *);
void iface_mirror_free(struct iface_mirror *);
struct monitor *iface_mirror_monitor(struct iface_mirror *);
/** Take in what the kernel has already said (after own changes). False: there may be more, the next
 *  wake-up goes on. */
bool iface_mirror_drain(struct iface_mirror *);

/** Subscribe to a name: the object, the same for the same name. Give it back with iface_put(). */
struct iface *iface_get(struct iface_mirror *, const char *name);
void iface_put(struct iface *);
/** The interface with that index now, NULL if none. No subscription is taken. */
struct iface *iface_by_index(struct iface_mirror *, unsigned ifindex);
/** The object of a name, NULL if there is none. No subscription is taken. */
struct iface *iface_find(struct iface_mirror *, const char *name);
/** Walk all interfaces that exist: start with NULL. */
struct iface *iface_next(struct iface_mirror *, struct iface *after);

static inline bool iface_exists(const struct iface *i) { return i->ifindex != 0; }
/** Does the interface hold this address now? */
const struct iface_addr *iface_find_addr(const struct iface *, struct addr);
/** The source for packets: IPv4 the first address that is not in @except, IPv6 the first
 *  link-local one; usable only (not tentative, not duplicate). None if there is none. */
struct addr iface_source(const struct iface *, int family, bool (*except)(void *, struct addr),
			 void *arg);
/** The owner of the mirror has set an address whose notification it does not want to hear: enters
 *  the list, without a word to the listener. */
void iface_added_addr(struct iface *, const struct nl_addr *);
/** Index of the VRF that the interface belongs to, 0 none. */
unsigned iface_vrf(const struct iface *);
struct iface_delays {
	kspan down, up;		/* zero: none */
	bool running;
};
struct iface_delays iface_delays(const struct iface *);
/** What a poller says instead of IFF_RUNNING; forgotten when the interface goes. */
enum iface_beat { IFACE_BEAT_NONE, IFACE_BEAT_UP, IFACE_BEAT_DOWN };
void iface_set_beat(struct iface *, enum iface_beat);
/** Delay changes of ->up: down and up apart, zero for none (interface_up_down_delays). A change
 *  that is being delayed goes on, but ends no later than with the new delay. */
void iface_set_debounce(struct iface *, kspan down, kspan up);
