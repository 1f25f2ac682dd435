/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the firewall has to hold now: addresses whose traffic is dropped, and VMAC interfaces.
 *
 * Lists without order; each entry once. Memory belongs to the state.
 */
#include "vrrp/fw_rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

void fw_state_fini(struct fw_state *state)
{
	free(state->vips.items);
	free(state->vmacs.items);
	*state = (struct fw_state){ 0 };
}

static struct fw_vip *find_vip(const struct fw_state *state, const struct fw_vip *vip)
{
	for (unsigned i = 0; i < state->vips.n; i++) {
		struct fw_vip *have = &state->vips.items[i];

		if (!addr_equal(have->addr, vip->addr))
			continue;
		if (!addr_is_link_local(vip->addr) || str_eq(have->ifname, vip->ifname))
			return have;
	}
	return NULL;
}

bool fw_state_block(struct fw_state *state, const struct fw_vip *vip)
{
	struct fw_vips *list = &state->vips;

	if (find_vip(state, vip))
		return false;
	if (list->n == list->cap) {
		list->cap = list->cap ? list->cap * 2 : 16;
		list->items = xrealloc(list->items, list->cap, sizeof(*list->items));
	}
	list->items[list->n++] = *vip;
	return true;
}

bool fw_state_unblock(struct fw_state *state, const struct fw_vip *vip)
{
	struct fw_vip *have = find_vip(state, vip);

	if (!have)
		return false;
	*have = state->vips.items[--state->vips.n];
	return true;
}

static struct fw_vmac *find_vmac(const struct fw_state *state, unsigned ifindex)
{
	for (unsigned i = 0; i < state->vmacs.n; i++) {
		if (state->vmacs.items[i].ifindex == ifindex)
			return &state->vmacs.items[i];
	}
	return NULL;
}

bool fw_state_add_vmac(struct fw_state *state, const struct fw_vmac *vmac)
{
	struct fw_vmacs *list = &state->vmacs;

	if (find_vmac(state, vmac->ifindex))
		return false;
	if (list->n == list->cap) {
		list->cap = list->cap ? list->cap * 2 : 16;
		list->items = xrealloc(list->items, list->cap, sizeof(*list->items));
	}
	list->items[list->n++] = *vmac;
	return true;
}

bool fw_state_remove_vmac(struct fw_state *state, unsigned ifindex)
{
	struct fw_vmac *have = find_vmac(state, ifindex);

	if (!have)
		return false;
	*have = state->vmacs.items[--state->vmacs.n];
	return true;
}
