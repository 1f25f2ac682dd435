/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands of a scenario:
 *
 *	start|stop|kill ROUTER...	pause ROUTER TIME	clock ROUTER TIME
 *	cut|heal NAME...		part LINK NAME... / NAME...	join LINK
 *	fault|clear NAME [NUMBER]	pending|known NAME	loss LINK PERCENT
 *	priority NAME N			weight NAME N		reload NAME [KEY [VALUE]]...
 *	vip_lost NAME			replay FROM TO		forge TO from ADDR [KEY VALUE]...
 *
 * forge: priority N, ttl N, every TIME, times N, checksum bad|old, type N.
 */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "scenario.h"

typedef bool command(struct scenario *, struct sim_instance *, const char *value);

static bool do_start(struct scenario *s, struct sim_instance *in, const char *value)
{
	(void)s, (void)value;
	sim_start(in->router);
	return true;
}

static bool do_stop(struct scenario *s, struct sim_instance *in, const char *value)
{
	(void)s, (void)value;
	sim_stop(in->router);
	return true;
}

static bool do_kill(struct scenario *s, struct sim_instance *in, const char *value)
{
	(void)s, (void)value;
	sim_kill(in->router);
	return true;
}

static bool do_cut(struct scenario *s, struct sim_instance *in, const char *value)
{
	(void)s, (void)value;
	in->cut = true;
	return true;
}

static bool do_heal(struct scenario *s, struct sim_instance *in, const char *value)
{
	(void)s, (void)value;
	in->cut = false;
	return true;
}

static bool do_vip_lost(struct scenario *s, struct sim_instance *in, const char *value)
{
	(void)s, (void)value;
	sim_vip_lost(in);
	return true;
}

static bool do_pending(struct scenario *s, struct sim_instance *in, const char *value)
{
	(void)s, (void)value;
	sim_pending(in, true);
	return true;
}

static bool do_known(struct scenario *s, struct sim_instance *in, const char *value)
{
	(void)s, (void)value;
	sim_pending(in, false);
	return true;
}

static bool do_fault(struct scenario *s, struct sim_instance *in, const char *value)
{
	(void)s;
	sim_fault(in, (unsigned)scn_number(value), true);
	return true;
}

static bool do_clear(struct scenario *s, struct sim_instance *in, const char *value)
{
	(void)s;
	sim_fault(in, (unsigned)scn_number(value), false);
	return true;
}

static bool do_priority(struct scenario *s, struct sim_instance *in, const char *value)
{
	(void)s;
	sim_priority(in, (uint8_t)scn_number(value), 0);
	return true;
}

static bool do_weight(struct scenario *s, struct sim_instance *in, const char *value)
{
	(void)s;
	sim_priority(in, in->setup.params.priority, scn_number(value));
	return true;
}

static bool do_pause(struct scenario *s, struct sim_instance *in, const char *value)
{
	int64_t ns;

	if (!scn_parse_time(value, &ns))
		return scn_fail(s, "how long?");
	sim_pause(in->router, NSEC(ns));
	return true;
}

static bool do_clock(struct scenario *s, struct sim_instance *in, const char *value)
{
	int64_t ns;

	if (!scn_parse_time(value, &ns))
		return scn_fail(s, "by how much?");
	in->router->clock_skew = NSEC(ns);
	return true;
}

static bool do_replay(struct scenario *s, struct sim_instance *in, const char *value)
{
	struct sim_instance *to = sim_find(s->world, value);

	if (!to || !in->last_len)
		return scn_fail(s, "what to whom?");
	sim_inject(to, in->setup.params.src, in->last_packet, in->last_len);
	return true;
}

static bool do_reload(struct scenario *s, struct sim_instance *in, const char *value)
{
	struct sim_setup setup = in->setup;

	(void)value;
	if (!scn_apply_keys(s, 4, &setup, NULL))
		return false;
	sim_reload(in, &setup.params);
	return true;
}

static const struct {
	const char *word;
	command *call;
	bool list; /* applies to every word that follows, else to the first with a value */
} commands[] = {
	{ "start", do_start, true },	    { "stop", do_stop, true },
	{ "kill", do_kill, true },	    { "cut", do_cut, true },
	{ "heal", do_heal, true },	    { "vip_lost", do_vip_lost, true },
	{ "pending", do_pending, true },    { "known", do_known, true },
	{ "fault", do_fault, false },	    { "clear", do_clear, false },
	{ "priority", do_priority, false }, { "weight", do_weight, false },
	{ "pause", do_pause, false },	    { "clock", do_clock, false },
	{ "replay", do_replay, false },	    { "reload", do_reload, false },
};

static struct sim_link *find_link(struct scenario *s, const char *name)
{
	for (unsigned i = 0; i < s->world->n_links; i++) {
		if (str_eq(s->world->links[i].name, name))
			return &s->world->links[i];
	}
	return NULL;
}

/** part LINK A B / C: sides are numbered; join LINK: all on one side. */
static bool set_sides(struct scenario *s)
{
	struct sim_link *link = find_link(s, s->words[3]);
	struct sim_instance *list[SIM_MEMBERS_MAX];
	unsigned side = 0;

	for (unsigned i = 0; link && i < s->world->n_routers; i++) {
		for (unsigned j = 0; j < s->world->routers[i]->n_instances; j++) {
			if (s->world->routers[i]->instances[j]->link == link)
				s->world->routers[i]->instances[j]->side = 0;
		}
	}
	for (unsigned i = 4; i < s->n_words; i++) {
		unsigned n = scn_instances(s, s->words[i], list);

		side += str_eq(s->words[i], "/");
		for (unsigned j = 0; j < n; j++) {
			if (list[j]->link == link)
				list[j]->side = side;
		}
	}
	return link || scn_fail(s, "unknown link");
}

/* -- forged packets ------------------------------------------------------------------------ */

struct forgery {
	unsigned priority, ttl, times, type;
	int64_t every_ns;
	bool bad_sum, old_sum;
};

static bool read_forgery(struct scenario *s, struct forgery *f)
{
	for (unsigned i = 6; i + 1 < s->n_words; i += 2) {
		const char *word = s->words[i], *value = s->words[i + 1];

		if (str_eq(word, "priority"))
			f->priority = (unsigned)scn_number(value);
		else if (str_eq(word, "ttl"))
			f->ttl = (unsigned)scn_number(value);
		else if (str_eq(word, "times"))
			f->times = (unsigned)scn_number(value);
		else if (str_eq(word, "type"))
			f->type = (unsigned)scn_number(value);
		else if (str_eq(word, "every"))
			(void)scn_parse_time(value, &f->every_ns);
		else if (str_eq(word, "checksum"))
			f->bad_sum = str_eq(value, "bad"), f->old_sum = str_eq(value, "old");
		else
			return scn_fail(s, "unknown word %s", word);
	}
	return true;
}

static void fix_sum(const struct sim_instance *like, uint8_t *bytes, size_t len, bool old)
{
	struct addr src = addr_of_bytes(AF_INET, bytes + 12);
	struct addr dst = addr_of_bytes(AF_INET, bytes + 16);
	uint8_t *body = bytes + VRRP_IP_HEADER_LEN;
	struct span span = { body, len - VRRP_IP_HEADER_LEN };
	uint8_t version = like->setup.params.version;

	if (old)
		(void)addr_parse("224.0.0.18", &dst);
	/* Whatever is in the way, the right sum is found; there are not many. */
	for (unsigned sum = 0; sum < 0x10000; sum++) {
		body[6] = (uint8_t)(sum >> 8);
		body[7] = (uint8_t)sum;
		if (vrrp_checksum_ok(span, version, VRRP_SUM_STANDARD, &src, &dst))
			return;
	}
}

/** forge TO from ADDR ... (IPv4) */
static bool forge(struct scenario *s)
{
	struct sim_instance *to = sim_find(s->world, s->words[3]);
	struct forgery f = { .priority = 100, .ttl = 255, .times = 1, .type = 1, .every_ns = -1 };
	uint8_t bytes[SIM_PACKET_MAX];
	struct addr src;
	size_t len;

	if (!to || s->n_words < 6 || !read_forgery(s, &f))
		return scn_fail(s, "forge TO from ADDR");
	if (sim_find(s->world, s->words[5]))
		src = sim_find(s->world, s->words[5])->setup.params.src;
	else if (!addr_parse(s->words[5], &src))
		return scn_fail(s, "from where?");
	len = sim_forge(to, src, (uint8_t)f.priority, bytes, sizeof(bytes));
	bytes[8] = (uint8_t)f.ttl;
	bytes[20] = (uint8_t)(to->setup.params.version << 4 | f.type);
	if (f.every_ns >= 0 && to->setup.params.version == 3) {
		bytes[24] = (uint8_t)(f.every_ns / 10000000 >> 8);
		bytes[25] = (uint8_t)(f.every_ns / 10000000);
	}
	fix_sum(to, bytes, len, f.old_sum);
	if (f.bad_sum)
		bytes[26] ^= 0x10;
	for (unsigned i = 0; i < f.times; i++)
		sim_inject(to, src, bytes, len);
	return true;
}

/** Call it for every instance named: by all words that follow if @list, else by the first. */
static bool apply_to_all(struct scenario *s, command *call, bool list)
{
	const char *value = s->n_words > 4 ? s->words[4] : "0";

	for (unsigned i = 3; i < (list ? s->n_words : 4); i++) {
		struct sim_instance *named[SIM_MEMBERS_MAX];
		unsigned n = i < s->n_words ? scn_instances(s, s->words[i], named) : 0;

		if (!n)
			return scn_fail(s, "%s whom?", s->words[2]);
		for (unsigned j = 0; j < n; j++) {
			if (!call(s, named[j], value))
				return false;
		}
	}
	return true;
}

bool scn_command(struct scenario *s)
{
	const char *what = s->words[2];

	if (str_eq(what, "part") || str_eq(what, "join"))
		return set_sides(s);
	if (str_eq(what, "forge"))
		return s->n_words > 3 && forge(s);
	if (str_eq(what, "loss") && s->n_words > 4 && find_link(s, s->words[3])) {
		find_link(s, s->words[3])->loss_percent = (unsigned)scn_number(s->words[4]);
		return true;
	}
	for (size_t c = 0; c < ARRAY_LEN(commands); c++) {
		if (str_eq(what, commands[c].word))
			return apply_to_all(s, commands[c].call, commands[c].list);
	}
	return scn_fail(s, "unknown command %s", what);
}
