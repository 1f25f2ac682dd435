/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Make a process and execute a program in it. Private to child.c.
 */
#pragma once

#include <sys/types.h>

struct child_spec;

/** Returns when the program has been executed, or has failed to be: then *out_errno says why and
 *  the process has ended but is to be reaped all the same. 0, or -errno if there is no process. */
int child_exec(const struct child_spec *, pid_t *out_pid, int *out_pidfd, int *out_errno);
