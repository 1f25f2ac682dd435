/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The BFD engine where it is not built: the configuration is read and checked like anywhere,
 * nothing runs, and whoever starts it is told so.
 */
#include "bfd/engine.h"

#include "base/log.h"
#include "bfd/config.h"
#include "core/process.h"

static int bfd_run(struct engine_run *run)
{
	(void)run;
	log_error("BFD is not part of this build: no session comes up");
	return ENGINE_EXIT_FATAL;
}

const struct engine bfd_engine = {
	.id = ENGINE_BFD,
	.name = "bfd",
	.title = "BFD",
	.ident = "bfd",
	.pid_name = "bfd",
	.comm = "keepalived_bfd",
	.dump_name = "BFD",
	.dump_suffix = "_bfd",
	.built = false,
	.sections = &bfd_sections,
	.check = bfd_config_check,
	.wanted = bfd_config_wanted,
	.run = bfd_run,
};
