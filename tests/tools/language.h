/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whole configuration language without the daemon: the tables, checks and advice of all
 * engines, never looking at the system, for programs that test how text is read.
 */
#pragma once

#include "core/config.h"

/** Options for config_read() and its like: all engines, configuration id "here", no environment,
 *  always the same random numbers. */
extern const struct config_options language_options;
/** Add the canonical text of all sections to @out. */
void language_print(const struct config *, struct strbuf *out);
