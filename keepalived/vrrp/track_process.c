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
#include "base/str.h"
#include "loop/loop.h"
#include "vrrp/proc_events.h"
#include "vrrp/process_match.h"

#define ANSWER_WITHIN MSEC(100)
#define RESCAN_AFTER  SEC(1)
#define POLL_EVERY    SEC(1)
#define SCAN_BUDGET   MSEC(1)
#define CMDLINE_MAX   4096
#define COMM_MAX      16

struct pid_set {
	pid_t *pids;
	uint32_t n, cap;
};

struct tracked_process {
	struct vrrp_processes *owner;
	const struct vrrp_process_config *config;
	struct pid_set set;
	struct pid_set found;		/* by the scan under way */
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
	struct timer rescan;		/* after lost events, or the next portion */
	DIR *dir;			/* of the scan under way */
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

/* -- sets of processes --------------------------------------------------------------------- */

static uint32_t find(const struct pid_set *s, pid_t pid)
{
	uint32_t i = 0;

	while (i < s->n && s->pids[i] != pid)
		i++;
	return i;
}

static bool has(const struct pid_set *s, pid_t pid)
{
	return find(s, pid) < s->n;
}

static bool insert(struct pid_set *s, pid_t pid)
{
	if (has(s, pid))
		return false;
	if (s->n == s->cap) {
		s->cap = MAX_OF(8, s->cap * 2);
		s->pids = xrealloc(s->pids, s->cap, sizeof(*s->pids));
	}
	s->pids[s->n++] = pid;
	return true;
}

static bool take_out(struct pid_set *s, pid_t pid)
{
	uint32_t i = find(s, pid);

	if (i == s->n)
		return false;
	s->pids[i] = s->pids[--s->n];
	return true;
}

/* -- quorum -------------------------------------------------------------------------------- */

static bool quorum_of(const struct tracked_process *t)
{
	return t->set.n >= t->config->quorum && t->set.n <= t->config->quorum_max;
}

static void publish(const struct tracked_process *t, bool changed)
{
	struct status_page *page = t->owner->vrrp->page;
	struct vrrp_process_status *s = status_begin(page, VRRP_SLOT_PROCESS, t->config->id);
	bool delayed = timer_is_armed(&t->delay);

	if (s == NULL)
		return;
	s->count = t->set.n;
	s->have_quorum = t->have_quorum;
	s->fork_timer = delayed && t->by_fork;
	s->terminate_timer = delayed && !t->by_fork;
	if (changed)
		s->last_change_wall_ns = clock_wall_ns();
	status_end(page, s);
}

static void settle(struct tracked_process *t, ktime now)
{
	struct cause cause = { .type = CAUSE_PROCESS, .number = (int32_t)t->set.n };
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

/* What an event means for a set. @match: the process is one of those now. */
static bool apply_event(struct pid_set *s, enum proc_event_kind kind, pid_t pid, pid_t parent,
			bool match)
{
	switch (kind) {
	case PROC_FORKED:
		return has(s, parent) && insert(s, pid);
	case PROC_EXECUTED:
	case PROC_RENAMED:
		return match ? insert(s, pid) : take_out(s, pid);
	case PROC_ENDED:
		return take_out(s, pid);
	}
	return false;
}

static void heard(void *arg, enum proc_event_kind kind, pid_t pid, pid_t parent, ktime now)
{
	struct vrrp_processes *p = arg;

	for (uint32_t i = 0; i < p->n; i++) {
		struct tracked_process *t = &p->list[i];
		bool looks = kind == PROC_EXECUTED || kind == PROC_RENAMED;
		bool match = looks && matches(t->config, pid);

		if (p->dir != NULL)
			(void)apply_event(&t->found, kind, pid, parent, match);
		if (apply_event(&t->set, kind, pid, parent, match))
			count_changed(t, kind, now);
	}
}

/* -- scans of /proc ------------------------------------------------------------------------ */

static void scan_begin(struct vrrp_processes *p)
{
	if (p->dir != NULL)
		closedir(p->dir);
	p->dir = opendir("/proc");
	for (uint32_t i = 0; i < p->n; i++)
		p->list[i].found.n = 0;
}

static void scan_entry(struct vrrp_processes *p, const char *name)
{
	uint64_t pid;

	if (num_parse_u64(name, 10, 1, INT32_MAX, &pid) != NUM_OK)
		return;
	for (uint32_t i = 0; i < p->n; i++) {
		if (matches(p->list[i].config, (pid_t)pid))
			(void)insert(&p->list[i].found, (pid_t)pid);
	}
}

/* Go on for @budget (zero: no limit). False: there is more. At the end what was found counts. */
static bool scan_some(struct vrrp_processes *p, kspan budget)
{
	const struct dirent *entry = NULL;
	ktime end = ktime_add(clock_now(), budget);

	while (p->dir != NULL && (entry = readdir(p->dir)) != NULL) {
		scan_entry(p, entry->d_name);
		if (!kspan_is_zero(budget) && !ktime_before(clock_now(), end))
			return false;
	}
	if (p->dir != NULL)
		closedir(p->dir);
	p->dir = NULL;
	for (uint32_t i = 0; i < p->n; i++) {
		struct pid_set found = p->list[i].found;

		p->list[i].found = p->list[i].set;
		p->list[i].set = found;
	}
	return true;
}

/* In portions: there may be ten thousand processes, and adverts are due meanwhile. */
static void rescan(struct timer *t, ktime now)
{
	struct vrrp_processes *p = container_of(t, struct vrrp_processes, rescan);

	if (p->dir == NULL)
		scan_begin(p);
	if (!scan_some(p, SCAN_BUDGET)) {
		timer_arm(loop_timers(p->vrrp->loop), t, now);
		return;
	}
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

static void forget(struct tracked_process *list, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		timer_cancel(&list[i].delay);
		free(list[i].set.pids);
		free(list[i].found.pids);
	}
	free(list);
}

static void stop_scan(struct vrrp_processes *p)
{
	timer_cancel(&p->rescan);
	if (p->dir != NULL)
		closedir(p->dir);
	p->dir = NULL;
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
	stop_scan(p);
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

/* Do both count the same processes? */
static bool is_same(const struct vrrp_process_config *a, const struct vrrp_process_config *b)
{
	bool same = str_eq(a->process, b->process) && a->param_match == b->param_match &&
		    a->full_command == b->full_command && a->n_params == b->n_params;

	for (uint32_t i = 0; same && i < a->n_params; i++)
		same = str_eq(a->params[i], b->params[i]);
	return same;
}

/* Take over what the former configuration has counted. */
static bool inherit(struct tracked_process *t, struct tracked_process *old, uint32_t n_old)
{
	for (uint32_t i = 0; i < n_old; i++) {
		if (old[i].config == NULL || !is_same(old[i].config, t->config))
			continue;
		t->set = old[i].set;
		old[i].set = (struct pid_set){ 0 };
		old[i].config = NULL;
		return true;
	}
	return false;
}

/* The list of the configuration; false if somebody is new in it. */
static bool take_list(struct vrrp_processes *p, const struct object_list *list)
{
	struct tracked_process *old = p->list;
	uint32_t n_old = p->n;
	bool known = true;

	p->n = list->n;
	p->list = xcalloc(MAX_OF(list->n, 1), sizeof(*p->list));
	for (uint32_t i = 0; i < list->n; i++) {
		struct tracked_process *t = &p->list[i];

		t->owner = p;
		t->config = list->items[i];
		t->delay.fire = delay_over;
		known = inherit(t, old, n_old) && known;
	}
	forget(old, n_old);
	return known;
}

void processes_configure(struct vrrp_processes *p, ktime now)
{
	bool scanning = p->dir != NULL || timer_is_armed(&p->rescan), known;

	stop_scan(p);
	known = take_list(p, &p->vrrp->config->processes);
	if (p->n == 0) {
		stop_listening(p);
		return;
	}
	/* Listening begins before the scan, so that nothing falls between. */
	start_listening(p, now);
	if (!known) {
		scan_begin(p);
		(void)scan_some(p, NSEC(0));
	}
	if (scanning || p->polling)
		timer_arm(loop_timers(p->vrrp->loop), &p->rescan, ktime_add(now, RESCAN_AFTER));
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
	forget(p->list, p->n);
	free(p);
}
