/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The toy language: tables, and the way from text to its objects.
 */
#include "config_toy.h"

#include <stdlib.h>
#include <string.h>

#define SECOND	    INT64_C(1000000000)
#define MILLISECOND INT64_C(1000000)

#define AT(m) offsetof(struct toy_global, m)
static const struct keyword global_keywords[] = {
	{ .word = "router_id", .type = &value_text, .at = AT(router_id), .label = "Router",
	  .json = "router_id", .help = "Names this router." },
	{ .word = "version", .type = &value_u32, .at = AT(version), .min = 2, .max = 3,
	  .flags = KW_RESTART, .help = "Version of the protocol." },
	{ .word = "startup_delay", .type = &value_span, .at = AT(delay), .max = 100 * SECOND },
	{ .word = "strict", .type = &value_bool, .at = AT(strict), .flags = KW_OPTIONAL_ARG,
	  .alone = true },
	{ .word = "alert", .type = &value_tristate, .at = AT(alert), .flags = KW_OPTIONAL_ARG,
	  .alone = TRISTATE_ON },
	{ .word = "mails", .type = &value_word_block, .at = AT(mails), .flags = KW_APPEND },
	{ .word = "chains", .type = &value_words, .at = AT(chains) },
	{ .word = "old_id", .type = &value_text, .at = AT(router_id), .flags = KW_ALIAS | KW_MASKED,
	  .instead = "router_id" },
	{ .word = "bad_id", .type = &value_text, .at = AT(router_id),
	  .flags = KW_DEPRECATED | KW_MASKED, .instead = "router_id" },
	{ .word = "nat_mask", .type = &value_none, .flags = KW_OBSOLETE | KW_MASKED },
};
#undef AT

static bool no_name(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	(void)b;
	(void)object;
	(void)node;
	(void)next;
	return true;
}

static const struct toy_global global_defaults = { .version = 2 };

const struct block_type toy_global_block = {
	.name = "globals",
	KEYWORDS(global_keywords),
	.size = sizeof(struct toy_global),
	.defaults = &global_defaults,
	.head = no_name,
	.help = "What concerns everything.",
};

#define AT(m) offsetof(struct toy_address, m)
static const struct keyword address_options[] = {
	{ .word = "dev", .type = &value_ifname, .at = AT(dev) },
	{ .word = "label", .type = &value_name, .at = AT(label), .max = 15 },
	{ .word = "no_track", .type = &value_flag, .at = AT(no_track) },
};

static bool address_head(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	static const struct keyword row = { .word = "address", .type = &value_addr };
	struct toy_address *address = (struct toy_address *)object;

	return value_addr.parse(b, &row, node, next, &address->addr);
}

static void address_print(const struct object *object, struct strbuf *out)
{
	static const struct keyword row = { .word = "address", .type = &value_addr };

	value_addr.print(&row, &((const struct toy_address *)object)->addr, out);
}

const struct block_type toy_address_record = {
	.name = "address",
	.form = BLOCK_RECORD,
	KEYWORDS(address_options),
	.size = sizeof(struct toy_address),
	.head = address_head,
	.head_synopsis = "ADDR",
	.print_head = address_print,
	.key = address_print,
};
#undef AT

#define AT(m) offsetof(struct toy_instance, m)
ENUM_WORDS(state_words, "MASTER or BACKUP", { "BACKUP", 0 }, { "MASTER", 1 },
	   { "SLAVE", 0, "BACKUP" });
static const struct keyword instance_keywords[] = {
	{ .word = "state", .type = &value_enum, .at = AT(state), .arg = &state_words },
	{ .word = "interface", .type = &value_ifname, .at = AT(interface), .flags = KW_RESTART },
	{ .word = "virtual_router_id", .type = &value_u8, .at = AT(vrid), .min = 1, .max = 255,
	  .flags = KW_REQUIRED | KW_RESTART },
	{ .word = "priority", .type = &value_u8, .at = AT(priority), .min = 1, .max = 255,
	  .help = "Higher wins the election." },
	{ .word = "weight", .type = &value_i16, .at = AT(weight), .min = -254, .max = 254 },
	{ .word = "advert_int", .type = &value_span, .at = AT(advert_every),
	  .min = 1 * 10 * MILLISECOND, .max = 255 * SECOND },
	{ .word = "nopreempt", .type = &value_flag, .at = AT(nopreempt) },
	{ .word = "virtual_ipaddress", .type = &value_records, .at = AT(addresses),
	  .arg = &toy_address_record, .flags = KW_APPEND },
	{ .word = "track", .type = &value_record, .at = AT(tracks), .arg = &toy_address_record,
	  .flags = KW_APPEND },
	{ .word = "auth_pass", .type = &value_name, .at = AT(password), .max = 8,
	  .flags = KW_SECRET },
	{ .word = "notify", .type = &value_text, .at = AT(script), .flags = KW_FIRST_WINS },
};
#undef AT

static const struct toy_instance instance_defaults = { .priority = 100, .advert_every = SEC(1) };

const struct block_type toy_instance_block = {
	.name = "vrrp_instance",
	KEYWORDS(instance_keywords),
	.size = sizeof(struct toy_instance),
	.defaults = &instance_defaults,
	.head = block_name,
	.head_synopsis = "NAME",
	.help = "One virtual router.",
};

#define AT(m) offsetof(struct toy_check, m)
static const struct keyword check_keywords[] = {
	{ .word = "connect_timeout", .type = &value_span, .at = AT(timeout), .min = 1 * MILLISECOND,
	  .max = 4000 * SECOND },
	{ .word = "retry", .type = &value_u32, .at = AT(retry) },
};
#undef AT

static const struct toy_check check_defaults = { .timeout = SEC(5), .retry = 1 };

static const struct block_type check_block = {
	.name = "TCP_CHECK",
	KEYWORDS(check_keywords),
	.size = sizeof(struct toy_check),
	.defaults = &check_defaults,
	.head = no_name,
};

static bool addr_port(struct bind *b, struct node *node, unsigned *next, struct addr *addr,
		      uint16_t *port)
{
	static const struct keyword addr_row = { .word = "server", .type = &value_addr };
	static const struct keyword port_row = { .word = "server", .type = &value_u16, .min = 1,
						 .max = 65535 };

	if (!value_addr.parse(b, &addr_row, node, next, addr))
		return false;
	return *next >= node->n_words || value_u16.parse(b, &port_row, node, next, port);
}

static void print_addr_port(struct addr addr, uint16_t port, struct strbuf *out)
{
	static const struct keyword row = { .word = "server", .type = &value_addr };

	value_addr.print(&row, &addr, out);
	if (port)
		strbuf_addf(out, " %u", port);
}

static bool real_head(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	struct toy_real *real = (struct toy_real *)object;

	return addr_port(b, node, next, &real->addr, &real->port);
}

static void real_print(const struct object *object, struct strbuf *out)
{
	const struct toy_real *real = (const struct toy_real *)object;

	print_addr_port(real->addr, real->port, out);
}

#define AT(m) offsetof(struct toy_real, m)
static const struct keyword real_keywords[] = {
	{ .word = "weight", .type = &value_u32, .at = AT(weight), .max = 65535 },
	{ .word = "TCP_CHECK", .type = &value_one_block, .at = AT(check), .arg = &check_block },
};
#undef AT

static const struct toy_real real_defaults = { .weight = 1 };

const struct block_type toy_real_block = {
	.name = "real_server",
	KEYWORDS(real_keywords),
	.size = sizeof(struct toy_real),
	.defaults = &real_defaults,
	.head = real_head,
	.head_synopsis = "ADDR [PORT]",
	.print_head = real_print,
	.key = real_print,
};

static bool virtual_head(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	struct toy_virtual *vs = (struct toy_virtual *)object;

	return addr_port(b, node, next, &vs->addr, &vs->port);
}

static void virtual_print(const struct object *object, struct strbuf *out)
{
	const struct toy_virtual *vs = (const struct toy_virtual *)object;

	print_addr_port(vs->addr, vs->port, out);
}

#define AT(m) offsetof(struct toy_virtual, m)
ENUM_WORDS(algo_words, "a scheduler", { "rr", 0 }, { "wrr", 1 }, { "lc", 2 });
static const struct keyword virtual_keywords[] = {
	{ .word = "delay_loop", .type = &value_span, .at = AT(delay), .min = 1 * MILLISECOND,
	  .max = 4000 * SECOND },
	{ .word = "lb_algo", .type = &value_enum, .at = AT(algo), .arg = &algo_words },
	{ .word = "real_server", .type = &value_block, .at = AT(reals), .arg = &toy_real_block,
	  .flags = KW_APPEND },
};
#undef AT

static const struct toy_virtual virtual_defaults = { .delay = SEC(60) };

const struct block_type toy_virtual_block = {
	.name = "virtual_server",
	KEYWORDS(virtual_keywords),
	.size = sizeof(struct toy_virtual),
	.defaults = &virtual_defaults,
	.head = virtual_head,
	.head_synopsis = "ADDR [PORT]",
	.print_head = virtual_print,
	.key = virtual_print,
};

#define AT(m) offsetof(struct toy_root, m)
static const struct keyword section_keywords[] = {
	{ .word = "globals", .type = &value_one_block, .at = AT(global), .arg = &toy_global_block },
	{ .word = "vrrp_instance", .type = &value_block, .at = AT(instances),
	  .arg = &toy_instance_block, .flags = KW_APPEND },
	{ .word = "virtual_server", .type = &value_block, .at = AT(virtuals),
	  .arg = &toy_virtual_block, .flags = KW_APPEND },
	{ .word = "use_dir", .type = &value_flag, .at = AT(use_dir) },
	{ .word = "old_block", .type = &value_ignored_block, .flags = KW_OBSOLETE },
};
#undef AT

const struct block_type toy_sections = {
	.name = "toy",
	KEYWORDS(section_keywords),
	.size = sizeof(struct toy_root),
};

void toy_bind(struct toy *toy)
{
	struct bind b = { .arena = toy->arena, .diags = toy->diags, .sources = toy->map };
	struct bind_section section = { .type = &toy_sections, .owner = "toy" };
	struct lexer *lexer = lexer_new(toy->map, toy->scratch, toy->diags);

	bind_all(&b, lexer, &section, 1);
	lexer_free(lexer);
	toy->root = (struct toy_root *)section.object;
}

struct toy toy_read(const char *text)
{
	struct source_options options = { .config_id = "node1" };
	struct toy toy = { arena_new(), arena_new(), diags_new(), source_map_new(), NULL };

	(void)source_read_text(toy.map, "test.conf", text, strlen(text), &options, toy.diags);
	toy_bind(&toy);
	return toy;
}

void toy_free(struct toy *toy)
{
	diags_free(toy->diags);
	source_map_free(toy->map);
	arena_free(toy->scratch);
	arena_free(toy->arena);
}

char *toy_findings(struct toy *toy)
{
	struct diag_print_options options = { .notes = DIAG_NOTES_FULL };
	struct strbuf out = { 0 };

	diags_render(toy->diags, toy->map, &options, &out);
	return out.data ? out.data : xstrdup("");
}

char *toy_lines(struct toy *toy)
{
	static const char *const words[] = { "note", "warning", "error" };
	struct strbuf out = { 0 };
	size_t n;
	const struct diag *const *all = diags_sorted(toy->diags, &n);

	for (size_t i = 0; i < n; i++) {
		struct place_info info = { 0 };

		(void)source_resolve(toy->map, all[i]->at, &info);
		strbuf_addf(&out, "%u:%u %s %s\n", info.line, info.column,
			    words[all[i]->severity], all[i]->message);
	}
	return out.data ? out.data : xstrdup("");
}

static void add_words(struct strbuf *out, const struct node *node)
{
	for (unsigned i = 0; i < node->n_words; i++) {
		const struct word *word = &node->words[i];

		strbuf_addf(out, "%s%s%s%s", i ? " " : "", word->quoted ? "\"" : "", word->text,
			    word->quoted ? "\"" : "");
	}
}

/** Without recursion: down to the first child, else to the next, else up. */
static void add_tree(struct strbuf *out, const struct node *node)
{
	const struct node *top = node;

	while (node) {
		add_words(out, node);
		if (node->broken)
			strbuf_add(out, "?");
		if (node->has_block)
			strbuf_add(out, " {");
		if (node->first) {
			strbuf_add(out, " ");
			node = node->first;
			continue;
		}
		if (node->has_block)
			strbuf_add(out, " }");
		while (node && node != top && !node->next) {
			node = node->parent;
			strbuf_add(out, " }");
		}
		node = node == top ? NULL : node->next;
		if (node)
			strbuf_add(out, "; ");
	}
}

char *toy_tree_of(struct source_map *map, struct diags *diags)
{
	struct arena *scratch = arena_new();
	struct lexer *lexer = lexer_new(map, scratch, diags);
	struct strbuf out = { 0 };
	const struct diag *const *all;
	struct node *node;
	size_t n;

	while ((node = lex_next(lexer))) {
		strbuf_add(&out, out.len ? "; " : "");
		add_tree(&out, node);
	}
	all = diags_sorted(diags, &n);
	for (size_t i = 0; i < n; i++) {
		struct place_info info = { 0 };

		(void)source_resolve(map, all[i]->at, &info);
		strbuf_addf(&out, "\n! %u:%u %s", info.line, info.column, all[i]->message);
	}
	lexer_free(lexer);
	arena_free(scratch);
	return out.data ? out.data : xstrdup("");
}

char *toy_tree(const char *text)
{
	struct source_options options = { .config_id = "node1" };
	struct diags *diags = diags_new();
	struct source_map *map = source_map_new();
	char *tree;

	(void)source_read_text(map, "test.conf", text, strlen(text), &options, diags);
	tree = toy_tree_of(map, diags);
	diags_free(diags);
	source_map_free(map);
	return tree;
}
