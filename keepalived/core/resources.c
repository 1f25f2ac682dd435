/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scheduling and limits of processes, by system calls on a process id.
 */
#include "core/resources.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "base/log.h"

const struct process_sched *resources_of(const struct global_config *global, enum engine_id id)
{
	switch (id) {
	case ENGINE_VRRP:
		return &global->vrrp_sched;
	case ENGINE_CHECK:
		return &global->checker_sched;
	case ENGINE_BFD:
		return &global->bfd_sched;
	case ENGINE_MONITOR:
	case ENGINE_COUNT:
		break;
	}
	return NULL;
}

static const char *configured_name(const struct global_config *global, enum engine_id id)
{
	switch (id) {
	case ENGINE_VRRP:
		return global->vrrp_process_name;
	case ENGINE_CHECK:
		return global->checker_process_name;
	case ENGINE_BFD:
		return global->bfd_process_name;
	case ENGINE_MONITOR:
	case ENGINE_COUNT:
		break;
	}
	return NULL;
}

const char *resources_process_name(const struct global_config *global,
				   const struct engine *engine)
{
	const char *name = configured_name(global, engine->id);

	if (name && strcmp(name, "keepalived"))
		return name;
	return global->process_names ? engine->comm : NULL;
}

static void complain(const char *title, const char *what)
{
	log_warning("%s process: cannot set %s: %s", title, what, strerror(errno));
}

static void apply_cpus(pid_t pid, const char *title, const struct cpu_list *list)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (uint32_t i = 0; i < list->n; i++)
		CPU_SET(list->cpus[i], &set);
	/* None listed: all that the system has; the kernel masks what is not there. */
	for (int cpu = 0; !list->n && cpu < CPU_SETSIZE; cpu++)
		CPU_SET(cpu, &set);
	if (sched_setaffinity(pid, sizeof(set), &set) < 0)
		complain(title, "its CPUs");
}

static bool same_cpus(const struct cpu_list *a, const struct cpu_list *b)
{
	return a->n == b->n && (!a->n || !memcmp(a->cpus, b->cpus, a->n * sizeof(a->cpus[0])));
}

static struct rlimit rttime_of(const struct process_sched *s)
{
	return (struct rlimit){ .rlim_cur = s->rlimit_rttime_us / 2,
				.rlim_max = s->rlimit_rttime_us };
}

static void apply_realtime(pid_t pid, const char *title, const struct process_sched *s)
{
	struct sched_param param = { .sched_priority = (int)s->rt_priority };
	struct rlimit limit = rttime_of(s);

	if (!s->rt_priority) {
		limit.rlim_cur = limit.rlim_max = RLIM_INFINITY;
		if (sched_setscheduler(pid, SCHED_OTHER, &param) < 0)
			complain(title, "normal scheduling");
		(void)prlimit(pid, RLIMIT_RTTIME, &limit, NULL);
		return;
	}
	if (limit.rlim_max && prlimit(pid, RLIMIT_RTTIME, &limit, NULL) < 0)
		complain(title, "its real-time limit");
	if (sched_setscheduler(pid, SCHED_RR | SCHED_RESET_ON_FORK, &param) < 0)
		complain(title, "its real-time priority");
}

void resources_apply(pid_t pid, const char *title, const struct process_sched *old,
		     const struct process_sched *new)
{
	static const struct process_sched defaults;

	if (!new)
		return;
	if (!old)
		old = &defaults;
	if (old->rt_priority != new->rt_priority ||
	    (new->rt_priority && old->rlimit_rttime_us != new->rlimit_rttime_us))
		apply_realtime(pid, title, new);
	if (old->nice != new->nice && !new->rt_priority &&
	    setpriority(PRIO_PROCESS, (id_t)pid, new->nice) < 0)
		complain(title, "its priority");
	/* It has no right to lift its limit any more when a reload wants its memory locked. */
	if (new->no_swap && !old->no_swap)
		(void)prlimit(pid, RLIMIT_MEMLOCK,
			      &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY }, NULL);
	if (!same_cpus(&old->cpus, &new->cpus))
		apply_cpus(pid, title, &new->cpus);
}

void resources_allow_locking(void)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };

	(void)setrlimit(RLIMIT_MEMLOCK, &unlimited);
}

void resources_lock_memory(bool lock)
{
	struct rlimit limit = { 0 };

	if (!lock) {
		(void)munlockall();
		return;
	}
	resources_allow_locking();
	/* With a limit, and no right to exceed it, memory to come would be refused one day. */
	if (getrlimit(RLIMIT_MEMLOCK, &limit) < 0 || limit.rlim_cur != RLIM_INFINITY) {
		log_warning("cannot lock memory: it is limited to %llu bytes",
			    (unsigned long long)limit.rlim_cur);
		return;
	}
	if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) < 0)
		log_warning("cannot lock memory: %s", strerror(errno));
}

int resources_raise(int priority, const struct process_sched *s)
{
	struct sched_param param = { .sched_priority = priority };
	struct rlimit limit = s ? rttime_of(s) : (struct rlimit){ 0 };

	if (limit.rlim_max)
		(void)setrlimit(RLIMIT_RTTIME, &limit);
	return sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &param) < 0 ? -errno : 0;
}

void resources_allow_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}
