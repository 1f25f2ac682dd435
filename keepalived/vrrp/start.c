/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Build the instances and groups of a configuration, start them, and stop them.
 *
 * Everything is built before anything starts, so that a group knows the health of all its members
 * when it begins, and what a predecessor left behind is taken out in one batch.
 */
#include "vrrp/start.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/hashset.h"
#include "base/log.h"
#include "loop/loop.h"
#include "vrrp/block.h"
#include "vrrp/io.h"
#include "vrrp/kernel.h"
#include "vrrp/links.h"
#include "vrrp/lvs_sync.h"
#include "vrrp/notify.h"
#include "vrrp/outside.h"
#include "vrrp/show.h"
#include "vrrp/track.h"
#include "vrrp/track_script.h"
#include "vrrp/vmac.h"

void vrrp_use_config(struct vrrp *v, const struct config *config)
{
	v->all = config;
	v->config = vrrp_config_of(config);
	v->global = config->global;
}

/* -- status page --------------------------------------------------------------------------- */

struct status_page *vrrp_page_new(const struct vrrp *v, const struct config *config)
{
	struct status_layout layout = { 0 };

	(void)v;
	vrrp_status_layout(vrrp_config_of(config), &layout);
	return status_page_new(&layout, config->generation);
}

void vrrp_point_slots(struct vrrp *v)
{
	v->engine_slot = status_slot(v->page, VRRP_SLOT_ENGINE, 0);
	for (uint32_t i = 0; i < v->n_instances; i++) {
		if (v->instances[i] != NULL)
			v->instances[i]->slot = status_slot(v->page, VRRP_SLOT_INSTANCE, i);
	}
}

/* -- delays -------------------------------------------------------------------------------- */

/* vrrp_startup_delay counts from now; vrrp_delay_after_boot from the start of the system. */
static ktime start_time(const struct vrrp *v, ktime now)
{
	const struct global_config *g = v->global;
	ktime at = kspan_is_zero(g->vrrp_startup_delay) ? (ktime){ 0 }
							: ktime_add(now, g->vrrp_startup_delay);
	struct timespec up;
	int64_t left;

	if (kspan_is_zero(g->vrrp_delay_after_boot) || clock_gettime(CLOCK_BOOTTIME, &up) < 0)
		return at;
	left = g->vrrp_delay_after_boot.ns - (up.tv_sec * SEC(1).ns + up.tv_nsec);
	if (left > 0 && ktime_before(at, ktime_add(now, NSEC(left))))
		at = ktime_add(now, NSEC(left));
	return at;
}

/* -- start --------------------------------------------------------------------------------- */

/* The first fault of its own, as a cause. */
static bool own_fault_cause(const struct vrrp_instance *vr, struct cause *cause)
{
	const char *ifname = vr->iface != NULL ? vr->iface->name : "";

	*cause = (struct cause){ 0 };
	if (vr->own_faults[OWN_FAULT_CONFIG]) {
		cause->type = CAUSE_CONFIG;
		(void)str_copy(cause->text, sizeof(cause->text), "it cannot work");
	} else if (vr->own_faults[OWN_FAULT_RIGHTS]) {
		cause->type = CAUSE_KERNEL;
		cause->number = EPERM;
		(void)str_copy(cause->text, sizeof(cause->text), "CAP_NET_ADMIN is missing");
	} else if (vr->own_faults[OWN_FAULT_INTERFACE] || vr->own_faults[OWN_FAULT_BASE]) {
		cause->type = CAUSE_INTERFACE;
		(void)str_copy(cause->text, sizeof(cause->text),
			       vr->own_faults[OWN_FAULT_INTERFACE] || vr->base == NULL
				       ? ifname
				       : vr->base->name);
	} else if (vr->own_faults[OWN_FAULT_SOURCE]) {
		cause->type = CAUSE_ADDRESS;
		cause->from.family = (uint8_t)vr->config->family;
	}
	return cause->type != CAUSE_NONE;
}

static void log_tracker_fault(const struct vrrp_instance *vr, const struct cause *cause)
{
	const char *name = instance_name(vr);
	char why[160];

	if (cause->type == CAUSE_INTERFACE)
		log_info("(%s): entering FAULT state (interface %s down)", name, cause->text);
	else if (cause->type == CAUSE_FILE)
		log_info("(%s): entering FAULT state (tracked file %s has status %d)", name,
			 cause->text, cause->number);
	else if (cause->type == CAUSE_PROCESS)
		log_info("(%s) entering FAULT state (tracked process %s quorum not achieved)", name,
			 cause->text);
	else
		log_info("(%s) entering FAULT state (%s)", name,
			 cause_text(cause, why, sizeof(why)));
}

static void log_faults(const struct vrrp_instance *vr)
{
	const char *name = instance_name(vr);
	struct cause tracker;

	if (vr->own_faults[OWN_FAULT_INTERFACE] && vr->iface != NULL)
		log_info("(%s): entering FAULT state (interface %s down)", name, vr->iface->name);
	if (vr->own_faults[OWN_FAULT_SOURCE] && vr->iface != NULL)
		log_info("(%s) entering FAULT state (no %s address for interface)", name,
			 vr->config->family == AF_INET ? "IPv4" : "IPv6");
	if (vr->own_faults[OWN_FAULT_CONFIG])
		log_error("(%s) stays in FAULT state: its configuration cannot work", name);
	if (vr->own_faults[OWN_FAULT_RIGHTS])
		log_error("(%s) stays in FAULT state: it may not set its addresses", name);
	if (track_first_fault(vr, &tracker))
		log_tracker_fault(vr, &tracker);
}

static struct vrrp_event start_event(const struct vrrp_instance *vr, const struct cause *cause)
{
	struct vrrp_event ev = {
		.type = VRRP_EV_START,
		.cause = *cause,
		.start = {
			.not_before = vr->vrrp->not_before,
			.fault = vrrp_tally_n_faults(&vr->tally) > 0,
			.pending = vr->tally.pending > 0,
		},
	};
	struct cause fault;

	if (ev.start.fault && (own_fault_cause(vr, &fault) || track_first_fault(vr, &fault)))
		ev.cause = fault;
	return ev;
}

/* The machine was made before its priority and source were known. */
static void prepare(struct vrrp_instance *vr)
{
	struct vrrp_params params;

	instance_params(vr, &params);
	vr->fsm.params = params;
	vr->fsm.priority = params.priority;
	log_faults(vr);
	/* What a predecessor left goes, unless this one is about to be MASTER anyway. */
	if (!params.start_master || vrrp_tally_n_faults(&vr->tally) > 0)
		kernel_set(vr, false);
}

void vrrp_start_instance(struct vrrp_instance *vr, const struct cause *cause, ktime now)
{
	struct vrrp_event ev;

	prepare(vr);
	ev = start_event(vr, cause);
	instance_feed(vr, &ev, now);
	instance_publish(vr);
}

static void start_group(struct vrrp_sync *sync, const struct cause *cause, ktime now)
{
	struct vrrp_event *starts = xcalloc(MAX_OF(sync->n, 1), sizeof(*starts));

	for (unsigned i = 0; i < sync->n; i++) {
		prepare(sync->instances[i]);
		starts[i] = start_event(sync->instances[i], cause);
	}
	sync_start(sync, starts, now);
	for (unsigned i = 0; i < sync->n; i++)
		instance_publish(sync->instances[i]);
	free(starts);
}

static void start_everything(struct vrrp *v, ktime now)
{
	struct cause cause = { .type = CAUSE_START };

	for (uint32_t i = 0; i < v->n_groups; i++)
		start_group(v->groups[i], &cause, now);
	for (uint32_t i = 0; i < v->n_instances; i++) {
		struct vrrp_instance *vr = v->instances[i];

		if (vr != NULL && vr->sync == NULL)
			vrrp_start_instance(vr, &cause, now);
	}
}

/* -- building ------------------------------------------------------------------------------ */

static bool same_name(const void *a, const void *b)
{
	return str_eq(((const struct vrrp_sync *)a)->name, ((const struct vrrp_sync *)b)->name);
}

void vrrp_build_groups(struct vrrp *v, struct vrrp_sync **former, uint32_t n_former)
{
	const struct object_list *groups = &v->config->groups;
	struct hashset by_name = { .equal = same_name };

	for (uint32_t i = 0; i < n_former; i++)
		(void)hashset_add(&by_name, hash_text(former[i]->name), former[i]);
	v->n_groups = groups->n;
	v->groups = xcalloc(MAX_OF(groups->n, 1), sizeof(struct vrrp_sync *));
	for (uint32_t i = 0; i < groups->n; i++) {
		const struct vrrp_group_config *g = groups->items[i];
		const struct vrrp_sync key = { .name = (char *)(uintptr_t)g->object.name };

		v->groups[i] = sync_new(v, g,
					hashset_find(&by_name, hash_text(key.name), &key));
	}
	hashset_fini(&by_name);
}

static void build_instances(struct vrrp *v)
{
	const struct object_list *list = &v->config->instances;

	v->n_instances = list->n;
	v->instances = xcalloc(MAX_OF(list->n, 1), sizeof(struct vrrp_instance *));
	for (uint32_t i = 0; i < list->n; i++) {
		const struct vrrp_instance_config *c = list->items[i];

		v->instances[i] = instance_new(v, c);
		if (v->instances[i] == NULL)
			log_error("(%s) cannot run: network namespace %s: %s", c->object.name,
				  c->rare->net_namespace != NULL ? c->rare->net_namespace : "(own)",
				  strerror(errno));
	}
}

static void configure_instances(struct vrrp *v, ktime now)
{
	struct cause cause = { .type = CAUSE_START };

	for (uint32_t i = 0; i < v->n_instances; i++) {
		struct vrrp_instance *vr = v->instances[i];

		if (vr == NULL)
			continue;
		instance_configure(vr);
		kernel_claim(vr);
	}
	for (struct vrrp_net *net = v->nets; net != NULL; net = net->next)
		vmac_settle(net, now);
	for (uint32_t i = 0; i < v->n_instances; i++) {
		struct vrrp_instance *vr = v->instances[i];

		if (vr == NULL)
			continue;
		instance_check_interface(vr, false, &cause, now);
		track_attach(vr);
	}
}

int vrrp_start_all(struct vrrp *v, ktime now)
{
	struct vrrp_net *own;

	/* First the page: what is adopted for a namespace is noted there. */
	v->page = vrrp_page_new(v, v->all);
	own = v->page != NULL ? vrrp_net_get(v, NULL) : NULL;
	if (own == NULL) {
		log_error("cannot start: %s", strerror(errno));
		return ENGINE_EXIT_FATAL;
	}
	v->not_before = start_time(v, now);
	build_instances(v);
	vrrp_point_slots(v);
	lvs_sync_configure(v->lvs_sync, now);
	block_configure(v);
	links_configure(v, NULL);
	scripts_configure(v->scripts, false);
	outside_configure(v->outside, now);
	configure_instances(v, now);
	vrrp_build_groups(v, NULL, 0);
	kernel_static(own->kernel, v->config);
	for (struct vrrp_net *net = v->nets; net != NULL; net = net->next)
		kernel_reclaim(net->kernel);
	start_everything(v, now);
	scripts_start(v->scripts, now);
	show_all(v);
	engine_publish(v->run, v->page);
	return 0;
}

/* -- stop ---------------------------------------------------------------------------------- */

void vrrp_stop_all(struct vrrp *v, ktime now)
{
	struct vrrp_event ev = {
		.type = VRRP_EV_STOP,
		.cause = { .type = CAUSE_SIGNAL, .number = SIGTERM },
		.stop = { .what = EVENT_STOP, .keep = v->run->options->dont_release_vrrp },
	};
	struct vrrp_net *own = vrrp_net_get(v, NULL);

	for (uint32_t i = 0; i < v->n_instances; i++) {
		if (v->instances[i] != NULL)
			instance_feed(v->instances[i], &ev, now);
	}
	for (uint32_t i = 0; i < v->n_groups; i++)
		notify_group(v->groups[i], EVENT_STOP, &ev.cause, now);
	if (own != NULL && !ev.stop.keep)
		kernel_static(own->kernel, NULL);
}
