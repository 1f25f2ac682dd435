/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cursors: order of bytes, errors that stick; the checksum of RFC 1071.
 */
#include "unit.h"

#include <string.h>

#include "base/span.h"

static void read_in_network_order(void **state)
{
	static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
	struct reader r = reader_of((struct span){ bytes, sizeof(bytes) });

	(void)state;
	assert_int_equal(read_u8(&r), 0x01);
	assert_int_equal(read_u16(&r), 0x0203);
	assert_int_equal(read_u32(&r), 0x04050607);
	assert_true(read_u64(&r) == 0x08090a0b0c0d0e0f);
	assert_int_equal(reader_left(&r), 1);
	read_skip(&r, 1);
	assert_int_equal(reader_left(&r), 0);
	assert_false(r.overrun);
}

static void overrun_sticks(void **state)
{
	static const uint8_t bytes[] = { 1, 2, 3 };
	struct reader r = reader_of((struct span){ bytes, sizeof(bytes) });
	uint8_t out[2] = { 9, 9 };

	(void)state;
	assert_int_equal(read_u32(&r), 0);
	assert_true(r.overrun);
	assert_int_equal(read_u8(&r), 0);
	assert_int_equal(reader_left(&r), 0);
	assert_int_equal(read_span(&r, 0).len, 0);
	assert_false(read_bytes(&r, out, 2));
	assert_int_equal(out[0] | out[1], 0);
	read_skip(&r, 0);
	assert_true(r.overrun);
}

static void lengths_near_the_end(void **state)
{
	static const uint8_t bytes[] = { 1, 2, 3 };
	struct reader r = reader_of((struct span){ bytes, sizeof(bytes) });
	struct span s = read_span(&r, 3);

	(void)state;
	assert_ptr_equal(s.data, bytes);
	assert_int_equal(s.len, 3);
	read_skip(&r, SIZE_MAX);
	assert_true(r.overrun);
	r = reader_of((struct span){ 0 });
	assert_int_equal(read_u8(&r), 0);
	assert_true(r.overrun);
}

static void written_and_read_back(void **state)
{
	uint8_t buf[18];
	struct writer w = writer_of(buf, sizeof(buf));
	struct reader r;

	(void)state;
	write_u8(&w, 0xab);
	write_u16(&w, 0x1234);
	write_u32(&w, 0xdeadbeef);
	write_u64(&w, 0x0102030405060708);
	write_bytes(&w, "x", 1);
	write_zeros(&w, 2);
	assert_int_equal(writer_len(&w), sizeof(buf));
	assert_false(w.overrun);
	write_u8(&w, 1);
	assert_true(w.overrun);
	assert_int_equal(writer_len(&w), sizeof(buf));
	r = reader_of((struct span){ buf, sizeof(buf) });
	assert_int_equal(read_u8(&r), 0xab);
	assert_int_equal(read_u16(&r), 0x1234);
	assert_int_equal(read_u32(&r), 0xdeadbeef);
	assert_true(read_u64(&r) == 0x0102030405060708);
	assert_int_equal(read_u8(&r), 'x');
	assert_int_equal(read_u16(&r), 0);
}

static void write_does_not_pass_the_end(void **state)
{
	uint8_t buf[4] = { 0, 0, 0, 0x55 };
	struct writer w = writer_of(buf, 3);

	(void)state;
	write_u16(&w, 0xffff);
	write_u16(&w, 0xffff);
	write_u8(&w, 0xff);
	assert_true(w.overrun);
	assert_int_equal(buf[2], 0);
	assert_int_equal(buf[3], 0x55);
}

static void checksums(void **state)
{
	/* The example of RFC 1071 section 3. */
	static const uint8_t rfc[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };
	static const uint8_t odd[] = { 0x12, 0x34, 0x56 };
	static uint8_t ones[200000];
	uint32_t parts;

	(void)state;
	assert_int_equal(checksum_finish(checksum_add(0, (struct span){ rfc, 8 })),
			 (uint16_t)~0xddf2);
	parts = checksum_add(checksum_add(0, (struct span){ rfc, 4 }), (struct span){ rfc + 4, 4 });
	assert_int_equal(checksum_finish(parts), (uint16_t)~0xddf2);
	assert_int_equal(checksum_finish(checksum_add(0, (struct span){ odd, 3 })),
			 (uint16_t)~(0x1234 + 0x5600));
	assert_int_equal(checksum_finish(checksum_add(0, (struct span){ 0 })), 0xffff);
	memset(ones, 0xff, sizeof(ones));
	parts = checksum_add(0xffffffff, (struct span){ ones, sizeof(ones) });
	assert_int_equal(checksum_finish(parts), 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(read_in_network_order),
	cmocka_unit_test(overrun_sticks),
	cmocka_unit_test(lengths_near_the_end),
	cmocka_unit_test(written_and_read_back),
	cmocka_unit_test(write_does_not_pass_the_end),
	cmocka_unit_test(checksums),
};

UNIT_MAIN(tests)
