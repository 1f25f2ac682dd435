/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a reload has to do: objects row by row, lists by key, the text of it.
 */
#include <stdlib.h>
#include <string.h>

#include "config/diff.h"
#include "config_toy.h"
#include "unit.h"

#define INSTANCE(rest) "vrrp_instance A {\n virtual_router_id 1\n" rest "}\n"

/** Compare the first instances of two texts. */
static enum diff_verdict compare(const char *old, const char *new, struct diff_rows *rows)
{
	struct toy a = toy_read(old), b = toy_read(new);
	enum diff_verdict verdict = diff_objects(a.root->instances.items[0],
						 b.root->instances.items[0], rows);

	toy_free(&a);
	toy_free(&b);
	return verdict;
}

static void test_objects(void **state)
{
	struct diff_rows rows;

	(void)state;
	assert_int_equal(compare(INSTANCE(""), INSTANCE("priority 100\n"), &rows), DIFF_SAME);
	assert_int_equal(rows.n, 0);
	assert_int_equal(compare(INSTANCE(""), INSTANCE("priority 101\n"), &rows), DIFF_ADJUST);
	assert_int_equal(rows.n, 1);
	assert_true(diff_has(&toy_instance_block, &rows, offsetof(struct toy_instance, priority)));
	assert_false(diff_has(&toy_instance_block, &rows, offsetof(struct toy_instance, state)));
	assert_int_equal(compare(INSTANCE("interface a\n"), INSTANCE("interface b\n"), &rows),
			 DIFF_RESTART);
	assert_string_equal(rows.restart_by->word, "interface");
	assert_int_equal(compare(INSTANCE("interface a\n"), INSTANCE("interface a\n"), &rows),
			 DIFF_SAME);
	assert_int_equal(compare(INSTANCE("virtual_ipaddress { 10.0.0.1\n}\n"),
				 INSTANCE("virtual_ipaddress { 10.0.0.1 dev x\n}\n"), &rows),
			 DIFF_ADJUST);
}

static void check_pair(const struct diff_pair *pair, const char *old, const char *new)
{
	assert_string_equal(pair->old ? pair->old->name : "-", old);
	assert_string_equal(pair->new ? pair->new->name : "-", new);
}

static void test_lists(void **state)
{
	struct toy a = toy_read("vrrp_instance A {\n}\nvrrp_instance B {\n}\n"
				"vrrp_instance C {\n}\n");
	struct toy b = toy_read("vrrp_instance C {\n}\nvrrp_instance D {\n}\n"
				"vrrp_instance A {\n}\n");
	struct arena *arena = arena_new();
	size_t n;
	struct diff_pair *pairs = diff_lists(arena, &a.root->instances, &b.root->instances, &n);

	(void)state;
	assert_int_equal(n, 4);
	check_pair(&pairs[0], "C", "C");
	check_pair(&pairs[1], "-", "D");
	check_pair(&pairs[2], "A", "A");
	check_pair(&pairs[3], "B", "-");
	arena_free(arena);
	toy_free(&a);
	toy_free(&b);
}

/** Objects of one key pair in their order. */
static void test_equal_keys(void **state)
{
	struct toy a = toy_read("vrrp_instance A {\n}\nvrrp_instance A {\n}\n");
	struct toy b = toy_read("vrrp_instance A {\n}\nvrrp_instance A {\n}\n"
				"vrrp_instance A {\n}\n");
	struct arena *arena = arena_new();
	size_t n;
	struct diff_pair *pairs = diff_lists(arena, &a.root->instances, &b.root->instances, &n);

	(void)state;
	assert_int_equal(n, 3);
	assert_ptr_equal(pairs[0].old, a.root->instances.items[0]);
	assert_ptr_equal(pairs[1].old, a.root->instances.items[1]);
	assert_null(pairs[2].old);
	arena_free(arena);
	toy_free(&a);
	toy_free(&b);
}

/** Ten thousand objects in another order: linear, so this ends at once. */
static void test_many(void **state)
{
	struct strbuf forward = { 0 }, backward = { 0 };
	struct arena *arena = arena_new();
	struct toy a, b;
	size_t n, same = 0;
	struct diff_pair *pairs;

	(void)state;
	for (unsigned i = 0; i < 10000; i++) {
		strbuf_addf(&forward, "vrrp_instance V%u {\n virtual_router_id 1\n}\n", i);
		strbuf_addf(&backward, "vrrp_instance V%u {\n virtual_router_id 1\n}\n", 9999 - i);
	}
	a = toy_read(strbuf_text(&forward));
	b = toy_read(strbuf_text(&backward));
	pairs = diff_lists(arena, &a.root->instances, &b.root->instances, &n);
	for (size_t i = 0; i < n; i++)
		same += pairs[i].old && pairs[i].new;
	assert_int_equal(n, 10000);
	assert_int_equal(same, 10000);
	strbuf_fini(&forward);
	strbuf_fini(&backward);
	arena_free(arena);
	toy_free(&a);
	toy_free(&b);
}

static void test_text(void **state)
{
	struct toy a = toy_read("globals {\n version 2\n}\n"
				"vrrp_instance A {\n virtual_router_id 1\n auth_pass x\n"
				" virtual_ipaddress {\n  10.0.0.1\n  10.0.0.2 dev a\n }\n}\n"
				"virtual_server 10.0.0.1 80 {\n real_server 10.0.0.2 {\n }\n}\n");
	struct toy b = toy_read("globals {\n version 3\n router_id r\n}\nuse_dir\n"
				"vrrp_instance A {\n virtual_router_id 1\n auth_pass y\n"
				" nopreempt\n"
				" virtual_ipaddress {\n  10.0.0.2 dev b\n  10.0.0.3\n }\n}\n"
				"vrrp_instance B {\n virtual_router_id 1\n}\n"
				"virtual_server 10.0.0.1 81 {\n}\n");
	struct strbuf out = { 0 };

	(void)state;
	diff_render(&toy_sections, &a.root->object, &b.root->object, &out);
	assert_string_equal(strbuf_text(&out), "~ globals\n"
					       "    ~ router_id: (none) -> r\n"
					       "    ~ version: 2 -> 3\n"
					       "~ vrrp_instance A\n"
					       "    ~ nopreempt: not set -> set\n"
					       "    ~ virtual_ipaddress 10.0.0.2 dev b\n"
					       "        ~ dev: a -> b\n"
					       "    + virtual_ipaddress 10.0.0.3\n"
					       "    - virtual_ipaddress 10.0.0.1\n"
					       "    ~ auth_pass\n"
					       "+ vrrp_instance B\n"
					       "+ virtual_server 10.0.0.1 81\n"
					       "- virtual_server 10.0.0.1 80\n"
					       "~ use_dir: not set -> set\n");
	strbuf_reset(&out);
	diff_render(&toy_sections, &a.root->object, &a.root->object, &out);
	assert_string_equal(strbuf_text(&out), "");
	strbuf_fini(&out);
	toy_free(&a);
	toy_free(&b);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_objects), cmocka_unit_test(test_lists),
	cmocka_unit_test(test_equal_keys), cmocka_unit_test(test_many),
	cmocka_unit_test(test_text),
};

UNIT_MAIN(tests)
