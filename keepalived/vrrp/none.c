/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VRRP engine where it is not built: the configuration is read and checked like anywhere,
 * nothing runs; the supervisor says so.
 */
#include "vrrp/config.h"
#include "vrrp/config_check.h"
#include "vrrp/engine.h"
#include "vrrp/lint.h"

const struct engine vrrp_engine = {
	VRRP_ENGINE_IDENTITY,
	.built = false,
};
