/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counting tracked processes.
 *
 * A scan of /proc finds who runs already; then every child of a counted process counts, and a
 * process is looked at again when it executes another program or changes its name. A change of
 * quorum by fork or exit may be delayed, and is forgotten if it is undone meanwhile. Comparing is
 * process_match.c, listening proc_events.c. Where the kernel does not tell (containers, network
 * namespaces other than the first), the scan is repeated.
 */
#include "vrrp/track_process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/num.h"
#include "loop/loop.h"
#include "vrrp/proc_events.h"
#include "vrrp/process_match.h"

#define ANSWER_WITHIN MSEC(100)
#define RESCAN_AFTER  SEC(1)
#define POLL_EVERY    SEC(1)
#define CMDLINE_MAX   4096
#define COMM_MAX      16

struct tracked_process {
	struct vrrp_processes *owner;
	const struct vrrp_process_config *config;
	pid_t *pids;
	uint32_t n, cap;
	bool have_quorum;
	struct timer delay;
	bool by_fork;			/* the running delay is that of fork */
};

struct vrrp_processes {
	struct vrrp *vrrp;
	struct tracked_process *list;
	uint32_t n;
	struct proc_events events;
	bool listening;
	bool polling;			/* nobody tells us: look again and again */
	struct timer answer;		/* has the kernel accepted us? */
	struct timer rescan;		/* after lost events */
	int rcvbuf;
};

/* -- looking at one process ----------------------------------------------------------------- */

static ssize_t read_proc(pid_t pid, const char *name, char *buf, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read(fd, buf, size);
	close(fd);
	return n;
}

/* Zombies have a name but do not count: state is the letter after the last bracket. */
static bool is_zombie(pid_t pid)
{
	char stat[512];
	ssize_t n = read_proc(pid, "stat", stat, sizeof(stat) - 1);
	const char *bracket;

	if (n <= 0)
		return true;
	stat[n] = '\0';
	bracket = strrchr(stat, ')');
	return bracket == NULL || bracket[1] == '\0' || bracket[2] == 'Z' || bracket[2] == 'X';
}

static bool matches(const struct vrrp_process_config *c, pid_t pid)
{
	char buf[CMDLINE_MAX];
	ssize_t n;

	if (c->full_command) {
		n = read_proc(pid, "cmdline", buf, sizeof(buf));
		return n > 0 &&
		       process_matches_cmdline(c, (struct span){ (uint8_t *)buf, (size_t)n });
	}
	n = read_proc(pid, "comm", buf, COMM_MAX);
	if (n <= 0)
		return false;
	buf[n - 1] = '\0'; /* its newline */
	return process_matches_comm(c, buf) && !is_zombie(pid);
}

/* -- the set of one object ------------------------------------------------------------------ */

static uint32_t find(const struct tracked_process *t, pid_t pid)
{
	uint32_t i = 0;

	while (i < t->n && t->pids[i] != pid)
		i++;
	return i;
}

static bool insert(struct tracked_process *t, pid_t pid)
{
	if (find(t, pid) < t->n)
		return false;
	if (t->n == t->cap) {
		t->cap = MAX_OF(8, t->cap * 2);
		t->pids = xrealloc(t->pids, t->cap, sizeof(*t->pids));
	}
	t->pids[t->n++] = pid;
	return true;
}

static bool take_out(struct tracked_process *t, pid_t pid)
{
	uint32_t i = find(t, pid);

	if (i == t->n)
		return false;
	t->pids[i] = t->pids[--t->n];
	return true;
}

static bool quorum_of(const struct tracked_process *t)
{
	return t->n >= t->config->quorum && t->n <= t->config->quorum_max;
}

static void publish(const struct tracked_process *t, bool changed)
{
	struct status_page *page = t->owner->vrrp->page;
	struct vrrp_process_status *s = status_begin(page, VRRP_SLOT_PROCESS, t->config->id);
	bool delayed = timer_is_armed(&t->delay);

	if (s == NULL)
		return;
	s->count = t->n;
	s->have_quorum = t->have_quorum;
	s->fork_timer = delayed && t->by_fork;
	s->terminate_timer = delayed && !t->by_fork;
	if (changed)
		s->last_change_wall_ns = clock_wall_ns();
	status_end(page, s);
}

static void settle(struct tracked_process *t, ktime now)
{
	struct cause cause = { .type = CAUSE_PROCESS, .number = (int32_t)t->n };
	bool quorum = quorum_of(t);

	if (quorum == t->have_quorum)
		return;
	t->have_quorum = quorum;
	log_info("Quorum %s for tracked process %s", quorum ? "gained" : "lost",
		 t->config->object.name);
	publish(t, true);
	(void)str_copy(cause.text, sizeof(cause.text), t->config->object.name);
	track_set_state(t->owner->vrrp->track, (struct tracked){ TRACKER_PROCESS, t->config->id },
			quorum ? VRRP_TRACKED_UP : VRRP_TRACKED_DOWN, &cause, now);
}

static void delay_over(struct timer *timer, ktime now)
{
	settle(container_of(timer, struct tracked_process, delay), now);
}

static kspan delay_of(const struct tracked_process *t, enum proc_event_kind kind)
{
	switch (kind) {
	case PROC_FORKED:
		return t->config->fork_delay;
	case PROC_ENDED:
		return t->config->terminate_delay;
	case PROC_EXECUTED:
	case PROC_RENAMED:
		break;
	}
	return NSEC(0);
}

static void count_changed(struct tracked_process *t, enum proc_event_kind kind, ktime now)
{
	kspan delay = delay_of(t, kind);

	if (quorum_of(t) == t->have_quorum) {
		timer_cancel(&t->delay);
	} else if (kspan_is_zero(delay)) {
		timer_cancel(&t->delay);
		settle(t, now);
	} else if (!timer_is_armed(&t->delay)) {
		t->by_fork = kind == PROC_FORKED;
		timer_arm(loop_timers(t->owner->vrrp->loop), &t->delay, ktime_add(now, delay));
	}
	publish(t, false);
}

/* -- events --------------------------------------------------------------------------------- */

static bool apply_event(struct tracked_process *t, enum proc_event_kind kind, pid_t pid,
			pid_t parent)
{
	switch (kind) {
	case PROC_FORKED:
		return find(t, parent) < t->n && insert(t, pid);
	case PROC_EXECUTED:
	case PROC_RENAMED:
		return matches(t->config, pid) ? insert(t, pid) : take_out(t, pid);
	case PROC_ENDED:
		return take_out(t, pid);
	}
	return false;
}

static void heard(void *arg, enum proc_event_kind kind, pid_t pid, pid_t parent, ktime now)
{
	struct vrrp_processes *p = arg;

	for (uint32_t i = 0; i < p->n; i++) {
		if (apply_event(&p->list[i], kind, pid, parent))
			count_changed(&p->list[i], kind, now);
	}
}

static void scan(struct vrrp_processes *p)
{
	DIR *dir = opendir("/proc");
	const struct dirent *entry;
	uint64_t pid;

	for (uint32_t i = 0; i < p->n; i++)
		p->list[i].n = 0;
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (num_parse_u64(entry->d_name, 10, 1, INT32_MAX, &pid) != NUM_OK)
			continue;
		for (uint32_t i = 0; i < p->n; i++) {
			if (matches(p->list[i].config, (pid_t)pid))
				(void)insert(&p->list[i], (pid_t)pid);
		}
	}
	if (dir != NULL)
		closedir(dir);
}

static void rescan(struct timer *t, ktime now)
{
	struct vrrp_processes *p = container_of(t, struct vrrp_processes, rescan);

	scan(p);
	for (uint32_t i = 0; i < p->n; i++)
		count_changed(&p->list[i], PROC_EXECUTED, now);
	if (p->polling)
		timer_arm(loop_timers(p->vrrp->loop), t, ktime_add(now, POLL_EVERY));
}

static void poll_instead(struct vrrp_processes *p, const char *why, ktime now)
{
	if (p->polling)
		return;
	log_notice("no process events from the kernel (%s): tracked processes are counted once a "
		   "second",
		   why);
	p->polling = true;
	timer_arm(loop_timers(p->vrrp->loop), &p->rescan, ktime_add(now, POLL_EVERY));
}

static void overrun(void *arg, ktime now)
{
	struct vrrp_processes *p = arg;

	if (timer_is_armed(&p->rescan))
		return;
	log_warning("process events were lost: counting again; process_monitor_rcv_bufs helps");
	timer_arm(loop_timers(p->vrrp->loop), &p->rescan, ktime_add(now, RESCAN_AFTER));
}

static void no_answer(struct timer *t, ktime now)
{
	struct vrrp_processes *p = container_of(t, struct vrrp_processes, answer);

	if (!p->events.answered)
		poll_instead(p, "no answer", now);
}

/* -- configuration -------------------------------------------------------------------------- */

static void forget(struct vrrp_processes *p)
{
	for (uint32_t i = 0; i < p->n; i++) {
		timer_cancel(&p->list[i].delay);
		free(p->list[i].pids);
	}
	free(p->list);
	p->list = NULL;
	p->n = 0;
}

static void start_listening(struct vrrp_processes *p, ktime now)
{
	const struct global_config *g = p->vrrp->global;
	int error;

	if (p->listening)
		return;
	error = proc_events_start(p->vrrp->loop, &p->events,
				  (int)g->process_monitor_bufs.bytes);
	p->listening = error == 0;
	if (error < 0)
		poll_instead(p, strerror(-error), now);
	else
		timer_arm(loop_timers(p->vrrp->loop), &p->answer, ktime_add(now, ANSWER_WITHIN));
}

static void stop_listening(struct vrrp_processes *p)
{
	timer_cancel(&p->answer);
	timer_cancel(&p->rescan);
	if (p->listening)
		proc_events_stop(&p->events);
	p->listening = p->polling = false;
}

static void preset(struct tracked_process *t)
{
	t->have_quorum = quorum_of(t);
	track_preset_state(t->owner->vrrp->track, TRACKER_PROCESS, t->config->id,
			   t->have_quorum ? VRRP_TRACKED_UP : VRRP_TRACKED_DOWN);
	publish(t, false);
}

void processes_configure(struct vrrp_processes *p, ktime now)
{
	const struct object_list *list = &p->vrrp->config->processes;

	forget(p);
	if (list->n == 0) {
		stop_listening(p);
		return;
	}
	p->n = list->n;
	p->list = xcalloc(list->n, sizeof(*p->list));
	for (uint32_t i = 0; i < list->n; i++) {
		p->list[i].owner = p;
		p->list[i].config = list->items[i];
		p->list[i].delay.fire = delay_over;
	}
	/* Listening begins before the scan, so that nothing falls between. */
	start_listening(p, now);
	scan(p);
	for (uint32_t i = 0; i < p->n; i++)
		preset(&p->list[i]);
}

struct vrrp_processes *processes_new(struct vrrp *v)
{
	struct vrrp_processes *p = xnew(struct vrrp_processes);

	p->vrrp = v;
	p->events = (struct proc_events){ .event = heard, .overrun = overrun, .arg = p };
	p->answer.fire = no_answer;
	p->rescan.fire = rescan;
	return p;
}

void processes_free(struct vrrp_processes *p)
{
	if (p == NULL)
		return;
	stop_listening(p);
	forget(p);
	free(p);
}
