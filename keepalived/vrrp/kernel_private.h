/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What kernel.c (requests), kernel_claim.c, kernel_heard.c (what the kernel tells) and
 * kernel_object.c (one object) share. Nobody else includes this.
 */
#pragma once

#include "base/log.h"
#include "base/slab.h"
#include "base/str.h"
#include "netlink/nl.h"
#include "vrrp/kernel.h"

enum kernel_kind { KERNEL_ADDR, KERNEL_ROUTE, KERNEL_RULE };

struct vrrp_kernel {
	struct vrrp_net *net;
	struct slab objects;
	struct slab lone_uses;			/* claims of those who have one only */
	struct kernel_object **buckets;		/* by address, or text of routes and rules */
	unsigned n_buckets;			/* a power of two, or 0 */
	unsigned n_objects;
	struct kernel_object *first_other;	/* routes and rules */
	struct kernel_object **others;		/* KERNEL_OTHERS of them, NULL: none yet */
	struct kernel_object *first_dirty, *last_dirty;
	struct kernel_object **lost;
	unsigned n_lost, cap_lost;
	struct kernel_use *statics;
	unsigned n_statics;
	bool statics_changed;			/* an entry with a track_group failed, or works */
	struct nl_buf buf;
	bool flushing;				/* inside kernel_flush() */
	bool syncing;				/* the monitor reads everything again */
	bool compare_addrs, compare_others;	/* it has read them */
	bool reread;				/* routes may have been dropped */
	bool uncertain;				/* an object is */
	unsigned n_postponed;			/* how often in a row additions were */
	unsigned n_dropped;			/* by the kernel, not told yet */
	struct log_limit unanswered, dropped;
	struct timer retry;
};

/** What few addresses have. */
struct kernel_addr_more {
	struct addr peer, broadcast;
	char label[NL_LABEL_MAX];
};

struct kernel_addr {
	struct addr addr;
	uint8_t len;
	uint8_t scope;
	uint32_t flags;
	uint32_t preferred;
	struct kernel_addr_more *more;		/* owned; NULL: none of it */
};

struct kernel_other {
	union {	/* borrowed from the newest configuration that claims it; NULL: that has gone */
		const struct route *route;
		const struct rule *rule;
	};
	struct nl_buf *removal;			/* owned; the last thing to say of it then */
	char *text;				/* the key */
	struct kernel_object *next;
	struct kernel_object *alike;		/* with this destination, or preference */
};

/** A request under way; freed with its answer. */
struct kernel_request {
	struct nl_request request;
	struct kernel_object *object;
	bool up;
};

/** One address, route or rule. Owned by struct vrrp_kernel; freed when nobody claims it and it is
 *  not in the kernel any more. There may be many thousands. */
struct kernel_object {
	struct vrrp_kernel *kernel;
	struct kernel_object *next;		/* in its bucket */
	struct kernel_object *next_dirty;
	struct kernel_use *uses;
	struct iface *iface;			/* subscribed; of a route: its device, NULL none */
	struct kernel_request *pending;		/* NULL: no request is under way */
	unsigned n_wanted;
	int16_t error;				/* -errno of the last try to add it, 0 */
	uint8_t kind;				/* enum kernel_kind */
	bool present;				/* the kernel has it, as far as we know */
	bool leftover;				/* perhaps; a predecessor may have left it */
	bool dirty;				/* in the list of changes */
	bool lost;				/* taken away by others; not told yet */
	bool told_error;
	bool unseen;				/* by the dump of everything, so far */
	bool uncertain;				/* the last answer was lost */
	bool alike;				/* in the list ->other.alike, of that bucket: */
	uint8_t bucket;
	union {
		struct kernel_addr ip;		/* KERNEL_ADDR */
		struct kernel_other other;	/* KERNEL_ROUTE, KERNEL_RULE */
	};
};

/** The interfaces of its namespace. */
struct iface_mirror *object_mirror(const struct kernel_object *);
/** The kernel has just set it for us: the mirror is told, for the kernel does not tell us of IPv4
 *  addresses that we ask for. */
void object_was_set(const struct kernel_object *);
/** Append the request that makes the object be or not be; 0, or -errno: impossible now. */
int object_request(struct kernel_object *, bool up, struct nl_buf *);
/** The configuration that describes it goes: keep what its removal needs. */
void object_forget_description(struct kernel_object *);
/** Can its removal be asked for? */
bool object_is_removable(const struct kernel_object *);
/** Is what the kernel reports this object? */
bool object_is_route(const struct kernel_object *, const struct nl_route *);
bool object_is_rule(const struct kernel_object *, const struct nl_rule *);
/** "192.0.2.1/24 dev eth0", for logs. Returns @buf. */
const char *object_text(const struct kernel_object *, char *buf, size_t size);
/** "ip address", "route", "rule". */
const char *object_noun(const struct kernel_object *);
/** The address of a configuration as a message, without the interface. */
void object_message_of(const struct address_config *, struct nl_addr *out);
/** The same from the object, and into it. */
void object_message(const struct kernel_object *, struct nl_addr *out);
void object_set_addr(struct kernel_object *, const struct nl_addr *);

/** Routes and rules by their destination or preference: index in ->others. */
#define KERNEL_OTHERS 256
uint8_t object_bucket_of_route(struct prefix dst);
uint8_t object_bucket_of_rule(uint32_t preference);

/** kernel.c: have the object looked at in the next batch. */
void kernel_dirty(struct kernel_object *);
/** Its state, for the outside. */
void kernel_publish(const struct kernel_object *);
/** The kernel has it, as it was asked to. */
void kernel_is_there(struct kernel_object *);

/** kernel_heard.c: does something wait to be judged until all that the kernel said is known? */
bool kernel_has_news(const struct vrrp_kernel *);
void kernel_take_news(struct vrrp_kernel *, ktime now);

/** kernel_claim.c */
/** Where the configuration asks for it, "FILE:LINE: ", or nothing if that is not known. */
const char *kernel_place_text(const struct kernel_object *, char *buf, size_t size);
struct kernel_object *kernel_bucket_of_addr(struct vrrp_kernel *, struct addr);
void kernel_release_if_unused(struct kernel_object *);
void kernel_free_objects(struct vrrp_kernel *);
void kernel_want(struct kernel_use *, bool wanted);
/** End @n claims that were made together, and free them. */
void kernel_uses_free(struct vrrp_kernel *, struct kernel_use *, unsigned n);
/** Free them; the objects that they speak of are gone. */
void kernel_uses_drop(struct vrrp_kernel *, struct kernel_use *, unsigned n);
