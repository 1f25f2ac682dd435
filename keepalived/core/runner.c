/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Run vetted scripts: identity, environment, deadline, end.
 *
 * lib/loop/child.c starts programs; here a script_run becomes one, with a clean environment, and
 * its life after the deadline (SIGTERM, then SIGKILL) becomes visible as phases. A job belongs to
 * its owner; the runner only lists those that run.
 */
#include "core/runner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

#define KILL_AFTER SEC(2)	/* as child.h says */
#define WORDS_MAX  256

extern char **environ;

/* What a script must not inherit: word splitting, loaders, and the service manager's sockets. */
static bool is_unwanted(const char *variable)
{
	static const char *const unwanted[] = {
		"IFS=", "LD_PRELOAD=", "LD_LIBRARY_PATH=", "LD_AUDIT=", "NOTIFY_SOCKET=",
		"WATCHDOG_PID=", "WATCHDOG_USEC=", "CREDENTIALS_DIRECTORY=",
	};

	for (size_t i = 0; i < ARRAY_LEN(unwanted); i++)
		if (str_starts(variable, unwanted[i]))
			return true;
	return false;
}

void runner_init(struct runner *r, struct loop *loop)
{
	size_t n = 0, kept = 0;

	while (environ[n])
		n++;
	*r = (struct runner){ .loop = loop };
	r->environment = xcalloc(n + 1, sizeof(char *));
	for (size_t i = 0; i < n; i++)
		if (!is_unwanted(environ[i]))
			r->environment[kept++] = environ[i];
}

void runner_fini(struct runner *r)
{
	while (r->jobs)
		job_abandon(r->jobs);
	free(r->environment);
	r->environment = NULL;
}

bool runner_owns(const struct runner *r, pid_t pid)
{
	const struct job *j = r->jobs;

	while (j && j->child.pid != pid)
		j = j->next;
	return j;
}

static void enlist(struct runner *r, struct job *j)
{
	j->runner = r;
	j->next = r->jobs;
	j->at = &r->jobs;
	if (j->next)
		j->next->at = &j->next;
	r->jobs = j;
	r->n_jobs++;
}

static void delist(struct job *j)
{
	*j->at = j->next;
	if (j->next)
		j->next->at = j->at;
	j->next = NULL;
	j->runner->n_jobs--;
	j->phase = RUN_IDLE;
	timer_cancel(&j->deadline);
}

static struct run_result result_of(const struct child_result *from)
{
	static const enum run_end ends[] = {
		[CHILD_EXITED] = RUN_EXITED,
		[CHILD_SIGNALED] = RUN_SIGNALED,
		[CHILD_TIMED_OUT] = RUN_TIMED_OUT,
		[CHILD_EXEC_FAILED] = RUN_EXEC_FAILED,
	};

	return (struct run_result){ .end = ends[from->end], .code = from->code,
				    .exited = from->exited, .took = from->took };
}

static void child_done(struct child *c, const struct child_result *from, ktime now)
{
	struct job *j = container_of(c, struct job, child);
	struct run_result result = result_of(from);

	delist(j);
	j->done(j, &result, now);
}

static void set_phase(struct job *j, enum run_phase phase, ktime now)
{
	j->phase = phase;
	if (j->phase_changed)
		j->phase_changed(j, now);
}

/* At the deadline child.c sends SIGTERM; after another KILL_AFTER it sends SIGKILL. */
static void deadline(struct timer *t, ktime now)
{
	struct job *j = container_of(t, struct job, deadline);

	if (j->phase == RUN_RUNNING) {
		job_terminate(j, now);
		return;
	}
	set_phase(j, RUN_KILLING, now);
}

void job_terminate(struct job *j, ktime now)
{
	if (j->phase != RUN_RUNNING)
		return;
	child_terminate(&j->child, now);
	timer_arm(loop_timers(j->runner->loop), &j->deadline, ktime_add(now, KILL_AFTER));
	set_phase(j, RUN_TERMINATING, now);
}

void job_abandon(struct job *j)
{
	if (!job_is_running(j))
		return;
	delist(j);
	child_abandon(&j->child);
}

/* The script's own words and the additional ones; false when they are too many. */
static bool join_words(const struct job_what *what, char *words[WORDS_MAX + 1])
{
	size_t n = what->run->argc;

	if (n + what->n_args > WORDS_MAX)
		return false;
	memcpy(words, what->run->argv, n * sizeof(words[0]));
	for (unsigned i = 0; i < what->n_args; i++)
		words[n++] = (char *)(uintptr_t)what->args[i];
	words[n] = NULL;
	return true;
}

int job_start(struct runner *r, struct job *j, const struct job_what *what, ktime now)
{
	const struct script_run *run = what->run;
	char *words[WORDS_MAX + 1];
	struct child_spec spec = {
		.path = run->path, .argv = words, .envp = r->environment, .set_identity = true,
		.uid = run->uid, .gid = run->gid, .groups = run->groups,
		.n_groups = run->n_groups, .fd_in = what->fd_in ? what->fd_in : -1,
		.netns = what->netns,
	};

	if (run->refused || !run->path)
		return -EACCES;
	if (!join_words(what, words))
		return -E2BIG;
	j->child = (struct child){ .done = child_done };
	j->deadline.fire = deadline;
	int result = child_start(r->loop, &j->child, &spec, now);

	if (result)
		return result;
	j->phase = RUN_RUNNING;
	enlist(r, j);
	if (!kspan_is_zero(what->timeout))
		timer_arm(loop_timers(r->loop), &j->deadline, ktime_add(now, what->timeout));
	return 0;
}
