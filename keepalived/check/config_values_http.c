/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Value types of HTTP checks: digest, status codes, regular expressions.
 *
 * A pattern is only read here; whether PCRE2 can compile it is for the engine and the
 * configuration test to find out.
 */
#include "base/num.h"
#include "check/config_values.h"

/* ---- digest ---- */

static bool md5_parse(struct bind *bind, const struct keyword *row, struct node *node,
		      unsigned *next, void *field)
{
	const struct word *word = value_next_word(bind, row, node, next);
	struct md5_digest digest = { .set = true };
	size_t len = word ? strlen(word->text) : 0;

	if (!word)
		return false;
	if (len != 2 * sizeof(digest.bytes)) {
		diag_error(bind->diags, "bad-value", word->at,
			   "a digest has 32 hexadecimal digits, '%s' has %zu characters",
			   word->text, len);
		return false;
	}
	for (size_t i = 0; i < len; i++) {
		int value = num_hex_digit(word->text[i]);

		if (value < 0) {
			diag_error(bind->diags, "bad-value", word->at,
				   "'%c' in the digest is not a hexadecimal digit", word->text[i]);
			return false;
		}
		digest.bytes[i / 2] = (uint8_t)(digest.bytes[i / 2] << 4 | value);
	}
	*(struct md5_digest *)field = digest;
	return true;
}

static void md5_print(const struct keyword *row, const void *field, struct strbuf *out)
{
	const struct md5_digest *digest = field;

	(void)row;
	for (size_t i = 0; i < sizeof(digest->bytes); i++)
		strbuf_addf(out, "%02x", digest->bytes[i]);
}

const struct value_type value_md5 = {
	.name = "digest",
	.size = sizeof(struct md5_digest),
	.parse = md5_parse,
	.print = md5_print,
	.synopsis = "MD5",
};

/* ---- status codes ---- */

static void status_add(struct http_status_set *set, unsigned from, unsigned to)
{
	for (unsigned code = from; code <= to; code++) {
		unsigned bit = code - HTTP_STATUS_MIN;

		set->bits[bit / 64] |= UINT64_C(1) << bit % 64;
	}
}

bool http_status_accepted(const struct http_status_set *set, unsigned code)
{
	unsigned bit = code - HTTP_STATUS_MIN;

	if (code < HTTP_STATUS_MIN || code > HTTP_STATUS_MAX)
		return false;
	if (!set->set)
		return code >= 200 && code <= 299;
	return set->bits[bit / 64] >> bit % 64 & 1;
}

static bool status_item(const char *text, unsigned *out_from, unsigned *out_to)
{
	const char *end;
	uint64_t from, to;

	if (!num_scan_u64(text, 10, &from, &end))
		return false;
	to = from;
	if (*end == '-' && !num_scan_u64(end + 1, 10, &to, &end))
		return false;
	if (*end || from < HTTP_STATUS_MIN || to > HTTP_STATUS_MAX || from > to)
		return false;
	*out_from = (unsigned)from;
	*out_to = (unsigned)to;
	return true;
}

static bool status_parse(struct bind *bind, const struct keyword *row, struct node *node,
			 unsigned *next, void *field)
{
	struct http_status_set *set = field;
	const struct word *word = value_next_word(bind, row, node, next);
	bool stored = false;
	unsigned from, to;

	while (word) {
		if (status_item(word->text, &from, &to)) {
			status_add(set, from, to);
			set->set = stored = true;
		} else {
			diag_hint(bind->diags,
				  diag_error(bind->diags, "bad-value", word->at,
					     "'%s' is not a status code", word->text),
				  "write codes from 100 to 599, or ranges such as 200-299");
		}
		word = *next < node->n_words ? &node->words[(*next)++] : NULL;
	}
	return stored;
}

static void status_print(const struct keyword *row, const void *field, struct strbuf *out)
{
	const struct http_status_set *set = field;
	const char *gap = "";

	(void)row;
	for (unsigned code = HTTP_STATUS_MIN; code <= HTTP_STATUS_MAX; code++) {
		unsigned from = code;

		if (!http_status_accepted(set, code))
			continue;
		while (http_status_accepted(set, code + 1))
			code++;
		strbuf_addf(out, from == code ? "%s%u" : "%s%u-%u", gap, from, code);
		gap = " ";
	}
}

static bool status_equal(const struct keyword *row, const void *a, const void *b)
{
	const struct http_status_set *x = a, *y = b;

	(void)row;
	return x->set == y->set && !memcmp(x->bits, y->bits, sizeof(x->bits));
}

const struct value_type value_http_status = {
	.name = "status codes",
	.size = sizeof(struct http_status_set),
	.parse = status_parse,
	.print = status_print,
	.equal = status_equal,
	.synopsis = "CODE[-CODE]...",
};

/* ---- regular expressions ---- */

/* Up to @max digits of @base from *@text on; false if there is none. */
static bool escape_number(const char **text, int base, int max, char *out)
{
	int value = 0, n = 0;

	for (; n < max; n++, (*text)++) {
		int digit = num_hex_digit(**text);

		if (digit < 0 || digit >= base)
			break;
		value = value * base + digit;
	}
	*out = (char)value;
	return n > 0;
}

/* One escape of a quoted pattern; @text is behind the backslash and not at the end. */
static char escaped_char(const char **text)
{
	static const char from[] = "abEfnrtv", to[] = "\a\b\033\f\n\r\t\v";
	const char *known = strchr(from, **text);
	const char *digits = *text + 1;
	char c;

	if (known) {
		(*text)++;
		return to[known - from];
	}
	if (escape_number(text, 8, 3, &c))
		return c;
	if (**text == 'x' && escape_number(&digits, 16, 2, &c)) {
		*text = digits;
		return c;
	}
	if (**text == 'c' && *digits) {
		*text = digits + 1;
		return (char)(*digits & 0x1f);
	}
	return *(*text)++;
}

/* The pattern as written is the statement's raw text: the quote may hold escaped quotes, which
 * ordinary words do not know. NULL: the quote is not closed. */
static const char *unquote_pattern(struct bind *bind, const char *raw)
{
	char *text = arena_text(bind->arena, strlen(raw) + 1), *to = text;
	const char *from = raw + 1;

	while (*from && *from != '"') {
		if (*from != '\\' || !from[1]) {
			*to++ = *from++;
			continue;
		}
		from++;
		*to++ = escaped_char(&from);
	}
	*to = '\0';
	return *from == '"' ? text : NULL;
}

static bool regex_parse(struct bind *bind, const struct keyword *row, struct node *node,
			unsigned *next, void *field)
{
	struct http_regex *regex = field;
	const struct word *word = value_next_word(bind, row, node, next);
	const char *raw = node->raw;
	const char *pattern;

	if (!word)
		return false;
	raw += strcspn(raw, " \t");
	raw += strspn(raw, " \t");
	if (*raw == '"') {
		pattern = unquote_pattern(bind, raw);
		*next = node->n_words;
	} else {
		pattern = arena_strdup(bind->arena, word->text);
	}
	if (!pattern || !*pattern) {
		diag_error(bind->diags, "bad-value", word->at, "%s",
			   pattern ? "the pattern is empty" : "the quote is not closed");
		return false;
	}
	if (regex->pattern)
		diag_see(bind->diags,
			 bind_warning(bind, "repeated", node, 0,
				      "a second regex replaces the first"),
			 regex->pattern_at, "first set here");
	regex->pattern = pattern;
	regex->pattern_at = word->at;
	return true;
}

static void regex_print(const struct keyword *row, const void *field, struct strbuf *out)
{
	const struct http_regex *regex = field;

	(void)row;
	if (!regex->pattern)
		return;
	strbuf_add_char(out, '"');
	for (const char *c = regex->pattern; *c; c++) {
		if (*c == '\\')
			strbuf_add_char(out, '\\');
		/* not \", which would split the line into words in another way */
		if ((unsigned char)*c < ' ' || *c == '"')
			strbuf_addf(out, "\\%03o", (unsigned char)*c);
		else
			strbuf_add_char(out, *c);
	}
	strbuf_add_char(out, '"');
}

static bool regex_equal(const struct keyword *row, const void *a, const void *b)
{
	const struct http_regex *x = a, *y = b;

	(void)row;
	return str_eq(x->pattern, y->pattern);
}

const struct value_type value_regex = {
	.name = "regular expression",
	.size = sizeof(struct http_regex),
	.reads_raw = true,
	.parse = regex_parse,
	.print = regex_print,
	.equal = regex_equal,
	.synopsis = "PATTERN",
};

static const char *const regex_option_words[] = {
	"allow_empty_class", "alt_bsux", "auto_callout", "caseless", "dollar_endonly", "dotall",
	"dupnames", "extended", "firstline", "match_unset_backref", "multiline", "never_ucp",
	"never_utf", "no_auto_capture", "no_auto_possess", "no_dotstar_anchor",
	"no_start_optimize", "ucp", "ungreedy", "utf", "never_backslash_c", "alt_circumflex",
	"alt_verbnames", "use_offset_limit",
};

const char *check_regex_option_word(unsigned option)
{
	return option < ARRAY_LEN(regex_option_words) ? regex_option_words[option] : NULL;
}

static int regex_option_find(const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(regex_option_words); i++)
		if (!strcmp(text, regex_option_words[i]))
			return (int)i;
	return -1;
}

static bool regex_options_parse(struct bind *bind, const struct keyword *row, struct node *node,
				unsigned *next, void *field)
{
	uint32_t *options = field;
	const struct word *word = value_next_word(bind, row, node, next);
	bool stored = false;

	while (word) {
		int option = regex_option_find(word->text);

		if (option >= 0) {
			*options |= UINT32_C(1) << option;
			stored = true;
		} else {
			diag_note(bind->diags, "bad-value", word->at,
				  "'%s' is not an option of regular expressions; ignored",
				  word->text);
		}
		word = *next < node->n_words ? &node->words[(*next)++] : NULL;
	}
	return stored;
}

static void regex_options_print(const struct keyword *row, const void *field, struct strbuf *out)
{
	const uint32_t *options = field;
	const char *gap = "";

	(void)row;
	for (size_t i = 0; i < ARRAY_LEN(regex_option_words); i++) {
		if (!(*options >> i & 1))
			continue;
		strbuf_addf(out, "%s%s", gap, regex_option_words[i]);
		gap = " ";
	}
}

const struct value_type value_regex_options = {
	.name = "options",
	.size = sizeof(uint32_t),
	.parse = regex_options_parse,
	.print = regex_options_print,
	.synopsis = "OPTION...",
};

static bool regex_stack_parse(struct bind *bind, const struct keyword *row, struct node *node,
			      unsigned *next, void *field)
{
	struct regex_stack stack;
	const struct word *start = value_next_word(bind, row, node, next);
	const struct word *max = start ? value_next_word(bind, row, node, next) : NULL;

	if (!max || !value_read_u64(bind, "the start size", start, 1, UINT32_MAX, &stack.start) ||
	    !value_read_u64(bind, "the maximum size", max, 1, UINT32_MAX, &stack.max))
		return false;
	if (stack.start > stack.max) {
		diag_note(bind->diags, "conflict", max->at,
			  "the maximum size is below the start size; the line is ignored");
		return false;
	}
	*(struct regex_stack *)field = stack;
	return true;
}

static void regex_stack_print(const struct keyword *row, const void *field, struct strbuf *out)
{
	const struct regex_stack *stack = field;

	(void)row;
	strbuf_addf(out, "%ju %ju", (uintmax_t)stack->start, (uintmax_t)stack->max);
}

const struct value_type value_regex_stack = {
	.name = "sizes",
	.size = sizeof(struct regex_stack),
	.parse = regex_stack_parse,
	.print = regex_stack_print,
	.synopsis = "START MAX",
};
