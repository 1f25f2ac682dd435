/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an event of the VRRP engine means to the outside: which scripts with which arguments, and
 * the line for the FIFOs. Pure; carried out by the supervisor.
 */
#pragma once

#include "core/event.h"

struct config;

/** False: nothing (no such object in @config, or priority changes that nobody asked for). */
bool vrrp_notify_plan(const struct config *config, const struct event *event,
		      struct notify_plan *out);
