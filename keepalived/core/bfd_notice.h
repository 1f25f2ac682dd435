/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the BFD engine and those who track its sessions say to each other over their line
 * (doc/protocols.md): records of one size, in the byte order of the host.
 */
#pragma once

#include "base/time.h"

#define BFD_NOTICE_NAME 32

enum bfd_notice_word {
	BFD_NOTICE_STATE = 1,	/* from BFD: the state of a session */
	BFD_NOTICE_ASK = 2,	/* to BFD: tell the states of all sessions */
};

/** As RFC 5880 section 4.1 numbers them. */
enum bfd_notice_state {
	BFD_NOTICE_ADMIN_DOWN,
	BFD_NOTICE_DOWN,
	BFD_NOTICE_INIT,
	BFD_NOTICE_UP,
};

struct bfd_notice {
	uint32_t magic;
	uint16_t word;			/* enum bfd_notice_word */
	uint8_t state;			/* enum bfd_notice_state */
	uint8_t diag;			/* RFC 5880 section 4.1, 0 without */
	int64_t at_ns;			/* CLOCK_MONOTONIC, when it happened */
	char name[BFD_NOTICE_NAME];	/* of the session, NUL-padded; "" with BFD_NOTICE_ASK */
};

/** A record. @name is cut to fit, which names of sessions never need. */
struct bfd_notice bfd_notice_state(const char *name, enum bfd_notice_state, uint8_t diag,
				   ktime at);
struct bfd_notice bfd_notice_ask(ktime at);
/** Read what was received: false if it is no such record. */
bool bfd_notice_read(const void *data, size_t len, struct bfd_notice *out);
