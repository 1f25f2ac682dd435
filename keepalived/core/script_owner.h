/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * User and group names of scripts and FIFOs to numbers.
 */
#pragma once

#include "base/arena.h"
#include "core/config_script.h"
#include "core/script_path.h"

/** The user that scripts run as when nobody says otherwise, if it exists. */
#define SCRIPT_USER_DEFAULT "keepalived_script"

enum owner_result {
	OWNER_OK,
	OWNER_NO_USER,
	OWNER_NO_GROUP,
};

/** Look up @owner, whose user must not be NULL. Supplementary groups are those of the user when
 *  the group begins with ":" or @all_groups, else none. Memory from @arena. */
enum owner_result script_owner_find(const struct script_owner *owner, bool all_groups,
				    struct arena *arena, struct script_ids *out);
/** The name of a user, or its number as text. From @arena. */
const char *script_user_name(uid_t uid, struct arena *arena);
