/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reload: from one configuration to the next without touching what is the same.
 *
 * Instances are paired by what makes them the same router (vrrp_instance_key()). Those that are
 * gone are stopped first; those that stay are pointed to their new configuration, keep state,
 * addresses and counters, and their machines hear of changed parameters; new ones start. Addresses
 * that move from one instance to another never leave the kernel, because removals and additions are
 * settled together at the end.
 */
#include "vrrp/apply.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "loop/loop.h"
#include "vrrp/block.h"
#include "vrrp/garp.h"
#include "vrrp/io.h"
#include "vrrp/kernel.h"
#include "vrrp/links.h"
#include "vrrp/lvs_sync.h"
#include "vrrp/notify.h"
#include "vrrp/outside.h"
#include "vrrp/show.h"
#include "vrrp/start.h"
#include "vrrp/track.h"
#include "vrrp/track_script.h"
#include "vrrp/vmac.h"
#include "vrrp/vmac_kept.h"

struct apply {
	struct vrrp *vrrp;
	struct arena *scratch;
	const struct vrrp_config *old, *new;
	struct diff_pair *pairs;
	size_t n_pairs;
	struct vrrp_instance **was;	/* by index in the old configuration */
	struct vrrp_sync **was_groups;
	uint32_t n_was, n_was_groups;
	struct status_page *page;	/* the new one */
	ktime now;
	unsigned n_same, n_adjusted, n_restarted, n_added, n_removed;
};

static const struct vrrp_instance_config *config_of(const struct object *o)
{
	return (const struct vrrp_instance_config *)(const void *)o;
}

/* What the reload decided about one pair that stays. */
static enum diff_verdict verdict_of(const struct diff_pair *p)
{
	struct diff_rows rows;

	return vrrp_instance_diff(config_of(p->old), config_of(p->new), &rows);
}

/* -- those that go ------------------------------------------------------------------------- */

static void stop_instance(struct apply *a, struct vrrp_instance *vr, bool quiet)
{
	bool deleted = vr->config->notify->deleted_word;
	struct vrrp_event ev = {
		.type = VRRP_EV_STOP,
		.cause = { .type = CAUSE_RELOAD },
		.stop = {
			.what = deleted ? EVENT_DELETED : EVENT_FAULT,
			.quiet = quiet || (!deleted && vr->fsm.state == VRRP_STATE_FAULT),
		},
	};

	instance_feed(vr, &ev, a->now);
}

static void remove_gone(struct apply *a)
{
	for (size_t i = 0; i < a->n_pairs; i++) {
		const struct diff_pair *p = &a->pairs[i];
		struct vrrp_instance *vr;

		if (p->new != NULL)
			continue;
		vr = a->was[config_of(p->old)->index];
		if (vr == NULL)
			continue;
		log_info("(%s) is gone from the configuration", instance_name(vr));
		stop_instance(a, vr, false);
		a->n_removed++;
	}
	/* Their events speak of the old configuration, which is still the one in use. */
	for (struct vrrp_net *net = a->vrrp->nets; net != NULL; net = net->next)
		io_flush(net->io, a->now);
	notify_flush(a->vrrp->notify, true);
}

/* Free those that go, and make room for groups to be bound anew. */
static void free_gone(struct apply *a)
{
	for (uint32_t i = 0; i < a->n_was_groups; i++)
		sync_unbind(a->was_groups[i]);
	for (size_t i = 0; i < a->n_pairs; i++) {
		const struct diff_pair *p = &a->pairs[i];

		if (p->new == NULL)
			instance_free(a->was[config_of(p->old)->index], true);
	}
}

/* -- those that stay ----------------------------------------------------------------------- */

static void keep_slot(struct apply *a, uint32_t old_index, uint32_t new_index)
{
	const struct vrrp_instance_status *from =
		status_slot(a->vrrp->page, VRRP_SLOT_INSTANCE, old_index);
	struct vrrp_instance_status *to = status_begin(a->page, VRRP_SLOT_INSTANCE, new_index);

	if (to == NULL)
		return;
	if (from != NULL)
		*to = *from;
	status_end(a->page, to);
	vrrp_status_keep(a->vrrp->page, old_index, a->page, new_index);
}

/* Put the instances where the new configuration has them; new ones are made. */
static void place_instances(struct apply *a)
{
	struct vrrp *v = a->vrrp;
	const struct object_list *list = &a->new->instances;

	v->n_instances = list->n;
	v->instances = xcalloc(MAX_OF(list->n, 1), sizeof(struct vrrp_instance *));
	for (size_t i = 0; i < a->n_pairs; i++) {
		const struct diff_pair *p = &a->pairs[i];
		const struct vrrp_instance_config *c = config_of(p->new);
		struct vrrp_instance *vr;

		if (p->new == NULL)
			continue;
		vr = p->old != NULL ? a->was[config_of(p->old)->index] : NULL;
		if (vr != NULL) {
			keep_slot(a, vr->config->index, c->index);
			vr->verdict = (uint8_t)verdict_of(p);
			block_set(vr, false);
			vr->config = c;
		} else {
			vr = instance_new(v, c);
		}
		v->instances[c->index] = vr;
		if (vr == NULL)
			log_error("(%s) cannot run: network namespace: %s", c->object.name,
				  strerror(errno));
	}
}

static void keep_group_slots(struct apply *a)
{
	for (uint32_t i = 0; i < a->vrrp->n_groups; i++) {
		struct vrrp_sync *sync = a->vrrp->groups[i];

		sync_publish(sync, NULL, a->now);
	}
}

/* Pointers, parameters, claims: everything that came from the old configuration. */
static void reconfigure(struct apply *a)
{
	struct vrrp *v = a->vrrp;

	for (uint32_t i = 0; i < v->n_instances; i++) {
		struct vrrp_instance *vr = v->instances[i];

		if (vr == NULL)
			continue;
		instance_configure(vr);
		vr->n_added = kernel_claim(vr);
		block_set(vr, vr->vips_up);
	}
	for (struct vrrp_net *net = v->nets; net != NULL; net = net->next)
		vmac_settle(net, a->now);
	for (uint32_t i = 0; i < v->n_instances; i++) {
		if (v->instances[i] != NULL)
			track_attach(v->instances[i]);
	}
}

static void adjust(struct vrrp_instance *vr, const struct cause *cause, ktime now)
{
	struct vrrp_params params;

	instance_params(vr, &params);
	instance_feed(vr,
		      &(struct vrrp_event){ .type = VRRP_EV_PARAMS,
					    .cause = *cause,
					    .params = &params },
		      now);
}

static void go_on(struct apply *a, struct vrrp_instance *vr, const struct cause *cause)
{
	ktime now = a->now;

	if (vr->verdict == DIFF_RESTART) {
		a->n_restarted++;
		stop_instance(a, vr, true);
		instance_check_interface(vr, false, cause, now);
		vrrp_start_instance(vr, cause, now);
		return;
	}
	if (vr->verdict == DIFF_ADJUST)
		a->n_adjusted++;
	else
		a->n_same++;
	instance_check_interface(vr, false, cause, now);
	if (vr->verdict == DIFF_ADJUST)
		adjust(vr, cause, now);
	instance_tallied(vr, VRRP_TALLY_PRIORITY | VRRP_TALLY_HEALTH, cause, now);
	garp_reloaded(vr, vr->n_added > 0, now);
}

static void run_instances(struct apply *a)
{
	struct cause cause = { .type = CAUSE_RELOAD };
	struct vrrp *v = a->vrrp;

	for (uint32_t i = 0; i < v->n_groups; i++)
		sync_settle(v->groups[i], a->now);
	for (uint32_t i = 0; i < v->n_instances; i++) {
		struct vrrp_instance *vr = v->instances[i];

		if (vr == NULL)
			continue;
		if (vr->fsm.started) {
			go_on(a, vr, &cause);
			continue;
		}
		a->n_added++;
		instance_check_interface(vr, false, &cause, a->now);
		vrrp_start_instance(vr, &cause, a->now);
	}
	for (uint32_t i = 0; i < v->n_groups; i++)
		sync_settle(v->groups[i], a->now);
}

/* -- all of it ----------------------------------------------------------------------------- */

static void finish(struct apply *a)
{
	struct vrrp *v = a->vrrp;

	for (uint32_t i = 0; i < a->n_was_groups; i++)
		sync_free(a->was_groups[i]);
	free(a->was_groups);
	free(a->was);
	for (struct vrrp_net *net = v->nets; net != NULL; net = net->next) {
		io_retune(net->io);
		/* Routes and rules that go point into the old configuration until they are gone. */
		kernel_finish(net->kernel, a->now);
	}
	keep_group_slots(a);
	show_all(v);
	engine_publish(v->run, v->page);
	log_info("reload: %u instances adjusted, %u restarted, %u added, %u removed, %u unchanged",
		 a->n_adjusted, a->n_restarted, a->n_added, a->n_removed, a->n_same);
	arena_free(a->scratch);
}

static void take_over(struct apply *a, const struct config *config)
{
	struct vrrp *v = a->vrrp;
	struct vrrp_net *own = vrrp_net_get(v, NULL);

	remove_gone(a);
	free_gone(a);
	place_instances(a);
	vrrp_use_config(v, config);
	vrrp_nets_watch(v);
	vmac_kept_move(v->page, a->page);
	v->page = a->page;
	vrrp_point_slots(v);
	lvs_sync_configure(v->lvs_sync, a->now);
	track_resize(v->track);
	links_configure(v, a->old);
	scripts_configure(v->scripts, true);
	outside_configure(v->outside, a->now);
	block_configure(v);
	reconfigure(a);
	vrrp_build_groups(v, a->was_groups, a->n_was_groups);
	run_instances(a);
	if (own != NULL)
		kernel_static(own->kernel, v->config);
	scripts_start(v->scripts, a->now);
	finish(a);
}

int vrrp_apply(struct vrrp *v, const struct config *config, ktime now)
{
	struct apply a = {
		.vrrp = v,
		.old = v->config,
		.new = vrrp_config_of(config),
		.was = v->instances,
		.n_was = v->n_instances,
		.was_groups = v->groups,
		.n_was_groups = v->n_groups,
		.now = now,
	};

	a.page = vrrp_page_new(v, config);
	if (a.page == NULL)
		return -errno;
	a.scratch = arena_new();
	a.pairs = diff_lists(a.scratch, &a.old->instances, &a.new->instances, &a.n_pairs);
	take_over(&a, config);
	if (config->global->fifo_write_vrrp_states_on_reload)
		notify_repeat(v->notify);
	return 0;
}
