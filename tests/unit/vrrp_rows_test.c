/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every row of VRRP's tables: an example of it is read, fills the row's field, and prints as
 * expected. A row without an example fails the test.
 */
#include <stdlib.h>

#include "config/print.h"
#include "tests/unit/vrrp_rows.h"
#include "tests/unit/vrrpconf.h"
#include "vrrp/config_route.h"
#include "vrrp/config_table.h"

struct table {
	const struct block_type *type;
	const char *around;	/* text with %s for "WORD ARGS" */
	const void *(*object)(const struct vrrp_config *);
	const struct example *examples;
	size_t n;
};

static const void *first(const struct object_list *list)
{
	assert_true(list->n > 0);
	return list->items[0];
}

static const struct vrrp_instance_config *vi_of(const struct vrrp_config *vc)
{
	return first(&vc->instances);
}

static const void *of_sections(const struct vrrp_config *vc) { return vc; }
static const void *of_instance(const struct vrrp_config *vc) { return vi_of(vc); }
static const void *of_group(const struct vrrp_config *vc) { return first(&vc->groups); }
static const void *of_vip(const struct vrrp_config *vc) { return first(&vi_of(vc)->vips); }
static const void *of_route(const struct vrrp_config *vc)
{
	return first(&vi_of(vc)->rare->routes);
}
static const void *of_rule(const struct vrrp_config *vc) { return first(&vi_of(vc)->rare->rules); }
static const void *of_peer(const struct vrrp_config *vc) { return first(&vi_of(vc)->rare->peers); }
static const void *of_vmac(const struct vrrp_config *vc) { return first(&vi_of(vc)->lower->vmacs); }
static const void *of_ipvlan(const struct vrrp_config *vc)
{
	return first(&vi_of(vc)->lower->ipvlans);
}
static const void *of_auth(const struct vrrp_config *vc) { return vi_of(vc)->rare->auth; }
static const void *of_hmac(const struct vrrp_config *vc) { return vi_of(vc)->rare->hmac; }
static const void *of_address(const struct vrrp_config *vc) { return first(&vc->addresses); }
static const void *of_static_route(const struct vrrp_config *vc) { return first(&vc->routes); }
static const void *of_static_rule(const struct vrrp_config *vc) { return first(&vc->rules); }
static const void *of_script(const struct vrrp_config *vc) { return first(&vc->scripts); }
static const void *of_tcp(const struct vrrp_config *vc) { return first(&vc->tcp_checks); }
static const void *of_http(const struct vrrp_config *vc) { return first(&vc->http_checks); }
static const void *of_ping(const struct vrrp_config *vc) { return first(&vc->ping_checks); }
static const void *of_file(const struct vrrp_config *vc) { return first(&vc->files); }
static const void *of_process(const struct vrrp_config *vc) { return first(&vc->processes); }
static const void *of_track_group(const struct vrrp_config *vc)
{
	return first(&vc->track_groups);
}
static const void *of_garp_group(const struct vrrp_config *vc) { return first(&vc->garp_groups); }
static const void *of_linkbeat(const struct vrrp_config *vc) { return first(&vc->linkbeat); }
static const void *of_nexthop(const struct vrrp_config *vc)
{
	return first(&((const struct route_config *)of_route(vc))->nexthops);
}
static const void *of_tracker(const struct vrrp_config *vc, enum tracker_kind kind)
{
	return first(&vi_of(vc)->track->list[kind]);
}
static const void *of_ti(const struct vrrp_config *vc) { return of_tracker(vc, TRACKER_INTERFACE); }
static const void *of_ts(const struct vrrp_config *vc) { return of_tracker(vc, TRACKER_SCRIPT); }
static const void *of_tf(const struct vrrp_config *vc) { return of_tracker(vc, TRACKER_FILE); }
static const void *of_tp(const struct vrrp_config *vc) { return of_tracker(vc, TRACKER_PROCESS); }

#define TABLE(type_, around_, object_, examples_)                                 \
	{ .type = (type_), .around = (around_), .object = (object_),              \
	  .examples = (examples_), .n = ARRAY_LEN(examples_) }

static const struct table tables[] = {
	TABLE(&vrrp_sections, "%s\n", of_sections, sections),
	TABLE(&vrrp_instance_block, VI(VIP "%s"), of_instance, instances),
	TABLE(&vrrp_group_block,
	      TRACKED MEMBERS "vrrp_sync_group G {\ngroup {\nA\nB\n}\n%s\n}\n", of_group, groups),
	TABLE(&vrrp_address_block, ADDRESS("192.0.2.1/24 %s"), of_vip, addresses),
	TABLE(&static_address_block, STATIC_ADDRESS("192.0.2.1/24 %s"), of_address,
	      static_addresses),
	TABLE(&vrrp_route_block, ROUTE("%s"), of_route, routes),
	TABLE(&static_route_block, SROUTE("%s"), of_static_route, static_routes),
	TABLE(&nexthop_block, ROUTE("198.51.100.0/24 nexthop %s"), of_nexthop, nexthops),
	TABLE(&vrrp_rule_block, RULE("%s"), of_rule, rules),
	TABLE(&static_rule_block, SRULE("%s"), of_static_rule, static_rules),
	TABLE(&tracker_block[TRACKER_INTERFACE], VI(VIP "track_interface {\neth1 %s\n}\n"), of_ti,
	      weights),
	TABLE(&tracker_block[TRACKER_SCRIPT], TRACKED VI(VIP "track_script {\ns %s\n}\n"), of_ts,
	      weights),
	TABLE(&tracker_block[TRACKER_FILE], TRACKED VI(VIP "track_file {\nf %s\n}\n"), of_tf,
	      plain_weights),
	TABLE(&tracker_block[TRACKER_PROCESS], TRACKED VI(VIP "track_process {\np %s\n}\n"),
	      of_tp, weights),
	TABLE(&vrrp_peer_block, VI(VIP "unicast_peer {\n192.0.2.9 %s\n}\n"), of_peer, peers),
	TABLE(&vrrp_vmac_block, VI(VIP "use_vmac %s"), of_vmac, vmacs),
	TABLE(&vrrp_ipvlan_block, VI(VIP "use_ipvlan 192.0.2.51/24 %s"), of_ipvlan, ipvlans),
	TABLE(&vrrp_auth_block, NULL, of_auth, auths),
	TABLE(&vrrp_hmac_block, NULL, of_hmac, hmacs),
	TABLE(&vrrp_script_block, "vrrp_script s {\nscript \"/x\"\n%s\n}\n", of_script, scripts),
	TABLE(&vrrp_track_tcp_block, "track_tcp t {\nhost 192.0.2.1\nport 1\n%s\n}\n", of_tcp,
	      tcps),
	TABLE(&vrrp_track_http_block, "track_http h {\nurl http://192.0.2.1\n%s\n}\n", of_http,
	      https),
	TABLE(&vrrp_track_ping_block, "track_ping p {\nhost 192.0.2.1\n%s\n}\n", of_ping, pings),
	TABLE(&track_file_block, "track_file f {\nfile /run/f\n%s\n}\n", of_file, files),
	TABLE(&vrrp_process_block, "vrrp_track_process p {\nprocess sshd\n%s\n}\n", of_process,
	      processes),
	TABLE(&vrrp_track_group_block, VI(VIP) "track_group T {\n%s\n}\n", of_track_group,
	      track_groups),
	TABLE(&garp_group_block, "garp_group {\ninterface eth0\n%s\n}\n", of_garp_group,
	      garp_groups),
	TABLE(&linkbeat_block, "linkbeat_interfaces {\neth0 %s\n}\n", of_linkbeat, linkbeats),
};

/* BFD sessions belong to another engine. */
static bool needs_other_engine(const struct keyword *kw)
{
	return !strcmp(kw->word, "track_bfd");
}

static const struct example *find_example(const struct table *table, const struct keyword *kw)
{
	for (size_t i = 0; i < table->n; i++)
		if (!strcmp(table->examples[i].word, kw->word))
			return &table->examples[i];
	fail_msg("%s > %s has no example", table->type->name, kw->word);
	return NULL;
}

/* @around with "WORD ARGS" in place of %s. */
static char *example_text(const struct table *table, const struct example *example)
{
	const char *around = example->around ? example->around : table->around;
	const char *mark = strstr(around, "%s");
	struct strbuf text = { 0 };

	assert_non_null(mark);
	strbuf_add_bytes(&text, around, (size_t)(mark - around));
	strbuf_addf(&text, "%s %s", example->word, example->args);
	strbuf_add(&text, mark + 2);
	return text.data;
}

/* Words that are reported without being aliases. */
static bool may_warn(const struct keyword *kw)
{
	return kw->flags & (KW_DEPRECATED | KW_OBSOLETE) || !strcmp(kw->word, "as") ||
	       !strcmp(kw->word, "or");
}

static void check_findings(const struct config *config, const struct table *table,
			   const struct keyword *kw, const char *text)
{
	struct strbuf out = diag_text(config, false);

	if (diags_count(config->diags, DIAG_ERROR) ||
	    (!may_warn(kw) && diags_count(config->diags, DIAG_WARNING)))
		fail_msg("%s > %s:\n%s\nin\n%s", table->type->name, kw->word, strbuf_text(&out),
			 text);
	strbuf_fini(&out);
}

static void check_field(const struct object *object, const struct keyword *kw,
			const struct example *example)
{
	struct strbuf printed = { 0 };

	if (!kw->type->size)
		return;
	if (!object_is_set(object, kw->at))
		fail_msg("%s does not set its field", kw->word);
	if (kw->type->print && (!example->printed || example->printed[0])) {
		kw->type->print(kw, object_field(object->type, object, kw), &printed);
		assert_string_equal(strbuf_text(&printed),
				    example->printed ? example->printed : example->args);
	}
	strbuf_fini(&printed);
}

static void check_row(const struct table *table, const struct keyword *kw)
{
	const struct example *example = find_example(table, kw);
	char *text = example_text(table, example);
	struct config *config = vrrp_read(text);

	check_findings(config, table, kw, text);
	check_field(table->object(vrrp_config_of(config)), kw, example);
	config_free(config);
	free(text);
}

static void every_row_has_its_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		for (uint32_t j = 0; j < tables[i].type->n_keywords; j++)
			if (!needs_other_engine(&tables[i].type->keywords[j]))
				check_row(&tables[i], &tables[i].type->keywords[j]);
}

static void every_row_is_described(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		for (uint32_t j = 0; j < tables[i].type->n_keywords; j++) {
			const struct keyword *kw = &tables[i].type->keywords[j];

			if (!kw->help || !kw->help[0])
				fail_msg("%s > %s has no help", tables[i].type->name, kw->word);
			if (kw->flags & (KW_ALIAS | KW_DEPRECATED) && !kw->instead)
				fail_msg("%s > %s is an alias of nothing", tables[i].type->name,
					 kw->word);
		}
	}
}

/* Print and read again: the second print says the same. */
static void check_reprint(const struct table *table, const struct keyword *kw)
{
	char *text = example_text(table, find_example(table, kw));
	struct config *config = vrrp_read(text);
	struct strbuf once = { 0 }, twice = { 0 }, findings = { 0 };

	bind_print(&vrrp_sections, config->section[ENGINE_VRRP], 0, &once);
	config_free(config);
	config = vrrp_read(strbuf_text(&once));
	findings = diag_text(config, false);
	if (diags_count(config->diags, DIAG_ERROR))
		fail_msg("%s > %s: %s\n%s", table->type->name, kw->word, strbuf_text(&findings),
			 strbuf_text(&once));
	bind_print(&vrrp_sections, config->section[ENGINE_VRRP], 0, &twice);
	assert_string_equal(strbuf_text(&once), strbuf_text(&twice));
	config_free(config);
	strbuf_fini(&once);
	strbuf_fini(&twice);
	strbuf_fini(&findings);
	free(text);
}

static void printing_is_reading(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		for (uint32_t j = 0; j < tables[i].type->n_keywords; j++)
			if (!needs_other_engine(&tables[i].type->keywords[j]))
				check_reprint(&tables[i], &tables[i].type->keywords[j]);
}

/* A reload of the same text finds nothing to do. */
static void check_same(const struct table *table, const struct keyword *kw)
{
	char *text = example_text(table, find_example(table, kw));
	struct config *old = vrrp_read(text), *new = vrrp_read(text);
	const struct vrrp_config *vc = vrrp_config_of(old);
	struct diff_rows rows;

	if (diff_objects(&vc->object, &vrrp_config_of(new)->object, &rows) != DIFF_SAME)
		fail_msg("%s > %s differs from itself", table->type->name, kw->word);
	for (uint32_t i = 0; i < vc->instances.n; i++)
		if (vrrp_instance_diff(instance(old, i), instance(new, i), &rows) != DIFF_SAME)
			fail_msg("%s > %s: an instance differs from itself", table->type->name,
				 kw->word);
	config_free(old);
	config_free(new);
	free(text);
}

static void the_same_text_is_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		for (uint32_t j = 0; j < tables[i].type->n_keywords; j++)
			if (!needs_other_engine(&tables[i].type->keywords[j]))
				check_same(&tables[i], &tables[i].type->keywords[j]);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_row_has_its_field),
	cmocka_unit_test(every_row_is_described),
	cmocka_unit_test(printing_is_reading),
	cmocka_unit_test(the_same_text_is_the_same),
};

UNIT_MAIN(tests)
