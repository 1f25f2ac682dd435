/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Definitions, conditions, sequences: what the stream becomes, what is reported, and where.
 */
#include <stdlib.h>
#include <string.h>

#include "config/map.h"
#include "config_trees.h"

static void test_definitions(void **state)
{
	static const struct tree_case cases[] = {
		{ "$A=1\na ${A} $A", "a 1 1" },
		{ "$A=  1 2  # x\na $A", "a 1 2" },
		{ "$A=\na b${A}c", "a bc" },
		{ "a { $A=1\nb $A\n}", "a { b 1 }" },
		{ "$A=1\n$A=2\na $A", "a 2" },
		/* looked up when used */
		{ "$A=${B}\n$B=1\na $A\n$B=2\na $A", "a 1; a 2" },
		{ "$A=x { y }\na $A", "a x { y }" },
		{ "$A=\"x y\"\na $A z", "a \"x y\" z" },
		{ "$A=x\na \"b ${A} c\"", "a \"b x c\"" },
		/* $NAME ends with a blank, ',', ')' or the line */
		{ "$A=1\na $A,2 ($A) $A", "a 1,2 (1) 1" },
		{ "$A=1\na $A/24",
		  "a $A/24\n! 2:3 '$A' is not replaced here: write ${A}" },
		{ "$A=1\na \"$A\"",
		  "a \"$A\"\n! 2:4 '$A' is not replaced here: write ${A}" },
		{ "$A=a\\#b\nc ${A}#d", "c a#b" },
		{ "$_PWD=x\na ${_PWD}", "a x" },
		{ "$A=1\n$A { b ${A}x }", "1 { b 1x }" },
		{ "a $$ $ b$", "a $$ $ b$" },
		/* a value may be another step */
		{ "$X=@node1\n$Y=@other\n$X a\n$Y b", "a" },
		{ "$X=$Y=5\n$X\na $Y", "a 5" },
		{ "$X=~SEQ(N,1,2)\n$X a $N", "a 1; a 2" },
		{ "$X=${Y}\n$Y=@other\n$X a\nb", "b" },
	};

	(void)state;
	check_trees(cases, ARRAY_LEN(cases));
}

static void test_undefined(void **state)
{
	static const struct tree_case cases[] = {
		{ "a ${B} c\nd", "a \x01$B c?; d\n! 1:3 '${B}' is not defined" },
		{ "a \"${B} $C \"", "a \"${B} $C \"" },
		{ "a $B", "a $B\n! 1:3 '$B' is not defined" },
		{ "a pa$word", "a pa$word" },
		{ "a ${B:-x} { c }", "a \x01$B:-x? { c }\n! 1:3 '${B:-x}' is not a reference" },
		{ "a \"${B:-x}\"", "a \"${B:-x}\"" },
		{ "$A = 1\nb", "\x01$A = 1?; b\n! 1:1 '$A' is not defined" },
		{ "$A b {\n c\n}", "\x01$A b? { c }\n! 1:1 '$A' is not defined" },
	};

	(void)state;
	check_trees(cases, ARRAY_LEN(cases));
}

static void test_recursion(void **state)
{
	static const struct tree_case cases[] = {
		{ "$A=${A}\na ${A}",
		  "a \x01$A?\n! 2:3 definition of 'A' refers to itself: A -> A" },
		{ "$A=${B}\n$B=${A}\na ${A}\nb",
		  "a \x01$A?; b\n! 3:3 definition of 'A' refers to itself: A -> B -> A" },
		{ "$A=x${A}\na ${A}",
		  "a x\x01$A?\n! 2:3 definition of 'A' refers to itself: A -> A" },
		{ "$A=\\\n a \\\n $A\n$A\nb",
		  "a; b\n! 3:2 definition of 'A' refers to itself: A -> A" },
		{ "$A=${A}\n${A}\nb",
		  "\x01$A?; b\n! 2:1 definition of 'A' refers to itself: A -> A" },
	};

	(void)state;
	check_trees(cases, ARRAY_LEN(cases));
}

#define DEFINED_BC       \
	"a { b 1; c 2 }\n" \
	"! 3:1 keepalived 2.4 ends the definition of 'A' at this comment"

static void test_lines(void **state)
{
	static const struct tree_case cases[] = {
		{ "$A= \\\n b 1 \\\n c 2\na {\n$A\n}", "a { b 1; c 2 }" },
		{ "$A=b 1 \\\n c 2\na {\n${A}\n}", "a { b 1; c 2 }" },
		{ "$A= \\\n b 1 \\\n\n c 2\na {\n$A\n}", "c 2; a { b 1 }" },
		{ "$A= \\\n b 1 \\\n # x\n c 2\na {\n$A\n}", DEFINED_BC },
		{ "$A= \\\n b 1 \\\n # x \\\n c 2\na {\n$A\n}", DEFINED_BC },
		{ "$A={ \\\n b ${N} \\\n }\n$N=7\na $A", "a { b 7 }" },
		{ "$A=1 \\\n c\na x $A", "a x 1; c" },
		{ "$A= \\\n @node1 b \\\n @other c \\\n ~SEQ(N,1,2) d $N\n$A", "b; d 1; d 2" },
		{ "$A=~SEQ(N,1,2) d $N \\\n e\n$A", "d 1; d 2; e" },
		{ "$A=b \\\n c\n$B=$A \\\n d\n$B", "b; c; d" },
		{ "$A=b \\\n c\n~SEQ(N,1,2) $A", "b; c; b; c" },
		{ "@other $A=b \\\n c\nd", "d" },
		{ "$A=b \\\n c\n$A d",
		  "\x01$A d?\n! 3:1 a definition of several lines must be the last thing on the "
		  "line" },
	};

	(void)state;
	check_trees(cases, ARRAY_LEN(cases));
}

static void test_conditions(void **state)
{
	static const struct tree_case cases[] = {
		{ "@node1 a\n@node2 b\n@^node1 c\n@^node2 d", "a; d" },
		{ "@node1\ta b", "a b" },
		{ "@node1\n@node2\na", "a" },
		{ "@ a\n@^ b", "b" },
		{ "a { @node1 b\n@other c\n}", "a { b }" },
		{ "a x@y", "a x@y" },
		{ "@node1 @x a", "@x a" },
		{ "@node1 $A=1\n@other $A=2\na $A", "a 1" },
		{ "@node1 ~SEQ(N,1,2) a $N\n~SEQ(N,1,2) @node1 b $N", "a 1; a 2; b 1; b 2" },
	};

	(void)state;
	check_trees(cases, ARRAY_LEN(cases));
}

static void test_sequences(void **state)
{
	static const struct tree_case cases[] = {
		{ "~SEQ(N,3) a $N", "a 1; a 2; a 3" },
		{ "~SEQ ( N , 2 , 4 ) a $N", "a 2; a 3; a 4" },
		{ "~SEQ(N,1,2,6) a ${N}x", "a 1x; a 3x; a 5x" },
		{ "~SEQ(N,3,1) a $N", "a 3; a 2; a 1" },
		{ "~SEQ(N,0) a $N", "a 1; a 0" },
		{ "~SEQ(N,-2) a $N", "a -1; a -2" },
		{ "~SEQ(N,0x10,021) a $N", "a 16; a 17" },
		{ "~SEQx(N,9,11) a $N", "a 9; a a; a b" },
		{ "$E=2\n~SEQ(N,$E) a $N", "a 1; a 2" },
		{ "~SEQ(A,1,2) ~SEQ(B,1,2) a ${A}${B}", "a 11; a 12; a 21; a 22" },
		{ "~SEQ(N,2) a\nb $N", "a; a; b 2" },
		{ "a { ~SEQ(N,2) b $N\n}", "a { b 1; b 2 }" },
		{ "~SEQ(N,2) a { b $N }", "a { b 1 }; a { b 2 }" },
		{ "~SEQ(N,1)", "" },
		{ "~SEQ(N,9223372036854775807,9223372036854775807) a $N", "a 9223372036854775807" },
		{ "~LST(V, x, y) a $V", "a x; a y" },
		{ "~LST({A,B},{1,2},{3},{}) a <${A}${B}>", "a <12>; a <3>; a <>" },
	};

	(void)state;
	check_trees(cases, ARRAY_LEN(cases));
}

static void test_bad_sequences(void **state)
{
	static const struct tree_case cases[] = {
		{ "~SEQ(N,1,0,3) a", "\n! 1:1 ~SEQ: the step never leads to the end" },
		{ "~SEQ(N,1,-1,3) a", "\n! 1:1 ~SEQ: the step never leads to the end" },
		{ "~SEQ(N) a", "\n! 1:1 ~SEQ: numbers are missing" },
		{ "~SEQ(N,x) a", "\n! 1:1 ~SEQ: not a number" },
		{ "~SEQ(N,1,2,3,4) a", "\n! 1:1 ~SEQ: too many numbers" },
		{ "~SEQ(1,2) a", "\n! 1:1 ~SEQ: the name of a variable comes first" },
		{ "~SEQ(N,1", "\n! 1:1 ~SEQ: ')' is missing" },
		{ "~SEQx(N,-1,1) a", "\n! 1:1 ~SEQx: hexadecimal numbers cannot be negative" },
		{ "~LST(V,{1,2}) a",
		  "\n! 1:1 ~LST: a set has more values than there are variables" },
	};

	(void)state;
	check_trees(cases, ARRAY_LEN(cases));
}

static const char *some_env(const char *name)
{
	return strcmp(name, "HOME") ? NULL : "/root";
}

static void test_predefined(void **state)
{
	static const char text[] = "a ${_INSTANCE} $_INSTANCE\n"
				   "b ${_ENV HOME}${_ENV NONE}x\n"
				   "c ${_HASH}${_BANG} \"${_HASH}\"\n"
				   "d ${_RANDOM 5 5}\n"
				   "e ${_ENV}\nf ${_RANDOM 2 1}\ng ${_RANDOM a}\nh ${_PWD x}\n";
	struct source_options options = { .config_id = "node1", .getenv = some_env };
	struct diags *diags = diags_new();
	struct source_map *map = source_map_new();
	char *tree;

	(void)state;
	(void)source_read_text(map, "x", text, sizeof(text) - 1, &options, diags);
	tree = toy_tree_of(map, diags);
	assert_string_equal(tree,
			    "a node1 node1; b /rootx; c #! \"#\"; d 5; e \x01$_ENV?; "
			    "f \x01$_RANDOM 2 1?; g \x01$_RANDOM a?; h \x01$_PWD x?\n"
			    "! 5:3 _ENV needs the name of one variable: ${_ENV NAME}\n"
			    "! 6:3 _RANDOM: the smaller number comes first\n"
			    "! 7:3 _RANDOM takes whole numbers: ${_RANDOM MIN MAX}\n"
			    "! 8:3 this predefined name takes no such arguments");
	free(tree);
	source_map_free(map);
	diags_free(diags);
}

/** The seed can be configured, wherever that stands; the same seed, the same numbers. */
static void test_random(void **state)
{
	char *first = toy_tree("x { random_seed 5 }\na ${_RANDOM} ${_RANDOM}");
	char *again = toy_tree("a ${_RANDOM} ${_RANDOM}\nx { random_seed 5 }");
	char *other = toy_tree("a ${_RANDOM} ${_RANDOM}\nx { random_seed 6 }");

	(void)state;
	assert_string_equal(first, "x { random_seed 5 }; a 17242 14072");
	assert_memory_equal(strstr(first, "a "), again, strlen("a 17242 14072"));
	assert_memory_not_equal(again, other, strlen("a 17242 14072"));
	free(first);
	free(again);
	free(other);
}

/** Where a word of a line that was made is written, and the other place to show. */
static void test_places(void **state)
{
	static const char text[] = "$P=300\n$L=a ${P} x \\\n  b c\n  k ${P} y${P}z end\n$L\n"
				   "~SEQ(N,7,7) q ${N}\n";
	static const struct {
		unsigned node, word, line, column, length, from_line;
		const char *label;
	} cases[] = {
		{ 0, 0, 4, 3, 1, 0, NULL },	       { 0, 1, 4, 5, 4, 1, "expanded from" },
		{ 0, 2, 4, 10, 6, 1, "expanded from" }, { 0, 3, 4, 17, 3, 0, NULL },
		{ 1, 0, 2, 4, 1, 5, "used here" },     { 1, 1, 2, 6, 4, 5, "used here" },
		{ 2, 1, 3, 5, 1, 5, "used here" },     { 3, 1, 6, 15, 4, 6, "expanded from" },
	};
	struct source_options options = { 0 };
	struct diags *diags = diags_new();
	struct source_map *map = source_map_new();
	struct arena *scratch = arena_new();
	struct lexer *lexer;
	unsigned at = 0;

	(void)state;
	(void)source_read_text(map, "x", text, sizeof(text) - 1, &options, diags);
	lexer = lexer_new(map, scratch, diags);
	for (struct node *node = lex_next(lexer); node; node = lex_next(lexer), at++) {
		for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
			struct place_info info, from;

			if (cases[i].node != at)
				continue;
			assert_true(source_resolve(map, node->words[cases[i].word].at, &info));
			assert_int_equal(info.line, cases[i].line);
			assert_int_equal(info.column, cases[i].column);
			assert_int_equal(info.length, cases[i].length);
			assert_int_equal(info.expanded, cases[i].label != NULL);
			if (!cases[i].label)
				continue;
			assert_string_equal(info.from_label, cases[i].label);
			assert_true(source_resolve(map, info.from, &from));
			assert_int_equal(from.line, cases[i].from_line);
		}
	}
	assert_int_equal(at, 4);
	lexer_free(lexer);
	arena_free(scratch);
	source_map_free(map);
	diags_free(diags);
}

/** A few bytes never become very many; one diagnostic says so, the rest is read. */
static void test_limits(void **state)
{
	static const char *const texts[] = {
		"~SEQ(N,1,9000000000) a $N\nend",
		"~SEQ(N,1,9000000000) $X=1\nend",
		"~SEQ(N,1,9000000000) $X${N}=1\nend",
		"~SEQ(A,1,99999) ~SEQ(B,1,99999) ~SEQ(C,1,99999) a\nend",
		"$A=xxxxxxxxxx\n$B=${A}${A}${A}${A}${A}${A}${A}${A}\n"
		"$C=${B}${B}${B}${B}${B}${B}${B}\n"
		"$D=${C}${C}${C}${C}${C}${C}${C}\n$E=${D}${D}${D}${D}${D}${D}${D}${D}\n"
		"$F=${E}${E}${E}${E}${E}${E}${E}\n$G=${F}${F}${F}${F}${F}${F}${F}\n"
		"a ${G}${G}${G}${G}\nend",
		"$A=\n$B=${A}${A}${A}${A}${A}${A}${A}${A}${A}${A}\n"
		"$C=${B}${B}${B}${B}${B}${B}${B}\n"
		"$D=${C}${C}${C}${C}${C}${C}${C}${C}${C}\n$E=${D}${D}${D}${D}${D}${D}${D}${D}\n"
		"$F=${E}${E}${E}${E}${E}${E}${E}${E}${E}\n$G=${F}${F}${F}${F}${F}${F}${F}\n"
		"$H=${G}${G}${G}${G}${G}${G}${G}\na ${H}\nend",
		"$A=x \\\n y\n$B=$A \\\n $A\n$C= \\\n $B \\\n $B\n~SEQ(N,1,900000000) $C\nend",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		char *tree = toy_tree(texts[i]);

		assert_non_null(strstr(tree, "end\n! "));
		assert_non_null(strstr(tree, "this line expands to too much text: it is dropped"));
		assert_null(strchr(strstr(tree, "\n! ") + 1, '\n'));
		free(tree);
	}
}

/** Lines that need no work are passed on without a copy. */
static void test_plain_text(void **state)
{
	static const char text[] = "a 1\nb 2\n\nc {\n # $x @y\n d x@y.z\n}\n";
	struct source_options options = { 0 };
	struct diags *diags = diags_new();
	struct source_map *map = source_map_new();

	(void)state;
	(void)source_read_text(map, "x", text, sizeof(text) - 1, &options, diags);
	assert_int_equal(map->n_runs, 1);
	assert_int_equal(map->n_made, 0);
	source_map_free(map);
	diags_free(diags);
}

static void test_binary(void **state)
{
	struct source_options options = { 0 };
	struct diags *diags = diags_new();
	struct source_map *map = source_map_new();
	char *tree;

	(void)state;
	(void)source_read_text(map, "x", "a b\0\0c\nd\n\0e", 12, &options, diags);
	tree = toy_tree_of(map, diags);
	assert_string_equal(tree, "a b c; d; e\n! 1:4 NUL byte (\\x00): this is not text\n"
				  "! 3:1 NUL byte (\\x00): this is not text");
	free(tree);
	source_map_free(map);
	diags_free(diags);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_definitions),
	cmocka_unit_test(test_undefined),
	cmocka_unit_test(test_recursion),
	cmocka_unit_test(test_lines),
	cmocka_unit_test(test_conditions),
	cmocka_unit_test(test_sequences),
	cmocka_unit_test(test_bad_sequences),
	cmocka_unit_test(test_predefined),
	cmocka_unit_test(test_random),
	cmocka_unit_test(test_places),
	cmocka_unit_test(test_limits),
	cmocka_unit_test(test_plain_text),
	cmocka_unit_test(test_binary),
};

UNIT_MAIN(tests)
