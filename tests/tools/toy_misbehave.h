/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an engine that was taken over could do to the supervisor.
 */
#pragma once

#include "core/process.h"

/** @how: a row of the table in toy_misbehave.c. @script: of the first toy, NULL: none. */
void toy_misbehave(struct engine_run *, const char *how, const struct script_config *script);
