/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events: what an engine says, once, about a change; and why it happened.
 *
 * Fixed size, so that it can be sent as one message and kept in a status slot. The supervisor
 * turns it into notify scripts and FIFO lines, the monitor into traps, signals and mails.
 */
#pragma once

#include "base/enum.h"
#include "base/time.h"
#include "net/addr.h"

#define EVENT_KINDS(X)                    \
	X(EVENT_INSTANCE, "INSTANCE")     \
	X(EVENT_GROUP, "GROUP")           \
	X(EVENT_REAL_SERVER, "RS")        \
	X(EVENT_VIRTUAL_SERVER, "VS")     \
	X(EVENT_BFD, "BFD")
ENUM_DECLARE(event_kind, EVENT_KINDS)

/** What happened; the words are those of notify scripts and FIFOs. */
#define EVENT_WHATS(X)                                       \
	X(EVENT_MASTER, "MASTER")                            \
	X(EVENT_BACKUP, "BACKUP")                            \
	X(EVENT_FAULT, "FAULT")                              \
	X(EVENT_STOP, "STOP")                                \
	X(EVENT_DELETED, "DELETED")                          \
	X(EVENT_RX_LOWER_PRI, "MASTER_RX_LOWER_PRI")         \
	X(EVENT_MASTER_PRIORITY, "MASTER_PRIORITY")          \
	X(EVENT_BACKUP_PRIORITY, "BACKUP_PRIORITY")          \
	X(EVENT_UP, "UP")                                    \
	X(EVENT_DOWN, "DOWN")
ENUM_DECLARE(event_what, EVENT_WHATS)

/** Why: from whom, which timer, interface, script, signal, request. */
#define CAUSE_TYPES(X)                                                   \
	X(CAUSE_NONE, "none")                                            \
	X(CAUSE_START, "start")                                          \
	X(CAUSE_ADVERT, "advertisement")		/* from, number = priority */ \
	X(CAUSE_PRIORITY_ZERO, "priority 0 advertisement")	/* from */ \
	X(CAUSE_MASTER_DOWN, "master-down timer")	/* number = ms since the last advert */ \
	X(CAUSE_OWNER, "address owner")                                  \
	X(CAUSE_INTERFACE, "interface")			/* text = name, number 0 down 1 up */ \
	X(CAUSE_ADDRESS, "source address")		/* from = address */ \
	X(CAUSE_VIP_LOST, "virtual address removed")	/* from = address, text = interface */ \
	X(CAUSE_ROUTE_LOST, "route or rule removed")	/* text = which of them */ \
	X(CAUSE_SCRIPT, "script")			/* text = name, number = exit status */ \
	X(CAUSE_FILE, "track file")			/* text = name, number = value */ \
	X(CAUSE_PROCESS, "tracked process")		/* text = name, number = count */ \
	X(CAUSE_BFD, "BFD session")			/* text = name, number 0 down 1 up */ \
	X(CAUSE_GROUP, "sync group")			/* text = instance that moved first */ \
	X(CAUSE_CONFIG, "configuration")		/* text = what */ \
	X(CAUSE_RELOAD, "reload")                                        \
	X(CAUSE_SIGNAL, "signal")			/* number = signal */ \
	X(CAUSE_REQUEST, "request")                                      \
	X(CAUSE_LATE, "late timer")			/* number = ms */ \
	X(CAUSE_KERNEL, "kernel error")			/* number = errno, text = what */
ENUM_DECLARE(cause_type, CAUSE_TYPES)

struct cause {
	enum cause_type type;
	int32_t number;
	struct addr from;
	char text[44];
};

struct event {
	enum event_kind kind;
	enum event_what what;
	uint32_t index;		/* of the object in its list of the configuration */
	uint32_t sub_index;	/* real server within its virtual server */
	uint64_t generation;	/* of the configuration that the index belongs to */
	int32_t priority;	/* effective, where it applies */
	int64_t wall_ns;	/* CLOCK_REALTIME */
	struct cause cause;
	bool quiet;		/* for the FIFO only (repeat after a reload) */
};

/** Can this be what an engine means? False for values that are in no list, from a process that
 *  may have been taken over. What the indices mean is for struct engine's ->notify to see. */
bool event_is_sane(const struct event *);

struct script_config;

#define NOTIFY_SCRIPTS_MAX 2

/** What the supervisor does with an event; from struct engine's ->notify. */
struct notify_plan {
	const struct script_config *scripts[NOTIFY_SCRIPTS_MAX];	/* run in this order */
	bool extra_args[NOTIFY_SCRIPTS_MAX];	/* append type, name, state, priority */
	char type[16];			/* "INSTANCE" */
	const char *name;		/* borrowed from the configuration */
	const char *state;
	int32_t priority;
	char fifo_line[512];		/* with newline; empty: none */
	bool fifo_vrrp;			/* also to vrrp_notify_fifo, else lvs_notify_fifo */
	uint64_t order_key;		/* scripts with one key run one after the other */
};

/** "advert from 192.0.2.2 with priority 150", for logs and JSON. Returns @buf. */
const char *cause_text(const struct cause *, char *buf, size_t size);
