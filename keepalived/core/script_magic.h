/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ask the file type library whether a file is a program of some kind.
 */
#pragma once

#include "base/attr.h"

enum magic_answer {
	MAGIC_PROGRAM,		/* an executable or shared object */
	MAGIC_OTHER,		/* text, data, ... */
	MAGIC_UNKNOWN,		/* cannot say: no library, no data base, unreadable */
};

/** The library is loaded for the question and let go again: it is asked rarely. */
enum magic_answer script_magic(const char *path);
