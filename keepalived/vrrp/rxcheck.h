/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Receive checks: does this datagram concern this virtual router?
 *
 * A frame that was found to carry our VRID is decoded, authenticated and compared with the
 * configuration, in one fixed order, to a verdict. A rejected frame has no effect whatsoever
 * on the state machine: the caller counts the reason and may log it, that is all.
 */
#pragma once

#include "vrrp/auth.h"
#include "vrrp/packet.h"

/** A unicast peer as configured. */
struct vrrp_peer {
	struct addr addr;
	uint8_t min_ttl;	/* 0..255 */
	uint8_t max_ttl;	/* 255: no limit */
};

/** What was learnt of a unicast peer; the instance keeps one per peer over reloads. */
struct vrrp_peer_memory {
	bool old_checksum;	/* send it the old form, expect either */
	uint8_t old_seen;	/* old-form adverts in a row */
};

/** Adverts in the old form, with none in the standard form between, that make us answer in it. */
#define VRRP_OLD_SUM_ADVERTS 3

enum vrrp_checksum_mode {
	VRRP_SUM_MODE_AUTO,	/* standard; old form accepted from known peers */
	VRRP_SUM_MODE_NEVER,	/* standard only */
	VRRP_SUM_MODE_OLD,		/* unicast: old form sent, both accepted from known peers */
	VRRP_SUM_MODE_AS_V2,	/* v3_checksum_as_v2: sent so; both legal forms accepted */
};

/** What the configuration says; borrowed pointers. */
struct vrrp_rx_params {
	uint8_t version;
	uint8_t family;
	uint8_t vrid;
	bool multicast;			/* the instance has no unicast peers */
	bool check_unicast_src;
	bool owner_ignore_adverts;
	bool skip_check_addrs;		/* skip_check_adv_addr */
	uint8_t checksum;		/* enum vrrp_checksum_mode */
	struct addr group;		/* global multicast group of the family, for the old form */
	unsigned n_addrs, n_peers;
	const struct addr *addrs;	/* virtual addresses, in order */
	const struct vrrp_peer *peers;
	kspan every;			/* own advertisement interval */
	const struct vrrp_auth_params *auth;	/* NULL: none */
};

/** What changes from packet to packet. */
struct vrrp_rx_now {
	bool active;		/* state is BACKUP or MASTER */
	bool master;		/* state is MASTER */
	uint8_t priority;	/* effective */
	struct addr master_addr;	/* last accepted sender while BACKUP */
	int64_t wall_ns;	/* CLOCK_REALTIME */
};

/** What checking may learn; owned by the instance, kept over reloads. */
struct vrrp_rx_memory {
	struct vrrp_auth *auth;			/* NULL when there is no authentication */
	struct vrrp_peer_memory *peers;		/* n_peers of the parameters, same order */
};

/** Remarks about an accepted advert; each adds to the rare counter named. */
#define VRRP_RX_WARN_INTERVAL	 0x01u	/* v3: interval differs: advert_interval_err */
#define VRRP_RX_WARN_COUNT	 0x02u	/* number of addresses: addr_list_err */
#define VRRP_RX_WARN_ADDR	 0x04u	/* an address of ours is missing: addr_list_err */
#define VRRP_RX_WARN_SKEW	 0x08u	/* clock skew above half the window */
#define VRRP_RX_NOTE_OLD_FORM	 0x10u	/* now sending the old checksum form to this peer */
#define VRRP_RX_NOTE_NEW_FORM	 0x20u	/* no longer */

struct vrrp_rx_verdict {
	enum vrrp_reject reject;	/* VRRP_ACCEPT: advert is valid */
	unsigned warnings;		/* VRRP_RX_* */
	struct vrrp_advert advert;	/* as far as it was decoded, also when rejected */
	struct vrrp_auth_result auth;
	uint32_t got;			/* the number that was wrong (length, TTL, version, ...) */
	uint32_t expected;
	struct addr missing;		/* VRRP_RX_WARN_ADDR: the first address of ours not sent */
	int peer;			/* index of the sending peer, -1 if none */
};

/** Check @frame in the order of the table in rxcheck.c. *out is always written. */
void vrrp_rxcheck(const struct vrrp_rx_params *, const struct vrrp_rx_now *,
		  struct vrrp_rx_memory *, const struct vrrp_frame *,
		  struct vrrp_rx_verdict *out);

/** The form in which to send: to peer @peer (index), or -1 for multicast. */
enum vrrp_checksum_form vrrp_checksum_form_to(const struct vrrp_rx_params *,
					      const struct vrrp_rx_memory *, int peer);
