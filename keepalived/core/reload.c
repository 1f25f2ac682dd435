/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reload: check the new files in a process of its own, then hand the result to the engines.
 *
 * The checker reads, binds and vets exactly as --config-test does. What it accepts comes back as a
 * snapshot, so what was checked is what is used, whatever happens to the files meanwhile. A crash,
 * an endless loop or a bad file costs the checker, never the running configuration. The rules
 * are in reload_rules.c.
 *
 * One reload at a time; further requests merge into one that follows.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "core/conftest.h"
#include "core/process_start.h"
#include "core/reload_rules.h"
#include "core/resources.h"
#include "core/sdnotify.h"
#include "core/supervisor.h"

#define CHECK_LIMIT SEC(10)
#define APPLY_LIMIT SEC(30)

static void end_reload(struct supervisor *s, ktime now);

/* The reload_file: there while the configuration is being read. */

static void create_reload_file(struct supervisor *s)
{
	const char *path = s->current->config->global->reload_file;
	struct strbuf standard = { 0 };

	if (!path)
		return;
	if (!*path) {
		name_reload_file(&s->names, &standard);
		path = standard.data;
	}
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK,
		      0644);

	if (fd < 0) {
		log_warning("cannot create reload file %s: %s", path, strerror(errno));
	} else {
		(void)fchmod(fd, 0644);
		close(fd);
		s->reload.file = xstrdup(path);
	}
	strbuf_fini(&standard);
}

static void remove_reload_file(struct supervisor *s)
{
	if (s->reload.file)
		(void)unlink(s->reload.file);
	free(s->reload.file);
	s->reload.file = NULL;
}

/* In the checking process */

static void write_report(const struct supervisor *s, const struct config *config)
{
	const char *path = s->current->config->global->reload_check_config;
	const struct diag_print_options style = { .format = DIAG_TEXT, .notes = DIAG_NOTES_FULL };
	struct strbuf text = { 0 };

	if (!path)
		return;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (fd < 0) {
		log_warning("cannot write %s: %s", path, strerror(errno));
		return;
	}
	diags_render(config->diags, config->sources, &style, &text);
	conftest_summary(config->diags, s->config_path, true, &text);
	if (text.len)
		(void)!write(fd, text.data, text.len);
	close(fd);
	strbuf_fini(&text);
}

static void log_refusal(const struct supervisor *s, enum reload_verdict verdict,
			const struct keyword *fixed)
{
	const char *report = s->current->config->global->reload_check_config;

	switch (verdict) {
	case RELOAD_ACCEPT:
		return;
	case RELOAD_REFUSE_FIXED:
		log_error("Cannot change %s at a reload - please restart keepalived",
			  fixed->word);
		return;
	case RELOAD_REFUSE_EMPTY:
		log_error("New config %s is empty: the running configuration stays. To run "
			  "nothing, stop keepalived or write an empty global_defs block",
			  s->config_path);
		return;
	case RELOAD_REFUSE_UNREADABLE:
	case RELOAD_REFUSE_ERRORS:
		break;
	}
	if (report)
		log_error("New config failed validation, see %s for details", report);
	else
		log_error("New config failed validation: the running configuration stays");
}

static bool is_readable(const struct config *config)
{
	size_t n;

	return source_files(config->sources, &n) && n > 0;
}

/* Read, bind, vet, judge. The snapshot's descriptor, an empty file when it is refused. */
static int check(const struct supervisor *s, struct ipc_checked *out)
{
	const struct config_options options =
		supervisor_config_options(s, s->last_generation + 1);
	struct config *config = config_read(s->config_path, &options);
	const struct keyword *fixed = NULL;

	(void)conftest_vet(config, &options, s->names.net_namespace, config->arena);
	enum reload_verdict verdict = reload_judge(s->current->config, s->current->has_errors,
						   config, is_readable(config), &fixed);

	write_report(s, config);
	generation_log_findings(config);
	log_refusal(s, verdict, fixed);
	out->verdict = verdict;
	out->has_errors = diags_count(config->diags, DIAG_ERROR) != 0;
	return verdict == RELOAD_ACCEPT ? source_snapshot_write(config->sources) :
					  memfd_create("none", MFD_CLOEXEC);
}

static void nobody_there(struct ipc *ipc attr_unused, const char *why attr_unused,
			 ktime now attr_unused)
{
}

attr_noreturn static void checker_main(const struct supervisor *s, int fd, pid_t supervisor)
{
	static const struct ipc_row nothing[IPC_TYPES];
	struct ipc ipc = { .table = nothing, .gone = nobody_there };
	struct ipc_checked answer = { 0 };
	struct loop *loop;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != supervisor)
		_exit(1);
	int snapshot = check(s, &answer);

	loop = loop_new();
	if (snapshot < 0 || !loop || ipc_start(loop, &ipc, fd) < 0 ||
	    ipc_send(&ipc, IPC_CHECKED, &answer, sizeof(answer), snapshot) < 0 ||
	    !ipc_flush(&ipc, SEC(1)))
		_exit(1);
	log_flush();
	_exit(0);
}

/* Handing the new configuration on */

static void apply_to_seat(struct seat *seat, struct generation *g, int snapshot, ktime now)
{
	struct ipc_generation msg = { .generation = g->config->generation };
	bool wanted = seat_wanted(seat, g->config);

	if (seat->state != SEAT_RUNNING) {
		respawn_reset(&seat->respawn);
		if (wanted)
			seat_start(seat, now);
		else
			seat_stop(seat, now);
		return;
	}
	if (seat->ending)
		return;
	resources_apply(seat->process.pid, seat->engine->title,
			resources_of(seat->generation->config->global, seat->engine->id),
			resources_of(g->config->global, seat->engine->id));
	seat->answering = true;
	seat->end_after_reload = !wanted;
	(void)ipc_send(&seat->ipc, IPC_RELOAD, &msg, sizeof(msg), snapshot);
}

static void apply(struct supervisor *s, struct generation *g, int snapshot, ktime now)
{
	struct reload *r = &s->reload;
	const struct global_config *global = g->config->global;

	log_info("Reloading ...");
	log_info("Configuration file %s", s->config_path);
	save_config(s, g->config);
	save_states(s, g->config, "pre");
	r->phase = RELOAD_APPLYING;
	r->previous = s->current;
	s->current = g;
	if (s->options->umask < 0)
		(void)umask((mode_t)global->umask);
	(void)log_reopen();
	notifier_configure(&s->notifier, g, now);
	for (size_t i = 0; i < s->n_engines; i++)
		if (s->engines[i]->prepare)
			s->engines[i]->prepare(r->previous->config, g->config);
	reload_watch_start(s, now);
	timer_arm(loop_timers(s->loop), &r->limit, ktime_add(now, APPLY_LIMIT));
	for (size_t i = 0; i < ENGINE_COUNT; i++)
		if (s->seats[i].engine) {
			seat_warn_missing(&s->seats[i], g->config);
			apply_to_seat(&s->seats[i], g, snapshot, now);
		}
	supervisor_review(s, now);
}

void reload_review(struct supervisor *s, ktime now)
{
	for (size_t i = 0; i < ENGINE_COUNT; i++)
		if (s->seats[i].state == SEAT_RUNNING &&
		    (s->seats[i].answering || !s->seats[i].ready))
			return;
	save_states(s, s->current->config, "post");
	generation_unref(s->reload.previous);
	s->reload.previous = NULL;
	memory_settle();
	log_info("Reload complete, %lld ms",
		 (long long)kspan_msec(ktime_diff(now, s->reload.started_at)));
	end_reload(s, now);
}

/* In the supervisor: the checker's answer, or that there is none */

static void tell_ready_again(void)
{
	char text[48];

	snprintf(text, sizeof(text), "READY=1\nMAINPID=%d", getpid());
	sdnotify(text);
}

static void end_reload(struct supervisor *s, ktime now)
{
	struct reload *r = &s->reload;

	timer_cancel(&r->limit);
	ipc_stop(&r->check);
	remove_reload_file(s);
	r->phase = RELOAD_IDLE;
	tell_ready_again();
	reload_run_queued(s, now);
}

static void on_checked(struct ipc *ipc, const void *msg, int fd, ktime now)
{
	struct reload *r = container_of(ipc, struct reload, check);
	struct supervisor *s = container_of(r, struct supervisor, reload);
	const struct ipc_checked *answer = msg;
	const struct config_options options =
		supervisor_config_options(s, s->last_generation + 1);
	struct config *config = NULL;

	ipc_stop(ipc);
	remove_reload_file(s);
	if (answer->verdict == RELOAD_ACCEPT) {
		config = config_read_snapshot(fd, &options);
		if (!config)
			log_error("reload: cannot read the checked configuration: %s",
				  strerror(errno));
	}
	if (config) {
		struct generation *g = generation_new(s, config);

		s->last_generation++;
		g->has_errors = answer->has_errors;
		config_settle(config);
		apply(s, g, fd, now);
	} else {
		end_reload(s, now);
	}
	close(fd);
}

static void no_answer(struct supervisor *s, const char *why, ktime now)
{
	log_error("reload: checking the new configuration failed (%s): the running one stays",
		  why);
	forked_kill(&s->reload.checker, SIGKILL);
	end_reload(s, now);
}

static void checker_gone(struct ipc *ipc, const char *why, ktime now)
{
	struct reload *r = container_of(ipc, struct reload, check);

	no_answer(container_of(r, struct supervisor, reload), why, now);
}

/* Its answer, or the end of its socket, has said what is to be done. */
static void checker_done(struct forked *f, int status attr_unused, ktime now)
{
	struct reload *r = container_of(f, struct reload, checker);

	reload_run_queued(container_of(r, struct supervisor, reload), now);
}

static void limit_reached(struct timer *t, ktime now)
{
	struct reload *r = container_of(t, struct reload, limit);
	struct supervisor *s = container_of(r, struct supervisor, reload);

	if (r->phase == RELOAD_CHECKING) {
		ipc_stop(&r->check);
		no_answer(s, "it does not end", now);
		return;
	}
	for (size_t i = 0; i < ENGINE_COUNT; i++) {
		struct seat *seat = &s->seats[i];

		if (seat->state != SEAT_RUNNING || (!seat->answering && seat->ready))
			continue;
		log_error("%s process does not take over the new configuration: killing it",
			  seat->engine->title);
		forked_kill(&seat->process, SIGKILL);
	}
	timer_arm(loop_timers(s->loop), t, ktime_add(now, APPLY_LIMIT));
}

static const struct ipc_row accepted[IPC_TYPES] = {
	[IPC_CHECKED] = { sizeof(struct ipc_checked), true, 1, on_checked },
};

static int start_checker(struct supervisor *s)
{
	struct reload *r = &s->reload;
	pid_t supervisor = getpid();
	int fds[2];
	int result = ipc_pair(fds);

	if (result)
		return result;
	log_flush();
	result = forked_start(s->loop, &r->checker);
	if (result == 0)
		checker_main(s, fds[1], supervisor);
	close(fds[1]);
	if (result > 0)
		result = ipc_start(s->loop, &r->check, fds[0]);
	if (result)
		close(fds[0]);
	return result;
}

static void say_reloading(ktime now)
{
	char text[80];

	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%lld",
		 (long long)(now.ns / 1000));
	sdnotify(text);
}

void reload_run_queued(struct supervisor *s, ktime now)
{
	struct reload *r = &s->reload;

	if (!r->queued || r->phase != RELOAD_IDLE)
		return;
	r->queued = false;
	reload_request(s, now);
}

void reload_request(struct supervisor *s, ktime now)
{
	struct reload *r = &s->reload;

	if (s->phase >= SUPER_STOPPING)
		return;
	if (r->phase != RELOAD_IDLE || !s->complete || r->checker.pid) {
		r->queued = true;
		return;
	}
	r->phase = RELOAD_CHECKING;
	r->started_at = now;
	r->checker.done = checker_done;
	r->check.table = accepted;
	r->check.gone = checker_gone;
	r->limit.fire = limit_reached;
	log_detail("validate conf before Reload");
	say_reloading(now);
	create_reload_file(s);
	int result = start_checker(s);

	if (result) {
		no_answer(s, strerror(-result), now);
		return;
	}
	timer_arm(loop_timers(s->loop), &r->limit, ktime_add(now, CHECK_LIMIT));
}

void reload_stop(struct supervisor *s)
{
	struct reload *r = &s->reload;

	timer_cancel(&r->limit);
	ipc_stop(&r->check);
	forked_abandon(&r->checker);
	remove_reload_file(s);
	generation_unref(r->previous);
	r->previous = NULL;
	r->queued = false;
	r->phase = RELOAD_IDLE;
}
