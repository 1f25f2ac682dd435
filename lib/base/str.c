/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text: a growing builder, bounded copies, escaping for logs and shells.
 *
 * The builder owns its buffer; everything else works in the caller's. How alike two words are is
 * the job of distance.c.
 */
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { STRBUF_FIRST = 64 };

void strbuf_fini(struct strbuf *b)
{
	free(b->data);
	*b = (struct strbuf){ 0 };
}

void strbuf_reset(struct strbuf *b)
{
	b->len = 0;
	if (b->data)
		b->data[0] = '\0';
}

/** Room for @more bytes and the NUL. */
static void strbuf_reserve(struct strbuf *b, size_t more)
{
	size_t need = b->len + more + 1;

	if (need <= b->cap)
		return;
	b->cap = MAX_OF(MAX_OF(need, b->cap + b->cap / 2), (size_t)STRBUF_FIRST);
	b->data = xrealloc(b->data, b->cap, 1);
}

void strbuf_add_bytes(struct strbuf *b, const char *bytes, size_t len)
{
	strbuf_reserve(b, len);
	if (len)
		memcpy(b->data + b->len, bytes, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void strbuf_add(struct strbuf *b, const char *text)
{
	strbuf_add_bytes(b, text, strlen(text));
}

void strbuf_add_char(struct strbuf *b, char c)
{
	strbuf_add_bytes(b, &c, 1);
}

void strbuf_addf(struct strbuf *b, const char *fmt, ...)
{
	va_list args;
	int len;

	strbuf_reserve(b, STRBUF_FIRST);
	va_start(args, fmt);
	len = vsnprintf(b->data + b->len, b->cap - b->len, fmt, args);
	va_end(args);
	if (len < 0) {
		b->data[b->len] = '\0';
		return;
	}
	if ((size_t)len >= b->cap - b->len) {
		strbuf_reserve(b, (size_t)len);
		va_start(args, fmt);
		(void)vsnprintf(b->data + b->len, b->cap - b->len, fmt, args);
		va_end(args);
	}
	b->len += (size_t)len;
}

const char *strbuf_text(const struct strbuf *b)
{
	return b->data ? b->data : "";
}

void strbuf_add_shell_quoted(struct strbuf *b, const char *word)
{
	strbuf_add_char(b, '\'');
	for (const char *c = word; *c; c++) {
		if (*c == '\'')
			strbuf_add(b, "'\\''");
		else
			strbuf_add_char(b, *c);
	}
	strbuf_add_char(b, '\'');
}

bool str_eq(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return strcmp(a, b) == 0;
}

bool str_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_copy(char *dst, size_t size, const char *src)
{
	size_t len = strlen(src);
	size_t kept;

	if (!size)
		return false;
	kept = MIN_OF(len, size - 1);
	memmove(dst, src, kept);
	dst[kept] = '\0';
	return kept == len;
}

const char *str_printable(char *dst, size_t size, const void *bytes, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	const uint8_t *in = bytes;
	size_t at = 0;

	if (!size)
		return "";
	for (size_t i = 0; i < len; i++) {
		bool plain = in[i] >= 0x20 && in[i] < 0x7f;

		if (at + (plain ? 1 : 4) >= size)
			break;
		if (plain) {
			dst[at++] = (char)in[i];
			continue;
		}
		dst[at++] = '\\';
		dst[at++] = 'x';
		dst[at++] = hex[in[i] >> 4];
		dst[at++] = hex[in[i] & 15];
	}
	dst[at] = '\0';
	return dst;
}
