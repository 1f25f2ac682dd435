/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of global_defs: reload, includes, dumps and other files.
 *
 * Included by config_global.c in the middle of its table; not a header in its own right.
 */
{ .word = "reload_check_config", .type = &value_or_text, .at = AT(reload_check_config),
  .arg = "/dev/null", .label = "Test config before reload, log to", .synopsis = "[FILE]",
  .default_text = "off",
  .help = "Do not reload a configuration with any finding; FILE gets the report." },
{ .word = "reload_time_file", .type = &value_text, .at = AT(reload_time_file),
  .label = "Reload time file", .synopsis = "FILE",
  .help = "File that holds the time of the next reload." },
{ .word = "reload_repeat", .type = &value_flag, .at = AT(reload_repeat),
  .help = "Keep reload_time_file and reload every day at its time." },
{ .word = "reload_file", .type = &value_or_text, .at = AT(reload_file), .arg = "",
  .label = "Reload_file", .synopsis = "[FILE]", .default_text = "off",
  .help = "File that exists while the configuration is being read." },
{ .word = "include_check", .type = &value_words, .at = AT(include_check),
  .synopsis = "[[+|-]read|match|wildcard_match|brace_match ...]", .default_text = "none",
  .help = "Which problems of the include lines that follow are errors; without argument all." },
{ .word = "random_seed", .type = &value_u32, .at = AT(random_seed), .synopsis = "N",
  .default_text = "time of day", .help = "Start of the numbers that ${_RANDOM} gives." },
{ .word = "config_save_dir", .type = &value_path, .at = AT(config_save_dir),
  .label = "Config save dir", .synopsis = "DIRECTORY",
  .help = "Keep copies of the configuration and of the state around each reload there." },
{ .word = "tmp_config_directory", .type = &value_path, .at = AT(tmp_config_directory),
  .flags = KW_FIRST_WINS | KW_FIXED, .synopsis = "DIRECTORY", .default_text = "memory",
  .help = "Where the text handed to the processes is kept." },
{ .word = "data_use_instance", .type = &value_bool, .at = AT(data_use_instance),
  .flags = KW_OPTIONAL_ARG, .alone = true, .label = "Use instance name in data dumps",
  .help = "Add namespace and instance name to the names of dump files." },
{ .word = "json_version", .type = &value_u32, .at = AT(json_version), .min = 1, .max = 2,
  .label = "json_version", .flags = UNLESS(BUILT_JSON),
  .help = "Layout of JSON dumps: 1 an array of instances, 2 an object with groups too." },

#define DUMP_ROWS(P, F, TEXT)                                                                     \
	{ .word = P "_dump_file", .type = &value_text, .at = AT(F), .label = P " dump file",      \
	  .synopsis = "FILE", .default_text = "keepalived." TEXT " in the temporary directory",   \
	  .help = "Name of the " P " dump; with a final slash its directory." },                  \
	{ .word = P "_file_location", .type = &value_text, .at = AT(F),                           \
	  .flags = KW_ALIAS | KW_MASKED, .instead = P "_dump_file" }

DUMP_ROWS("state", state_dump_file, "data"),
DUMP_ROWS("stats", stats_dump_file, "stats"),
DUMP_ROWS("json", json_dump_file, "json"),
#undef DUMP_ROWS
