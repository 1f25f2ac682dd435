/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Freed memory back to the system, by a C library that keeps it otherwise.
 */
#include "core/trim.h"

#include <stddef.h>

#include "base/attr.h"

/* glibc has it, musl has not and does not need it. */
extern int malloc_trim(size_t pad) __attribute__((weak));

void memory_trim(void)
{
	if (malloc_trim)
		(void)malloc_trim(0);
}
