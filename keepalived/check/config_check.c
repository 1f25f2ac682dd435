/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cross-checks of the checkers' configuration, one virtual server after the other, in time linear
 * in its size. Which files do what: config_service.c, config_servers.c, config_refs.c,
 * config_inherit.c.
 */
#include "check/config_check.h"

#include "core/engine.h"

static uint64_t text_hash(const char *text)
{
	uint64_t hash = 0;

	while (*text)
		hash = hash_mix(hash, (unsigned char)*text++);
	return hash;
}

/* What the kernel tells services apart by. */
static uint64_t service_hash(const struct virtual_server *vs)
{
	uint64_t hash = hash_mix(vs->kind, (uint64_t)vs->protocol);

	switch (vs->kind) {
	case SERVICE_ADDRESS:
		return hash_mix(hash_mix(hash, addr_hash(vs->addr)), vs->port);
	case SERVICE_FWMARK:
		return hash_mix(hash_mix(hash, vs->fwmark), (uint64_t)vs->family);
	case SERVICE_GROUP:
		return hash_mix(hash, text_hash(vs->group_name));
	}
	return hash;
}

static bool same_service(const void *a, const void *b)
{
	const struct virtual_server *x = a, *y = b;

	if (x->kind != y->kind || x->protocol != y->protocol)
		return false;
	switch (x->kind) {
	case SERVICE_ADDRESS:
		return x->port == y->port && addr_equal(x->addr, y->addr);
	case SERVICE_FWMARK:
		return x->fwmark == y->fwmark && x->family == y->family;
	case SERVICE_GROUP:
		return x->group == y->group;
	}
	return false;
}

/* Accepted without a word for ever, though the two fought over one kernel service. */
static void find_duplicate(struct check_run *run, struct virtual_server *vs)
{
	const struct virtual_server *first = hashset_add(&run->services, service_hash(vs), vs);
	struct diag *diag;

	if (!first)
		return;
	vs->duplicate = true;
	diag = diag_note(run->check->diags, "duplicate", vs->object.at,
			 "virtual server %s is defined twice; only the first one is used",
			 vs_name(run, vs));
	diag_see(run->check->diags, diag, first->object.at, "first defined here");
}

static void check_virtual_servers(struct check_run *run)
{
	struct object_list *list = &run->section->virtual_servers;
	uint32_t kept = 0;

	run->services.equal = same_service;
	hashset_reset(&run->services, list->n);
	for (uint32_t i = 0; i < list->n; i++) {
		struct virtual_server *vs = list->items[i];

		if (!check_service(run, vs) || !check_servers(run, vs))
			continue;
		find_duplicate(run, vs);
		list->items[kept++] = vs;
	}
	list->n = kept;
}

static void check_ssl(struct check_run *run)
{
	const struct object_list *blocks = &run->section->ssl_blocks;

	for (uint32_t i = 0; i < blocks->n; i++) {
		const struct ssl_config *ssl = blocks->items[i];

		if (i)
			diag_warning(run->check->diags, "duplicate", ssl->object.at,
				     "a second SSL block replaces the first");
		run->section->ssl = ssl;
	}
}

void check_config_check(struct config_check *check)
{
	struct check_run run = {
		.check = check,
		.section = (struct check_config *)(void *)check->config->section[ENGINE_CHECK],
	};

	if (!run.section)
		return;
	check_ssl(&run);
	check_virtual_servers(&run);
	hashset_fini(&run.services);
	hashset_fini(&run.servers);
	strbuf_fini(&run.text);
}
