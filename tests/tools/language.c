/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables, checks and advice of all engines as a list of engines that never run.
 */
#include "tests/tools/language.h"

#include "bfd/config.h"
#include "check/config.h"
#include "check/lint.h"
#include "core/config_print.h"
#include "core/engine.h"
#include "vrrp/config.h"
#include "vrrp/lint.h"

static const struct engine vrrp = {
	.id = ENGINE_VRRP,
	.name = "vrrp",
	.built = true,
	.sections = &vrrp_sections,
	.check = vrrp_config_check,
	.lint = vrrp_lint,
};
static const struct engine check = {
	.id = ENGINE_CHECK,
	.name = "check",
	.built = true,
	.sections = &check_sections,
	.check = check_config_check,
	.lint = check_lint,
};
static const struct engine bfd = {
	.id = ENGINE_BFD,
	.name = "bfd",
	.built = true,
	.sections = &bfd_sections,
	.check = bfd_config_check,
};
static const struct engine *const engines[] = { &vrrp, &check, &bfd };

/* The outcome must not depend on who runs the test. */
static const char *no_environment(const char *name)
{
	(void)name;
	return NULL;
}

const struct config_options language_options = {
	.source = { .config_id = "here", .getenv = no_environment, .random_seed = 1 },
	.engines = engines,
	.n_engines = ARRAY_LEN(engines),
};

void language_print(const struct config *config, struct strbuf *out)
{
	config_print(config, engines, ARRAY_LEN(engines), out);
}
