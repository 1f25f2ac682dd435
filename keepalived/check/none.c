/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checker engine where it is not built: the configuration is read and checked like anywhere,
 * nothing runs; the supervisor says so.
 */
#include "check/engine.h"

#include "check/config.h"
#include "check/lint.h"

const struct engine check_engine = {
	.id = ENGINE_CHECK,
	.name = "checker",
	.title = "Healthcheck",
	.ident = "healthcheckers",
	.pid_name = "checkers",
	.comm = "keepalived_lvs",
	.dump_name = "checker",
	.dump_suffix = "_check",
	.built = false,
	.sections = &check_sections,
	.check = check_config_check,
	.lint = check_lint,
	.wanted = check_config_wanted,
};
