/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon with a toy for an engine: tests of the supervisor run this.
 */
#include "core/daemon.h"
#include "tests/tools/toy_engine.h"

int main(int argc, char *argv[])
{
	static const struct engine *const engines[] = { &toy_engine };
	static const char *const features[] = { "TOY", NULL };
	const struct program program = {
		.build = {
			.version = "3.0.0", .date = "01/01,2026", .configure_options = "",
			.features = features, .json = true, .kernel_headers = "0.0.0",
			.system_options = "",
		},
		.engines = engines,
		.n_engines = 1,
	};

	return daemon_main(&program, argc, argv);
}
