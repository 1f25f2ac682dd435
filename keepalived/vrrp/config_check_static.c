/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Static addresses, routes and rules, preferences of rules without one, spacing of announcements,
 * polled interfaces and delays of link state.
 */
#include <stdlib.h>

#include "vrrp/config_check.h"

#define PREFERENCE_FIRST 16384

static const struct vrrp_track_group_config *find_group(struct vrrp_check *c,
							const struct object *object,
							const char *name, size_t at,
							bool no_track, bool has_dev)
{
	struct place place = object_place(object, at);

	if (!name)
		return NULL;
	const struct vrrp_track_group_config *group =
		config_resolve(c->base, SYMBOL_TRACK_GROUP, name, place);

	if (no_track)
		diag_note(c->base->diags, "no-effect", place,
			  "track_group has no effect with no_track");
	else if (!has_dev)
		diag_warning(c->base->diags, "no-effect", place,
			     "track_group needs an interface: dev");
	return no_track || !has_dev ? NULL : group;
}

static void check_static_addresses(struct vrrp_check *c)
{
	for (uint32_t i = 0; i < c->vc->addresses.n; i++) {
		struct address_config *a = c->vc->addresses.items[i];
		struct place at = a->dev ? object_place(&a->object,
							offsetof(struct address_config, dev)) :
					   a->object.at;

		if (!a->dev)
			a->dev = c->global->default_interface;
		use_interface(c, a->dev, at, "static_ipaddress", NULL);
		a->group = find_group(c, &a->object, a->track_group,
				      offsetof(struct address_config, track_group), a->no_track,
				      true);
	}
}

static void check_static_routes(struct vrrp_check *c)
{
	for (uint32_t i = 0; i < c->vc->routes.n; i++) {
		struct route_config *r = c->vc->routes.items[i];

		if (r->route.dev)
			use_interface(c, r->route.dev,
				      object_place(&r->object,
						   offsetof(struct route_config, route.dev)),
				      "static_routes", NULL);
		if (r->route.vrf)
			use_interface(c, r->route.vrf, r->object.at, "static_routes", NULL);
		for (uint32_t j = 0; j < r->route.n_nexthops; j++)
			if (r->route.nexthops[j].dev)
				use_interface(c, r->route.nexthops[j].dev, r->object.at,
					      "static_routes", NULL);
		r->group = find_group(c, &r->object, r->track_group,
				      offsetof(struct route_config, track_group), r->no_track,
				      r->route.dev != NULL);
	}
}

static void check_static_rules(struct vrrp_check *c)
{
	for (uint32_t i = 0; i < c->vc->rules.n; i++) {
		struct rule_config *r = c->vc->rules.items[i];

		if (r->rule.iif)
			use_interface(c, r->rule.iif, r->object.at, "static_rules", NULL);
		if (r->rule.oif)
			use_interface(c, r->rule.oif, r->object.at, "static_rules", NULL);
		r->group = find_group(c, &r->object, r->track_group,
				      offsetof(struct rule_config, track_group), r->no_track,
				      r->rule.iif != NULL);
	}
}

static int by_place(const void *x, const void *y)
{
	const struct rule_config *a = *(const struct rule_config *const *)x;
	const struct rule_config *b = *(const struct rule_config *const *)y;

	if (a->object.at.line != b->object.at.line)
		return a->object.at.line < b->object.at.line ? -1 : 1;
	return (a->object.at.column > b->object.at.column) -
	       (a->object.at.column < b->object.at.column);
}

static size_t without_preference(const struct object_list *rules, struct rule_config **out,
				 size_t n)
{
	for (uint32_t i = 0; i < rules->n; i++) {
		struct rule_config *r = rules->items[i];

		if (r->has_preference)
			continue;
		if (out)
			out[n] = r;
		n++;
	}
	return n;
}

static size_t all_without_preference(struct vrrp_check *c, struct rule_config **out)
{
	size_t n = without_preference(&c->vc->rules, out, 0);

	for (uint32_t i = 0; i < c->vc->instances.n; i++) {
		const struct vrrp_instance_config *vi = c->vc->instances.items[i];

		n = without_preference(&vi->rare->rules, out, n);
	}
	return n;
}

/* Counting down in the order of the text, each family for itself. */
static void assign_preferences(struct vrrp_check *c)
{
	uint32_t next4 = PREFERENCE_FIRST, next6 = PREFERENCE_FIRST;
	size_t n = all_without_preference(c, NULL);
	struct rule_config **rules;

	if (!n)
		return;
	rules = xcalloc(n, sizeof(struct rule_config *));
	(void)all_without_preference(c, rules);
	qsort(rules, n, sizeof(struct rule_config *), by_place);
	for (size_t i = 0; i < n; i++) {
		uint32_t *next = rules[i]->rule.family == AF_INET6 ? &next6 : &next4;

		rules[i]->rule.preference = (*next)--;
		diag_warning(c->base->diags, "rule-preference", rules[i]->object.at,
			     "the rule has no preference: it gets %u",
			     rules[i]->rule.preference);
	}
	free(rules);
}

/* An interface is in one group only: the first. */
static void claim_interfaces(struct vrrp_check *c, struct garp_group_config *group,
			     struct name_set **claimed)
{
	struct word_list *list = &group->interfaces;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < list->n; i++) {
		if (!name_set_add(c, claimed, list->items[i])) {
			diag_see(c->base->diags,
				 diag_warning(c->base->diags, "duplicate", list->places[i],
					      "interface %s is in a garp_group already: ignored",
					      list->items[i]),
				 group->list_end, "the end of this list");
			continue;
		}
		use_interface(c, list->items[i], list->places[i], "garp_group", NULL);
		list->items[kept] = list->items[i];
		list->places[kept++] = list->places[i];
	}
	list->n = kept;
}

static void space_out(struct vrrp_check *c, const struct garp_group_config *group)
{
	for (uint32_t i = 0; i < c->vc->instances.n; i++) {
		struct vrrp_instance_config *vi = c->vc->instances.items[i];
		struct vrrp_common_config common;

		for (uint32_t j = 0; j < group->interfaces.n; j++) {
			if (!str_eq(vi->ifname, group->interfaces.items[j]))
				continue;
			memcpy(&common, vi->common, sizeof(common));
			common.garp_interval = group->garp_interval;
			common.gna_interval = group->gna_interval;
			vi_set_common(c, vi, &common);
		}
	}
}

static void note_long_interval(struct vrrp_check *c, const struct garp_group_config *group,
			       kspan interval, size_t at)
{
	if (interval.ns >= SEC(1).ns)
		diag_note(c->base->diags, "garp-interval", object_place(&group->object, at),
			  "announcing each address takes a second or more");
}

static void check_garp_groups(struct vrrp_check *c)
{
	struct object_list *groups = &c->vc->garp_groups;
	struct name_set *claimed = NULL;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < groups->n; i++) {
		struct garp_group_config *group = groups->items[i];

		claim_interfaces(c, group, &claimed);
		if (kspan_is_zero(group->garp_interval) && kspan_is_zero(group->gna_interval)) {
			diag_see(c->base->diags,
				 diag_warning(c->base->diags, "no-effect", group->object.at,
					      "garp_group has neither garp_interval nor "
					      "gna_interval: ignored"),
				 group->end, "none until here");
			continue;
		}
		groups->items[kept++] = group;
		note_long_interval(c, group, group->garp_interval,
				   offsetof(struct garp_group_config, garp_interval));
		note_long_interval(c, group, group->gna_interval,
				   offsetof(struct garp_group_config, gna_interval));
		space_out(c, group);
	}
	groups->n = kept;
	name_set_clear(&claimed);
}

/* A delay that outlasts the master-down timer would hide a failure. */
static void limit_delay(struct vrrp_check *c, struct updown_delay_config *d,
			const struct vrrp_instance_config *vi)
{
	int64_t every = vi->advert_every.ns;
	int64_t max = (int64_t)(vi->down_timer_adverts - 1) * every - every / 256;
	bool same = d->up.ns == d->down.ns;

	max = MAX_OF(max, 0);
	if (d->down.ns <= max)
		return;
	diag_note(c->base->diags, "delay", d->object.at,
		  "the delay of %s is cut to %g s: %s would be down by then", d->object.name,
		  (double)max / 1e9, vi->object.name);
	d->down.ns = max;
	if (same)
		d->up.ns = max;
}

/* Interfaces that we make have the state of the one below: naming them here has no effect. */
static void need_interface(struct vrrp_check *c, const char *ifname, struct place at,
			   const char *what)
{
	if (!name_set_has(c->made, ifname))
		use_interface(c, ifname, at, what, NULL);
	else
		config_need_interface(c->base, ifname, at, what, c->need_flags);
}

static void check_link_state(struct vrrp_check *c)
{
	for (uint32_t i = 0; i < c->vc->linkbeat.n; i++) {
		const struct linkbeat_config *l = c->vc->linkbeat.items[i];

		need_interface(c, l->object.name, l->object.at, "linkbeat_interfaces");
	}
	for (uint32_t i = 0; i < c->vc->updown_delays.n; i++) {
		struct updown_delay_config *d = c->vc->updown_delays.items[i];

		need_interface(c, d->object.name, d->object.at, "interface_up_down_delays");
		for (uint32_t j = 0; j < c->vc->instances.n; j++) {
			const struct vrrp_instance_config *vi = c->vc->instances.items[j];

			if (str_eq(vi->ifname, d->object.name))
				limit_delay(c, d, vi);
		}
	}
}

void check_static(struct vrrp_check *c)
{
	check_static_addresses(c);
	check_static_routes(c);
	check_static_rules(c);
	assign_preferences(c);
	check_garp_groups(c);
	check_link_state(c);
}
