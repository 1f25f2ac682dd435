/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of iproute2: the built-in ones, those of the files, and looking them up.
 *
 * What a file says is found before what is built in. The tables are small (tens of names), so a
 * look-up walks them. Reading the files is iproute_names_load.c's job.
 */
#include "core/iproute_names.h"

#include <stdlib.h>
#include <string.h>

#include <linux/rtnetlink.h>

#include "base/arena.h"
#include "base/num.h"
#include "base/str.h"
#include "core/config.h"

struct name {
	const char *name;
	uint32_t number;
};

struct iproute_names {
	struct arena *arena;
	struct name_table {
		struct name *names;
		size_t n, cap;
	} tables[IPROUTE_COUNT];
};

static const struct name builtin_tables[] = {
	{ "default", RT_TABLE_DEFAULT }, { "main", RT_TABLE_MAIN }, { "local", RT_TABLE_LOCAL },
	{ NULL, 0 },
};

static const struct name builtin_protos[] = {
	{ "none", RTPROT_UNSPEC },	{ "redirect", RTPROT_REDIRECT },
	{ "kernel", RTPROT_KERNEL },	{ "boot", RTPROT_BOOT },
	{ "static", RTPROT_STATIC },	{ "gated", RTPROT_GATED },
	{ "ra", RTPROT_RA },		{ "mrt", RTPROT_MRT },
	{ "zebra", RTPROT_ZEBRA },	{ "bird", RTPROT_BIRD },
	{ "babel", RTPROT_BABEL },	{ "dnrouted", RTPROT_DNROUTED },
	{ "xorp", RTPROT_XORP },	{ "ntk", RTPROT_NTK },
	{ "dhcp", RTPROT_DHCP },	{ "keepalived", 18 },
	{ NULL, 0 },
};

static const struct name builtin_scopes[] = {
	{ "global", RT_SCOPE_UNIVERSE }, { "nowhere", RT_SCOPE_NOWHERE },
	{ "host", RT_SCOPE_HOST },	 { "link", RT_SCOPE_LINK },
	{ "site", RT_SCOPE_SITE },	 { NULL, 0 },
};

static const struct name no_names[] = { { NULL, 0 } };

static const struct name builtin_realms[] = { { "cosmos", 0 }, { NULL, 0 } };
static const struct name builtin_groups[] = { { "default", 0 }, { NULL, 0 } };

static const struct name *const builtin[IPROUTE_COUNT] = {
	[IPROUTE_TABLES] = builtin_tables,  [IPROUTE_PROTOS] = builtin_protos,
	[IPROUTE_SCOPES] = builtin_scopes,  [IPROUTE_DSFIELD] = no_names,
	[IPROUTE_REALMS] = builtin_realms,  [IPROUTE_GROUPS] = builtin_groups,
};

struct iproute_names *iproute_names_new(void)
{
	struct iproute_names *names = xnew(struct iproute_names);

	names->arena = arena_new();
	return names;
}

void iproute_names_free(struct iproute_names *names)
{
	if (!names)
		return;
	for (size_t i = 0; i < IPROUTE_COUNT; i++)
		free(names->tables[i].names);
	arena_free(names->arena);
	free(names);
}

static const struct name *find_in_files(const struct iproute_names *names,
					enum iproute_table which, const char *name)
{
	if (!names)
		return NULL;
	const struct name_table *table = &names->tables[which];

	for (size_t i = 0; i < table->n; i++)
		if (!strcmp(table->names[i].name, name))
			return &table->names[i];
	return NULL;
}

bool iproute_names_find(const struct iproute_names *names, enum iproute_table which,
			const char *name, uint32_t *out)
{
	const struct name *found = find_in_files(names, which, name);

	for (const struct name *n = builtin[which]; !found && n->name; n++)
		if (!strcmp(n->name, name))
			found = n;
	if (found)
		*out = found->number;
	return found != NULL;
}

const char *iproute_names_of(const struct iproute_names *names, enum iproute_table which,
			     uint32_t number)
{
	for (size_t i = 0; names && i < names->tables[which].n; i++)
		if (names->tables[which].names[i].number == number)
			return names->tables[which].names[i].name;
	for (const struct name *n = builtin[which]; n->name; n++)
		if (n->number == number)
			return n->name;
	return NULL;
}

const char *iproute_names_suggest(const struct iproute_names *names, enum iproute_table which,
				  const char *word)
{
	const char *best = NULL;
	unsigned best_distance = ~0u, distance;

	for (size_t i = 0; names && i < names->tables[which].n; i++) {
		const char *name = names->tables[which].names[i].name;

		if (!str_is_near(word, name, &distance) || distance >= best_distance)
			continue;
		best = name;
		best_distance = distance;
	}
	for (const struct name *n = builtin[which]; n->name; n++) {
		if (!str_is_near(word, n->name, &distance) || distance >= best_distance)
			continue;
		best = n->name;
		best_distance = distance;
	}
	return best;
}

static void add_name(struct iproute_names *names, enum iproute_table which, const char *name,
		     size_t len, uint32_t number)
{
	struct name_table *table = &names->tables[which];
	const char *copy = arena_strndup(names->arena, name, len);

	if (find_in_files(names, which, copy))
		return;
	if (table->n == table->cap) {
		table->cap = table->cap ? 2 * table->cap : 32;
		table->names = xrealloc(table->names, table->cap, sizeof(*table->names));
	}
	table->names[table->n++] = (struct name){ copy, number };
}

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p;
}

static const char *word_end(const char *p, const char *end)
{
	while (p < end && *p != ' ' && *p != '\t' && *p != '\r' && *p != '#')
		p++;
	return p;
}

/* "NUMBER NAME", blanks around, the rest of the line is nobody's business. */
static void add_line(struct iproute_names *names, enum iproute_table which, const char *p,
		     const char *end)
{
	char number_text[24];
	uint64_t number;

	p = skip_blanks(p, end);
	const char *number_end = word_end(p, end);
	size_t number_len = (size_t)(number_end - p);

	if (!number_len || number_len >= sizeof(number_text))
		return;
	memcpy(number_text, p, number_len);
	number_text[number_len] = '\0';
	if (num_parse_u64(number_text, 0, 0, UINT32_MAX, &number) != NUM_OK)
		return;
	const char *name = skip_blanks(number_end, end);
	const char *name_end = word_end(name, end);

	if (name_end > name)
		add_name(names, which, name, (size_t)(name_end - name), (uint32_t)number);
}

void iproute_names_add_text(struct iproute_names *names, enum iproute_table which,
			    const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *line_end = newline ? newline : end;

		add_line(names, which, text, line_end);
		text = newline ? newline + 1 : end;
	}
}

const struct iproute_names *config_iproute_names(struct config *config)
{
	if (!config)
		return NULL;
	if (config->names)
		return config->names;
	config->names = iproute_names_new();
	if (config->load_names) {
		const struct global_config *global = config->global;

		config->load_names(config->names, global ? global->iproute_usr_dir : NULL,
				   global ? global->iproute_etc_dir : NULL);
	}
	return config->names;
}
