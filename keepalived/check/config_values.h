/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to check/config_*.c: value types of this engine's keywords, and the shared parts of
 * real servers and checkers while they are being bound.
 */
#pragma once

#include "check/config.h"

/* ---- shared parts ---- */

/**
 * A row whose field lies in a shared part: ->at of the row is the pointer to the part, ->arg this.
 * ->type reads the field at ->at of the part, with ->arg as the row's argument.
 */
struct part_field {
	const struct value_type *type;
	size_t at;
	const void *arg;
};

/** Same words and messages as the type inside. */
extern const struct value_type part_span, part_u16, part_u32, part_i64, part_addr, part_ifname,
	part_text, part_script;

#define PART(part, member, value_type_, arg_)                                    \
	.arg = &(const struct part_field)                                        \
	{                                                                        \
		.type = &(value_type_), .at = offsetof(struct part, member), .arg = (arg_) \
	}

extern const struct check_timing timing_unset;
extern const struct check_connect connect_none;
extern const struct server_rare rare_none;

/**
 * Parts under construction, one set for the whole configuration: no two blocks of one kind are
 * ever open at a time. A block gets a cleared part when it opens (the const pointers of the
 * public structs lead here while it is open) and, when it closes, trades it for an equal one that
 * exists already or for a copy.
 */
struct check_parts {
	struct check_timing server_timing, checker_timing;
	struct server_rare rare;
	struct check_connect connect, host_connect;
	const struct check_timing *last_server_timing, *last_checker_timing;
	const struct server_rare *last_rare;
	const struct check_connect *last_connect, *last_host_connect;
};

struct check_parts *parts_of_server(const struct real_server *);
struct check_parts *parts_of_checker(const struct checker_config *);
/** @none or *@last if @part equals one of them, else a copy, which becomes *@last. */
const void *part_settle(struct arena *, const void *part, const void *none, const void *last,
			size_t size);

/* ---- values ---- */

extern const struct value_type value_forward;	/* struct forward_config */
extern const struct value_type value_sorry;	/* struct sorry_server */
extern const struct value_type value_granularity;	/* struct persistence_mask */
extern const struct value_type value_md5;	/* struct md5_digest */
extern const struct value_type value_http_status;	/* struct http_status_set */
extern const struct value_type value_hex;	/* struct hex_data; ->alone 1: "x" is a wildcard
						   nibble and no data are allowed */
extern const struct value_type value_dns_name;	/* const char * */
extern const struct value_type value_regex;	/* struct http_regex: the pattern */
extern const struct value_type value_regex_options;	/* uint32_t; each use adds */
extern const struct value_type value_regex_stack;	/* struct regex_stack */
extern const struct value_type value_file_weight;	/* struct file_weight */
extern const struct value_type value_named_ref;	/* struct named_ref */

/** "ADDRESS [PORT]" from word *@next on; port 0 and none are the same. A prefix length is ignored
 *  with a note. False: reported. */
struct endpoint {
	struct addr addr;
	uint16_t port;
};
bool read_endpoint(struct bind *, const char *what, struct node *, unsigned *next,
		   struct endpoint *out);
void print_endpoint(struct addr, uint16_t port, struct strbuf *out);

/** ->stored of rows that want exactly one word. */
void one_word_stored(struct bind *, const struct keyword *, struct node *, void *object);
/** ->stored of weights of servers. */
void weight_stored(struct bind *, const struct keyword *, struct node *, void *object);

/* ---- blocks ---- */

extern const struct block_type virtual_server_block, real_server_block, server_group_block,
	ssl_block;
extern const struct block_type tcp_check_block, ping_check_block, misc_check_block,
	smtp_check_block, dns_check_block, udp_check_block, http_check_block, ssl_check_block,
	file_check_block, bfd_check_block;

/** Place of the statement @word of the object, else of the object. */
struct place word_place(const struct object *, const char *word);
bool word_is_set(const struct object *, const char *word);

/* heads and ends that several blocks share */
bool checker_head(struct bind *, struct object *, struct node *, unsigned *next);
bool checker_done(struct bind *, struct object *, struct node *);
/** What makes a checker the same after a reload: its kind and where it looks. */
void checker_key(const struct object *, struct strbuf *out);
