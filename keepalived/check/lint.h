/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Advice about health checker configurations: what is allowed but rarely meant. Notes only.
 */
#pragma once

struct config_check;

/** struct engine's ->lint. */
void check_lint(struct config_check *);
