/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that core knows of an engine (vrrp, check, bfd, monitor): one const struct each, listed in
 * main.c. A build without BFD has no BFD in core; tests run core with a toy engine.
 */
#pragma once

#include "base/str.h"
#include "config/bind.h"
#include "core/config.h"
#include "core/event.h"

struct engine_run;	/* core/process.h: loop, ipc, config, status page of a running engine */
struct status_page;	/* core/status.h */
struct view;		/* core/view.h */

enum engine_id { ENGINE_VRRP, ENGINE_CHECK, ENGINE_BFD, ENGINE_MONITOR, ENGINE_COUNT };

struct engine {
	enum engine_id id;
	const char *name;		/* "vrrp": process name suffix, messages */
	const char *title;		/* "VRRP", as in "VRRP child process" */
	const char *ident;		/* syslog identifier suffix and log file suffix: "vrrp" */
	const char *pid_name;		/* "vrrp": keepalived_vrrp.pid */
	const char *comm;		/* process name with process_names: "keepalived_vrrp" */
	const char *dump_name;		/* "VRRP", as in "Printing VRRP data"; "checker" */
	const char *dump_suffix;	/* "" for keepalived.data, "_check" for ..._check.data */
	bool built;			/* false for a null engine */
	/** Top-level keywords and the struct that they fill; see config_section(). */
	const struct block_type *sections;
	/** Cross-checks after everything is bound: reports through the context. May be NULL. */
	void (*check)(struct config_check *);
	/** What only the system can tell about this engine's part: keys in files and the like.
	 *  Reports to config->diags. Called by every process before it uses a configuration, and
	 *  by tests. May be NULL. */
	void (*load)(struct config *);
	/** Advice about what is allowed but rarely meant: notes only. May be NULL. */
	void (*lint)(struct config_check *);
	/** Does this configuration give the engine work? */
	bool (*wanted)(const struct config *);
	/** In the supervisor, before any engine starts (@old NULL) and before a reload reaches
	 *  them: what only the supervisor may do. May be NULL. */
	void (*prepare)(const struct config *old, const struct config *);
	/** The process: runs its loop until told to stop; returns the exit status. */
	int (*run)(struct engine_run *);
	/**
	 * Undo what a dead process of this engine left in the system, so that nobody is misled
	 * until it is back: runs once in a process of its own (full privileges, killed after some
	 * seconds) when the restart is delayed or there is none. @page is what the dead one last
	 * said, NULL if it said nothing. May be NULL.
	 */
	void (*withdraw)(const struct config *, const struct status_page *page);
	/** What an event of this engine means to the outside. Pure. False: nothing. */
	bool (*notify)(const struct config *, const struct event *, struct notify_plan *out);
	/** .data, .stats and JSON from configuration and status page. Each may be NULL. The JSON
	 *  file is the VRRP engine's: it writes the whole document. */
	void (*dump_data)(const struct config *, const struct status_page *, struct strbuf *out);
	void (*dump_stats)(const struct config *, const struct status_page *, struct strbuf *out);
	void (*dump_json)(const struct config *, const struct status_page *, struct view *);
	/** "2 of 3 instances MASTER", for the service manager. May be NULL. */
	void (*summary)(const struct config *, const struct status_page *, struct strbuf *out);
	/** How much longer than usual its stop may take, because this configuration asks for it.
	 *  May be NULL. */
	kspan (*stop_wait)(const struct config *);
	unsigned long keep_caps;	/* ENGINE_CAP_* that the process keeps */
	/** What this configuration needs beyond keep_caps; fixed at the start of the process. May
	 *  be NULL. */
	unsigned long (*more_caps)(const struct config *);
};

#define ENGINE_CAP_NET_ADMIN  (1u << 0)
#define ENGINE_CAP_NET_RAW    (1u << 1)
#define ENGINE_CAP_NET_BIND   (1u << 2)	/* low source ports */
#define ENGINE_CAP_READ_FILES (1u << 3)	/* tracked files that belong to others */
#define ENGINE_CAP_SYS_NICE   (1u << 4)	/* kept by core for max_auto_priority */
#define ENGINE_CAP_NETNS      (1u << 5)	/* enter other network namespaces */
