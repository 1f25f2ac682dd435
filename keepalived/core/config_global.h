/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Process-wide configuration: the keywords of core that stand at top level, and global_defs.
 *
 * config->process and config->global always exist, whether or not the text has them. What is
 * derived from several keywords is filled in once, after binding, by global_config_resolve();
 * those fields say so. Both structs are immutable afterwards.
 */
#pragma once

#include "base/enum.h"
#include "base/time.h"
#include "config/bind.h"
#include "config/value.h"
#include "core/config_script.h"
#include "net/addr.h"

struct config_check;

/** Top-level keywords of core. */
struct process_config {
	struct object object;
	struct global_config *global_defs;	/* NULL without such a block: use config->global */
	const char *net_namespace;	/* NULL: the one we were started in */
	const char *net_namespace_ipvs;	/* NULL: as net_namespace; "": that of process 1 */
	const char *instance;		/* NULL: none */
	kspan child_wait;		/* time for engines to end at stop */
	bool namespace_with_ipsets;
	bool use_pid_dir;		/* pid files in PIDDIR/keepalived/ */
};

/** Scheduling of one engine's process. */
struct process_sched {
	int32_t nice;			/* -20..19 */
	uint32_t rt_priority;		/* SCHED_RR 1..99; 0: normal scheduling */
	uint32_t rlimit_rttime_us;	/* hard RLIMIT_RTTIME; soft is half of it */
	bool no_swap;			/* lock memory */
	struct cpu_list {
		uint16_t *cpus;
		uint32_t n;		/* 0: all */
	} cpus;
};

struct smtp_server {
	const char *host;		/* address or name, not resolved; NULL: none */
	uint16_t port;
};

struct fifo_config {
	const char *path;		/* NULL: none */
	struct script_owner owner;	/* no user: default_owner */
	struct script_owner default_owner;	/* script_user in force at that line */
	struct place at;
};

struct extra_garp {
	kspan every;			/* 0: off */
	bool all;			/* every other interface, not VMACs only */
};

enum dynamic_interfaces { DYNAMIC_IF_OFF, DYNAMIC_IF_ON, DYNAMIC_IF_CHANGES };
enum lvs_flush_stop { LVS_FLUSH_STOP_OFF, LVS_FLUSH_STOP_ALL, LVS_FLUSH_STOP_OWN };

struct rx_bufs_policy {
	uint32_t bytes;			/* not 0: exactly this size */
	bool mtu;			/* multiplier times the MTU */
	bool advert;			/* multiplier times the longest advert */
};

/** One lvs_timeouts line; 0: leave the kernel's value. */
struct lvs_timeouts {
	struct object object;
	kspan tcp, tcpfin, udp;
};

struct lvs_sync_daemon {
	struct object object;
	const char *ifname;
	const char *instance;		/* NULL: none; the VRRP instance that drives it */
	struct place instance_at;
	int32_t sync_id;		/* -1: the instance's VRID, else 0 */
	uint32_t maxlen;		/* 0: kernel's default */
	uint16_t port;			/* 0: kernel's default */
	uint8_t ttl;			/* 0: kernel's default */
	struct addr group;		/* family AF_UNSPEC: kernel's default */
};

/** ipset names of vrrp_ipsets, each 1..30 bytes. */
struct ipset_names {
	const char *addr4, *addr6, *if6, *igmp, *mld, *nd;
};

struct netlink_bufs {
	uint32_t bytes;			/* 0: kernel's default */
	bool force;			/* SO_RCVBUFFORCE */
};

/** The global_defs block. */
struct global_config {
	struct object object;

	/* process names, 1..15 bytes; NULL: a process keeps the name it has */
	bool process_names;
	const char *process_name;
	const char *vrrp_process_name;
	const char *checker_process_name;
	const char *bfd_process_name;

	/* identity and mail */
	const char *router_id;		/* NULL: the canonical host name */
	const char *email_from;		/* NULL: USER@HOST */
	struct word_list email_to;
	struct smtp_server smtp_server;
	const char *smtp_helo_name;	/* NULL: the host name */
	kspan smtp_connect_timeout;
	enum tristate smtp_alert, smtp_alert_vrrp, smtp_alert_checker;
	bool no_email_faults;
	bool no_checker_emails;
	bool checker_log_all_failures;

	/* scripts */
	const struct script_config *startup_script, *shutdown_script;
	kspan startup_script_timeout, shutdown_script_timeout;
	struct script_owner script_user;	/* the last one; scripts have the one in force at
						   their line */
	bool enable_script_security;
	bool use_symlink_paths;
	bool set_supplementary_groups;

	/* notification FIFOs */
	struct fifo_config notify_fifo, vrrp_notify_fifo, lvs_notify_fifo;
	const struct script_config *notify_fifo_script, *vrrp_notify_fifo_script,
		*lvs_notify_fifo_script;
	bool vrrp_notify_priority_changes;
	bool fifo_write_vrrp_states_on_reload;

	/* scheduling */
	struct process_sched vrrp_sched, checker_sched, bfd_sched;
	int32_t max_auto_priority;	/* -1 off silently, 0 off, 1..99 */
	uint32_t min_auto_priority_delay_us;

	/* interfaces and kernel */
	int dynamic_interfaces;		/* enum dynamic_interfaces */
	const char *default_interface;
	bool disable_local_igmp;
	struct netlink_bufs vrrp_netlink_cmd_bufs, vrrp_netlink_monitor_bufs,
		process_monitor_bufs, lvs_netlink_cmd_bufs, lvs_netlink_monitor_bufs;
	const char *iproute_usr_dir, *iproute_etc_dir;
	uint32_t umask;			/* 0..0777 */

	/* VRRP */
	uint32_t vrrp_version;		/* 2 or 3 */
	struct addr mcast_group4, mcast_group6;
	uint32_t down_timer_adverts;	/* 1..100 */
	kspan garp_delay;
	uint32_t garp_repeat;
	kspan garp_refresh;		/* 0: none */
	uint32_t garp_refresh_repeat;
	kspan garp_lower_prio_delay;	/* resolved: garp_delay unless set */
	uint32_t garp_lower_prio_repeat;	/* resolved: garp_repeat unless set */
	kspan garp_interval, gna_interval;	/* 0: none */
	bool min_garp;
	struct extra_garp garp_extra_if;
	bool lower_prio_no_advert;
	bool higher_prio_send_advert;
	bool v3_checksum_as_v2;
	bool vrrp_strict;
	bool check_unicast_src;
	bool skip_check_adv_addr;
	bool log_unknown_vrids;
	bool owner_ignore_adverts;
	const char *vmac_prefix;
	const char *vmac_addr_prefix;	/* resolved: vmac_prefix unless set */
	struct rx_bufs_policy rx_bufs_policy;
	uint32_t rx_bufs_multiplier;
	kspan vrrp_startup_delay;
	kspan vrrp_delay_after_boot;	/* of system uptime */

	/* packet filters */
	struct word_list iptables_words, ipsets_words;	/* as written */
	const char *iptables_in, *iptables_out;	/* resolved; NULL: no iptables */
	bool use_ipsets;		/* resolved */
	struct ipset_names ipsets;	/* resolved; set if use_ipsets */
	const char *nftables;		/* table name; NULL: no nftables */
	int32_t nftables_priority;
	bool nftables_ifindex;
	bool nftables_counters;
	const char *nftables_ipvs;	/* table name; NULL: no nftables */
	int32_t nftables_ipvs_priority;
	uint32_t nftables_ipvs_start_fwmark;

	/* IPVS */
	struct object_list lvs_timeouts_lines;	/* struct lvs_timeouts */
	struct lvs_timeouts lvs_timeouts;	/* resolved: later lines override earlier ones */
	bool lvs_flush;
	int lvs_flush_on_stop;		/* enum lvs_flush_stop */
	struct object_list lvs_sync_lines;	/* struct lvs_sync_daemon */
	const struct lvs_sync_daemon *lvs_sync;	/* resolved: the first line; NULL: none */
	bool rs_init_notifies;

	/* SNMP and D-Bus */
	const char *snmp_socket;	/* NULL: the library's default */
	bool enable_traps;
	bool enable_snmp_vrrp;
	bool enable_snmp_checker;
	bool enable_snmp_rfc;		/* both of the following */
	bool enable_snmp_rfcv2;
	bool enable_snmp_rfcv3;
	kspan snmp_vs_stats_every;
	kspan snmp_rs_stats_every;	/* resolved: snmp_vs_stats_every unless set */
	bool enable_dbus;
	const char *dbus_service_name;
	const char *dbus_no_interface_name;

	/* reload, dumps and files */
	const char *reload_check_config;	/* path of the report; NULL: no report file */
	const char *reload_time_file;
	bool reload_repeat;
	const char *reload_file;	/* NULL: none; "": the default path */
	struct word_list include_check;
	uint32_t random_seed;
	const char *config_save_dir;
	const char *tmp_config_directory;
	bool data_use_instance;
	uint32_t json_version;		/* 1 or 2 */
	const char *state_dump_file, *stats_dump_file, *json_dump_file;	/* NULL: defaults */
};

/** Top-level rows of core: fills struct process_config. */
extern const struct block_type process_config_type;
/** The global_defs block: fills struct global_config. */
extern const struct block_type global_config_type;

/** After binding: fill the derived fields and check what one row cannot see. Called once. */
void global_config_resolve(struct config_check *);
