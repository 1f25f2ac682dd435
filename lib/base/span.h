/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes through cursors whose error sticks: after an overrun every read gives zero, every write
 * does nothing, and one look at ->overrun at the end decides. Network byte order throughout.
 */
#pragma once

#include "base/attr.h"

struct span {
	const uint8_t *data;
	size_t len;
};

struct reader {
	const uint8_t *at;
	const uint8_t *end;
	bool overrun;
};

struct writer {
	uint8_t *start;
	uint8_t *at;
	uint8_t *end;
	bool overrun;
};

struct reader reader_of(struct span);
size_t reader_left(const struct reader *);
uint8_t read_u8(struct reader *);
uint16_t read_u16(struct reader *);
uint32_t read_u32(struct reader *);
uint64_t read_u64(struct reader *);
/** @len bytes as they stand in the buffer; an empty span after an overrun. */
struct span read_span(struct reader *, size_t len);
bool read_bytes(struct reader *, void *dst, size_t len);	/* dst zeroed on overrun */
void read_skip(struct reader *, size_t len);

struct writer writer_of(void *buf, size_t size);
size_t writer_len(const struct writer *);
void write_u8(struct writer *, uint8_t);
void write_u16(struct writer *, uint16_t);
void write_u32(struct writer *, uint32_t);
void write_u64(struct writer *, uint64_t);
void write_bytes(struct writer *, const void *src, size_t len);
void write_zeros(struct writer *, size_t len);

/** Internet checksum (RFC 1071): add spans in even lengths (the last may be odd), then finish.
 *  The result is in host order; write it with write_u16(). */
uint32_t checksum_add(uint32_t sum, struct span);
uint16_t checksum_finish(uint32_t sum);
