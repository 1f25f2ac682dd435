/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keepalived.json: instances and tracked processes for programs.
 *
 * Keys, their order and the types of values are an interface; what keepalived 2.4 does not have
 * stands at the end of its object. Every value of "stats" is an integer.
 */
#include "core/view.h"

#include "vrrp/dump.h"

#define NS_PER_SECOND 1e9
#define HIDDEN	      "********"

/* 1 or 0: older keys are numbers where newer ones are booleans. */
static void view_flag(struct view *v, const char *key, bool on)
{
	view_uint(v, key, on);
}

static void view_seconds(struct view *v, const char *key, kspan span)
{
	view_number(v, key, kspan_seconds(span), VIEW_SHORT);
}

static void view_whole_seconds(struct view *v, const char *key, kspan span)
{
	view_uint(v, key, (uint64_t)kspan_sec(span));
}

static void view_wall(struct view *v, const char *key, int64_t wall_ns)
{
	view_number(v, key, (double)wall_ns / NS_PER_SECOND, VIEW_MICRO);
}

static void view_addr(struct view *v, const char *key, struct addr addr)
{
	char text[ADDR_TEXT_MAX];

	view_string(v, key, addr_is_set(addr) ? addr_print(addr, text) : "");
}

static void view_text(struct view *v, const char *key, struct strbuf *text)
{
	view_string(v, key, strbuf_text(text));
	strbuf_reset(text);
}

static void view_script(struct view *v, const char *key, const struct script_config *script)
{
	attr_cleanup(strbuf_fini) struct strbuf text = { 0 };

	if (!script)
		return;
	command_text(script, &text);
	view_text(v, key, &text);
}

static void add_settings(struct view *v, const struct vrrp_instance_config *vi,
			 const struct vrrp_instance_status *st)
{
	view_string(v, "iname", vi->object.name);
	view_flag(v, "dont_track_primary", vi->dont_track_primary);
	view_flag(v, "skip_check_adv_addr", vi->skip_check_adv_addr == TRISTATE_ON);
	view_flag(v, "strict_mode", vi->strict == TRISTATE_ON);
	view_string(v, "vmac_ifname", st->on_vmac ? st->ifname : "");
	if (st->ifname[0])
		view_string(v, "ifp_ifname", st->ifname);
	view_uint(v, "master_priority", st->master_priority);
	view_wall(v, "last_transition", st->last_transition_wall_ns);
	view_seconds(v, "garp_delay", vi->common->garp_delay);
	view_whole_seconds(v, "garp_refresh", vi->common->garp_refresh);
	view_uint(v, "garp_rep", vi->common->garp_repeat);
	view_uint(v, "garp_refresh_rep", vi->common->garp_refresh_repeat);
	view_whole_seconds(v, "garp_lower_prio_delay", vi->common->garp_lower_prio_delay);
	view_uint(v, "garp_lower_prio_rep", vi->common->garp_lower_prio_repeat);
	view_flag(v, "lower_prio_no_advert", vi->lower_prio_no_advert == TRISTATE_ON);
	view_flag(v, "higher_prio_send_advert", vi->higher_prio_send_advert == TRISTATE_ON);
}

static void add_protocol(struct view *v, const struct vrrp_instance_config *vi,
			 const struct vrrp_instance_status *st)
{
	view_uint(v, "vrid", vi->vrid);
	view_uint(v, "base_priority", vi->priority);
	view_uint(v, "effective_priority", st->effective_priority);
	view_bool(v, "vipset", st->vips_set);
	view_bool(v, "promote_secondaries", vi->promote_secondaries);
	view_seconds(v, "adver_int", vi->advert_every);
	view_seconds(v, "master_adver_int", st->master_advert_every);
	view_flag(v, "accept", vi->accept == TRISTATE_ON);
	view_bool(v, "nopreempt", vi->nopreempt);
	view_whole_seconds(v, "preempt_delay", vi->preempt_delay);
	view_uint(v, "state", st->state);
	view_uint(v, "wantstate", st->want);
	view_uint(v, "version", vi->version);
	view_bool(v, "smtp_alert", vi->smtp_alert == TRISTATE_ON);
	view_bool(v, "notify_deleted", vi->notify->deleted_word);
}

static void add_scripts(struct view *v, const struct notify_scripts *notify)
{
	view_script(v, "script_backup", notify->backup);
	view_script(v, "script_master", notify->master);
	view_script(v, "script_fault", notify->fault);
	view_script(v, "script_stop", notify->stop);
	view_script(v, "script_deleted", notify->deleted);
	view_script(v, "script", notify->generic);
	view_script(v, "script_master_rx_lower_pri", notify->rx_lower_pri);
}

static void add_addresses(struct view *v, const struct vrrp_dump *d, const char *key,
			  const struct object_list *list, uint32_t base)
{
	attr_cleanup(strbuf_fini) struct strbuf text = { 0 };

	if (!list->n)
		return;
	view_array_begin(v, key);
	for (uint32_t i = 0; i < list->n; i++) {
		dump_address_text(d, list->items[i], base + i, &text);
		view_text(v, NULL, &text);
	}
	view_array_end(v);
}

static void add_routes(struct view *v, const struct vrrp_instance_config *vi)
{
	attr_cleanup(strbuf_fini) struct strbuf text = { 0 };

	if (vi->rare->routes.n)
		view_array_begin(v, "vroutes");
	for (uint32_t i = 0; i < vi->rare->routes.n; i++) {
		route_text(&((const struct route_config *)vi->rare->routes.items[i])->route, &text);
		view_text(v, NULL, &text);
	}
	if (vi->rare->routes.n)
		view_array_end(v);
	if (vi->rare->rules.n)
		view_array_begin(v, "vrules");
	for (uint32_t i = 0; i < vi->rare->rules.n; i++) {
		rule_text(&((const struct rule_config *)vi->rare->rules.items[i])->rule, &text);
		view_text(v, NULL, &text);
	}
	if (vi->rare->rules.n)
		view_array_end(v);
}

/* Scripts appear as their command. */
static void add_tracker(struct view *v, const struct tracker_config *t)
{
	const struct vrrp_script_config *check = NULL;

	if (t->kind == TRACKER_SCRIPT)
		check = (const void *)t->target;
	if (check && check->script)
		view_script(v, NULL, check->script);
	else
		view_string(v, NULL, t->object.name);
}

static void add_trackers(struct view *v, const struct vrrp_instance_config *vi,
			 enum tracker_kind kind, const char *key)
{
	const struct object_list *list = &vi->track->list[kind];

	if (!list->n)
		return;
	view_array_begin(v, key);
	for (uint32_t i = 0; i < list->n; i++)
		add_tracker(v, list->items[i]);
	view_array_end(v);
}

static void add_transition(struct view *v, const struct vrrp_transition *t)
{
	char text[128];

	view_object_begin(v, NULL);
	view_wall(v, "time", t->at_wall_ns);
	view_string(v, "from", vrrp_state_name(t->from));
	view_string(v, "to", vrrp_state_name(t->to));
	view_uint(v, "priority", t->priority);
	view_string(v, "cause", cause_text(&t->cause, text, sizeof(text)));
	view_object_end(v);
}

static void add_transitions(struct view *v, const struct vrrp_dump *d, uint32_t index,
			    const struct vrrp_instance_status *st)
{
	uint32_t kept = MIN_OF(st->n_transitions, (uint32_t)VRRP_TRANSITIONS_KEPT);
	struct vrrp_transition t;

	view_array_begin(v, "transitions");
	for (uint32_t i = st->n_transitions - kept; i != st->n_transitions; i++) {
		if (vrrp_status_read_transition(d->page, index, i, &t))
			add_transition(v, &t);
	}
	view_array_end(v);
}

static void add_diagnosis(struct view *v, const struct vrrp_dump *d,
			  const struct vrrp_instance_config *vi,
			  const struct vrrp_instance_status *st)
{
	struct vrrp_diagnosis_status shown;
	const struct vrrp_diagnosis *diagnosis = &shown.diagnosis;
	const struct vrrp_diagnosed who = { vi, d->config->sources };
	char text[VRRP_DIAGNOSIS_TEXT_MAX];

	vrrp_status_diagnosis(d->page, vi->index, st, &shown);
	view_object_begin(v, "diagnosis");
	view_string(v, "finding", vrrp_finding_name(diagnosis->finding));
	if (diagnosis->finding != VRRP_FINDING_NONE) {
		view_wall(v, "since", shown.since_wall_ns);
		view_addr(v, "from", diagnosis->from);
		view_string(v, "reason",
			    diagnosis->reject ? vrrp_reject_name(diagnosis->reject) : "");
		view_string(v, "text",
			    vrrp_diagnosis_text(diagnosis, &who, text, sizeof(text)));
	}
	view_object_end(v);
}

/* What 2.4 does not have. */
static void add_more(struct view *v, const struct vrrp_dump *d,
		     const struct vrrp_instance_config *vi, const struct vrrp_instance_status *st)
{
	view_string(v, "family", vi->family == AF_INET6 ? "IPv6" : "IPv4");
	if (vi->rare->net_namespace)
		view_string(v, "net_namespace", vi->rare->net_namespace);
	if (vi->group)
		view_string(v, "sync_group", vi->group->object.name);
	view_addr(v, "src_ip", addr_is_set(st->src) ? st->src : vi->rare->src);
	view_addr(v, "master_ip", st->master);
	if (vi->unicast)
		view_array_begin(v, "unicast_peers");
	for (uint32_t i = 0; vi->unicast && i < vi->rare->peers.n; i++) {
		const struct vrrp_peer_config *peer = vi->rare->peers.items[i];

		view_addr(v, NULL, peer->addr);
	}
	if (vi->unicast)
		view_array_end(v);
	view_uint(v, "config_faults", st->n_config_faults);
	view_uint(v, "tracker_faults", st->n_tracker_faults);
	view_uint(v, "addresses_missing", st->n_addresses_missing);
	add_trackers(v, vi, TRACKER_FILE, "track_file");
	add_trackers(v, vi, TRACKER_BFD, "track_bfd");
	add_transitions(v, d, vi->index, st);
	add_diagnosis(v, d, vi, st);
}

static void add_data(struct view *v, const struct vrrp_dump *d,
		     const struct vrrp_instance_config *vi, const struct vrrp_instance_status *st)
{
	view_object_begin(v, "data");
	add_settings(v, vi, st);
	add_protocol(v, vi, st);
	add_scripts(v, &vi->notify->scripts);
	add_addresses(v, d, "vips", &vi->vips, vi->address_base);
	add_addresses(v, d, "evips", &vi->rare->evips, vi->address_base + vi->vips.n);
	add_routes(v, vi);
	add_trackers(v, vi, TRACKER_INTERFACE, "track_ifp");
	add_trackers(v, vi, TRACKER_SCRIPT, "track_script");
	add_trackers(v, vi, TRACKER_PROCESS, "track_process");
	view_uint(v, "auth_type", vi->rare->auth ? (uint64_t)vi->rare->auth->type : 0);
	if (vi->rare->auth)
		view_string(v, "auth_data", HIDDEN);
	add_more(v, d, vi, st);
	view_object_end(v);
}

#define STATS_KEY(field) view_uint(v, #field, counters->field);

static void add_stats(struct view *v, const struct vrrp_counters *counters)
{
	view_object_begin(v, "stats");
	VRRP_COUNTERS(STATS_KEY, STATS_KEY)
	view_object_end(v);
}

static void add_instances(struct view *v, const struct vrrp_dump *d, const char *key)
{
	struct vrrp_instance_status st;
	struct vrrp_counters counters;

	view_array_begin(v, key);
	for (uint32_t i = 0; d->vc && i < d->vc->instances.n; i++) {
		vrrp_dump_instance(d, i, &st);
		view_object_begin(v, NULL);
		add_data(v, d, vrrp_instance_at(d->vc, i), &st);
		vrrp_status_counters(d->page, i, &st, &counters);
		add_stats(v, &counters);
		view_object_end(v);
	}
	view_array_end(v);
}

static void add_params(struct view *v, const struct vrrp_process_config *p)
{
	attr_cleanup(strbuf_fini) struct strbuf text = { 0 };

	if (!p->n_params)
		return;
	for (uint32_t i = 0; i < p->n_params; i++)
		strbuf_addf(&text, "%s%s", i ? " " : "", p->params[i]);
	view_text(v, "parameters", &text);
}

static void add_process(struct view *v, const struct vrrp_dump *d,
			const struct vrrp_process_config *p)
{
	static const char *const matches[] = { "none", "exact", "partial", "initial" };
	struct vrrp_process_status st;

	(void)status_read(d->page, VRRP_SLOT_PROCESS, p->id, &st, sizeof(st));
	view_object_begin(v, NULL);
	view_string(v, "process", p->object.name);
	add_params(v, p);
	view_string(v, "param_match", matches[p->param_match]);
	view_uint(v, "min_processes", p->quorum);
	if (p->quorum_max != VRRP_QUORUM_UNLIMITED)
		view_uint(v, "max_processes", p->quorum_max);
	view_uint(v, "current_processes", st.count);
	view_bool(v, "have_quorum", st.have_quorum);
	view_int(v, "weight", p->weight.reverse ? -p->weight.weight : p->weight.weight);
	view_seconds(v, "terminate_delay", p->terminate_delay);
	view_seconds(v, "fork_delay", p->fork_delay);
	view_bool(v, "fork_delay_timer_running", st.fork_timer);
	view_bool(v, "terminate_delay_timer_running", st.terminate_timer);
	view_bool(v, "full_command", p->full_command);
	view_object_end(v);
}

void vrrp_dump_json(const struct config *config, const struct status_page *page, struct view *v)
{
	const struct vrrp_dump d = vrrp_dump_of(config, page);

	if (config->global->json_version == 1) {
		add_instances(v, &d, NULL);
		return;
	}
	view_object_begin(v, NULL);
	add_instances(v, &d, "vrrp");
	if (d.vc && d.vc->processes.n) {
		view_array_begin(v, "track_process");
		for (uint32_t i = 0; i < d.vc->processes.n; i++)
			add_process(v, &d, d.vc->processes.items[i]);
		view_array_end(v);
	}
	view_object_end(v);
}
