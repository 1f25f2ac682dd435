/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keepalived.data: the sections in their order, static entries, and how lines look.
 *
 * Line grammar, an interface: headers between dashes; objects with one leading blank; attributes
 * with three, "Key = value"; items of lists with five.
 */
#include "vrrp/dump.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#define LINE_MAX_TEXT 512
#define NS_PER_SECOND INT64_C(1000000000)

attr_printf(2, 0) static void add_formatted(struct strbuf *out, const char *fmt, va_list args)
{
	char text[LINE_MAX_TEXT];

	(void)vsnprintf(text, sizeof(text), fmt, args);
	strbuf_add(out, text);
	strbuf_add_char(out, '\n');
}

void dump_value(struct strbuf *out, const char *key, const char *fmt, ...)
{
	va_list args;

	strbuf_addf(out, "   %s = ", key);
	va_start(args, fmt);
	add_formatted(out, fmt, args);
	va_end(args);
}

void dump_item(struct strbuf *out, const char *fmt, ...)
{
	va_list args;

	strbuf_add(out, "     ");
	va_start(args, fmt);
	add_formatted(out, fmt, args);
	va_end(args);
}

void dump_line(struct strbuf *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_formatted(out, fmt, args);
	va_end(args);
}

void dump_section(struct strbuf *out, const char *name)
{
	strbuf_addf(out, "------< %s >------\n", name);
}

void dump_time(struct strbuf *out, const char *key, int64_t wall_ns)
{
	time_t seconds = (time_t)(wall_ns / NS_PER_SECOND);
	long us = (long)(wall_ns % NS_PER_SECOND / 1000);
	char day[32] = "", year[8] = "";
	struct tm tm;

	if (localtime_r(&seconds, &tm)) {
		(void)strftime(day, sizeof(day), "%a %b %e %H:%M:%S", &tm);
		(void)strftime(year, sizeof(year), "%Y", &tm);
	}
	dump_value(out, key, "%lld.%06ld (%s.%06ld %s)", (long long)seconds, us, day, us, year);
}

void command_text(const struct script_config *script, struct strbuf *out)
{
	for (uint32_t i = 0; i < script->argc; i++) {
		if (i)
			strbuf_add_char(out, ' ');
		strbuf_add_shell_quoted(out, script->argv[i]);
	}
}

void dump_script(struct strbuf *out, const char *key, const struct script_config *script)
{
	if (!script)
		return;
	const char *user = script->user ? script->user : script->default_user;
	const char *group = script->user ? script->group : script->default_group;

	strbuf_addf(out, "   %s = ", key);
	command_text(script, out);
	strbuf_addf(out, ", uid:gid %s:%s\n", user ? user : "default", group ? group : "default");
}

void dump_notify(struct strbuf *out, const struct notify_scripts *notify)
{
	dump_script(out, "Backup state transition script", notify->backup);
	dump_script(out, "Master state transition script", notify->master);
	dump_script(out, "Fault state transition script", notify->fault);
	dump_script(out, "Stop state transition script", notify->stop);
	dump_script(out, "Deleted state transition script", notify->deleted);
	dump_script(out, "Generic state transition script", notify->generic);
	dump_script(out, "Master rx lower pri state transition script", notify->rx_lower_pri);
}

void dump_address_text(const struct vrrp_dump *d, const struct address_config *a, uint32_t index,
		       struct strbuf *out)
{
	struct vrrp_address_status status = { 0 };

	if (index != UINT32_MAX)
		(void)status_read(d->page, VRRP_SLOT_ADDRESS, index, &status, sizeof(status));
	address_config_text(a, status.ifname[0] ? status.ifname : NULL, out);
	if (status.set)
		strbuf_add(out, " set");
}

static void dump_garp_groups(const struct vrrp_dump *d, struct strbuf *out)
{
	if (!d->vc->garp_groups.n)
		return;
	dump_section(out, "Gratuitous ARP delays");
	for (uint32_t i = 0; i < d->vc->garp_groups.n; i++) {
		const struct garp_group_config *group = d->vc->garp_groups.items[i];

		dump_section(out, "GARP delay group");
		dump_value(out, "Gratuitous ARP interval", "%f",
			   kspan_seconds(group->garp_interval));
		dump_value(out, "Gratuitous NA interval", "%f", kspan_seconds(group->gna_interval));
		dump_line(out, "   Interfaces :");
		for (uint32_t j = 0; j < group->interfaces.n; j++)
			dump_item(out, "%s", group->interfaces.items[j]);
	}
}

static void add_line(struct strbuf *out, struct strbuf *text, bool no_track)
{
	strbuf_addf(out, "     %s%s\n", strbuf_text(text), no_track ? " no_track" : "");
	strbuf_reset(text);
}

static void dump_static(const struct vrrp_dump *d, struct strbuf *out)
{
	attr_cleanup(strbuf_fini) struct strbuf text = { 0 };

	if (d->vc->addresses.n)
		dump_section(out, "Static Addresses");
	for (uint32_t i = 0; i < d->vc->addresses.n; i++) {
		const struct address_config *a = d->vc->addresses.items[i];

		address_config_text(a, NULL, &text);
		add_line(out, &text, a->no_track);
	}
	if (d->vc->routes.n)
		dump_section(out, "Static Routes");
	for (uint32_t i = 0; i < d->vc->routes.n; i++) {
		const struct route_config *r = d->vc->routes.items[i];

		route_text(&r->route, &text);
		add_line(out, &text, r->no_track);
	}
	if (d->vc->rules.n)
		dump_section(out, "Static Rules");
	for (uint32_t i = 0; i < d->vc->rules.n; i++) {
		const struct rule_config *r = d->vc->rules.items[i];

		rule_text(&r->rule, &text);
		add_line(out, &text, r->no_track);
	}
}

static void dump_track_groups(const struct vrrp_dump *d, struct strbuf *out)
{
	if (d->vc->track_groups.n)
		dump_section(out, "Static Track groups");
	for (uint32_t i = 0; i < d->vc->track_groups.n; i++) {
		const struct vrrp_track_group_config *group = d->vc->track_groups.items[i];

		dump_line(out, " Static Track Group = %s", group->object.name);
		dump_line(out, "   VRRP member instances :");
		for (uint32_t j = 0; j < group->n_members; j++)
			dump_item(out, "%s", group->members[j]->object.name);
	}
}

void vrrp_dump_data(const struct config *config, const struct status_page *page,
		    struct strbuf *out)
{
	const struct vrrp_dump d = vrrp_dump_of(config, page);

	if (!d.vc)
		return;
	dump_garp_groups(&d, out);
	dump_static(&d, out);
	dump_track_groups(&d, out);
	dump_instances(&d, out);
	dump_sockets(&d, out);
	dump_groups(&d, out);
	dump_tracked(&d, out);
	dump_interfaces(&d, out);
}
