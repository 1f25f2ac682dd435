/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The JSON sink byte for byte, and the words of events and causes.
 */
#include "unit.h"

#include <math.h>

#include "core/event.h"
#include "core/view.h"

static void test_layout(void **state)
{
	struct strbuf out = { 0 };
	struct view_json json;
	struct view *v = view_json_init(&json, &out);

	(void)state;
	view_array_begin(v, NULL);
	view_object_begin(v, NULL);
	view_object_begin(v, "data");
	view_string(v, "iname", "VI_1");
	view_uint(v, "vrid", 51);
	view_bool(v, "vipset", true);
	view_number(v, "last_transition", 1795416408.383274, VIEW_MICRO);
	view_number(v, "garp_delay", 5, VIEW_SHORT);
	view_number(v, "adver_int", 0.5, VIEW_SHORT);
	view_int(v, "weight", -2);
	view_array_begin(v, "vips");
	view_string(v, NULL, "10.9.0.100/24 dev e0");
	view_string(v, NULL, "x");
	view_array_end(v);
	view_array_begin(v, "none");
	view_array_end(v);
	view_object_end(v);
	view_null(v, "n");
	view_object_end(v);
	view_object_begin(v, NULL);
	view_object_end(v);
	view_array_end(v);
	assert_string_equal(out.data,
			    "[{\"data\":{\"iname\":\"VI_1\",\"vrid\":51,\"vipset\":true,"
			    "\"last_transition\":1795416408.383274,\"garp_delay\":5,"
			    "\"adver_int\":0.5,\"weight\":-2,"
			    "\"vips\":[\"10.9.0.100\\/24 dev e0\",\"x\"],\"none\":[]},"
			    "\"n\":null},{}]");
	strbuf_fini(&out);
}

static void expect_text(const char *in, const char *json_text)
{
	struct strbuf out = { 0 };
	struct view_json json;

	view_string(view_json_init(&json, &out), NULL, in);
	assert_string_equal(out.data, json_text);
	strbuf_fini(&out);
}

static void test_strings(void **state)
{
	(void)state;
	expect_text("", "\"\"");
	expect_text(NULL, "\"\"");
	expect_text("a\"b\\c/d", "\"a\\\"b\\\\c\\/d\"");
	expect_text("\t\n\r\b\f\x01\x7f", "\"\\t\\n\\r\\b\\f\\u0001\\u007f\"");
	expect_text("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
		      "\"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"");
	/* Not UTF-8: stray, overlong, surrogate, too high, cut short. */
	expect_text("\xff", "\"\\u00ff\"");
	expect_text("\xc0\xaf", "\"\\u00c0\\u00af\"");
	expect_text("\xed\xa0\x80", "\"\\u00ed\\u00a0\\u0080\"");
	expect_text("\xf4\x90\x80\x80", "\"\\u00f4\\u0090\\u0080\\u0080\"");
	expect_text("\xe2\x82", "\"\\u00e2\\u0082\"");
}

static void test_numbers_that_are_none(void **state)
{
	struct strbuf out = { 0 };
	struct view_json json;
	struct view *v = view_json_init(&json, &out);

	(void)state;
	view_array_begin(v, NULL);
	view_number(v, NULL, (double)NAN, VIEW_SHORT);
	view_number(v, NULL, (double)INFINITY, VIEW_MICRO);
	view_uint(v, NULL, UINT64_MAX);
	view_int(v, NULL, INT64_MIN);
	view_array_end(v);
	assert_string_equal(out.data, "[null,null,18446744073709551615,-9223372036854775808]");
	strbuf_fini(&out);
}

static void test_depth(void **state)
{
	struct strbuf out = { 0 };
	struct view_json json;
	struct view *v = view_json_init(&json, &out);

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		view_array_begin(v, NULL);
	for (unsigned i = 0; i < 200; i++)
		view_array_end(v);
	assert_int_equal(out.len, 300);
	strbuf_fini(&out);
}

static void test_words(void **state)
{
	enum event_what what;

	(void)state;
	assert_string_equal(event_kind_name(EVENT_GROUP), "GROUP");
	assert_string_equal(event_what_name(EVENT_RX_LOWER_PRI), "MASTER_RX_LOWER_PRI");
	assert_true(event_what_parse("BACKUP_PRIORITY", &what));
	assert_int_equal(what, EVENT_BACKUP_PRIORITY);
	assert_string_equal(event_kind_name((enum event_kind)99), "?");
}

static void test_causes(void **state)
{
	struct cause c = { .type = CAUSE_ADVERT, .number = 150 };
	char buf[128], small[8];

	(void)state;
	assert_true(addr_parse("192.0.2.2", &c.from));
	assert_string_equal(cause_text(&c, buf, sizeof(buf)),
			    "advert from 192.0.2.2 with priority 150");
	c = (struct cause){ .type = CAUSE_INTERFACE, .text = "eth0" };
	assert_string_equal(cause_text(&c, buf, sizeof(buf)), "interface eth0 down");
	for (int i = 0; i < n_cause_type; i++) {
		c = (struct cause){ .type = (enum cause_type)i, .text = "x", .number = 1 };
		assert_true(cause_text(&c, buf, sizeof(buf))[0] != '\0');
		(void)cause_text(&c, small, sizeof(small));
		assert_non_null(memchr(small, 0, sizeof(small)));
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_layout),
	cmocka_unit_test(test_strings),
	cmocka_unit_test(test_numbers_that_are_none),
	cmocka_unit_test(test_depth),
	cmocka_unit_test(test_words),
	cmocka_unit_test(test_causes),
};

UNIT_MAIN(tests)
