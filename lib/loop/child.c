/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs: start, watch through a pidfd, end at the deadline, report exactly once.
 *
 * What happens between clone and exec is the job of child_exec.c. A child that was abandoned is
 * handed to a small watch of its own that reaps it and is then freed; all else is embedded in the
 * caller's struct child.
 */
#include "loop/child.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "loop/child_exec.h"

/** A process nobody waits for any more. */
struct orphan {
	struct watch watch;
	pid_t pid;
};

/** True if @pid has ended, and is reaped; *out says how. */
static bool reap(pid_t pid, siginfo_t *out)
{
	*out = (siginfo_t){ 0 };
	if (waitid(P_PID, (id_t)pid, out, WEXITED | WNOHANG) < 0) {
		/* Taken by someone else: what it was is lost, that it ended is not. */
		out->si_code = CLD_KILLED;
		out->si_status = SIGKILL;
		return errno != EINTR;
	}
	return out->si_pid == pid;
}

/** To the whole group, or to the program alone if it has not got a group. */
static void kill_group(pid_t pid, int signo)
{
	if (kill(-pid, signo) < 0 && errno == ESRCH)
		(void)kill(pid, signo);
}

/** The next signal of a child that is over its time, and when to look again. */
static void press(struct child *c, ktime now)
{
	kspan again = c->kills < 2 ? SEC(2) : SEC(10);

	kill_group(c->pid, c->kills ? SIGKILL : SIGTERM);
	c->kills++;
	timer_arm(loop_timers(c->loop), &c->deadline, ktime_add(now, again));
}

static void deadline_passed(struct timer *t, ktime now)
{
	press(container_of(t, struct child, deadline), now);
}

static void let_go(struct child *c)
{
	timer_cancel(&c->deadline);
	watch_remove(&c->watch);
	close_fd(&c->watch.fd);
	c->pid = 0;
}

static struct child_result result_of(const struct child *c, const siginfo_t *info, ktime now)
{
	struct child_result r = {
		.code = info->si_status,
		.exited = info->si_code == CLD_EXITED,
		.took = ktime_diff(now, c->started_at),
	};

	r.end = r.exited ? CHILD_EXITED : CHILD_SIGNALED;
	if (c->kills)
		r.end = CHILD_TIMED_OUT;
	if (c->exec_errno) {
		r.end = CHILD_EXEC_FAILED;
		r.code = c->exec_errno;
		r.exited = false;
	}
	return r;
}

static void pidfd_ready(struct watch *w, uint32_t events, ktime now)
{
	struct child *c = container_of(w, struct child, watch);
	struct child_result result;
	siginfo_t info;

	(void)events;
	/* Before reaping, while the number of the group is certainly ours. */
	if (c->kills)
		(void)kill(-c->pid, SIGKILL);
	if (!reap(c->pid, &info))
		return;
	result = result_of(c, &info, now);
	let_go(c);
	c->done(c, &result, now);
}

int child_start(struct loop *loop, struct child *c, const struct child_spec *spec, ktime now)
{
	int err, pidfd = -1;

	if (c->pid > 0)
		return -EBUSY;
	err = child_exec(spec, &c->pid, &pidfd, &c->exec_errno);
	if (err)
		return err;
	c->loop = loop;
	c->started_at = now;
	c->kills = 0;
	c->watch = (struct watch){ .fd = pidfd, .events = EPOLLIN, .priority = WATCH_NORMAL,
				   .ready = pidfd_ready };
	c->deadline.fire = deadline_passed;
	err = watch_add(loop, &c->watch);
	if (err) {
		child_abandon(c);
		return err;
	}
	if (!kspan_is_zero(spec->timeout))
		timer_arm(loop_timers(loop), &c->deadline, ktime_add(now, spec->timeout));
	return 0;
}

void child_terminate(struct child *c, ktime now)
{
	if (c->pid > 0 && !c->kills)
		press(c, now);
}

static void orphan_ready(struct watch *w, uint32_t events, ktime now)
{
	struct orphan *o = container_of(w, struct orphan, watch);
	siginfo_t info;

	(void)events;
	(void)now;
	if (!reap(o->pid, &info))
		return;
	watch_remove(w);
	close_fd(&w->fd);
	free(o);
}

static void orphan_new(struct loop *loop, pid_t pid, int pidfd)
{
	struct orphan *o = xnew(struct orphan);

	o->pid = pid;
	o->watch = (struct watch){ .fd = pidfd, .events = EPOLLIN, .priority = WATCH_IDLE,
				   .ready = orphan_ready };
	if (watch_add(loop, &o->watch) < 0) {
		close_fd(&o->watch.fd);
		free(o);
	}
}

void child_abandon(struct child *c)
{
	pid_t pid = c->pid;
	siginfo_t info;
	int pidfd;

	if (pid <= 0)
		return;
	kill_group(pid, SIGKILL);
	watch_remove(&c->watch);
	pidfd = c->watch.fd;
	c->watch.fd = -1;
	let_go(c);
	if (reap(pid, &info))
		close_fd(&pidfd);
	else
		orphan_new(c->loop, pid, pidfd);
}
