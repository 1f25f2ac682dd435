/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of global_defs: processes, their names, scheduling and memory, interfaces, kernel sockets.
 *
 * Included by config_global.c in the middle of its table; not a header in its own right.
 */
{ .word = "process_names", .type = &value_flag, .at = AT(process_names),
  .help = "Name the engine processes keepalived_vrrp, keepalived_lvs and keepalived_bfd." },
{ .word = "process_name", .type = &value_comm, .at = AT(process_name),
  .label = "Parent process name", .default_text = "keepalived",
  .help = "Name of the supervising process, at most 15 characters." },
{ .word = "vrrp_process_name", .type = &value_comm, .at = AT(vrrp_process_name),
  .label = "VRRP process name", .default_text = "keepalived",
  .help = "Name of the VRRP process, at most 15 characters." },
{ .word = "checker_process_name", .type = &value_comm, .at = AT(checker_process_name),
  .label = "LVS process name", .default_text = "keepalived",
  .help = "Name of the health checker process, at most 15 characters." },
{ .word = "lvs_process_name", .type = &value_comm, .at = AT(checker_process_name),
  .flags = KW_ALIAS | KW_MASKED, .instead = "checker_process_name" },
{ .word = "bfd_process_name", .type = &value_comm, .at = AT(bfd_process_name),
  .label = "BFD process name", .default_text = "keepalived",
  .help = "Name of the BFD process, at most 15 characters." },

#define SCHED_ROWS(P, F, LABEL)                                                                   \
	{ .word = P "_priority", .type = &value_i32, .at = AT(F.nice), .min = -20, .max = 19,     \
	  .label = LABEL " process priority",                                                     \
	  .help = "Nice value of the process. Used only without real-time priority." },          \
	{ .word = P "_no_swap", .type = &value_flag, .at = AT(F.no_swap),                         \
	  .label = LABEL " don't swap", .help = "Lock the memory of the process." },              \
	{ .word = P "_rt_priority", .type = &value_clamped_u32, .at = AT(F.rt_priority),          \
	  .min = 1, .max = 99, .label = LABEL " realtime priority",                               \
	  .default_text = "normal scheduling",                                                    \
	  .help = "Run the process with this real-time priority (SCHED_RR)." },                   \
	{ .word = P "_cpu_affinity", .type = &value_cpu_list, .at = AT(F.cpus),                   \
	  .label = LABEL " CPU Affinity", .default_text = "all CPUs",                             \
	  .help = "Run the process on these CPUs only; they are counted from 0." },               \
	{ .word = P "_rlimit_rttime", .type = &value_u32, .at = AT(F.rlimit_rttime_us),           \
	  .min = 1, .max = UINT32_MAX, .label = LABEL " realtime limit",                          \
	  .synopsis = "MICROSECONDS",                                                             \
	  .help = "With real-time priority: the CPU time that the process may use without "       \
		  "sleeping. At half of it a warning is logged." },                               \
	{ .word = P "_rlimit_rtime", .type = &value_u32, .at = AT(F.rlimit_rttime_us),            \
	  .min = 1, .max = UINT32_MAX, .flags = KW_ALIAS | KW_MASKED,                             \
	  .instead = P "_rlimit_rttime" }

SCHED_ROWS("vrrp", vrrp_sched, "VRRP"),
SCHED_ROWS("checker", checker_sched, "Checker"),
SCHED_ROWS("bfd", bfd_sched, "BFD"),
#undef SCHED_ROWS

{ .word = "max_auto_priority", .type = &value_i32, .at = AT(max_auto_priority),
  .min = -1, .max = 99, .flags = KW_OPTIONAL_ARG, .alone = 99, .label = "Max auto priority",
  .synopsis = "[PRIORITY]",
  .help = "Highest real-time priority that a process gives itself when its timers run late. "
	  "0 and -1 turn this off; without argument 99." },
{ .word = "min_auto_priority_delay", .type = &value_u32, .at = AT(min_auto_priority_delay_us),
  .min = 1, .max = 10000000, .label = "Min auto priority delay", .synopsis = "MICROSECONDS",
  .help = "How late a timer has to be before max_auto_priority acts." },

{ .word = "umask", .type = &value_umask, .at = AT(umask), .label = "umask",
  .help = "File creation mask of all processes and of the scripts they run; the --umask option "
	  "wins. Names: IRUSR IWUSR IXUSR IRWXU and the same with GRP, G, OTH, O." },
{ .word = "dynamic_interfaces", .type = &value_enum, .at = AT(dynamic_interfaces),
  .flags = KW_OPTIONAL_ARG, .alone = DYNAMIC_IF_ON, .arg = &dynamic_words,
  .label = "Dynamic interfaces", .synopsis = "[allow_if_changes]", .default_text = "off",
  .help = "Accept interfaces that do not exist yet. With allow_if_changes an interface may also "
	  "come back as another kind of interface." },
{ .word = "default_interface", .type = &value_ifname, .at = AT(default_interface),
  .label = "Default interface",
  .help = "Interface of static addresses that do not name one." },
{ .word = "disable_local_igmp", .type = &value_flag, .at = AT(disable_local_igmp),
  .flags = KW_FIXED, .label = "Disable local IGMP",
  .help = "Stop the kernel's IGMP reports for link-local groups (224.0.0.0/24)." },

#define BUFS_ROWS(P, F, TEXT)                                                                     \
	{ .word = P "_rcv_bufs", .type = &value_u32, .at = AT(F.bytes), .label = P "_rcv_bufs",   \
	  .synopsis = "BYTES", .default_text = "kernel default",                                  \
	  .help = "Receive buffer of the netlink socket " TEXT "." },                             \
	{ .word = P "_rcv_bufs_force", .type = &value_bool, .at = AT(F.force),                    \
	  .flags = KW_OPTIONAL_ARG, .alone = true, .label = P "_rcv_bufs_force",                  \
	  .help = "Let the buffer exceed net.core.rmem_max." }

BUFS_ROWS("vrrp_netlink_cmd", vrrp_netlink_cmd_bufs, "for VRRP's requests"),
BUFS_ROWS("vrrp_netlink_monitor", vrrp_netlink_monitor_bufs, "for VRRP's notifications"),
BUFS_ROWS("process_monitor", process_monitor_bufs, "for process events"),
BUFS_ROWS("lvs_netlink_cmd", lvs_netlink_cmd_bufs, "for the checkers' requests"),
BUFS_ROWS("lvs_netlink_monitor", lvs_netlink_monitor_bufs, "for the checkers' notifications"),
#undef BUFS_ROWS

{ .word = "iproute_usr_dir", .type = &value_path, .at = AT(iproute_usr_dir),
  .label = "iproute usr directory",
  .help = "Second place for iproute2's name files (rt_tables and the like)." },
{ .word = "iproute_etc_dir", .type = &value_path, .at = AT(iproute_etc_dir),
  .label = "iproute etc directory",
  .help = "First place for iproute2's name files." },
