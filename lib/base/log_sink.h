/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where log lines end: each function takes one complete line now or says that it cannot, and
 * never waits. Private to the log.
 */
#pragma once

#include "base/attr.h"

enum { LOG_BUFFER_SIZE = 16384 };

/** Initialise with fd -1 (or a descriptor that is not ours, for log_sink_console()). */
struct log_sink {
	int fd;
	unsigned lost; /* lines refused since the last that was taken; kept by the caller */
	pid_t owner;   /* who filled the buffer: a fork must not write it again */
	size_t filled;
	char *buffer;  /* LOG_BUFFER_SIZE, files only */
};

/** One datagram to /dev/log, connecting first (again) if need be. */
bool log_sink_syslog(struct log_sink *, const char *line, size_t len);
/** To a descriptor that belongs to others too, so its flags are left alone. */
bool log_sink_console(struct log_sink *, const char *line, size_t len);
/** Into the buffer; when it is full it is written first. */
bool log_sink_file(struct log_sink *, const char *line, size_t len);
/** Write out the buffer. What the file does not take is counted as lost. */
void log_sink_flush(struct log_sink *);

/** Open for appending: 0, or -errno and the sink takes nothing. Never through a symbolic link. */
int log_sink_open_file(struct log_sink *, const char *path);
/** Flush and close. */
void log_sink_close(struct log_sink *);
