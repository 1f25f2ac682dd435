/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Advice about process-wide settings: values left over from samples and the like. Reports and
 * changes nothing.
 */
#include "core/lint.h"

void core_lint(struct config_check *ck)
{
	(void)ck;
}
