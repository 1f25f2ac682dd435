/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keepalived.data: sync groups, tracked objects with those who track them.
 */
#include <stdlib.h>

#include "vrrp/dump.h"

static const char *yesno(bool on)
{
	return on ? "yes" : "no";
}

/* Who tracks an object. */
struct ref {
	const struct tracker_config *tracker;
	const char *instance;
	uint32_t order;
};

struct refs {
	struct ref *items;
	size_t n;
};

static int by_target(const void *x, const void *y)
{
	const struct ref *a = x, *b = y;

	if (a->tracker->kind != b->tracker->kind)
		return a->tracker->kind < b->tracker->kind ? -1 : 1;
	if (a->tracker->target_id != b->tracker->target_id)
		return a->tracker->target_id < b->tracker->target_id ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

static size_t count_trackers(const struct vrrp_config *vc)
{
	size_t n = 0;

	for (uint32_t i = 0; i < vc->instances.n; i++)
		for (unsigned kind = 0; kind < TRACKER_KINDS; kind++)
			n += vrrp_instance_at(vc, i)->track->list[kind].n;
	return n;
}

static void add_refs(struct refs *refs, const struct vrrp_instance_config *vi, unsigned kind)
{
	const struct object_list *list = &vi->track->list[kind];

	for (uint32_t i = 0; i < list->n; i++) {
		const struct tracker_config *t = list->items[i];

		if (!t->target)
			continue;
		refs->items[refs->n] = (struct ref){ t, vi->object.name, (uint32_t)refs->n };
		refs->n++;
	}
}

static struct refs find_refs(const struct vrrp_config *vc)
{
	struct refs refs = { xcalloc(count_trackers(vc) + 1, sizeof(struct ref)), 0 };

	for (uint32_t i = 0; i < vc->instances.n; i++)
		for (unsigned kind = 0; kind < TRACKER_KINDS; kind++)
			add_refs(&refs, vrrp_instance_at(vc, i), kind);
	qsort(refs.items, refs.n, sizeof(struct ref), by_target);
	return refs;
}

/* The first reference to the object, of those that stand together; refs->n if there is none. */
static size_t first_ref(const struct refs *refs, enum tracker_kind kind, uint32_t id)
{
	const struct tracker_config key = { .kind = kind, .target_id = id };
	const struct ref wanted = { &key, NULL, 0 };
	size_t low = 0, high = refs->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (by_target(&refs->items[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void add_tracking(const struct refs *refs, enum tracker_kind kind, uint32_t id,
			 const char *heading, struct strbuf *out)
{
	dump_line(out, "   %s :", heading);
	for (size_t i = first_ref(refs, kind, id); i < refs->n; i++) {
		const struct tracker_config *t = refs->items[i].tracker;

		if (t->kind != kind || t->target_id != id)
			return;
		dump_item(out, "%s, weight %d%s", refs->items[i].instance, t->weight.weight,
			  t->weight.reverse ? " reverse" : "");
	}
}

static void add_weight(struct strbuf *out, struct track_weight weight)
{
	dump_value(out, "Weight", "%d%s", weight.weight, weight.reverse ? " reverse" : "");
}

static void dump_group(const struct vrrp_dump *d, const struct vrrp_group_config *group,
		       struct strbuf *out)
{
	struct vrrp_group_status st;

	(void)status_read(d->page, VRRP_SLOT_GROUP, group->index, &st, sizeof(st));
	dump_line(out, " VRRP Sync Group = %s, %s", group->object.name,
		  vrrp_state_name(st.state));
	dump_line(out, "   Num member fault %u, num member init %u", st.n_fault, st.n_init);
	dump_line(out, "   VRRP member instances :");
	for (uint32_t i = 0; i < group->n_members; i++)
		dump_item(out, "%s", group->members[i]->object.name);
	if (group->tracking_weight)
		dump_line(out, "   sync group tracking weight set");
	dump_value(out, "Using smtp notification", "%s",
		   yesno(group->smtp_alert == TRISTATE_ON));
	dump_notify(out, &group->notify);
}

void dump_groups(const struct vrrp_dump *d, struct strbuf *out)
{
	if (d->vc->groups.n)
		dump_section(out, "VRRP Sync groups");
	for (uint32_t i = 0; i < d->vc->groups.n; i++)
		dump_group(d, d->vc->groups.items[i], out);
}

static const char *const run_words[] = { "idle", "running", "requested termination",
					 "forcing termination" };
static const char *const init_words[] = { "unknown", "INIT", "INIT/FAILED", "INIT/RELOAD" };

static const char *word_of(const char *const *words, size_t n, uint8_t index)
{
	return index < n ? words[index] : "?";
}

static void add_command(const struct vrrp_script_config *check, struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];

	switch (check->kind) {
	case VRRP_CHECK_SCRIPT:
		strbuf_add(out, "   Command = ");
		if (check->script)
			command_text(check->script, out);
		strbuf_add_char(out, '\n');
		return;
	case VRRP_CHECK_TCP:
		dump_value(out, "Command", "TCP connection to %s port %u",
			   addr_print(check->host, text), check->port);
		return;
	case VRRP_CHECK_HTTP:
		dump_value(out, "Command", "HTTP GET of %s from %s, status %u-%u", check->url,
			   addr_print(check->host, text), check->status_min, check->status_max);
		return;
	case VRRP_CHECK_PING:
		dump_value(out, "Command", "echo request to %s", addr_print(check->host, text));
		return;
	}
}

static void dump_check(const struct vrrp_dump *d, const struct refs *refs,
		       const struct vrrp_script_config *check, struct strbuf *out)
{
	struct vrrp_check_status st;

	if (!status_read(d->page, VRRP_SLOT_CHECK, check->id, &st, sizeof(st)))
		st.init = check->init_fail ? VRRP_CHECK_INIT_FAILED : VRRP_CHECK_INIT;
	dump_line(out, " VRRP Script = %s", check->object.name);
	add_command(check, out);
	dump_value(out, "Interval", "%g sec", kspan_seconds(check->every));
	dump_value(out, "Timeout", "%g sec", kspan_seconds(check->timeout));
	add_weight(out, check->weight);
	dump_value(out, "Rise", "%u", check->rise);
	dump_value(out, "Fall", "%u", check->fall);
	dump_value(out, "Result", "%u", st.result);
	dump_value(out, "Insecure", "%s", yesno(st.refused));
	dump_value(out, "Init state", "%s", word_of(init_words, ARRAY_LEN(init_words), st.init));
	dump_value(out, "Status", "%s", st.up ? "GOOD" : "BAD");
	if (check->script)
		dump_value(out, "Script uid:gid", "%s:%s",
			   check->script->user ? check->script->user : "default",
			   check->script->group ? check->script->group : "default");
	if (st.detail[0])
		dump_value(out, "Last result", "%.63s", st.detail);
	add_tracking(refs, TRACKER_SCRIPT, check->id, "Tracking instances", out);
	dump_value(out, "State", "%s", word_of(run_words, ARRAY_LEN(run_words), st.run));
}

static void dump_checks(const struct vrrp_dump *d, const struct refs *refs, struct strbuf *out)
{
	if (d->vc->n_checks)
		dump_section(out, "VRRP Scripts");
	for (uint32_t i = 0; i < d->vc->n_checks; i++)
		dump_check(d, refs, d->vc->checks[i], out);
}

static void dump_files(const struct vrrp_dump *d, const struct refs *refs, struct strbuf *out)
{
	if (d->vc->files.n)
		dump_section(out, "VRRP Track files");
	for (uint32_t i = 0; i < d->vc->files.n; i++) {
		const struct track_file_config *f = d->vc->files.items[i];
		struct vrrp_file_status st;

		(void)status_read(d->page, VRRP_SLOT_FILE, i, &st, sizeof(st));
		dump_line(out, " Track file = %s", f->object.name);
		dump_value(out, "File", "%s", f->file);
		dump_value(out, "Status", "%d", st.value);
		add_weight(out, f->weight);
		add_tracking(refs, TRACKER_FILE, i, "Tracking instances", out);
	}
}

static const char *const match_words[] = { "none", "exact", "partial", "initial" };

static void add_process(const struct vrrp_process_config *p, struct strbuf *out)
{
	dump_value(out, "Process", "%s", p->process);
	if (p->n_params) {
		strbuf_add(out, "   Parameters =");
		for (uint32_t i = 0; i < p->n_params; i++)
			strbuf_addf(out, " %s", p->params[i]);
		strbuf_add_char(out, '\n');
	}
	dump_value(out, "Param match", "%s",
		   word_of(match_words, ARRAY_LEN(match_words), (uint8_t)p->param_match));
	dump_value(out, "Min processes", "%u", p->quorum);
	if (p->quorum_max != VRRP_QUORUM_UNLIMITED)
		dump_value(out, "Max processes", "%u", p->quorum_max);
}

static void dump_processes(const struct vrrp_dump *d, const struct refs *refs, struct strbuf *out)
{
	if (d->vc->processes.n)
		dump_section(out, "VRRP Track processes");
	for (uint32_t i = 0; i < d->vc->processes.n; i++) {
		const struct vrrp_process_config *p = d->vc->processes.items[i];
		struct vrrp_process_status st;

		(void)status_read(d->page, VRRP_SLOT_PROCESS, i, &st, sizeof(st));
		dump_line(out, " VRRP Track process = %s", p->object.name);
		add_process(p, out);
		dump_value(out, "Current processes", "%u", st.count);
		dump_value(out, "Have quorum", "%s", st.have_quorum ? "true" : "false");
		add_weight(out, p->weight);
		dump_value(out, "Terminate delay", "%fs", kspan_seconds(p->terminate_delay));
		dump_value(out, "Fork delay", "%fs", kspan_seconds(p->fork_delay));
		dump_line(out, "   Fork delay timer %srunning", st.fork_timer ? "" : "not ");
		dump_line(out, "   Terminate delay timer %srunning",
			  st.terminate_timer ? "" : "not ");
		dump_value(out, "Full command", "%s", p->full_command ? "true" : "false");
		add_tracking(refs, TRACKER_PROCESS, i, "Tracking instances", out);
	}
}

static void dump_bfds(const struct vrrp_dump *d, const struct refs *refs, struct strbuf *out)
{
	size_t i = first_ref(refs, TRACKER_BFD, 0);

	if (i == refs->n || refs->items[i].tracker->kind != TRACKER_BFD)
		return;
	dump_section(out, "VRRP Track BFDs");
	while (i < refs->n && refs->items[i].tracker->kind == TRACKER_BFD) {
		const struct tracker_config *t = refs->items[i].tracker;
		struct vrrp_bfd_status st;

		(void)status_read(d->page, VRRP_SLOT_BFD, t->target_id, &st, sizeof(st));
		dump_line(out, " VRRP Track BFD = %s", t->object.name);
		add_weight(out, ((const struct bfd_tracked *)(const void *)t->target)->weight);
		dump_line(out, "   Bfd is %s", st.up ? "up" : "down");
		add_tracking(refs, TRACKER_BFD, t->target_id, "Tracking VRRP instances", out);
		i = first_ref(refs, TRACKER_BFD, t->target_id + 1);
	}
}

void dump_tracked(const struct vrrp_dump *d, struct strbuf *out)
{
	struct refs refs = find_refs(d->vc);

	dump_checks(d, &refs, out);
	dump_files(d, &refs, out);
	dump_processes(d, &refs, out);
	dump_bfds(d, &refs, out);
	free(refs.items);
}
