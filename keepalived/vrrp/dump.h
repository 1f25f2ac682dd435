/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the files that make the dumps. Private to status.c and dump_*.c.
 */
#pragma once

#include "vrrp/status.h"

/** A configuration and the page that belongs to it. */
struct vrrp_dump {
	const struct config *config;
	const struct vrrp_config *vc;	/* NULL: no VRRP */
	const struct status_page *page;	/* NULL: nothing is known */
};

struct vrrp_dump vrrp_dump_of(const struct config *, const struct status_page *);
/** The slot of an instance, or what an instance looks like that has not begun. */
void vrrp_dump_instance(const struct vrrp_dump *, uint32_t index, struct vrrp_instance_status *out);

/** "   KEY = VALUE\n", "     ITEM\n" */
void dump_value(struct strbuf *, const char *key, const char *fmt, ...) attr_printf(3, 4);
void dump_item(struct strbuf *, const char *fmt, ...) attr_printf(2, 3);
void dump_line(struct strbuf *, const char *fmt, ...) attr_printf(2, 3);
/** "------< NAME >------\n" */
void dump_section(struct strbuf *, const char *name);
/** "SEC.USEC (Mon Nov 23 06:33:50.793506 2026)" */
void dump_time(struct strbuf *, const char *key, int64_t wall_ns);
/** Words of a command in single quotes. */
void command_text(const struct script_config *, struct strbuf *);
/** "KEY = 'CMD', uid:gid U:G"; nothing without a script. */
void dump_script(struct strbuf *, const char *key, const struct script_config *);
void dump_notify(struct strbuf *, const struct notify_scripts *);
/** An address with " set" behind it if it is. @index: slot; UINT32_MAX: none. */
void dump_address_text(const struct vrrp_dump *, const struct address_config *, uint32_t index,
		       struct strbuf *);

void dump_instances(const struct vrrp_dump *, struct strbuf *);
/** Transitions and diagnosis of an instance. */
void dump_why(const struct vrrp_dump *, uint32_t index, const struct vrrp_instance_status *,
	      struct strbuf *);
void dump_sockets(const struct vrrp_dump *, struct strbuf *);
void dump_groups(const struct vrrp_dump *, struct strbuf *);
void dump_tracked(const struct vrrp_dump *, struct strbuf *);
void dump_interfaces(const struct vrrp_dump *, struct strbuf *);
