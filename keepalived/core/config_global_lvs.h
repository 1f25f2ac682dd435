/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of global_defs: IPVS as a whole.
 *
 * Included by config_global.c in the middle of its table; not a header in its own right.
 */
{ .word = "lvs_timeouts", .type = &value_record, .at = AT(lvs_timeouts_lines),
  .flags = KW_APPEND, .arg = &lvs_timeouts_type, .label = "LVS timeouts",
  .synopsis = "[tcp SECONDS] [tcpfin SECONDS] [udp SECONDS]", .default_text = "kernel",
  .help = "Idle times after which IPVS forgets connections; 0 leaves one as it is." },
{ .word = "lvs_flush", .type = &value_flag, .at = AT(lvs_flush), .label = "LVS flush",
  .help = "Clear the whole IPVS table at start." },
{ .word = "lvs_flush_on_stop", .type = &value_enum, .at = AT(lvs_flush_on_stop),
  .flags = KW_OPTIONAL_ARG, .alone = LVS_FLUSH_STOP_ALL, .arg = &flush_words,
  .label = "LVS flush on stop", .synopsis = "[VS]", .default_text = "off",
  .help = "Clear the whole IPVS table at stop, without care for each real server; with VS our "
	  "own virtual servers only." },
{ .word = "lvs_flush_onstop", .type = &value_enum, .at = AT(lvs_flush_on_stop),
  .flags = KW_OPTIONAL_ARG | KW_ALIAS | KW_MASKED, .alone = LVS_FLUSH_STOP_ALL,
  .arg = &flush_words, .instead = "lvs_flush_on_stop" },
{ .word = "lvs_sync_daemon", .type = &value_record, .at = AT(lvs_sync_lines),
  .flags = KW_FIRST_WINS | KW_APPEND, .arg = &lvs_sync_type, .label = "LVS syncd",
  .synopsis = "IFNAME [[inst] INSTANCE] [id 0-255] [maxlen BYTES] [port PORT] [ttl N] "
	      "[group ADDRESS]",
  .help = "Synchronise IPVS connections with other directors over this interface; master or "
	  "backup as the instance is." },
{ .word = "nftables_ipvs", .type = &value_or_text, .at = AT(nftables_ipvs),
  .arg = "keepalived_ipvs", .flags = KW_FIRST_WINS | KW_FIXED | UNLESS(BUILT_NFTABLES),
  .label = "ipvs nftables table name", .synopsis = "[TABLE]", .default_text = "off",
  .help = "Mark packets of virtual server groups with nftables, in this table "
	  "(keepalived_ipvs)." },
{ .word = "nftables_ipvs_priority", .type = &value_i32, .at = AT(nftables_ipvs_priority),
  .flags = UNLESS(BUILT_NFTABLES), .label = "ipvs nftables base chain priority",
  .help = "Priority of the base chain." },
{ .word = "nftables_ipvs_start_fwmark", .type = &value_u32, .at = AT(nftables_ipvs_start_fwmark),
  .min = 1, .max = UINT32_MAX, .flags = UNLESS(BUILT_NFTABLES),
  .label = "ipvs nftables start fwmark", .help = "First firewall mark that is used." },
