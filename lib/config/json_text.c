/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON strings: what has to be escaped, and foreign bytes made harmless. The result is valid
 * whatever the input (RFC 8259).
 */
#include "config/json_text.h"

#include <string.h>

#include "config/utf8.h"

void json_add_text(struct strbuf *out, const char *text)
{
	size_t len = strlen(text);

	while (len) {
		size_t n = utf8_length(text, len);

		if (!n)
			strbuf_add(out, "\\ufffd");
		else if (*text == '\n')
			strbuf_add(out, "\\n");
		else if (n == 1 && (unsigned char)*text < ' ')
			strbuf_addf(out, "\\u%04x", (unsigned char)*text);
		else if (*text == '"' || *text == '\\')
			strbuf_addf(out, "\\%c", *text);
		else
			strbuf_add_bytes(out, text, n);
		text += n ? n : 1;
		len -= n ? n : 1;
	}
}

void json_add_member(struct strbuf *out, const char *name, const char *text)
{
	strbuf_addf(out, "\"%s\": \"", name);
	json_add_text(out, text);
	strbuf_add(out, "\"");
}
