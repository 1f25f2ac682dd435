/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cursors over bytes in network order, and the internet checksum (RFC 1071).
 *
 * Every access goes through take() or room(): one bound, one place where the error is noted.
 * Nothing is owned; the buffer is the caller's.
 */
#include "base/span.h"

#include <string.h>

struct reader reader_of(struct span in)
{
	return (struct reader){ .at = in.data, .end = in.data ? in.data + in.len : NULL };
}

size_t reader_left(const struct reader *r)
{
	return r->overrun ? 0 : (size_t)(r->end - r->at);
}

/** The next @len bytes, or NULL after an overrun. */
static const uint8_t *take(struct reader *r, size_t len)
{
	const uint8_t *p = r->at;

	if (r->overrun || (size_t)(r->end - p) < len) {
		r->overrun = true;
		return NULL;
	}
	if (len)
		r->at += len;
	return p;
}

static uint64_t read_number(struct reader *r, size_t len)
{
	const uint8_t *p = take(r, len);
	uint64_t value = 0;

	for (size_t i = 0; p && i < len; i++)
		value = value << 8 | p[i];
	return value;
}

uint8_t read_u8(struct reader *r)
{
	return (uint8_t)read_number(r, 1);
}

uint16_t read_u16(struct reader *r)
{
	return (uint16_t)read_number(r, 2);
}

uint32_t read_u32(struct reader *r)
{
	return (uint32_t)read_number(r, 4);
}

uint64_t read_u64(struct reader *r)
{
	return read_number(r, 8);
}

struct span read_span(struct reader *r, size_t len)
{
	const uint8_t *p = take(r, len);

	return r->overrun ? (struct span){ 0 } : (struct span){ p, len };
}

bool read_bytes(struct reader *r, void *dst, size_t len)
{
	const uint8_t *p = take(r, len);

	if (len && p)
		memcpy(dst, p, len);
	else if (len)
		memset(dst, 0, len);
	return !r->overrun;
}

void read_skip(struct reader *r, size_t len)
{
	(void)take(r, len);
}

struct writer writer_of(void *buf, size_t size)
{
	uint8_t *start = buf;

	return (struct writer){ .start = start, .at = start, .end = start ? start + size : NULL };
}

size_t writer_len(const struct writer *w)
{
	return (size_t)(w->at - w->start);
}

/** Where the next @len bytes go, or NULL after an overrun. */
static uint8_t *room(struct writer *w, size_t len)
{
	uint8_t *p = w->at;

	if (w->overrun || (size_t)(w->end - p) < len) {
		w->overrun = true;
		return NULL;
	}
	if (len)
		w->at += len;
	return p;
}

static void write_number(struct writer *w, uint64_t value, unsigned len)
{
	uint8_t *p = room(w, len);

	for (unsigned i = len; p && i > 0; i--, value >>= 8)
		p[i - 1] = (uint8_t)value;
}

void write_u8(struct writer *w, uint8_t value)
{
	write_number(w, value, 1);
}

void write_u16(struct writer *w, uint16_t value)
{
	write_number(w, value, 2);
}

void write_u32(struct writer *w, uint32_t value)
{
	write_number(w, value, 4);
}

void write_u64(struct writer *w, uint64_t value)
{
	write_number(w, value, 8);
}

void write_bytes(struct writer *w, const void *src, size_t len)
{
	uint8_t *p = room(w, len);

	if (p && len)
		memcpy(p, src, len);
}

void write_zeros(struct writer *w, size_t len)
{
	uint8_t *p = room(w, len);

	if (p && len)
		memset(p, 0, len);
}

uint32_t checksum_add(uint32_t sum, struct span in)
{
	uint64_t total = sum;
	size_t i;

	for (i = 0; i + 1 < in.len; i += 2)
		total += (uint32_t)in.data[i] << 8 | in.data[i + 1];
	if (i < in.len)
		total += (uint32_t)in.data[i] << 8;
	while (total >> 32)
		total = (total & 0xffffffff) + (total >> 32);
	return (uint32_t)total;
}

uint16_t checksum_finish(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}
