/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an engine says to the supervisor. It hears the network, so it may have been taken over: who
 * says what cannot be meant is killed and started again, who says too much has to wait.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "base/log.h"
#include "core/supervisor.h"

/* Thousands of objects may change their state at once, and their scripts start together. */
#define PACE_BURST  65536u
#define PACE_SECOND 8192u
#define RUN_COST    8u	/* a process each */
#define SAY_EVERY   SEC(60)
#define CLOSE_LIMIT SEC(5)	/* from the end of its line to the end of the process */

static struct seat *seat_of(struct ipc *ipc)
{
	return container_of(ipc, struct seat, ipc);
}

static void say_and_kill(struct seat *seat, const char *why)
{
	if (!seat->process.pid)
		return;
	log_error("%s process: %s: killing it", seat->engine->title, why);
	forked_kill(&seat->process, SIGKILL);
}

void seat_distrust(struct seat *seat, const char *why)
{
	ipc_stop(&seat->ipc);
	say_and_kill(seat, why);
}

static void take_over(struct seat *seat, int32_t result)
{
	seat->answering = false;
	if (!result) {
		generation_unref(seat->generation);
		seat->generation = generation_ref(seat->super->current);
		return;
	}
	log_error("%s process could not take over the new configuration: %s",
		  seat->engine->title, strerror(-result));
}

static void on_ready(struct ipc *ipc, const void *msg, int fd attr_unused, ktime now)
{
	struct seat *seat = seat_of(ipc);
	const struct ipc_ready *ready = msg;

	if (ready->result > 0 || ready->result < -IPC_ERRNO_MAX) {
		seat_distrust(seat, "it answers a reload with what is no result");
		return;
	}
	seat->ready = true;
	if (seat->answering && ready->generation == seat->super->current->config->generation) {
		take_over(seat, ready->result);
		if (seat->end_after_reload)
			seat_stop(seat, now);
	}
	supervisor_review(seat->super, now);
}

static void on_event(struct ipc *ipc, const void *msg, int fd attr_unused, ktime now)
{
	struct seat *seat = seat_of(ipc);
	const struct event *event = msg;
	struct notify_plan plan = { 0 };

	if (!event_is_sane(event)) {
		seat_distrust(seat, "it reports an event that cannot be");
		return;
	}
	struct generation *g = supervisor_generation(seat->super, event->generation);

	if (!g || !seat->engine->notify || !seat->engine->notify(g->config, event, &plan))
		return;
	notifier_take(&seat->super->notifier, g, &plan, event->quiet, now);
}

static void on_status(struct ipc *ipc, const void *msg, int fd, ktime now attr_unused)
{
	struct seat *seat = seat_of(ipc);
	struct status_page *page = status_page_map(fd);

	if (!page && errno == EBADMSG) {
		seat_distrust(seat, "its status page is none");
		return;
	}
	if (!page) {
		log_error("%s process: unusable status page: %s", seat->engine->title,
			  strerror(errno));
		return;
	}
	page->generation = ((const struct ipc_generation *)msg)->generation;
	status_page_free(seat->page);
	seat->page = page;
	seat_drop_before(seat);
}

static void on_run(struct ipc *ipc, const void *msg, int fd attr_unused, ktime now)
{
	request_run(seat_of(ipc), msg, now);
}

static void on_filter(struct ipc *ipc, const void *msg, int fd, ktime now)
{
	request_filter(seat_of(ipc), msg, fd, now);
}

static void on_run_end(struct ipc *ipc, const void *msg, int fd attr_unused, ktime now)
{
	request_end(seat_of(ipc), msg, now);
}

static void on_pong(struct ipc *ipc, const void *msg, int fd attr_unused, ktime now attr_unused)
{
	struct seat *seat = seat_of(ipc);

	if (!health_answered(&seat->health, ((const struct ipc_ping *)msg)->number))
		seat_distrust(seat, "it answers what nobody asked");
}

const struct ipc_row seat_messages[IPC_TYPES] = {
	[IPC_READY] = { sizeof(struct ipc_ready), false, 1, on_ready },
	[IPC_EVENT] = { sizeof(struct event), false, 1, on_event },
	[IPC_STATUS] = { sizeof(struct ipc_generation), true, RUN_COST, on_status },
	[IPC_RUN] = { sizeof(struct ipc_run), false, RUN_COST, on_run },
	[IPC_FILTER] = { sizeof(struct ipc_filter), true, RUN_COST, on_filter },
	[IPC_RUN_END] = { sizeof(struct ipc_run_end), false, 1, on_run_end },
	[IPC_PONG] = { sizeof(struct ipc_ping), false, 1, on_pong },
};

static void slowed(struct ipc *ipc, ktime now)
{
	struct seat *seat = seat_of(ipc);
	unsigned suppressed;

	if (log_limit_ok(&seat->slow_said, now, SAY_EVERY, &suppressed))
		log_warning("%s process asks for more than can be done: it has to wait",
			    seat->engine->title);
}

/* Its end of the line is closed: it is ending, or it broke the rules and has to. */
static void engine_gone(struct ipc *ipc, const char *why, ktime now)
{
	struct seat *seat = seat_of(ipc);

	if (!seat->process.pid)
		return;
	if (str_eq(why, "connection closed") || str_eq(why, "connection lost"))
		timer_arm(loop_timers(seat->super->loop), &seat->end_limit,
			  ktime_add(now, CLOSE_LIMIT));
	else
		say_and_kill(seat, why);
}

void seat_listen(struct seat *seat, int fd)
{
	seat->ipc.table = seat_messages;
	seat->ipc.gone = engine_gone;
	seat->ipc.slowed = slowed;
	seat->ipc.pace = (struct ipc_pace){ PACE_BURST, PACE_SECOND };
	if (ipc_start(seat->super->loop, &seat->ipc, fd) < 0)
		forked_kill(&seat->process, SIGKILL);
}
