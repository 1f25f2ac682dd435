/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ask the supervisor to run a script of the configuration, and hear how it ended.
 *
 * An engine cannot execute anything. It names a script by its id; the supervisor looks it up in
 * its own copy of the configuration, runs it as the configured user and reports the end exactly
 * once. A struct run is embedded in its owner; one program at a time each.
 */
#pragma once

#include "core/config_script.h"
#include "base/time.h"

struct engine_run;
struct run;

enum run_end {
	RUN_EXITED,		/* ->code is the exit status */
	RUN_SIGNALED,		/* ->code is the signal */
	RUN_TIMED_OUT,		/* ended by us at its deadline or by run_terminate(); ->exited: it
				   trapped SIGTERM and ended with status ->code, else signal */
	RUN_EXEC_FAILED,	/* could not be executed; ->code is errno */
	RUN_REFUSED,		/* not allowed: unknown script, or dropped by the security checks */
	RUN_LOST,		/* the supervisor could not be asked; ->code is errno */
};

struct run_result {
	enum run_end end;
	int code;
	bool exited;
	kspan took;
};

/** What happens to a program after its deadline (data dumps show it). */
enum run_phase {
	RUN_IDLE,
	RUN_RUNNING,
	RUN_TERMINATING,	/* SIGTERM sent */
	RUN_KILLING,		/* SIGKILL sent */
};

struct run {
	/** Called once per run_start(), never from inside it. Required. */
	void (*done)(struct run *, const struct run_result *, ktime now);
	/** After ->phase changed to RUN_TERMINATING or RUN_KILLING (->pid is known then). May be
	 *  NULL. */
	void (*phase_changed)(struct run *, ktime now);
	enum run_phase phase;
	pid_t pid;		/* 0 until known */
	uint64_t token;		/* private from here on */
	int lost_error;
	struct engine_run *engine;
	struct run *next;
};

struct run_what {
	const struct script_config *script;	/* of run->config */
	kspan timeout;				/* zero: none */
	const char *const *args;		/* appended to the script's own words */
	unsigned n_args;
};

/** Start it; ->done must be set and it must be idle. When even asking is impossible ->done is
 *  called later with RUN_LOST. */
void run_start(struct engine_run *, struct run *, const struct run_what *);
/** Text for iptables-restore. */
struct run_rules {
	int family;		/* AF_INET6: ip6tables-restore */
	const char *netns;	/* name of a network namespace; NULL: that of the daemon */
	const char *text;
	size_t len;
};

/**
 * Load it with iptables-restore --noflush. The only program that the configuration does not name;
 * refused unless it has, or had, vrrp_iptables. ->done as for a script.
 */
void run_filter(struct engine_run *, struct run *, const struct run_rules *);
/** As if its deadline had come; ->done follows. Harmless if idle. */
void run_terminate(struct run *);
/** Kill it and forget it: ->done will not be called. Harmless if idle. */
void run_cancel(struct run *);
static inline bool run_is_running(const struct run *r) { return r->phase != RUN_IDLE; }
