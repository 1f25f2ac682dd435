/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to check/config_*.c: rows that several tables have in common, as macros that expand to
 * initialisers. Each needs CHECKER_AT(member) to give the offset in the block's struct.
 */
#pragma once

#include "check/config_values.h"

#define TIME_MAX_NS	INT64_C(9000000000000000000)	/* 285 years */
#define TIMEOUT_MIN_NS	INT64_C(1000)
#define TIMEOUT_MAX_NS	INT64_C(4294967295000)

/* [BOOL], which alone means yes */
#define OPTIONAL_BOOL .flags = KW_OPTIONAL_ARG, .alone = 1
#define OPTIONAL_TRISTATE .flags = KW_OPTIONAL_ARG, .alone = TRISTATE_ON

#define RANGE(from, to) .min = (from), .max = (to)

/* delay_loop, retry, delay_before_retry, warmup of the part at @at */
#define TIMING_ROWS(at_, retry_min)                                                        \
	{ .word = "delay_loop", .type = &part_span, .at = (at_),                           \
	  PART(check_timing, delay_loop, value_span, NULL),                                \
	  RANGE(TIMEOUT_MIN_NS, TIME_MAX_NS),                                              \
	  .label = "Delay loop", .json = "delay_loop",                                     \
	  .default_text = "that of the enclosing block, else 60",                          \
	  .help = "Time from one check to the next." },                                    \
	{ .word = "retry", .type = &part_i64, .at = (at_),                                 \
	  PART(check_timing, retry, value_i64, NULL), RANGE(retry_min, UINT32_MAX),        \
	  .label = "Retry count", .json = "retry",                                         \
	  .default_text = "that of the enclosing block, else by the kind of check",        \
	  .help = "How often a failed check of a live server is repeated before the "      \
		  "server counts as failed." },                                            \
	{ .word = "delay_before_retry", .type = &part_span, .at = (at_),                   \
	  PART(check_timing, delay_before_retry, value_span, NULL),                        \
	  RANGE(0, TIME_MAX_NS),                                                           \
	  .label = "Retry delay", .json = "delay_before_retry",                            \
	  .default_text = "that of the enclosing block, else by the kind of check",        \
	  .help = "Time before each repetition of a failed check." },                      \
	{ .word = "warmup", .type = &part_span, .at = (at_),                               \
	  PART(check_timing, warmup, value_span, NULL), RANGE(0, TIME_MAX_NS),             \
	  .label = "Warmup", .json = "warmup",                                             \
	  .default_text = "that of the enclosing block, else delay_loop",                  \
	  .help = "The first check starts after a random time of at most this length, so " \
		  "that not all checks start at once; 0 starts at once." }

#define CONNECT_TIMEOUT_ROW(at_)                                                           \
	{ .word = "connect_timeout", .type = &part_span, .at = (at_),                      \
	  PART(check_timing, connect_timeout, value_span, NULL),                           \
	  RANGE(TIMEOUT_MIN_NS, TIMEOUT_MAX_NS),                                           \
	  .label = "connection timeout", .json = "connect_timeout",                        \
	  .default_text = "that of the enclosing block, else 5",                           \
	  .help = "How long connecting, and each wait for an answer, may take." }

/* where to connect, of the part at @at */
#define CONNECT_ROWS(at_)                                                                  \
	{ .word = "connect_ip", .type = &part_addr, .at = (at_),                           \
	  PART(check_connect, ip, value_addr, NULL), .flags = KW_IDENTITY,                 \
	  .label = "Dest", .json = "connect_ip",                                           \
	  .default_text = "the address of the real server",                                \
	  .help = "Address to check." },                                                   \
	{ .word = "connect_port", .type = &part_u16, .at = (at_),                          \
	  PART(check_connect, port, value_u16, NULL), RANGE(1, UINT16_MAX),                \
	  .flags = KW_IDENTITY, .json = "connect_port",                                    \
	  .default_text = "the port of the real server",                                   \
	  .help = "Port to check." },                                                      \
	{ .word = "bindto", .type = &part_addr, .at = (at_),                               \
	  PART(check_connect, bind_ip, value_addr, NULL), .flags = KW_RESTART,             \
	  .label = "Bind to", .json = "bindto",                                            \
	  .help = "Source address of the check, of the same family as its destination." }, \
	{ .word = "bind_port", .type = &part_u16, .at = (at_),                             \
	  PART(check_connect, bind_port, value_u16, NULL), RANGE(1, UINT16_MAX),           \
	  .flags = KW_RESTART, .json = "bind_port",                                        \
	  .help = "Source port of the check." },                                           \
	{ .word = "bind_if", .type = &part_ifname, .at = (at_),                            \
	  PART(check_connect, bind_if, value_ifname, NULL), .flags = KW_RESTART,           \
	  .label = "Bind i/f", .json = "bind_if",                                          \
	  .help = "Interface to send the check through; a link-local destination needs "   \
		  "it." },                                                                 \
	{ .word = "fwmark", .type = &part_u32, .at = (at_),                                \
	  PART(check_connect, fwmark, value_u32, NULL), .flags = KW_RESTART,               \
	  .label = "Mark", .json = "fwmark", .default_text = "none",                       \
	  .help = "Firewall mark of the packets of the check." }

#define CHECKER_ALPHA_ROW                                                                  \
	{ .word = "alpha", .type = &value_tristate, .at = CHECKER_AT(alpha),               \
	  OPTIONAL_TRISTATE, .label = "Alpha", .json = "alpha",                            \
	  .default_text = "that of the real server",                                       \
	  .help = "The check counts as failed until it has succeeded once." }

/* what every check with a dialogue or a program has */
#define CHECKER_ROWS                                                                       \
	TIMING_ROWS(CHECKER_AT(timing), 0),                                                \
	CHECKER_ALPHA_ROW,                                                                 \
	{ .word = "log_all_failures", .type = &value_tristate,                             \
	  .at = CHECKER_AT(log_all_failures), OPTIONAL_TRISTATE,                           \
	  .label = "Log all failures", .json = "log_all_failures",                         \
	  .default_text = "checker_log_all_failures",                                      \
	  .help = "Log every failed attempt, not only the one that decides." }

#define CONNECTING_CHECKER_ROWS                                                            \
	CONNECT_ROWS(CHECKER_AT(connect)), CONNECT_TIMEOUT_ROW(CHECKER_AT(timing)), CHECKER_ROWS

#define CHECKER_DEFAULTS(kind_)                                                            \
	{ .kind = (kind_), .timing = &timing_unset, .connect = &connect_none }

#define CHECKER_BLOCK(name_, type_, table, key_)                                           \
	.name = (name_), .form = BLOCK_KEYWORDS, KEYWORDS(table),                          \
	.size = sizeof(struct type_), .head = checker_head, .key = (key_)
