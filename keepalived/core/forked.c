/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Forked copies of this process, watched through pidfds.
 */
#include "core/forked.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void ended(struct watch *w, uint32_t events attr_unused, ktime now)
{
	struct forked *f = container_of(w, struct forked, watch);
	int status = 0;
	pid_t pid = waitpid(f->pid, &status, WNOHANG);

	if (pid == 0)
		return;
	watch_remove(w);
	close(w->fd);
	f->pid = 0;
	f->done(f, pid < 0 ? 0 : status, now);
}

pid_t forked_start(struct loop *loop, struct forked *f)
{
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (pid == 0)
		return 0;
	f->pid = pid;
	f->watch = (struct watch){
		.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = EPOLLIN,
		.priority = WATCH_NORMAL, .ready = ended,
	};
	int result = f->watch.fd < 0 ? -errno : watch_add(loop, &f->watch);

	if (!result)
		return pid;
	if (f->watch.fd >= 0)
		close(f->watch.fd);
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	f->pid = 0;
	return result;
}

void forked_kill(struct forked *f, int signo)
{
	if (f->pid)
		(void)kill(f->pid, signo);
}

void forked_abandon(struct forked *f)
{
	if (!f->pid)
		return;
	watch_remove(&f->watch);
	close(f->watch.fd);
	(void)kill(f->pid, SIGKILL);
	(void)waitpid(f->pid, NULL, 0);
	f->pid = 0;
}
