/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scheduling and limits of a process: nice value, real-time priority, CPUs, locked memory.
 *
 * The supervisor sets them for its engines, from outside, at start and at each reload; only
 * locking memory has to be done by the process itself. What the system does not allow (a
 * container without CAP_SYS_NICE) is a warning, not an end.
 */
#pragma once

#include <sys/types.h>

#include "core/config.h"
#include "core/engine.h"

/** The settings of an engine; NULL for one that has none. */
const struct process_sched *resources_of(const struct global_config *, enum engine_id);
/** The configured name of an engine's process, NULL: leave it. */
const char *resources_process_name(const struct global_config *, const struct engine *);
/** Apply to process @pid what differs from @old (NULL: the defaults). Logs as @title. */
void resources_apply(pid_t pid, const char *title, const struct process_sched *old,
		     const struct process_sched *new);
/** Lift the limit of locked memory: before rights are given up, for resources_lock_memory(). */
void resources_allow_locking(void);
/** Lock this process in memory, or unlock it. */
void resources_lock_memory(bool lock);
/** Raise this process to real-time priority @priority with its time limit. 0 or -errno. */
int resources_raise(int priority, const struct process_sched *);
/** As many open files as the hard limit allows: one descriptor per script, peer or server. */
void resources_allow_files(void);
