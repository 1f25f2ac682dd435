/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Built-in checks without a program: a TCP connection, an HTTP request, an echo.
 */
#pragma once

#include "vrrp/config_track.h"

struct loop;
struct probe;

struct probe_result {
	bool good;
	int code;			/* small number, as an exit status */
	const char *detail;		/* a word or two */
	kspan took;
};

/** The end of one run. */
typedef void probe_done(void *arg, const struct probe_result *, ktime now);

/** @config is borrowed. Never NULL. */
struct probe *probe_new(struct loop *, const struct vrrp_script_config *, probe_done *, void *arg);
void probe_free(struct probe *);
/** Begin one run; @done is called once, never from in here. */
void probe_start(struct probe *, ktime now);
void probe_cancel(struct probe *);
bool probe_is_running(const struct probe *);
