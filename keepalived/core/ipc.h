/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages between the supervisor and an engine: one SOCK_SEQPACKET pair per engine.
 *
 * A message is a type and a struct of exactly one size, with a descriptor where its row says so.
 * Each side has one table of what it accepts; anything else ends this peer and nobody else.
 * Sending never blocks: what the socket cannot take now is queued, up to a bound, in order.
 */
#pragma once

#include "core/event.h"
#include "loop/loop.h"

enum ipc_type {
	/* engine to supervisor */
	IPC_READY,		/* struct ipc_ready: that generation is in use */
	IPC_EVENT,		/* struct event */
	IPC_STATUS,		/* struct ipc_generation + descriptor of a status page */
	IPC_RUN,		/* struct ipc_run: run a script of the configuration */
	IPC_RUN_END,		/* struct ipc_run_end: terminate or forget it */
	IPC_FILTER,		/* struct ipc_filter + descriptor of text for iptables-restore */
	IPC_PONG,		/* struct ipc_ping: the answer, with the number of the question */
	/* supervisor to engine */
	IPC_RELOAD,		/* struct ipc_generation + descriptor of a snapshot */
	IPC_RUN_PHASE,		/* struct ipc_run_phase */
	IPC_RUN_DONE,		/* struct ipc_run_done */
	IPC_CLEAR,		/* no content: zero the counters */
	IPC_PING,		/* struct ipc_ping: are you there? */
	/* reload checker to supervisor */
	IPC_CHECKED,		/* struct ipc_checked + descriptor of a snapshot */
	IPC_TYPES
};

struct ipc_generation {
	uint64_t generation;
};

#define IPC_ERRNO_MAX 4095

struct ipc_ready {
	uint64_t generation;
	int32_t result;		/* 0; -errno, at least -IPC_ERRNO_MAX: its old one stays */
};

struct ipc_checked {
	uint32_t verdict;	/* enum reload_verdict */
	uint32_t has_errors;
};

#define IPC_RUN_ARGS_MAX 480

struct ipc_run {
	uint64_t token;		/* chosen by the engine */
	uint64_t generation;	/* of the configuration that the id belongs to */
	uint32_t script_id;
	uint32_t n_args;	/* words appended to the script's own, each ended by NUL in args */
	int64_t timeout_ns;	/* 0: none */
	char args[IPC_RUN_ARGS_MAX];
};

struct ipc_run_end {
	uint64_t token;
	uint32_t forget;	/* 0: terminate and report; 1: kill and do not report */
};

struct ipc_filter {
	uint64_t token;		/* answered like that of a script */
	int32_t family;		/* AF_INET or AF_INET6 */
	char netns[256];	/* name of a network namespace, NUL-terminated; "": the daemon's */
};

struct ipc_run_phase {
	uint64_t token;
	uint32_t phase;		/* enum run_phase */
	int32_t pid;
};

struct ipc_run_done {
	uint64_t token;
	int64_t took_ns;
	uint32_t end;		/* enum run_end */
	int32_t code;
	uint32_t exited;
};

struct ipc_ping {
	uint64_t number;
};

struct ipc;

/** One row of what a side accepts. */
struct ipc_row {
	size_t size;		/* of the content, exactly */
	bool has_fd;
	unsigned cost;		/* 0 counts as 1; see struct ipc_pace */
	/** @msg is aligned and valid during the call. @fd belongs to the handler (-1: none). */
	void (*handle)(struct ipc *, const void *msg, int fd, ktime now);
};

#define IPC_QUEUE_MAX 65536	/* messages waiting for a slow peer */

/**
 * How much a peer may ask for: what it sends costs what the rows say, @burst at once and
 * @per_second in the long run. What exceeds it waits in the socket. Zero: no bound.
 */
struct ipc_pace {
	unsigned burst, per_second;
};

struct ipc_queued;

struct ipc {
	struct watch watch;
	const struct ipc_row *table;	/* IPC_TYPES rows; ->handle NULL: not accepted */
	struct ipc_pace pace;
	/** Reading was put off for the sake of ->pace. May be NULL. */
	void (*slowed)(struct ipc *, ktime now);
	/** The peer is gone or broke the rules (@why: literal). The socket is closed already. */
	void (*gone)(struct ipc *, const char *why, ktime now);
	struct ipc_queued *first, *last;
	unsigned n_queued;
	ktime paid_until;	/* private: when all that was taken will be paid for */
	struct timer resume;
};

/** A connected pair of descriptors, close-on-exec and non-blocking. 0 or -errno. */
int ipc_pair(int fds[2]);
/** Take over @fd and listen; ->table and ->gone must be set. 0 or -errno. */
int ipc_start(struct loop *, struct ipc *, int fd);
/** Close; what is queued is lost. Harmless if not started; ->gone is not called. */
void ipc_stop(struct ipc *);
/** Send @msg of @size bytes (@fd -1: no descriptor; else duplicated). 0; -ENOBUFS when the queue
 *  is full; -ENOTCONN when not started. */
int ipc_send(struct ipc *, enum ipc_type, const void *msg, size_t size, int fd);
/** Read and handle all that has arrived, without waiting: what a peer said before it ended. */
void ipc_drain(struct ipc *, ktime now);
/** Wait up to @limit until everything queued was sent; false if it was not. For an orderly end. */
bool ipc_flush(struct ipc *, kspan limit);
