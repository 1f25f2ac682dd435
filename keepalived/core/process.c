/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An engine process from the inside: what happens between the fork and engine->run(), and the
 * conversation with the supervisor.
 *
 * The process is the supervisor's copy. It forgets the supervisor's descriptors (their epoll
 * instance is shared: not even a watch may be removed from it), takes an identity of its own in the
 * log, locks itself in and listens. The configuration was inherited and is its own from here on.
 */
#include "core/process.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "core/process_start.h"
#include "core/resources.h"
#include "core/run_answers.h"
#include "core/sandbox.h"

#define FLUSH_LIMIT	 MSEC(200)
#define LATE_CHECK_EVERY SEC(10)
#define LATE_RAISE_EVERY SEC(1)
#define SETTLE_AFTER	 SEC(6)	/* the second burst of announcements comes after 5 s */

/** An engine process: the run-time object and what lives as long as it. */
struct process {
	struct engine_run run;
	const struct process_start *start;
	struct config *config;		/* run.config, ours to free */
	struct strbuf ident, log_file, log_dir;
};

static struct process *process_of(struct engine_run *run)
{
	return container_of(run, struct process, run);
}

/* Stopping */

static void stop_engine(struct engine_run *run, ktime now)
{
	if (run->stopping)
		return;
	run->stopping = true;
	if (run->on_stop)
		run->on_stop(run, now);
	else
		engine_end(run, ENGINE_EXIT_OK);
}

void engine_end(struct engine_run *run, int code)
{
	(void)ipc_flush(&run->ipc, FLUSH_LIMIT);
	loop_stop(run->loop, code);
}

int engine_loop(struct engine_run *run)
{
	return loop_run(run->loop);
}

/* Telling the supervisor */

static void send_ready(struct engine_run *run, uint64_t generation, int result)
{
	struct ipc_ready msg = { .generation = generation, .result = result };

	(void)ipc_send(&run->ipc, IPC_READY, &msg, sizeof(msg), -1);
}

void engine_ready(struct engine_run *run)
{
	status_page_free(run->before);
	run->before = NULL;
	send_ready(run, run->config->generation, 0);
}

/* Memory */

/* Something happened that takes memory for a while (a start, a reload, changes of state): what it
 * leaves behind is given back when it is over. An engine at rest does not look. */
static void settle_later(struct engine_run *run)
{
	if (timer_is_armed(&run->settle_timer))
		run->settle_again = true;
	else
		timer_arm(loop_timers(run->loop), &run->settle_timer,
			  ktime_add(clock_now(), SETTLE_AFTER));
}

static void settle(struct timer *t, ktime now)
{
	struct engine_run *run = container_of(t, struct engine_run, settle_timer);

	(void)now;
	memory_settle();
	if (run->settle_again)
		settle_later(run);
	run->settle_again = false;
}

void engine_emit(struct engine_run *run, struct event *event)
{
	if (!event->generation)
		event->generation = run->config->generation;
	if (!event->wall_ns)
		event->wall_ns = clock_wall_ns();
	int result = ipc_send(&run->ipc, IPC_EVENT, event, sizeof(*event), -1);

	settle_later(run);
	if (result == -ENOBUFS)
		log_error("the supervisor does not take events: %s %s of object %u is lost",
			  event_kind_name(event->kind), event_what_name(event->what),
			  event->index);
}

void engine_publish(struct engine_run *run, struct status_page *page)
{
	struct ipc_generation msg = { .generation = page->generation };

	if (page != run->status)
		status_page_free(run->status);
	run->status = page;
	if (page->fd >= 0)
		(void)ipc_send(&run->ipc, IPC_STATUS, &msg, sizeof(msg), page->fd);
}

/* Hearing from the supervisor */

static struct engine_run *run_of(struct ipc *ipc)
{
	return container_of(ipc, struct engine_run, ipc);
}

static struct config *read_snapshot(const struct process_start *start, int fd,
				    uint64_t generation)
{
	struct config_options options = start->reading;

	options.generation = generation;
	struct config *config = config_read_snapshot(fd, &options);

	if (config && start->engine->load)
		start->engine->load(config);
	if (config)
		config_settle(config);
	return config;
}

static int take_over(struct engine_run *run, struct config *new, ktime now)
{
	struct process *process = process_of(run);
	struct config *old = process->config;
	int result = run->on_reload ? run->on_reload(run, new, now) : 0;

	if (result) {
		config_free(new);
		return result;
	}
	const struct process_sched *before = resources_of(old->global, run->engine->id);
	const struct process_sched *after = resources_of(new->global, run->engine->id);

	if (before && before->no_swap != after->no_swap)
		resources_lock_memory(after->no_swap);
	run->config = process->config = new;
	config_free(old);
	memory_settle();
	settle_later(run);
	return 0;
}

static void on_reload(struct ipc *ipc, const void *msg, int fd, ktime now)
{
	struct engine_run *run = run_of(ipc);
	uint64_t generation = ((const struct ipc_generation *)msg)->generation;

	if (run->stopping) {
		close(fd);
		return;
	}
	log_info("Reloading");
	(void)log_reopen();
	struct config *new = read_snapshot(process_of(run)->start, fd, generation);
	int result = new ? take_over(run, new, now) : -errno;

	close(fd);
	if (result)
		log_error("reload failed: %s; the previous configuration stays",
			  strerror(-result));
	send_ready(run, generation, result);
}

static void on_run_phase(struct ipc *ipc, const void *msg, int fd attr_unused, ktime now)
{
	run_on_phase(run_of(ipc), msg, now);
}

static void on_run_done(struct ipc *ipc, const void *msg, int fd attr_unused, ktime now)
{
	run_on_done(run_of(ipc), msg, now);
}

static void on_clear(struct ipc *ipc, const void *msg attr_unused, int fd attr_unused, ktime now)
{
	struct engine_run *run = run_of(ipc);

	if (run->on_clear)
		run->on_clear(run, now);
}

static void on_ping(struct ipc *ipc, const void *msg, int fd attr_unused, ktime now attr_unused)
{
	(void)ipc_send(ipc, IPC_PONG, msg, sizeof(struct ipc_ping), -1);
}

static const struct ipc_row accepted[IPC_TYPES] = {
	[IPC_RELOAD] = { sizeof(struct ipc_generation), true, 1, on_reload },
	[IPC_RUN_PHASE] = { sizeof(struct ipc_run_phase), false, 1, on_run_phase },
	[IPC_RUN_DONE] = { sizeof(struct ipc_run_done), false, 1, on_run_done },
	[IPC_CLEAR] = { 0, false, 1, on_clear },
	[IPC_PING] = { sizeof(struct ipc_ping), false, 1, on_ping },
};

static void supervisor_gone(struct ipc *ipc, const char *why, ktime now)
{
	struct engine_run *run = run_of(ipc);

	log_error("the supervisor is gone (%s): stopping", why);
	run_lose_all(run);
	stop_engine(run, now);
}

static void report_lost_runs(struct deferred *d, ktime now)
{
	run_report_lost(container_of(d, struct engine_run, lost_runs), now);
}

/* Signals: what people send to an engine is the supervisor's to answer. A SIGINT comes from a
 * terminal and has reached the supervisor too. */
static void caught(struct signal_watch *sw, int signo, ktime now)
{
	struct engine_run *run = container_of(sw, struct engine_run, signals);

	if (signo == SIGTERM) {
		stop_engine(run, now);
	} else if (signo == SIGXCPU) {
		log_warning("used too much processor time at real-time priority: the rlimit_rttime "
			    "of this process may need to be increased");
	} else if (signo != SIGINT) {
		(void)kill(process_of(run)->start->supervisor, signo);
	}
}

/* Lateness: report it, and raise the priority when the configuration asks for it. */

static void raise_priority(struct engine_run *run)
{
	const struct global_config *global = run->config->global;

	if (run->raised_priority >= global->max_auto_priority)
		return;
	int result = resources_raise(run->raised_priority + 1,
				     resources_of(global, run->engine->id));

	if (result) {
		log_warning("cannot set realtime priority %d: %s", run->raised_priority + 1,
			    strerror(-result));
		run->raised_priority = global->max_auto_priority;
		return;
	}
	log_info("Set realtime priority %d", ++run->raised_priority);
}

static void check_lateness(struct timer *t, ktime now)
{
	struct engine_run *run = container_of(t, struct engine_run, late_timer);
	const struct global_config *global = run->config->global;
	struct loop_lateness late = loop_take_lateness(run->loop);

	if (late.worst.ns > USEC(global->min_auto_priority_delay_us).ns) {
		log_warning("A thread timer expired %.6f seconds late", kspan_seconds(late.worst));
		raise_priority(run);
	}
	timer_arm(loop_timers(run->loop), t,
		  ktime_add(now, global->max_auto_priority > 0 ? LATE_RAISE_EVERY :
								LATE_CHECK_EVERY));
}

/* Becoming the engine */

static int by_number(const void *a, const void *b)
{
	return *(const int *)a < *(const int *)b ? -1 : *(const int *)a > *(const int *)b;
}

/* Every descriptor from 3 on but those that we are told to use. */
static void close_others(const struct process_start *start)
{
	int keep[ENGINE_COUNT + 2];
	unsigned from = 3;

	memcpy(keep, start->lines, sizeof(start->lines));
	keep[ENGINE_COUNT] = start->ipc_fd;
	keep[ENGINE_COUNT + 1] = start->lock_fd;
	qsort(keep, ARRAY_LEN(keep), sizeof(keep[0]), by_number);
	for (size_t i = 0; i < ARRAY_LEN(keep); i++) {
		if (keep[i] < 3)
			continue;
		if ((unsigned)keep[i] > from)
			(void)syscall(SYS_close_range, from, (unsigned)keep[i] - 1, 0u);
		from = (unsigned)keep[i] + 1;
	}
	(void)syscall(SYS_close_range, from, ~0u, 0u);
}

static void open_log(struct process *process)
{
	const struct process_start *start = process->start;
	const struct options *options = start->options;
	struct log_setup setup = {
		.facility = options->log_facility,
		.to_syslog = !options->no_syslog,
		.to_console = options->log_console && options->dont_fork,
		.flush_file = options->flush_log,
		.detail = options->log_detail,
	};

	name_ident(&start->names, start->engine, &process->ident);
	setup.ident = process->ident.data;
	if (options->log_file) {
		name_log_file(&start->names, options->log_file, start->engine,
			      &process->log_file);
		setup.file = process->log_file.data;
		strbuf_add_bytes(&process->log_dir, setup.file,
				 (size_t)(strrchr(setup.file, '/') - setup.file) + 1);
	}
	int result = log_open(&setup);

	if (result)
		log_error("cannot open log file %s: %s", setup.file, strerror(-result));
}

/* In a container that was not given them, or below a service manager that took them away. */
static void say_missing(unsigned long missing)
{
	static const struct {
		unsigned long flag;
		const char *name, *effect;
	} rights[] = {
		{ ENGINE_CAP_NET_ADMIN, "NET_ADMIN", "it cannot set addresses" },
		{ ENGINE_CAP_NET_RAW, "NET_RAW", "it cannot open sockets for packets" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rights); i++)
		if (missing & rights[i].flag)
			log_error("capability CAP_%s is missing: %s. Containers get it by "
				  "--cap-add=%s (Kubernetes: securityContext.capabilities.add), "
				  "services by CapabilityBoundingSet=",
				  rights[i].name, rights[i].effect, rights[i].name);
}

static void lock_in(struct process *process)
{
	const struct engine *engine = process->start->engine;
	const struct config *config = process->config;
	const struct process_sched *sched = resources_of(config->global, engine->id);
	const char *writable[] = {
		"/proc/sys/net", process->log_file.data ? process->log_dir.data : NULL, NULL,
	};
	struct sandbox box = { .keep_caps = engine->keep_caps, .writable = writable };
	char text[80];

	if (sched && sched->no_swap)
		resources_allow_locking();
	if (config->global->max_auto_priority > 0)
		box.keep_caps |= ENGINE_CAP_SYS_NICE;
	if (engine->more_caps)
		box.keep_caps |= engine->more_caps(config);
	/* Keys and passwords do not go into core files unless somebody wants those. */
	if (!process->start->options->core_dump)
		(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	sandbox_enter(&box, text, sizeof(text));
	log_detail("restricted: %s", text);
	process->run.missing_caps = sandbox_missing(box.keep_caps);
	say_missing(process->run.missing_caps);
	if (sched && sched->no_swap)
		resources_lock_memory(true);
}

static void set_name(const struct process *process)
{
	const char *name = resources_process_name(process->config->global,
						  process->start->engine);

	if (name)
		(void)prctl(PR_SET_NAME, name, 0, 0, 0);
}

/* The supervisor may have died before the kernel was told that we want to know. */
static void die_with_supervisor(pid_t supervisor)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
	/* Blocked until the loop takes it: what a predecessor left is cleared in any case. */
	if (getppid() != supervisor)
		(void)kill(getpid(), SIGTERM);
}

static void add_signals(sigset_t *set)
{
	static const int wanted[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU };

	sigemptyset(set);
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		sigaddset(set, wanted[i]);
	sigaddset(set, SIGRTMIN + 2);
	sigaddset(set, SIGRTMAX - 1);
	sigaddset(set, SIGRTMAX);
}

static int start_loop(struct process *process)
{
	struct engine_run *run = &process->run;

	run->loop = loop_new();
	if (!run->loop)
		return -errno;
	run->lost_runs.run = report_lost_runs;
	run->ipc.table = accepted;
	run->ipc.gone = supervisor_gone;
	run->signals.caught = caught;
	run->signals.watch.priority = WATCH_URGENT;
	add_signals(&run->signals.set);
	run->late_timer.fire = check_lateness;
	timer_arm(loop_timers(run->loop), &run->late_timer,
		  ktime_add(clock_now(), LATE_RAISE_EVERY));
	run->settle_timer.fire = settle;
	settle_later(run);
	int result = ipc_start(run->loop, &run->ipc, process->start->ipc_fd);

	return result ? result : signal_watch_start(run->loop, &run->signals);
}

static void end_process(struct process *process)
{
	struct engine_run *run = &process->run;

	ipc_stop(&run->ipc);
	signal_watch_stop(&run->signals);
	timer_cancel(&run->late_timer);
	timer_cancel(&run->settle_timer);
	status_page_free(run->status);
	loop_free(run->loop);
	config_free(process->config);
	strbuf_fini(&process->log_dir);
}

void process_main(const struct process_start *start)
{
	struct process process = { .start = start, .config = start->config };
	struct engine_run *run = &process.run;

	log_close();
	close_others(start);
	run->engine = start->engine;
	run->options = start->options;
	run->config = start->config;
	run->restarted = start->restarted;
	run->before = start->before;
	/* Closed with the others; its number is going to be somebody else's. */
	if (run->before)
		run->before->fd = -1;
	memcpy(run->lines, start->lines, sizeof(run->lines));
	open_log(&process);
	set_name(&process);
	lock_in(&process);
	die_with_supervisor(start->supervisor);
	int result = start_loop(&process);

	if (result) {
		log_error("cannot start: %s", strerror(-result));
		_exit(ENGINE_EXIT_FATAL);
	}
	int code = start->engine->run(run);

	end_process(&process);
	log_info("Stopped");
	log_close();
	exit(code);
}
