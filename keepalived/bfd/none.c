/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The BFD engine where it is not built: the configuration is read and checked like anywhere,
 * nothing runs; the supervisor says so.
 */
#include "bfd/engine.h"

#include "bfd/config.h"

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
};
