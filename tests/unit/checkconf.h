/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For tests of the checkers' and BFD's configuration: text in, configuration and diagnostics out.
 */
#pragma once

#include "check/config.h"
#include "core/config.h"

/** Read @text with the tables and checks of the checkers and BFD, and track_file.
 *  Free with config_free(). */
struct config *read_checkers(const char *text);
/** The first diagnostic of at least @severity whose message or hint contains @text; NULL. */
const struct diag *find_diag(struct config *, enum diag_severity, const char *text);
/** All diagnostics as text, for messages of failed assertions. Static buffer. */
const char *all_diags(struct config *);
/** Errors and warnings. */
size_t n_findings(struct config *);
/** Line and column of a place, as "4:9". Static buffer. */
const char *place_text(const struct config *, struct place);

#define check_of(config) check_config_of(config)
