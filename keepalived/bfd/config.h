/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configuration of BFD: one bfd_instance, one session (RFC 5880, 5881, 5883).
 *
 * Sessions are symbols of kind SYMBOL_BFD; other engines see their first member.
 */
#pragma once

#include "base/hashset.h"
#include "base/time.h"
#include "config/bind.h"
#include "core/config.h"
#include "core/config_track.h"
#include "net/addr.h"

#define BFD_NAME_MAX 31
#define BFD_TTL_MAX 255

struct bfd_session_config {
	struct bfd_tracked tracked;	/* ->for_vrrp, ->for_checker resolved: both when neither was
					   written */
	struct addr neighbor;
	struct addr source;		/* none: the kernel chooses */
	kspan min_rx;			/* Required Min RX Interval */
	kspan min_tx;			/* Desired Min TX Interval while Up */
	kspan idle_tx;			/* Desired Min TX Interval while not Up */
	uint8_t multiplier;		/* Detect Mult sent to the peer */
	bool passive;			/* send nothing until a packet arrived */
	bool multihop;			/* UDP port 4784 */
	uint8_t ttl;			/* resolved: of sent packets, IPv4 TTL or hop limit */
	int16_t max_hops;		/* as written, -1 and 255: any number */
	uint8_t min_ttl;		/* resolved: least TTL of a packet that is accepted */
};

/** Section object of the BFD engine. */
struct bfd_config {
	struct object object;
	struct object_list sessions;	/* struct bfd_session_config */
	struct hashset rivals;		/* private to binding */
};

extern const struct block_type bfd_sections;

void bfd_config_check(struct config_check *);
bool bfd_config_wanted(const struct config *);
const struct bfd_config *bfd_config_of(const struct config *);
