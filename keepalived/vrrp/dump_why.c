/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keepalived.data: why an instance is as it is; the last transitions with their causes, and what
 * the self-diagnosis found.
 */
#include <stdio.h>

#include "vrrp/dump.h"

#define NS_PER_SECOND 1000000000
#define NS_PER_MICRO  1000

static void add_transition(const struct vrrp_transition *t, struct strbuf *out)
{
	char text[128];

	dump_item(out, "%lld.%06lld %s -> %s, priority %u: %s",
		  (long long)(t->at_wall_ns / NS_PER_SECOND),
		  (long long)(t->at_wall_ns % NS_PER_SECOND / NS_PER_MICRO),
		  vrrp_state_name(t->from), vrrp_state_name(t->to), t->priority,
		  cause_text(&t->cause, text, sizeof(text)));
}

static void add_transitions(const struct vrrp_dump *d, uint32_t index,
			    const struct vrrp_instance_status *st, struct strbuf *out)
{
	uint32_t kept = MIN_OF(st->n_transitions, (uint32_t)VRRP_TRANSITIONS_KEPT);
	struct vrrp_transition t;

	if (kept > 0)
		dump_line(out, "   Transitions :");
	for (uint32_t i = st->n_transitions - kept; i != st->n_transitions; i++) {
		if (vrrp_status_read_transition(d->page, index, i, &t))
			add_transition(&t, out);
	}
}

void dump_why(const struct vrrp_dump *d, uint32_t index, const struct vrrp_instance_status *st,
	      struct strbuf *out)
{
	const struct vrrp_diagnosed who = { vrrp_instance_at(d->vc, index), d->config->sources };
	struct vrrp_diagnosis_status shown;
	char text[VRRP_DIAGNOSIS_TEXT_MAX];

	add_transitions(d, index, st, out);
	vrrp_status_diagnosis(d->page, index, st, &shown);
	if (shown.diagnosis.finding == VRRP_FINDING_NONE)
		return;
	dump_value(out, "Diagnosis", "%s", vrrp_finding_name(shown.diagnosis.finding));
	dump_time(out, "Diagnosed", shown.since_wall_ns);
	dump_item(out, "%s", vrrp_diagnosis_text(&shown.diagnosis, &who, text, sizeof(text)));
}
