/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sync groups and track groups: their members, and what groups and members have in common.
 */
#include "vrrp/config_check.h"

#define STOP_WAIT_AS_LONG (-1)
#define GROUP_AT(m) offsetof(struct vrrp_group_config, m)

/* The instance of one name in a list, once. NULL: reported. */
static struct vrrp_instance_config *find_member(struct vrrp_check *c, const struct word_list *names,
						uint32_t i)
{
	for (uint32_t j = 0; j < i; j++) {
		if (strcmp(names->items[j], names->items[i]))
			continue;
		struct diag *d = diag_warning(c->base->diags, "duplicate", names->places[i],
					      "%s is listed twice", names->items[i]);

		diag_see(c->base->diags, d, names->places[j], "first listed here");
		return NULL;
	}
	return config_resolve(c->base, SYMBOL_VRRP_INSTANCE, names->items[i], names->places[i]);
}

static void add_member(struct vrrp_check *c, struct vrrp_group_config *group, uint32_t i)
{
	struct vrrp_instance_config *vi = find_member(c, &group->member_names, i);

	if (!vi)
		return;
	if (vi->group) {
		struct diag *d = diag_error(c->base->diags, "two-groups",
					    group->member_names.places[i],
					    "%s is a member of sync group %s already: ignored here",
					    vi->object.name, vi->group->object.name);

		diag_see(c->base->diags, d, vi->group->object.at, "that group");
		return;
	}
	vi->group = group;
	group->members[group->n_members++] = vi;
}

/* False: the group has nobody. */
static bool find_members(struct vrrp_check *c, struct vrrp_group_config *group)
{
	struct diag *d;

	if (!group->member_names.n &&
	    diags_mistake_of(c->base->diags, group, GROUP_AT(member_names)))
		return false;
	if (!group->member_names.n) {
		d = diag_error(c->base->diags, "no-members", group->object.at,
			       "vrrp_sync_group %s has no members: ignored", group->object.name);
		diag_hint(c->base->diags, d, "list the instances: group { INSTANCE ... }");
		diag_see(c->base->diags, d, group->end, "none until here");
		return false;
	}
	group->members = arena_calloc(c->base->arena, group->member_names.n,
				      sizeof(*group->members));
	for (uint32_t i = 0; i < group->member_names.n; i++)
		add_member(c, group, i);
	if (!group->n_members)
		diag_see(c->base->diags,
			 diag_error(c->base->diags, "no-members", group->object.at,
				    "vrrp_sync_group %s has no members that exist: ignored",
				    group->object.name),
			 group->end, "none until here");
	if (group->n_members == 1 && group->member_names.n == 1)
		diag_warning(c->base->diags, "one-member",
			     object_place(&group->object, GROUP_AT(member_names)),
			     "vrrp_sync_group %s has one member only: it has no effect",
			     group->object.name);
	return group->n_members > 0;
}

static void check_owners(struct vrrp_check *c, struct vrrp_group_config *group)
{
	uint32_t owners = 0;

	for (uint32_t i = 0; i < group->n_members; i++)
		owners += group->members[i]->owner;
	group->all_owners = owners == group->n_members;
	if (owners && !group->all_owners)
		diag_warning(c->base->diags, "owner-mix",
			     object_place(&group->object, GROUP_AT(member_names)),
			     "vrrp_sync_group %s has address owners (priority 255) and others: "
			     "they cannot agree",
			     group->object.name);
}

static void resolve_group(struct vrrp_check *c, struct vrrp_group_config *group)
{
	const struct global_config *g = c->global;
	enum tristate mail = g->smtp_alert_vrrp == TRISTATE_UNSET ? g->smtp_alert :
								     g->smtp_alert_vrrp;

	if (group->smtp_alert == TRISTATE_UNSET)
		group->smtp_alert = mail == TRISTATE_ON ? TRISTATE_ON : TRISTATE_OFF;
	if (group->notify_stop_wait.ns == STOP_WAIT_AS_LONG)
		group->notify_stop_wait = c->base->config->process->child_wait;
	for (uint32_t i = 0; i < group->n_members; i++) {
		/* ours: the checks make what others see as const */
		struct vrrp_instance_config *vi = (void *)group->members[i];

		if (vi->notify_priority_changes == TRISTATE_UNSET)
			vi->notify_priority_changes = group->notify_priority_changes;
	}
}

static void check_sync_groups(struct vrrp_check *c)
{
	struct object_list *groups = &c->vc->groups;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < groups->n; i++) {
		struct vrrp_group_config *group = groups->items[i];

		if (!find_members(c, group))
			continue;
		group->index = kept;
		groups->items[kept++] = group;
		check_owners(c, group);
		resolve_group(c, group);
		check_group_trackers(c, group);
	}
	groups->n = kept;
}

static void check_track_group(struct vrrp_check *c, struct vrrp_track_group_config *group)
{
	if (!group->member_names.n) {
		diag_warning(c->base->diags, "no-members", group->object.at,
			     "track_group %s has no members", group->object.name);
		return;
	}
	group->members = arena_calloc(c->base->arena, group->member_names.n,
				      sizeof(*group->members));
	for (uint32_t i = 0; i < group->member_names.n; i++) {
		const struct vrrp_instance_config *vi = find_member(c, &group->member_names, i);

		if (vi)
			group->members[group->n_members++] = vi;
	}
}

void check_groups(struct vrrp_check *c)
{
	check_sync_groups(c);
	for (uint32_t i = 0; i < c->vc->track_groups.n; i++)
		check_track_group(c, c->vc->track_groups.items[i]);
	for (uint32_t i = 0; i < c->vc->instances.n; i++) {
		struct vrrp_instance_config *vi = c->vc->instances.items[i];

		if (vi->notify_priority_changes == TRISTATE_UNSET)
			vi->notify_priority_changes = c->global->vrrp_notify_priority_changes ?
							      TRISTATE_ON :
							      TRISTATE_OFF;
	}
}
