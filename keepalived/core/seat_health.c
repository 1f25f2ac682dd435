/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes that neither work nor end: stuck in a loop, stopped by a signal, without a line to us.
 * They are killed, and started again like any that dies.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "core/supervisor.h"

#define START_LIMIT SEC(120)	/* until its configuration is in use */

/* Whoever looks into it with a debugger does not want to lose it. */
static bool is_traced(pid_t pid)
{
	static const char key[] = "TracerPid:\t";
	char line[128];
	bool traced = false;

	snprintf(line, sizeof(line), "/proc/%d/status", pid);
	FILE *f = fopen(line, "re");

	while (f && fgets(line, sizeof(line), f))
		if (str_starts(line, key))
			traced = line[sizeof(key) - 1] != '0';
	if (f)
		fclose(f);
	return traced;
}

static void kill_stuck(struct seat *seat, const char *why)
{
	if (is_traced(seat->process.pid)) {
		log_warning("%s process %s, but is being debugged", seat->engine->title, why);
		return;
	}
	log_error("%s process %s: killing it", seat->engine->title, why);
	forked_kill(&seat->process, SIGKILL);
}

static void ask(struct seat *seat)
{
	struct ipc_ping msg = { .number = seat->health.asked };

	(void)ipc_send(&seat->ipc, IPC_PING, &msg, sizeof(msg), -1);
}

/* A start, a reload and a stop may take long; each has a limit of its own. */
static void ask_again(struct timer *t, ktime now)
{
	struct seat *seat = container_of(t, struct seat, ask_timer);
	bool excused = !seat->ready || seat->answering || seat->ending || !seat->ipc.watch.loop;
	bool late = !seat->ready &&
		    ktime_diff(now, seat->respawn.started_at).ns > START_LIMIT.ns;

	if (!health_ask(&seat->health, excused, now)) {
		kill_stuck(seat, "does not answer");
		health_start(&seat->health, now);
	} else if (late) {
		kill_stuck(seat, "does not get ready");
	} else {
		ask(seat);
	}
	timer_arm(loop_timers(seat->super->loop), t, seat->health.next_at);
}

static void end_limit_reached(struct timer *t, ktime now attr_unused)
{
	struct seat *seat = container_of(t, struct seat, end_limit);

	if (seat->process.pid)
		kill_stuck(seat, seat->ending ? "does not end" :
						"has closed its connection and does not end");
}

void seat_health_start(struct seat *seat, ktime now)
{
	seat->ask_timer.fire = ask_again;
	seat->end_limit.fire = end_limit_reached;
	health_start(&seat->health, now);
	timer_arm(loop_timers(seat->super->loop), &seat->ask_timer, seat->health.next_at);
}

void seat_health_stop(struct seat *seat)
{
	timer_cancel(&seat->ask_timer);
	timer_cancel(&seat->end_limit);
}
