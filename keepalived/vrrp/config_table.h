/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables that instances and groups are made of, between the files that hold them. Private to
 * config_*.c.
 */
#pragma once

#include "vrrp/config.h"
#include "vrrp/config_value.h"

extern const struct block_type vrrp_auth_block, vrrp_hmac_block, vrrp_vmac_block,
	vrrp_ipvlan_block, vrrp_peer_block;
extern const struct block_type vrrp_track_group_block, garp_group_block, linkbeat_block,
	updown_delay_block;

/** Rows of the five tracker lists of a struct that has them at TRACK_AT. */
#define TRACK_LIST_AT(kind_) (TRACK_AT + (kind_) * sizeof(struct object_list))
#define TRACKER_ROW(word_, kind_, help_)                                                  \
	{ .word = (word_), .type = &value_records, .at = TRACK_LIST_AT(kind_),            \
	  .arg = &tracker_block[kind_], .flags = KW_APPEND, .json = (word_), .help = (help_) }
#define TRACKER_ROWS                                                                      \
	TRACKER_ROW("track_interface", TRACKER_INTERFACE, "Interfaces besides its own."), \
	TRACKER_ROW("track_script", TRACKER_SCRIPT, "Scripts and built-in checks."),      \
	TRACKER_ROW("track_file", TRACKER_FILE, "Files."),                                \
	TRACKER_ROW("track_process", TRACKER_PROCESS, "Processes."),                      \
	TRACKER_ROW("track_bfd", TRACKER_BFD, "BFD sessions.")

/** Field: STOP_WAIT_AT, a kspan; no argument: as long as child_wait_time allows (-1 ns). */
#define STOP_WAIT_ROW                                                                     \
	{ .word = "notify_stop_wait", .type = &value_span, .at = STOP_WAIT_AT,            \
	  .flags = KW_OPTIONAL_ARG, .alone = -1, .min = 0, .max = NS_OF_SEC(3600),        \
	  .synopsis = "[SECS]", .json = "notify_stop_wait",                               \
	  .help = "At stop let the notify_stop script end before addresses are removed, but " \
		  "wait no longer than this; without a number as long as child_wait_time." }

#define NOTIFY_ROW(word_, which, label_, json_, help_)                                    \
	{ .word = (word_), .type = &value_script, .at = NOTIFY_AT(which),                 \
	  .flags = KW_FIRST_WINS, .label = (label_), .json = (json_), .help = (help_) }
#define NOTIFY_ROWS                                                                       \
	NOTIFY_ROW("notify_master", master, "Master state transition script",             \
		   "script_master", "Run on becoming MASTER."),                           \
	NOTIFY_ROW("notify_backup", backup, "Backup state transition script",             \
		   "script_backup", "Run on becoming BACKUP."),                           \
	NOTIFY_ROW("notify_fault", fault, "Fault state transition script", "script_fault", \
		   "Run on going to FAULT."),                                             \
	NOTIFY_ROW("notify_stop", stop, "Stop state transition script", "script_stop",    \
		   "Run when keepalived stops."),                                         \
	NOTIFY_ROW("notify", generic, "Generic state transition script", "script",        \
		   "Run on every change; gets four arguments more: INSTANCE or GROUP, the " \
		   "name, the state, the priority.")
/** Words that others use for two of them. */
#define NOTIFY_ALIAS_ROW(word_, which, instead_)                                          \
	{ .word = (word_), .type = &value_script, .at = NOTIFY_AT(which),                 \
	  .flags = KW_FIRST_WINS | KW_MASKED | KW_ALIAS, .instead = (instead_),           \
	  .help = "As " instead_ "." }
#define NOTIFY_ALIAS_ROWS                                                                 \
	NOTIFY_ALIAS_ROW("notify_primary", master, "notify_master"),                      \
	NOTIFY_ALIAS_ROW("notify_secondary", backup, "notify_backup")

/** Report why a key cannot be used; nothing for VRRP_KEY_OK. @len as decoded. */
void vrrp_hmac_key_report(struct diags *, const struct vrrp_hmac_key_config *,
			  enum vrrp_key_result, size_t len);
