/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The supervisor's state, shared by its files only: supervise.c (phases, signals), seat*.c (one
 * engine process), reload.c, requests.c (scripts for engines), notify.c, dump.c.
 */
#pragma once

#include "base/log.h"
#include "core/config.h"
#include "core/engine.h"
#include "core/forked.h"
#include "core/health.h"
#include "core/ipc.h"
#include "core/lines.h"
#include "core/names.h"
#include "core/notify.h"
#include "core/options.h"
#include "core/pidfile.h"
#include "core/respawn.h"
#include "core/runner.h"
#include "core/script.h"
#include "core/status.h"
#include "loop/filewatch.h"
#include "loop/loop.h"

struct supervisor;
struct request;

/** One configuration in use by somebody, and how its scripts are run. */
struct generation {
	struct config *config;
	const struct script_run *runs;	/* by script id; NULL: none */
	bool has_errors;
	unsigned refs;
};

enum seat_state {
	SEAT_EMPTY,	/* no process: nothing to do for it */
	SEAT_RUNNING,
	SEAT_WAITING,	/* died; ->restart is armed */
	SEAT_FAILED,	/* ended for good: not before the next reload */
};

/** The place of one engine process. */
struct seat {
	struct supervisor *super;
	const struct engine *engine;	/* NULL: not in this build */
	enum seat_state state;
	struct forked process;		/* SEAT_RUNNING */
	pid_t last_pid;			/* of ->process, for what is said after its end */
	bool ready;			/* has said that its configuration is in use */
	bool answering;			/* a reload was sent and not yet answered */
	bool ending;			/* told to stop */
	bool end_after_reload;		/* has no work in the new configuration */
	struct ipc ipc;
	struct generation *generation;	/* what the process uses; NULL: no process */
	struct status_page *page;	/* last published */
	struct status_page *before;	/* of one that died, until the next one has one */
	struct request *requests;	/* scripts running for it */
	struct respawn respawn;
	struct timer restart;
	struct health health;
	struct timer ask_timer;
	struct timer end_limit;		/* for a process that ought to end */
	struct log_limit slow_said, bound_said, start_said;
	struct pidfile pidfile;
	bool filters;			/* iptables may be needed to take out rules of ours */
	bool enters_netns;		/* it had the right to enter other network namespaces */
	struct forked withdraw;		/* engine->withdraw() at work */
	struct timer withdraw_limit;
	bool start_after_withdraw;	/* SEAT_WAITING for that only */
};

enum reload_phase { RELOAD_IDLE, RELOAD_CHECKING, RELOAD_APPLYING };

struct reload {
	enum reload_phase phase;
	bool queued;			/* another one was asked for meanwhile */
	struct forked checker;		/* reads and judges the new files */
	struct ipc check;		/* its answer */
	struct timer limit;
	struct generation *next;	/* RELOAD_APPLYING: same as super->current */
	struct generation *previous;	/* kept until everybody has answered */
	ktime started_at;
	char *file;			/* the reload_file while it exists */
	struct filewatch time_watch;	/* reload_time_file */
	char *time_path;		/* watched, NULL: none */
	struct timer time_timer;
	int64_t time_at;		/* wall seconds; 0: nothing scheduled */
	bool time_has_date;
};

enum super_phase { SUPER_STARTING, SUPER_STARTUP_SCRIPT, SUPER_RUNNING, SUPER_STOPPING,
		   SUPER_SHUTDOWN_SCRIPT };

struct supervisor {
	const struct options *options;
	const struct build_info *build;
	const struct engine *const *engines;
	size_t n_engines;
	const char *config_path;
	const char *config_id;
	const char *tmp_dir;
	struct names names;
	struct loop *loop;
	struct signal_watch signals;
	struct deferred reap_again;	/* as process 1 */
	enum super_phase phase;
	bool complete;			/* "Startup complete" was said */
	int exit_code;
	int starter_fd;			/* the process that started us waits here; -1: none */
	struct generation *current;
	uint64_t last_generation;
	struct seat seats[ENGINE_COUNT];
	struct lines lines;
	struct runner runner;
	struct notifier notifier;
	struct reload reload;
	struct job script;		/* startup or shutdown script */
	struct timer stop_limit;
	ktime stop_by;
	bool stop_hard;			/* what still runs was told to end */
	struct deferred begin;
	struct timer alive_timer;	/* watchdog and status for the service manager */
	struct pidfile pidfile;
};

/* supervise.c */

/** Run until stopped; the exit status. ->current and the pid file must be set. */
int supervisor_run(struct supervisor *);
void supervisor_stop(struct supervisor *, ktime now);
/** A seat became ready, failed, or is empty: is a start, a reload or a stop complete now? */
void supervisor_review(struct supervisor *, ktime now);
/** The generation of that number if anybody still uses it. */
struct generation *supervisor_generation(struct supervisor *, uint64_t number);

/* generation.c */

/** Take over @config and vet its scripts. */
struct generation *generation_new(struct supervisor *, struct config *);
struct generation *generation_ref(struct generation *);
void generation_unref(struct generation *);	/* NULL is harmless */
/** Options for reading a configuration of number @generation. */
struct config_options supervisor_config_options(const struct supervisor *, uint64_t generation);
/** Log all findings of a configuration, one line each. */
void generation_log_findings(const struct config *);

/* seat.c */

void seat_init(struct supervisor *, struct seat *, const struct engine *);
/** Does the command line allow this engine and the configuration want it? */
bool seat_wanted(const struct seat *, const struct config *);
/** Warns when the configuration has work for an engine that this build does not have. */
void seat_warn_missing(const struct seat *, const struct config *);
void seat_start(struct seat *, ktime now);
/** Ask the process to end. Harmless without one. */
void seat_stop(struct seat *, ktime now);
/** What is known of those that died is known of the one that runs. */
void seat_drop_before(struct seat *);
void seat_fini(struct seat *);

/* seat_messages.c */

/** Take over @fd and hear what the process has to say. */
void seat_listen(struct seat *, int fd);
/** It said what cannot be meant (@why: "it ..."): kill it; it is started again. */
void seat_distrust(struct seat *, const char *why);

/* seat_health.c */

/** Watch a process that was just started. */
void seat_health_start(struct seat *, ktime now);
/** There is none any more. */
void seat_health_stop(struct seat *);

/* reload.c */

void reload_request(struct supervisor *, ktime now);
/** Start the one that was asked for meanwhile, if any. */
void reload_run_queued(struct supervisor *, ktime now);
/** A seat answered or died: is the reload complete? */
void reload_review(struct supervisor *, ktime now);
void reload_stop(struct supervisor *);

/* reload_watch.c */

void reload_watch_start(struct supervisor *, ktime now);
void reload_watch_stop(struct supervisor *);

/* requests.c */

void request_run(struct seat *, const struct ipc_run *, ktime now);
/** Takes over @fd. */
void request_filter(struct seat *, const struct ipc_filter *, int fd, ktime now);
void request_end(struct seat *, const struct ipc_run_end *, ktime now);
/** The engine is gone: so are its scripts. */
void requests_drop(struct seat *);

/* save.c */

/** Keep a copy of a configuration in its config_save_dir, if it has one. */
void save_config(struct supervisor *, const struct config *);
/** The same for the state of all engines; @when is "pre" or "post". */
void save_states(struct supervisor *, const struct config *, const char *when);

/* dump.c */

void dump_data(struct supervisor *);
void dump_stats(struct supervisor *, bool clear);
void dump_json(struct supervisor *);
/** The state of the daemon itself to the log. */
void dump_internal(struct supervisor *);
/** -d: the configuration, line by line, to the log. */
void dump_to_log(struct supervisor *);
