/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How diagnostics look: excerpts, carets, second places, and the forms for programs, which have to
 * be valid whatever the bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "config/map.h"
#include "config/utf8.h"
#include "config_toy.h"
#include "unit.h"

/** A map of one file and an empty list. */
struct fixture {
	struct source_map *map;
	struct diags *diags;
};

static struct fixture read_text(const char *text)
{
	struct source_options options = { .config_id = "x" };
	struct fixture f = { source_map_new(), diags_new() };

	(void)source_read_text(f.map, "test.conf", text, strlen(text), &options, f.diags);
	return f;
}

static void fixture_free(struct fixture *f)
{
	diags_free(f->diags);
	source_map_free(f->map);
}

static char *render(struct fixture *f, enum diag_format format, bool colour)
{
	struct diag_print_options options = { .format = format,
					       .colour = colour,
					       .notes = DIAG_NOTES_FULL };
	struct strbuf out = { 0 };

	diags_render(f->diags, f->map, &options, &out);
	return out.data ? out.data : xstrdup("");
}

static void check_text(struct fixture *f, const char *expected)
{
	char *text = render(f, DIAG_TEXT, false);

	assert_string_equal(text, expected);
	free(text);
}

static void test_excerpt(void **state)
{
	struct fixture f = read_text("a {\n\tpriority 300\n}\n");
	struct diag *d = diag_error(f.diags, "x", (struct place){ 2, 11, 3 }, "no %d", 5);

	(void)state;
	diag_hint(f.diags, d, "one");
	diag_hint(f.diags, d, "two");
	diag_hint(f.diags, d, "one");
	diag_see(f.diags, d, (struct place){ 1, 1, 1 }, "opened here");
	check_text(&f, "test.conf:2:11: error: no 5\n"
		       "    2 | \tpriority 300\n"
		       "      | \t         ^^^\n"
		       "    1 | a {\n"
		       "      | ^ opened here\n"
		       "hint: one\nhint: two\n");
	fixture_free(&f);
}

static void test_no_place(void **state)
{
	struct fixture f = read_text("a\n");

	(void)state;
	diag_warning(f.diags, "x", (struct place){ 0 }, "nowhere");
	diag_note(f.diags, "x", (struct place){ 1, 0, 0 }, "no column");
	check_text(&f, "warning: nowhere\ntest.conf:1: note: no column\n    1 | a\n");
	fixture_free(&f);
}

/** Foreign bytes do not move the carets; the line end does not matter. */
static void test_odd_bytes(void **state)
{
	struct fixture f = read_text("\xc3\xa9\xff\x07x y\r\n");

	(void)state;
	diag_error(f.diags, "x", (struct place){ 1, 5, 3 }, "here");
	check_text(&f, "test.conf:1:5: error: here\n"
		       "    1 | \xc3\xa9??x y\n"
		       "      |    ^^^\n");
	fixture_free(&f);
}

static void test_long_line(void **state)
{
	struct strbuf text = { 0 };
	struct fixture f;
	char *shown;

	(void)state;
	for (unsigned i = 0; i < 20000; i++)
		strbuf_add(&text, "word ");
	f = read_text(strbuf_text(&text));
	diag_error(f.diags, "x", (struct place){ 1, 5001, 4 }, "here");
	diag_error(f.diags, "x", (struct place){ 1, 0, 4 }, "beyond the columns");
	shown = render(&f, DIAG_TEXT, false);
	assert_true(strlen(shown) < 1000);
	assert_non_null(strstr(shown, "| ..."));
	free(shown);
	strbuf_fini(&text);
	fixture_free(&f);
}

static void test_order_and_repetition(void **state)
{
	struct fixture f = read_text("a\nb\n");
	struct diag *first = diag_error(f.diags, "x", (struct place){ 2, 1, 1 }, "b");

	(void)state;
	diag_note(f.diags, "x", (struct place){ 1, 1, 1 }, "a");
	assert_ptr_equal(diag_error(f.diags, "x", (struct place){ 2, 1, 1 }, "b"), first);
	diag_class(first, DIAG_CLASS_SECURITY);
	assert_int_equal(diags_count(f.diags, DIAG_ERROR), 1);
	assert_int_equal(diags_count(f.diags, DIAG_NOTE), 1);
	assert_int_equal(diags_count_class(f.diags, DIAG_CLASS_SECURITY), 1);
	assert_int_equal(diags_count_class(f.diags, DIAG_CLASS_CONFIG), 0);
	check_text(&f, "test.conf:1:1: note: a\n    1 | a\n      | ^\n"
		       "test.conf:2:1: error: b\n    2 | b\n      | ^\n");
	fixture_free(&f);
}

static void test_expanded(void **state)
{
	struct toy toy = toy_read("$P=300\n$B= \\\n priority ${P} \\\n priority x\n"
				  "vrrp_instance A {\n virtual_router_id 1\n"
				  " priority ${P}\n $B\n}\n");
	char *text = toy_findings(&toy);

	(void)state;
	assert_string_equal(text, "test.conf:3:11: error: priority 300 is out of range 1-255\n"
				  "    3 |  priority ${P} \\\n"
				  "      |           ^^^^\n"
				  "      = priority 300\n"
				  "test.conf:8:2: used here\n"
				  "    8 |  $B\n"
				  "      |  ^^\n"
				  "hint: priority takes a number from 1 to 255, default 100\n"
				  "test.conf:4:11: error: 'x' is not a number\n"
				  "    4 |  priority x\n"
				  "      |           ^\n"
				  "test.conf:8:2: used here\n"
				  "    8 |  $B\n"
				  "      |  ^^\n"
				  "hint: priority takes a number from 1 to 255, default 100\n"
				  "test.conf:7:11: error: priority 300 is out of range 1-255\n"
				  "    7 |  priority ${P}\n"
				  "      |           ^^^^\n"
				  "      = priority 300\n"
				  "test.conf:1:4: expanded from\n"
				  "    1 | $P=300\n"
				  "      |    ^^^\n"
				  "hint: priority takes a number from 1 to 255, default 100\n");
	free(text);
	toy_free(&toy);
}

static void test_line(void **state)
{
	struct fixture f = read_text("a b\nc\n");
	struct diag *d = diag_error(f.diags, "x", (struct place){ 1, 3, 1 }, "no");
	struct strbuf out = { 0 };

	(void)state;
	diag_hint(f.diags, d, "one\ntwo");
	diag_see(f.diags, d, (struct place){ 2, 1, 1 }, "first set here");
	diag_render_line(d, f.map, &out);
	assert_string_equal(strbuf_text(&out),
			    "test.conf:1:3: error: no; one; two; first set here: test.conf:2:1");
	strbuf_fini(&out);
	fixture_free(&f);
}

static void test_colour(void **state)
{
	struct fixture f = read_text("a\n");
	char *text;

	(void)state;
	diag_error(f.diags, "x", (struct place){ 1, 1, 1 }, "no");
	text = render(&f, DIAG_TEXT, true);
	assert_non_null(strstr(text, "\x1b[1;31merror: \x1b[0mno\n"));
	free(text);
	fixture_free(&f);
}

/** Just enough of RFC 8259 to see whether a text is JSON. NULL if it is not. */
static const char *skip_space(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

static const char *json_string(const char *p)
{
	size_t n;

	if (*p++ != '"')
		return NULL;
	while (*p != '"') {
		if ((unsigned char)*p < ' ')
			return NULL;
		if (*p == '\\') {
			if (!p[1] || !strchr("\"\\/bfnrtu", p[1]))
				return NULL;
			if (p[1] == 'u' && strspn(p + 2, "0123456789abcdefABCDEF") < 4)
				return NULL;
			p += 2;
			continue;
		}
		n = utf8_length(p, strlen(p));
		if (!n)
			return NULL;
		p += n;
	}
	return p + 1;
}

/** Checks nesting with a stack of brackets instead of recursion: every value is followed by ',',
 *  ':' or the right bracket. */
static bool is_json(const char *p)
{
	char stack[64];
	size_t depth = 0;

	p = skip_space(p);
	do {
		if (*p == '[' || *p == '{') {
			if (depth == sizeof(stack))
				return false;
			stack[depth++] = *p == '[' ? ']' : '}';
			p = skip_space(p + 1);
			if (*p != stack[depth - 1])
				continue;
		} else if (*p == '"') {
			p = json_string(p);
			if (!p)
				return false;
		} else {
			size_t n = strspn(p, "-+.eE0123456789");

			if (!n)
				return false;
			p += n;
		}
		p = skip_space(p);
		while (depth && *p == stack[depth - 1]) {
			depth--;
			p = skip_space(p + 1);
		}
		if (depth && *p != ',' && *p != ':')
			return false;
		if (depth)
			p = skip_space(p + 1);
	} while (depth);
	return !*p;
}

/** All bytes in messages, hints and file text. */
static struct fixture awful(void)
{
	char bytes[256];
	struct fixture f;
	struct diag *d;

	for (unsigned i = 0; i < 255; i++)
		bytes[i] = (char)(i + 1);
	bytes[255] = '\0';
	f = read_text(bytes);
	d = diag_error(f.diags, "a\"b", (struct place){ 1, 3, 200 }, "%s", bytes);
	diag_hint(f.diags, d, "%s", bytes + 100);
	diag_see(f.diags, d, (struct place){ 2, 1, 1 }, "here \"and\" \\ there");
	diag_warning(f.diags, "x", (struct place){ 0 }, "%s", bytes + 127);
	diag_note(f.diags, "x", (struct place){ 1, 1, 1 }, "plain");
	return f;
}

static void test_json(void **state)
{
	struct fixture f = awful(), none = read_text("");
	char *text = render(&f, DIAG_JSON, false);

	(void)state;
	assert_true(is_json(text));
	assert_non_null(strstr(text, "\"rule\": \"a\\\"b\""));
	assert_non_null(strstr(text, "\"file\": \"test.conf\", \"line\": 1, \"column\": 3"));
	free(text);
	text = render(&f, DIAG_SARIF, false);
	assert_true(is_json(text));
	assert_non_null(strstr(text, "\"version\": \"2.1.0\""));
	free(text);
	text = render(&none, DIAG_JSON, false);
	assert_string_equal(text, "[\n]\n");
	free(text);
	text = render(&none, DIAG_SARIF, false);
	assert_true(is_json(text));
	free(text);
	fixture_free(&f);
	fixture_free(&none);
}

/* SARIF counts UTF-16 code units: one for a letter of two or three bytes, two for one of four. */
static void test_sarif_columns(void **state)
{
	struct fixture f = read_text("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xff" "ab c\n");
	char *text;

	(void)state;
	diag_error(f.diags, "x", (struct place){ 1, 11, 2 }, "here");
	text = render(&f, DIAG_SARIF, false);
	assert_non_null(strstr(text, "\"startColumn\": 6, \"endColumn\": 8"));
	free(text);
	text = render(&f, DIAG_JSON, false);
	assert_non_null(strstr(text, "\"column\": 11, \"length\": 2"));
	free(text);
	fixture_free(&f);
}

/* As many findings as are kept take no more than a moment. */
static void test_many(void **state)
{
	struct fixture f = read_text("a\n");
	char *text;

	(void)state;
	for (unsigned i = 0; i < 20000; i++)
		diag_error(f.diags, "x", (struct place){ 1, 1, 1 }, "number %u", i);
	text = render(&f, DIAG_SARIF, false);
	assert_non_null(strstr(text, "\"rules\": [{\"id\": \"x\"}]"));
	free(text);
	fixture_free(&f);
}

static void test_github(void **state)
{
	struct fixture f = read_text("a\n");
	struct diag *d = diag_error(f.diags, "ru:le", (struct place){ 1, 1, 1 }, "50%% of\nit");
	char *text;

	(void)state;
	diag_hint(f.diags, d, "do, this: that");
	diag_note(f.diags, "x", (struct place){ 0 }, "nowhere");
	text = render(&f, DIAG_GITHUB, false);
	assert_string_equal(text, "::notice title=x::nowhere\n"
				  "::error file=test.conf,line=1,col=1,endColumn=2,"
				  "title=ru%3Ale::50%25 of%0Ait%0Ado, this: that\n");
	free(text);
	fixture_free(&f);
}

static void test_utf8(void **state)
{
	static const struct {
		const char *text;
		size_t length;
	} cases[] = {
		{ "a", 1 }, { "\xc3\xa9", 2 }, { "\xe2\x82\xac", 3 }, { "\xf0\x9f\x98\x80", 4 },
		{ "\xc0\x80", 0 }, { "\xe0\x80\x80", 0 }, { "\xed\xa0\x80", 0 },
		{ "\xf4\x90\x80\x80", 0 }, { "\x80", 0 }, { "\xe2\x82", 0 }, { "\xff", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(utf8_length(cases[i].text, strlen(cases[i].text)),
				 cases[i].length);
	assert_int_equal(utf8_check("ab\xffz", 4), 2);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_excerpt),	  cmocka_unit_test(test_no_place),
	cmocka_unit_test(test_odd_bytes), cmocka_unit_test(test_long_line),
	cmocka_unit_test(test_order_and_repetition),
	cmocka_unit_test(test_expanded),  cmocka_unit_test(test_line),
	cmocka_unit_test(test_colour),	  cmocka_unit_test(test_json),
	cmocka_unit_test(test_sarif_columns), cmocka_unit_test(test_many),
	cmocka_unit_test(test_github),	  cmocka_unit_test(test_utf8),
};

UNIT_MAIN(tests)
