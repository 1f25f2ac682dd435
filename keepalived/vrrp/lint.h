/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Advice about VRRP configurations: what is allowed but rarely meant. Notes only.
 */
#pragma once

struct config_check;

/** struct engine's ->lint. */
void vrrp_lint(struct config_check *);
