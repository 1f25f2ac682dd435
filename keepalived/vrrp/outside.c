/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tracked files: read and watched here, weighed in track.c.
 */
#include "vrrp/outside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "core/track_file.h"
#include "vrrp/track_bfd.h"
#include "vrrp/track_process.h"

struct tracked_file {
	struct vrrp_outside *outside;
	const struct track_file_config *config;
	struct track_file file;
	bool started;
};

struct vrrp_outside {
	struct vrrp *vrrp;
	struct vrrp_processes *processes;
	struct vrrp_bfds *bfds;
	struct tracked_file *files;
	uint32_t n_files;
};

static void publish(const struct tracked_file *f, bool changed)
{
	struct status_page *page = f->outside->vrrp->page;
	struct vrrp_file_status *s = status_begin(page, VRRP_SLOT_FILE, f->config->id);

	if (s == NULL)
		return;
	s->value = (int32_t)f->file.value;
	s->exists = f->file.readable;
	if (changed)
		s->last_change_wall_ns = clock_wall_ns();
	status_end(page, s);
}

static void file_changed(struct track_file *t, ktime now)
{
	struct tracked_file *f = container_of(t, struct tracked_file, file);
	struct cause cause = { .type = CAUSE_FILE, .number = (int32_t)t->value };

	(void)str_copy(cause.text, sizeof(cause.text), f->config->object.name);
	publish(f, true);
	track_set_value(f->outside->vrrp->track, f->config->id, t->value, &cause, now);
}

static void stop_files(struct vrrp_outside *o)
{
	for (uint32_t i = 0; i < o->n_files; i++) {
		if (o->files[i].started)
			track_file_stop(&o->files[i].file);
	}
	free(o->files);
	o->files = NULL;
	o->n_files = 0;
}

static void start_file(struct vrrp_outside *o, struct tracked_file *f)
{
	int error;

	f->outside = o;
	f->file.path = f->config->file;
	f->file.changed = file_changed;
	error = track_file_start(o->vrrp->loop, &f->file);
	f->started = error == 0;
	if (error < 0)
		log_error("cannot watch tracked file %s: %s", f->config->file, strerror(-error));
	track_preset_value(o->vrrp->track, f->config->id, f->file.value);
	publish(f, false);
}

static void configure_files(struct vrrp_outside *o)
{
	const struct object_list *list = &o->vrrp->config->files;

	stop_files(o);
	o->n_files = list->n;
	o->files = xcalloc(MAX_OF(list->n, 1), sizeof(*o->files));
	for (uint32_t i = 0; i < list->n; i++) {
		o->files[i].config = list->items[i];
		start_file(o, &o->files[i]);
	}
}

void outside_configure(struct vrrp_outside *o, ktime now)
{
	configure_files(o);
	processes_configure(o->processes, now);
	bfds_configure(o->bfds, now);
}

/* Did the former configuration have that file made? */
static bool was_made(const struct config *old, const char *path)
{
	const struct vrrp_config *vc = old != NULL ? vrrp_config_of(old) : NULL;

	for (uint32_t i = 0; vc != NULL && i < vc->files.n; i++) {
		const struct track_file_config *c = vc->files.items[i];

		if (c->init.on && str_eq(c->file, path))
			return true;
	}
	return false;
}

static const char *refusal(int error)
{
	switch (error) {
	case -EINVAL:
		return "not a regular file";
	case -EMLINK:
		return "it has other names, too";
	case -EPERM:
		return "it belongs to somebody else";
	}
	return strerror(-error);
}

void vrrp_prepare(const struct config *old, const struct config *config)
{
	const struct vrrp_config *vc = vrrp_config_of(config);

	for (uint32_t i = 0; vc != NULL && i < vc->files.n; i++) {
		const struct track_file_config *c = vc->files.items[i];
		int error = was_made(old, c->file) ? 0 : track_file_create(c);

		if (error < 0)
			log_error("track_file %s: init_file: cannot write %s: %s", c->object.name,
				  c->file, refusal(error));
	}
}

struct vrrp_outside *outside_new(struct vrrp *v)
{
	struct vrrp_outside *o = xnew(struct vrrp_outside);

	o->vrrp = v;
	o->processes = processes_new(v);
	o->bfds = bfds_new(v);
	return o;
}

void outside_free(struct vrrp_outside *o)
{
	if (o == NULL)
		return;
	stop_files(o);
	processes_free(o->processes);
	bfds_free(o->bfds);
	free(o);
}
