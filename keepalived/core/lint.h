/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Advice about process-wide settings: what is allowed but rarely meant. Notes only.
 */
#pragma once

#include "core/config.h"

void core_lint(struct config_check *);
