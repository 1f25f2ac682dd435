/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tracked objects of all engines have in common: the weight and its direction, the tracked
 * file, and the first members of a BFD session as others see it.
 */
#pragma once

#include "config/bind.h"
#include "config/value.h"
#include "core/config_script.h"

/** "weight N [reverse|noreverse]". Weight 0: failure means FAULT (reverse: success does). */
struct track_weight {
	int16_t weight;		/* -254..254 */
	bool reverse;
	bool set;		/* was written; false: the default of the tracked object counts */
};

/** Field: struct track_weight. Range from the row, -253..253 if it has none. */
extern const struct value_type value_track_weight;

/** init_file [VALUE] [overwrite] */
struct track_file_init {
	bool on;		/* create the file at start */
	bool overwrite;		/* even if it exists */
	int32_t value;		/* what it holds then */
};

/** track_file NAME { } (vrrp_track_file): SYMBOL_TRACK_FILE. Used by VRRP and by FILE_CHECK. */
struct track_file_config {
	struct object object;
	uint32_t id;			/* index in the list of track files */
	struct place end_at;		/* closing brace of the block */
	const struct config_use *uses;	/* who tracks it */
	const char *file;		/* absolute path; NULL only in an object that was dropped */
	struct track_weight weight;	/* default 1 */
	struct track_file_init init;
};
extern const struct block_type track_file_block;

/** Every object of SYMBOL_BFD begins like this. */
struct bfd_tracked {
	struct object object;
	uint32_t id;			/* index in the list of BFD instances */
	struct track_weight weight;	/* default 0 */
	bool for_vrrp;			/* events go to VRRP (both false: to everybody) */
	bool for_checker;
};
