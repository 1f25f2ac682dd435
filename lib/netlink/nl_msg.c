/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Netlink messages as bytes.
 *
 * Building writes into one growing buffer, so that a batch is one piece of memory; reading checks
 * attribute lengths by table before anybody looks at a value. What an attribute means is the
 * business of the nl_*.c files. Nothing is sent here.
 */
#include "netlink/nl_msg.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

#define ALIGN4(n) (((n) + 3u) & ~(size_t)3)
#define ATTR_HEAD sizeof(struct nlattr)

void nl_buf_fini(struct nl_buf *b)
{
	free(b->data);
	*b = (struct nl_buf){ 0 };
}

/* @len bytes at the end, zeroed. */
static uint8_t *extend(struct nl_buf *b, size_t len)
{
	uint8_t *at;

	if (b->len + len > b->cap) {
		b->cap = MAX_OF(b->cap * 2, ALIGN4(b->len + len + 256));
		b->data = xrealloc(b->data, 1, b->cap);
	}
	at = b->data + b->len;
	memset(at, 0, len);
	b->len += len;
	return at;
}

void nl_begin(struct nl_buf *b, uint16_t type, uint16_t flags, const void *head, size_t head_len)
{
	struct nlmsghdr *h;
	uint8_t *at;

	b->start = b->len;
	at = extend(b, sizeof(*h) + ALIGN4(head_len));
	h = (struct nlmsghdr *)(void *)at;
	h->nlmsg_type = type;
	h->nlmsg_flags = NLM_F_REQUEST | flags;
	if (head_len > 0)
		memcpy(at + sizeof(*h), head, head_len);
}

void nl_end(struct nl_buf *b)
{
	struct nlmsghdr *h = (struct nlmsghdr *)(void *)(b->data + b->start);

	h->nlmsg_len = (uint32_t)(b->len - b->start);
}

void nl_put(struct nl_buf *b, uint16_t type, const void *value, size_t len)
{
	uint8_t *at = extend(b, ATTR_HEAD + ALIGN4(len));
	struct nlattr head = { .nla_len = (uint16_t)(ATTR_HEAD + len), .nla_type = type };

	memcpy(at, &head, sizeof(head));
	if (len > 0)
		memcpy(at + ATTR_HEAD, value, len);
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
	size_t at = b->len;

	nl_put(b, type | NLA_F_NESTED, NULL, 0);
	return at;
}

void nl_nest_end(struct nl_buf *b, size_t nest)
{
	uint16_t len = (uint16_t)(b->len - nest);

	memcpy(b->data + nest + offsetof(struct nlattr, nla_len), &len, sizeof(len));
}

size_t nl_put_raw(struct nl_buf *b, const void *bytes, size_t len)
{
	size_t at = b->len;

	memcpy(extend(b, ALIGN4(len)), bytes, len);
	return at;
}

bool nl_next(struct span *in, struct nl_view *out)
{
	struct nlmsghdr h;
	size_t step;

	if (in->len < sizeof(h))
		return false;
	memcpy(&h, in->data, sizeof(h));
	if (h.nlmsg_len < sizeof(h) || h.nlmsg_len > in->len)
		return false;
	out->type = h.nlmsg_type;
	out->flags = h.nlmsg_flags;
	out->seq = h.nlmsg_seq;
	out->port = h.nlmsg_pid;
	out->body = (struct span){ in->data + sizeof(h), h.nlmsg_len - sizeof(h) };
	step = MIN_OF(ALIGN4(h.nlmsg_len), in->len);
	in->data += step;
	in->len -= step;
	return true;
}

static bool obeys(struct span value, const struct nl_rule_len *rule)
{
	if (value.len < rule->min)
		return false;
	return !rule->text || memchr(value.data, '\0', value.len) != NULL;
}

bool nl_attrs(struct span in, const struct nl_rule_len *rules, struct span *out, size_t n)
{
	memset(out, 0, n * sizeof(*out));
	while (in.len >= ATTR_HEAD) {
		struct nlattr head;
		struct span value;
		size_t type, step;

		memcpy(&head, in.data, sizeof(head));
		if (head.nla_len < ATTR_HEAD || head.nla_len > in.len)
			return false;
		value = (struct span){ in.data + ATTR_HEAD, head.nla_len - ATTR_HEAD };
		type = head.nla_type & NLA_TYPE_MASK;
		if (type < n) {
			if (!obeys(value, &rules[type]))
				return false;
			out[type] = value;
		}
		step = MIN_OF(ALIGN4(head.nla_len), in.len);
		in.data += step;
		in.len -= step;
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
	static const struct nl_rule_len rules[NLMSGERR_ATTR_MAX + 1] = {
		[NLMSGERR_ATTR_MSG] = { .min = 1, .text = true },
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
		skip += ALIGN4(err.msg.nlmsg_len - sizeof(err.msg));
	if (skip > m->body.len)
		return true;
	if (nl_attrs((struct span){ m->body.data + skip, m->body.len - skip }, rules, attrs,
		     ARRAY_LEN(attrs)))
		nl_get_text(attrs[NLMSGERR_ATTR_MSG], out->text, sizeof(out->text));
	return true;
}
