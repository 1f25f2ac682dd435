/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small language with every kind of row, for the tests of lib/config. */
#pragma once

#include "config/bind.h"
#include "config/source.h"
#include "config/value.h"

struct toy_global {
	struct object object;
	const char *router_id;
	uint32_t version;
	kspan delay;
	bool strict;
	enum tristate alert;
	struct word_list mails;
	struct word_list chains;
};

struct toy_address {
	struct object object;
	struct addr addr;
	const char *dev;
	const char *label;
	bool no_track;
};

struct toy_instance {
	struct object object;
	int state;
	const char *interface;
	uint8_t vrid;
	uint8_t priority;
	int16_t weight;
	kspan advert_every;
	bool nopreempt;
	struct object_list addresses;
	struct object_list tracks;
	const char *password;
	const char *script;
};

struct toy_check {
	struct object object;
	kspan timeout;
	uint32_t retry;
};

struct toy_real {
	struct object object;
	struct addr addr;
	uint16_t port;
	uint32_t weight;
	struct toy_check *check;
};

struct toy_virtual {
	struct object object;
	struct addr addr;
	uint16_t port;
	kspan delay;
	int algo;
	struct object_list reals;
};

struct toy_root {
	struct object object;
	struct toy_global *global;
	struct object_list instances;
	struct object_list virtuals;
	bool use_dir;
};

extern const struct block_type toy_sections, toy_global_block, toy_instance_block,
	toy_virtual_block, toy_real_block, toy_address_record;

/** A text bound with the toy language. */
struct toy {
	struct arena *arena;
	struct arena *scratch;
	struct diags *diags;
	struct source_map *map;
	struct toy_root *root;
};

/** Read @text as the file "test.conf". */
struct toy toy_read(const char *text);
/** Bind whatever @map holds. */
void toy_bind(struct toy *);
void toy_free(struct toy *);
/** All findings as text, notes too; the caller frees. */
char *toy_findings(struct toy *);
/** One line each, "LINE:COLUMN severity message". */
char *toy_lines(struct toy *);
/** The tree of @text without any table, "a b { c; d { } }", then "! LINE:COLUMN message" for each
 *  finding. The caller frees. */
char *toy_tree(const char *text);
/** As toy_tree() for what is in the map. */
char *toy_tree_of(struct source_map *, struct diags *);
