/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every unit test starts with: cmocka with the headers it needs, and a main() that reports
 * in TAP.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/** Skip the running test; tests/run shows @reason, a string. */
#define SKIP_BECAUSE(reason)                                  \
	do {                                                  \
		print_message("# because: %s\n", reason);     \
		skip();                                       \
	} while (0)

/** main() that runs the struct CMUnitTest array @tests; CMOCKA_MESSAGE_OUTPUT overrides TAP. */
#define UNIT_MAIN(tests)                                              \
	int main(void)                                                \
	{                                                             \
		cmocka_set_message_output(CM_OUTPUT_TAP);             \
		return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0; \
	}
