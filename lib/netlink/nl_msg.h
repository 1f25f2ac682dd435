/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Netlink messages as bytes: a growing buffer of messages that libnl builds, and attributes that
 * libnl checks by policy before anyone reads them. Host byte order as netlink has it; addresses are
 * copied as they are.
 */
#pragma once

#include <linux/netlink.h>

#include "base/span.h"
#include "net/addr.h"

struct nl_msg;		/* of libnl */
struct nla_policy;	/* of libnl: <netlink/attr.h> */

/** A growing buffer of whole messages. Zero-initialise; free with nl_buf_fini(). */
struct nl_buf {
	uint8_t *data;
	size_t len;
	size_t cap;
	struct nl_msg *building;	/* between nl_begin() and nl_end(); kept for the next one */
};

void nl_buf_fini(struct nl_buf *);
static inline void nl_buf_reset(struct nl_buf *b) { b->len = 0; }
/** Append whole messages. Returns where they begin in ->data. */
size_t nl_buf_append(struct nl_buf *, const void *messages, size_t len);

/** Begin a message; @head is the family's fixed header (struct ifaddrmsg, ...). Sequence number
 *  and port are filled when it is sent. */
void nl_begin(struct nl_buf *, uint16_t type, uint16_t flags, const void *head, size_t head_len);
/** End it: appends it to ->data. */
void nl_end(struct nl_buf *);

void nl_put(struct nl_buf *, uint16_t type, const void *value, size_t len);
void nl_put_u8(struct nl_buf *, uint16_t type, uint8_t);
void nl_put_u16(struct nl_buf *, uint16_t type, uint16_t);
void nl_put_u32(struct nl_buf *, uint16_t type, uint32_t);
void nl_put_u64(struct nl_buf *, uint16_t type, uint64_t);
void nl_put_be16(struct nl_buf *, uint16_t type, uint16_t host);
void nl_put_be32(struct nl_buf *, uint16_t type, uint32_t host);
void nl_put_text(struct nl_buf *, uint16_t type, const char *text);	/* with its NUL */
void nl_put_addr(struct nl_buf *, uint16_t type, struct addr);
/** Open a nested attribute; the result goes to nl_nest_end(). */
size_t nl_nest(struct nl_buf *, uint16_t type);
void nl_nest_end(struct nl_buf *, size_t nest);
/** Raw bytes, padded to 4, for structures inside attributes (struct rtnexthop). Returns their
 *  offset in the message. */
size_t nl_put_raw(struct nl_buf *, const void *, size_t len);
/** Overwrite what nl_put_raw() put at @at. */
void nl_set_raw(struct nl_buf *, size_t at, const void *, size_t len);
/** Bytes of the message so far. */
size_t nl_message_len(const struct nl_buf *);

/** One message of a buffer. */
struct nl_view {
	uint16_t type;
	uint16_t flags;
	uint32_t seq;
	uint32_t port;
	struct span body;	/* after the netlink header */
};

/** Take the next message off @in. False at the end or when the rest is malformed. */
bool nl_next(struct span *in, struct nl_view *out);

/** Attribute types that nl_attrs() can index: below this. */
#define NL_ATTRS_MAX 128

/**
 * Index the attributes in @in by type into @out[@n] (types beyond are skipped, of repeated ones
 * the last counts; absent: data NULL). @policy has @n rows, at most NL_ATTRS_MAX; a row says what
 * is too short, and NLA_STRING that the value ends with NUL. False if one of them breaks its policy
 * or overruns the buffer.
 */
bool nl_attrs(struct span in, const struct nla_policy *policy, struct span *out, size_t n);

uint8_t nl_get_u8(struct span attr);	/* 0 when absent or short, as the others */
uint16_t nl_get_u16(struct span attr);
uint32_t nl_get_u32(struct span attr);
/** Copy text of an attribute, cut at @size; "" when absent. */
void nl_get_text(struct span attr, char *dst, size_t size);
/** An address of that family; none when absent or of another length. */
struct addr nl_get_addr(struct span attr, int family);

/** What an error message (NLMSG_ERROR, also the ack) says. */
struct nl_answer {
	int error;		/* 0 or negative errno */
	uint32_t seq;		/* of the request */
	char text[120];		/* of the kernel (extended ack), "" without */
};
bool nl_answer_parse(const struct nl_view *, struct nl_answer *out);
