/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine's side of running scripts: requests to the supervisor, answers to their owners.
 *
 * Running requests hang in a list of the engine; their memory is their owner's.
 */
#include "core/run.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/process.h"
#include "core/run_answers.h"

static struct run **find(struct engine_run *engine, uint64_t token)
{
	struct run **at = &engine->runs;

	while (*at && (*at)->token != token)
		at = &(*at)->next;
	return at;
}

static void unlink_run(struct run **at)
{
	struct run *r = *at;

	*at = r->next;
	r->next = NULL;
	r->phase = RUN_IDLE;
	r->pid = 0;
}

/* Words one after the other, each with its NUL. False: they do not fit. */
static bool pack_args(struct ipc_run *msg, const struct run_what *what)
{
	size_t at = 0;

	for (unsigned i = 0; i < what->n_args; i++) {
		size_t len = strlen(what->args[i]) + 1;

		if (len > sizeof(msg->args) - at)
			return false;
		memcpy(msg->args + at, what->args[i], len);
		at += len;
	}
	msg->n_args = what->n_args;
	return true;
}

static int ask(struct engine_run *engine, const struct run *r, const struct run_what *what)
{
	struct ipc_run msg = {
		.token = r->token,
		.generation = engine->config->generation,
		.script_id = what->script->id,
		.timeout_ns = what->timeout.ns,
	};

	if (!pack_args(&msg, what))
		return -E2BIG;
	return ipc_send(&engine->ipc, IPC_RUN, &msg, sizeof(msg), -1);
}

static void begin(struct engine_run *engine, struct run *r)
{
	r->engine = engine;
	r->token = ++engine->next_token;
	r->phase = RUN_RUNNING;
	r->pid = 0;
	r->next = engine->runs;
	engine->runs = r;
}

static void asked(struct run *r, int result)
{
	r->lost_error = -result;
	if (r->lost_error)
		loop_defer(r->engine->loop, &r->engine->lost_runs);
}

void run_start(struct engine_run *engine, struct run *r, const struct run_what *what)
{
	begin(engine, r);
	asked(r, ask(engine, r, what));
}

/* The text in a memory file, read from its beginning; or -errno. */
static int text_file(const char *text, size_t len)
{
	int fd = memfd_create("filter", MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	for (size_t done = 0; done < len;) {
		ssize_t n = pwrite(fd, text + done, len - done, (off_t)done);

		if (n < 0 && errno != EINTR) {
			int error = errno;

			close(fd);
			return -error;
		}
		done += n > 0 ? (size_t)n : 0;
	}
	return fd;
}

void run_filter(struct engine_run *engine, struct run *r, const struct run_rules *rules)
{
	int fd = text_file(rules->text, rules->len);

	begin(engine, r);
	struct ipc_filter msg = { .token = r->token, .family = rules->family };

	if (rules->netns && !str_copy(msg.netns, sizeof(msg.netns), rules->netns)) {
		close_fd(&fd);
		fd = -ENAMETOOLONG;
	}
	asked(r, fd < 0 ? fd : ipc_send(&engine->ipc, IPC_FILTER, &msg, sizeof(msg), fd));
	close_fd(&fd);
}

static void end_run(struct run *r, uint32_t forget)
{
	struct ipc_run_end msg = { .token = r->token, .forget = forget };

	(void)ipc_send(&r->engine->ipc, IPC_RUN_END, &msg, sizeof(msg), -1);
}

void run_terminate(struct run *r)
{
	if (run_is_running(r) && !r->lost_error)
		end_run(r, 0);
}

void run_cancel(struct run *r)
{
	if (!run_is_running(r))
		return;
	if (!r->lost_error)
		end_run(r, 1);
	unlink_run(find(r->engine, r->token));
}

static struct run *find_lost(struct engine_run *engine)
{
	struct run *r = engine->runs;

	while (r && !r->lost_error)
		r = r->next;
	return r;
}

void run_report_lost(struct engine_run *engine, ktime now)
{
	struct run *r;

	while ((r = find_lost(engine))) {
		const struct run_result result = { .end = RUN_LOST, .code = r->lost_error };

		r->lost_error = 0;
		unlink_run(find(engine, r->token));
		r->done(r, &result, now);
	}
}

void run_lose_all(struct engine_run *engine)
{
	for (struct run *r = engine->runs; r; r = r->next)
		r->lost_error = EPIPE;
	if (engine->runs)
		loop_defer(engine->loop, &engine->lost_runs);
}

void run_on_phase(struct engine_run *engine, const struct ipc_run_phase *msg, ktime now)
{
	struct run *r = *find(engine, msg->token);

	if (!r || msg->phase <= RUN_IDLE || msg->phase > RUN_KILLING)
		return;
	r->phase = (enum run_phase)msg->phase;
	r->pid = msg->pid;
	if (r->phase_changed && r->phase != RUN_RUNNING)
		r->phase_changed(r, now);
}

void run_on_done(struct engine_run *engine, const struct ipc_run_done *msg, ktime now)
{
	struct run **at = find(engine, msg->token);
	struct run *r = *at;
	struct run_result result = {
		.end = (enum run_end)msg->end, .code = msg->code, .exited = msg->exited,
		.took = NSEC(msg->took_ns),
	};

	if (!r)
		return;
	if (msg->end > RUN_LOST)
		result.end = RUN_LOST;
	unlink_run(at);
	r->done(r, &result, now);
}
