/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notify scripts in order.
 *
 * Every object that notifies has a chain: at most one script runs, the others wait. A script that
 * still runs after PATIENCE while another waits is left to itself, so a hanging or long-lived
 * script delays the news of a failover but never swallows it. A chain is freed when it is empty.
 */
#include "core/notify.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/arena.h"
#include "base/log.h"
#include "core/supervisor.h"

#define PATIENCE  SEC(30)
#define CHAIN_MAX 256u
#define STRAGGLERS_MAX 1024u

/** One script of one event. */
struct notice {
	struct notice *next;
	struct chain *chain;		/* NULL: a straggler */
	struct notifier *notifier;
	struct job job;
	struct generation *generation;	/* owns ->run */
	const struct script_run *run;
	bool extra;
	char type[16];
	char *name;
	char state[24];
	char priority[12];
};

struct chain {
	uint64_t key;
	struct notifier *notifier;
	struct notice *running;
	struct notice *first, *last;	/* waiting */
	unsigned n_waiting;
	struct timer patience;
	UT_hash_handle hh;
};

void notifier_init(struct notifier *n, struct runner *runner, struct loop *loop)
{
	*n = (struct notifier){ .runner = runner, .loop = loop };
	for (unsigned i = 0; i < NOTIFY_FIFOS; i++) {
		n->fifos[i].fifo.fd = -1;
		n->fifos[i].loop = loop;
		n->fifos[i].runner = runner;
	}
}

void notifier_configure(struct notifier *n, struct generation *g, ktime now)
{
	for (unsigned i = 0; i < NOTIFY_FIFOS; i++)
		fifo_seat_configure(&n->fifos[i], g, (enum notify_fifo)i, now);
}

static void free_notice(struct notice *notice)
{
	notice->notifier->n_pending--;
	generation_unref(notice->generation);
	free(notice->name);
	free(notice);
}

static void free_chain(struct chain *chain)
{
	timer_cancel(&chain->patience);
	HASH_DEL(chain->notifier->chains, chain);
	free(chain);
}

static struct notice *take_first(struct chain *chain)
{
	struct notice *notice = chain->first;

	chain->first = notice->next;
	if (!chain->first)
		chain->last = NULL;
	notice->next = NULL;
	chain->n_waiting--;
	return notice;
}

static int start_notice(struct notice *notice, ktime now)
{
	const char *args[] = { notice->type, notice->name, notice->state, notice->priority };
	struct job_what what = {
		.run = notice->run, .args = args, .n_args = notice->extra ? 4 : 0,
	};

	return job_start(notice->notifier->runner, &notice->job, &what, now);
}

/* Start what waits, until one runs; free the chain when there is nothing more. */
static void advance(struct chain *chain, ktime now)
{
	while (!chain->running && chain->first) {
		struct notice *notice = take_first(chain);
		int result = start_notice(notice, now);

		if (!result) {
			chain->running = notice;
			break;
		}
		/* Refused scripts were reported with the configuration. */
		if (result != -EACCES)
			log_error("cannot run script %s: %s", notice->run->config->command,
				  strerror(-result));
		free_notice(notice);
	}
	if (!chain->running)
		free_chain(chain);
	else if (chain->first && !timer_is_armed(&chain->patience))
		timer_arm(loop_timers(chain->notifier->loop), &chain->patience,
			  ktime_add(now, PATIENCE));
}

static void unlink_straggler(struct notice *notice)
{
	struct notice **at = &notice->notifier->stragglers;

	while (*at && *at != notice)
		at = &(*at)->next;
	if (!*at)
		return;
	*at = notice->next;
	notice->notifier->n_stragglers--;
}

static void report_end(const struct notice *notice, const struct run_result *result)
{
	const char *command = notice->run->config->command;

	if (result->end == RUN_EXEC_FAILED)
		log_error("Error exec-ing command '%s', error %d: %s", command, result->code,
			  strerror(result->code));
	else if (result->end == RUN_EXITED && result->code)
		log_detail("script %s exited with status %d", command, result->code);
	else if (result->end == RUN_SIGNALED)
		log_detail("script %s ended by signal %d", command, result->code);
}

static void notice_done(struct job *j, const struct run_result *result, ktime now)
{
	struct notice *notice = container_of(j, struct notice, job);
	struct chain *chain = notice->chain;

	report_end(notice, result);
	if (!chain) {
		unlink_straggler(notice);
		free_notice(notice);
		return;
	}
	chain->running = NULL;
	timer_cancel(&chain->patience);
	free_notice(notice);
	advance(chain, now);
}

static void out_of_patience(struct timer *t, ktime now)
{
	struct chain *chain = container_of(t, struct chain, patience);
	struct notice *notice = chain->running;

	if (chain->notifier->n_stragglers >= STRAGGLERS_MAX) {
		timer_arm(loop_timers(chain->notifier->loop), t, ktime_add(now, PATIENCE));
		return;
	}
	log_warning("script %s for %s still runs: the next one for it does not wait any longer",
		    notice->run->config->command, notice->name);
	notice->chain = NULL;
	notice->next = chain->notifier->stragglers;
	chain->notifier->stragglers = notice;
	chain->notifier->n_stragglers++;
	chain->running = NULL;
	advance(chain, now);
}

static struct chain *chain_of(struct notifier *n, uint64_t key)
{
	struct chain *chain;

	HASH_FIND(hh, n->chains, &key, sizeof(key), chain);
	if (chain)
		return chain;
	chain = xnew(struct chain);
	chain->key = key;
	chain->notifier = n;
	chain->patience.fire = out_of_patience;
	HASH_ADD(hh, n->chains, key, sizeof(key), chain);
	return chain;
}

static struct notice *new_notice(struct notifier *n, struct generation *g,
				 const struct notify_plan *plan, unsigned i)
{
	struct notice *notice = xnew(struct notice);

	notice->notifier = n;
	notice->generation = generation_ref(g);
	notice->run = &g->runs[plan->scripts[i]->id];
	notice->job.done = notice_done;
	notice->extra = plan->extra_args[i];
	notice->name = xstrdup(plan->name ? plan->name : "");
	(void)str_copy(notice->type, sizeof(notice->type), plan->type);
	(void)str_copy(notice->state, sizeof(notice->state), plan->state ? plan->state : "");
	snprintf(notice->priority, sizeof(notice->priority), "%d", plan->priority);
	n->n_pending++;
	return notice;
}

static void append(struct chain *chain, struct notice *notice)
{
	notice->chain = chain;
	if (chain->last)
		chain->last->next = notice;
	else
		chain->first = notice;
	chain->last = notice;
	if (++chain->n_waiting <= CHAIN_MAX)
		return;
	notice = take_first(chain);
	log_error("too many events of %s wait for their scripts: %s for state %s is not run",
		  notice->name, notice->run->config->command, notice->state);
	free_notice(notice);
}

static void take_scripts(struct notifier *n, struct generation *g,
			 const struct notify_plan *plan, ktime now)
{
	struct chain *chain = NULL;

	for (unsigned i = 0; i < NOTIFY_SCRIPTS_MAX; i++) {
		const struct script_config *script = plan->scripts[i];

		if (!script || !g->runs || script->id >= g->config->n_scripts)
			continue;
		if (!chain)
			chain = chain_of(n, plan->order_key);
		append(chain, new_notice(n, g, plan, i));
	}
	if (chain)
		advance(chain, now);
}

static void write_line(struct notifier *n, const struct notify_plan *plan)
{
	if (!plan->fifo_line[0])
		return;
	fifo_seat_write(&n->fifos[NOTIFY_FIFO_ALL], plan->fifo_line);
	fifo_seat_write(&n->fifos[plan->fifo_vrrp ? NOTIFY_FIFO_VRRP : NOTIFY_FIFO_LVS],
			plan->fifo_line);
}

void notifier_take(struct notifier *n, struct generation *g, const struct notify_plan *plan,
		   bool quiet, ktime now)
{
	if (!quiet)
		take_scripts(n, g, plan, now);
	write_line(n, plan);
}

bool notifier_is_idle(const struct notifier *n)
{
	if (n->n_pending)
		return false;
	for (unsigned i = 0; i < NOTIFY_FIFOS; i++)
		if (job_is_running(&n->fifos[i].script) &&
		    !fifo_is_drained(&n->fifos[i].fifo))
			return false;
	return true;
}

static void drop_waiting(struct chain *chain)
{
	while (chain->first)
		free_notice(take_first(chain));
}

void notifier_terminate(struct notifier *n, ktime now)
{
	struct chain *chain, *next;

	HASH_ITER(hh, n->chains, chain, next) {
		drop_waiting(chain);
		job_terminate(&chain->running->job, now);
	}
	for (struct notice *s = n->stragglers; s; s = s->next)
		job_terminate(&s->job, now);
	for (unsigned i = 0; i < NOTIFY_FIFOS; i++)
		fifo_seat_stop(&n->fifos[i], now);
}

void notifier_fini(struct notifier *n)
{
	struct chain *chain, *next;

	HASH_ITER(hh, n->chains, chain, next) {
		drop_waiting(chain);
		job_abandon(&chain->running->job);
		free_notice(chain->running);
		free_chain(chain);
	}
	while (n->stragglers) {
		struct notice *s = n->stragglers;

		n->stragglers = s->next;
		job_abandon(&s->job);
		free_notice(s);
	}
	for (unsigned i = 0; i < NOTIFY_FIFOS; i++)
		fifo_seat_fini(&n->fifos[i]);
}
