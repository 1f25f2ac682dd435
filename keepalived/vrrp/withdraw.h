/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When an engine has died and will not be back at once: take its addresses out.
 */
#pragma once

#include "core/engine.h"

/** struct engine's ->withdraw. */
void vrrp_withdraw(const struct config *, const struct status_page *page);
