/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One engine process as the supervisor sees it: start, death, restart. What it says is heard by
 * seat_messages.c; whether it still answers is seat_health.c's to find out.
 *
 * Whatever an engine does, the others run on: one that ends with a permanent error is not started
 * again before the next reload; one that keeps dying is restarted with growing delays, and what it
 * left in the system is taken back meanwhile.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "core/process.h"
#include "core/process_start.h"
#include "core/resources.h"
#include "core/supervisor.h"

#define SAY_EVERY SEC(60)
#define WITHDRAW_LIMIT SEC(5)	/* for thousands of addresses; few take milliseconds */

/* Start */

static const char *pid_option(const struct options *o, enum engine_id id)
{
	switch (id) {
	case ENGINE_VRRP:
		return o->vrrp_pid_file;
	case ENGINE_CHECK:
		return o->checkers_pid_file;
	case ENGINE_BFD:
		return o->bfd_pid_file;
	case ENGINE_MONITOR:
	case ENGINE_COUNT:
		break;
	}
	return NULL;
}

static void open_pid_file(struct seat *seat)
{
	const char *path = pid_option(seat->super->options, seat->engine->id);
	struct strbuf standard = { 0 };

	name_pid_file(&seat->super->names, seat->engine, &standard);
	int result = pidfile_open(&seat->pidfile, path ? path : standard.data);

	if (result)
		log_warning("%s process: cannot use pid file %s: %s", seat->engine->title,
			    path ? path : standard.data,
			    result == -EBUSY ? "another process has it locked" :
					       strerror(-result));
	strbuf_reset(&standard);
	/* Programs that knew the file by its old name find it. */
	name_old_pid_file(&seat->super->names, seat->engine, &standard);
	if (!path)
		pidfile_alias(&seat->pidfile, standard.data);
	strbuf_fini(&standard);
}

static void write_pid_file(struct seat *seat)
{
	if (!seat->pidfile.path)
		open_pid_file(seat);
	int result = pidfile_write(&seat->pidfile, seat->process.pid);

	if (result)
		log_warning("cannot write pid file %s: %s", seat->pidfile.path,
			    strerror(-result));
}

attr_noreturn static void become_engine(struct seat *seat, int ipc_fd, pid_t supervisor,
					bool restarted)
{
	struct supervisor *s = seat->super;
	struct process_start start = {
		.engine = seat->engine, .reading = supervisor_config_options(s, 0),
		.options = s->options, .config = s->current->config, .names = s->names,
		.ipc_fd = ipc_fd, .lock_fd = s->pidfile.fd, .supervisor = supervisor,
		.restarted = restarted, .before = seat->before,
	};

	lines_of(&s->lines, seat->engine->id, start.lines);
	process_main(&start);
}

void seat_drop_before(struct seat *seat)
{
	status_page_free(seat->before);
	seat->before = NULL;
}

static void started(struct seat *seat, int ipc_fd, ktime now)
{
	const struct global_config *global = seat->super->current->config->global;

	seat->state = SEAT_RUNNING;
	seat->ready = seat->answering = seat->ending = seat->end_after_reload = false;
	seat->generation = generation_ref(seat->super->current);
	seat->last_pid = seat->process.pid;
	if (seat->engine->more_caps)
		seat->enters_netns =
			seat->engine->more_caps(seat->generation->config) & ENGINE_CAP_NETNS;
	respawn_started(&seat->respawn, now);
	resources_apply(seat->process.pid, seat->engine->title, NULL,
			resources_of(global, seat->engine->id));
	write_pid_file(seat);
	log_info("Starting %s child process, pid=%d", seat->engine->title, seat->process.pid);
	seat_health_start(seat, now);
	seat_listen(seat, ipc_fd);
}

static void start(struct seat *seat, bool restarted, ktime now)
{
	pid_t supervisor = getpid();
	int fds[2], result;

	timer_cancel(&seat->restart);
	/* It must not take away what the new process puts in place. */
	if (seat->withdraw.pid) {
		seat->state = SEAT_WAITING;
		seat->start_after_withdraw = true;
		return;
	}
	seat->start_after_withdraw = false;
	result = ipc_pair(fds);
	if (!result) {
		log_flush();
		result = forked_start(seat->super->loop, &seat->process);
		if (result == 0)
			become_engine(seat, fds[1], supervisor, restarted);
		close(fds[1]);
		if (result > 0) {
			started(seat, fds[0], now);
			return;
		}
		close(fds[0]);
	}
	unsigned suppressed;

	if (log_limit_ok(&seat->start_said, now, SAY_EVERY, &suppressed))
		log_error("cannot start the %s process: %s; tried again every second",
			  seat->engine->title, strerror(-result));
	seat->state = SEAT_WAITING;
	timer_arm(loop_timers(seat->super->loop), &seat->restart, ktime_add(now, SEC(1)));
}

void seat_start(struct seat *seat, ktime now)
{
	bool restarted = seat->state == SEAT_WAITING || seat->state == SEAT_FAILED;

	if (seat->state == SEAT_RUNNING)
		return;
	start(seat, restarted, now);
}

static void restart_due(struct timer *t, ktime now)
{
	start(container_of(t, struct seat, restart), true, now);
}

/* Has the command line left this engine out? */
static bool left_out(const struct seat *seat)
{
	const struct options *o = seat->super->options;

	switch (seat->engine->id) {
	case ENGINE_VRRP:
		return o->no_vrrp;
	case ENGINE_CHECK:
		return o->no_check;
	case ENGINE_BFD:
		return o->no_bfd;
	case ENGINE_MONITOR:
	case ENGINE_COUNT:
		break;
	}
	return false;
}

bool seat_wanted(const struct seat *seat, const struct config *config)
{
	const struct options *o = seat->super->options;

	if (!seat->engine || !seat->engine->built || left_out(seat))
		return false;
	return (o->all && seat->engine->id != ENGINE_MONITOR) || seat->engine->wanted(config);
}

void seat_warn_missing(const struct seat *seat, const struct config *config)
{
	if (!seat->engine || seat->engine->built || left_out(seat) ||
	    !seat->engine->wanted(config))
		return;
	log_warning("%s is configured, but this build has no %s engine: that part of the "
		    "configuration is checked and does nothing", seat->engine->title,
		    seat->engine->name);
}

/* End */

/* At the end of the daemon supervise.c has a limit for all; with less work there is one here. */
static void limit_end(struct seat *seat, ktime now)
{
	const struct config *config = seat->generation->config;
	kspan limit = config->process->child_wait;

	if (seat->engine->stop_wait)
		limit = kspan_add(limit, seat->engine->stop_wait(config));
	if (seat->super->phase == SUPER_RUNNING)
		timer_arm(loop_timers(seat->super->loop), &seat->end_limit,
			  ktime_add(now, limit));
}

void seat_stop(struct seat *seat, ktime now)
{
	if (seat->state == SEAT_WAITING || seat->state == SEAT_FAILED) {
		timer_cancel(&seat->restart);
		seat->state = SEAT_EMPTY;
	}
	if (seat->state != SEAT_RUNNING || seat->ending)
		return;
	seat->ending = true;
	limit_end(seat, now);
	forked_kill(&seat->process, SIGTERM);
}

static void withdraw_done(struct forked *f, int status attr_unused, ktime now)
{
	struct seat *seat = container_of(f, struct seat, withdraw);

	timer_cancel(&seat->withdraw_limit);
	if (seat->start_after_withdraw && seat->state == SEAT_WAITING)
		start(seat, true, now);
}

static void withdraw_late(struct timer *t, ktime now attr_unused)
{
	struct seat *seat = container_of(t, struct seat, withdraw_limit);

	log_error("%s process: taking back what it left has no end: given up; 'ip address' and "
		  "'ip route' show what remains", seat->engine->title);
	forked_kill(&seat->withdraw, SIGKILL);
}

/* It works on if the supervisor dies, keeps the pid file locked meanwhile, and has a limit of its
 * own. */
attr_noreturn static void withdraw_main(const struct seat *seat, const struct config *config,
					const struct status_page *page)
{
	sigset_t alarm_only;

	sigemptyset(&alarm_only);
	sigaddset(&alarm_only, SIGALRM);
	(void)sigaction(SIGALRM, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
	(void)sigprocmask(SIG_UNBLOCK, &alarm_only, NULL);
	(void)alarm((unsigned)kspan_sec(WITHDRAW_LIMIT) + 1);
	seat->engine->withdraw(config, page);
	log_flush();
	_exit(0);
}

/* In a process of its own: it must not delay or endanger the supervisor. */
static void withdraw(struct seat *seat, const struct config *config, const struct status_page *page,
		     ktime now)
{
	if (!seat->engine->withdraw || seat->withdraw.pid)
		return;
	log_flush();
	pid_t pid = forked_start(seat->super->loop, &seat->withdraw);

	if (pid == 0)
		withdraw_main(seat, config, page);
	if (pid < 0)
		log_error("cannot take back what the %s process left: %s", seat->engine->title,
			  strerror(-pid));
	else
		timer_arm(loop_timers(seat->super->loop), &seat->withdraw_limit,
			  ktime_add(now, WITHDRAW_LIMIT));
}

static void log_death(const struct seat *seat, pid_t pid, int status, const char *what)
{
	const char *title = seat->engine->title;

	if (WIFSIGNALED(status))
		log_error("%s child process(%d) ended by signal %d (%s)%s", title, pid,
			  WTERMSIG(status), strsignal(WTERMSIG(status)),
			  WTERMSIG(status) == SIGKILL ? " - has rlimit_rttime been exceeded?" :
							"");
	log_error("%s child process(%d) died: %s", title, pid, what);
}

/* Status 1 of one that had been at work is no verdict: memory may have run out. */
static bool is_permanent(int status, bool was_ready)
{
	return WIFEXITED(status) &&
	       ((WEXITSTATUS(status) == ENGINE_EXIT_FATAL && !was_ready) ||
		WEXITSTATUS(status) == ENGINE_EXIT_CONFIG ||
		WEXITSTATUS(status) == ENGINE_EXIT_PERMISSION);
}

static const char *permanent_word(int status)
{
	switch (WEXITSTATUS(status)) {
	case ENGINE_EXIT_CONFIG:
		return "CONFIG";
	case ENGINE_EXIT_PERMISSION:
		return "missing permission";
	}
	return "FATAL";
}

static void fail(struct seat *seat, pid_t pid, int status)
{
	log_error("%s child process(%d) exited with permanent error %s: it is not started again "
		  "before the next reload",
		  seat->engine->title, pid, permanent_word(status));
	seat->state = SEAT_FAILED;
}

/* What is known of a process that ended although nobody asked it to. */
struct death {
	int status;
	bool was_ready;
	struct generation *generation;	/* what it used, NULL: unknown */
	struct status_page *page;	/* borrowed */
};

/* It held what is not in the configuration that the next process will read: a reload was under way.
 * The next one would not know what to take back. */
static bool was_behind(const struct seat *seat, const struct death *d)
{
	return d->generation && d->generation != seat->super->current;
}

static void take_back(struct seat *seat, const struct death *d, ktime now)
{
	const struct generation *g = d->generation ? d->generation : seat->super->current;

	withdraw(seat, g->config, d->page, now);
}

static void respawn(struct seat *seat, pid_t pid, const struct death *d, ktime now)
{
	kspan delay = respawn_delay(&seat->respawn, now);

	log_death(seat, pid, d->status, "Respawning");
	seat->state = SEAT_WAITING;
	if (kspan_is_zero(delay)) {
		if (was_behind(seat, d))
			take_back(seat, d, now);
		start(seat, true, now);
		return;
	}
	log_warning("Restart of %s process delayed %d seconds to limit respawn rate",
		    seat->engine->title, (int)kspan_sec(delay));
	timer_arm(loop_timers(seat->super->loop), &seat->restart, ktime_add(now, delay));
}

static void died(struct seat *seat, const struct death *d, ktime now)
{
	pid_t pid = seat->last_pid;

	if (seat->super->options->dont_respawn) {
		log_death(seat, pid, d->status, "Exiting");
		seat->state = SEAT_EMPTY;
		take_back(seat, d, now);
		supervisor_stop(seat->super, now);
		return;
	}
	if (is_permanent(d->status, d->was_ready))
		fail(seat, pid, d->status);
	else
		respawn(seat, pid, d, now);
	if (seat->state != SEAT_RUNNING)
		take_back(seat, d, now);
}

static bool is_success(int status)
{
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* It was told to end and was killed, or crashed, on the way: what it held is still there. */
static void failed_to_stop(struct seat *seat, const struct death *d, ktime now)
{
	log_death(seat, seat->last_pid, d->status, "before it had stopped");
	if (!seat->super->options->dont_release_vrrp)
		take_back(seat, d, now);
}

static void process_done(struct forked *f, int status, ktime now)
{
	struct seat *seat = container_of(f, struct seat, process);
	struct death death = { .status = status, .was_ready = seat->ready };
	bool expected = seat->ending;

	seat_health_stop(seat);
	ipc_drain(&seat->ipc, now);
	death.generation = seat->generation;
	/* One that died before it could say anything: what is known is of those before it. */
	if (seat->page) {
		seat_drop_before(seat);
		seat->before = seat->page;
	}
	death.page = seat->before;
	ipc_stop(&seat->ipc);
	requests_drop(seat);
	pidfile_clear(&seat->pidfile);
	seat->generation = NULL;
	seat->page = NULL;
	seat->ready = seat->answering = seat->ending = seat->end_after_reload = false;
	if (expected) {
		seat->state = SEAT_EMPTY;
		respawn_reset(&seat->respawn);
		if (!is_success(status))
			failed_to_stop(seat, &death, now);
	} else {
		died(seat, &death, now);
	}
	generation_unref(death.generation);
	/* The next process starts from what this one knew, and may die before it has said more. */
	if (seat->state != SEAT_WAITING && seat->state != SEAT_RUNNING)
		seat_drop_before(seat);
	supervisor_review(seat->super, now);
}

void seat_init(struct supervisor *s, struct seat *seat, const struct engine *engine)
{
	*seat = (struct seat){
		.super = s, .engine = engine, .state = SEAT_EMPTY,
		.process = { .done = process_done },
		.withdraw = { .done = withdraw_done },
		.restart = { .fire = restart_due },
		.withdraw_limit = { .fire = withdraw_late },
		.pidfile = { .fd = -1 },
	};
}

void seat_fini(struct seat *seat)
{
	timer_cancel(&seat->restart);
	timer_cancel(&seat->withdraw_limit);
	seat_health_stop(seat);
	ipc_stop(&seat->ipc);
	requests_drop(seat);
	forked_abandon(&seat->process);
	forked_abandon(&seat->withdraw);
	pidfile_close(&seat->pidfile);
	status_page_free(seat->page);
	seat_drop_before(seat);
	generation_unref(seat->generation);
	seat->page = NULL;
	seat->generation = NULL;
}
