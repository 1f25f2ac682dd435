/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expectations of a scenario.
 */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "scenario.h"

static bool compare(struct scenario *s, const char *name, const char *what, unsigned got,
		    unsigned wanted)
{
	return got == wanted || scn_fail(s, "%s: %s is %u, not %u", name, what, got, wanted);
}

static bool expect_state(struct scenario *s, const char *name, enum vrrp_state got,
			 const char *wanted)
{
	enum vrrp_state state;

	if (!vrrp_state_parse(wanted, &state))
		return scn_fail(s, "%s is no expectation", wanted);
	return got == state || scn_fail(s, "%s is %s, not %s", name, vrrp_state_name(got), wanted);
}

/** Words @i to @end, with blanks between, are in the text of the last cause. */
static bool expect_cause(struct scenario *s, const struct sim_instance *in, unsigned i,
			 unsigned end)
{
	char got[128], wanted[128] = "";

	(void)cause_text(&in->cause, got, sizeof(got));
	for (; i < end; i++) {
		size_t len = strlen(wanted);

		snprintf(wanted + len, sizeof(wanted) - len, "%s%s", len ? " " : "", s->words[i]);
	}
	return strstr(got, wanted) ||
	       scn_fail(s, "%s: cause is \"%s\", not \"%s\"", in->name, got, wanted);
}

static bool expect_reject(struct scenario *s, const struct sim_instance *in, const char *reason,
			  unsigned wanted)
{
	for (unsigned i = 0; i < n_vrrp_reject; i++) {
		if (str_eq(vrrp_reject_name((enum vrrp_reject)i), reason))
			return compare(s, in->name, reason, in->rejects[i], wanted);
	}
	return scn_fail(s, "%s is no reason", reason);
}

static bool expect_finding(struct scenario *s, const struct sim_instance *in, const char *wanted)
{
	struct vrrp_diagnosis found = sim_diagnose(in);
	const char *got = vrrp_finding_name(found.finding);

	return str_eq(got, wanted) ||
	       scn_fail(s, "%s diagnoses %s (%s), not %s", in->name, got,
			vrrp_reject_name(found.reject), wanted);
}

static bool old_form_learnt(const struct sim_instance *in)
{
	for (unsigned i = 0; i < in->n_peers; i++) {
		if (in->peer_memory[i].old_checksum)
			return true;
	}
	return false;
}

static bool expect(struct scenario *s, unsigned i, unsigned end)
{
	const char *name = s->words[i];
	const char *what = i + 1 < end ? s->words[i + 1] : "";
	const char *value = i + 2 < end ? s->words[i + 2] : "";
	const struct sim_instance *in = sim_find(s->world, name);
	const struct sim_router *r;

	if (str_eq(name, "group")) {
		r = sim_find_router(s->world, what);
		return r ? expect_state(s, what, r->group_shown, value)
			 : scn_fail(s, "unknown router %s", what);
	}
	if (!in)
		return scn_fail(s, "unknown instance %s", name);
	if (str_eq(what, "priority"))
		return compare(s, name, what, in->fsm.priority, (unsigned)scn_number(value));
	if (str_eq(what, "zeros"))
		return compare(s, name, what, in->n_zeros, (unsigned)scn_number(value));
	if (str_eq(what, "adverts"))
		return compare(s, name, what, in->n_adverts, (unsigned)scn_number(value));
	if (str_eq(what, "transitions"))
		return compare(s, name, what, in->n_transitions, (unsigned)scn_number(value));
	if (str_eq(what, "cause"))
		return expect_cause(s, in, i + 2, end);
	if (str_eq(what, "rejects") && i + 3 < end)
		return expect_reject(s, in, value, (unsigned)scn_number(s->words[i + 3]));
	if (str_eq(what, "diagnoses"))
		return expect_finding(s, in, value);
	if (str_eq(what, "learnt"))
		return compare(s, name, "old checksum", old_form_learnt(in), str_eq(value, "old"));
	return expect_state(s, name, in->shown, what);
}

bool scn_expect_all(struct scenario *s, unsigned first)
{
	while (first < s->n_words) {
		unsigned end = first;

		while (end < s->n_words && s->words[end][0] != ',')
			end++;
		if (!expect(s, first, end))
			return false;
		first = end + 1;
	}
	return true;
}
