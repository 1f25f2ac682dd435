/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words for what the state machine remarks: levels and texts of its log lines.
 *
 * The texts are an interface: people's tools match them. They are filled in here, so that the
 * machine handles numbers only.
 */
#include "vrrp/fsm.h"

#include <inttypes.h>
#include <stdio.h>

#define NOTE_LEVEL_(name, level, text) [VRRP_NOTE_##name] = level,
#define NOTE_TEXT_(name, level, text)  [VRRP_NOTE_##name] = text,

static const char levels[n_vrrp_note] = { VRRP_NOTES(NOTE_LEVEL_) };
static const char *const texts[n_vrrp_note] = { VRRP_NOTES(NOTE_TEXT_) };

ENUM_DEFINE(vrrp_state, VRRP_STATES)

char vrrp_note_level(enum vrrp_note note)
{
	return (unsigned)note < n_vrrp_note ? levels[note] : 'D';
}

/** What @letter stands for, in @buf (ADDR_TEXT_MAX bytes). */
static const char *placeholder(const struct vrrp_remark *r, char letter, char *buf)
{
	switch (letter) {
	case 'a':
		return addr_print(r->from, buf);
	case 'b':
		return addr_print(r->before, buf);
	case 'p':
		snprintf(buf, ADDR_TEXT_MAX, "%u", r->theirs);
		return buf;
	case 'q':
		snprintf(buf, ADDR_TEXT_MAX, "%u", r->ours);
		return buf;
	case 's':
		snprintf(buf, ADDR_TEXT_MAX, "%" PRId64 ".%06" PRId64, kspan_sec(r->span),
			 kspan_usec(r->span) % 1000000);
		return buf;
	case 'm':
		snprintf(buf, ADDR_TEXT_MAX, "%" PRId64 "ms", kspan_msec(r->span));
		return buf;
	case 'o':
		snprintf(buf, ADDR_TEXT_MAX, "%" PRId64 "ms", kspan_msec(r->old_span));
		return buf;
	}
	return "?";
}

const char *vrrp_remark_text(const struct vrrp_remark *r, char *buf, size_t size)
{
	const char *text = (unsigned)r->note < n_vrrp_note ? texts[r->note] : "?";
	size_t len = 0;

	if (!size)
		return buf;
	for (const char *p = text; *p && len + 1 < size; p++) {
		char word[ADDR_TEXT_MAX];
		const char *w;

		if (*p != '%') {
			buf[len++] = *p;
			continue;
		}
		w = placeholder(r, *++p, word);
		while (*w && len + 1 < size)
			buf[len++] = *w++;
	}
	buf[len] = '\0';
	return buf;
}
