/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config_save_dir: copies of every configuration that was used, and of the state around reloads,
 * for whoever has to find out later what happened.
 *
 * keepalived.conf.PID.N is the configuration in canonical form, keepalived_NAME.PID.N.pre and
 * .post what a .data dump shows before and after the reload. Only root may read them: they hold
 * secrets.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "core/config_print.h"
#include "core/supervisor.h"

static void save(const char *dir, const char *name, const struct strbuf *text)
{
	struct strbuf path = { 0 };
	int fd;

	(void)mkdir(dir, 0700);
	strbuf_addf(&path, "%s/%s", dir, name);
	fd = open(path.data, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, strbuf_text(text), text->len) != (ssize_t)text->len)
		log_warning("cannot save %s: %s", path.data, strerror(errno));
	if (fd >= 0)
		close(fd);
	strbuf_fini(&path);
}

void save_config(struct supervisor *s, const struct config *config)
{
	const char *dir = config->global->config_save_dir;
	struct strbuf text = { 0 }, name = { 0 };

	if (!dir)
		return;
	config_print(config, s->engines, s->n_engines, &text);
	strbuf_addf(&name, "keepalived.conf.%d.%llu", getpid(),
		    (unsigned long long)config->generation);
	save(dir, name.data, &text);
	strbuf_fini(&text);
	strbuf_fini(&name);
}

void save_states(struct supervisor *s, const struct config *config, const char *when)
{
	const char *dir = config->global->config_save_dir;
	struct strbuf text = { 0 }, name = { 0 };

	for (size_t i = 0; dir && i < ENGINE_COUNT; i++) {
		const struct seat *seat = &s->seats[i];

		if (seat->state != SEAT_RUNNING || !seat->engine->dump_data)
			continue;
		strbuf_reset(&text);
		strbuf_reset(&name);
		strbuf_addf(&name, "keepalived_%s.%d.%llu.%s", seat->engine->name, getpid(),
			    (unsigned long long)config->generation, when);
		seat->engine->dump_data(seat->generation->config, seat->page, &text);
		save(dir, name.data, &text);
	}
	strbuf_fini(&text);
	strbuf_fini(&name);
}
