/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watch one file by watching its directory.
 *
 * All notices that have gathered are read before ->changed is called, once. The watch owns its
 * inotify descriptor and the two strings.
 */
#include "loop/filewatch.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"

static const uint32_t interesting = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |
				    IN_CREATE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

/** Notices without a name concern the directory itself, or say that some were lost. */
static bool concerns(const struct filewatch *fw, const struct inotify_event *ev)
{
	return !ev->len || str_eq(ev->name, fw->name);
}

/** True if any notice in the buffer is about our file. */
static bool any_concerns(const struct filewatch *fw, const char *buf, size_t len)
{
	const struct inotify_event *ev;
	bool any = false;

	for (size_t at = 0; at + sizeof(*ev) <= len; at += sizeof(*ev) + ev->len) {
		ev = (const struct inotify_event *)(const void *)(buf + at);
		any |= concerns(fw, ev);
	}
	return any;
}

static void inotify_ready(struct watch *w, uint32_t events, ktime now)
{
	struct filewatch *fw = container_of(w, struct filewatch, watch);
	_Alignas(struct inotify_event) char buf[4096];
	bool changed = false;
	ssize_t n;

	(void)events;
	while ((n = read(w->fd, buf, sizeof(buf))) > 0)
		changed |= any_concerns(fw, buf, (size_t)n);
	if (changed)
		fw->changed(fw, now);
}

/** Replace *path by what it links to, seen from the link's directory. */
static void follow_link(char **path)
{
	char target[PATH_MAX];
	ssize_t len = readlink(*path, target, sizeof(target) - 1);
	struct strbuf joined = { 0 };

	if (len <= 0)
		return;
	target[len] = '\0';
	if (target[0] != '/')
		strbuf_add_bytes(&joined, *path, (size_t)(strrchr(*path, '/') + 1 - *path));
	strbuf_add(&joined, target);
	free(*path);
	*path = joined.data;
}

/** Split into ->dir and ->name; false if there is no name. */
static bool take_path(struct filewatch *fw, const char *path)
{
	char *whole = xstrdup(path);
	char *slash;

	follow_link(&whole);
	slash = strrchr(whole, '/');
	fw->name = xstrdup(slash + 1);
	slash[slash == whole ? 1 : 0] = '\0'; /* "/name" is in "/" */
	fw->dir = whole;
	return *fw->name;
}

static int open_inotify(struct loop *loop, struct filewatch *fw)
{
	fw->watch.fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (fw->watch.fd < 0 || inotify_add_watch(fw->watch.fd, fw->dir, interesting) < 0)
		return -errno;
	fw->watch.events = EPOLLIN;
	fw->watch.ready = inotify_ready;
	return watch_add(loop, &fw->watch);
}

static void release(struct filewatch *fw)
{
	close_fd(&fw->watch.fd);
	free(fw->dir);
	free(fw->name);
	fw->dir = fw->name = NULL;
}

int filewatch_start(struct loop *loop, struct filewatch *fw, const char *path)
{
	int err = -EINVAL;

	if (path[0] != '/')
		return -EINVAL;
	if (fw->watch.loop)
		return -EEXIST;
	fw->watch.fd = -1;
	if (take_path(fw, path))
		err = open_inotify(loop, fw);
	if (err)
		release(fw);
	return err;
}

void filewatch_stop(struct filewatch *fw)
{
	if (!fw->watch.loop)
		return;
	watch_remove(&fw->watch);
	release(fw);
}
