/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state machine of one virtual router: event in, actions out.
 *
 * RFC 9568 section 6, RFC 3768 section 6. What the RFC calls Active is MASTER here, as in every
 * interface of the product. The machine reads no clock, sends nothing and logs nothing: the
 * caller carries out the actions in their order. It has one timer; ARM gives an absolute time.
 *
 * Before it feeds VRRP_EV_TIMER the caller must have fed all packets that had arrived: a late
 * wake-up then finds the adverts that prove the master alive. An early or stale TIMER is harmless.
 *
 * Members of a sync group are fed through vrrp_sync_feed() (sync.h), others directly.
 */
#pragma once

#include "base/enum.h"
#include "base/time.h"
#include "core/event.h"
#include "vrrp/packet.h"

/** The numbers are those of the JSON and SNMP output. */
#define VRRP_STATES(X)                      \
	X(VRRP_STATE_INIT, "INIT")          \
	X(VRRP_STATE_BACKUP, "BACKUP")      \
	X(VRRP_STATE_MASTER, "MASTER")      \
	X(VRRP_STATE_FAULT, "FAULT")
ENUM_DECLARE(vrrp_state, VRRP_STATES)

/** What the machine needs of the configuration. By value: nothing is borrowed. */
struct vrrp_params {
	uint8_t version;		/* 2 or 3 */
	uint8_t priority;		/* effective, as vrrp_tally_priority() says; 255: owner */
	uint8_t down_timer_adverts;	/* 1..100 */
	uint8_t late_priority;		/* timer_expired_backup; 0: off */
	bool start_master;		/* "state MASTER" and priority 255: MASTER at once */
	bool preempt;
	bool lower_prio_no_advert;
	bool higher_prio_send_advert;
	bool unicast;			/* announce our own address when leaving FAULT */
	struct addr src;		/* our primary address, for comparing equals */
	kspan every;			/* own advertisement interval, > 0 */
	kspan preempt_delay;		/* 0: none */
};

/* -- events -------------------------------------------------------------------------------- */

enum vrrp_event_type {
	VRRP_EV_START,		/* begin; INIT only */
	VRRP_EV_STOP,		/* end, back to INIT */
	VRRP_EV_ADVERT,		/* one that vrrp_rxcheck() accepted */
	VRRP_EV_TIMER,		/* the armed time has come */
	VRRP_EV_HEALTH,		/* ->health is how it is now (VRRP_TALLY_HEALTH) */
	VRRP_EV_PRIORITY,	/* effective priority is now ->priority */
	VRRP_EV_VIP_LOST,	/* a virtual address, route or rule was removed by others */
	VRRP_EV_PARAMS,		/* reload: ->params replace the old ones */
	/* Orders of the sync group; only sync.c makes them. */
	VRRP_EV_ORDER_MASTER,
	VRRP_EV_ORDER_BACKUP,
	VRRP_EV_ORDER_HOLD,	/* ->health is that of the other members */
};

struct vrrp_event {
	enum vrrp_event_type type;
	struct cause cause;		/* why; the machine explains ADVERT and TIMER itself */
	union {
		struct {
			ktime not_before;	/* vrrp_startup_delay: deaf and silent until then */
			bool fault;
			bool pending;		/* see health */
		} start;
		struct {
			enum event_what what;	/* EVENT_STOP, EVENT_DELETED or EVENT_FAULT */
			bool quiet;		/* no event at all */
			bool keep;		/* --dont-release-vrrp: leave all as it is */
		} stop;
		struct {
			const struct vrrp_advert *advert;
			struct addr from;
		} rx;
		struct {
			bool fault;		/* vrrp_tally_n_faults() > 0 */
			bool pending;		/* some result is not known yet; only holds INIT */
		} health;
		uint8_t priority;
		const struct vrrp_params *params;
		struct {
			bool zero;		/* ORDER_BACKUP: tell the others by priority 0 and
						   come back after the skew time */
		} order;
	};
};

/* -- actions ------------------------------------------------------------------------------- */

enum vrrp_action_type {
	VRRP_ACT_SEND,		/* one advert with ->priority to all destinations, now */
	VRRP_ACT_ARM,		/* the timer, at ->at; replaces the time before */
	VRRP_ACT_DISARM,
	VRRP_ACT_STATE,		/* ->state entered: log, status slot, transition ring, IPVS sync */
	VRRP_ACT_ADDRS_UP,	/* addresses, routes, rules, firewall */
	VRRP_ACT_ADDRS_DOWN,	/* ... out again; queued announcements are dropped */
	VRRP_ACT_ANNOUNCE,	/* gratuitous ARP and NA, see ->announce */
	VRRP_ACT_EVENT,		/* tell the outside: ->event */
	VRRP_ACT_NOTE,		/* something for the log only, see ->remark */
	VRRP_ACT_ASK_GROUP,	/* wants to be MASTER but is in a group; sync.c answers */
};

enum vrrp_announce {
	VRRP_ANNOUNCE_MASTER,	/* became MASTER: garp_master_* */
	VRRP_ANNOUNCE_LOWER,	/* heard a lower priority: garp_lower_prio_*, whole group */
	VRRP_ANNOUNCE_SOURCE,	/* unicast left FAULT: once, our own source address */
};

/**
 * Remarks: name, log level letter (N notice, I info, D detail), text of the log line. Placeholders
 * stand for what is in the action: %a ->from, %b ->before, %p ->theirs, %q ->ours, %s ->span as
 * "3.000000", %m ->span as "200ms", %o ->old_span as "1000ms".
 */
#define VRRP_NOTES(X)                                                                           \
	X(MASTER_SET, 'D', "master set to %a")                                                  \
	X(MASTER_CHANGED, 'D', "master changed from %b to %a")                                  \
	X(TIMEOUT, 'D', "Receive advertisement timeout")                                        \
	X(BACKUP_RX_ZERO, 'D', "Backup received priority 0 advertisement")                      \
	X(MASTER_RX_ZERO, 'D', "Master received priority 0 message")                            \
	X(SENT_ZERO, 'D', "sent 0 priority")                                                    \
	X(LOWER_DISCARDED, 'I', "received lower priority (%p) advert from %a - discarding")     \
	X(LOWER_QUIET, 'I', "Received advert from %a with lower priority %p, ours %q")          \
	X(LOWER, 'I',                                                                           \
	  "Received advert from %a with lower priority %p, ours %q, forcing new election")      \
	X(HIGHER, 'N', "Master received advert from %a with higher priority %p, ours %q")       \
	X(HIGHER_ADDRESS, 'N',                                                                  \
	  "Master received advert from %a with same priority %p but higher IP address than ours") \
	X(SAME_ADDRESS, 'I',                                                                    \
	  "WARNING - equal priority advert received from remote host with our IP address.")     \
	X(PREEMPT_DELAY_START, 'D', "start preempt delay (%s)")                                 \
	X(PREEMPT_DELAY_STOP, 'D', "stop preempt delay")                                        \
	X(INTERVAL_LEARNT, 'D', "advertisement interval updated from %o to %m by master")       \
	X(INTERVAL_OWN, 'D', "changing advert interval from %o to locally configured %m")       \
	X(PRIORITY, 'I', "Changing effective priority from %p to %q")                           \
	X(OWNER_CONFLICT, 'N',                                                                  \
	  "CONFIGURATION ERROR: local instance and %a are both configured as address owner, "    \
	  "please resolve")                                                                     \
	X(OWNER_YIELDS, 'N',                                                                    \
	  "%a is still advertising as address owner, please resolve - reducing our priority")   \
	X(OWNER_ROGUE_GONE, 'N', "rogue address owner appears to have stopped advertising")     \
	X(OWNER_RESTORED_GONE, 'N',                                                             \
	  "Restoring our priority to 255 since other address owner has disappeared")            \
	X(OWNER_RESTORED_LOWER, 'N',                                                            \
	  "Restoring our priority to 255 since received advert with lower priority")            \
	X(LATE, 'N', "VRRP thread timer expired %s seconds ago")

#define VRRP_NOTE_VALUE_(name, level, text) VRRP_NOTE_##name,
enum vrrp_note { VRRP_NOTES(VRRP_NOTE_VALUE_) n_vrrp_note };

struct vrrp_remark {
	enum vrrp_note note;
	struct addr from;
	struct addr before;
	uint8_t theirs;
	uint8_t ours;
	kspan span;
	kspan old_span;
};

char vrrp_note_level(enum vrrp_note);
/** The text with its placeholders filled in, in @buf, which is returned. */
const char *vrrp_remark_text(const struct vrrp_remark *, char *buf, size_t size);

struct vrrp_action {
	enum vrrp_action_type type;
	union {
		uint8_t priority;	/* SEND */
		ktime at;		/* ARM */
		struct {
			enum vrrp_state from, to;
			bool initial;	/* first state after START: "(init)" in the log */
			struct cause cause;
		} state;
		enum vrrp_announce announce;
		struct {
			enum event_what what;
			struct cause cause;
		} event;
		struct vrrp_remark remark;	/* NOTE */
	};
};

#define VRRP_ACTIONS_MAX 16

struct vrrp_actions {
	unsigned n;
	struct vrrp_action list[VRRP_ACTIONS_MAX];
};

/* -- the machine --------------------------------------------------------------------------- */

struct vrrp_fsm {
	struct vrrp_params params;
	enum vrrp_state state;
	enum vrrp_state want;		/* state without regard to the group */
	uint8_t priority;		/* effective; 254 while an owner has yielded */
	bool started;
	bool faulty;			/* has a fault of its own */
	bool pending;			/* only waits for first results */
	bool grouped;			/* member of a sync group */
	bool held_fault;		/* another member of the group is in FAULT */
	bool held_pending;		/* another member only waits for first results */
	bool group_may_rush;		/* all members are owners that start as MASTER */
	ktime not_before;		/* start-up delay */
	ktime deadline;			/* of the armed timer; KTIME_NEVER: idle */
	ktime sent_at;			/* last advert; KTIME_NEVER: none since START */
	ktime replied_at;		/* last advert out of turn; KTIME_NEVER: none */
	ktime heard_at;			/* last accepted advert; KTIME_NEVER: none */
	ktime since;			/* of the state */
	/* The master as heard, BACKUP only (kept for display afterwards). */
	kspan master_every;		/* v3: learnt, else own interval */
	struct addr master_addr;
	uint8_t master_priority;
	uint8_t highest_other;		/* priority heard of others, for display */
	ktime preempt_at;		/* end of preempt_delay; KTIME_NEVER: not running */
	/* Another owner (RFC 9568 erratum 8298). */
	ktime rogue_from;		/* KTIME_NEVER: none */
	ktime rogue_until;
};

/** INIT, not started. */
void vrrp_fsm_init(struct vrrp_fsm *, const struct vrrp_params *);
/** One event. @now is the time of the wake-up. *out is overwritten. */
void vrrp_fsm_step(struct vrrp_fsm *, const struct vrrp_event *, ktime now,
		   struct vrrp_actions *out);

/** Skew time and master-down time at the current priority and master interval. */
kspan vrrp_fsm_skew(const struct vrrp_fsm *);
kspan vrrp_fsm_master_down(const struct vrrp_fsm *);
