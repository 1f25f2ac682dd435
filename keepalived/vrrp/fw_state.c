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
	free(state->vips.next);
	free(state->vips.heads);
	free(state->vmacs.items);
	*state = (struct fw_state){ 0 };
}

/* -- addresses ----------------------------------------------------------------------------- */

/* Chains by address: a head or ->next holds an index in ->items plus one, 0 ends the chain. */

static uint32_t *head_of(const struct fw_vips *list, struct addr a)
{
	uint64_t hash = addr_hash(a);

	return &list->heads[(hash ^ hash >> 32) & (list->cap - 1)];
}

static void chain(struct fw_vips *list, uint32_t i)
{
	uint32_t *head = head_of(list, list->items[i].addr);

	list->next[i] = *head;
	*head = i + 1;
}

/* What holds the number of @i, which is in the list. */
static uint32_t *link_to(const struct fw_vips *list, uint32_t i)
{
	uint32_t *link = head_of(list, list->items[i].addr);

	while (*link != i + 1)
		link = &list->next[*link - 1];
	return link;
}

static void grow(struct fw_vips *list)
{
	list->cap = list->cap ? list->cap * 2 : 16;
	list->items = xrealloc(list->items, list->cap, sizeof(*list->items));
	list->next = xrealloc(list->next, list->cap, sizeof(*list->next));
	free(list->heads);
	list->heads = xcalloc(list->cap, sizeof(*list->heads));
	for (uint32_t i = 0; i < list->n; i++)
		chain(list, i);
}

/* Its index plus one, 0: it is not there. */
static uint32_t find_vip(const struct fw_vips *list, const struct fw_vip *vip)
{
	if (list->n == 0)
		return 0;
	for (uint32_t at = *head_of(list, vip->addr); at != 0; at = list->next[at - 1]) {
		const struct fw_vip *have = &list->items[at - 1];

		if (!addr_equal(have->addr, vip->addr))
			continue;
		if (!addr_is_link_local(vip->addr) || str_eq(have->ifname, vip->ifname))
			return at;
	}
	return 0;
}

bool fw_state_block(struct fw_state *state, const struct fw_vip *vip)
{
	struct fw_vips *list = &state->vips;

	if (find_vip(list, vip))
		return false;
	if (list->n == list->cap)
		grow(list);
	list->items[list->n] = *vip;
	chain(list, list->n++);
	return true;
}

/* The last one takes the place of the one that goes. */
bool fw_state_unblock(struct fw_state *state, const struct fw_vip *vip)
{
	struct fw_vips *list = &state->vips;
	uint32_t at = find_vip(list, vip), last = list->n - 1;

	if (!at)
		return false;
	*link_to(list, at - 1) = list->next[at - 1];
	if (at - 1 != last) {
		*link_to(list, last) = at;
		list->items[at - 1] = list->items[last];
		list->next[at - 1] = list->next[last];
	}
	list->n--;
	return true;
}

/* -- VMACs --------------------------------------------------------------------------------- */

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
