/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps of vrrp_config_check(), between the files that hold them. Private to config_check*.c.
 *
 * Every step of an instance may look at what earlier ones have settled; the order is that of
 * check_instance() in config_check.c.
 */
#pragma once

#include "vrrp/config.h"

struct name_set;

struct vrrp_check {
	struct config_check *base;
	struct vrrp_config *vc;
	const struct global_config *global;
	struct name_set *interfaces;	/* every interface named */
	struct name_set *made;		/* interfaces that we make ourselves: VMACs */
	unsigned need_flags;		/* of interfaces: NEED_MAY_APPEAR or 0 */
	const struct vrrp_common_config *last_common;	/* for instances that have the same */
};

#define VI_AT(m) offsetof(struct vrrp_instance_config, m)

static inline bool vi_has(const struct vrrp_instance_config *vi, size_t at)
{
	return object_is_set(&vi->object, at);
}
static inline struct place vi_place(const struct vrrp_instance_config *vi, size_t at)
{
	return object_place(&vi->object, at);
}

/** What was reported about the value of that field: a mistake that explains why there is none. */
static inline struct diag *vi_mistake(const struct vrrp_check *c,
				      const struct vrrp_instance_config *vi, size_t at)
{
	return diags_mistake_of(c->base->diags, vi, at);
}

/** The common part of the instance is to be @common. config_check_instance.c */
void vi_set_common(struct vrrp_check *, struct vrrp_instance_config *,
		   const struct vrrp_common_config *common);

/** What few instances have, to be changed. config_check_instance.c */
struct vrrp_rare_config *vi_rare(struct vrrp_check *, struct vrrp_instance_config *);

/** Report something about an instance or its field at @at_; the message begins with its name. */
#define vi_error(c, rule, vi, at_, fmt, ...)                                             \
	diag_error((c)->base->diags, rule, vi_place(vi, at_), "(%s) " fmt,               \
		   (vi)->object.name __VA_OPT__(, ) __VA_ARGS__)
#define vi_warning(c, rule, vi, at_, fmt, ...)                                           \
	diag_warning((c)->base->diags, rule, vi_place(vi, at_), "(%s) " fmt,             \
		     (vi)->object.name __VA_OPT__(, ) __VA_ARGS__)
#define vi_note(c, rule, vi, at_, fmt, ...)                                              \
	diag_note((c)->base->diags, rule, vi_place(vi, at_), "(%s) " fmt,                \
		  (vi)->object.name __VA_OPT__(, ) __VA_ARGS__)

/** An instance that cannot run: an error of class cannot-run, and the fault. */
#define vi_cannot_run(c, fault, rule, vi, at_, ...)                                      \
	do {                                                                             \
		diag_class(vi_error(c, rule, vi, at_, __VA_ARGS__), DIAG_CLASS_CANNOT_RUN); \
		(vi)->faults |= (fault);                                                 \
	} while (0)

/** Family and version; drops entries of the other family. config_check_family.c */
void check_family(struct vrrp_check *, struct vrrp_instance_config *);
/** Priority, state, timers, preemption, strict mode; defaults. config_check_instance.c */
void check_protocol(struct vrrp_check *, struct vrrp_instance_config *);
/** Defaults of announcements and mail. config_check_instance.c */
void check_defaults(struct vrrp_check *, struct vrrp_instance_config *);
/** Peers, source, groups, checksums. config_check_net.c */
void check_transport(struct vrrp_check *, struct vrrp_instance_config *);
/** VMAC and ipvlan. config_check_net.c */
void check_vmac(struct vrrp_check *, struct vrrp_instance_config *);
/** config_check_auth.c */
void check_auth(struct vrrp_check *, struct vrrp_instance_config *);
/** Addresses, their interfaces and number; routes and rules. config_check_vip.c */
void check_addresses(struct vrrp_check *, struct vrrp_instance_config *);
/** Own trackers. config_check_track.c */
void check_trackers(struct vrrp_check *, struct vrrp_instance_config *);
/** Those of a group, which its members get. config_check_track.c */
void check_group_trackers(struct vrrp_check *, struct vrrp_group_config *);
/** Weights where there must be none. After the groups are known. config_check_track.c */
void check_weights(struct vrrp_check *, struct vrrp_instance_config *);
/** Sync groups and track groups: members. config_check_group.c */
void check_groups(struct vrrp_check *);
/** Two instances that are one. config_check_vrid.c */
void check_duplicate_vrids(struct vrrp_check *);
/** Static entries, rule preferences, garp groups, delays. config_check_static.c */
void check_static(struct vrrp_check *);

/** Note that an interface is used; it must exist unless we make it. config_check.c */
void use_interface(struct vrrp_check *, const char *ifname, struct place at, const char *what,
		   const struct vrrp_instance_config *vi);

/** A set of names in the arena of the configuration. config_check.c */
bool name_set_add(struct vrrp_check *, struct name_set **, const char *name);
bool name_set_has(struct name_set *, const char *name);
void name_set_clear(struct name_set **);
