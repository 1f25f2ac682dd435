/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an engine process gives up before it hears the network: capabilities, new privileges,
 * writing to files, and the system calls that an engine never needs.
 */
#pragma once

#include "base/attr.h"

struct sandbox {
	unsigned long keep_caps;	/* ENGINE_CAP_* */
	const char *const *writable;	/* directories below which it may write; NULL-terminated */
};

/** Each part is tried; what the system does not offer is skipped. Text of what is in force goes
 *  to @out_text ("capabilities, system calls, files") for a detail line in the log. */
void sandbox_enter(const struct sandbox *, char *out_text, size_t size);

/** Which of these ENGINE_CAP_* this process does not have in effect. */
unsigned long sandbox_missing(unsigned long caps);

/* The parts. 0, -errno; -EOPNOTSUPP when this build or kernel has no such thing. */

int sandbox_capabilities(unsigned long keep_caps);
int sandbox_files(const char *const *writable);
int sandbox_system_calls(void);
