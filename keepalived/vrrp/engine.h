/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VRRP engine: the one symbol that the composition root needs.
 */
#pragma once

#include "core/engine.h"

extern const struct engine vrrp_engine;

/** What the engine is, whether it is built or not. */
#define VRRP_ENGINE_IDENTITY                                                              \
	.id = ENGINE_VRRP, .name = "vrrp", .title = "VRRP", .ident = "vrrp",              \
	.pid_name = "vrrp", .comm = "keepalived_vrrp", .dump_name = "VRRP",               \
	.dump_suffix = "", .sections = &vrrp_sections, .check = vrrp_config_check,        \
	.load = vrrp_config_load, .lint = vrrp_lint, .wanted = vrrp_config_wanted
