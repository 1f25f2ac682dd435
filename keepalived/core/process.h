/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of an engine process: what engine->run() gets and what it may call.
 *
 * The supervisor forks; process.c gives the child its name, identity in the log, priority,
 * limits, sandbox, loop and message socket, fills a struct engine_run and calls engine->run(),
 * which sets its hooks, builds its objects and returns engine_loop():
 *
 *	static int vrrp_run(struct engine_run *run)
 *	{
 *		struct vrrp *vrrp = vrrp_new(run);
 *
 *		run->data = vrrp;
 *		run->on_reload = vrrp_reload;
 *		run->on_stop = vrrp_stop;
 *		vrrp_start(vrrp);
 *		engine_ready(run);
 *		int code = engine_loop(run);
 *
 *		vrrp_free(vrrp);
 *		return code;
 *	}
 *
 * If the supervisor dies the engine is stopped like by SIGTERM.
 */
#pragma once

#include "core/config.h"
#include "core/engine.h"
#include "core/event.h"
#include "core/ipc.h"
#include "core/options.h"
#include "core/run.h"
#include "core/status.h"
#include "loop/loop.h"

/** Exit statuses of an engine. With any of the last three it is not started again before the
 *  next reload (FATAL: if it was not yet ready); the others go on. */
enum engine_exit {
	ENGINE_EXIT_OK = 0,
	ENGINE_EXIT_FATAL = 1,
	ENGINE_EXIT_CONFIG = 2,
	ENGINE_EXIT_PERMISSION = 4,
};

struct engine_run {
	const struct engine *engine;
	const struct options *options;	/* command line */
	struct loop *loop;
	const struct config *config;	/* in use; changed by core after on_reload() gave 0 */
	struct status_page *status;	/* published page, NULL before engine_publish() */
	int lines[ENGINE_COUNT];	/* direct lines to other engines (lines.h), -1: none */
	bool restarted;			/* a predecessor died: clean up what it left behind */
	struct status_page *before;	/* what a predecessor that died last said, maybe of another
					   generation, until engine_ready(); NULL: nothing */
	bool stopping;			/* on_stop() was called */
	unsigned long missing_caps;	/* ENGINE_CAP_* that it ought to have and was not given */

	/* Hooks, set by the engine; each may be NULL. */
	void *data;
	/**
	 * Take over @config. When it returns 0 nothing may point into run->config any more: core
	 * frees it and puts @config in its place. -errno: nothing has changed, the old one
	 * stays. Publish a new page before returning if any object was added or moved.
	 */
	int (*on_reload)(struct engine_run *, const struct config *config, ktime now);
	/** Stop: called once. End the loop with engine_end() when nothing is pending; NULL: at
	 *  once. */
	void (*on_stop)(struct engine_run *, ktime now);
	/** Zero the counters (the dump that asked for it is already written). */
	void (*on_clear)(struct engine_run *, ktime now);

	/* Core's own. */
	struct ipc ipc;
	struct signal_watch signals;
	struct run *runs;
	struct deferred lost_runs;
	uint64_t next_token;
	struct timer late_timer;
	struct timer settle_timer;	/* memory that is free goes back to the system */
	bool settle_again;
	int raised_priority;		/* real-time priority by max_auto_priority, 0 none */
};

/** Tell the supervisor that the configuration is in use. Once after start; core does it after
 *  reloads. */
void engine_ready(struct engine_run *);
/** Run the loop until engine_end(); the exit status. */
int engine_loop(struct engine_run *);
/** End engine_loop() with @code, after what was sent has left. */
void engine_end(struct engine_run *, int code);
/** Say that something changed. ->generation and ->wall_ns are filled in. */
void engine_emit(struct engine_run *, struct event *);
/** Make @page the one that the outside reads; the previous one is freed. Takes over @page. */
void engine_publish(struct engine_run *, struct status_page *page);
