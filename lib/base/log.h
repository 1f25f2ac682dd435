/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log: levels, sinks (syslog, standard error, file), limits for repetitions.
 *
 * Only the outermost layer logs; pure files and the rest of lib/ return what happened instead.
 * Messages never block: a sink that cannot take a line now loses it and the loss is counted and
 * reported when it recovers.
 */
#pragma once

#include "base/attr.h"
#include "base/time.h"

enum log_level {
	LOG_LEVEL_ERROR,	/* something configured does not work; the operator must act */
	LOG_LEVEL_WARNING,	/* works, but not as asked, or soon will not */
	LOG_LEVEL_NOTICE,	/* a state changed */
	LOG_LEVEL_INFO,		/* life of the daemon */
	LOG_LEVEL_DETAIL,	/* only with --log-detail */
	LOG_LEVEL_DEBUG,	/* only with --log-detail twice */
};

/** Where lines go. Strings are borrowed and must outlive the log. */
struct log_setup {
	const char *ident;	/* syslog identifier, e.g. "Keepalived_vrrp" */
	int facility;		/* LOG_DAEMON ... */
	bool to_syslog;
	bool to_console;	/* standard error: "Mon Nov 23 06:33:05 2026: ident[pid]: text" */
	bool flush_file;	/* flush after each line */
	const char *file;	/* full path of the log file, NULL for none */
	unsigned detail;	/* 0, 1 (-D) or 2 (-D -D) */
};

/** Open or replace the sinks. 0, or -errno if the file cannot be opened (the others are used). */
int log_open(const struct log_setup *);
/** Close and open the file again, after rotation. */
int log_reopen(void);
void log_flush(void);
void log_close(void);
bool log_wants(enum log_level);

void log_write(enum log_level, const char *fmt, ...) attr_printf(2, 3);
#define log_error(...)	 log_write(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_write(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_notice(...)	 log_write(LOG_LEVEL_NOTICE, __VA_ARGS__)
#define log_info(...)	 log_write(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_detail(...)	 log_write(LOG_LEVEL_DETAIL, __VA_ARGS__)
#define log_debug(...)	 log_write(LOG_LEVEL_DEBUG, __VA_ARGS__)

/** Repetitions of one message: at most one per interval, the rest counted. Zero-initialise. */
struct log_limit {
	ktime next_at;
	unsigned suppressed;
};
/** True if a line may be written at @now; *out_suppressed is how many were not since the last. */
bool log_limit_ok(struct log_limit *, ktime now, kspan every, unsigned *out_suppressed);
