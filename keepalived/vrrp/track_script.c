/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Periodic checks: run at an interval measured from start to start, count successes and failures
 * (rise, fall), tell track.c when the verdict changes.
 *
 * The counter is 0 .. rise + fall - 1; at rise and above the check is up. Programs are run by the
 * supervisor (core/run.h); built-in checks come from track_probe.h.
 */
#include "vrrp/track_script.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hashset.h"
#include "base/log.h"
#include "loop/loop.h"
#include "vrrp/config_track.h"
#include "vrrp/track_probe.h"

struct check {
	struct vrrp_scripts *scripts;
	const struct vrrp_script_config *config;
	struct timer timer;		/* next start */
	struct run run;
	struct probe *probe;		/* built-in checks */
	const char *detail;		/* what the probe said, during judge() */
	uint32_t result;
	enum vrrp_check_init init;
	bool up;
	bool refused;
	bool has_exit;
	int exit_status;		/* last; negative: signal */
	char *key;			/* what makes it the same check after a reload */
};

struct vrrp_scripts {
	struct vrrp *vrrp;
	struct check **checks;
	uint32_t n;
};

static struct timers *timers_of(const struct check *c)
{
	return loop_timers(c->scripts->vrrp->loop);
}

static const char *check_name(const struct check *c)
{
	return c->config->object.name;
}

static struct tracked name_of(const struct check *c)
{
	return (struct tracked){ TRACKER_SCRIPT, c->config->id };
}

/* -- status -------------------------------------------------------------------------------- */

static void publish(const struct check *c, const struct run_result *r, bool changed)
{
	struct status_page *page = c->scripts->vrrp->page;
	struct vrrp_check_status *s = status_begin(page, VRRP_SLOT_CHECK, c->config->id);

	if (s == NULL)
		return;
	s->up = c->up;
	s->refused = c->refused;
	s->run = (uint8_t)c->run.phase;
	s->init = (uint8_t)c->init;
	s->result = c->result;
	s->exit_status = c->exit_status;
	if (changed)
		s->last_change_wall_ns = clock_wall_ns();
	if (r != NULL) {
		s->n_runs++;
		s->took_ns = r->took.ns;
		s->last_run_wall_ns = clock_wall_ns() - r->took.ns;
		s->n_failed += r->end != RUN_EXITED || r->code != 0 ? 1 : 0;
		s->n_timeouts += r->end == RUN_TIMED_OUT ? 1 : 0;
	}
	status_end(page, s);
}

/* -- the verdict --------------------------------------------------------------------------- */

static uint32_t top(const struct vrrp_script_config *c)
{
	return c->rise + c->fall - 1;
}

/* One more success or failure. The first result decides alone, unless init_fail asks for rise
 * successes. */
static void count(struct check *c, bool good)
{
	const struct vrrp_script_config *s = c->config;

	if (c->init != VRRP_CHECK_KNOWN && !s->init_fail)
		c->result = good ? top(s) : 0;
	else if (good)
		c->result = c->result + 1 < s->rise ? c->result + 1 : top(s);
	else
		c->result = c->result > s->rise ? c->result - 1 : 0;
	c->init = VRRP_CHECK_KNOWN;
}

static const char *end_words(const struct check *c, const struct run_result *r, char *buf,
			     size_t size)
{
	if (c->probe != NULL) {
		(void)snprintf(buf, size, "%s (%s)", r->code == 0 ? "succeeded" : "failed",
			       c->detail);
		return buf;
	}
	switch (r->end) {
	case RUN_EXITED:
		if (r->code == 0)
			return "succeeded";
		(void)snprintf(buf, size, "failed (exited with status %d)", r->code);
		return buf;
	case RUN_SIGNALED:
		(void)snprintf(buf, size, "failed (due to signal %d)", r->code);
		return buf;
	case RUN_TIMED_OUT:
		return r->exited && r->code == 0 ? "succeeded" : "timed_out";
	case RUN_EXEC_FAILED:
		(void)snprintf(buf, size, "failed (cannot be executed: %s)", strerror(r->code));
		return buf;
	case RUN_REFUSED:
		return "failed (it may not be run)";
	case RUN_LOST:
		return "failed (could not be started)";
	}
	return "failed";
}

static bool is_good(const struct run_result *r)
{
	return (r->end == RUN_EXITED || (r->end == RUN_TIMED_OUT && r->exited)) && r->code == 0;
}

static void judge(struct check *c, const struct run_result *r, ktime now)
{
	struct cause cause = { .type = CAUSE_SCRIPT, .number = r->code };
	bool was_up = c->up, first = c->init != VRRP_CHECK_KNOWN;
	int exit_status = r->end == RUN_SIGNALED ? -r->code : r->code;
	char words[80];

	count(c, is_good(r));
	c->up = c->result >= c->config->rise;
	if (c->probe == NULL && r->end == RUN_EXITED &&
	    (!c->has_exit || exit_status != c->exit_status))
		log_info("Script `%s` now returning %d", check_name(c), r->code);
	c->has_exit = true;
	c->exit_status = exit_status;
	if (first || c->up != was_up)
		log_info("VRRP_Script(%s) %s", check_name(c),
			 end_words(c, r, words, sizeof(words)));
	publish(c, r, first || c->up != was_up);
	(void)str_copy(cause.text, sizeof(cause.text), check_name(c));
	track_set_state(c->scripts->vrrp->track, name_of(c),
			c->up ? VRRP_TRACKED_UP : VRRP_TRACKED_DOWN, &cause, now);
}

/* A check that may not be run is as if it were not there: its trackers are not held by it. */
static void set_refused(struct check *c, ktime now)
{
	struct cause cause = { .type = CAUSE_SCRIPT };

	c->refused = true;
	log_error("VRRP_Script(%s) cannot be run: considered failed", check_name(c));
	timer_cancel(&c->timer);
	(void)str_copy(cause.text, sizeof(cause.text), check_name(c));
	c->init = VRRP_CHECK_KNOWN;
	c->up = false;
	publish(c, NULL, true);
	track_set_state(c->scripts->vrrp->track, name_of(c), VRRP_TRACKED_DOWN, &cause, now);
}

/* -- running ------------------------------------------------------------------------------- */

static void run_ended(struct run *r, const struct run_result *result, ktime now)
{
	struct check *c = container_of(r, struct check, run);

	if (result->end == RUN_REFUSED)
		set_refused(c, now);
	else
		judge(c, result, now);
}

static void phase_changed(struct run *r, ktime now)
{
	(void)now;
	publish(container_of(r, struct check, run), NULL, false);
}

static void probe_ended(void *arg, const struct probe_result *p, ktime now)
{
	struct check *c = arg;
	struct run_result r = {
		.end = RUN_EXITED, .code = p->good ? 0 : MAX_OF(p->code, 1), .took = p->took
	};
	struct vrrp_check_status *s;

	c->detail = p->detail;
	judge(c, &r, now);
	s = status_begin(c->scripts->vrrp->page, VRRP_SLOT_CHECK, c->config->id);
	if (s == NULL)
		return;
	(void)str_copy(s->detail, sizeof(s->detail), p->detail);
	status_end(c->scripts->vrrp->page, s);
}

static bool is_busy(const struct check *c)
{
	return c->probe != NULL ? probe_is_running(c->probe) : run_is_running(&c->run);
}

static void begin(struct check *c, ktime now)
{
	const struct vrrp_script_config *s = c->config;

	if (c->probe != NULL) {
		probe_start(c->probe, now);
		return;
	}
	run_start(c->scripts->vrrp->run, &c->run,
		  &(struct run_what){ .script = s->script, .timeout = s->timeout });
	publish(c, NULL, false);
}

/* When the timeout is the interval, the end of a run and the next start meet: no complaint. */
static void start_due(struct timer *t, ktime now)
{
	struct check *c = container_of(t, struct check, timer);
	kspan every = c->config->every;
	ktime next = ktime_add(t->at, every);

	if (ktime_before(next, now))
		next = ktime_add(now, every);
	timer_arm(timers_of(c), t, next);
	if (!is_busy(c))
		begin(c, now);
	else if (c->config->timeout.ns < every.ns)
		log_info("Track script %s is already running, expect idle - skipping run",
			 check_name(c));
}

/* -- configuration ------------------------------------------------------------------------- */

static char *key_of(const struct vrrp_script_config *s)
{
	struct strbuf b = { 0 };
	char *key;

	strbuf_addf(&b, "%d %s ", (int)s->kind, s->object.name);
	if (s->script != NULL)
		strbuf_addf(&b, "%s %s:%s", s->script->command,
			    s->owner.user != NULL ? s->owner.user : "",
			    s->owner.group != NULL ? s->owner.group : "");
	if (s->kind != VRRP_CHECK_SCRIPT)
		strbuf_addf(&b, "%s %u %s", addr_text(s->host), s->port,
			    s->url != NULL ? s->url : "");
	key = xstrdup(strbuf_text(&b));
	strbuf_fini(&b);
	return key;
}

static bool same_key(const void *a, const void *b)
{
	return str_eq(((const struct check *)a)->key, ((const struct check *)b)->key);
}

/* The counter in the scale of the new rise and fall. */
static void keep_result(struct check *c, const struct check *old)
{
	c->init = old->init;
	c->up = old->up;
	c->refused = old->refused;
	c->has_exit = old->has_exit;
	c->exit_status = old->exit_status;
	c->result = c->up ? top(c->config) : 0;
	if (old->result != 0 && old->result != top(old->config))
		c->result = MIN_OF(old->result, top(c->config));
	c->up = c->init == VRRP_CHECK_KNOWN && c->result >= c->config->rise;
}

static struct check *check_new(struct vrrp_scripts *s, const struct vrrp_script_config *config)
{
	struct check *c = xnew(struct check);

	c->scripts = s;
	c->config = config;
	c->key = key_of(config);
	c->timer.fire = start_due;
	c->run.done = run_ended;
	c->run.phase_changed = phase_changed;
	c->init = config->init_fail ? VRRP_CHECK_INIT_FAILED : VRRP_CHECK_INIT;
	c->result = config->init_fail ? 0 : config->rise - 1;
	if (config->kind != VRRP_CHECK_SCRIPT)
		c->probe = probe_new(s->vrrp->loop, config, probe_ended, c);
	return c;
}

static void check_free(struct check *c)
{
	if (c == NULL)
		return;
	timer_cancel(&c->timer);
	run_cancel(&c->run);
	probe_free(c->probe);
	free(c->key);
	free(c);
}

static enum vrrp_tracked preset(const struct check *c)
{
	if (c->init == VRRP_CHECK_INIT_FAILED)
		return VRRP_TRACKED_DOWN;
	if (c->init != VRRP_CHECK_KNOWN)
		return VRRP_TRACKED_UNKNOWN;
	return c->up ? VRRP_TRACKED_UP : VRRP_TRACKED_DOWN;
}

void scripts_configure(struct vrrp_scripts *s, bool reload)
{
	const struct vrrp_config *config = s->vrrp->config;
	struct check **old = s->checks;
	struct hashset by_key = { .equal = same_key };
	uint32_t n_old = s->n;

	for (uint32_t i = 0; i < n_old; i++)
		(void)hashset_add(&by_key, hash_text(old[i]->key), old[i]);
	s->n = config->n_checks;
	s->checks = xcalloc(MAX_OF(s->n, 1), sizeof(struct check *));
	for (uint32_t i = 0; i < s->n; i++) {
		struct check *c = check_new(s, config->checks[i]);
		const struct check *same = hashset_find(&by_key, hash_text(c->key), c);

		s->checks[i] = c;
		if (same != NULL)
			keep_result(c, same);
		else if (reload && !c->config->init_fail)
			c->init = VRRP_CHECK_INIT_RELOAD;
		track_preset_state(s->vrrp->track, TRACKER_SCRIPT, i, preset(c));
	}
	for (uint32_t i = 0; i < n_old; i++)
		check_free(old[i]);
	hashset_fini(&by_key);
	free(old);
}

void scripts_start(struct vrrp_scripts *s, ktime now)
{
	for (uint32_t i = 0; i < s->n; i++) {
		struct check *c = s->checks[i];

		publish(c, NULL, false);
		if (!c->refused && track_is_used(s->vrrp->track, TRACKER_SCRIPT, i))
			timer_arm(timers_of(c), &c->timer, now);
	}
}

void scripts_stop(struct vrrp_scripts *s)
{
	for (uint32_t i = 0; i < s->n; i++) {
		timer_cancel(&s->checks[i]->timer);
		run_cancel(&s->checks[i]->run);
		if (s->checks[i]->probe != NULL)
			probe_cancel(s->checks[i]->probe);
	}
}

struct vrrp_scripts *scripts_new(struct vrrp *v)
{
	struct vrrp_scripts *s = xnew(struct vrrp_scripts);

	s->vrrp = v;
	return s;
}

void scripts_free(struct vrrp_scripts *s)
{
	if (s == NULL)
		return;
	for (uint32_t i = 0; i < s->n; i++)
		check_free(s->checks[i]);
	free(s->checks);
	free(s);
}
