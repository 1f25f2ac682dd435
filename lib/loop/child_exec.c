/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between clone and exec: descriptors, group, limits, identity, signals.
 *
 * The new process shares our memory until it executes the program (CLONE_VM, CLONE_VFORK), so
 * starting one costs the same whatever our size, and its errors need no pipe. We are suspended
 * meanwhile. In return the code of the child may only make system calls, and write nothing but
 * its own stack and struct start. The C library's set*id() would act on all threads of a process
 * whose threads it does not have: the bare system calls are used.
 *
 * Memory locking needs no undoing: a lock does not outlive exec, and unlocking here would unlock
 * the parent's pages.
 */
#include "loop/child_exec.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "loop/child.h"
#include "net/netns.h"

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/* 32-bit architectures have 16-bit identities under the plain names. */
#ifdef SYS_setresuid32
enum { SET_GROUPS = SYS_setgroups32, SET_GID = SYS_setresgid32, SET_UID = SYS_setresuid32 };
#else
enum { SET_GROUPS = SYS_setgroups, SET_GID = SYS_setresgid, SET_UID = SYS_setresuid };
#endif

enum {
	STACK_SIZE = 64 * 1024,
	EXIT_NOT_EXECUTED = 127,
	CLOSE_AT_MOST = 65536, /* without close_range(); all our descriptors are close-on-exec */
	GROUPS_MAX = 256,
};

static const int limit_kinds[] = { RLIMIT_NOFILE, RLIMIT_CORE, RLIMIT_RTTIME };

/* What children get back, whatever this process does to itself later. */
static struct {
	bool recorded;
	int policy;
	struct sched_param param;
	int nice;
	bool has_cpus;
	cpu_set_t cpus;
	struct rlimit limits[ARRAY_LEN(limit_kinds)];
} defaults;

/** What parent and child share while the parent is suspended. */
struct start {
	const struct child_spec *spec;
	bool set_identity;
	pid_t parent;
	int error;
};

void child_defaults_record(void)
{
	defaults.policy = sched_getscheduler(0);
	(void)sched_getparam(0, &defaults.param);
	defaults.nice = getpriority(PRIO_PROCESS, 0);
	defaults.has_cpus = sched_getaffinity(0, sizeof(defaults.cpus), &defaults.cpus) == 0;
	for (size_t i = 0; i < ARRAY_LEN(limit_kinds); i++)
		(void)getrlimit(limit_kinds[i], &defaults.limits[i]);
	defaults.recorded = true;
}

/** Fails only where the kernel will not let us; then the child keeps what we have. */
static void restore_defaults(void)
{
	if (!defaults.recorded)
		return;
	(void)sched_setscheduler(0, defaults.policy, &defaults.param);
	(void)setpriority(PRIO_PROCESS, 0, defaults.nice);
	if (defaults.has_cpus)
		(void)sched_setaffinity(0, sizeof(defaults.cpus), &defaults.cpus);
	for (size_t i = 0; i < ARRAY_LEN(limit_kinds); i++)
		(void)setrlimit(limit_kinds[i], &defaults.limits[i]);
}

/** No handler of ours may run in the shared memory, and what we ignore is not the child's. */
static void reset_signals(void)
{
	const struct sigaction plain = { .sa_handler = SIG_DFL };

	for (int signo = 1; signo < NSIG; signo++)
		if (signo != SIGKILL && signo != SIGSTOP)
			(void)sigaction(signo, &plain, NULL);
}

static void close_others(void)
{
	struct rlimit limit = { .rlim_cur = CLOSE_AT_MOST };
	int end;

	if (syscall(SYS_close_range, 3u, ~0u, 0u) == 0)
		return;
	(void)getrlimit(RLIMIT_NOFILE, &limit);
	end = (int)MIN_OF(limit.rlim_cur, (rlim_t)CLOSE_AT_MOST);
	for (int fd = 3; fd < end; fd++)
		(void)close(fd);
}

static bool set_descriptors(int fd_in)
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(fd_in < 0 ? null : fd_in, 0) < 0)
		return false;
	if (dup2(null, 1) < 0 || dup2(null, 2) < 0)
		return false;
	/* dup2() onto itself has left the flag. */
	if (fcntl(0, F_SETFD, 0) < 0)
		return false;
	close_others();
	return true;
}

static bool set_identity(const struct child_spec *spec)
{
	/* What a service manager gave to our user is not meant for another. */
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	return syscall(SET_GROUPS, spec->n_groups, spec->groups) == 0 &&
	       syscall(SET_GID, spec->gid, spec->gid, spec->gid) == 0 &&
	       syscall(SET_UID, spec->uid, spec->uid, spec->uid) == 0;
}

/** Everything before exec; false with errno set. */
static bool prepare(const struct start *start)
{
	const struct child_spec *spec = start->spec;
	sigset_t none;

	/* Of this process alone, though it shares memory with its parent. */
	if (spec->netns && setns(spec->netns->fd, CLONE_NEWNET) < 0)
		return false;
	if (setpgid(0, 0) < 0 || !set_descriptors(spec->fd_in))
		return false;
	restore_defaults();
	if (start->set_identity && !set_identity(spec))
		return false;
	/* After the identity, whose change clears it. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0)
		return false;
	if (getppid() != start->parent) {
		errno = ESRCH;
		return false;
	}
	if (spec->cwd && chdir(spec->cwd) < 0)
		return false;
	(void)sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL) == 0;
}

static int child_main(void *arg)
{
	struct start *start = arg;

	reset_signals();
	if (prepare(start))
		(void)execve(start->spec->path, start->spec->argv, start->spec->envp);
	start->error = errno ? errno : EINVAL;
	_exit(EXIT_NOT_EXECUTED);
}

/** True if the process has the wanted identity already, so that nothing must be allowed to it. */
static bool is_own_identity(const struct child_spec *spec)
{
	uid_t uid, euid, suid;
	gid_t gid, egid, sgid, groups[GROUPS_MAX];

	if (getresuid(&uid, &euid, &suid) < 0 || getresgid(&gid, &egid, &sgid) < 0)
		return false;
	return uid == spec->uid && euid == spec->uid && suid == spec->uid && gid == spec->gid &&
	       egid == spec->gid && sgid == spec->gid &&
	       getgroups(GROUPS_MAX, groups) == (int)spec->n_groups &&
	       (!spec->n_groups || !memcmp(groups, spec->groups, spec->n_groups * sizeof(gid_t)));
}

int child_exec(const struct child_spec *spec, pid_t *out_pid, int *out_pidfd, int *out_errno)
{
	struct start start = { .spec = spec, .parent = getpid() };
	char *stack = xrealloc(NULL, STACK_SIZE, 1);
	sigset_t all, mask;
	int pid, pidfd = -1, err;

	start.set_identity = spec->set_identity && !is_own_identity(spec);
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &mask);
	pid = clone(child_main, stack + STACK_SIZE,
		    CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &start, &pidfd);
	err = pid < 0 ? -errno : 0;
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	free(stack);
	if (err)
		return err;
	*out_pid = pid;
	*out_pidfd = pidfd;
	*out_errno = start.error;
	return 0;
}
