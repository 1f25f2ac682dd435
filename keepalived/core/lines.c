/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Direct lines between engines.
 */
#include "core/lines.h"

#include <unistd.h>

#include "base/arena.h"
#include "core/ipc.h"

static const enum engine_id ends[LINES][2] = {
	{ ENGINE_BFD, ENGINE_VRRP },
	{ ENGINE_BFD, ENGINE_CHECK },
};

int lines_open(struct lines *lines)
{
	for (unsigned i = 0; i < LINES; i++)
		lines->fds[i][0] = lines->fds[i][1] = -1;
	for (unsigned i = 0; i < LINES; i++) {
		int result = ipc_pair(lines->fds[i]);

		if (result < 0) {
			lines_close(lines);
			return result;
		}
	}
	return 0;
}

void lines_close(struct lines *lines)
{
	for (unsigned i = 0; i < LINES; i++) {
		close_fd(&lines->fds[i][0]);
		close_fd(&lines->fds[i][1]);
	}
}

void lines_of(const struct lines *lines, enum engine_id engine, int out[ENGINE_COUNT])
{
	for (unsigned i = 0; i < ENGINE_COUNT; i++)
		out[i] = -1;
	for (unsigned i = 0; i < LINES; i++) {
		for (unsigned side = 0; side < 2; side++) {
			if (ends[i][side] == engine)
				out[ends[i][!side]] = lines->fds[i][side];
		}
	}
}
