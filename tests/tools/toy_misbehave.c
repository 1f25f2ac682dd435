/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages that no engine would send.
 */
#include "tests/tools/toy_misbehave.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"

#define MANY_RUNS 100u

static void close_line(struct engine_run *engine, const struct script_config *s attr_unused)
{
	ipc_stop(&engine->ipc);
}

static void wrong_size(struct engine_run *engine, const struct script_config *s attr_unused)
{
	(void)ipc_send(&engine->ipc, IPC_READY, "x", 1, -1);
}

static void for_engines(struct engine_run *engine, const struct script_config *s attr_unused)
{
	(void)ipc_send(&engine->ipc, IPC_CLEAR, NULL, 0, -1);
}

static void event(struct engine_run *engine, const struct script_config *s attr_unused)
{
	struct event event = { .kind = EVENT_INSTANCE, .what = (enum event_what)77 };

	(void)ipc_send(&engine->ipc, IPC_EVENT, &event, sizeof(event), -1);
}

static void cause(struct engine_run *engine, const struct script_config *s attr_unused)
{
	struct event event = { .kind = EVENT_INSTANCE, .cause.from.family = 200 };

	(void)ipc_send(&engine->ipc, IPC_EVENT, &event, sizeof(event), -1);
}

static void page(struct engine_run *engine, const struct script_config *s attr_unused)
{
	struct ipc_generation msg = { .generation = engine->config->generation };
	int fd = memfd_create("page", MFD_CLOEXEC);

	(void)ipc_send(&engine->ipc, IPC_STATUS, &msg, sizeof(msg), fd);
	close(fd);
}

static void result(struct engine_run *engine, const struct script_config *s attr_unused)
{
	struct ipc_ready msg = { .generation = engine->config->generation, .result = INT32_MIN };

	(void)ipc_send(&engine->ipc, IPC_READY, &msg, sizeof(msg), -1);
}

static void pong(struct engine_run *engine, const struct script_config *s attr_unused)
{
	struct ipc_ping msg = { .number = 1000000 };

	(void)ipc_send(&engine->ipc, IPC_PONG, &msg, sizeof(msg), -1);
}

static void run(struct engine_run *engine, uint64_t token, uint32_t id, uint32_t n_args)
{
	struct ipc_run msg = {
		.token = token, .generation = engine->config->generation, .script_id = id,
		.n_args = n_args,
	};

	memset(msg.args, 'x', sizeof(msg.args));
	(void)ipc_send(&engine->ipc, IPC_RUN, &msg, sizeof(msg), -1);
}

static void unknown_script(struct engine_run *engine, const struct script_config *s attr_unused)
{
	run(engine, 1, 9999, 0);
}

static void words(struct engine_run *engine, const struct script_config *s)
{
	run(engine, 1, s->id, 1);
}

static void twice(struct engine_run *engine, const struct script_config *s)
{
	run(engine, 1, s->id, 0);
	run(engine, 1, s->id, 0);
}

static void many_runs(struct engine_run *engine, const struct script_config *s)
{
	for (uint32_t i = 0; i < MANY_RUNS; i++)
		run(engine, 1000 + i, s->id, 0);
}

static void filter(struct engine_run *engine, const struct script_config *s attr_unused)
{
	struct ipc_filter msg = { .token = 1, .family = AF_INET };

	memset(msg.netns, 'x', sizeof(msg.netns));
	(void)ipc_send(&engine->ipc, IPC_FILTER, &msg, sizeof(msg), STDERR_FILENO);
}

/* For ever; answers nothing. */
static void flood(struct engine_run *engine, const struct script_config *s attr_unused)
{
	struct {
		uint32_t type, size;
		struct ipc_run_end end;
	} msg = { IPC_RUN_END, sizeof(struct ipc_run_end), { 0 } };
	struct pollfd p = { .fd = engine->ipc.watch.fd, .events = POLLOUT };

	while (poll(&p, 1, -1) >= 0 && send(p.fd, &msg, sizeof(msg), MSG_NOSIGNAL) >= 0)
		;
}

static const struct {
	const char *how;
	void (*act)(struct engine_run *, const struct script_config *);
} ways[] = {
	{ "close", close_line }, { "size", wrong_size },     { "type", for_engines },
	{ "event", event },	 { "cause", cause },	     { "page", page },
	{ "result", result },	 { "pong", pong },	     { "script", unknown_script },
	{ "words", words },	 { "twice", twice },	     { "runs", many_runs },
	{ "filter", filter },	 { "flood", flood },
};

void toy_misbehave(struct engine_run *engine, const char *how, const struct script_config *script)
{
	for (size_t i = 0; i < ARRAY_LEN(ways); i++)
		if (str_eq(ways[i].how, how))
			ways[i].act(engine, script);
}
