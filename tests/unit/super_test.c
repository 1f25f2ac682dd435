/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small decisions of the supervisor: names, restart delays, times of reloads.
 */
#include "unit.h"

#include <stdlib.h>
#include <time.h>

#include "core/engine.h"
#include "core/names.h"
#include "core/reload_time.h"
#include "core/health.h"
#include "core/respawn.h"

static const struct engine checker = { .ident = "healthcheckers", .pid_name = "checkers" };

#define EXPECT(call, text)                                \
	do {                                              \
		struct strbuf out_ = { 0 };               \
		struct strbuf *out = &out_;               \
		call;                                     \
		assert_string_equal(strbuf_text(out), text); \
		strbuf_fini(out);                         \
	} while (0)

static void test_suffixes(void **state)
{
	(void)state;
	EXPECT(name_add_suffix("/tmp/keepalived.data", "_check", out),
	       "/tmp/keepalived_check.data");
	EXPECT(name_add_suffix("/tmp.d/keepalived", "_check", out), "/tmp.d/keepalived_check");
	EXPECT(name_add_suffix("a.b.log", "_x", out), "a.b_x.log");
}

static void test_names(void **state)
{
	const struct names plain = { .tmp_dir = "/tmp" };
	const struct names full = { .tmp_dir = "/t", .net_namespace = "blue", .instance = "one",
				    .pid_dir = true };

	(void)state;
	EXPECT(name_ident(&plain, NULL, out), "Keepalived");
	EXPECT(name_ident(&full, &checker, out), "Keepalived_healthcheckers_blue_one");
	EXPECT(name_log_file(&plain, "/var/log/ka.log", &checker, out),
	       "/var/log/ka_healthcheckers.log");
	EXPECT(name_log_file(&full, "ka.log", NULL, out), "/t/ka_blue_one.log");
	EXPECT(name_pid_file(&plain, NULL, out), PIDDIR "/keepalived.pid");
	EXPECT(name_pid_file(&plain, &checker, out), PIDDIR "/keepalived_checkers.pid");
	EXPECT(name_pid_file(&full, &checker, out),
	       PIDDIR "/keepalived/keepalived_checkers_one.pid");
	EXPECT(name_reload_file(&full, out), PIDDIR "/keepalived/keepalived_one.reload");
}

static void test_dump_names(void **state)
{
	struct global_config global = { 0 };
	const struct config config = { .global = &global };
	const struct names full = { .tmp_dir = "/t", .net_namespace = "blue", .instance = "one" };

	(void)state;
	EXPECT(name_dump_file(&full, &config, DUMP_DATA, "_check", out),
	       "/t/keepalived_check.data");
	EXPECT(name_dump_file(&full, &config, DUMP_JSON, "", out), "/t/keepalived.json");
	global.data_use_instance = true;
	EXPECT(name_dump_file(&full, &config, DUMP_DATA, "_check", out),
	       "/t/keepalived_check.blue_one.data");
	EXPECT(name_dump_file(&full, &config, DUMP_STATS, "", out),
	       "/t/keepalived.blue_one.stats");
	global.data_use_instance = false;
	global.state_dump_file = "/run/ka/";
	EXPECT(name_dump_file(&full, &config, DUMP_DATA, "_parent", out),
	       "/run/ka/keepalived_parent.data");
	global.state_dump_file = "/run/state.txt";
	EXPECT(name_dump_file(&full, &config, DUMP_DATA, "_bfd", out), "/run/state_bfd.txt");
	global.json_dump_file = "some/where.json";
	EXPECT(name_dump_file(&full, &config, DUMP_JSON, "", out), "/t/where.json");
}

/* Questions on time, answered or not as @answers says ("." not); true if it counts as stuck. */
static bool is_stuck(struct health *h, ktime *now, const char *answers)
{
	for (; *answers; answers++) {
		*now = h->next_at;
		if (!health_ask(h, false, *now))
			return true;
		if (*answers != '.')
			assert_true(health_answered(h, h->asked));
	}
	return false;
}

static void test_health(void **state)
{
	ktime now = { SEC(1000).ns };
	struct health h;

	(void)state;
	health_start(&h, now);
	assert_int_equal(ktime_diff(h.next_at, now).ns, HEALTH_EVERY.ns);
	assert_false(is_stuck(&h, &now, "xxxx.x.x.."));
	assert_true(is_stuck(&h, &now, "."));
	/* One that was just started is not asked yet. */
	health_start(&h, now);
	assert_false(is_stuck(&h, &now, ".."));
	assert_true(is_stuck(&h, &now, "."));
}

static void test_health_excuses(void **state)
{
	ktime now = { SEC(1000).ns };
	struct health h;

	(void)state;
	health_start(&h, now);
	assert_false(is_stuck(&h, &now, ".."));
	/* Whoever asks was held up himself. */
	assert_true(health_ask(&h, false, ktime_add(h.next_at, MSEC(1500))));
	assert_false(is_stuck(&h, &now, "."));
	/* It was busy. */
	assert_true(health_ask(&h, true, h.next_at));
	assert_false(is_stuck(&h, &now, "."));
	assert_true(is_stuck(&h, &now, "."));
	/* A late answer to an older question is no proof, and none that was not asked an answer. */
	health_start(&h, now);
	assert_false(health_answered(&h, 0));
	assert_false(health_answered(&h, 1));
	assert_false(is_stuck(&h, &now, ".."));
	assert_true(health_answered(&h, h.asked - 1));
	assert_false(health_answered(&h, h.asked + 1));
	assert_true(is_stuck(&h, &now, "."));
}

static void test_events_that_cannot_be(void **state)
{
	const struct event good = { .kind = EVENT_GROUP, .what = EVENT_STOP,
				    .cause = { .type = CAUSE_ADVERT, .from.family = AF_INET6 } };
	struct event e = good;

	(void)state;
	assert_true(event_is_sane(&e));
	e.kind = (enum event_kind)n_event_kind;
	assert_false(event_is_sane(&e));
	e = good;
	e.what = (enum event_what)-1;
	assert_false(event_is_sane(&e));
	e = good;
	e.cause.type = (enum cause_type)n_cause_type;
	assert_false(event_is_sane(&e));
	e = good;
	e.cause.from.family = 99;
	assert_false(event_is_sane(&e));
	e = good;
	memset(e.cause.text, 'x', sizeof(e.cause.text));
	assert_false(event_is_sane(&e));
	e = good;
	memset(&e.quiet, 2, 1);
	assert_false(event_is_sane(&e));
}

static void test_respawn(void **state)
{
	static const int expected[] = { 0, 1, 2, 4, 8, 16, 32, 60, 60, 60 };
	struct respawn r = { 0 };
	ktime now = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		respawn_started(&r, now);
		now = ktime_add(now, SEC(1));
		kspan delay = respawn_delay(&r, now);

		assert_int_equal(kspan_sec(delay), expected[i]);
		now = ktime_add(now, delay);
	}
	respawn_started(&r, now);
	assert_int_equal(respawn_delay(&r, ktime_add(now, SEC(60))).ns, 0);
	assert_int_equal(kspan_sec(respawn_delay(&r, ktime_add(now, SEC(1)))), 1);
}

/* 2026-11-24 11:00:00 UTC */
#define NOW 1795518000

static void expect_time(const char *text, enum reload_time_result result, int64_t at,
			bool has_date)
{
	int64_t got = 0;
	bool date = false;

	assert_int_equal(reload_time_parse(text, NOW, &got, &date), result);
	if (result != RELOAD_TIME_OK)
		return;
	assert_int_equal(got, at);
	assert_int_equal(date, has_date);
}

static void test_reload_times(void **state)
{
	(void)state;
	setenv("TZ", "UTC-1", 1);
	tzset();
	expect_time("12:30:00Z\n", RELOAD_TIME_OK, NOW + 5400, false);
	expect_time("12:30:00\n", RELOAD_TIME_OK, NOW + 1800, false);
	expect_time("10:00:00Z", RELOAD_TIME_OK, NOW + 23 * 3600, false);
	expect_time("11:00:00Z", RELOAD_TIME_OK, NOW + 24 * 3600, false);
	expect_time("2026-11-25 11:00:00Z\nmore", RELOAD_TIME_OK, NOW + 86400, true);
	expect_time("26-11-25 11:00:00Z", RELOAD_TIME_OK, NOW + 86400, true);
	expect_time("2026-11-24 10:59:59Z", RELOAD_TIME_PAST, 0, true);
	expect_time("99-11-24 10:59:59Z", RELOAD_TIME_PAST, 0, true);
	expect_time("", RELOAD_TIME_EMPTY, 0, false);
	expect_time("\n12:00:00", RELOAD_TIME_EMPTY, 0, false);
	expect_time("24:00:00", RELOAD_TIME_INVALID, 0, false);
	expect_time("12:60:00", RELOAD_TIME_INVALID, 0, false);
	expect_time("2026-02-30 12:00:00", RELOAD_TIME_INVALID, 0, true);
	expect_time("2026-13-01 12:00:00", RELOAD_TIME_INVALID, 0, true);
	expect_time(" 12:00:00", RELOAD_TIME_FORMAT, 0, false);
	expect_time("12:00", RELOAD_TIME_FORMAT, 0, false);
	expect_time("12:00:00 ", RELOAD_TIME_FORMAT, 0, false);
	expect_time("12:00:00z", RELOAD_TIME_FORMAT, 0, false);
	expect_time("2026-1-01 12:00:00", RELOAD_TIME_FORMAT, 0, true);
	expect_time("a very long line that is no time at all", RELOAD_TIME_FORMAT, 0, false);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_suffixes),
	cmocka_unit_test(test_names),
	cmocka_unit_test(test_dump_names),
	cmocka_unit_test(test_respawn),
		cmocka_unit_test(test_health),
		cmocka_unit_test(test_health_excuses),
		cmocka_unit_test(test_events_that_cannot_be),
	cmocka_unit_test(test_reload_times),
};

UNIT_MAIN(tests)
