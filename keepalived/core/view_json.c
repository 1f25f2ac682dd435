/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON sink of core/view.h: compact text on one line, in the order of the calls.
 *
 * Written by hand because consumers compare bytes: '/' as "\/", %g and %f numbers, keys in a
 * fixed order.
 */
#include "core/view.h"

#include <math.h>

#define DEPTH_MAX 31u

static struct view_json *json_of(struct view *v)
{
	return container_of(v, struct view_json, view);
}

/* Length of the UTF-8 sequence that @s begins with, 0 if it is none. RFC 3629. */
static unsigned utf8_length(const unsigned char *s)
{
	unsigned n;

	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		n = 2;
	else if (s[0] >= 0xe0 && s[0] <= 0xef)
		n = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		n = 4;
	else
		return 0;
	for (unsigned i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

static void add_escaped_char(struct strbuf *out, unsigned char c)
{
	static const char short_forms[][3] = {
		['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f", ['\r'] = "\\r",
		['"'] = "\\\"", ['/'] = "\\/", ['\\'] = "\\\\",
	};

	if (c < ARRAY_LEN(short_forms) && short_forms[c][0])
		strbuf_add(out, short_forms[c]);
	else
		strbuf_addf(out, "\\u%04x", c);
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '/' && c != '\\';
}

static void add_quoted(struct strbuf *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	strbuf_add_char(out, '"');
	while (*s) {
		size_t n = 0;

		while (is_plain(s[n]))
			n++;
		if (!n && *s >= 0x80)
			n = utf8_length(s);
		if (n) {
			strbuf_add_bytes(out, (const char *)s, n);
			s += n;
		} else {
			add_escaped_char(out, *s++);
		}
	}
	strbuf_add_char(out, '"');
}

/* Comma and key before a value. */
static struct strbuf *begin_value(struct view *v, const char *key)
{
	struct view_json *json = json_of(v);
	uint32_t bit = 1u << json->depth;

	if (json->not_first & bit)
		strbuf_add_char(json->out, ',');
	json->not_first |= bit;
	if (key) {
		add_quoted(json->out, key);
		strbuf_add_char(json->out, ':');
	}
	return json->out;
}

static void begin_container(struct view *v, const char *key, char open)
{
	struct view_json *json = json_of(v);

	strbuf_add_char(begin_value(v, key), open);
	if (json->depth < DEPTH_MAX)
		json->depth++;
	json->not_first &= ~(1u << json->depth);
}

static void end_container(struct view *v, char close)
{
	struct view_json *json = json_of(v);

	if (json->depth)
		json->depth--;
	strbuf_add_char(json->out, close);
}

static void json_object(struct view *v, const char *key, bool begin)
{
	if (begin)
		begin_container(v, key, '{');
	else
		end_container(v, '}');
}

static void json_array(struct view *v, const char *key, bool begin)
{
	if (begin)
		begin_container(v, key, '[');
	else
		end_container(v, ']');
}

static void json_string(struct view *v, const char *key, const char *text)
{
	add_quoted(begin_value(v, key), text ? text : "");
}

static void json_uint(struct view *v, const char *key, uint64_t n)
{
	strbuf_addf(begin_value(v, key), "%llu", (unsigned long long)n);
}

static void json_sint(struct view *v, const char *key, int64_t n)
{
	strbuf_addf(begin_value(v, key), "%lld", (long long)n);
}

static void json_boolean(struct view *v, const char *key, bool b)
{
	strbuf_add(begin_value(v, key), b ? "true" : "false");
}

static void json_null(struct view *v, const char *key)
{
	strbuf_add(begin_value(v, key), "null");
}

static void json_number(struct view *v, const char *key, double n, enum view_number form)
{
	if (!isfinite(n)) {
		json_null(v, key);
		return;
	}
	switch (form) {
	case VIEW_SHORT:
		strbuf_addf(begin_value(v, key), "%g", n);
		return;
	case VIEW_MICRO:
		strbuf_addf(begin_value(v, key), "%f", n);
		return;
	}
}

static const struct view_ops json_ops = {
	.object = json_object,
	.array = json_array,
	.string = json_string,
	.uint = json_uint,
	.sint = json_sint,
	.boolean = json_boolean,
	.number = json_number,
	.null = json_null,
};

struct view *view_json_init(struct view_json *json, struct strbuf *out)
{
	*json = (struct view_json){ .view = { .ops = &json_ops }, .out = out };
	return &json->view;
}
