/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared libraries that are loaded at run time, because only some processes need them.
 */
#pragma once

#include "base/attr.h"

/** A function to look up, and where in the caller's table its address goes. */
struct library_function {
	const char *name;
	size_t at;	/* offset of a function pointer */
};

/** Load @file (as dlopen()) and fill @table. The handle for dlclose(), NULL when the library or one
 *  of the functions is not there: @table is then not usable. */
void *library_load(const char *file, const struct library_function *functions, size_t n,
		   void *table);
