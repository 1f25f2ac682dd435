/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine's side of running scripts: requests to the supervisor, answers to their owners.
 *
 * Running requests hang in a list of the engine; their memory is their owner's.
 */
#include "core/run.h"

#include <errno.h>
#include <string.h>

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

void run_start(struct engine_run *engine, struct run *r, const struct run_what *what)
{
	r->engine = engine;
	r->token = ++engine->next_token;
	r->phase = RUN_RUNNING;
	r->pid = 0;
	r->next = engine->runs;
	engine->runs = r;
	r->lost_error = -ask(engine, r, what);
	if (r->lost_error)
		loop_defer(engine->loop, &engine->lost_runs);
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
