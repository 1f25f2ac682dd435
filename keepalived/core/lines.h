/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Direct lines between engines: a connected pair of sockets for each two that talk.
 *
 * The supervisor makes them once and keeps both ends, so that a line outlives the processes at
 * its ends: what is sent while the other is not running is read when it is back. Records
 * (SOCK_SEQPACKET) in both directions, non-blocking; who cannot send now sends later.
 */
#pragma once

#include "core/engine.h"

#define LINES 2			/* BFD - VRRP, BFD - checkers */

struct lines {
	int fds[LINES][2];
};

/** 0 or -errno. lines_close() is needed only after 0. */
int lines_open(struct lines *);
void lines_close(struct lines *);
/** The ends of @engine, by the engine at the other end; -1: no line. */
void lines_of(const struct lines *, enum engine_id engine, int out[ENGINE_COUNT]);
