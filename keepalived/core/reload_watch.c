/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reload_time_file: a reload at the time that a file names.
 *
 * The file is watched; its time is wall-clock time, so the remaining wait is looked at again once a
 * minute, in case the clock is set. What the file may say is in reload_time.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "core/reload_time.h"
#include "core/supervisor.h"

#define LOOK_AGAIN SEC(60)

static const char *time_text(int64_t at, char *buf, size_t size)
{
	time_t t = (time_t)at;
	struct tm tm;

	if (!localtime_r(&t, &tm) || !strftime(buf, size, "%Y-%m-%d %H:%M:%S", &tm))
		(void)str_copy(buf, size, "?");
	return buf;
}

static int64_t wall_seconds(void)
{
	return clock_wall_ns() / 1000000000;
}

static void wait_for_it(struct supervisor *s, ktime now)
{
	struct reload *r = &s->reload;
	kspan left = SEC(r->time_at - wall_seconds());

	if (left.ns > LOOK_AGAIN.ns)
		left = LOOK_AGAIN;
	if (left.ns < 0)
		left = SEC(0);
	timer_arm(loop_timers(s->loop), &r->time_timer, ktime_add(now, left));
}

static void cancel(struct supervisor *s)
{
	struct reload *r = &s->reload;
	char text[40];

	if (r->time_at)
		log_info("Cancelling reload scheduled for %s",
			 time_text(r->time_at, text, sizeof(text)));
	r->time_at = 0;
	timer_cancel(&r->time_timer);
}

static void schedule(struct supervisor *s, int64_t at, bool has_date, ktime now)
{
	struct reload *r = &s->reload;
	char old[40], new[40];

	time_text(at, new, sizeof(new));
	if (!r->time_at)
		log_info("Scheduling reload for %s", new);
	else if (r->time_at != at)
		log_info("Reload time updated from %s to %s",
			 time_text(r->time_at, old, sizeof(old)), new);
	r->time_at = at;
	r->time_has_date = has_date;
	wait_for_it(s, now);
}

/* False: there is no such file. */
static bool read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, text, size - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return true;
}

static void look(struct supervisor *s, ktime now)
{
	struct reload *r = &s->reload;
	char text[64];
	int64_t at = 0;
	bool has_date = false;

	if (!read_text(r->time_path, text, sizeof(text))) {
		cancel(s);
		return;
	}
	enum reload_time_result result = reload_time_parse(text, wall_seconds(), &at, &has_date);

	text[strcspn(text, "\n")] = '\0';
	switch (result) {
	case RELOAD_TIME_OK:
		schedule(s, at, has_date, now);
		return;
	case RELOAD_TIME_EMPTY:
		break;
	case RELOAD_TIME_FORMAT:
		log_warning("Reload time %s format is incorrect - ignoring", text);
		break;
	case RELOAD_TIME_INVALID:
		log_warning("Reload date/time %s invalid - ignoring", text);
		break;
	case RELOAD_TIME_PAST:
		log_warning("Reload date/time is in the past - ignoring");
		break;
	}
	cancel(s);
}

static void file_changed(struct filewatch *fw, ktime now)
{
	struct reload *r = container_of(fw, struct reload, time_watch);

	look(container_of(r, struct supervisor, reload), now);
}

static void time_reached(struct timer *t, ktime now)
{
	struct reload *r = container_of(t, struct reload, time_timer);
	struct supervisor *s = container_of(r, struct supervisor, reload);
	bool keep = s->current->config->global->reload_repeat && !r->time_has_date;

	if (!r->time_at)
		return;
	if (wall_seconds() < r->time_at) {
		wait_for_it(s, now);
		return;
	}
	r->time_at = 0;
	if (keep)
		look(s, now);
	else
		(void)unlink(r->time_path);
	reload_request(s, now);
}

void reload_watch_stop(struct supervisor *s)
{
	struct reload *r = &s->reload;

	if (!r->time_path)
		return;
	filewatch_stop(&r->time_watch);
	timer_cancel(&r->time_timer);
	free(r->time_path);
	r->time_path = NULL;
	r->time_at = 0;
}

void reload_watch_start(struct supervisor *s, ktime now)
{
	struct reload *r = &s->reload;
	const char *path = s->current->config->global->reload_time_file;

	if (r->time_path && str_eq(r->time_path, path))
		return;
	reload_watch_stop(s);
	if (!path)
		return;
	r->time_watch.changed = file_changed;
	r->time_timer.fire = time_reached;
	int result = filewatch_start(s->loop, &r->time_watch, path);

	if (result) {
		log_warning("cannot watch reload time file %s: %s", path, strerror(-result));
		return;
	}
	r->time_path = xstrdup(path);
	look(s, now);
}
