/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Self-diagnosis: from adverts that are refused, differ or should not be, to a finding and the
 * words for it.
 */
#include "unit.h"

#include <string.h>

#include "vrrp/diagnose.h"

struct bench {
	struct vrrp_hearing hearing;
	struct vrrp_self self;
	struct addr vips[2];
	uint8_t theirs[8];		/* two addresses, as in the advert */
	struct vrrp_rx_params params;
	struct vrrp_frame frame;
	struct vrrp_rx_verdict verdict;
	struct vrrp_instance_config config;
	struct vrrp_diagnosed who;	/* without places: those are seen in tests/net */
	ktime now;
	struct vrrp_diagnosis found;
};

static struct addr addr(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return a;
}

static void hold(struct bench *b, const char *first, const char *second)
{
	memcpy(b->theirs, addr(first).bytes, 4);
	memcpy(b->theirs + 4, addr(second).bytes, 4);
}

static void bench_init(struct bench *b)
{
	*b = (struct bench){
		.self = { .state = VRRP_STATE_MASTER, .priority = 100, .heard = true,
			  .every = SEC(1), .src = addr("192.0.2.2") },
		.vips = { addr("192.0.2.100"), addr("192.0.2.101") },
		.params = { .version = 2, .family = AF_INET, .vrid = 51, .multicast = true,
			    .every = SEC(1), .n_addrs = 2 },
		.frame = { .src = addr("192.0.2.1") },
		.verdict = { .peer = -1, .advert = { .priority = 150, .n_addrs = 2 } },
		.config = { .vrid = 51, .priority = 100, .advert_every = SEC(1) },
		.now = { SEC(100).ns },
	};
	b->params.addrs = b->vips;
	b->who.config = &b->config;
	hold(b, "192.0.2.100", "192.0.2.101");
	b->verdict.advert.addrs = (struct span){ b->theirs, sizeof(b->theirs) };
}

/** Hear the verdict @n times, an interval apart, and look. */
static enum vrrp_finding hear(struct bench *b, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		b->now = ktime_add(b->now, b->self.every);
		(void)vrrp_hearing_note(&b->hearing, &b->self, &b->params, &b->frame, &b->verdict,
					b->now);
	}
	vrrp_diagnose(&b->hearing, &b->self, b->now, &b->found);
	return b->found.finding;
}

static void assert_says(struct bench *b, const char *words)
{
	char text[VRRP_DIAGNOSIS_TEXT_MAX];

	vrrp_diagnosis_text(&b->found, &b->who, text, sizeof(text));
	if (strstr(text, words) == NULL)
		fail_msg("'%s' does not say '%s'", text, words);
	assert_null(strchr(text, '%'));
}

static void refused(void **state attr_unused)
{
	struct bench b;

	bench_init(&b);
	b.verdict.reject = VRRP_REJECT_PASSWORD;
	assert_int_equal(hear(&b, 2), VRRP_FINDING_NONE);
	assert_int_equal(hear(&b, 1), VRRP_FINDING_REFUSED);
	assert_int_equal(b.found.reject, VRRP_REJECT_PASSWORD);
	assert_says(&b, "192.0.2.1");
	assert_says(&b, "write the same auth_pass");
}

static void numbers(void **state attr_unused)
{
	static const struct {
		enum vrrp_reject reject;
		uint32_t got, expected;
		const char *words;
	} cases[] = {
		{ VRRP_REJECT_VERSION, 3, 2, "write vrrp_version 3 here or vrrp_version 2 there" },
		{ VRRP_REJECT_INTERVAL, 2, 1, "write advert_int 2 here or advert_int 1 there" },
		{ VRRP_REJECT_TTL, 64, 255, "TTL is 64, not 255" },
		{ VRRP_REJECT_AUTH_MISMATCH, 0, 1, "auth_type is not used there and PASS here" },
		{ VRRP_REJECT_HMAC_STALE, 40, 15, "differ by 40 s, more than time_window 15" },
		{ VRRP_REJECT_HMAC_UNKNOWN_KEY, 9, 0, "write key 9 in auth_hmac here" },
		{ VRRP_REJECT_UNICAST_SRC, 0, 0, "write 192.0.2.1 in unicast_peer here" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench b;

		bench_init(&b);
		b.verdict.reject = cases[i].reject;
		b.verdict.got = cases[i].got;
		b.verdict.expected = cases[i].expected;
		assert_int_equal(hear(&b, 3), VRRP_FINDING_REFUSED);
		assert_says(&b, cases[i].words);
	}
}

/* Every reason has words, and they fit. */
static void all_reasons(void **state attr_unused)
{
	char text[VRRP_DIAGNOSIS_TEXT_MAX], tiny[5];
	struct bench b;

	bench_init(&b);
	for (unsigned reject = 1; reject < n_vrrp_reject; reject++) {
		b.found = (struct vrrp_diagnosis){ .finding = VRRP_FINDING_REFUSED,
						   .reject = (uint8_t)reject,
						   .from = addr("2001:db8::1") };
		assert_says(&b, "are refused: ");
	}
	for (unsigned finding = 1; finding < n_vrrp_finding; finding++) {
		b.found = (struct vrrp_diagnosis){ .finding = (uint8_t)finding, .stranger = true,
						   .from = addr("2001:db8::1"),
						   .missing = addr("2001:db8::2") };
		vrrp_diagnosis_text(&b.found, &b.who, text, sizeof(text));
		assert_true(strlen(text) > 40 && strlen(text) < sizeof(text) - 80);
		vrrp_diagnosis_text(&b.found, &b.who, tiny, sizeof(tiny));
		assert_int_equal(strlen(tiny), 4);
	}
	b.found.finding = VRRP_FINDING_NONE;
	assert_string_equal(vrrp_diagnosis_text(&b.found, &b.who, text, sizeof(text)), "");
}

static void foreign(void **state attr_unused)
{
	struct bench b;

	bench_init(&b);
	hold(&b, "198.51.100.1", "198.51.100.2");
	b.verdict.reject = VRRP_REJECT_PASSWORD;
	assert_int_equal(hear(&b, 3), VRRP_FINDING_FOREIGN);
	assert_says(&b, "uses virtual_router_id 51 for other addresses (2, none of ours)");

	bench_init(&b);
	b.self.state = VRRP_STATE_BACKUP;
	hold(&b, "198.51.100.1", "198.51.100.2");
	b.verdict.warnings = VRRP_RX_WARN_ADDR;
	b.verdict.missing = b.vips[0];
	assert_int_equal(hear(&b, 3), VRRP_FINDING_FOREIGN);
}

static void unheard(void **state attr_unused)
{
	struct bench b;

	bench_init(&b);
	b.verdict.advert.priority = 50;
	assert_int_equal(hear(&b, 2), VRRP_FINDING_NONE);
	assert_int_equal(hear(&b, 1), VRRP_FINDING_UNHEARD);
	assert_says(&b, "192.0.2.1 (priority 50, ours 100)");

	/* Unicast, and we do not send to it. */
	bench_init(&b);
	b.params.multicast = false;
	b.verdict.advert.priority = 50;
	assert_int_equal(hear(&b, 3), VRRP_FINDING_UNHEARD);
	assert_says(&b, "write 192.0.2.1 in unicast_peer here, it is not there");
}

/* A burst while a router takes over is nothing. */
static void takeover(void **state attr_unused)
{
	struct bench b;

	bench_init(&b);
	b.verdict.advert.priority = 50;
	b.self.every = MSEC(1);
	(void)hear(&b, 2);
	b.self.every = SEC(1);
	assert_int_equal(hear(&b, 0), VRRP_FINDING_NONE);
	b.verdict.advert.priority = 0;
	assert_int_equal(hear(&b, 5), VRRP_FINDING_NONE);
	b.verdict.advert.priority = 200;
	assert_int_equal(hear(&b, 5), VRRP_FINDING_NONE);
}

static void twins(void **state attr_unused)
{
	struct bench b;

	bench_init(&b);
	b.frame.src = b.self.src;
	b.verdict.advert.priority = 100;
	assert_int_equal(hear(&b, 3), VRRP_FINDING_SAME_ADDRESS);

	bench_init(&b);
	b.self.priority = b.verdict.advert.priority = 255;
	assert_int_equal(hear(&b, 3), VRRP_FINDING_OWNERS);

	bench_init(&b);
	b.self.priority = b.verdict.advert.priority = 255;
	b.verdict.reject = VRRP_REJECT_OWNER;
	assert_int_equal(hear(&b, 3), VRRP_FINDING_OWNERS);
}

static void differs(void **state attr_unused)
{
	struct bench b;

	bench_init(&b);
	b.self.state = VRRP_STATE_BACKUP;
	b.verdict.warnings = VRRP_RX_WARN_INTERVAL;
	b.verdict.got = 50;
	assert_int_equal(hear(&b, 3), VRRP_FINDING_INTERVAL);
	assert_says(&b, "has advert_int 0.5, we have 1");

	/* Two at a time: one of them is told. */
	bench_init(&b);
	b.self.state = VRRP_STATE_BACKUP;
	for (unsigned i = 0; i < 6; i++) {
		b.frame.src = addr(i % 2 ? "192.0.2.1" : "192.0.2.9");
		b.verdict.reject = i % 2 ? VRRP_REJECT_PASSWORD : VRRP_REJECT_AUTH_MISMATCH;
		b.now = ktime_add(b.now, MSEC(500));
		(void)hear(&b, 1);
	}
	assert_int_equal(b.found.finding, VRRP_FINDING_REFUSED);

	/* The operator corrects it. */
	bench_init(&b);
	b.self.state = VRRP_STATE_BACKUP;
	b.verdict.warnings = VRRP_RX_WARN_ADDR;
	b.verdict.missing = b.vips[1];
	b.now = ktime_add(b.now, SEC(60));
	hold(&b, "192.0.2.100", "192.0.2.109");
	assert_int_equal(hear(&b, 3), VRRP_FINDING_ADDRESSES);
	assert_says(&b, "(it lacks 192.0.2.101)");
	b.verdict.warnings = 0;
	assert_int_equal(hear(&b, 1), VRRP_FINDING_NONE);
}

static void silence(void **state attr_unused)
{
	struct bench b;

	bench_init(&b);
	b.self.heard = false;
	assert_int_equal(hear(&b, 0), VRRP_FINDING_SILENCE);
	assert_says(&b, "no router was heard");
	b.self.state = VRRP_STATE_BACKUP;
	assert_int_equal(hear(&b, 0), VRRP_FINDING_NONE);
	b.self.state = VRRP_STATE_MASTER;
	b.self.priority = 255;
	assert_int_equal(hear(&b, 0), VRRP_FINDING_NONE);
	/* Refused adverts are the better reason. */
	b.self.priority = 100;
	b.verdict.reject = VRRP_REJECT_CHECKSUM;
	assert_int_equal(hear(&b, 3), VRRP_FINDING_REFUSED);
}

/* Facts end: when they are corrected, when they stop, and not for a second sender. */
static void ends(void **state attr_unused)
{
	struct bench b;

	bench_init(&b);
	b.verdict.reject = VRRP_REJECT_PASSWORD;
	assert_int_equal(hear(&b, 3), VRRP_FINDING_REFUSED);
	b.frame.src = addr("192.0.2.9");
	assert_int_equal(hear(&b, 1), VRRP_FINDING_REFUSED);
	assert_true(addr_equal(b.found.from, addr("192.0.2.1")));
	b.now = ktime_add(b.now, SEC(10));
	assert_int_equal(hear(&b, 0), VRRP_FINDING_NONE);
	assert_true(vrrp_hearing_is_stale(&b.hearing, &b.self, b.now));
	assert_int_equal(hear(&b, 3), VRRP_FINDING_REFUSED);
	assert_true(addr_equal(b.found.from, addr("192.0.2.9")));
	b.verdict.reject = VRRP_ACCEPT;
	assert_int_equal(hear(&b, 1), VRRP_FINDING_NONE);
}

/* A flood of changing packets gives no reason to look, once there is a finding. */
static void flood(void **state attr_unused)
{
	struct bench b;

	bench_init(&b);
	b.verdict.reject = VRRP_REJECT_PASSWORD;
	(void)hear(&b, 3);
	for (unsigned i = 0; i < 1000; i++) {
		b.frame.src.bytes[3] = i % 2 ? 1 : (uint8_t)i;
		b.verdict.reject = i % 3 ? VRRP_REJECT_PASSWORD : VRRP_REJECT_TTL;
		assert_false(vrrp_hearing_note(&b.hearing, &b.self, &b.params, &b.frame,
					       &b.verdict, b.now));
	}
	assert_int_equal(hear(&b, 0), VRRP_FINDING_REFUSED);
}

/* In FAULT or before the start nothing is anybody's fault. */
static void inactive(void **state attr_unused)
{
	struct bench b;

	bench_init(&b);
	b.verdict.reject = VRRP_REJECT_PASSWORD;
	b.self.state = VRRP_STATE_FAULT;
	assert_int_equal(hear(&b, 3), VRRP_FINDING_NONE);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(refused),	cmocka_unit_test(numbers),
	cmocka_unit_test(all_reasons),	cmocka_unit_test(foreign),
	cmocka_unit_test(unheard),	cmocka_unit_test(takeover),
	cmocka_unit_test(twins),	cmocka_unit_test(differs),
	cmocka_unit_test(silence),	cmocka_unit_test(ends),
	cmocka_unit_test(flood),	cmocka_unit_test(inactive),
};

UNIT_MAIN(tests)
