/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Look at the file behind a command: find it, see whether a user may run it and what will
 * execute it.
 */
#pragma once

#include "core/script_path.h"

struct script_file {
	const char *path;	/* the command with a directory, otherwise as configured */
	const char *resolved;	/* without symbolic links */
	const char *found;	/* result of the path search; NULL: it was not searched */
	bool by_shell;		/* neither a program nor does it begin with #! */
	const char *insecure;	/* somebody else can change what root runs: how */
	const char *insecure_at;	/* and where: a component of the path */
	/* It cannot be run: */
	const char *problem;	/* what is wrong, for a diagnostic; NULL: nothing */
	const char *rule;	/* the diagnostic's rule */
	const char *hint;	/* or NULL */
};

/** @command is a path, or a name that is searched for in PATH. Texts from @arena. */
void script_file_look(const char *command, const struct script_ids *ids, struct arena *arena,
		      struct script_file *out);
