/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An engine without a protocol, for tests of the supervisor.
 *
 *	toy NAME {
 *		notify "SCRIPT"		# called with INSTANCE NAME STATE PRIORITY
 *		run "SCRIPT" ; run_timeout SECS
 *		filter			# one chain by iptables instead of the script
 *		exit_with STATUS	# right after start
 *		refuse_reload		# on_reload fails
 *		stall			# never ready
 *		hang_at_stop		# ignores the request to stop
 *		misbehave HOW		# as if it was taken over, unless it was started again
 *	}
 *
 * Each toy goes BACKUP, then MASTER, and counts the runs of its script.
 */
#pragma once

#include "core/engine.h"

extern const struct engine toy_engine;
