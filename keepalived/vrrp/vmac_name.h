/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names for VMAC interfaces.
 */
#pragma once

#include "base/attr.h"

#define VMAC_NAME_MAX 16

struct vmac_name {
	const char *prefix;
	uint8_t vrid;
	int family;
};

/** The first of PREFIX.VRID (IPv6: PREFIX6.VRID), PREFIX1.VRID, PREFIX2.VRID, ... that @taken does
 *  not refuse; a long prefix is cut to fit. */
void vmac_name_choose(const struct vmac_name *, bool (*taken)(void *arg, const char *name),
		      void *arg, char out[VMAC_NAME_MAX]);
