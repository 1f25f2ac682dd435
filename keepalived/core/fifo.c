/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notification FIFOs: rules of ownership, lines that never block.
 *
 * Each line is one write of at most PIPE_BUF bytes, so lines of several writers do not mix. The
 * queue keeps the oldest lines: a reader that comes late sees the story from its beginning, and
 * what is lost is the newest.
 */
#include "core/fifo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

#define WAITING_MAX (1u << 20)

static bool is_usable(const struct stat *st, const struct fifo_owner *owner)
{
	return S_ISFIFO(st->st_mode) &&
	       (st->st_uid == geteuid() || (owner->given && st->st_uid == owner->uid));
}

/* Make it; an existing one is left alone. 0 or -errno; *out_created says which. */
static int make(const char *path, bool *out_created)
{
	*out_created = mkfifo(path, 0644) == 0;
	return *out_created || errno == EEXIST ? 0 : -errno;
}

static void has_room(struct watch *, uint32_t events, ktime now);

int fifo_open(struct loop *loop, struct fifo *f, const char *path,
	      const struct fifo_owner *owner)
{
	struct stat st;
	bool created;
	int result = make(path, &created);

	if (result)
		return result;
	int fd = open(path, O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return errno == ELOOP ? -EPERM : -errno;
	result = created && owner->given ? fchown(fd, owner->uid, owner->gid) : 0;
	if (result < 0 || fstat(fd, &st) < 0 || !is_usable(&st, owner)) {
		close(fd);
		return -EPERM;
	}
	*f = (struct fifo){ .loop = loop, .path = xstrdup(path), .fd = fd, .created = created };
	f->watch = (struct watch){
		.fd = fd, .events = EPOLLOUT, .priority = WATCH_IDLE, .ready = has_room,
	};
	return 0;
}

void fifo_close(struct fifo *f)
{
	struct stat st, named;

	if (!f->path)
		return;
	watch_remove(&f->watch);
	if (f->created && fstat(f->fd, &st) == 0 && lstat(f->path, &named) == 0 &&
	    st.st_ino == named.st_ino && st.st_dev == named.st_dev)
		(void)unlink(f->path);
	close(f->fd);
	free(f->path);
	strbuf_fini(&f->waiting);
	*f = (struct fifo){ .fd = -1 };
}

static size_t line_length(const char *text)
{
	const char *newline = strchr(text, '\n');

	return newline ? (size_t)(newline - text) + 1 : strlen(text);
}

/* Write whole lines until the pipe is full; how many bytes went. */
static size_t write_lines(struct fifo *f, const char *text)
{
	size_t done = 0;

	while (text[done]) {
		size_t len = line_length(text + done);
		ssize_t n = write(f->fd, text + done, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		/* Another error concerns this line only. */
		done += len;
		if (f->n_waiting)
			f->n_waiting--;
	}
	return done;
}

static void has_room(struct watch *w, uint32_t events attr_unused, ktime now attr_unused)
{
	struct fifo *f = container_of(w, struct fifo, watch);
	struct strbuf left = { 0 };
	size_t done = write_lines(f, strbuf_text(&f->waiting));

	strbuf_add(&left, strbuf_text(&f->waiting) + done);
	strbuf_fini(&f->waiting);
	f->waiting = left;
	if (!left.len)
		watch_remove(w);
}

bool fifo_write(struct fifo *f, const char *line)
{
	size_t len = strlen(line);

	if (!f->waiting.len && write_lines(f, line) == len)
		return true;
	if (f->waiting.len + len > WAITING_MAX) {
		f->n_lost++;
		return false;
	}
	strbuf_add(&f->waiting, line);
	f->n_waiting++;
	if (!f->watch.loop)
		(void)watch_add(f->loop, &f->watch);
	return true;
}

bool fifo_is_drained(const struct fifo *f)
{
	int unread = 0;

	if (!f->path)
		return true;
	return !f->waiting.len && (ioctl(f->fd, FIONREAD, &unread) < 0 || unread == 0);
}
