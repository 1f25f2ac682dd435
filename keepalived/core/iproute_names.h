/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names that iproute2 gives to numbers: routing tables, protocols, scopes, TOS values,
 * realms, interface groups.
 *
 * Starts with the names that iproute2 itself knows; the files of a system are added by
 * iproute_names_load(), which is in a file of its own because it reads them. Pure code is handed a
 * table and only looks up. A number always works in place of a name.
 */
#pragma once

#include "base/attr.h"

enum iproute_table {
	IPROUTE_TABLES,		/* rt_tables, 32 bit */
	IPROUTE_PROTOS,		/* rt_protos */
	IPROUTE_SCOPES,		/* rt_scopes */
	IPROUTE_DSFIELD,	/* rt_dsfield */
	IPROUTE_REALMS,		/* rt_realms */
	IPROUTE_GROUPS,		/* group, 32 bit */
	IPROUTE_COUNT,
};

struct iproute_names;

struct iproute_names *iproute_names_new(void);	/* with the built-in names only */
void iproute_names_free(struct iproute_names *);

/** The number of @name; false if there is no such name. NULL @names: built-in names only. */
bool iproute_names_find(const struct iproute_names *, enum iproute_table, const char *name,
			uint32_t *out);
/** The name of a number, NULL if it has none. */
const char *iproute_names_of(const struct iproute_names *, enum iproute_table, uint32_t number);
/** The name that is written most like @word, NULL if nothing is near: for hints. */
const char *iproute_names_suggest(const struct iproute_names *, enum iproute_table,
				  const char *word);
/** Add the lines of a name file: "NUMBER NAME" with # comments. Lines that are neither are
 *  skipped. A name that is known already keeps its number (the first file wins). */
void iproute_names_add_text(struct iproute_names *, enum iproute_table, const char *text,
			    size_t len);

/** Read the files of a system: of each kind @etc_dir/FILE, or @usr_dir/FILE if that is missing;
 *  then @usr_dir/FILE.d/x.conf unless @etc_dir/FILE.d/ has the same, then those of @etc_dir. NULL:
 *  /etc/iproute2 and /usr/share/iproute2. Files that are missing or unreadable add nothing. */
void iproute_names_load(struct iproute_names *, const char *usr_dir, const char *etc_dir);
