/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration of VRRP: what the keywords fill and what the checks make of it.
 *
 * After vrrp_config_check() every struct is final and complete: defaults from global_defs are in
 * the instance (nobody looks at the globals for an instance's settings), names are pointers, and
 * what was refused is gone. An instance that cannot work as written stays in its list with
 * ->faults set and must be kept in FAULT. Fields under "derived" are no keywords: they come from
 * several. Everything is immutable and lives in the configuration's arena.
 */
#pragma once

#include "config/diff.h"
#include "core/config.h"
#include "vrrp/config_address.h"
#include "vrrp/config_track.h"

struct vrrp_group_config;

/** Why an instance cannot work as configured; it stays in FAULT. */
enum vrrp_config_fault {
	VRRP_BAD_NO_VRID = 1 << 0,
	VRRP_BAD_NO_INTERFACE = 1 << 1,	/* none given, and it needs one */
	VRRP_BAD_DUPLICATE_VRID = 1 << 2,
	VRRP_BAD_NO_VIP = 1 << 3,
	VRRP_BAD_TRACKER = 1 << 4,		/* names a tracked object that does not exist */
	VRRP_BAD_HMAC_KEY = 1 << 5,		/* active_key is not defined or unusable */
	VRRP_BAD_NO_PEERS = 1 << 6,		/* unicast_fault_no_peer */
	VRRP_BAD_STRICT = 1 << 7,		/* against strict_mode */
	VRRP_BAD_IPVLAN_ADDRESS = 1 << 8,	/* IPv4 ipvlan without an address */
};

/** States by the numbers of dumps, SNMP and notify scripts. */
enum vrrp_want { VRRP_WANT_UNSET, VRRP_WANT_BACKUP, VRRP_WANT_MASTER };

/** The numbers are those of the wire. */
enum vrrp_config_auth { VRRP_CONFIG_AUTH_NONE, VRRP_CONFIG_AUTH_PASS, VRRP_CONFIG_AUTH_AH };
#define VRRP_AUTH_PASS_MAX 8

struct vrrp_auth_config {
	struct object object;
	int type;			/* enum vrrp_config_auth */
	const char *password;		/* as written */
	uint8_t pass[VRRP_AUTH_PASS_MAX];	/* derived: first 8 bytes, zero padded */
};

enum vrrp_config_hmac {
	VRRP_CONFIG_HMAC_ENFORCE,
	VRRP_CONFIG_HMAC_PERMISSIVE,
	VRRP_CONFIG_HMAC_RECEIVE_ONLY,
};
enum vrrp_config_replay { VRRP_CONFIG_REPLAY_TIME, VRRP_CONFIG_REPLAY_MONOTONIC };
enum vrrp_hmac_source {
	VRRP_KEY_TEXT,
	VRRP_KEY_HEX,
	VRRP_KEY_FILE,			/* file:PATH */
	VRRP_KEY_ENV,			/* env:NAME, a variable of the supervisor */
	VRRP_KEY_CREDENTIAL,		/* credential:NAME, a file in $CREDENTIALS_DIRECTORY */
};
#define VRRP_CONFIG_KEY_MIN  32
#define VRRP_CONFIG_KEY_MAX  64
#define VRRP_KEY_FILE_MAX    138

/** key ID VALUE */
struct vrrp_hmac_key_config {
	struct object object;
	uint8_t id;			/* 1..255 */
	enum vrrp_hmac_source source;
	const char *value;		/* text, digits, path or name, without the prefix; secret */
	uint8_t len;			/* 0 until loaded or if unusable; else 32..64 */
	uint8_t bytes[VRRP_CONFIG_KEY_MAX];
};

struct vrrp_hmac_config {
	struct object object;
	struct object_list keys;	/* struct vrrp_hmac_key_config, each id once */
	uint8_t active_key;		/* 0: none given */
	kspan time_window;		/* resolved */
	int anti_replay;		/* enum vrrp_config_replay */
	int mode;			/* enum vrrp_config_hmac */
	struct vrrp_hmac_key_config *active;	/* derived: the key to send with; NULL: FAULT */
};

/** use_vmac [[name] IFNAME] [MAC] [netlink_notify_msg] [group G] */
struct vrrp_vmac_config {
	struct object object;
	const char *ifname;		/* NULL: made of the prefix and the VRID at run time */
	struct mac mac;			/* len 0: from the VRID and family */
	bool netlink_notify;
	bool has_group;
	uint32_t group;
};

enum vrrp_ipvlan_mode { VRRP_IPVLAN_BRIDGE, VRRP_IPVLAN_PRIVATE, VRRP_IPVLAN_VEPA };

/** use_ipvlan [[name] IFNAME] [ADDR[/LEN]] [bridge|private|vepa] [group G] */
struct vrrp_ipvlan_config {
	struct object object;
	const char *ifname;		/* NULL: made of the prefix and the VRID */
	struct prefix addr;		/* family 0: none */
	enum vrrp_ipvlan_mode mode;
	bool has_mode;
	bool has_group;
	uint32_t group;
};

/** ADDR [min_ttl N] [max_ttl N] in unicast_peer. */
struct vrrp_peer_config {
	struct object object;
	uint32_t errors_before;		/* private */
	struct addr addr;
	uint8_t min_ttl;		/* default 0 */
	uint8_t max_ttl;		/* default 255 */
};

/** garp_extra_if [all] SECS */
struct vrrp_extra_garp {
	kspan every;			/* 0: off */
	bool all;			/* every other interface, not VMACs only */
};

/** old_unicast_checksum: not written, written, written with never. */
enum vrrp_old_checksum {
	VRRP_OLD_CHECKSUM_AUTO,
	VRRP_OLD_CHECKSUM_ALWAYS,
	VRRP_OLD_CHECKSUM_NEVER,
};

/** Parts of an instance that stand apart (struct block_part). */
enum vrrp_part { VRRP_PART_COMMON, VRRP_PART_NOTIFY, VRRP_PART_TRACK, VRRP_PART_LOWER,
		 VRRP_PART_RARE };

#define VRRP_COMMON_AT(m) PART_AT(VRRP_PART_COMMON, struct vrrp_common_config, m)
#define VRRP_NOTIFY_AT(m) PART_AT(VRRP_PART_NOTIFY, struct vrrp_notify_config, m)
#define VRRP_TRACK_AT(m)  PART_AT(VRRP_PART_TRACK, struct tracker_lists, m)
#define VRRP_LOWER_AT(m)  PART_AT(VRRP_PART_LOWER, struct vrrp_lower_config, m)
#define VRRP_RARE_AT(m)	  PART_AT(VRRP_PART_RARE, struct vrrp_rare_config, m)

/** What most instances have in common: announcements and names of VMACs. Resolved. */
struct vrrp_common_config {
	kspan garp_delay;		/* second burst; 0: none */
	kspan garp_refresh;		/* 0: none */
	kspan garp_lower_prio_delay;
	struct vrrp_extra_garp garp_extra_if;
	kspan garp_interval, gna_interval;	/* derived: pacing on its interface; 0: none */
	const char *vmac_prefix, *vmac_addr_prefix;	/* derived, for names of VMACs */
	uint32_t garp_repeat;		/* >= 1 */
	uint32_t garp_refresh_repeat;	/* >= 1 */
	uint32_t garp_lower_prio_repeat;	/* 0: none */
};

struct vrrp_notify_config {
	struct notify_scripts scripts;
	kspan stop_wait;		/* at stop wait this long for notify_stop; 0: do not */
	bool deleted_word;		/* DELETED, not FAULT, when a reload removes it */
};

/** use_vmac and use_ipvlan as written; see ->vmac, ->ipvlan. */
struct vrrp_lower_config {
	struct object_list vmacs, ipvlans;
};

/** What few instances have. */
struct vrrp_rare_config {
	struct object_list evips;	/* excluded addresses, and those that did not fit */
	struct object_list routes;	/* struct route_config */
	struct object_list rules;	/* struct rule_config */
	struct object_list peers;	/* struct vrrp_peer_config */
	struct addr src;		/* as configured; family 0: the interface's */
	struct addr mcast_dst;		/* as written */
	uint32_t rx_buf_size;		/* 0: by the globals */
	const char *vrf;
	const char *net_namespace;	/* NULL: the daemon's */
	const char *lvs_sync_ifname;	/* lvs_sync_daemon_interface, deprecated */
	/* authentication; NULL: none in force */
	struct vrrp_auth_config *auth;
	struct vrrp_hmac_config *hmac;
};

/** There may be thousands: members in the order that leaves no holes. */
struct vrrp_instance_config {
	struct object object;		/* ->name: the instance's */
	uint32_t index;			/* in vrrp_config->instances */
	struct place end;		/* its closing brace */

	/* derived */
	unsigned faults;		/* enum vrrp_config_fault; not 0: stays in FAULT */
	uint32_t address_base;		/* index of its first address (vips, then evips) among the
					   addresses of all instances: slot in status.h */
	const struct vrrp_group_config *group;	/* sync group, NULL: none */
	const struct vrrp_vmac_config *vmac;	/* use_vmac in force, NULL: none */
	const struct vrrp_ipvlan_config *ipvlan;	/* use_ipvlan in force, NULL: none */
	struct addr mcast_group;	/* resolved, also of unicast instances */
	uint8_t family;			/* AF_INET, AF_INET6 */
	bool unicast;			/* has peers */
	bool unicast_words;		/* a unicast keyword was used */
	bool owner;			/* priority 255 */
	bool vrid_refused;		/* private: was written, but wrong */
	bool track_primary;		/* its own interface down means FAULT */

	/* identity and protocol */
	bool native_ipv6;
	uint8_t vrid;
	uint8_t priority;		/* 1..255 */
	uint8_t version;		/* 2 or 3, resolved */
	int want;			/* enum vrrp_want, resolved: never UNSET */
	const char *ifname;		/* interface; NULL: none (unicast only) */
	kspan advert_every;		/* rounded to what the version can say */
	int strict;			/* enum tristate, resolved */
	uint32_t debug;

	/* start and preemption */
	kspan preempt_delay;
	uint32_t down_timer_adverts;	/* 1..100, resolved */
	bool nopreempt;
	uint8_t timer_expired_backup;	/* priority of the router assumed; 0: off */
	bool no_vip_ok;			/* no_virtual_ipaddress */
	bool promote_secondaries;
	/* the following are enum tristate, resolved to ON or OFF */
	int lower_prio_no_advert;
	int higher_prio_send_advert;
	int owner_ignore_adverts;
	int skip_check_adv_addr;
	int accept;			/* OFF: no_accept in force (never for owners) */
	int v3_checksum_as_v2;
	int check_unicast_src;
	int notify_priority_changes;
	int smtp_alert;

	/* transport */
	int old_checksum;		/* enum vrrp_old_checksum */
	uint8_t unicast_ttl;		/* 255 for IPv4 unless set */
	bool has_unicast_ttl;		/* false for IPv6: the kernel's default */
	bool fault_no_peer;
	bool dont_track_primary;
	bool track_src_ip;
	bool linkbeat;
	bool use_vmac_addr;
	bool vmac_xmit_base;

	struct object_list vips;	/* struct address_config; fit into an advert */

	/* parts; never NULL */
	const struct vrrp_common_config *common;
	const struct vrrp_notify_config *notify;
	const struct tracker_lists *track;	/* own ones, then (->from_group) the sync group's */
	const struct vrrp_lower_config *lower;
	const struct vrrp_rare_config *rare;
};

/** vrrp_sync_group */
struct vrrp_group_config {
	struct object object;
	uint32_t index;			/* in vrrp_config->groups */
	struct place end;		/* its closing brace */
	struct word_list member_names;	/* as written */
	const struct vrrp_instance_config **members;	/* derived, in order of writing */
	uint32_t n_members;		/* >= 1 */
	struct tracker_lists track;	/* are in the members' lists too */
	struct notify_scripts notify;
	int smtp_alert;			/* enum tristate, resolved */
	int notify_priority_changes;	/* enum tristate; default of the members */
	bool tracking_weight;		/* sync_group_tracking_weight */
	bool all_owners;		/* derived: every member is an address owner */
	kspan notify_stop_wait;
};

/** track_group: instances that suffer when a static entry cannot be kept. */
struct vrrp_track_group_config {
	struct object object;
	struct word_list member_names;
	const struct vrrp_instance_config **members;	/* derived */
	uint32_t n_members;
};

struct garp_group_config {
	struct object object;
	struct place end;		/* its closing brace */
	struct place list_end;		/* that of interfaces */
	kspan garp_interval;		/* 0: none */
	kspan gna_interval;
	struct word_list interfaces;	/* each in one group only */
};

enum linkbeat_type { LINKBEAT_AUTO, LINKBEAT_MII, LINKBEAT_ETHTOOL, LINKBEAT_IOCTL };

/** IFNAME [MII|ETHTOOL|IOCTL] in linkbeat_interfaces. */
struct linkbeat_config {
	struct object object;		/* ->name: the interface */
	enum linkbeat_type type;
};

/** IFNAME DOWN [UP] in interface_up_down_delays. */
struct updown_delay_config {
	struct object object;		/* ->name: the interface */
	kspan down, up;			/* up as down when it was left out */
};

/** All of it: config->section[ENGINE_VRRP]. */
struct vrrp_config {
	struct object object;
	struct object_list instances;		/* struct vrrp_instance_config */
	struct object_list groups;		/* struct vrrp_group_config */
	struct object_list scripts;		/* struct vrrp_script_config, as the next three */
	struct object_list tcp_checks, http_checks, ping_checks;
	struct object_list files;		/* struct track_file_config */
	struct object_list processes;		/* struct vrrp_process_config */
	struct object_list addresses;		/* static: struct address_config */
	struct object_list routes;		/* static: struct route_config */
	struct object_list rules;		/* static: struct rule_config */
	struct object_list track_groups;	/* struct vrrp_track_group_config */
	struct object_list garp_groups;		/* struct garp_group_config */
	struct object_list linkbeat;		/* struct linkbeat_config */
	struct object_list updown_delays;	/* struct updown_delay_config */
	bool linkbeat_use_polling;		/* poll every interface of an instance */
	/* derived */
	const struct lvs_sync_daemon *lvs_sync;	/* of global_defs, or made of an instance's
						   lvs_sync_daemon_interface; NULL: none */
	const struct vrrp_instance_config *lvs_sync_instance;	/* that drives it; NULL: none */
	struct vrrp_script_config **checks;	/* scripts and built-in checks, by ->id */
	uint32_t n_checks;
	uint32_t n_addresses;			/* of all instances, vips and evips */
	struct word_list interfaces;		/* every interface named, each once, in order of
						   first use: slot in status.h */
};

extern const struct block_type vrrp_sections;
extern const struct block_type vrrp_instance_block, vrrp_group_block;

static inline const struct vrrp_config *vrrp_config_of(const struct config *config)
{
	return (const struct vrrp_config *)(const void *)config->section[0];
}

static inline const struct vrrp_instance_config *vrrp_instance_at(const struct vrrp_config *vc,
								  uint32_t index)
{
	return vc->instances.items[index];
}

/** struct engine's ->wanted: anything that the engine would put in place. */
static inline bool vrrp_config_wanted(const struct config *config)
{
	const struct vrrp_config *vc = vrrp_config_of(config);

	return vc && vc->instances.n + vc->addresses.n + vc->routes.n + vc->rules.n > 0;
}

/** struct engine's ->check: everything that concerns more than one line. */
void vrrp_config_check(struct config_check *);

/** struct engine's ->load: read the keys of auth_hmac that are in files, variables and credentials.
 *  What cannot be used is reported, and its instance gets VRRP_BAD_HMAC_KEY. In config_keys.c. */
void vrrp_config_load(struct config *);

enum vrrp_key_result {
	VRRP_KEY_OK,
	VRRP_KEY_BAD_DIGIT,	/* hex: with an odd number of digits, or another character */
	VRRP_KEY_LENGTH,	/* not 32..64 bytes; *out_len says how many */
};
/** Decode "hex:DIGITS" or plain text into @out (VRRP_CONFIG_KEY_MAX bytes). */
enum vrrp_key_result vrrp_hmac_key_decode(const char *text, size_t len, uint8_t *out,
					  size_t *out_len);

/** What a reload has to do with an instance that is the same router in both: rows and derived
 *  fields. Pointers into the configurations are compared by content. */
enum diff_verdict vrrp_instance_diff(const struct vrrp_instance_config *old,
				     const struct vrrp_instance_config *new,
				     struct diff_rows *out);
/** The identity of an instance over a reload (its name is none): same text, same router. */
void vrrp_instance_key(const struct object *, struct strbuf *out);
