/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The supervisor's life: startup script, engines, signals, stop, shutdown script.
 *
 * Phases follow one another; supervisor_review() is called whenever something may have become
 * complete and decides, from the state of all seats, what comes next.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "core/sdnotify.h"
#include "core/supervisor.h"

#define SCRIPT_PATIENCE	  SEC(1)	/* for scripts told to end at stop */
#define SCRIPT_GIVE_UP	  SEC(10)	/* after a script's own timeout */
#define STATUS_EVERY	  SEC(10)
#define REVIEW_STOP_EVERY MSEC(20)

struct generation *supervisor_generation(struct supervisor *s, uint64_t number)
{
	if (s->current->config->generation == number)
		return s->current;
	if (s->reload.previous && s->reload.previous->config->generation == number)
		return s->reload.previous;
	for (size_t i = 0; i < ENGINE_COUNT; i++)
		if (s->seats[i].generation &&
		    s->seats[i].generation->config->generation == number)
			return s->seats[i].generation;
	return NULL;
}

/* Telling the service manager and who started us */

static void add_summaries(struct supervisor *s, struct strbuf *out)
{
	const char *between = "";

	for (size_t i = 0; i < ENGINE_COUNT; i++) {
		const struct seat *seat = &s->seats[i];

		if (seat->state == SEAT_EMPTY)
			continue;
		strbuf_addf(out, "%s%s ", between, seat->engine->title);
		between = "; ";
		if (seat->state != SEAT_RUNNING)
			strbuf_add(out, seat->state == SEAT_FAILED ? "failed" : "restarting");
		else if (seat->engine->summary && seat->page)
			seat->engine->summary(seat->generation->config, seat->page, out);
		else
			strbuf_add(out, "running");
	}
}

static void tell_status(struct supervisor *s, const char *first)
{
	struct strbuf text = { 0 };

	if (sdnotify_wanted()) {
		strbuf_addf(&text, "%sSTATUS=", first);
		if (s->phase < SUPER_RUNNING)
			strbuf_add(&text, "starting");
		add_summaries(s, &text);
		sdnotify(text.data);
	}
	strbuf_fini(&text);
}

static void tell_ready(struct supervisor *s)
{
	char text[64];

	snprintf(text, sizeof(text), "READY=1\nMAINPID=%d\n", getpid());
	tell_status(s, text);
}

static void still_alive(struct timer *t, ktime now)
{
	struct supervisor *s = container_of(t, struct supervisor, alive_timer);
	kspan watchdog = sdnotify_watchdog();
	kspan every = kspan_is_zero(watchdog) ? STATUS_EVERY : NSEC(watchdog.ns / 2);

	tell_status(s, kspan_is_zero(watchdog) ? "" : "WATCHDOG=1\n");
	timer_arm(loop_timers(s->loop), t, ktime_add(now, every));
}

static void release_starter(struct supervisor *s, int code)
{
	uint8_t byte = (uint8_t)code;

	if (s->starter_fd < 0)
		return;
	(void)!write(s->starter_fd, &byte, 1);
	close(s->starter_fd);
	s->starter_fd = -1;
}

/* Phases */

static void start_engines(struct supervisor *s, ktime now)
{
	static const enum engine_id order[] = { ENGINE_CHECK, ENGINE_VRRP, ENGINE_BFD,
						ENGINE_MONITOR };
	bool any = false;

	s->phase = SUPER_RUNNING;
	notifier_configure(&s->notifier, s->current, now);
	for (size_t i = 0; i < s->n_engines; i++) {
		if (s->engines[i]->prepare)
			s->engines[i]->prepare(NULL, s->current->config);
	}
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		struct seat *seat = &s->seats[order[i]];

		seat_warn_missing(seat, s->current->config);
		if (!seat_wanted(seat, s->current->config))
			continue;
		seat_start(seat, now);
		any = true;
	}
	if (!any)
		log_warning("Warning - keepalived has no configuration to run");
	reload_watch_start(s, now);
	supervisor_review(s, now);
}

static void startup_done(struct job *j, const struct run_result *result, ktime now)
{
	struct supervisor *s = container_of(j, struct supervisor, script);

	if (result->end == RUN_TIMED_OUT)
		log_warning("startup script timed out");
	else if (result->end == RUN_EXEC_FAILED)
		log_error("startup script cannot be executed: %s", strerror(result->code));
	else if (result->code)
		log_warning("startup script script failed, status %d", result->code);
	if (s->phase == SUPER_STARTUP_SCRIPT)
		start_engines(s, now);
}

/* The service manager must not lose patience with what the configuration lets us wait for. */
static void tell_patience(const char *first, kspan limit)
{
	char text[96];

	(void)snprintf(text, sizeof(text), "%sEXTEND_TIMEOUT_USEC=%lld", first,
		       (long long)(limit.ns / 1000));
	sdnotify(text);
}

/* True if the script runs now. */
static bool start_script(struct supervisor *s, const struct script_config *script,
			 kspan timeout, const char *what, ktime now)
{
	if (!script || !s->current->runs)
		return false;
	struct job_what job = { .run = &s->current->runs[script->id], .timeout = timeout };
	int result = job_start(&s->runner, &s->script, &job, now);

	if (result)
		log_warning("%s script cannot be run: %s", what,
			    job.run->refused ? job.run->refused : strerror(-result));
	else if (!kspan_is_zero(timeout))
		tell_patience("", kspan_add(timeout, SCRIPT_GIVE_UP));
	return !result;
}

static void begin(struct supervisor *s, ktime now)
{
	const struct global_config *global = s->current->config->global;

	s->script.done = startup_done;
	s->phase = SUPER_STARTUP_SCRIPT;
	if (start_script(s, global->startup_script, global->startup_script_timeout, "startup",
			 now))
		release_starter(s, 0);
	else
		start_engines(s, now);
}

static void finish(struct supervisor *s, ktime now attr_unused)
{
	loop_stop(s->loop, s->exit_code);
}

static void shutdown_done(struct job *j, const struct run_result *result, ktime now)
{
	struct supervisor *s = container_of(j, struct supervisor, script);

	if (result->end == RUN_TIMED_OUT)
		log_warning("shutdown script timed out");
	else if (result->code)
		log_warning("shutdown script script failed, status %d", result->code);
	finish(s, now);
}

static void run_shutdown_script(struct supervisor *s, ktime now)
{
	const struct global_config *global = s->current->config->global;
	kspan timeout = global->shutdown_script_timeout;

	s->phase = SUPER_SHUTDOWN_SCRIPT;
	s->script.done = shutdown_done;
	timer_cancel(&s->stop_limit);
	if (start_script(s, global->shutdown_script, timeout, "shutdown", now))
		timer_arm(loop_timers(s->loop), &s->stop_limit,
			  ktime_add(now, kspan_add(timeout, SCRIPT_GIVE_UP)));
	else
		finish(s, now);
}

static bool any_process(const struct supervisor *s)
{
	for (size_t i = 0; i < ENGINE_COUNT; i++)
		if (s->seats[i].process.pid || s->seats[i].withdraw.pid)
			return true;
	return false;
}

static bool all_settled(const struct supervisor *s)
{
	for (size_t i = 0; i < ENGINE_COUNT; i++)
		if (s->seats[i].state == SEAT_RUNNING && !s->seats[i].ready)
			return false;
	return true;
}

static void review_start(struct supervisor *s, ktime now)
{
	if (s->complete || !all_settled(s))
		return;
	s->complete = true;
	log_info("Startup complete");
	release_starter(s, 0);
	tell_ready(s);
	reload_run_queued(s, now);
}

void supervisor_review(struct supervisor *s, ktime now)
{
	switch (s->phase) {
	case SUPER_STARTING:
	case SUPER_STARTUP_SCRIPT:
	case SUPER_SHUTDOWN_SCRIPT:
		return;
	case SUPER_RUNNING:
		review_start(s, now);
		if (s->complete && s->reload.phase == RELOAD_APPLYING)
			reload_review(s, now);
		return;
	case SUPER_STOPPING:
		if (!any_process(s) && !job_is_running(&s->script) &&
		    notifier_is_idle(&s->notifier))
			run_shutdown_script(s, now);
		return;
	}
}

/* Stop: engines first, then the scripts of their last events; with a limit for each. */

static void stop_progress(struct timer *t, ktime now)
{
	struct supervisor *s = container_of(t, struct supervisor, stop_limit);

	if (s->phase == SUPER_SHUTDOWN_SCRIPT) {
		log_error("shutdown script does not end: given up");
		job_abandon(&s->script);
		finish(s, now);
		return;
	}
	supervisor_review(s, now);
	if (s->phase != SUPER_STOPPING)
		return;
	if (ktime_before(now, s->stop_by)) {
		timer_arm(loop_timers(s->loop), t, ktime_add(now, REVIEW_STOP_EVERY));
		return;
	}
	for (size_t i = 0; i < ENGINE_COUNT; i++) {
		if (!s->seats[i].process.pid)
			continue;
		log_error("%s process failed to die - forcing termination",
			  s->seats[i].engine->title);
		forked_kill(&s->seats[i].process, SIGKILL);
	}
	if (s->stop_hard) {
		job_abandon(&s->script);
		run_shutdown_script(s, now);
		return;
	}
	s->stop_hard = true;
	notifier_terminate(&s->notifier, now);
	s->stop_by = ktime_add(now, SCRIPT_PATIENCE);
	timer_arm(loop_timers(s->loop), t, ktime_add(now, REVIEW_STOP_EVERY));
}

static kspan stop_wait(const struct supervisor *s)
{
	const struct config *config = s->current->config;
	kspan longest = { 0 };

	for (size_t i = 0; i < ENGINE_COUNT; i++) {
		const struct seat *seat = &s->seats[i];

		if (seat->state == SEAT_RUNNING && seat->engine->stop_wait)
			longest.ns = MAX_OF(longest.ns, seat->engine->stop_wait(config).ns);
	}
	return kspan_add(config->process->child_wait, longest);
}

void supervisor_stop(struct supervisor *s, ktime now)
{
	if (s->phase >= SUPER_STOPPING)
		return;
	log_info("Stopping");
	tell_patience("STOPPING=1\nSTATUS=stopping\n",
		      kspan_add(stop_wait(s), kspan_times(SCRIPT_PATIENCE, 2)));
	release_starter(s, s->exit_code);
	reload_stop(s);
	reload_watch_stop(s);
	timer_cancel(&s->alive_timer);
	if (s->phase == SUPER_STARTUP_SCRIPT)
		job_terminate(&s->script, now);
	s->phase = SUPER_STOPPING;
	for (size_t i = 0; i < ENGINE_COUNT; i++)
		seat_stop(&s->seats[i], now);
	s->stop_by = ktime_add(now, stop_wait(s));
	timer_arm(loop_timers(s->loop), &s->stop_limit, now);
}

/* Signals */

static void caught(struct signal_watch *sw, int signo, ktime now)
{
	struct supervisor *s = container_of(sw, struct supervisor, signals);

	if (signo == SIGTERM || (signo == SIGINT && !s->options->ignore_sigint))
		supervisor_stop(s, now);
	else if (signo == SIGHUP)
		reload_request(s, now);
	else if (signo == SIGUSR1)
		dump_data(s);
	else if (signo == SIGUSR2)
		dump_stats(s, false);
	else if (signo == SIGRTMAX - 1)
		dump_stats(s, true);
	else if (signo == SIGRTMIN + 2)
		dump_json(s);
	else if (signo == SIGRTMAX)
		dump_internal(s);
	else if (signo == SIGCHLD)
		loop_defer(s->loop, &s->reap_again);
}

static bool owns(const struct supervisor *s, pid_t pid)
{
	for (size_t i = 0; i < ENGINE_COUNT; i++)
		if (s->seats[i].process.pid == pid || s->seats[i].withdraw.pid == pid)
			return true;
	return s->reload.checker.pid == pid || runner_owns(&s->runner, pid);
}

/* As process 1 of a container we inherit everybody's orphans. Our own children are waited for
 * elsewhere, in this same wake-up. */
static void reap_orphans(struct deferred *d, ktime now attr_unused)
{
	struct supervisor *s = container_of(d, struct supervisor, reap_again);

	for (;;) {
		siginfo_t info = { 0 };

		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || !info.si_pid)
			return;
		if (owns(s, info.si_pid)) {
			loop_defer(s->loop, d);
			return;
		}
		(void)waitpid(info.si_pid, NULL, WNOHANG);
	}
}

static void fill_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGHUP);
	sigaddset(set, SIGUSR1);
	sigaddset(set, SIGUSR2);
	sigaddset(set, SIGRTMIN + 2);
	sigaddset(set, SIGRTMAX - 1);
	sigaddset(set, SIGRTMAX);
	if (getpid() == 1)
		sigaddset(set, SIGCHLD);
}

/* Begin and end */

static void begin_deferred(struct deferred *d, ktime now)
{
	begin(container_of(d, struct supervisor, begin), now);
}

static int set_up(struct supervisor *s)
{
	int result = lines_open(&s->lines);

	if (result)
		return result;
	s->loop = loop_new();
	if (!s->loop)
		return -errno;
	runner_init(&s->runner, s->loop);
	notifier_init(&s->notifier, &s->runner, s->loop);
	for (size_t i = 0; i < ENGINE_COUNT; i++)
		seat_init(s, &s->seats[i], NULL);
	for (size_t i = 0; i < s->n_engines; i++)
		seat_init(s, &s->seats[s->engines[i]->id], s->engines[i]);
	s->reap_again.run = reap_orphans;
	s->begin.run = begin_deferred;
	s->stop_limit.fire = stop_progress;
	s->alive_timer.fire = still_alive;
	s->signals.caught = caught;
	s->signals.watch.priority = WATCH_URGENT;
	fill_signals(&s->signals.set);
	return signal_watch_start(s->loop, &s->signals);
}

static void log_cpu(void)
{
	struct rusage self, children;

	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &children);
	log_detail("CPU usage (self/children) user: %ld.%06ld/%ld.%06ld system: "
		   "%ld.%06ld/%ld.%06ld",
		   (long)self.ru_utime.tv_sec, (long)self.ru_utime.tv_usec,
		   (long)children.ru_utime.tv_sec, (long)children.ru_utime.tv_usec,
		   (long)self.ru_stime.tv_sec, (long)self.ru_stime.tv_usec,
		   (long)children.ru_stime.tv_sec, (long)children.ru_stime.tv_usec);
}

static void tear_down(struct supervisor *s)
{
	for (size_t i = 0; i < ENGINE_COUNT; i++)
		seat_fini(&s->seats[i]);
	notifier_fini(&s->notifier);
	job_abandon(&s->script);
	runner_fini(&s->runner);
	signal_watch_stop(&s->signals);
	pidfile_close(&s->pidfile);
	generation_unref(s->current);
	lines_close(&s->lines);
	log_cpu();
	loop_free(s->loop);
}

int supervisor_run(struct supervisor *s)
{
	int result = set_up(s);

	if (result) {
		log_error("cannot start: %s", strerror(-result));
		return 70;
	}
	loop_defer(s->loop, &s->begin);
	if (sdnotify_wanted())
		timer_arm(loop_timers(s->loop), &s->alive_timer, clock_now());
	int code = loop_run(s->loop);

	tear_down(s);
	return code;
}
