/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects to text and back: the canonical text, and that reading it gives the same object whatever
 * the configuration was.
 */
#include <stdlib.h>
#include <string.h>

#include "config/diff.h"
#include "config/print.h"
#include "config_toy.h"
#include "unit.h"

static char *print(const struct toy *toy)
{
	struct strbuf out = { 0 };

	bind_print(&toy_sections, &toy->root->object, 0, &out);
	return out.data ? out.data : xstrdup("");
}

static void test_canonical(void **state)
{
	struct toy toy = toy_read("globals { old_id \"x y\"\nstrict }\n"
				  "vrrp_instance \"a b\" {\n virtual_router_id   7\n"
				  " advert_int 0.50\n"
				  " state MASTER state\n nopreempt\n"
				  " virtual_ipaddress { 10.0.0.1 dev eth0\n}\n"
				  " track 10.0.0.2\n auth_pass \"#!\"\n}\n"
				  "virtual_server 10.0.0.1 80 { real_server 10.0.0.2 {\n"
				  " weight 1 } }\n");
	char *text = print(&toy);

	(void)state;
	assert_string_equal(text, "globals {\n\trouter_id \"x y\"\n\tstrict true\n}\n"
				  "vrrp_instance \"a b\" {\n\tstate MASTER\n\tvirtual_router_id 7\n"
				  "\tadvert_int 0.5\n\tnopreempt\n\tvirtual_ipaddress {\n"
				  "\t\t10.0.0.1 dev eth0\n\t}\n\ttrack 10.0.0.2\n"
				  "\tauth_pass \"#!\"\n}\n"
				  "virtual_server 10.0.0.1 80 {\n\treal_server 10.0.0.2 {\n"
				  "\t\tweight 1\n\t}\n}\n");
	free(text);
	toy_free(&toy);
}

/** A small generator of random numbers: the same every time. */
static uint32_t next(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % below;
}

static void add_word(struct strbuf *out, uint32_t *seed)
{
	static const char *const words[] = { "a",     "\"\"",	   "\"b c\"", "x#y", "\"{ }\"",
					     "d'e",   "\"f # g\"", "h",       "~i",  "\"\\\"",
					     "j\\#k", "@l",	   "\"$m\"" };

	strbuf_addf(out, " %s", words[next(seed, ARRAY_LEN(words))]);
}

static void add_address(struct strbuf *out, uint32_t *seed)
{
	strbuf_addf(out, "  10.0.%u.%u", next(seed, 256), next(seed, 256));
	if (next(seed, 2))
		strbuf_addf(out, " dev eth%u", next(seed, 9));
	if (next(seed, 3) == 0)
		strbuf_add(out, " no_track");
	if (next(seed, 3) == 0)
		strbuf_addf(out, " label l%u", next(seed, 99));
	strbuf_add_char(out, '\n');
}

static void add_globals(struct strbuf *out, uint32_t *seed)
{
	strbuf_add(out, "globals {\n");
	if (next(seed, 2)) {
		strbuf_add(out, next(seed, 2) ? " router_id" : " old_id");
		add_word(out, seed);
		strbuf_add_char(out, '\n');
	}
	if (next(seed, 2))
		strbuf_addf(out, " startup_delay %u.%06u\n", next(seed, 100), next(seed, 1000000));
	if (next(seed, 2))
		strbuf_addf(out, " alert %s\n", next(seed, 2) ? "on" : "no");
	if (next(seed, 2)) {
		strbuf_add(out, " mails {");
		add_word(out, seed);
		add_word(out, seed);
		strbuf_add(out, "\n }\n chains");
		add_word(out, seed);
		strbuf_add_char(out, '\n');
	}
	strbuf_add(out, "}\n");
}

static void add_instance(struct strbuf *out, uint32_t *seed)
{
	strbuf_addf(out, "vrrp_instance VI_%u {\n virtual_router_id %u\n", next(seed, 9999),
		    1 + next(seed, 255));
	if (next(seed, 2))
		strbuf_addf(out, " weight %d\n", (int)next(seed, 509) - 254);
	if (next(seed, 2))
		strbuf_addf(out, " state %s\n", next(seed, 2) ? "SLAVE" : "MASTER");
	for (unsigned i = next(seed, 3); i; i--) {
		strbuf_add(out, " virtual_ipaddress {\n");
		for (unsigned k = next(seed, 4); k; k--)
			add_address(out, seed);
		strbuf_add(out, " }\n");
	}
	if (next(seed, 2)) {
		strbuf_add(out, " notify");
		add_word(out, seed);
		strbuf_add_char(out, '\n');
	}
	strbuf_add(out, "}\n");
}

static void add_server(struct strbuf *out, uint32_t *seed)
{
	strbuf_addf(out, "virtual_server 10.1.%u.1 %u {\n", next(seed, 256), 1 + next(seed, 65535));
	if (next(seed, 2))
		strbuf_addf(out, " delay_loop %u.5\n lb_algo lc\n", next(seed, 50));
	for (unsigned i = next(seed, 4); i; i--)
		strbuf_addf(out, " real_server 2001:db8::%x %u {\n  weight %u\n"
			    "  TCP_CHECK {\n   retry %u\n  }\n }\n",
			    next(seed, 65536), 1 + next(seed, 65535), next(seed, 100),
			    next(seed, 10));
	strbuf_add(out, "}\n");
}

static void random_text(struct strbuf *out, uint32_t *seed)
{
	for (unsigned i = next(seed, 8); i; i--) {
		switch (next(seed, 4)) {
		case 0:
			add_globals(out, seed);
			break;
		case 1:
			add_instance(out, seed);
			break;
		case 2:
			add_server(out, seed);
			break;
		case 3:
			strbuf_add(out, "use_dir\n");
			break;
		}
	}
}

static void test_round_trip(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		struct strbuf text = { 0 };
		struct toy first, second;
		struct diff_rows rows;
		char *printed, *again;

		random_text(&text, &seed);
		first = toy_read(strbuf_text(&text));
		assert_int_equal(diags_count(first.diags, DIAG_ERROR), 0);
		printed = print(&first);
		second = toy_read(printed);
		again = print(&second);
		assert_int_equal(diags_count(second.diags, DIAG_ERROR), 0);
		assert_string_equal(printed, again);
		assert_int_equal(diff_objects(&first.root->object, &second.root->object, &rows),
				 DIFF_SAME);
		free(printed);
		free(again);
		toy_free(&first);
		toy_free(&second);
		strbuf_fini(&text);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_canonical),
	cmocka_unit_test(test_round_trip),
};

UNIT_MAIN(tests)
