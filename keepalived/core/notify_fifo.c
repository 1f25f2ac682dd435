/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The three notification FIFOs and the scripts that read them.
 *
 * A FIFO whose name did not change stays open over a reload, so its reader keeps it. A script that
 * ends is started again, not faster than once in a while.
 */
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "core/notify.h"
#include "core/supervisor.h"

#define RESTART_AFTER SEC(1)

static const char *const prefixes[] = {
	[NOTIFY_FIFO_ALL] = "",
	[NOTIFY_FIFO_VRRP] = "vrrp_",
	[NOTIFY_FIFO_LVS] = "lvs_",
};

static const struct fifo_config *config_of(const struct global_config *global,
					   enum notify_fifo which)
{
	switch (which) {
	case NOTIFY_FIFO_VRRP:
		return &global->vrrp_notify_fifo;
	case NOTIFY_FIFO_LVS:
		return &global->lvs_notify_fifo;
	case NOTIFY_FIFO_ALL:
	case NOTIFY_FIFOS:
		break;
	}
	return &global->notify_fifo;
}

static const struct script_config *script_of(const struct global_config *global,
					     enum notify_fifo which)
{
	switch (which) {
	case NOTIFY_FIFO_VRRP:
		return global->vrrp_notify_fifo_script;
	case NOTIFY_FIFO_LVS:
		return global->lvs_notify_fifo_script;
	case NOTIFY_FIFO_ALL:
	case NOTIFY_FIFOS:
		break;
	}
	return global->notify_fifo_script;
}

static struct fifo_owner owner_of(const struct fifo_config *config)
{
	const struct script_owner *named =
		config->owner.user ? &config->owner : &config->default_owner;
	struct fifo_owner owner = { 0 };
	const char *why = NULL;

	if (!named->user)
		return owner;
	owner.given = script_owner_ids(named, &owner.uid, &owner.gid, &why);
	if (!owner.given)
		log_warning("notify FIFO %s: owner %s: %s", config->path, named->user,
			    why ? why : "not found");
	return owner;
}

static void open_fifo(struct fifo_seat *seat, const struct fifo_config *config,
		      enum notify_fifo which)
{
	struct fifo_owner owner = owner_of(config);
	int result = fifo_open(seat->loop, &seat->fifo, config->path, &owner);

	if (result == -EPERM)
		log_error("NOTIFYFIFO %snotify fifo %s is not a fifo we own - not using",
			  prefixes[which], config->path);
	else if (result)
		log_error("cannot open %snotify fifo %s: %s", prefixes[which], config->path,
			  strerror(-result));
}

static void start_script(struct fifo_seat *seat, ktime now)
{
	const char *args[] = { seat->fifo.path };
	struct job_what what = { .run = seat->run, .args = args, .n_args = 1 };
	int result = job_start(seat->runner, &seat->script, &what, now);

	if (result && result != -EACCES)
		log_error("cannot run FIFO script %s: %s", seat->run->config->command,
			  strerror(-result));
}

static void restart(struct timer *t, ktime now)
{
	struct fifo_seat *seat = container_of(t, struct fifo_seat, restart);

	if (seat->run && fifo_is_open(&seat->fifo) && !job_is_running(&seat->script))
		start_script(seat, now);
}

static void script_done(struct job *j, const struct run_result *result attr_unused, ktime now)
{
	struct fifo_seat *seat = container_of(j, struct fifo_seat, script);

	if (seat->stopping || !seat->run)
		return;
	log_warning("FIFO script %s ended: starting it again", seat->run->config->command);
	timer_arm(loop_timers(seat->loop), &seat->restart, ktime_add(now, RESTART_AFTER));
}

static bool same_words(const struct script_run *a, const struct script_run *b)
{
	if (!a || !b || a->argc != b->argc || a->uid != b->uid || a->gid != b->gid)
		return a == b;
	for (uint32_t i = 0; i < a->argc; i++)
		if (!str_eq(a->argv[i], b->argv[i]))
			return false;
	return true;
}

static void set_script(struct fifo_seat *seat, struct generation *g,
		       const struct script_config *script, ktime now)
{
	const struct script_run *run =
		script && g->runs && fifo_is_open(&seat->fifo) ? &g->runs[script->id] : NULL;
	bool same = same_words(seat->run, run) && job_is_running(&seat->script);

	generation_unref(seat->generation);
	seat->generation = generation_ref(g);
	seat->run = run;
	if (same)
		return;
	timer_cancel(&seat->restart);
	job_abandon(&seat->script);
	seat->script.done = script_done;
	seat->restart.fire = restart;
	if (run)
		start_script(seat, now);
}

void fifo_seat_configure(struct fifo_seat *seat, struct generation *g, enum notify_fifo which,
			 ktime now)
{
	const struct fifo_config *config = config_of(g->config->global, which);

	if (fifo_is_open(&seat->fifo) && !str_eq(seat->fifo.path, config->path))
		fifo_close(&seat->fifo);
	if (!fifo_is_open(&seat->fifo) && config->path)
		open_fifo(seat, config, which);
	set_script(seat, g, script_of(g->config->global, which), now);
}

void fifo_seat_write(struct fifo_seat *seat, const char *line)
{
	if (!fifo_is_open(&seat->fifo))
		return;
	if (fifo_write(&seat->fifo, line)) {
		seat->loss_said = false;
		return;
	}
	if (!seat->loss_said)
		log_error("nobody reads FIFO %s: lines are being lost", seat->fifo.path);
	seat->loss_said = true;
}

void fifo_seat_stop(struct fifo_seat *seat, ktime now)
{
	seat->stopping = true;
	timer_cancel(&seat->restart);
	job_terminate(&seat->script, now);
}

void fifo_seat_fini(struct fifo_seat *seat)
{
	timer_cancel(&seat->restart);
	job_abandon(&seat->script);
	fifo_close(&seat->fifo);
	generation_unref(seat->generation);
	seat->generation = NULL;
	seat->run = NULL;
}
