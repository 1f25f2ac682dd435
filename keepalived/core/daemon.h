/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program: command line to exit status.
 */
#pragma once

#include "core/engine.h"
#include "core/options.h"

/** What main.c links together. */
struct program {
	struct build_info build;
	const struct engine *const *engines;
	size_t n_engines;
	/** genhash, with its own arguments; NULL: not in this build. */
	int (*genhash)(int argc, char *argv[]);
};

int daemon_main(const struct program *, int argc, char *argv[]);
