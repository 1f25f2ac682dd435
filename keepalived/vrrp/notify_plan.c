/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events of instances and groups to notify scripts and FIFO lines.
 *
 * The words, their order and the arguments are an interface: INSTANCE "NAME" STATE PRIORITY.
 */
#include "vrrp/notify_plan.h"

#include <stdio.h>

#include "vrrp/config.h"

/** The object that an event is about, as far as notifying goes. */
struct subject {
	const struct object *object;
	const struct notify_scripts *scripts;
	kspan stop_wait;
	bool deleted_word;	/* a removal is called DELETED */
	bool priority_changes;
	int32_t priority;
};

static bool find_instance(const struct vrrp_config *config, const struct event *event,
			  struct subject *out)
{
	if (event->index >= config->instances.n)
		return false;
	const struct vrrp_instance_config *vi = config->instances.items[event->index];

	*out = (struct subject){
		.object = &vi->object, .scripts = &vi->notify->scripts,
		.stop_wait = vi->notify->stop_wait, .deleted_word = vi->notify->deleted_word,
		.priority_changes = vi->notify_priority_changes == TRISTATE_ON,
		.priority = event->priority,
	};
	return true;
}

/* A group has no priority of its own: 0. */
static bool find_group(const struct vrrp_config *config, const struct event *event,
		       struct subject *out)
{
	if (event->index >= config->groups.n)
		return false;
	const struct vrrp_group_config *group = config->groups.items[event->index];

	*out = (struct subject){
		.object = &group->object, .scripts = &group->notify,
		.stop_wait = group->notify_stop_wait,
	};
	return true;
}

static bool find(const struct config *config, const struct event *event, struct subject *out)
{
	const struct vrrp_config *vrrp = vrrp_config_of(config);

	switch (event->kind) {
	case EVENT_INSTANCE:
		return find_instance(vrrp, event, out);
	case EVENT_GROUP:
		return find_group(vrrp, event, out);
	case EVENT_REAL_SERVER:
	case EVENT_VIRTUAL_SERVER:
	case EVENT_BFD:
		break;
	}
	return false;
}

/* The script of this very event, and whether the generic one is called too. False: the event is
 * none of instances and groups, or nobody asked for it. */
static bool choose(const struct subject *s, enum event_what what,
		   const struct script_config **out, bool *out_generic)
{
	*out = NULL;
	*out_generic = true;
	switch (what) {
	case EVENT_MASTER:
		*out = s->scripts->master;
		return true;
	case EVENT_BACKUP:
		*out = s->scripts->backup;
		return true;
	case EVENT_FAULT:
		*out = s->scripts->fault;
		return true;
	case EVENT_STOP:
		*out = s->scripts->stop;
		return true;
	case EVENT_DELETED:
		*out = s->scripts->deleted;
		return true;
	case EVENT_RX_LOWER_PRI:
		*out = s->scripts->rx_lower_pri;
		*out_generic = false;
		return true;
	case EVENT_MASTER_PRIORITY:
	case EVENT_BACKUP_PRIORITY:
		*out_generic = false;
		return s->priority_changes;
	case EVENT_UP:
	case EVENT_DOWN:
		break;
	}
	return false;
}

/* The same for an object as long as it has its name, whatever its place in the configuration. */
static uint64_t order_key(enum event_kind kind, const char *name)
{
	uint64_t hash = 0xcbf29ce484222325u + (uint64_t)kind;

	for (const unsigned char *c = (const unsigned char *)name; *c; c++)
		hash = (hash ^ *c) * 0x100000001b3u;
	return hash;
}

bool vrrp_notify_plan(const struct config *config, const struct event *event,
		      struct notify_plan *out)
{
	const struct script_config *script;
	struct subject s;
	enum event_what what = event->what;
	bool generic;
	unsigned n = 0;

	if (!find(config, event, &s))
		return false;
	if (what == EVENT_DELETED && !s.deleted_word)
		what = EVENT_FAULT;
	if (!choose(&s, what, &script, &generic))
		return false;
	*out = (struct notify_plan){
		.name = s.object->name, .state = event_what_name(what), .priority = s.priority,
		.fifo_vrrp = true, .order_key = order_key(event->kind, s.object->name),
	};
	(void)str_copy(out->type, sizeof(out->type), event_kind_name(event->kind));
	/* With notify_stop_wait the engine has run it before it stopped: farewell.c. */
	if (script && !(what == EVENT_STOP && s.stop_wait.ns > 0))
		out->scripts[n++] = script;
	if (generic && s.scripts->generic) {
		out->extra_args[n] = true;
		out->scripts[n] = s.scripts->generic;
	}
	snprintf(out->fifo_line, sizeof(out->fifo_line), "%s \"%s\" %s %d\n", out->type,
		 out->name, out->state, out->priority);
	return true;
}
