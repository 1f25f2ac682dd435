/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the scenario language share.
 */
#pragma once

#include <stdarg.h>

#include "world.h"

#define SCN_WORDS_MAX 64

struct scenario {
	struct sim_world *world;
	const char *path;
	unsigned line;
	char *words[SCN_WORDS_MAX];
	unsigned n_words;
	bool begun;
	unsigned until_first;		/* word where the expectations of "until" begin; 0: none */
	kspan two_masters_limit;
	ktime two_masters_since;
	char why[512];			/* first failure */
};

/** Note the first failure. Always false. */
bool scn_fail(struct scenario *, const char *fmt, ...) attr_printf(2, 3);
bool scn_parse_time(const char *word, int64_t *out_ns);
/** 0 if it is not a number. */
int scn_number(const char *word);
bool scn_apply_keys(struct scenario *, unsigned first_word, struct sim_setup *,
		    struct sim_router *);
unsigned scn_instances(struct scenario *, const char *name, struct sim_instance **list);
/** Words 2 and on are a command. */
bool scn_command(struct scenario *);
/** Words @first and on are expectations, parted by commas. */
bool scn_expect_all(struct scenario *, unsigned first);
