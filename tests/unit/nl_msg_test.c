/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Netlink messages: building, walking, attributes checked by table, answers of the kernel.
 */
#include "unit.h"

#include <errno.h>
#include <netlink/attr.h>

#include "nl_hex.h"

static void attributes_are_padded_and_nested(void **state)
{
	struct nl_buf b = { 0 };
	uint8_t head[4] = { 1, 2, 3, 4 };
	size_t nest;

	(void)state;
	LITTLE_ENDIAN_ONLY();
	nl_begin(&b, 0x10, 0x4, head, sizeof(head));
	nl_put_text(&b, 1, "ab");
	nest = nl_nest(&b, 2);
	nl_put_u16(&b, 3, 0x1234);
	nl_put_be32(&b, 4, 0x01020304);
	nl_nest_end(&b, nest);
	nl_put_u8(&b, 5, 7);
	nl_end(&b);
	assert_hex(&b, "38000000 1000 0500 00000000 00000000 01020304"
		       "0700 0100 61620000"
		       "1400 0280 0600 0300 34120000 0800 0400 01020304"
		       "0500 0500 07000000");
	nl_buf_fini(&b);
}

static void two_messages_in_one_buffer(void **state)
{
	struct nl_buf b = { 0 };
	struct nl_view v;
	struct span in;

	(void)state;
	nl_begin(&b, 20, 0, NULL, 0);
	nl_put_u32(&b, 1, 5);
	nl_end(&b);
	nl_begin(&b, 21, 0, NULL, 0);
	nl_end(&b);
	in = (struct span){ b.data, b.len };
	assert_true(nl_next(&in, &v));
	assert_int_equal(v.type, 20);
	assert_int_equal(v.body.len, 8);
	assert_true(nl_next(&in, &v));
	assert_int_equal(v.type, 21);
	assert_int_equal(v.body.len, 0);
	assert_false(nl_next(&in, &v));
	nl_buf_fini(&b);
}

static void malformed_messages_end_the_walk(void **state)
{
	struct nlmsghdr h = { .nlmsg_len = 15, .nlmsg_type = 20 };
	struct span in = { (uint8_t *)&h, sizeof(h) };
	struct nl_view v;

	(void)state;
	assert_false(nl_next(&in, &v));
	h.nlmsg_len = 17;
	assert_false(nl_next(&in, &v));
	h.nlmsg_len = 16;
	in.len = 15;
	assert_false(nl_next(&in, &v));
	in.len = 16;
	assert_true(nl_next(&in, &v));
}

static const struct nla_policy rules[4] = {
	[1] = { .type = NLA_STRING, .minlen = 2 },
	[2] = { .type = NLA_U32 },
};

static bool attrs_of(const void *bytes, size_t len, struct span out[4])
{
	return nl_attrs((struct span){ bytes, len }, rules, out, 4);
}

static void attributes_obey_their_rules(void **state)
{
	struct { uint16_t len, type; char bytes[4]; } a = { 7, 1, "ab" };
	struct span at[4];
	char text[2];

	(void)state;
	assert_true(attrs_of(&a, sizeof(a), at));
	assert_int_equal(at[1].len, 3);
	nl_get_text(at[1], text, sizeof(text));
	assert_string_equal(text, "a");
	a.len = 6; /* its NUL is outside now */
	assert_false(attrs_of(&a, sizeof(a), at));
	a.type = 2; /* two bytes of a number of four */
	assert_false(attrs_of(&a, sizeof(a), at));
	a.len = 9; /* beyond the end */
	assert_false(attrs_of(&a, sizeof(a), at));
	a.len = 3; /* shorter than its own header */
	assert_false(attrs_of(&a, sizeof(a), at));
	a.len = 8;
	a.type = 77; /* unknown: skipped */
	assert_true(attrs_of(&a, sizeof(a), at));
	assert_null(at[2].data);
}

static void absent_attributes_read_as_nothing(void **state)
{
	struct span none = { 0 };
	uint8_t four[4] = { 1, 2, 3, 4 };
	char text[4] = "xyz";

	(void)state;
	assert_int_equal(nl_get_u8(none) + nl_get_u16(none) + (int)nl_get_u32(none), 0);
	nl_get_text(none, text, sizeof(text));
	assert_string_equal(text, "");
	assert_false(addr_is_set(nl_get_addr(none, AF_INET)));
	assert_false(addr_is_set(nl_get_addr((struct span){ four, 4 }, AF_INET6)));
	assert_true(addr_is_set(nl_get_addr((struct span){ four, 4 }, AF_INET)));
}

static struct nl_view error_of(struct nl_buf *b, int error, bool capped, const char *text)
{
	struct nlmsgerr err = { .error = error, .msg = { .nlmsg_len = 24, .nlmsg_seq = 9 } };
	uint8_t request_body[8] = { 0 };
	uint16_t flags = capped ? NLM_F_CAPPED : 0;

	if (text != NULL)
		flags |= NLM_F_ACK_TLVS;
	nl_begin(b, NLMSG_ERROR, flags, &err, sizeof(err));
	if (!capped)
		(void)nl_put_raw(b, request_body, sizeof(request_body));
	if (text != NULL)
		nl_put_text(b, NLMSGERR_ATTR_MSG, text);
	nl_end(b);
	return view_of(b, NLMSG_ERROR);
}

static void answers_with_and_without_words(void **state)
{
	struct nl_buf b = { 0 };
	struct nl_answer a;
	struct nl_view v;

	(void)state;
	v = error_of(&b, 0, true, NULL);
	assert_true(nl_answer_parse(&v, &a));
	assert_int_equal(a.error, 0);
	assert_int_equal(a.seq, 9);
	assert_string_equal(a.text, "");
	nl_buf_reset(&b);
	v = error_of(&b, -EINVAL, true, "Invalid scope");
	assert_true(nl_answer_parse(&v, &a));
	assert_int_equal(a.error, -EINVAL);
	assert_string_equal(a.text, "Invalid scope");
	nl_buf_reset(&b);
	v = error_of(&b, -EPERM, false, "no");
	assert_true(nl_answer_parse(&v, &a));
	assert_string_equal(a.text, "no");
	v.body.len = 10;
	assert_false(nl_answer_parse(&v, &a));
	nl_buf_fini(&b);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(attributes_are_padded_and_nested),
	cmocka_unit_test(two_messages_in_one_buffer),
	cmocka_unit_test(malformed_messages_end_the_walk),
	cmocka_unit_test(attributes_obey_their_rules),
	cmocka_unit_test(absent_attributes_read_as_nothing),
	cmocka_unit_test(answers_with_and_without_words),
};

UNIT_MAIN(tests)
