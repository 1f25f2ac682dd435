/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text to words to trees: separators, quotes, comments, escapes, braces anywhere; and the one
 * diagnostic that a brace too many or too few gives.
 */
#include <stdlib.h>
#include <string.h>

#include "config_trees.h"

static void test_words(void **state)
{
	static const struct tree_case cases[] = {
		{ "", "" },
		{ "\n\n  \t\n", "" },
		{ "a", "a" },
		{ "a b\tc\vd\fe\rf\r\n", "a b c d e f" },
		{ "a\nb", "a; b" },
		{ "router_id a vrrp_version 3", "router_id a vrrp_version 3" },
		{ "caf\xc3\xa9 x", "caf\xc3\xa9 x" },
		{ "\xef\xbb\xbf" "a b", "a b" },
		/* quotes */
		{ "a \"b c\" d", "a \"b c\" d" },
		{ "a \"\"", "a \"\"" },
		{ "a\"b c\"d", "a \"b c\" d" },
		{ "a 'b c'", "a 'b c'" },
		{ "a \"{ # ! }\" b", "a \"{ # ! }\" b" },
		{ "a \"b\\\"c\"", "a \"b\\\" c?\n! 1:8 quote is not closed in this line" },
		{ "a \"C:\\\" b", "a \"C:\\\" b" },
		/* comments */
		{ "a b # c\n! d\ne#f\ng!h", "a b; e; g" },
		{ "a '# b'", "a '" },
		{ "a \\# \\! b\\#c", "a # ! b#c" },
		{ "a \"b\\\"c # d\\\" e\" f", "a \"b\\\" c # d\\ \" e\" f" },
		/* a backslash at the end does nothing but join the last word */
		{ "a b \\\nc", "a b\\; c\n! 1:5 a backslash does not continue the line here" },
		{ "a b\\\nc", "a b\\; c\n! 1:4 a backslash does not continue the line here" },
	};

	(void)state;
	check_trees(cases, ARRAY_LEN(cases));
}

static void test_blocks(void **state)
{
	static const struct tree_case cases[] = {
		{ "a { b\nc }", "a { b; c }" },
		{ "a{b{c}d}e", "a { b { c }; d }; e" },
		{ "a\n\n# x\n{\nb 1\n}\n", "a { b 1 }" },
		{ "a {\n}\n", "a { }" },
		{ "a { b { } c { } }", "a { b { }; c { } }" },
		{ "a x y { b }", "a x y { b }" },
	};

	(void)state;
	check_trees(cases, ARRAY_LEN(cases));
}

static void test_errors(void **state)
{
	static const struct tree_case cases[] = {
		{ "a \"b c\nd", "a \"b c\"?; d\n! 1:3 quote is not closed in this line" },
		/* a '{' at the end of such a line still opens the block */
		{ "a \"b {\n c\n}\nd",
		  "a \"b \"? { c }; d\n! 1:3 quote is not closed in this line" },
		{ "a\n}\nb", "a; b\n! 2:1 '}' closes nothing: no block is open" },
		{ "a { b\nc", "a { b; c }\n! 1:3 block a is not closed: '}' is missing" },
		{ "a { b {\nc", "a { b { c } }\n! 1:7 block b is not closed: '}' is missing" },
		{ "{ a }\nb", "a; b\n! 1:1 unexpected '{': no keyword before it" },
		/* with its own '}' the contents stay where they are */
		{ "a {\n{ b }\nc }\nd",
		  "a { b; c }; d\n! 2:1 unexpected '{': no keyword before it" },
		/* without, it is just one too many */
		{ "a {\n{ b\nc }\nd", "a { b; c }; d\n! 2:1 unexpected '{': no keyword before it" },
	};

	(void)state;
	check_trees(cases, ARRAY_LEN(cases));
}

static void check_lines(const char *text, const char *expected)
{
	struct toy toy = toy_read(text);
	char *lines = toy_lines(&toy);

	assert_string_equal(lines, expected);
	free(lines);
	toy_free(&toy);
}

/** Evidence for a missing '}': what belongs further out, and indentation. */
static void test_missing_close(void **state)
{
	(void)state;
	check_lines("vrrp_instance A {\n virtual_router_id 1\n virtual_ipaddress {\n  10.0.0.1\n"
		    " priority 3\n}\nglobals {\n router_id x\n}\n",
		    "3:20 error block virtual_ipaddress is not closed: '}' is missing\n");
	check_lines("vrrp_instance A {\n virtual_router_id 1\nglobals {\n router_id x\n}\n"
		    "vrrp_instance B {\n virtual_router_id 1\n}\n",
		    "1:17 error block vrrp_instance is not closed: '}' is missing\n");
	check_lines("virtual_server 10.0.0.1 80 {\n  real_server 10.0.0.2 80 {\n    weight 1\n  }\n"
		    "  real_server 10.0.0.3 80 {\n    weight 1\n}\nglobals {\n}\n",
		    "5:27 error block real_server is not closed: '}' is missing\n");
	check_lines("vrrp_instance A {\n virtual_router_id 1\n virtual_ipaddress {\n  10.0.0.1\n",
		    "3:20 error block virtual_ipaddress is not closed: '}' is missing\n");
}

static void test_missing_open(void **state)
{
	(void)state;
	check_lines("vrrp_instance A\n virtual_router_id 1\n virtual_ipaddress {\n  10.0.0.1\n }\n"
		    "}\nglobals {\n}\n",
		    "1:16 error '{' is missing after vrrp_instance\n");
	check_lines("vrrp_instance A {\n virtual_router_id 1\n virtual_ipaddress\n  10.0.0.1\n }\n"
		    " priority 5\n}\nglobals {\n}\n",
		    "3:19 error '{' is missing after virtual_ipaddress\n");
}

static void test_extra_close(void **state)
{
	(void)state;
	check_lines("vrrp_instance A {\n virtual_router_id 1\n }\n priority 5\n}\nglobals {\n}\n",
		    "3:2 error '}' closes nothing: no block is open\n");
	check_lines("globals {\n}\n}\nvrrp_instance A {\n virtual_router_id 1\n}\n",
		    "3:1 error '}' closes nothing: no block is open\n");
}

static void test_depth(void **state)
{
	struct strbuf text = { 0 };
	char *tree;

	(void)state;
	for (unsigned i = 0; i < 10000; i++)
		strbuf_add(&text, "a{");
	tree = toy_tree(strbuf_text(&text));
	assert_non_null(strstr(tree, "blocks are nested too deeply"));
	free(tree);
	strbuf_fini(&text);
}

/** Every word knows its place; the raw text of a statement is kept. */
static void test_places(void **state)
{
	static const char text[] = "a {\n\tb  \"c d\" e # x\n}";
	struct source_options options = { 0 };
	struct diags *diags = diags_new();
	struct source_map *map = source_map_new();
	struct arena *scratch = arena_new();
	struct lexer *lexer;
	struct place_info info;
	struct node *node;

	(void)state;
	(void)source_read_text(map, "x", text, sizeof(text) - 1, &options, diags);
	lexer = lexer_new(map, scratch, diags);
	node = lex_next(lexer);
	assert_int_equal(node->open_at.column, 3);
	assert_int_equal(node->close_at.line, 3);
	node = node->first;
	assert_string_equal(node->raw, "b  \"c d\" e");
	assert_int_equal(node->raw_at.column, 2);
	assert_int_equal(node->words[1].at.column, 5);
	assert_int_equal(node->words[1].at.length, 5);
	assert_int_equal(node->words[1].len, 3);
	assert_int_equal(node_place(node, 3).column, 12);
	assert_true(source_resolve(map, node->words[2].at, &info));
	assert_string_equal(info.file, "x");
	assert_int_equal(info.line, 2);
	assert_string_equal(info.text, "\tb  \"c d\" e # x");
	assert_null(lex_next(lexer));
	lexer_free(lexer);
	arena_free(scratch);
	source_map_free(map);
	diags_free(diags);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_words),
	cmocka_unit_test(test_blocks),
	cmocka_unit_test(test_errors),
	cmocka_unit_test(test_missing_close),
	cmocka_unit_test(test_missing_open),
	cmocka_unit_test(test_extra_close),
	cmocka_unit_test(test_depth),
	cmocka_unit_test(test_places),
};

UNIT_MAIN(tests)
