/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VRRP engine: the process from its start to its end.
 *
 * struct vrrp is the one object from which everything is reached; it is made and freed here.
 * Starting instances is start.c, reloads apply.c. What a wake-up produced is carried out at its
 * end by commit().
 */
#include "vrrp/engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "core/linkbeat.h"
#include "loop/loop.h"
#include "netlink/nl.h"
#include "vrrp/apply.h"
#include "vrrp/block.h"
#include "vrrp/farewell.h"
#include "vrrp/garp.h"
#include "vrrp/io.h"
#include "vrrp/kernel.h"
#include "vrrp/lint.h"
#include "vrrp/lvs_sync.h"
#include "vrrp/notify.h"
#include "vrrp/notify_plan.h"
#include "vrrp/outside.h"
#include "vrrp/show.h"
#include "vrrp/start.h"
#include "vrrp/summary.h"
#include "vrrp/track.h"
#include "vrrp/track_script.h"
#include "vrrp/vmac.h"
#include "vrrp/withdraw.h"

#define RETRY_EVERY SEC(1)
#define STOP_LIMIT  SEC(3)
#define STOP_TICK   MSEC(20)

int64_t vrrp_wall_of(ktime at)
{
	if (ktime_is_never(at))
		return 0;
	return clock_wall_ns() + ktime_diff(at, clock_now()).ns;
}

/* -- the end of a wake-up ------------------------------------------------------------------- */

void vrrp_want_commit(struct vrrp *v)
{
	loop_defer(v->loop, &v->commit);
}

static bool idle(const struct vrrp *v)
{
	for (const struct vrrp_net *net = v->nets; net != NULL; net = net->next) {
		if (!io_idle(net->io) || !kernel_idle(net->kernel))
			return false;
	}
	return lvs_sync_idle(v->lvs_sync) && notify_idle(v->notify);
}

static bool unblocked(struct vrrp *v, ktime now)
{
	bool done = true;

	for (struct vrrp_net *net = v->nets; net != NULL; net = net->next)
		done = block_stop(net, now) && done;
	return done;
}

/* Addresses are out: interfaces of ours follow, and settings go back to what they were. */
static void finish(struct vrrp *v)
{
	bool keep = v->run->options->dont_release_vrrp;

	for (struct vrrp_net *net = v->nets; net != NULL && !keep; net = net->next) {
		vmac_delete_all(net);
		vmac_settings_restore(net);
	}
	engine_end(v->run, ENGINE_EXIT_OK);
}

static void commit(struct deferred *d, ktime now)
{
	struct vrrp *v = container_of(d, struct vrrp, commit);

	for (struct vrrp_net *net = v->nets; net != NULL; net = net->next)
		io_flush(net->io, now);
	for (struct vrrp_net *net = v->nets; net != NULL; net = net->next) {
		vmac_flush(net);
		block_flush(net, now);
		kernel_flush(net->kernel, v->stopping, now);
		io_flush(net->io, now);
		garp_flush(net->garp, now);
	}
	notify_flush(v->notify, false);
	if (v->sockets_changed) {
		v->sockets_changed = false;
		show_sockets(v);
	}
	if (v->stopping && idle(v) && unblocked(v, now))
		finish(v);
}

/* -- hooks --------------------------------------------------------------------------------- */

static void retry(struct timer *t, ktime now)
{
	struct vrrp *v = container_of(t, struct vrrp, retry);
	struct cause cause = { .type = CAUSE_KERNEL };

	for (uint32_t i = 0; i < v->n_instances; i++) {
		struct vrrp_instance *vr = v->instances[i];

		if (vr != NULL && vr->own_faults[OWN_FAULT_KERNEL])
			instance_check_interface(vr, false, &cause, now);
	}
}

void vrrp_want_retry(struct vrrp *v)
{
	if (!timer_is_armed(&v->retry))
		timer_arm(loop_timers(v->loop), &v->retry,
			  ktime_add(loop_now(v->loop), RETRY_EVERY));
}

/* While stopping: what is waited for may end without telling us. */
static void stop_tick(struct timer *t, ktime now)
{
	struct vrrp *v = container_of(t, struct vrrp, stop_timer);

	vrrp_want_commit(v);
	timer_arm(loop_timers(v->loop), t, ktime_add(now, STOP_TICK));
	if (ktime_before(now, v->stop_at))
		return;
	log_warning("could not finish everything in time");
	notify_flush(v->notify, true);
	engine_end(v->run, ENGINE_EXIT_OK);
}

static void stop(struct vrrp *v, ktime now)
{
	v->stopping = true;
	timer_cancel(&v->retry);
	scripts_stop(v->scripts);
	vrrp_stop_all(v, now);
	v->stop_at = ktime_add(now, STOP_LIMIT);
	timer_arm(loop_timers(v->loop), &v->stop_timer, ktime_add(now, STOP_TICK));
	vrrp_want_commit(v);
}

static void on_stop(struct engine_run *run, ktime now)
{
	farewell_begin(run->data, stop, now);
}

static void on_clear(struct engine_run *run, ktime now)
{
	struct vrrp *v = run->data;

	for (uint32_t i = 0; i < v->n_instances; i++) {
		struct vrrp_instance_status *s = status_begin(v->page, VRRP_SLOT_INSTANCE, i);

		if (s == NULL)
			continue;
		if (s->has_rare)
			memset(status_slot(v->page, VRRP_SLOT_RARE, i), 0,
			       sizeof(struct vrrp_rare_counters));
		s->has_rare = false;
		s->usual = (struct vrrp_usual_counters){ 0 };
		status_end(v->page, s);
	}
	v->engine_slot->cleared_wall_ns = vrrp_wall_of(now);
}

static int on_reload(struct engine_run *run, const struct config *config, ktime now)
{
	return vrrp_apply(run->data, config, now);
}

/* -- life ---------------------------------------------------------------------------------- */

static struct vrrp *vrrp_new(struct engine_run *run)
{
	struct vrrp *v = xnew(struct vrrp);

	v->run = run;
	v->loop = run->loop;
	v->commit.run = commit;
	slab_init(&v->instance_slab, sizeof(struct vrrp_instance));
	v->retry.fire = retry;
	v->stop_timer.fire = stop_tick;
	vrrp_use_config(v, run->config);
	v->notify = notify_new(v);
	v->track = track_new(v);
	v->scripts = scripts_new(v);
	v->outside = outside_new(v);
	v->lvs_sync = lvs_sync_new(v);
	return v;
}

static void vrrp_free(struct vrrp *v)
{
	lvs_sync_free(v->lvs_sync);
	for (uint32_t i = 0; i < v->n_groups; i++)
		sync_free(v->groups[i]);
	for (uint32_t i = 0; i < v->n_instances; i++)
		instance_free(v->instances[i], false);
	outside_free(v->outside);
	scripts_free(v->scripts);
	track_free(v->track);
	farewell_free(v);
	notify_free(v->notify);
	linkbeats_free(v->linkbeats);
	while (v->nets != NULL) {
		struct vrrp_net *net = v->nets;

		v->nets = net->next;
		vrrp_net_free(net);
	}
	loop_undefer(v->loop, &v->commit);
	timer_cancel(&v->retry);
	timer_cancel(&v->stop_timer);
	free(v->groups);
	free(v->instances);
	vrrp_crypto_free(v->crypto);
	free(v);
}

static int vrrp_run(struct engine_run *run)
{
	struct vrrp *v = vrrp_new(run);
	int code;

	run->data = v;
	run->on_reload = on_reload;
	run->on_stop = on_stop;
	run->on_clear = on_clear;
	code = vrrp_start_all(v, clock_now());
	if (code == 0) {
		engine_ready(run);
		code = engine_loop(run);
	}
	run->data = NULL;
	vrrp_free(v);
	return code;
}

static kspan stop_wait(const struct config *config)
{
	const struct vrrp_config *c = vrrp_config_of(config);
	kspan longest = { 0 };

	for (uint32_t i = 0; i < c->instances.n; i++) {
		const struct vrrp_notify_config *n = vrrp_instance_at(c, i)->notify;

		if (n->scripts.stop != NULL)
			longest.ns = MAX_OF(longest.ns, n->stop_wait.ns);
	}
	for (uint32_t i = 0; i < c->groups.n; i++) {
		const struct vrrp_group_config *group = c->groups.items[i];

		if (group->notify.stop != NULL)
			longest.ns = MAX_OF(longest.ns, group->notify_stop_wait.ns);
	}
	return longest;
}

static unsigned long more_caps(const struct config *config)
{
	const struct vrrp_config *c = vrrp_config_of(config);

	if (c->lvs_sync_instance != NULL && config->process->net_namespace_ipvs != NULL)
		return ENGINE_CAP_NETNS;
	for (uint32_t i = 0; i < c->instances.n; i++) {
		if (vrrp_instance_at(c, i)->rare->net_namespace != NULL)
			return ENGINE_CAP_NETNS;
	}
	return 0;
}

const struct engine vrrp_engine = {
	VRRP_ENGINE_IDENTITY,
	.built = true,
	.prepare = vrrp_prepare,
	.run = vrrp_run,
	.notify = vrrp_notify_plan,
	.withdraw = vrrp_withdraw,
	.dump_data = vrrp_dump_data,
	.dump_stats = vrrp_dump_stats,
	.dump_json = vrrp_dump_json,
	.summary = vrrp_summary,
	.keep_caps = ENGINE_CAP_NET_ADMIN | ENGINE_CAP_NET_RAW | ENGINE_CAP_READ_FILES,
	.more_caps = more_caps,
	.stop_wait = stop_wait,
};
