/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to check/config_*.c: rows that several tables have in common, as macros that expand to
 * initialisers. Each needs CHECKER_AT(member) to give the offset in the block's struct.
 */
#pragma once

#include "check/config_values.h"

#define TIME_MAX_NS    INT64_C(9000000000000000000)	/* 285 years */
#define TIMEOUT_MIN_NS INT64_C(1000)
#define TIMEOUT_MAX_NS INT64_C(4294967295000)

#define RANGE(from, to) .min = (from), .max = (to)

/* [BOOL], which alone means yes; and one that is inherited when it is not written */
#define OPTIONAL_BOOL	   .flags = KW_OPTIONAL_ARG, .alone = 1
#define INHERITED_TRISTATE .flags = KW_OPTIONAL_ARG | KW_OWN_ROW, .alone = TRISTATE_ON

#define TIMING_ROW(word_, at_, member, value, flags_)                             \
	.word = (word_), .json = (word_), .at = (at_),                            \
	.flags = KW_OWN_ROW | (flags_), PART(check_timing, member, value, NULL)

/* delay_loop, retry, delay_before_retry, warmup of the part at @at */
#define TIMING_ROWS(at_, retry_min)                                               \
	{ TIMING_ROW("delay_loop", at_, delay_loop, value_span, 0),               \
	  .type = &part_span, RANGE(TIMEOUT_MIN_NS, TIME_MAX_NS),                 \
	  .label = "Delay loop",                                                  \
	  .default_text = "that of the enclosing block, else 60",                 \
	  .help = "Time from one check to the next." },                           \
	{ TIMING_ROW("retry", at_, retry, value_i64, 0),                          \
	  .type = &part_i64, RANGE(retry_min, UINT32_MAX),                        \
	  .label = "Retry count",                                                 \
	  .default_text = "that of the enclosing block, else by the kind of check", \
	  .help = "How often a failed check of a live server is repeated before " \
		  "the server counts as failed." },                               \
	{ TIMING_ROW("delay_before_retry", at_, delay_before_retry, value_span, 0), \
	  .type = &part_span, RANGE(0, TIME_MAX_NS),                              \
	  .label = "Retry delay",                                                 \
	  .default_text = "that of the enclosing block, else by the kind of check", \
	  .help = "Time before each repetition of a failed check." },             \
	{ TIMING_ROW("warmup", at_, warmup, value_span, 0),                       \
	  .type = &part_span, RANGE(0, TIME_MAX_NS),                              \
	  .label = "Warmup",                                                      \
	  .default_text = "that of the enclosing block, else delay_loop",         \
	  .help = "The first check starts after a random time of at most this "   \
		  "length, so that not all start at once; 0 starts at once." }

#define CONNECT_TIMEOUT_ROW(at_)                                                  \
	{ TIMING_ROW("connect_timeout", at_, connect_timeout, value_span, 0),     \
	  .type = &part_span, RANGE(TIMEOUT_MIN_NS, TIMEOUT_MAX_NS),              \
	  .label = "connection timeout",                                          \
	  .default_text = "that of the enclosing block, else 5",                  \
	  .help = "How long connecting, and each wait for an answer, may take." }

#define CONNECT_ROW(word_, at_, member, value, flags_)                            \
	.word = (word_), .json = (word_), .at = (at_),                            \
	.flags = KW_OWN_ROW | (flags_), PART(check_connect, member, value, NULL)

/* where to connect, of the part at @at */
#define CONNECT_ROWS(at_)                                                         \
	{ CONNECT_ROW("connect_ip", at_, ip, value_addr, KW_IDENTITY),            \
	  .type = &part_addr, .label = "Dest",                                    \
	  .default_text = "the address of the real server",                       \
	  .help = "Address to check." },                                          \
	{ CONNECT_ROW("connect_port", at_, port, value_u16, KW_IDENTITY),         \
	  .type = &part_u16, RANGE(1, UINT16_MAX),                                \
	  .default_text = "the port of the real server",                          \
	  .help = "Port to check." },                                             \
	{ CONNECT_ROW("bindto", at_, bind_ip, value_addr, KW_RESTART),            \
	  .type = &part_addr, .label = "Bind to",                                 \
	  .help = "Source address of the check, of the family of its "            \
		  "destination." },                                               \
	{ CONNECT_ROW("bind_port", at_, bind_port, value_u16, KW_RESTART),        \
	  .type = &part_u16, RANGE(1, UINT16_MAX),                                \
	  .help = "Source port of the check." },                                  \
	{ CONNECT_ROW("bind_if", at_, bind_if, value_ifname, KW_RESTART),         \
	  .type = &part_ifname, .label = "Bind i/f",                              \
	  .help = "Interface to send the check through; a link-local "            \
		  "destination needs it." },                                      \
	{ CONNECT_ROW("fwmark", at_, fwmark, value_u32, KW_RESTART),              \
	  .type = &part_u32, .label = "Mark", .default_text = "none",             \
	  .help = "Firewall mark of the packets of the check." }

#define CHECKER_ALPHA_ROW                                                         \
	{ .word = "alpha", .type = &value_tristate, .at = CHECKER_AT(alpha),      \
	  INHERITED_TRISTATE, .label = "Alpha", .json = "alpha",                  \
	  .default_text = "that of the real server",                              \
	  .help = "The check counts as failed until it has succeeded once." }

/* what every check with a dialogue or a program has */
#define CHECKER_ROWS                                                              \
	TIMING_ROWS(CHECKER_AT(timing), 0),                                       \
	CHECKER_ALPHA_ROW,                                                        \
	{ .word = "log_all_failures", .type = &value_tristate,                    \
	  .at = CHECKER_AT(log_all_failures), INHERITED_TRISTATE,                 \
	  .label = "Log all failures", .json = "log_all_failures",                \
	  .default_text = "checker_log_all_failures",                             \
	  .help = "Log every failed attempt, not only the one that decides." }

#define CONNECTING_CHECKER_ROWS                                                   \
	CONNECT_ROWS(CHECKER_AT(connect)), CONNECT_TIMEOUT_ROW(CHECKER_AT(timing)), \
	CHECKER_ROWS

#define CHECKER_DEFAULTS(kind_)                                                   \
	{ .kind = (kind_), .timing = &timing_unset, .connect = &connect_none }

#define CHECKER_BLOCK(name_, type_, table, key_)                                  \
	.name = (name_), .form = BLOCK_KEYWORDS, KEYWORDS(table),                 \
	.size = sizeof(struct type_), .head = checker_head, .key = (key_)
