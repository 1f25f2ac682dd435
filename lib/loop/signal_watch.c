/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals as events of the loop, through a signalfd. Promised by loop.h.
 *
 * The signals stay blocked after signal_watch_stop(): one that arrives between two watches waits
 * instead of ending the process. The descriptor belongs to the watch.
 */
#include <errno.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/arena.h"
#include "loop/loop.h"

/** One signal per call: ->caught may stop the watch or free its owner. */
static void signal_ready(struct watch *w, uint32_t events, ktime now)
{
	struct signal_watch *sw = container_of(w, struct signal_watch, watch);
	struct signalfd_siginfo info;

	(void)events;
	if (read(w->fd, &info, sizeof(info)) == sizeof(info))
		sw->caught(sw, (int)info.ssi_signo, now);
}

int signal_watch_start(struct loop *loop, struct signal_watch *sw)
{
	int err;

	if (sw->watch.loop)
		return 0;
	if (sigprocmask(SIG_BLOCK, &sw->set, NULL) < 0)
		return -errno;
	sw->watch.fd = signalfd(-1, &sw->set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (sw->watch.fd < 0)
		return -errno;
	sw->watch.events = EPOLLIN;
	sw->watch.ready = signal_ready;
	err = watch_add(loop, &sw->watch);
	if (err)
		close_fd(&sw->watch.fd);
	return err;
}

void signal_watch_stop(struct signal_watch *sw)
{
	if (!sw->watch.loop)
		return;
	watch_remove(&sw->watch);
	close_fd(&sw->watch.fd);
}
