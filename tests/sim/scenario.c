/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scenarios as text: routers, links, what happens when, what must hold then. One statement a line:
 *
 *	router NAME [KEY [VALUE]]...		see router_keys
 *	group NAME MEMBER...			the router has instances NAME.MEMBER in a group
 *	member NAME.MEMBER [KEY [VALUE]]...	its own settings
 *	link NAME ROUTER|INSTANCE... [loss PERCENT] [delay TIME]
 *	at TIME COMMAND ...			see commands
 *	by TIME EXPECTATION, ...		holds at TIME
 *	until TIME EXPECTATION, ...		holds from now to TIME
 *	always at most one MASTER for more than TIME
 *
 * Expectations: NAME STATE | NAME priority|zeros|adverts|transitions N | NAME rejects REASON N |
 * NAME cause TEXT | NAME learnt old|new checksum | group ROUTER STATE.
 */
#include "scenario.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/str.h"

static const uint8_t key_bytes[32] = "an example of a shared secret..";
static const struct vrrp_auth_key keys[] = { { 1, { key_bytes, sizeof(key_bytes) } } };

bool scn_fail(struct scenario *s, const char *fmt, ...)
{
	va_list args;
	size_t len;

	if (s->why[0])
		return false;
	snprintf(s->why, sizeof(s->why), "%s:%u: at %.4fs: ", s->path, s->line,
		 (double)s->world->now.ns / 1e9);
	len = strlen(s->why);
	va_start(args, fmt);
	vsnprintf(s->why + len, sizeof(s->why) - len, fmt, args);
	va_end(args);
	return false;
}

/** "1.5s", "-200ms", "3" (seconds). */
bool scn_parse_time(const char *word, int64_t *out_ns)
{
	bool minus = word[0] == '-';
	bool milli = strlen(word) > 2 && str_eq(word + strlen(word) - 2, "ms");
	char digits[32];
	uint64_t ns;

	(void)str_copy(digits, sizeof(digits), word + minus);
	digits[strcspn(digits, "ms")] = '\0';
	if (num_parse_decimal(digits, milli ? 6 : 9, 0, INT64_MAX / 2, &ns) != NUM_OK)
		return false;
	*out_ns = minus ? -(int64_t)ns : (int64_t)ns;
	return true;
}

int scn_number(const char *word)
{
	int64_t n = 0;

	(void)num_parse_i64(word, 10, INT32_MIN, INT32_MAX, &n);
	return (int)n;
}

/* -- settings ------------------------------------------------------------------------------ */

enum key_kind { KEY_FLAG, KEY_U8, KEY_TIME, KEY_CALL };

struct key {
	const char *word;
	enum key_kind kind;
	size_t at;    /* in struct sim_setup */
	uint8_t flag; /* what a flag stores */
	bool (*call)(struct sim_setup *, const char *value);
	bool has_value;
};

static bool set_owner(struct sim_setup *setup, const char *value)
{
	(void)value;
	setup->params.priority = 255;
	setup->params.start_master = true;
	return true;
}

static bool set_pass(struct sim_setup *setup, const char *value)
{
	setup->auth.type = VRRP_WIRE_PASS;
	memset(setup->auth.password, 0, sizeof(setup->auth.password));
	memcpy(setup->auth.password, value, MIN_OF(strlen(value), sizeof(setup->auth.password)));
	return true;
}

static bool set_ah(struct sim_setup *setup, const char *value)
{
	(void)set_pass(setup, value);
	setup->auth.type = VRRP_WIRE_AH;
	setup->auth.crypto = &sim_crypto;
	return true;
}

static bool set_hmac(struct sim_setup *setup, const char *value)
{
	setup->auth.crypto = &sim_crypto;
	setup->auth.keys = keys;
	setup->auth.n_keys = 1;
	setup->auth.active_key = 1;
	setup->auth.time_window = SEC(5);
	if (str_eq(value, "enforce"))
		setup->auth.trailer = VRRP_TRAILER_ENFORCE;
	else if (str_eq(value, "permissive"))
		setup->auth.trailer = VRRP_TRAILER_PERMISSIVE;
	else if (str_eq(value, "receive-only"))
		setup->auth.trailer = VRRP_TRAILER_RECEIVE_ONLY;
	else
		return false;
	return true;
}

static bool set_checksum(struct sim_setup *setup, const char *value)
{
	static const char *const words[] = { "auto", "never", "old", "as_v2" };

	for (unsigned i = 0; i < ARRAY_LEN(words); i++) {
		if (!str_eq(value, words[i]))
			continue;
		setup->checksum = (enum vrrp_checksum_mode)i;
		return true;
	}
	return false;
}

static bool set_family(struct sim_setup *setup, const char *value)
{
	setup->family = str_eq(value, "6") ? AF_INET6 : AF_INET;
	return str_eq(value, "6") || str_eq(value, "4");
}

#define AT(member) offsetof(struct sim_setup, member)

static const struct key router_keys[] = {
	{ "priority", KEY_U8, AT(params.priority), 0, NULL, true },
	{ "version", KEY_U8, AT(params.version), 0, NULL, true },
	{ "vrid", KEY_U8, AT(vrid), 0, NULL, true },
	{ "every", KEY_TIME, AT(params.every), 0, NULL, true },
	{ "down_timer_adverts", KEY_U8, AT(params.down_timer_adverts), 0, NULL, true },
	{ "preempt_delay", KEY_TIME, AT(params.preempt_delay), 0, NULL, true },
	{ "timer_expired_backup", KEY_U8, AT(params.late_priority), 0, NULL, true },
	{ "preempt", KEY_FLAG, AT(params.preempt), 1, NULL, false },
	{ "nopreempt", KEY_FLAG, AT(params.preempt), 0, NULL, false },
	{ "lower_prio_no_advert", KEY_FLAG, AT(params.lower_prio_no_advert), 1, NULL, false },
	{ "higher_prio_send_advert", KEY_FLAG, AT(params.higher_prio_send_advert), 1, NULL, false },
	{ "owner_ignore_adverts", KEY_FLAG, AT(owner_ignore), 1, NULL, false },
	{ "unicast", KEY_FLAG, AT(unicast), 1, NULL, false },
	{ "check_unicast_src", KEY_FLAG, AT(check_unicast_src), 1, NULL, false },
	{ "monotonic", KEY_FLAG, AT(auth.monotonic), 1, NULL, false },
	{ "owner", KEY_CALL, 0, 0, set_owner, false },
	{ "pass", KEY_CALL, 0, 0, set_pass, true },
	{ "ah", KEY_CALL, 0, 0, set_ah, true },
	{ "hmac", KEY_CALL, 0, 0, set_hmac, true },
	{ "checksum", KEY_CALL, 0, 0, set_checksum, true },
	{ "family", KEY_CALL, 0, 0, set_family, true },
};

static bool set_key(struct sim_setup *setup, const struct key *key, const char *value)
{
	uint8_t *field = (uint8_t *)setup + key->at;
	int64_t ns;

	switch (key->kind) {
	case KEY_FLAG:
		*field = key->flag;
		return true;
	case KEY_U8:
		*field = (uint8_t)scn_number(value);
		return true;
	case KEY_TIME:
		if (!scn_parse_time(value, &ns))
			return false;
		memcpy(field, &(kspan){ ns }, sizeof(kspan));
		return true;
	case KEY_CALL:
		return key->call(setup, value);
	}
	return false;
}

/** Words from @i on: settings of an instance; those of the router itself are left to @router. */
bool scn_apply_keys(struct scenario *s, unsigned i, struct sim_setup *setup,
		    struct sim_router *router)
{
	int64_t ns;

	while (i < s->n_words) {
		const char *word = s->words[i++];
		const char *value = i < s->n_words ? s->words[i] : "";
		const struct key *key = NULL;

		for (size_t k = 0; k < ARRAY_LEN(router_keys) && !key; k++) {
			if (str_eq(word, router_keys[k].word))
				key = &router_keys[k];
		}
		if (key) {
			if (!set_key(setup, key, value))
				return scn_fail(s, "bad value %s for %s", value, word);
			i += key->has_value;
		} else if (router && scn_parse_time(value, &ns) &&
			   (str_eq(word, "startup_delay") || str_eq(word, "clock"))) {
			*(str_eq(word, "clock") ? &router->clock_skew : &router->startup_delay) =
				NSEC(ns);
			i++;
		} else {
			return scn_fail(s, "unknown word %s", word);
		}
	}
	return true;
}

/* -- declarations -------------------------------------------------------------------------- */

static const struct sim_setup defaults = {
	.params = {
		.version = 2,
		.priority = 100,
		.every = SEC(1),
		.down_timer_adverts = 3,
		.preempt = true,
	},
	.family = AF_INET,
	.vrid = 1,
};

static bool declare_router(struct scenario *s)
{
	struct sim_router *r = sim_add_router(s->world, s->words[1]);
	struct sim_setup setup = defaults;

	if (!r || !scn_apply_keys(s, 2, &setup, r))
		return scn_fail(s, "no such router");
	return sim_add_instance(r, s->words[1], &setup) != NULL;
}

/** The instance that "router" made becomes the first member. */
static bool declare_group(struct scenario *s)
{
	struct sim_router *r = sim_find_router(s->world, s->words[1]);

	if (!r)
		return scn_fail(s, "unknown router");
	r->grouped = true;
	for (unsigned i = 2; i < s->n_words; i++) {
		struct sim_setup setup = r->instances[0]->setup;
		char name[SIM_NAME_MAX];

		snprintf(name, sizeof(name), "%.14s.%.14s", r->name, s->words[i]);
		setup.vrid = (uint8_t)(i - 1);
		if (i == 2)
			(void)str_copy(r->instances[0]->name, SIM_NAME_MAX, name);
		else if (!sim_add_instance(r, name, &setup))
			return scn_fail(s, "too many members");
	}
	return true;
}

static bool declare_member(struct scenario *s)
{
	struct sim_instance *in = sim_find(s->world, s->words[1]);
	struct addr src;

	if (!in)
		return scn_fail(s, "unknown instance");
	src = in->setup.params.src;
	if (!scn_apply_keys(s, 2, &in->setup, NULL))
		return false;
	in->setup.params.src = src;
	return true;
}

static bool declare_link(struct scenario *s)
{
	struct sim_link *link = sim_add_link(s->world, s->words[1]);
	struct sim_instance *list[SIM_ROUTERS_MAX * SIM_MEMBERS_MAX];
	int64_t ns;

	for (unsigned i = 2; link && i < s->n_words; i++) {
		const char *value = i + 1 < s->n_words ? s->words[i + 1] : "";
		unsigned n = scn_instances(s, s->words[i], list);

		if (str_eq(s->words[i], "loss")) {
			link->loss_percent = (unsigned)scn_number(value);
			i++;
		} else if (str_eq(s->words[i], "delay") && scn_parse_time(value, &ns)) {
			link->delay_min = link->delay_max = NSEC(ns);
			i++;
		} else if (!n) {
			return scn_fail(s, "unknown word %s", s->words[i]);
		}
		for (unsigned j = 0; j < n; j++)
			sim_attach(list[j], link);
	}
	return link || scn_fail(s, "too many links");
}

/** Instances that @name stands for: one, or all of a router. */
unsigned scn_instances(struct scenario *s, const char *name, struct sim_instance **list)
{
	struct sim_instance *in = sim_find(s->world, name);
	struct sim_router *r = sim_find_router(s->world, name);
	unsigned n = 0;

	for (unsigned i = 0; r && i < r->n_instances; i++)
		list[n++] = r->instances[i];
	if (!r && in)
		list[n++] = in;
	return n;
}

static bool declare_always(struct scenario *s)
{
	int64_t ns;

	if (!scn_parse_time(s->words[s->n_words - 1], &ns))
		return scn_fail(s, "how long?");
	s->two_masters_limit = NSEC(ns);
	return true;
}

/* -- running ------------------------------------------------------------------------------- */

static bool two_masters(struct sim_world *w)
{
	for (unsigned i = 0; i < w->n_routers; i++) {
		for (unsigned j = 0; j < w->routers[i]->n_instances; j++) {
			if (w->routers[i]->instances[j]->link &&
			    sim_count_masters(w, w->routers[i]->instances[j]) > 1)
				return true;
		}
	}
	return false;
}

static void watch(struct sim_world *w, void *arg)
{
	struct scenario *s = arg;

	if (!two_masters(w))
		s->two_masters_since = KTIME_NEVER;
	else if (ktime_is_never(s->two_masters_since))
		s->two_masters_since = w->now;
	else if (ktime_diff(w->now, s->two_masters_since).ns > s->two_masters_limit.ns)
		(void)scn_fail(s, "two MASTER for too long");
	if (s->until_first)
		(void)scn_expect_all(s, s->until_first);
}

static bool run_to(struct scenario *s, const char *word)
{
	int64_t ns;

	if (!scn_parse_time(word, &ns) || ns < s->world->now.ns)
		return scn_fail(s, "bad time %s", word);
	if (!s->begun) {
		sim_set_peers(s->world);
		s->begun = true;
	}
	sim_run(s->world, (ktime){ ns });
	return true;
}

static bool statement(struct scenario *s)
{
	const char *what = s->words[0];

	if (str_eq(what, "always"))
		return declare_always(s);
	if (s->n_words < 3)
		return scn_fail(s, "incomplete");
	if (str_eq(what, "router"))
		return declare_router(s);
	if (str_eq(what, "group"))
		return declare_group(s);
	if (str_eq(what, "member"))
		return declare_member(s);
	if (str_eq(what, "link"))
		return declare_link(s);
	if (str_eq(what, "at"))
		return run_to(s, s->words[1]) && scn_command(s);
	if (str_eq(what, "by"))
		return run_to(s, s->words[1]) && scn_expect_all(s, 2);
	if (str_eq(what, "until")) {
		bool ok;

		s->until_first = 2;
		ok = run_to(s, s->words[1]);
		s->until_first = 0;
		return ok;
	}
	return scn_fail(s, "unknown statement %s", what);
}

/** Words are parted by blanks; a comma is a word of its own; # begins a comment. */
static void split(struct scenario *s, char *line)
{
	s->n_words = 0;
	line[strcspn(line, "#\n")] = '\0';
	for (char *p = line; s->n_words < SCN_WORDS_MAX;) {
		p += strspn(p, " \t");
		if (!*p)
			return;
		if (*p == ',') {
			s->words[s->n_words++] = ",";
			*p++ = '\0';
			continue;
		}
		s->words[s->n_words++] = p;
		p += strcspn(p, " \t,");
		if (*p == ' ' || *p == '\t')
			*p++ = '\0';
	}
}

bool sim_scenario(const char *path, bool trace, char *out_why, size_t size)
{
	struct scenario s = { .path = path,
			      .two_masters_limit = { INT64_MAX },
			      .two_masters_since = KTIME_NEVER };
	FILE *in = fopen(path, "r");
	char line[512];

	s.world = sim_new(1, trace);
	s.world->watch = watch;
	s.world->watch_arg = &s;
	if (!in)
		(void)scn_fail(&s, "cannot be opened");
	while (in && !s.why[0] && fgets(line, sizeof(line), in)) {
		s.line++;
		split(&s, line);
		if (s.n_words)
			(void)statement(&s);
		if (s.world->n_violations)
			(void)scn_fail(&s, "%s", s.world->violation);
	}
	if (in)
		fclose(in);
	(void)str_copy(out_why, size, s.why);
	sim_free(s.world);
	return !s.why[0];
}
