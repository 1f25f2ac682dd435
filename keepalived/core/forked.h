/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies of this process: fork without exec, and hear of the end exactly once.
 */
#pragma once

#include <sys/types.h>

#include "loop/loop.h"

struct forked {
	pid_t pid;	/* 0: none */
	/** @status as waitpid() gives it. Never called from inside forked_start(). */
	void (*done)(struct forked *, int status, ktime now);
	struct watch watch;
};

/** Fork; ->done must be set. The pid in the parent, 0 in the child, -errno. The child must not
 *  touch @loop: it shares its kernel object with the parent. */
pid_t forked_start(struct loop *, struct forked *);
/** Send a signal; harmless when there is none. */
void forked_kill(struct forked *, int signo);
/** Kill it, wait for it, do not call ->done. */
void forked_abandon(struct forked *);
