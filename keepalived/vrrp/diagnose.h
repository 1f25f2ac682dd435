/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Self-diagnosis: why are two routers MASTER, why does one hear nothing, and what must be changed?
 *
 * What other routers send is remembered as few facts (witnesses): the last adverts that were
 * refused, those that differ from our configuration, and those that nobody should send while we
 * are MASTER. vrrp_diagnose() makes one finding of them. A fact counts while it is repeated and
 * is forgotten when it stops; nothing here moves a timer or a state.
 */
#pragma once

#include "vrrp/config.h"
#include "vrrp/fsm.h"
#include "vrrp/rxcheck.h"

/** What is wrong; the words are values in the JSON output. Those further up matter more. */
#define VRRP_FINDINGS(X)                           \
	X(VRRP_FINDING_NONE, "none")               \
	X(VRRP_FINDING_REFUSED, "refused")         \
	X(VRRP_FINDING_FOREIGN, "foreign-router")  \
	X(VRRP_FINDING_SAME_ADDRESS, "same-address") \
	X(VRRP_FINDING_OWNERS, "two-owners")       \
	X(VRRP_FINDING_UNHEARD, "not-heard")       \
	X(VRRP_FINDING_INTERVAL, "interval")       \
	X(VRRP_FINDING_ADDRESSES, "addresses")     \
	X(VRRP_FINDING_SILENCE, "silence")
ENUM_DECLARE(vrrp_finding, VRRP_FINDINGS)

/** Adverts that say the same before it is believed. */
#define VRRP_WITNESS_ADVERTS 3

/** Adverts of one sender that are remarkable in one way. */
struct vrrp_witness {
	unsigned n;			/* in a row; 0: none */
	unsigned what;			/* reject reason, or VRRP_RX_* bits */
	struct addr from;
	struct addr missing;		/* the first address of ours that they lack */
	uint32_t got, expected;		/* as in the verdict */
	uint8_t priority;
	uint8_t n_addrs;
	bool foreign;			/* they hold addresses, but none of ours */
	bool stranger;			/* we use unicast, and the sender is not our peer */
	ktime first, last;
};

/** What one instance remembers of others. Zeroed: nothing. */
struct vrrp_hearing {
	struct vrrp_witness refused;	/* what: enum vrrp_reject */
	struct vrrp_witness differs;	/* what: VRRP_RX_WARN_* */
	struct vrrp_witness rival;	/* heard while MASTER, of no higher rank */
};

/** How we are. */
struct vrrp_self {
	enum vrrp_state state;
	uint8_t priority;		/* effective */
	bool heard;			/* some advert was accepted since the start */
	kspan every;			/* own advertisement interval */
	struct addr src;
};

/** A finding, with what its text needs. Kept in the status slot. */
struct vrrp_diagnosis {
	uint8_t finding;		/* enum vrrp_finding */
	uint8_t reject;			/* enum vrrp_reject, REFUSED and FOREIGN; else 0 */
	uint8_t priority;		/* theirs */
	uint8_t n_addrs;		/* theirs */
	bool stranger;
	struct addr from;
	struct addr missing;
	uint32_t got, expected;
};

/** How long a fact counts after its last advert, and has to last where one alone is usual. */
kspan vrrp_hearing_window(const struct vrrp_self *);
/** Note what @verdict says of @frame. True when vrrp_diagnose() may now say something else. */
bool vrrp_hearing_note(struct vrrp_hearing *, const struct vrrp_self *,
		       const struct vrrp_rx_params *, const struct vrrp_frame *,
		       const struct vrrp_rx_verdict *verdict, ktime now);
/** Nothing is remembered that still counts. */
bool vrrp_hearing_is_stale(const struct vrrp_hearing *, const struct vrrp_self *, ktime now);
/** The finding that matters most. @hearing may be NULL. */
void vrrp_diagnose(const struct vrrp_hearing *hearing, const struct vrrp_self *, ktime now,
		   struct vrrp_diagnosis *out);
/** The same finding about the same router: not worth another line in the log. */
bool vrrp_diagnosis_same(const struct vrrp_diagnosis *, const struct vrrp_diagnosis *);

#define VRRP_DIAGNOSIS_TEXT_MAX 512
/** Where an instance is configured. */
struct vrrp_diagnosed {
	const struct vrrp_instance_config *config;
	const struct source_map *sources;	/* NULL: its line is not told */
};
/** What is wrong and what to change, in one line. "" for NONE. Returns @buf. */
const char *vrrp_diagnosis_text(const struct vrrp_diagnosis *, const struct vrrp_diagnosed *,
				char *buf, size_t size);
