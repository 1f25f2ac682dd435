/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables to structs: values, defaults, ranges, flags, marks; and what is said about a mistake: one
 * diagnostic at its place.
 */
#include <stdlib.h>
#include <string.h>

#include "config_toy.h"
#include "unit.h"

#define VRID " virtual_router_id 1\n"

struct finding_case {
	const char *text;
	const char *lines;	/* of toy_lines() */
};

static void check_findings(const struct finding_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct toy toy = toy_read(cases[i].text);
		char *lines = toy_lines(&toy);

		assert_string_equal(lines, cases[i].lines);
		free(lines);
		toy_free(&toy);
	}
}

static void test_values(void **state)
{
	struct toy toy = toy_read("globals {\n router_id \"a b\"\n version 3\n startup_delay 1.5\n"
				  " strict\n alert off\n mails { a b\n c }\n chains X Y\n}\n"
				  "use_dir\n");
	const struct toy_global *global = toy.root->global;

	(void)state;
	assert_int_equal(diags_count(toy.diags, DIAG_NOTE), 0);
	assert_string_equal(global->router_id, "a b");
	assert_int_equal(global->version, 3);
	assert_int_equal(global->delay.ns, 1500000000);
	assert_true(global->strict);
	assert_int_equal(global->alert, TRISTATE_OFF);
	assert_int_equal(global->mails.n, 3);
	assert_string_equal(global->mails.items[2], "c");
	assert_int_equal(global->mails.places[2].line, 8);
	assert_int_equal(global->chains.n, 2);
	assert_true(toy.root->use_dir);
	toy_free(&toy);
}

static void test_instance(void **state)
{
	struct toy toy = toy_read("vrrp_instance VI_1 {\n state MASTER\n" VRID " weight -5\n"
				  " virtual_ipaddress {\n  10.0.0.1 label x dev eth0\n"
				  "  2001:db8::1 no_track\n }\n track 10.0.0.2 dev eth1\n}\n");
	const struct toy_instance *vi = toy.root->instances.items[0];
	const struct toy_address *address = vi->addresses.items[0];

	(void)state;
	assert_int_equal(diags_count(toy.diags, DIAG_ERROR), 0);
	assert_string_equal(vi->object.name, "VI_1");
	assert_int_equal(vi->object.name_len, 4);
	assert_int_equal(vi->object.name_at.column, 15);
	assert_int_equal(vi->state, 1);
	assert_int_equal(vi->vrid, 1);
	assert_int_equal(vi->weight, -5);
	assert_int_equal(vi->priority, 100);
	assert_int_equal(vi->advert_every.ns, 1000000000);
	assert_int_equal(vi->addresses.n, 2);
	assert_string_equal(address->dev, "eth0");
	assert_string_equal(address->label, "x");
	assert_int_equal(address->object.at.line, 6);
	assert_true(((const struct toy_address *)vi->addresses.items[1])->no_track);
	assert_int_equal(vi->tracks.n, 1);
	toy_free(&toy);
}

/** Which fields were set, and where; the last place counts, blocks continue. */
static void test_marks(void **state)
{
	struct toy toy = toy_read("globals {\n version 2\n router_id a\n}\n"
				  "globals {\n version 3\n old_id b\n}\n");
	const struct object *object = &toy.root->global->object;
	size_t version = offsetof(struct toy_global, version);
	size_t id = offsetof(struct toy_global, router_id);

	(void)state;
	assert_int_equal(object->n_marks, 3);
	assert_true(object_is_set(object, version));
	assert_int_equal(object_place(object, version).line, 6);
	assert_int_equal(object_place(object, version).column, 10);
	assert_int_equal(object_place(object, version).length, 1);
	assert_string_equal(toy.root->global->router_id, "b");
	assert_int_equal(object_place(object, id).line, 7);
	assert_false(object_is_set(object, offsetof(struct toy_global, strict)));
	assert_int_equal(object_place(object, offsetof(struct toy_global, strict)).line, 1);
	assert_ptr_equal(keyword_at(&toy_global_block, id), &toy_global_block.keywords[0]);
	toy_free(&toy);
}

static void test_numbers(void **state)
{
	static const struct finding_case cases[] = {
		{ "globals {\n version 4\n}", "2:10 error version 4 is out of range 2-3\n" },
		{ "globals {\n version\n}", "2:2 error version needs a number from 2 to 3\n" },
		{ "globals {\n version x\n}", "2:10 error 'x' is not a number\n" },
		{ "globals {\n version 3;\n}",
		  "2:10 error '3;' is not a number; did you mean '3'?\n" },
		{ "globals {\n version 0x3\n}", "2:10 error '0x3' is not a number\n" },
		{ "globals {\n version -3\n}",
		  "2:10 error version must not be negative: -3\n" },
		{ "globals {\n version 99999999999999999999\n}",
		  "2:10 error version 99999999999999999999 is out of range 2-3\n" },
		{ "globals {\n startup_delay 5s\n}",
		  "2:16 error '5s' is not a number; did you mean '5'?\n" },
		{ "globals {\n startup_delay 100.000001\n}",
		  "2:16 error startup_delay 100.000001 is out of range 0-100\n" },
		{ "globals {\n startup_delay 1.23456789\n}",
		  "2:16 warning 1.23456789 has more than 6 decimals: rounded to 1.234568\n" },
		{ "vrrp_instance A {\n" VRID " weight -255\n}",
		  "3:9 error weight -255 is out of range -254 to 254\n" },
		{ "vrrp_instance A {\n" VRID " advert_int 0.001\n}",
		  "3:13 error advert_int 0.001 is out of range 0.01-255\n" },
		{ "globals {\n strict TRUE\n}", "2:9 error 'TRUE' is not true or false\n" },
		{ "vrrp_instance A {\n" VRID " state MASTR\n}",
		  "3:8 error 'MASTR' is not MASTER or BACKUP (BACKUP, MASTER)\n" },
		{ "vrrp_instance A {\n" VRID " state SLAVE\n}",
		  "3:8 note 'SLAVE' is an old spelling of 'BACKUP'\n" },
		{ "vrrp_instance A {\n" VRID " interface a/b\n}",
		  "3:12 error 'a/b' is not an interface name: no '/' or blank is allowed\n" },
		{ "vrrp_instance A {\n" VRID " auth_pass 123456789\n}",
		  "3:12 error '123456789' is not a name that fits: it is too long\n" },
	};

	(void)state;
	check_findings(cases, ARRAY_LEN(cases));
}

static void test_words(void **state)
{
	static const struct finding_case cases[] = {
		{ "priorty 5", "1:1 error unknown keyword 'priorty'; did you mean 'priority' of "
			       "vrrp_instance?\n" },
		{ "vrrp_instance A {\n" VRID " priorty 5\n}",
		  "3:2 error unknown keyword 'priorty' in vrrp_instance; did you mean "
		  "'priority'?\n" },
		{ "vrrp_instance A {\n" VRID " Priority 5\n}",
		  "3:2 error unknown keyword 'Priority' in vrrp_instance; did you mean "
		  "'priority'?\n" },
		{ "vrrp_instance A {\n" VRID " advert-interval 5\n}",
		  "3:2 error unknown keyword 'advert-interval' in vrrp_instance; did you mean "
		  "'advert_int'?\n" },
		{ "vrrp_instance A {\n" VRID " retry 5\n}",
		  "3:2 error unknown keyword 'retry' in vrrp_instance\n" },
		{ "vrrp_instance A {\n" VRID " foo {\n  bar {\n   x }\n }\n priority 5\n}",
		  "3:2 error unknown keyword 'foo' in vrrp_instance: its block is skipped\n" },
		{ "vrrp_instance A {\n" VRID " \xc2\xa0priority 5\n}",
		  "3:2 error unknown keyword '\\xc2\\xa0priority' in vrrp_instance; did you mean "
		  "'priority'?\n" },
		{ "vrrp_instance A {\n" VRID " priority 5 6\n}",
		  "3:13 note '6' is ignored: priority takes nothing more\n" },
		{ "vrrp_instance A {\n" VRID " nopreempt no\n}",
		  "3:12 note 'no' is ignored: nopreempt takes no value\n" },
		{ "globals {\n mails x { a }\n}",
		  "2:8 warning 'x' is ignored: mails takes nothing more\n" },
		{ "globals {\n bad_id x\n}", "2:2 warning bad_id is deprecated\n" },
		{ "globals {\n old_id x\n}", "2:2 note old_id is another name for router_id\n" },
		{ "globals {\n nat_mask 1 2 3\n}",
		  "2:2 warning nat_mask is obsolete and has no effect\n" },
		{ "old_block {\n a { b }\n}\nold_block\n",
		  "1:1 warning old_block is obsolete and has no effect\n"
		  "4:1 warning old_block is obsolete and has no effect\n" },
		{ "vrrp_instance A {\n" VRID " notify a\n notify b\n}",
		  "4:2 warning notify is set a second time: ignored\n" },
		{ "vrrp_instance A {\n priority 5\n}",
		  "1:1 error vrrp_instance A needs virtual_router_id\n" },
		/* reported once, not missing as well */
		{ "vrrp_instance A {\n virtual_router_id x\n}",
		  "2:20 error 'x' is not a number\n" },
		{ "vrrp_instance {\n" VRID "}", "1:1 error vrrp_instance needs a name\n" },
		{ "vrrp_instance A B {\n" VRID "}",
		  "1:17 note 'B' is ignored: vrrp_instance takes nothing more\n" },
		{ "vrrp_instance A {\n" VRID " priority 5 { x }\n}",
		  "3:13 error unexpected '{': priority takes no block\n" },
		{ "globals\nuse_dir\n", "1:8 error '{' is missing after globals\n" },
		{ "globals {\n router_id \"x\n version 3\n}",
		  "2:12 error quote is not closed in this line\n" },
		{ "globals {\n version ${X}\n}", "2:10 error '${X}' is not defined\n" },
	};

	(void)state;
	check_findings(cases, ARRAY_LEN(cases));
}

static void test_records(void **state)
{
	static const struct finding_case cases[] = {
		{ "vrrp_instance A {\n" VRID " virtual_ipaddress {\n  10.0.0.300\n }\n}",
		  "4:3 error '10.0.0.300' is not an IP address\n" },
		{ "vrrp_instance A {\n" VRID " virtual_ipaddress {\n  10.0.0.1 dve eth0\n }\n}",
		  "4:12 error unknown option 'dve' in address; did you mean 'dev'?\n" },
		{ "vrrp_instance A {\n" VRID " virtual_ipaddress {\n  10.0.0.1 dev\n }\n}",
		  "4:12 error dev needs an interface name\n" },
		{ "vrrp_instance A {\n" VRID " virtual_ipaddress {\n  10.0.0.1 { x }\n }\n}",
		  "4:12 error unexpected '{' behind address 10.0.0.1\n" },
	};

	(void)state;
	check_findings(cases, ARRAY_LEN(cases));
}

/** A record with a wrong option is dropped; one with an unknown word is not. */
static void test_dropped_records(void **state)
{
	struct toy toy = toy_read("vrrp_instance A {\n" VRID " virtual_ipaddress {\n"
				  "  10.0.0.1 dev\n  10.0.0.2 foo bar dev eth0\n  10.0.0.3\n }\n}");
	const struct toy_instance *vi = toy.root->instances.items[0];

	(void)state;
	assert_int_equal(vi->addresses.n, 2);
	assert_string_equal(((const struct toy_address *)vi->addresses.items[0])->dev, "eth0");
	toy_free(&toy);
}

/** A wrong value leaves the field as it was. */
static void test_old_value_kept(void **state)
{
	struct toy toy = toy_read("globals {\n version 3\n version 7\n strict maybe\n}");

	(void)state;
	assert_int_equal(toy.root->global->version, 3);
	assert_false(toy.root->global->strict);
	assert_false(object_is_set(&toy.root->global->object,
				   offsetof(struct toy_global, strict)));
	toy_free(&toy);
}

/** A list of one row replaces an earlier one, unless every use adds. */
static void test_lists(void **state)
{
	struct toy toy = toy_read("globals {\n chains a b\n chains c\n"
				  " mails { a }\n mails { b }\n}");

	(void)state;
	assert_int_equal(toy.root->global->chains.n, 1);
	assert_string_equal(toy.root->global->chains.items[0], "c");
	assert_int_equal(toy.root->global->mails.n, 2);
	toy_free(&toy);
}

/** A hopeless file: findings are limited, not the counting. */
static void test_flood(void **state)
{
	struct strbuf text = { 0 };
	struct toy toy;
	size_t n;

	(void)state;
	for (unsigned i = 0; i < 20000; i++)
		strbuf_addf(&text, "word%u\n", i);
	toy = toy_read(strbuf_text(&text));
	assert_int_equal(diags_count(toy.diags, DIAG_ERROR), 20000);
	assert_int_equal(diags_count_class(toy.diags, DIAG_CLASS_CONFIG), 20000);
	(void)diags_sorted(toy.diags, &n);
	assert_int_equal(n, 10000);
	strbuf_fini(&text);
	toy_free(&toy);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_values),		cmocka_unit_test(test_instance),
	cmocka_unit_test(test_marks),		cmocka_unit_test(test_numbers),
	cmocka_unit_test(test_words),		cmocka_unit_test(test_records),
	cmocka_unit_test(test_dropped_records), cmocka_unit_test(test_old_value_kept),
	cmocka_unit_test(test_lists),		cmocka_unit_test(test_flood),
};

UNIT_MAIN(tests)
