/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cross-checks: what concerns more than one line, in order.
 *
 * Findings go to the diagnostics; what is left in the structs is what the engine runs. Nothing
 * here asks the system: interfaces and files are noted for core/conftest.c.
 */
#include "vrrp/config_check.h"

#include <uthash.h>

struct name_set {
	const char *name;
	UT_hash_handle hh;
};

bool name_set_has(struct name_set *set, const char *name)
{
	struct name_set *found;

	HASH_FIND_STR(set, name, found);
	return found != NULL;
}

bool name_set_add(struct vrrp_check *c, struct name_set **set, const char *name)
{
	struct name_set *entry;

	if (name_set_has(*set, name))
		return false;
	entry = arena_new_of(c->base->arena, struct name_set);
	entry->name = name;
	HASH_ADD_KEYPTR(hh, *set, name, strlen(name), entry);
	return true;
}

/* The table of a set is malloc()ed; the entries are the arena's. */
void name_set_clear(struct name_set **set)
{
	HASH_CLEAR(hh, *set);
}

void use_interface(struct vrrp_check *c, const char *ifname, struct place at, const char *what,
		   const struct vrrp_instance_config *vi)
{
	unsigned flags = c->need_flags;

	if (name_set_add(c, &c->interfaces, ifname))
		word_list_add(c->base->arena, &c->vc->interfaces, ifname, at);
	if (name_set_has(c->made, ifname) || (vi && vi->rare->net_namespace))
		flags |= NEED_MAY_APPEAR;
	config_need_interface(c->base, ifname, at, what, flags);
}

static void collect_checks(struct vrrp_check *c)
{
	struct vrrp_config *vc = c->vc;
	const struct object_list *lists[] = { &vc->scripts, &vc->tcp_checks, &vc->http_checks,
					      &vc->ping_checks };
	uint32_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		n += lists[i]->n;
	vc->checks = arena_calloc(c->base->arena, n ? n : 1, sizeof(*vc->checks));
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		for (uint32_t j = 0; j < lists[i]->n; j++) {
			struct vrrp_script_config *check = lists[i]->items[j];

			check->id = vc->n_checks;
			vc->checks[vc->n_checks++] = check;
			if (check->bind_if)
				use_interface(c, check->bind_if,
					      object_place(&check->object,
							   offsetof(struct vrrp_script_config,
								    bind_if)),
					      check->object.name, NULL);
		}
	}
}

static void number_tracked(struct vrrp_check *c)
{
	struct vrrp_config *vc = c->vc;

	for (uint32_t i = 0; i < vc->files.n; i++) {
		struct track_file_config *f = vc->files.items[i];
		struct config_need need = {
			.kind = NEED_WATCHED_FILE,
			.name = f->file,
			.what = arena_printf(c->base->arena, "track_file %s", f->object.name),
			.at = object_place(&f->object, offsetof(struct track_file_config, file)),
			.end_at = f->end_at,
			.uses = &f->uses,
		};

		f->id = i;
		config_need(c->base, &need);
	}
	for (uint32_t i = 0; i < vc->processes.n; i++)
		((struct vrrp_process_config *)vc->processes.items[i])->id = i;
}

/* Names of interfaces that we are going to make: others may use them. */
static void collect_made(struct vrrp_check *c, const struct vrrp_instance_config *vi)
{
	const char *v6 = vi->family == AF_INET6 ? "6" : "";

	if (vi->vmac && vi->vmac->ifname)
		(void)name_set_add(c, &c->made, vi->vmac->ifname);
	else if (vi->ipvlan && vi->ipvlan->ifname)
		(void)name_set_add(c, &c->made, vi->ipvlan->ifname);
	else if (vi->vmac || vi->ipvlan)
		(void)name_set_add(c, &c->made,
				   arena_printf(c->base->arena, "%s%s.%u",
						vi->common->vmac_prefix, v6, vi->vrid));
}

static void check_instance(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	struct diag *mistake = vi_mistake(c, vi, VI_AT(vrid));

	if (!vi->vrid && mistake)
		diag_class(mistake, DIAG_CLASS_CANNOT_RUN);
	if (!vi->vrid && !vi->vrid_refused && !mistake)
		vi_cannot_run(c, VRRP_BAD_NO_VRID, "missing-keyword", vi, VI_AT(vrid),
			      "the virtual router has no virtual_router_id");
	else if (!vi->vrid)
		vi->faults |= VRRP_BAD_NO_VRID;
	check_family(c, vi);
	check_protocol(c, vi);
	check_transport(c, vi);
	check_vmac(c, vi);
	check_auth(c, vi);
	check_defaults(c, vi);
	collect_made(c, vi);
}

static void number_addresses(struct vrrp_check *c)
{
	for (uint32_t i = 0; i < c->vc->instances.n; i++) {
		struct vrrp_instance_config *vi = c->vc->instances.items[i];

		vi->address_base = c->vc->n_addresses;
		c->vc->n_addresses += vi->vips.n + vi->rare->evips.n;
	}
}

static void check_instances(struct vrrp_check *c)
{
	struct object_list *instances = &c->vc->instances;

	for (uint32_t i = 0; i < instances->n; i++) {
		struct vrrp_instance_config *vi = instances->items[i];

		vi->index = i;
		check_instance(c, vi);
	}
	/* once all interfaces that are made are known */
	for (uint32_t i = 0; i < instances->n; i++) {
		struct vrrp_instance_config *vi = instances->items[i];

		check_addresses(c, vi);
		check_trackers(c, vi);
	}
	check_groups(c);
	for (uint32_t i = 0; i < instances->n; i++)
		check_weights(c, instances->items[i]);
	check_duplicate_vrids(c);
	number_addresses(c);
}

/* The keyword of the instance is the old way to say lvs_sync_daemon. */
static void take_sync_daemon(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	struct lvs_sync_daemon *sync;

	if (!vi->rare->lvs_sync_ifname)
		return;
	if (c->vc->lvs_sync) {
		vi_warning(c, "duplicate", vi, VRRP_RARE_AT(lvs_sync_ifname),
			   "there is an IPVS synchronisation daemon already: ignored");
		return;
	}
	sync = arena_new_of(c->base->arena, struct lvs_sync_daemon);
	sync->object.at = vi_place(vi, VRRP_RARE_AT(lvs_sync_ifname));
	sync->ifname = vi->rare->lvs_sync_ifname;
	sync->instance = vi->object.name;
	sync->sync_id = -1;
	use_interface(c, sync->ifname, sync->object.at, vi->object.name, vi);
	c->vc->lvs_sync = sync;
	c->vc->lvs_sync_instance = vi;
}

static void check_sync_daemon(struct vrrp_check *c)
{
	const struct lvs_sync_daemon *sync = c->global->lvs_sync;

	c->vc->lvs_sync = sync;
	if (sync && sync->instance)
		c->vc->lvs_sync_instance = config_symbol_find(c->base->config, SYMBOL_VRRP_INSTANCE,
							      sync->instance);
	for (uint32_t i = 0; i < c->vc->instances.n; i++)
		take_sync_daemon(c, c->vc->instances.items[i]);
}

void vrrp_config_check(struct config_check *base)
{
	struct vrrp_check c = {
		.base = base,
		.vc = (struct vrrp_config *)(void *)base->config->section[0],
		.global = base->config->global,
	};

	if (!c.vc)
		return;
	if (c.global->dynamic_interfaces != DYNAMIC_IF_OFF)
		c.need_flags = NEED_MAY_APPEAR;
	collect_checks(&c);
	number_tracked(&c);
	check_instances(&c);
	check_static(&c);
	check_sync_daemon(&c);
	name_set_clear(&c.interfaces);
	name_set_clear(&c.made);
}
