/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Jobs: scripts of the configuration, run as it says, one at a time per struct job.
 *
 * Only what script.c vetted can be run: a job takes a struct script_run, never a command.
 */
#pragma once

#include "core/run.h"
#include "core/script.h"
#include "loop/child.h"

struct runner {
	struct loop *loop;
	char **environment;	/* cleaned copy of the daemon's */
	struct job *jobs;	/* running */
	unsigned n_jobs;
};

/** A running script; embedded in its owner. Zero-initialise. */
struct job {
	/** Once per successful job_start(), never from inside it. Required. */
	void (*done)(struct job *, const struct run_result *, ktime now);
	/** TERM and KILL after the deadline. May be NULL. */
	void (*phase_changed)(struct job *, ktime now);
	enum run_phase phase;
	struct child child;	/* private from here on */
	struct timer deadline;
	struct runner *runner;
	struct job *next;
	struct job **at;
};

struct netns;

struct job_what {
	const struct script_run *run;
	const char *const *args;	/* appended to the script's own words */
	unsigned n_args;
	kspan timeout;			/* zero: none */
	int fd_in;			/* its standard input; 0: /dev/null */
	const struct netns *netns;	/* where it runs; NULL: here */
};

void runner_init(struct runner *, struct loop *);
void runner_fini(struct runner *);	/* kills what still runs */
/** Is this process one of ours, so that nobody else must wait for it? */
bool runner_owns(const struct runner *, pid_t pid);

/** 0; -EACCES: refused by the security checks or unusable; -errno: cannot start anything. */
int job_start(struct runner *, struct job *, const struct job_what *, ktime now);
/** As if its deadline had come. */
void job_terminate(struct job *, ktime now);
/** Kill it and forget it: ->done is not called. */
void job_abandon(struct job *);
static inline bool job_is_running(const struct job *j) { return j->phase != RUN_IDLE; }
