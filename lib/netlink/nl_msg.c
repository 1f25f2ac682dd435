/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Netlink messages as bytes.
 *
 * libnl lays out messages and attributes and checks them by policy. What it does not have is here:
 * a batch is one piece of memory, so each message is appended to it when it is complete, and a
 * message that outgrows its memory gets more. Attributes are handed on as spans, because their
 * readers know no libnl. What an attribute means is the business of the nl_*.c files. Nothing is
 * sent here.
 */
#include "netlink/nl_msg.h"

#include <arpa/inet.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

#define MESSAGE_FIRST 512	/* bytes; hardly a message is larger */

void nl_buf_fini(struct nl_buf *b)
{
	nlmsg_free(b->building);
	free(b->data);
	*b = (struct nl_buf){ 0 };
}

size_t nl_buf_append(struct nl_buf *b, const void *messages, size_t len)
{
	size_t at = b->len, padded = NLMSG_ALIGN(len);

	if (at + padded > b->cap) {
		b->cap = MAX_OF(b->cap * 2, at + padded + 256);
		b->data = xrealloc(b->data, 1, b->cap);
	}
	memcpy(b->data + at, messages, len);
	memset(b->data + at + len, 0, padded - len);
	b->len += padded;
	return at;
}

static struct nlmsghdr *header(const struct nl_buf *b)
{
	return nlmsg_hdr(b->building);
}

/* Room for @len more bytes and a header in front of them. */
static void make_room(struct nl_buf *b, size_t len)
{
	size_t has = nlmsg_get_max_size(b->building);
	size_t need = NLMSG_ALIGN(header(b)->nlmsg_len) + NLMSG_ALIGN(len) + NLA_HDRLEN;

	if (need > has && nlmsg_expand(b->building, MAX_OF(has * 2, need)) < 0)
		out_of_memory();
}

void nl_begin(struct nl_buf *b, uint16_t type, uint16_t flags, const void *head, size_t head_len)
{
	if (b->building == NULL)
		b->building = nlmsg_alloc_size(MESSAGE_FIRST);
	if (b->building == NULL)
		out_of_memory();
	header(b)->nlmsg_len = NLMSG_HDRLEN;
	(void)nlmsg_put(b->building, NL_AUTO_PORT, NL_AUTO_SEQ, type, 0, NLM_F_REQUEST | flags);
	if (head_len > 0)
		(void)nl_put_raw(b, head, head_len);
}

void nl_end(struct nl_buf *b)
{
	(void)nl_buf_append(b, header(b), header(b)->nlmsg_len);
}

void nl_put(struct nl_buf *b, uint16_t type, const void *value, size_t len)
{
	make_room(b, len);
	(void)nla_put(b->building, type, (int)len, value);
}

void nl_put_u8(struct nl_buf *b, uint16_t type, uint8_t v)
{
	nl_put(b, type, &v, sizeof(v));
}

void nl_put_u16(struct nl_buf *b, uint16_t type, uint16_t v)
{
	nl_put(b, type, &v, sizeof(v));
}

void nl_put_u32(struct nl_buf *b, uint16_t type, uint32_t v)
{
	nl_put(b, type, &v, sizeof(v));
}

void nl_put_u64(struct nl_buf *b, uint16_t type, uint64_t v)
{
	nl_put(b, type, &v, sizeof(v));
}

void nl_put_be16(struct nl_buf *b, uint16_t type, uint16_t host)
{
	nl_put_u16(b, type, htons(host));
}

void nl_put_be32(struct nl_buf *b, uint16_t type, uint32_t host)
{
	nl_put_u32(b, type, htonl(host));
}

void nl_put_text(struct nl_buf *b, uint16_t type, const char *text)
{
	nl_put(b, type, text, strlen(text) + 1);
}

void nl_put_addr(struct nl_buf *b, uint16_t type, struct addr a)
{
	nl_put(b, type, a.bytes, addr_size(a));
}

size_t nl_nest(struct nl_buf *b, uint16_t type)
{
	size_t at = nl_message_len(b);

	make_room(b, 0);
	(void)nla_nest_start(b->building, type);
	return at;
}

void nl_nest_end(struct nl_buf *b, size_t nest)
{
	uint8_t *start = (uint8_t *)header(b) + nest;

	(void)nla_nest_end_keep_empty(b->building, (struct nlattr *)(void *)start);
}

size_t nl_put_raw(struct nl_buf *b, const void *bytes, size_t len)
{
	size_t at = nl_message_len(b);

	make_room(b, len);
	memcpy(nlmsg_reserve(b->building, len, NLMSG_ALIGNTO), bytes, len);
	return at;
}

void nl_set_raw(struct nl_buf *b, size_t at, const void *bytes, size_t len)
{
	memcpy((uint8_t *)header(b) + at, bytes, len);
}

size_t nl_message_len(const struct nl_buf *b)
{
	return NLMSG_ALIGN(header(b)->nlmsg_len);
}

bool nl_next(struct span *in, struct nl_view *out)
{
	struct nlmsghdr *h = (struct nlmsghdr *)(void *)(uintptr_t)in->data;
	int left = (int)in->len;

	if (left < NLMSG_HDRLEN || !nlmsg_ok(h, left))
		return false;
	out->type = h->nlmsg_type;
	out->flags = h->nlmsg_flags;
	out->seq = h->nlmsg_seq;
	out->port = h->nlmsg_pid;
	out->body = (struct span){ nlmsg_data(h), (size_t)nlmsg_datalen(h) };
	in->data = (const uint8_t *)nlmsg_next(h, &left);
	in->len = (size_t)MAX_OF(left, 0);
	return true;
}

/* Do the attributes fill @in? What is left may be shorter than a header. */
static bool is_complete(struct nlattr *first, int len)
{
	struct nlattr *a;
	int left;

	nla_for_each_attr(a, first, len, left)
		;
	return left < NLA_HDRLEN;
}

bool nl_attrs(struct span in, const struct nla_policy *policy, struct span *out, size_t n)
{
	struct nlattr *first = (struct nlattr *)(void *)(uintptr_t)in.data;
	struct nlattr *found[NL_ATTRS_MAX];

	memset(out, 0, n * sizeof(*out));
	if (in.len < NLA_HDRLEN)
		return true;
	if (nla_parse(found, (int)n - 1, first, (int)in.len, policy) < 0 ||
	    !is_complete(first, (int)in.len))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (found[i] != NULL)
			out[i] = (struct span){ nla_data(found[i]), (size_t)nla_len(found[i]) };
	}
	return true;
}

/* The leading @size bytes of an attribute as a number; zeros when it is shorter. */
static void get(struct span attr, void *out, size_t size)
{
	memset(out, 0, size);
	if (attr.data != NULL && attr.len >= size)
		memcpy(out, attr.data, size);
}

uint8_t nl_get_u8(struct span attr)
{
	uint8_t v;

	get(attr, &v, sizeof(v));
	return v;
}

uint16_t nl_get_u16(struct span attr)
{
	uint16_t v;

	get(attr, &v, sizeof(v));
	return v;
}

uint32_t nl_get_u32(struct span attr)
{
	uint32_t v;

	get(attr, &v, sizeof(v));
	return v;
}

void nl_get_text(struct span attr, char *dst, size_t size)
{
	size_t len = 0;

	if (attr.data != NULL)
		len = MIN_OF(strnlen((const char *)attr.data, attr.len), size - 1);
	if (len > 0)
		memcpy(dst, attr.data, len);
	dst[len] = '\0';
}

struct addr nl_get_addr(struct span attr, int family)
{
	struct addr none = { 0 };
	size_t want = family == AF_INET ? 4 : family == AF_INET6 ? 16 : 0;

	if (attr.data == NULL || want == 0 || attr.len != want)
		return none;
	return addr_of_bytes(family, attr.data);
}

bool nl_answer_parse(const struct nl_view *m, struct nl_answer *out)
{
	static const struct nla_policy rules[NLMSGERR_ATTR_MAX + 1] = {
		[NLMSGERR_ATTR_MSG] = { .type = NLA_STRING },
	};
	struct span attrs[NLMSGERR_ATTR_MAX + 1];
	struct nlmsgerr err;
	size_t skip;

	if (m->type != NLMSG_ERROR || m->body.len < sizeof(err))
		return false;
	memcpy(&err, m->body.data, sizeof(err));
	out->error = err.error;
	out->seq = err.msg.nlmsg_seq;
	out->text[0] = '\0';
	if (!(m->flags & NLM_F_ACK_TLVS))
		return true;
	skip = sizeof(err);
	if (!(m->flags & NLM_F_CAPPED) && err.msg.nlmsg_len > sizeof(err.msg))
		skip += NLMSG_ALIGN(err.msg.nlmsg_len - sizeof(err.msg));
	if (skip > m->body.len)
		return true;
	if (nl_attrs((struct span){ m->body.data + skip, m->body.len - skip }, rules, attrs,
		     ARRAY_LEN(attrs)))
		nl_get_text(attrs[NLMSGERR_ATTR_MSG], out->text, sizeof(out->text));
	return true;
}
