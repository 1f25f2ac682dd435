/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log: levels, and the sinks syslog, standard error and file.
 *
 * Every line is made once per sink and handed over without waiting: syslog through a datagram
 * socket of our own, standard error only when it can take the line, the file through a buffer
 * that anything above detail level empties. What a sink refuses is counted and reported to it as
 * soon as it accepts a line again. Strings of the set-up are borrowed from the caller.
 *
 * How syslog, standard error and files are written to is the job of log_sink.c. RFC 3164.
 */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log_sink.h"

enum {
	TEXT_USUAL = 2048,  /* longer messages are allocated */
	PIECE_LONGEST = 8000, /* longer lines are cut in pieces */
	HEAD_LONGEST = 192,
};

/** When and by whom a message is written: what all its lines share. */
struct stamp {
	struct tm tm;
	long ns;
	pid_t pid;
	int severity;
};

/* The one log of the process. */
static struct {
	struct log_setup setup;
	struct log_sink syslog;
	struct log_sink console;
	struct log_sink file;
	bool is_open;
} log_state = {
	.syslog = { .fd = -1 },
	.console = { .fd = STDERR_FILENO },
	.file = { .fd = -1 },
};

static int severity_of(enum log_level level)
{
	static const int severities[] = {
		[LOG_LEVEL_ERROR] = LOG_ERR,   [LOG_LEVEL_WARNING] = LOG_WARNING,
		[LOG_LEVEL_NOTICE] = LOG_NOTICE, [LOG_LEVEL_INFO] = LOG_INFO,
		[LOG_LEVEL_DETAIL] = LOG_INFO, [LOG_LEVEL_DEBUG] = LOG_DEBUG,
	};

	return severities[level];
}

bool log_wants(enum log_level level)
{
	if (level == LOG_LEVEL_DETAIL)
		return log_state.setup.detail >= 1;
	if (level == LOG_LEVEL_DEBUG)
		return log_state.setup.detail >= 2;
	return true;
}

/** "<30>Nov 23 06:38:52 ident[pid]: " */
static size_t head_syslog(char *to, size_t size, const struct stamp *s)
{
	char when[32];
	int len;

	(void)strftime(when, sizeof(when), "%b %e %H:%M:%S", &s->tm);
	len = snprintf(to, size, "<%d>%s %.100s[%d]: ", log_state.setup.facility | s->severity,
		       when, log_state.setup.ident, s->pid);
	return (size_t)MAX_OF(len, 0);
}

/** "Mon Nov 23 06:33:05 2026: ident[pid]: " */
static size_t head_console(char *to, size_t size, const struct stamp *s)
{
	char when[40];
	int len;

	(void)strftime(when, sizeof(when), "%a %b %e %H:%M:%S %Y", &s->tm);
	len = snprintf(to, size, "%s: %.100s[%d]: ", when, log_state.setup.ident, s->pid);
	return (size_t)MAX_OF(len, 0);
}

/** "Mon Nov 23 06:38:52.254868271 2026: " */
static size_t head_file(char *to, size_t size, const struct stamp *s)
{
	char when[40];
	int len;

	(void)strftime(when, sizeof(when), "%a %b %e %H:%M:%S", &s->tm);
	len = snprintf(to, size, "%s.%09ld %d: ", when, s->ns, s->tm.tm_year + 1900);
	return (size_t)MAX_OF(len, 0);
}

typedef size_t head_fn(char *to, size_t size, const struct stamp *);
typedef bool put_fn(struct log_sink *, const char *line, size_t len);

/** One way out of the log: how its lines begin and end and who takes them. */
struct way {
	head_fn *head;
	put_fn *put;
	bool newline;
};

static bool put_piece(struct log_sink *sink, const struct way *way, const struct stamp *s,
		      const char *text, size_t len)
{
	char line[HEAD_LONGEST + PIECE_LONGEST + 1];
	size_t at = way->head(line, HEAD_LONGEST, s);

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		line[at++] = (c < 0x20 && c != '\t') || c == 0x7f ? '?' : text[i];
	}
	if (way->newline)
		line[at++] = '\n';
	return way->put(sink, line, at);
}

/** Before a line: say how many were lost, now that the sink may be taking lines again. */
static bool put_loss(struct log_sink *sink, const struct way *way, const struct stamp *s)
{
	char text[64];
	int len;

	if (!sink->lost)
		return true;
	len = snprintf(text, sizeof(text), "%u log messages were lost here", sink->lost);
	if (len < 0 || !put_piece(sink, way, s, text, (size_t)len))
		return false;
	sink->lost = 0;
	return true;
}

/** All lines of @text to one sink. */
static void put_text(struct log_sink *sink, const struct way *way, const struct stamp *s,
		     const char *text)
{
	while (*text) {
		size_t line = strcspn(text, "\n");
		size_t len = MIN_OF(line, (size_t)PIECE_LONGEST);

		if (!put_loss(sink, way, s) || !put_piece(sink, way, s, text, len))
			sink->lost++;
		text += len;
		if (*text == '\n')
			text++;
	}
}

static void put_everywhere(enum log_level level, const char *text)
{
	static const struct way to_syslog = { head_syslog, log_sink_syslog, false };
	static const struct way to_console = { head_console, log_sink_console, true };
	static const struct way to_file = { head_file, log_sink_file, true };
	int64_t now = clock_wall_ns();
	time_t seconds = (time_t)(now / 1000000000);
	struct stamp s = { .ns = (long)(now % 1000000000), .pid = getpid(),
			   .severity = severity_of(level) };

	if (!localtime_r(&seconds, &s.tm))
		s.tm = (struct tm){ .tm_mday = 1 };
	if (!log_state.is_open) {
		log_state.setup.ident = "";
		put_text(&log_state.console, &to_console, &s, text);
		return;
	}
	if (log_state.setup.to_syslog)
		put_text(&log_state.syslog, &to_syslog, &s, text);
	if (log_state.setup.to_console)
		put_text(&log_state.console, &to_console, &s, text);
	if (log_state.setup.file)
		put_text(&log_state.file, &to_file, &s, text);
	if (log_state.setup.file && (log_state.setup.flush_file || level < LOG_LEVEL_DETAIL))
		log_sink_flush(&log_state.file);
}

void log_write(enum log_level level, const char *fmt, ...)
{
	int saved = errno;
	char usual[TEXT_USUAL];
	char *text = usual;
	va_list args;
	int len;

	if (!log_wants(level))
		return;
	va_start(args, fmt);
	len = vsnprintf(usual, sizeof(usual), fmt, args);
	va_end(args);
	if (len >= TEXT_USUAL) {
		text = xrealloc(NULL, (size_t)len + 1, 1);
		errno = saved; /* for %m */
		va_start(args, fmt);
		(void)vsnprintf(text, (size_t)len + 1, fmt, args);
		va_end(args);
	}
	if (len > 0)
		put_everywhere(level, text);
	if (text != usual)
		free(text);
	errno = saved;
}

int log_open(const struct log_setup *setup)
{
	log_close();
	log_state.setup = *setup;
	log_state.is_open = true;
	if (!setup->ident)
		log_state.setup.ident = "";
	return setup->file ? log_sink_open_file(&log_state.file, setup->file) : 0;
}

int log_reopen(void)
{
	if (!log_state.is_open || !log_state.setup.file)
		return 0;
	log_sink_close(&log_state.file);
	return log_sink_open_file(&log_state.file, log_state.setup.file);
}

void log_flush(void)
{
	log_sink_flush(&log_state.file);
}

void log_close(void)
{
	log_sink_close(&log_state.syslog);
	log_sink_close(&log_state.file);
	log_state.file.lost = 0;
	log_state.setup = (struct log_setup){ .detail = log_state.setup.detail };
	log_state.is_open = false;
}
