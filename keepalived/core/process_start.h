/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the supervisor's fork to engine->run(): what the new process is told.
 */
#pragma once

#include "core/config.h"
#include "core/engine.h"
#include "core/names.h"
#include "core/options.h"

struct process_start {
	const struct engine *engine;
	struct config_options reading;	/* for snapshots at a reload */
	const struct options *options;
	struct config *config;		/* inherited by the fork */
	struct names names;
	int ipc_fd;
	int lock_fd;			/* of the daemon's pid file: kept locked to the end; -1 */
	int lines[ENGINE_COUNT];	/* to other engines; -1: none */
	pid_t supervisor;
	bool restarted;
	struct status_page *before;	/* what the one that died last said, or NULL */
};

/** Become the engine; called in the forked child, never returns. */
attr_noreturn void process_main(const struct process_start *);
