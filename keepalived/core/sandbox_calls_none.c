/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * No system call filter: built without libseccomp.
 */
#include "core/sandbox.h"

#include <errno.h>

int sandbox_system_calls(void)
{
	return -EOPNOTSUPP;
}
