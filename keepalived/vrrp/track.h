/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tracked objects: interfaces, scripts, files, processes, BFD sessions; their effect on instances.
 *
 * Sources (track_script.c, track_files.c, track_process.c, ...) own the objects and say when they
 * changed; this file knows who tracks what and feeds the tallies.
 */
#pragma once

#include "vrrp/instance.h"

struct tracker_config;

/** One tracker of one instance. Owned by the instance's array. */
struct vrrp_tracker {
	struct vrrp_instance *vr;
	const struct tracker_config *config;	/* NULL: an interface that an address, route or
						   rule of the instance is on */
	struct iface *iface;			/* TRACKER_INTERFACE */
	struct vrrp_effect effect;
	struct vrrp_tracker *next;		/* of the same object */
	int kind;				/* enum tracker_kind */
	int weight;
	bool reverse;
	uint32_t target;			/* ->id of the object */
};

struct vrrp_track *track_new(struct vrrp *);
void track_free(struct vrrp_track *);
/** Make room for the objects of the configuration. Trackers are to be attached anew. */
void track_resize(struct vrrp_track *);
/** (Re)build the trackers of an instance and add their effects to its tally, which was reset. */
void track_attach(struct vrrp_instance *);
void track_detach(struct vrrp_instance *);
void track_iface_changed(struct vrrp_track *, struct iface *, ktime now);

/** A tracked object: kind (enum tracker_kind) and number. */
struct tracked {
	int kind;
	uint32_t id;
};

/** From the sources. */
void track_set_state(struct vrrp_track *, struct tracked, enum vrrp_tracked, const struct cause *,
		     ktime now);
void track_set_value(struct vrrp_track *, uint32_t id, int64_t value, const struct cause *,
		     ktime now);
/** The same before anything runs: nobody is told. */
void track_preset_state(struct vrrp_track *, int kind, uint32_t id, enum vrrp_tracked);
void track_preset_value(struct vrrp_track *, uint32_t id, int64_t value);
/** The first tracker of the instance that holds it in FAULT, as a cause for logs and status, which
 *  is left alone if there is none. Returns true if there is one. */
bool track_first_fault(const struct vrrp_instance *, struct cause *);
/** Does an instance track this object? */
bool track_is_used(const struct vrrp_track *, int kind, uint32_t id);
