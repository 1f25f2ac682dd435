/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notify_stop_wait: run those scripts, count their ends. See the header.
 */
#include "vrrp/farewell.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"
#include "core/run.h"
#include "vrrp/runtime.h"

struct last_word {
	struct run run;
	struct farewell *farewell;
	const char *name;	/* of the instance or group; the configuration's */
};

struct farewell {
	struct vrrp *vrrp;
	void (*then)(struct vrrp *, ktime now);
	unsigned n_left;
	unsigned n;
	struct last_word words[];
};

static void ended(struct run *run, const struct run_result *result, ktime now)
{
	struct last_word *word = container_of(run, struct last_word, run);
	struct farewell *f = word->farewell;

	if (result->end == RUN_TIMED_OUT)
		log_warning("(%s) notify_stop did not end within notify_stop_wait", word->name);
	else if (result->end != RUN_EXITED || result->code != 0)
		log_warning("(%s) notify_stop failed", word->name);
	if (--f->n_left == 0)
		f->then(f->vrrp, now);
}

static void start(struct farewell *f, const char *name, const struct script_config *script,
		  kspan wait)
{
	struct last_word *word = &f->words[f->n];
	const struct run_what what = { .script = script, .timeout = wait };

	if (script == NULL || wait.ns == 0)
		return;
	*word = (struct last_word){ .run = { .done = ended }, .farewell = f, .name = name };
	f->n++;
	f->n_left++;
	run_start(f->vrrp->run, &word->run, &what);
}

void farewell_begin(struct vrrp *v, void (*then)(struct vrrp *, ktime now), ktime now)
{
	const struct vrrp_config *c = v->config;
	struct farewell *f =
		xcalloc(1, sizeof(*f) + (c->instances.n + c->groups.n) * sizeof(f->words[0]));

	f->vrrp = v;
	f->then = then;
	v->farewell = f;
	for (uint32_t i = 0; i < c->instances.n; i++) {
		const struct vrrp_instance_config *vi = vrrp_instance_at(c, i);

		start(f, vi->object.name, vi->notify->scripts.stop, vi->notify->stop_wait);
	}
	for (uint32_t i = 0; i < c->groups.n; i++) {
		const struct vrrp_group_config *group = c->groups.items[i];

		start(f, group->object.name, group->notify.stop, group->notify_stop_wait);
	}
	if (f->n == 0)
		then(v, now);
}

void farewell_free(struct vrrp *v)
{
	struct farewell *f = v->farewell;

	for (unsigned i = 0; f != NULL && i < f->n; i++)
		run_cancel(&f->words[i].run);
	free(f);
	v->farewell = NULL;
}
