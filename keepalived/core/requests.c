/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs that engines ask for: track scripts, misc checks, and iptables-restore.
 *
 * An engine names a script by id and generation; only what the supervisor's own copy of that
 * configuration has under this id is run. A request lives from the message to the answer.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "core/supervisor.h"
#include "net/netns.h"

#define PER_SCRIPT   4u	/* running at once: a reload may start it beside the old one */
#define SAY_EVERY    SEC(60)
#define ARGS_MAX     16u
#define FILTER_LIMIT SEC(10)

struct request {
	struct job job;
	struct seat *seat;
	uint64_t token;
	const struct script_run *run;	/* a script; for comparison only */
	char *filter;			/* or the packet filter that is being loaded */
	struct request *next;
};

static void answer(struct seat *seat, uint64_t token, const struct run_result *result)
{
	struct ipc_run_done msg = {
		.token = token, .took_ns = result->took.ns, .end = result->end,
		.code = result->code, .exited = result->exited,
	};

	(void)ipc_send(&seat->ipc, IPC_RUN_DONE, &msg, sizeof(msg), -1);
}

static struct request **find(struct seat *seat, uint64_t token)
{
	struct request **at = &seat->requests;

	while (*at && (*at)->token != token)
		at = &(*at)->next;
	return at;
}

static void free_request(struct request *r)
{
	free(r->filter);
	free(r);
}

static void remove_request(struct request **at)
{
	struct request *r = *at;

	*at = r->next;
	free_request(r);
}

static void request_done(struct job *j, const struct run_result *result, ktime now attr_unused)
{
	struct request *r = container_of(j, struct request, job);

	answer(r->seat, r->token, result);
	remove_request(find(r->seat, r->token));
}

static void request_phase(struct job *j, ktime now attr_unused)
{
	struct request *r = container_of(j, struct request, job);
	struct ipc_run_phase msg = { .token = r->token, .phase = j->phase, .pid = j->child.pid };

	(void)ipc_send(&r->seat->ipc, IPC_RUN_PHASE, &msg, sizeof(msg), -1);
}

/* The additional words of a message; false when it is not well formed. */
static bool unpack_args(const struct ipc_run *msg, const char *args[ARGS_MAX])
{
	const char *at = msg->args, *end = msg->args + sizeof(msg->args);

	if (msg->n_args > ARGS_MAX)
		return false;
	for (uint32_t i = 0; i < msg->n_args; i++) {
		const char *nul = memchr(at, '\0', (size_t)(end - at));

		if (!nul)
			return false;
		args[i] = at;
		at = nul + 1;
	}
	return true;
}

/* The script that is meant; 0, -EACCES: not there any more, or none is run; -EBADMSG: the engine
 * makes it up. */
static int script_named(struct seat *seat, const struct ipc_run *msg,
			const struct script_run **out)
{
	struct generation *g = supervisor_generation(seat->super, msg->generation);

	if (!g)
		return -EACCES;
	if (msg->script_id >= g->config->n_scripts)
		return -EBADMSG;
	*out = g->runs ? &g->runs[msg->script_id] : NULL;
	return *out ? 0 : -EACCES;
}

static unsigned n_running(const struct seat *seat, const struct script_run *run)
{
	unsigned n = 0;

	for (const struct request *r = seat->requests; r; r = r->next)
		n += r->run == run;
	return n;
}

static void say_bound(struct seat *seat, const char *what, ktime now)
{
	unsigned suppressed;

	if (log_limit_ok(&seat->bound_said, now, SAY_EVERY, &suppressed))
		log_error("%s process wants to run %s more often at once than there is work "
			  "for it: not run", seat->engine->title, what);
}

static int start(struct seat *seat, struct request *r, const struct ipc_run *msg, ktime now)
{
	const char *args[ARGS_MAX];
	struct job_what what = {
		.args = args, .n_args = msg->n_args, .timeout = NSEC(msg->timeout_ns),
	};
	int result = script_named(seat, msg, &what.run);

	if (msg->timeout_ns < 0 || !unpack_args(msg, args))
		return -EBADMSG;
	if (result)
		return result;
	if (n_running(seat, what.run) >= PER_SCRIPT) {
		say_bound(seat, what.run->config->command, now);
		return -EAGAIN;
	}
	r->run = what.run;
	return job_start(&seat->super->runner, &r->job, &what, now);
}

static struct request *new_request(struct seat *seat, uint64_t token)
{
	struct request *r = xnew(struct request);

	r->seat = seat;
	r->token = token;
	r->job.done = request_done;
	r->job.phase_changed = request_phase;
	return r;
}

/* It runs (@result 0) or is answered at once; who makes things up is not. */
static void enlist(struct request *r, int result)
{
	struct run_result refused = {
		.end = result == -EACCES ? RUN_REFUSED : RUN_LOST, .code = -result,
	};

	if (result == -EBADMSG)
		seat_distrust(r->seat, "it asks for what there is not");
	else if (result)
		answer(r->seat, r->token, &refused);
	if (result) {
		free_request(r);
		return;
	}
	r->next = r->seat->requests;
	r->seat->requests = r;
}

void request_run(struct seat *seat, const struct ipc_run *msg, ktime now)
{
	struct request *r = new_request(seat, msg->token);

	enlist(r, *find(seat, msg->token) ? -EBADMSG : start(seat, r, msg, now));
}

/* iptables-restore, for those who want iptables. */

static const char *filter_program(int family)
{
	static const char *const programs[][3] = {
		{ "/usr/sbin/iptables-restore", "/sbin/iptables-restore",
		  "/usr/bin/iptables-restore" },
		{ "/usr/sbin/ip6tables-restore", "/sbin/ip6tables-restore",
		  "/usr/bin/ip6tables-restore" },
	};
	const char *const *list = programs[family == AF_INET6];

	for (size_t i = 0; i < ARRAY_LEN(programs[0]); i++)
		if (access(list[i], X_OK) == 0)
			return list[i];
	return NULL;
}

/* May that engine load rules, and there? Once it could, it may: they have to be taken out some
 * time. In other namespaces only an engine that was started with the right to enter them. */
static bool may_filter(struct seat *seat, const char *netns)
{
	const struct config *config = seat->generation ? seat->generation->config : NULL;

	if (config && config->global->iptables_in)
		seat->filters = true;
	return seat->filters && (!netns[0] || seat->enters_netns);
}

/* One at a time for each family and namespace. */
static char *filter_name(const struct ipc_filter *msg)
{
	struct strbuf name = { 0 };

	strbuf_addf(&name, "%d %s", msg->family, msg->netns);
	return name.data;
}

static bool is_loading(const struct seat *seat, const char *filter)
{
	for (const struct request *r = seat->requests; r; r = r->next)
		if (str_eq(r->filter, filter))
			return true;
	return false;
}

static int start_filter(struct seat *seat, struct request *r, const struct ipc_filter *msg,
			int fd, ktime now)
{
	const char *path = filter_program(msg->family);
	char *const argv[] = { (char *)(uintptr_t)path, (char *)(uintptr_t)"--noflush",
			       (char *)(uintptr_t)"--wait", NULL };
	const struct script_run run = {
		.path = path, .argv = argv, .argc = 3, .uid = geteuid(), .gid = getegid(),
	};
	struct job_what what = { .run = &run, .timeout = FILTER_LIMIT, .fd_in = fd };
	struct netns ns = { .fd = -1 };
	int result;

	if (!memchr(msg->netns, '\0', sizeof(msg->netns)) ||
	    (msg->family != AF_INET && msg->family != AF_INET6))
		return -EBADMSG;
	if (!may_filter(seat, msg->netns))
		return -EACCES;
	r->filter = filter_name(msg);
	if (is_loading(seat, r->filter)) {
		say_bound(seat, "iptables", now);
		return -EAGAIN;
	}
	if (!path)
		return -ENOENT;
	result = msg->netns[0] ? netns_open(&ns, msg->netns) : 0;
	if (result < 0)
		return result;
	what.netns = msg->netns[0] ? &ns : NULL;
	result = job_start(&seat->super->runner, &r->job, &what, now);
	netns_close(&ns);
	return result;
}

void request_filter(struct seat *seat, const struct ipc_filter *msg, int fd, ktime now)
{
	struct request *r = new_request(seat, msg->token);

	(void)lseek(fd, 0, SEEK_SET);
	enlist(r, *find(seat, msg->token) ? -EBADMSG : start_filter(seat, r, msg, fd, now));
	close(fd);
}

void request_end(struct seat *seat, const struct ipc_run_end *msg, ktime now)
{
	struct request **at = find(seat, msg->token);

	if (!*at)
		return;
	if (!msg->forget) {
		job_terminate(&(*at)->job, now);
		return;
	}
	job_abandon(&(*at)->job);
	remove_request(at);
}

void requests_drop(struct seat *seat)
{
	while (seat->requests) {
		job_abandon(&seat->requests->job);
		remove_request(&seat->requests);
	}
}
