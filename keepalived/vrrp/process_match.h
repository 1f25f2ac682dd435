/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is this process the one that is tracked?
 */
#pragma once

#include "base/span.h"
#include "vrrp/config_track.h"

/** By its name (comm, 15 bytes). Only for a configuration without ->full_command. */
bool process_matches_comm(const struct vrrp_process_config *, const char *comm);
/** By its command line: words that each end with NUL, as /proc/PID/cmdline has them. */
bool process_matches_cmdline(const struct vrrp_process_config *, struct span cmdline);
