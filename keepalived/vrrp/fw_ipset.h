/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of the IP sets of the firewall, for those who write rules about them.
 */
#pragma once

#include "vrrp/fw_rules.h"

#define FW_SET_NAME_MAX 32	/* with its NUL, as the kernel has it */

enum fw_set { FW_SET_4, FW_SET_6, FW_SET_IF6, FW_SET_IGMP, FW_SET_MLD, FW_SET_ND };

#define FW_SETS 6

/** The name of the @nth set of that kind: the configured one, and what follows from it. */
const char *fw_ipset_name(const struct fw_ipt_names *, enum fw_set, unsigned nth,
			  char out[FW_SET_NAME_MAX]);
