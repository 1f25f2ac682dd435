/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The receive path, step by step: each case changes one thing of an advert that would be accepted.
 */
#include "unit.h"

#include <string.h>

#include "vrrp/rxcheck.h"

/** A receiver, and an advert for it that is right in every way. */
struct bench {
	struct addr vips[2];
	struct vrrp_peer peers[2];
	struct vrrp_peer_memory peer_memory[2];
	struct vrrp_auth auth;
	struct vrrp_auth_params auth_params;
	struct vrrp_rx_params params;
	struct vrrp_rx_now now;
	struct vrrp_rx_memory memory;
	struct vrrp_outgoing out;
	uint8_t ttl;
	size_t extra;		/* bytes of padding */
	struct vrrp_rx_verdict verdict;
};

static struct addr addr(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return a;
}

static void bench_init(struct bench *b, uint8_t version, bool unicast)
{
	*b = (struct bench){
		.vips = { addr("192.0.2.100"), addr("192.0.2.101") },
		.peers = { { addr("192.0.2.1"), 0, 255 }, { addr("192.0.2.3"), 200, 254 } },
		.params = { .version = version, .family = AF_INET, .vrid = 51,
			    .multicast = !unicast, .every = SEC(1),
			    .group = addr("224.0.0.18"), .n_addrs = 2 },
		.now = { .active = true, .priority = 100 },
		.out = { .version = version, .family = AF_INET, .vrid = 51, .priority = 200,
			 .every = SEC(1), .src = addr("192.0.2.1"),
			 .dst = addr(unicast ? "192.0.2.2" : "224.0.0.18"),
			 .group = addr("224.0.0.18"), .ttl = 255, .n_addrs = 2 },
		.ttl = 255,
	};
	vrrp_auth_init(&b->auth);
	b->params.addrs = b->vips;
	b->out.addrs = b->vips;
	b->params.peers = b->peers;
	b->params.n_peers = unicast ? 2 : 0;
	b->params.auth = &b->auth_params;
	b->memory = (struct vrrp_rx_memory){ &b->auth, b->peer_memory };
}

/** Send and check; @at, if not 0, is the byte to change (after the checksum was made). */
static enum vrrp_reject check_byte(struct bench *b, size_t at, uint8_t value)
{
	uint8_t bytes[VRRP_DATAGRAM_MAX] = { 0 };
	size_t len = vrrp_encode(&b->out, bytes, sizeof(bytes));
	struct vrrp_frame frame;

	assert_int_not_equal(len, 0);
	bytes[8] = b->ttl;
	if (at)
		bytes[at] = value;
	assert_int_equal(vrrp_frame_of_ipv4((struct span){ bytes, len + b->extra }, &frame),
			 VRRP_ACCEPT);
	vrrp_rxcheck(&b->params, &b->now, &b->memory, &frame, &b->verdict);
	return b->verdict.reject;
}

static enum vrrp_reject check(struct bench *b)
{
	return check_byte(b, 0, 0);
}

static void the_right_one(void **state)
{
	struct bench b;

	(void)state;
	for (uint8_t version = 2; version <= 3; version++) {
		for (int unicast = 0; unicast < 2; unicast++) {
			bench_init(&b, version, unicast);
			assert_int_equal(check(&b), VRRP_ACCEPT);
			assert_int_equal(b.verdict.warnings, 0);
			assert_int_equal(b.verdict.advert.priority, 200);
			assert_int_equal(b.verdict.peer, unicast ? 0 : -1);
		}
	}
}

static void not_for_us(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 3, false);
	b.params.vrid = 52;
	assert_int_equal(check(&b), VRRP_REJECT_VRID);
	bench_init(&b, 3, false);
	b.now.active = false;
	assert_int_equal(check(&b), VRRP_REJECT_INACTIVE);
	bench_init(&b, 3, false);
	b.out.dst = addr("192.0.2.2");
	assert_int_equal(check(&b), VRRP_REJECT_DESTINATION);
	bench_init(&b, 3, true);
	b.out.dst = addr("224.0.0.18");
	assert_int_equal(check(&b), VRRP_REJECT_DESTINATION);
	bench_init(&b, 3, false);
	b.params.owner_ignore_adverts = true;
	assert_int_equal(check(&b), VRRP_ACCEPT);
	b.now.priority = 255;
	assert_int_equal(check(&b), VRRP_REJECT_OWNER);
}

static void ttl(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 3, false);
	b.ttl = 254;
	assert_int_equal(check(&b), VRRP_REJECT_TTL);
	assert_int_equal(b.verdict.got, 254);
	assert_int_equal(b.verdict.expected, 255);
	bench_init(&b, 3, true);
	b.ttl = 1;	/* unicast may come from far away */
	assert_int_equal(check(&b), VRRP_ACCEPT);
	b.params.check_unicast_src = true;
	b.out.src = addr("192.0.2.3");
	b.ttl = 199;
	assert_int_equal(check(&b), VRRP_REJECT_PEER_TTL);
	b.ttl = 255;
	assert_int_equal(check(&b), VRRP_REJECT_PEER_TTL);
	b.ttl = 200;
	assert_int_equal(check(&b), VRRP_ACCEPT);
	b.out.src = addr("192.0.2.4");
	assert_int_equal(check(&b), VRRP_REJECT_UNICAST_SRC);
	b.params.check_unicast_src = false;
	assert_int_equal(check(&b), VRRP_ACCEPT);
}

static void version_and_type(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 3, false);
	b.params.version = 2;
	assert_int_equal(check(&b), VRRP_REJECT_VERSION);
	assert_int_equal(b.verdict.got, 3);
	assert_int_equal(b.verdict.expected, 2);
	bench_init(&b, 2, false);
	b.params.version = 3;
	assert_int_equal(check(&b), VRRP_REJECT_VERSION);
	bench_init(&b, 3, false);
	assert_int_equal(check_byte(&b, 20, 0x41), VRRP_REJECT_VERSION);
	assert_int_equal(check_byte(&b, 20, 0x32), VRRP_REJECT_TYPE);
	assert_int_equal(b.verdict.got, 2);
}

static void length_and_padding(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 3, false);
	assert_int_equal(check_byte(&b, 23, 3), VRRP_REJECT_LENGTH);	/* claims 3 addresses */
	assert_int_equal(check_byte(&b, 23, 1), VRRP_REJECT_LENGTH);
	/* 36 bytes are padded to 46, or to 42 when a VLAN tag took 4. */
	b.extra = 10;
	assert_int_equal(check(&b), VRRP_ACCEPT);
	b.extra = 6;
	assert_int_equal(check(&b), VRRP_ACCEPT);
	b.extra = 4;
	assert_int_equal(check(&b), VRRP_REJECT_LENGTH);
	b.extra = 28;	/* a trailer that was not asked for */
	assert_int_equal(check(&b), VRRP_REJECT_LENGTH);
	b.extra = 0;
	assert_int_equal(check_byte(&b, 3, 40), VRRP_REJECT_IP_LENGTH);
	assert_int_equal(check_byte(&b, 2, 0xff), VRRP_REJECT_IP_LENGTH);
}

static void checksums(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 2, false);
	assert_int_equal(check_byte(&b, 26, 0), VRRP_REJECT_CHECKSUM);
	bench_init(&b, 3, false);
	assert_int_equal(check_byte(&b, 26, 0), VRRP_REJECT_CHECKSUM);
	b.out.checksum = VRRP_SUM_AS_V2;
	assert_int_equal(check(&b), VRRP_REJECT_CHECKSUM);
	b.params.checksum = VRRP_SUM_MODE_AS_V2;
	assert_int_equal(check(&b), VRRP_ACCEPT);
	b.out.checksum = VRRP_SUM_STANDARD;
	assert_int_equal(check(&b), VRRP_ACCEPT);
	assert_int_equal(check_byte(&b, 26, 0), VRRP_REJECT_CHECKSUM);
}

/** As keepalived 2.4 sends them to its second peer: adjusted by the difference of the peers. */
static void as_v2_of_2_4(void **state)
{
	struct bench b;
	uint8_t bytes[VRRP_DATAGRAM_MAX];
	struct vrrp_frame frame;
	size_t len;

	(void)state;
	bench_init(&b, 3, true);
	b.params.checksum = VRRP_SUM_MODE_AS_V2;
	b.out.checksum = VRRP_SUM_AS_V2;
	len = vrrp_encode(&b.out, bytes, sizeof(bytes));
	bytes[27] = (uint8_t)(bytes[27] + 1);	/* from 192.0.2.3, a peer of both, to 192.0.2.2 */
	assert_int_equal(vrrp_frame_of_ipv4((struct span){ bytes, len }, &frame), VRRP_ACCEPT);
	vrrp_rxcheck(&b.params, &b.now, &b.memory, &frame, &b.verdict);
	assert_int_equal(b.verdict.reject, VRRP_ACCEPT);
	bytes[27] = (uint8_t)(bytes[27] + 1);
	vrrp_rxcheck(&b.params, &b.now, &b.memory, &frame, &b.verdict);
	assert_int_equal(b.verdict.reject, VRRP_REJECT_CHECKSUM);
}

static void old_form_is_learnt_slowly(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 3, true);
	b.out.checksum = VRRP_SUM_OLD;
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(vrrp_checksum_form_to(&b.params, &b.memory, 0), VRRP_SUM_STANDARD);
		assert_int_equal(check(&b), VRRP_ACCEPT);
	}
	assert_int_equal(b.verdict.warnings, VRRP_RX_NOTE_OLD_FORM);
	assert_int_equal(vrrp_checksum_form_to(&b.params, &b.memory, 0), VRRP_SUM_OLD);
	assert_int_equal(vrrp_checksum_form_to(&b.params, &b.memory, 1), VRRP_SUM_STANDARD);
	b.out.checksum = VRRP_SUM_STANDARD;
	assert_int_equal(check(&b), VRRP_ACCEPT);
	assert_int_equal(b.verdict.warnings, VRRP_RX_NOTE_NEW_FORM);
	assert_int_equal(vrrp_checksum_form_to(&b.params, &b.memory, 0), VRRP_SUM_STANDARD);
	/* Never from strangers, never if it was forbidden, never by multicast. */
	b.out.checksum = VRRP_SUM_OLD;
	b.out.src = addr("192.0.2.77");
	assert_int_equal(check(&b), VRRP_REJECT_CHECKSUM);
	b.out.src = addr("192.0.2.1");
	for (unsigned i = 0; i < ARRAY_LEN(b.peer_memory); i++)
		assert_int_equal(b.peer_memory[i].old_seen, 0);
	b.params.checksum = VRRP_SUM_MODE_NEVER;
	assert_int_equal(check(&b), VRRP_REJECT_CHECKSUM);
	b.params.checksum = VRRP_SUM_MODE_OLD;
	assert_int_equal(check(&b), VRRP_ACCEPT);
	assert_int_equal(vrrp_checksum_form_to(&b.params, &b.memory, 1), VRRP_SUM_OLD);
}

/** A rejected packet teaches nothing. */
static void rejected_leaves_no_trace(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 3, true);
	b.params.check_unicast_src = true;
	b.out.src = addr("192.0.2.3");
	b.out.checksum = VRRP_SUM_OLD;
	b.ttl = 1;
	for (unsigned i = 0; i < 10; i++)
		assert_int_equal(check(&b), VRRP_REJECT_PEER_TTL);
	assert_int_equal(b.peer_memory[1].old_seen, 0);
	assert_int_equal(vrrp_checksum_form_to(&b.params, &b.memory, 1), VRRP_SUM_STANDARD);
}

static void intervals(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 2, false);
	b.out.every = SEC(2);
	assert_int_equal(check(&b), VRRP_REJECT_INTERVAL);
	assert_int_equal(b.verdict.got, 2);
	bench_init(&b, 3, false);
	b.out.every = SEC(2);
	assert_int_equal(check(&b), VRRP_ACCEPT);
	assert_int_equal(b.verdict.warnings, VRRP_RX_WARN_INTERVAL);
	assert_int_equal(b.verdict.got, 200);
	assert_int_equal(b.verdict.expected, 100);
}

static void address_lists(void **state)
{
	struct addr swapped[2], other[2];
	struct bench b;

	(void)state;
	bench_init(&b, 3, false);
	swapped[0] = b.vips[1];
	swapped[1] = b.vips[0];
	b.out.addrs = swapped;
	assert_int_equal(check(&b), VRRP_ACCEPT);
	assert_int_equal(b.verdict.warnings, 0);
	other[0] = b.vips[0];
	other[1] = addr("192.0.2.200");
	b.out.addrs = other;
	assert_int_equal(check(&b), VRRP_ACCEPT);
	assert_int_equal(b.verdict.warnings, VRRP_RX_WARN_ADDR);
	assert_true(addr_equal(b.verdict.missing, b.vips[1]));
	b.out.n_addrs = 1;
	assert_int_equal(check(&b), VRRP_ACCEPT);
	assert_int_equal(b.verdict.warnings, VRRP_RX_WARN_ADDR | VRRP_RX_WARN_COUNT);
	/* The same sender again is not looked at twice, except by a master. */
	b.params.skip_check_addrs = true;
	b.now.master_addr = b.out.src;
	assert_int_equal(check(&b), VRRP_ACCEPT);
	assert_int_equal(b.verdict.warnings, VRRP_RX_WARN_COUNT);
	b.now.master = true;
	assert_int_equal(check(&b), VRRP_ACCEPT);
	assert_int_equal(b.verdict.warnings, VRRP_RX_WARN_ADDR | VRRP_RX_WARN_COUNT);
}

static void auth_types(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 2, false);
	b.auth_params.type = VRRP_WIRE_PASS;
	memcpy(b.auth_params.password, "secret\0", 8);
	assert_int_equal(check(&b), VRRP_REJECT_AUTH_MISMATCH);
	assert_int_equal(b.verdict.got, VRRP_WIRE_NONE);
	assert_int_equal(b.verdict.expected, VRRP_WIRE_PASS);
	b.out.auth_type = VRRP_WIRE_PASS;
	memcpy(b.out.password, "secreT\0", 8);
	assert_int_equal(check(&b), VRRP_REJECT_PASSWORD);
	memcpy(b.out.password, "secret\0", 8);
	assert_int_equal(check(&b), VRRP_ACCEPT);
	b.auth_params.type = VRRP_WIRE_AH;
	assert_int_equal(check(&b), VRRP_REJECT_AH_MISSING);
	b.auth_params.type = VRRP_WIRE_NONE;
	b.out.auth_type = VRRP_WIRE_AH;
	assert_int_equal(check(&b), VRRP_REJECT_AH_UNEXPECTED);
	b.auth_params.type = VRRP_WIRE_AH;
	assert_int_equal(check(&b), VRRP_REJECT_AH_NEXT_HEADER);	/* not sealed at all */
	bench_init(&b, 2, false);
	b.params.auth = NULL;
	assert_int_equal(check(&b), VRRP_ACCEPT);
	vrrp_auth_fini(&b.auth);
}

/** Authentication that is wanted is never skipped for want of a place to keep numbers. */
static void no_memory_is_no_excuse(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 3, false);
	b.auth_params.trailer = VRRP_TRAILER_ENFORCE;
	b.memory.auth = NULL;
	assert_int_equal(check(&b), VRRP_REJECT_HMAC_INVALID);
}

static void ipv6_cast(void **state)
{
	const uint8_t bytes[8] = { 0x31, 51, 100, 0, 0, 100, 0, 0 };
	struct vrrp_rx_params params = { .version = 3, .family = AF_INET6, .vrid = 51,
					 .multicast = true, .every = SEC(1) };
	struct vrrp_rx_now now = { .active = true };
	struct vrrp_rx_memory memory = { 0 };
	struct vrrp_rx_verdict verdict;
	struct vrrp_frame frame;

	(void)state;
	assert_int_equal(vrrp_frame_of_ipv6((struct span){ bytes, 8 }, addr("fe80::1"),
					    addr("fe80::2"), 255, &frame),
			 VRRP_ACCEPT);
	vrrp_rxcheck(&params, &now, &memory, &frame, &verdict);
	assert_int_equal(verdict.reject, VRRP_REJECT_CAST);
	params.multicast = false;
	vrrp_rxcheck(&params, &now, &memory, &frame, &verdict);
	assert_int_equal(verdict.reject, VRRP_ACCEPT);
	assert_int_equal(vrrp_frame_of_ipv6((struct span){ bytes, 7 }, addr("fe80::1"),
					    addr("fe80::2"), 255, &frame),
			 VRRP_REJECT_SHORT);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(the_right_one),
	cmocka_unit_test(not_for_us),
	cmocka_unit_test(ttl),
	cmocka_unit_test(version_and_type),
	cmocka_unit_test(length_and_padding),
	cmocka_unit_test(checksums),
	cmocka_unit_test(as_v2_of_2_4),
	cmocka_unit_test(old_form_is_learnt_slowly),
	cmocka_unit_test(rejected_leaves_no_trace),
	cmocka_unit_test(intervals),
	cmocka_unit_test(address_lists),
	cmocka_unit_test(auth_types),
	cmocka_unit_test(no_memory_is_no_excuse),
	cmocka_unit_test(ipv6_cast),
};

UNIT_MAIN(tests)
