/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dumps on signals: .data, .stats and JSON, made from configuration and status pages.
 *
 * A file is complete at the first moment it has its name: it is filled under another name, then
 * renamed. Opening the final name for writing and closing it gives those who wait for that
 * event what they wait for. Other programs delete files that begin like the final name, so the
 * temporary one does not.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "core/dump_text.h"
#include "core/supervisor.h"
#include "core/view.h"

static mode_t current_umask(const struct supervisor *s)
{
	return (mode_t)(s->options->umask >= 0 ? (uint32_t)s->options->umask :
						 s->current->config->global->umask);
}

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			data += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

/* A new file in the directory of @path; its name goes to *out_name. */
static int open_temporary(const char *path, struct strbuf *out_name)
{
	const char *slash = strrchr(path, '/');

	strbuf_add_bytes(out_name, path, slash ? (size_t)(slash - path) + 1 : 0);
	strbuf_add(out_name, ".ka-dump-XXXXXX");
	int fd = mkostemp(out_name->data, O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int fill(const struct supervisor *s, int fd, const struct strbuf *text)
{
	int result = write_all(fd, strbuf_text(text), text->len);

	if (!result && fchmod(fd, 0666 & ~current_umask(s)) < 0)
		result = -errno;
	close(fd);
	return result;
}

static void announce(const char *path)
{
	int fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);

	if (fd >= 0)
		close(fd);
}

static int replace(const struct supervisor *s, const char *path, const struct strbuf *text)
{
	struct strbuf temporary = { 0 };
	int fd = open_temporary(path, &temporary);
	int result = fd < 0 ? fd : fill(s, fd, text);

	if (!result && rename(temporary.data, path) < 0)
		result = -errno;
	if (!result)
		announce(path);
	else if (fd >= 0)
		(void)unlink(temporary.data);
	strbuf_fini(&temporary);
	return result;
}

static void write_dump(const struct supervisor *s, enum dump_kind kind, const char *suffix,
		       const struct strbuf *text)
{
	struct strbuf path = { 0 };

	name_dump_file(&s->names, s->current->config, kind, suffix, &path);
	int result = replace(s, path.data, text);

	if (result)
		log_error("cannot write %s: %s", path.data, strerror(-result));
	strbuf_fini(&path);
}

static const struct config *config_of(struct supervisor *s, const struct seat *seat)
{
	struct generation *g =
		seat->page ? supervisor_generation(s, seat->page->generation) : NULL;

	if (!g)
		g = seat->generation ? seat->generation : s->current;
	return g->config;
}

static void seat_data(struct supervisor *s, const struct seat *seat)
{
	const struct config *config = config_of(s, seat);
	struct strbuf text = { 0 };

	if (!seat->engine || seat->state == SEAT_EMPTY || !seat->engine->dump_data)
		return;
	log_info("Printing %s data for process(%d) on signal", seat->engine->dump_name,
		 seat->process.pid);
	dump_global(config, &text);
	seat->engine->dump_data(config, seat->page, &text);
	write_dump(s, DUMP_DATA, seat->engine->dump_suffix, &text);
	strbuf_fini(&text);
}

void dump_data(struct supervisor *s)
{
	struct strbuf text = { 0 };

	for (size_t i = 0; i < ENGINE_COUNT; i++)
		seat_data(s, &s->seats[i]);
	log_info("Printing parent data for process(%d) on signal", getpid());
	dump_global(s->current->config, &text);
	write_dump(s, DUMP_DATA, "_parent", &text);
	strbuf_fini(&text);
	memory_settle();
}

void dump_stats(struct supervisor *s, bool clear)
{
	struct strbuf text = { 0 };
	bool any = false;

	for (size_t i = 0; i < ENGINE_COUNT; i++) {
		struct seat *seat = &s->seats[i];

		if (seat->state == SEAT_EMPTY || !seat->engine->dump_stats)
			continue;
		log_info("Printing%s %s stats for process(%d) on signal",
			 clear ? " and clearing" : "", seat->engine->dump_name,
			 seat->process.pid);
		seat->engine->dump_stats(config_of(s, seat), seat->page, &text);
		any = true;
		if (clear)
			(void)ipc_send(&seat->ipc, IPC_CLEAR, NULL, 0, -1);
	}
	if (any)
		write_dump(s, DUMP_STATS, "", &text);
	strbuf_fini(&text);
	memory_settle();
}

void dump_json(struct supervisor *s)
{
	struct strbuf text = { 0 };
	struct view_json json;
	struct view *view = view_json_init(&json, &text);
	const struct seat *seat = &s->seats[ENGINE_VRRP];

	if (!seat->engine || !seat->engine->dump_json)
		return;
	seat->engine->dump_json(config_of(s, seat), seat->page, view);
	strbuf_add_char(&text, '\n');
	write_dump(s, DUMP_JSON, "", &text);
	strbuf_fini(&text);
	memory_settle();
}

static const char *state_word(const struct seat *seat)
{
	switch (seat->state) {
	case SEAT_EMPTY:
		return "not running";
	case SEAT_RUNNING:
		return seat->ready ? "running" : "starting";
	case SEAT_WAITING:
		return "waiting for its restart";
	case SEAT_FAILED:
		return "failed";
	}
	return "?";
}

void dump_internal(struct supervisor *s)
{
	struct loop_lateness late = loop_take_lateness(s->loop);

	log_info("generation %llu, %u scripts running, %llu wake-ups, %llu timers, worst %.6f s "
		 "late",
		 (unsigned long long)s->current->config->generation, s->runner.n_jobs,
		 (unsigned long long)late.wakeups, (unsigned long long)late.timers,
		 kspan_seconds(late.worst));
	for (size_t i = 0; i < ENGINE_COUNT; i++) {
		const struct seat *seat = &s->seats[i];

		if (seat->engine)
			log_info("%s process: %s, pid %d, %u messages wait for it",
				 seat->engine->title, state_word(seat), seat->process.pid,
				 seat->ipc.n_queued);
	}
}

void dump_to_log(struct supervisor *s)
{
	struct strbuf text = { 0 };

	dump_global(s->current->config, &text);
	for (size_t i = 0; i < s->n_engines; i++)
		if (s->engines[i]->dump_data)
			s->engines[i]->dump_data(s->current->config, NULL, &text);
	if (text.len)
		log_info("%s", text.data);
	strbuf_fini(&text);
}
