/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VRRP engine where it is not built: the configuration is read and checked like anywhere,
 * nothing runs; the supervisor says so.
 */
#include "vrrp/config.h"
#include "vrrp/config_check.h"
#include "vrrp/engine.h"
#include "vrrp/lint.h"

const struct engine vrrp_engine = {
	.id = ENGINE_VRRP,
	.name = "vrrp",
	.title = "VRRP",
	.ident = "vrrp",
	.pid_name = "vrrp",
	.comm = "keepalived_vrrp",
	.dump_name = "VRRP",
	.dump_suffix = "",
	.built = false,
	.sections = &vrrp_sections,
	.check = vrrp_config_check,
	.load = vrrp_config_load,
	.lint = vrrp_lint,
	.wanted = vrrp_config_wanted,
};
