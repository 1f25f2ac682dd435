/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * May this configuration replace that one while the daemon runs? Pure.
 */
#pragma once

#include "core/config.h"

enum reload_verdict {
	RELOAD_ACCEPT,
	RELOAD_REFUSE_ERRORS,	/* the running one is clean, the new one is not */
	RELOAD_REFUSE_UNREADABLE,	/* there is no new one */
	RELOAD_REFUSE_EMPTY,	/* it says nothing, the running one does */
	RELOAD_REFUSE_FIXED,	/* something differs that only a restart can change */
};

/**
 * @readable: the main file could be read. With @global->reload_check_config (of the running
 * configuration) errors always refuse. *out_fixed is the keyword in question for
 * RELOAD_REFUSE_FIXED.
 */
enum reload_verdict reload_judge(const struct config *running, bool running_has_errors,
				 const struct config *new, bool readable,
				 const struct keyword **out_fixed);
/** The first row flagged KW_FIXED whose value differs; NULL: none. */
const struct keyword *reload_fixed_change(const struct object *old, const struct object *new);
