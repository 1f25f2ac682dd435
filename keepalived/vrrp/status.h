/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the VRRP engine shows of itself: the slots of its status page, and the texts made of them.
 *
 * The engine writes the slots (core/status.h), everybody else reads them together with the
 * configuration of the same generation. Slots are fixed size and hold no pointers. Times of day
 * are CLOCK_REALTIME in ns since 1970, 0: never.
 */
#pragma once

#include <linux/if_ether.h>

#include "core/event.h"
#include "core/status.h"
#include "vrrp/auth.h"
#include "vrrp/config.h"
#include "vrrp/diagnose.h"
#include "vrrp/fsm.h"

struct view;

#define VRRP_STATUS_VERSION 5

/** Kinds of slots and what their index is. */
enum vrrp_slot {
	VRRP_SLOT_ENGINE,	/* one: struct vrrp_engine_status */
	VRRP_SLOT_INSTANCE,	/* vrrp_config->instances: struct vrrp_instance_status */
	VRRP_SLOT_GROUP,	/* vrrp_config->groups: struct vrrp_group_status */
	VRRP_SLOT_CHECK,	/* vrrp_config->checks: struct vrrp_check_status */
	VRRP_SLOT_FILE,		/* vrrp_config->files: struct vrrp_file_status */
	VRRP_SLOT_PROCESS,	/* vrrp_config->processes: struct vrrp_process_status */
	VRRP_SLOT_BFD,		/* bfd_tracked->id: struct vrrp_bfd_status */
	VRRP_SLOT_ADDRESS,	/* instance->address_base + n: struct vrrp_address_status */
	VRRP_SLOT_INTERFACE,	/* vrrp_config->interfaces: struct vrrp_interface_status */
	VRRP_SLOT_SOCKET,	/* sockets, as many as instances: struct vrrp_socket_status */
	VRRP_SLOT_RARE,		/* vrrp_config->instances: struct vrrp_rare_counters */
	VRRP_SLOT_DIAGNOSIS,	/* vrrp_config->instances: struct vrrp_diagnosis_status */
	VRRP_SLOT_MARKS,	/* vrrp_config->instances: struct vrrp_marks_status */
	VRRP_SLOT_TRANSITION,	/* transitions, read by vrrp_status_read_transition() */
	VRRP_SLOT_CAUSE_TEXT,	/* texts of those that have one */
	VRRP_SLOT_SETTING,	/* any: struct vrrp_setting_status */
	VRRP_SLOT_KINDS,
};

/* What is counted; the names are keys of the JSON object "stats" too. Usual counters are in the
 * slot of the instance; rare ones, most of which never count, in one of their own that is no
 * memory until then. */
#define VRRP_COUNTERS(U, R)         \
	U(advert_rcvd)             \
	U(advert_sent)             \
	U(become_master)           \
	U(release_master)          \
	R(packet_len_err)          \
	R(advert_interval_err)     \
	R(ip_ttl_err)              \
	R(invalid_type_rcvd)       \
	R(addr_list_err)           \
	R(invalid_authtype)        \
	R(authtype_mismatch)       \
	R(auth_failure)            \
	R(auth_ext_missing)        \
	R(auth_ext_malformed)      \
	R(auth_ext_unknown_key)    \
	R(auth_ext_invalid_hmac)   \
	R(auth_ext_stale)          \
	R(auth_ext_replay)         \
	U(pri_zero_rcvd)           \
	U(pri_zero_sent)           \
	R(checksum_err)            \
	R(version_err)             \
	R(src_not_peer)            \
	R(owner_ignored)           \
	R(rogue_adverts)           \
	R(lower_prio_rcvd)         \
	R(send_err)                \
	U(garp_sent)               \
	U(late_adverts)

#define VRRP_COUNTER_FIELD_(field) uint64_t field;
#define VRRP_COUNTER_NONE_(field)
/** All of them, as shown: see vrrp_status_counters(). */
struct vrrp_counters {
	VRRP_COUNTERS(VRRP_COUNTER_FIELD_, VRRP_COUNTER_FIELD_)
};
struct vrrp_usual_counters {
	VRRP_COUNTERS(VRRP_COUNTER_FIELD_, VRRP_COUNTER_NONE_)
};
struct vrrp_rare_counters {
	VRRP_COUNTERS(VRRP_COUNTER_NONE_, VRRP_COUNTER_FIELD_)
};

/** Numbers of authenticated adverts, so that a process that takes the place of one that died
 *  accepts no old advert and sends none that looks old. Of the senders heard last. */
#define VRRP_MARKS_KEPT 8
struct vrrp_marks_status {
	uint64_t hmac_sent;
	uint32_t ah_sent;
	uint32_t n;
	struct vrrp_mark marks[VRRP_MARKS_KEPT];
};

/** A kernel setting that was changed (vmac_kept.c). They lie at the end of the page: unused ones
 *  take no memory. */
#define VRRP_SETTINGS_KEPT 512
struct vrrp_setting_status {
	uint32_t net;			/* hash of the name of the namespace, 0: our own */
	uint32_t at;			/* index of the interface, VMAC_AT_... */
	uint8_t what;			/* enum vmac_setting; 0: unused, as all that follow */
	uint8_t before, ours;		/* values */
};

enum vrrp_new_master_reason {		/* by the numbers of RFC 6527 */
	VRRP_REASON_NOT_MASTER,
	VRRP_REASON_PRIORITY,
	VRRP_REASON_PREEMPTED,
	VRRP_REASON_NO_RESPONSE,
};
enum vrrp_proto_error {			/* by the numbers of RFC 6527 */
	VRRP_PROTO_NO_ERROR,
	VRRP_PROTO_TTL,
	VRRP_PROTO_VERSION,
	VRRP_PROTO_CHECKSUM,
	VRRP_PROTO_VRID,
};

/** One past change of state; why travels with it. */
struct vrrp_transition {
	int64_t at_wall_ns;
	uint8_t from, to;		/* enum vrrp_state */
	uint8_t priority;		/* effective, then */
	struct cause cause;
};
#define VRRP_TRANSITIONS_KEPT 8

/** Run-time reasons for FAULT, besides the configuration's; bits of ->if_faults. */
enum vrrp_if_fault {
	VRRP_IF_FAULT_DOWN = 1 << 0,
	VRRP_IF_FAULT_BASE_DOWN = 1 << 1,
	VRRP_IF_FAULT_NO_SOURCE = 1 << 2,
	VRRP_IF_FAULT_DUPLICATE_VRID = 1 << 3,
	VRRP_IF_FAULT_CONFIG = 1 << 4,
	VRRP_IF_FAULT_OTHER = 1 << 5,
};

struct vrrp_instance_status {
	uint8_t state;			/* enum vrrp_state */
	uint8_t want;			/* the same */
	uint8_t effective_priority;
	uint8_t master_priority;	/* of the last master seen, 0: none */
	uint8_t highest_other_priority;	/* nopreempt; 0: none */
	uint8_t new_master_reason;	/* enum vrrp_new_master_reason */
	uint8_t proto_error;		/* enum vrrp_proto_error: the last one */
	bool vips_set;
	bool vrid_duplicated;		/* unicast: shares its VRID with another on the socket */
	bool on_vmac;			/* ->ifname is its VMAC or ipvlan */
	bool vmac_up;
	bool has_rare;			/* its slot of rare counters is in use */
	uint8_t finding;		/* enum vrrp_finding; see vrrp_status_diagnosis() */
	uint8_t vmac_mac[ETH_ALEN];
	int16_t total_priority;		/* before it is clamped */
	uint16_t n_config_faults;	/* counted reasons for FAULT */
	uint16_t n_tracker_faults;
	uint16_t n_trackers_init;	/* without a first result */
	uint16_t n_addresses_missing;	/* wanted in MASTER but refused by the kernel */
	uint32_t if_faults;		/* enum vrrp_if_fault */
	uint32_t ifindex;		/* of the interface in use, 0: none */
	uint32_t base_ifindex;
	int32_t socket;			/* index of its VRRP_SLOT_SOCKET, -1: none */
	char ifname[16];		/* in use: the VMAC if there is one; "" none */
	struct addr src;		/* in use; family 0: none */
	struct addr master;		/* last master seen */
	uint32_t n_transitions;		/* ever */
	kspan master_advert_every;	/* learnt (version 3), else ours */
	kspan master_down;		/* length of the master-down timer */
	int64_t last_transition_wall_ns;
	int64_t deadline_wall_ns;	/* of the timer that is armed, 0: none */
	int64_t last_advert_sent_wall_ns;
	int64_t up_since_wall_ns;	/* last leaving of INIT or FAULT, 0: not up */
	struct vrrp_usual_counters usual;
};

/** Beside the slot of an instance, because most never need it. */
struct vrrp_diagnosis_status {
	struct vrrp_diagnosis diagnosis;
	int64_t since_wall_ns;
};

struct vrrp_group_status {
	uint8_t state;			/* enum vrrp_state */
	uint16_t n_fault, n_init;	/* members */
	int64_t last_transition_wall_ns;
	struct cause cause;		/* of the last transition */
};

enum vrrp_check_run { VRRP_RUN_IDLE, VRRP_RUN_RUNNING, VRRP_RUN_TERMINATING, VRRP_RUN_KILLING };
enum vrrp_check_init {
	VRRP_CHECK_KNOWN,		/* has given a result */
	VRRP_CHECK_INIT,
	VRRP_CHECK_INIT_FAILED,
	VRRP_CHECK_INIT_RELOAD,
};

/** A script or built-in check. */
struct vrrp_check_status {
	bool up;
	bool refused;			/* script cannot be run: security or missing */
	uint8_t run;			/* enum vrrp_check_run */
	uint8_t init;			/* enum vrrp_check_init */
	uint32_t result;		/* the counter 0 .. rise + fall - 1 */
	int32_t exit_status;		/* last one; negative: signal */
	int64_t last_run_wall_ns;
	int64_t last_change_wall_ns;
	int64_t took_ns;		/* last run */
	uint64_t n_runs, n_failed, n_timeouts;
	char detail[64];		/* built-in checks: "connection refused" */
};

struct vrrp_file_status {
	int32_t value;
	bool exists;
	int64_t last_change_wall_ns;
};

struct vrrp_process_status {
	uint32_t count;
	bool have_quorum;
	bool fork_timer, terminate_timer;	/* running */
	int64_t last_change_wall_ns;
};

struct vrrp_bfd_status {
	bool up;
	int64_t last_change_wall_ns;
};

struct vrrp_address_status {
	bool set;
	int32_t error;			/* errno of the last try, 0: fine */
	char ifname[16];		/* where it is or would be put */
};

struct vrrp_interface_status {
	char name[16];
	char parent[16];		/* "" none */
	char vrf[16];
	char kind[16];			/* "macvlan"; "" plain */
	uint32_t ifindex;		/* 0: does not exist */
	uint32_t flags;			/* IFF_* */
	uint32_t mtu;
	uint32_t group;
	uint16_t hw_type;		/* ARPHRD_* */
	bool up, seen_up;
	bool ours;			/* made by us */
	bool delay_running;
	kspan up_delay, down_delay;
	struct mac mac, broadcast;
	struct addr addr4, addr6;	/* first IPv4, link-local IPv6 */
	uint32_t n_more_addr4;
	uint32_t n_instances;		/* that track it */
};

/** A pair of sockets shared by instances. */
struct vrrp_socket_status {
	bool used;
	bool unicast;
	uint8_t family;
	uint8_t protocol;		/* 112 or 51 */
	int32_t fd_in, fd_out;		/* -1: none */
	uint32_t ifindex;		/* 0: any */
	uint32_t rcvbuf;
	char ifname[16];
	char vrf[16];
	struct addr addr;		/* group or source address */
	uint64_t unknown_vrid, bad_checksum, bad_version;	/* of no instance */
};

struct vrrp_engine_status {
	int32_t pid;
	int64_t started_wall_ns;
	int64_t cleared_wall_ns;	/* counters were zeroed, 0: never */
	bool startup_delay;		/* vrrp_startup_delay is running */
	uint64_t router_checksum_err;	/* RFC 6527 scalars */
	uint64_t router_version_err;
	uint64_t router_vrid_err;
	uint64_t n_late_wakeups;
	uint64_t n_netlink_overruns;
};

/** The layout of the page for a configuration. */
void vrrp_status_layout(const struct vrrp_config *, struct status_layout *out);
/** Note a transition of the instance whose slot is @status, in @page and in its ->state and
 *  ->last_transition_wall_ns; ->from of @t is filled in. Between status_begin() and status_end()
 *  of @status. */
void vrrp_status_transition(struct status_page *page, uint32_t index,
			    struct vrrp_instance_status *status, const struct vrrp_transition *t);
/** The transition @nth (from 0) of instance @index, as long as not VRRP_TRANSITIONS_KEPT later ones
 *  have come. False: no such slot. */
bool vrrp_status_read_transition(const struct status_page *, uint32_t index, uint32_t nth,
				 struct vrrp_transition *out);
/** All counters of the instance whose slot was read to @status. */
void vrrp_status_counters(const struct status_page *, uint32_t index,
			  const struct vrrp_instance_status *status, struct vrrp_counters *out);
/** What lies beside the slot of an instance, from one page to another: rare counters, transitions.
 *  Pages may have different numbers of instances. */
/** The page of the process that died to the state of the one that starts. */
void vrrp_status_restore_marks(const struct status_page *, uint32_t index, struct vrrp_auth *);
/** After an advert was sent (@from NULL) or accepted. */
void vrrp_status_marks(struct status_page *, uint32_t index, const struct vrrp_auth *,
		       const struct addr *from);
void vrrp_status_keep(struct status_page *from, uint32_t from_index, struct status_page *to,
		      uint32_t to_index);

/** What is wrong with an instance whose slot is @status; NONE if nothing is. */
void vrrp_status_diagnosis(const struct status_page *, uint32_t index,
			   const struct vrrp_instance_status *status,
			   struct vrrp_diagnosis_status *out);
/** Note it. Between status_begin() and status_end() of @status. */
void vrrp_status_diagnosed(struct status_page *, uint32_t index,
			   struct vrrp_instance_status *status,
			   const struct vrrp_diagnosis_status *);

/** struct engine's dump functions. A page that is NULL or of another generation shows every
 *  object in INIT with zero counters. */
void vrrp_dump_data(const struct config *, const struct status_page *, struct strbuf *out);
void vrrp_dump_stats(const struct config *, const struct status_page *, struct strbuf *out);
void vrrp_dump_json(const struct config *, const struct status_page *, struct view *);
