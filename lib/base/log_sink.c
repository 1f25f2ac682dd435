/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing log lines without ever waiting: to /dev/log, to standard error, to a file.
 *
 * What lines look like and counting the lost ones is the job of log.c.
 */
#include "base/log_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"

static int connect_syslog(void)
{
	const struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0)
		close_fd(&fd);
	return fd;
}

bool log_sink_syslog(struct log_sink *sink, const char *line, size_t len)
{
	/* Twice: the daemon may have been restarted since the last line. */
	for (unsigned attempt = 0; attempt < 2; attempt++) {
		if (sink->fd < 0)
			sink->fd = connect_syslog();
		if (sink->fd < 0)
			return false;
		if (send(sink->fd, line, len, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
			return true;
		if (errno == EAGAIN || errno == ENOBUFS || errno == EMSGSIZE || errno == EINTR)
			return false;
		close_fd(&sink->fd);
	}
	return false;
}

/** True if a write of up to PIPE_BUF bytes to @fd returns at once. */
static bool can_take(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLOUT);
}

bool log_sink_console(struct log_sink *sink, const char *line, size_t len)
{
	while (len) {
		size_t piece = MIN_OF(len, (size_t)PIPE_BUF);
		ssize_t n = send(sink->fd, line, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == ENOTSOCK && can_take(sink->fd))
			n = write(sink->fd, line, piece);
		if (n < 0)
			return false;
		line += n;
		len -= (size_t)n;
	}
	return true;
}

void log_sink_flush(struct log_sink *sink)
{
	size_t at = 0;

	if (sink->owner != getpid())
		sink->filled = 0;
	while (at < sink->filled) {
		ssize_t n = write(sink->fd, sink->buffer + at, sink->filled - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		at += (size_t)n;
	}
	for (; at < sink->filled; at++)
		sink->lost += sink->buffer[at] == '\n';
	sink->filled = 0;
}

bool log_sink_file(struct log_sink *sink, const char *line, size_t len)
{
	pid_t me = getpid();

	if (sink->fd < 0 || len > LOG_BUFFER_SIZE)
		return false;
	if (sink->owner != me || len > LOG_BUFFER_SIZE - sink->filled)
		log_sink_flush(sink);
	sink->owner = me;
	memcpy(sink->buffer + sink->filled, line, len);
	sink->filled += len;
	return true;
}

int log_sink_open_file(struct log_sink *sink, const char *path)
{
	/* Non-blocking for a FIFO whose reader has gone or is slow. */
	const int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
			  O_NOCTTY;

	sink->fd = open(path, flags, 0666);
	if (sink->fd < 0)
		return -errno;
	if (!sink->buffer)
		sink->buffer = xcalloc(1, LOG_BUFFER_SIZE);
	sink->filled = 0;
	return 0;
}

void log_sink_close(struct log_sink *sink)
{
	log_sink_flush(sink);
	free(sink->buffer);
	sink->buffer = NULL;
	close_fd(&sink->fd);
}
