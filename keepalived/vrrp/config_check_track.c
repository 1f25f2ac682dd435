/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trackers: find what they name, wherever it is defined; take the weight from there; refuse
 * weights where they cannot work.
 *
 * A name that is not found is an error, and the instance stays in FAULT: without its check it
 * would claim to be healthy.
 */
#include "vrrp/config_check.h"

static const enum symbol_kind kinds[TRACKER_KINDS] = {
	[TRACKER_SCRIPT] = SYMBOL_SCRIPT,
	[TRACKER_FILE] = SYMBOL_TRACK_FILE,
	[TRACKER_PROCESS] = SYMBOL_TRACK_PROCESS,
	[TRACKER_BFD] = SYMBOL_BFD,
};

static const char *const kind_words[TRACKER_KINDS] = {
	[TRACKER_INTERFACE] = "interface", [TRACKER_SCRIPT] = "script",
	[TRACKER_FILE] = "file",	   [TRACKER_PROCESS] = "process",
	[TRACKER_BFD] = "BFD session",
};

/* What the tracked object says: its number and its own weight. */
static void take_over(struct tracker_config *t, uint32_t id, struct track_weight weight)
{
	t->target_id = id;
	if (!t->weight.set)
		t->weight = weight;
	t->weight.set = true;
}

static bool resolve_bfd(struct vrrp_check *c, struct tracker_config *t)
{
	const struct bfd_tracked *session = (const void *)t->target;

	if (session->for_checker && !session->for_vrrp) {
		struct diag *d = diag_error(c->base->diags, "unresolved", t->object.name_at,
					    "bfd_instance %s is for checkers only",
					    t->object.name);

		diag_see(c->base->diags, d, session->object.at, "defined here");
		t->target = NULL;
		return false;
	}
	take_over(t, session->id, session->weight);
	return true;
}

/* Names are found wherever they are defined; keepalived 2.4 finds scripts and BFD sessions only if
 * they come first, so the same file would not do the same there. */
static void warn_if_later(struct vrrp_check *c, const struct tracker_config *t)
{
	struct place_info here, there;
	struct diag *d;

	if (!source_resolve(c->base->config->sources, t->object.at, &here) ||
	    !source_resolve(c->base->config->sources, t->target->at, &there) || here.expanded ||
	    there.expanded || strcmp(here.file, there.file) || here.line > there.line)
		return;
	d = diag_warning(c->base->diags, "defined-later", t->object.name_at,
			 "%s %s is defined after its use: keepalived before 3.0 ignores this line",
			 kind_words[t->kind], t->object.name);
	diag_see(c->base->diags, d, t->target->at, "defined here");
}

static bool resolve(struct vrrp_check *c, struct tracker_config *t, const char *by)
{
	if (t->kind == TRACKER_INTERFACE)
		return true;
	t->target = config_resolve(c->base, kinds[t->kind], t->object.name, t->object.name_at);
	if (!t->target)
		return false;
	if (t->kind == TRACKER_SCRIPT || t->kind == TRACKER_BFD)
		warn_if_later(c, t);
	switch (t->kind) {
	case TRACKER_INTERFACE:
	case TRACKER_KINDS:
		break;
	case TRACKER_SCRIPT: {
		const struct vrrp_script_config *s = (const void *)t->target;

		c->vc->checks[s->id]->used = true;
		script_add_use(c->base->config, s->script, by, t->object.at);
		take_over(t, s->id, s->weight);
		break;
	}
	case TRACKER_FILE: {
		struct track_file_config *f = (void *)(uintptr_t)t->target;

		config_add_use(c->base->config, &f->uses, by, t->object.at);
		take_over(t, f->id, f->weight);
		break;
	}
	case TRACKER_PROCESS: {
		const struct vrrp_process_config *p = (const void *)t->target;

		take_over(t, p->id, p->weight);
		break;
	}
	case TRACKER_BFD:
		return resolve_bfd(c, t);
	}
	return true;
}

/* The first of two entries with one name is kept. False: drop @t. */
static bool is_first(struct vrrp_check *c, const struct object_list *list, uint32_t n,
		     const struct tracker_config *t)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct tracker_config *other = list->items[i];

		if (strcmp(other->object.name, t->object.name))
			continue;
		struct diag *d = diag_warning(c->base->diags, "duplicate", t->object.at,
					      "%s %s is tracked already: ignored",
					      kind_words[t->kind], t->object.name);

		diag_see(c->base->diags, d, other->object.at, "first written here");
		return false;
	}
	return true;
}

/* True if all names of the list of @by are found; @vi if that is an instance. */
static bool resolve_list(struct vrrp_check *c, struct object_list *list, const char *by,
			 const struct vrrp_instance_config *vi)
{
	uint32_t kept = 0;
	bool all = true;

	for (uint32_t i = 0; i < list->n; i++) {
		struct tracker_config *t = list->items[i];

		if (!is_first(c, list, kept, t))
			continue;
		list->items[kept++] = t;
		if (!resolve(c, t, by))
			all = false;
		if (t->kind == TRACKER_INTERFACE)
			use_interface(c, t->object.name, t->object.at,
				      vi ? vi->object.name : "vrrp_sync_group", vi);
	}
	list->n = kept;
	return all;
}

/* A list of the instance, to be changed. */
static struct object_list *own_list(struct vrrp_check *c, struct vrrp_instance_config *vi,
				    enum tracker_kind kind)
{
	struct tracker_lists *lists = object_own_part(c->base->arena, vi->object.type, &vi->object,
						      VRRP_PART_TRACK);

	return &lists->list[kind];
}

static bool tracks_any(const struct vrrp_instance_config *vi)
{
	bool any = false;

	for (unsigned kind = 0; kind < TRACKER_KINDS; kind++)
		any = any || vi->track->list[kind].n;
	return any;
}

static void drop_own_interface(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	struct object_list *list = own_list(c, vi, TRACKER_INTERFACE);
	uint32_t kept = 0;

	for (uint32_t i = 0; i < list->n; i++) {
		struct tracker_config *t = list->items[i];

		if (str_eq(t->object.name, vi->ifname))
			diag_warning(c->base->diags, "own-interface", t->object.at,
				     "(%s) its own interface %s is tracked anyway: ignored",
				     vi->object.name, t->object.name);
		else
			list->items[kept++] = t;
	}
	list->n = kept;
}

void check_trackers(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	if (!tracks_any(vi))
		return;
	drop_own_interface(c, vi);
	for (unsigned kind = 0; kind < TRACKER_KINDS; kind++)
		if (!resolve_list(c, own_list(c, vi, kind), vi->object.name, vi))
			vi->faults |= VRRP_BAD_TRACKER;
}

/* What the group tracks replaces an entry of the member with the same name. */
static void give_tracker(struct vrrp_check *c, struct vrrp_instance_config *vi,
			 const struct tracker_config *t)
{
	struct tracker_config *copy;
	struct object_list *list;

	if (t->kind == TRACKER_INTERFACE && str_eq(t->object.name, vi->ifname))
		return;
	list = own_list(c, vi, t->kind);
	copy = arena_new_of(c->base->arena, struct tracker_config);
	*copy = *t;
	copy->from_group = true;
	for (uint32_t i = 0; i < list->n; i++) {
		const struct tracker_config *own = list->items[i];

		if (strcmp(own->object.name, t->object.name))
			continue;
		diag_note(c->base->diags, "duplicate", own->object.at,
			  "(%s) its sync group tracks %s %s: the entry here is not needed",
			  vi->object.name, kind_words[t->kind], t->object.name);
		list->items[i] = copy;
		return;
	}
	object_list_add(c->base->arena, list, copy);
}

void check_group_trackers(struct vrrp_check *c, struct vrrp_group_config *group)
{
	bool all = true;

	for (unsigned kind = 0; kind < TRACKER_KINDS; kind++) {
		struct object_list *list = &group->track.list[kind];

		all = resolve_list(c, list, group->object.name, NULL) && all;
		for (uint32_t m = 0; m < group->n_members; m++)
			for (uint32_t i = 0; i < list->n; i++)
				give_tracker(c, (struct vrrp_instance_config *)group->members[m],
					     list->items[i]);
	}
	for (uint32_t m = 0; !all && m < group->n_members; m++)
		((struct vrrp_instance_config *)group->members[m])->faults |= VRRP_BAD_TRACKER;
}

static bool drop_owner_weight(struct vrrp_check *c, const struct vrrp_instance_config *vi,
			      const struct tracker_config *t)
{
	if (!t->from_group && !vi_mistake(c, vi, VI_AT(priority)))
		diag_warning(c->base->diags, "owner-weight", t->object.at,
			     "(%s) the priority of an address owner does not change: %s %s is not "
			     "tracked",
			     vi->object.name, kind_words[t->kind], t->object.name);
	return false;
}

/* Weights of a member alone would part it from its group. False: drop the entry. */
static bool member_weight(struct vrrp_check *c, const struct vrrp_instance_config *vi,
			  struct tracker_config *t)
{
	bool keep = t->kind == TRACKER_INTERFACE ||
		    (t->kind == TRACKER_FILE && t->weight.weight == 1);
	struct diag *d = diag_add(c->base->diags,
				  t->kind == TRACKER_FILE && keep ? DIAG_NOTE : DIAG_WARNING,
				  "member-weight", t->object.at,
				  "(%s) a member of a sync group cannot have weights of its own: "
				  "%s %s %s",
				  vi->object.name, kind_words[t->kind], t->object.name,
				  keep ? "gets weight 0" : "is not tracked");

	diag_hint(c->base->diags, d, "track it in vrrp_sync_group %s, or write "
				     "sync_group_tracking_weight there",
		  vi->group->object.name);
	t->weight.weight = 0;
	return keep;
}

static bool weight_allowed(struct vrrp_check *c, const struct vrrp_instance_config *vi,
			   struct tracker_config *t)
{
	/* not found, or decides on FAULT: stays */
	if (!t->weight.weight || (t->kind != TRACKER_INTERFACE && !t->target))
		return true;
	if (vi->owner)
		return drop_owner_weight(c, vi, t);
	if (!vi->group || vi->group->tracking_weight || t->from_group)
		return true;
	return member_weight(c, vi, t);
}

void check_weights(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	for (unsigned kind = 0; tracks_any(vi) && kind < TRACKER_KINDS; kind++) {
		struct object_list *list = own_list(c, vi, kind);
		uint32_t kept = 0;

		for (uint32_t i = 0; i < list->n; i++)
			if (weight_allowed(c, vi, list->items[i]))
				list->items[kept++] = list->items[i];
		list->n = kept;
	}
}
