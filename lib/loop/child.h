/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs: start one with an identity, limits and a deadline, and hear of its end exactly once.
 *
 * The program gets its own process group, default signal actions, nothing blocked, /dev/null as
 * standard descriptors, no other descriptor, SIGTERM when its parent dies, and the scheduling,
 * limits and memory locking that child_defaults() recorded at start. At the deadline the group
 * gets SIGTERM, 2 s later SIGKILL, again after 2 s, then every 10 s.
 */
#pragma once

#include <sys/types.h>

#include "base/time.h"
#include "loop/loop.h"

struct netns;

struct child_spec {
	const char *path;		/* what is executed */
	char *const *argv;
	char *const *envp;
	bool set_identity;		/* else the caller's own */
	uid_t uid;
	gid_t gid;
	const gid_t *groups;
	size_t n_groups;
	kspan timeout;			/* zero: none */
	const char *cwd;		/* NULL: leave */
	int fd_in;			/* descriptor for standard input, -1: /dev/null */
	const struct netns *netns;	/* network namespace; NULL: the caller's */
};

enum child_end {
	CHILD_EXITED,		/* ->code is the exit status */
	CHILD_SIGNALED,		/* ->code is the signal */
	CHILD_TIMED_OUT,	/* ended by our SIGTERM or SIGKILL; ->code is the signal, or the
				   status if it trapped SIGTERM (->exited) */
	CHILD_EXEC_FAILED,	/* could not be executed; ->code is errno */
};

struct child_result {
	enum child_end end;
	int code;
	bool exited;		/* with CHILD_TIMED_OUT: it exited by itself with ->code */
	kspan took;
};

struct child {
	pid_t pid;		/* 0 when none is running */
	void (*done)(struct child *, const struct child_result *, ktime now);
	struct watch watch;
	struct timer deadline;
	struct loop *loop;
	ktime started_at;
	unsigned kills;		/* signals sent since the deadline */
	int exec_errno;		/* why it could not be executed, else 0 */
};

/** Record scheduling, nice value and limits as they are now, for every later child. */
void child_defaults_record(void);
/** Start it; ->done must be set. 0, or -errno if not even fork was possible (->done is not
 *  called). A program that cannot be executed ends as CHILD_EXEC_FAILED. */
int child_start(struct loop *, struct child *, const struct child_spec *, ktime now);
/** Ask it to end now: as if its deadline had come. */
void child_terminate(struct child *, ktime now);
/** Stop watching and kill the group with SIGKILL; ->done will not be called. */
void child_abandon(struct child *);
static inline bool child_is_running(const struct child *c) { return c->pid > 0; }
