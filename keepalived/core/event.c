/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of events, and causes as text for logs, dumps and JSON.
 */
#include "core/event.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

ENUM_DEFINE(event_kind, EVENT_KINDS)
ENUM_DEFINE(event_what, EVENT_WHATS)
ENUM_DEFINE(cause_type, CAUSE_TYPES)

static bool is_bool(const void *at)
{
	uint8_t byte;

	memcpy(&byte, at, 1);
	return byte <= 1;
}

static bool is_family(uint8_t family)
{
	return family == AF_UNSPEC || family == AF_INET || family == AF_INET6;
}

bool event_is_sane(const struct event *e)
{
	return (size_t)e->kind < n_event_kind && (size_t)e->what < n_event_what &&
	       (size_t)e->cause.type < n_cause_type && is_family(e->cause.from.family) &&
	       memchr(e->cause.text, '\0', sizeof(e->cause.text)) && is_bool(&e->quiet);
}

static const char *up_down(const struct cause *c)
{
	return c->number ? "up" : "down";
}

const char *cause_text(const struct cause *c, char *buf, size_t size)
{
	char addr[ADDR_TEXT_MAX];
	const char *from = addr_print(c->from, addr);
	const char *name = cause_type_name(c->type);

	switch (c->type) {
	case CAUSE_NONE:
	case CAUSE_START:
	case CAUSE_OWNER:
	case CAUSE_RELOAD:
	case CAUSE_REQUEST:
		snprintf(buf, size, "%s", name);
		break;
	case CAUSE_ADVERT:
		snprintf(buf, size, "advert from %s with priority %d", from, c->number);
		break;
	case CAUSE_PRIORITY_ZERO:
		snprintf(buf, size, "%s from %s", name, from);
		break;
	case CAUSE_MASTER_DOWN:
		snprintf(buf, size, "no advert for %d ms", c->number);
		break;
	case CAUSE_INTERFACE:
	case CAUSE_BFD:
		snprintf(buf, size, "%s %s %s", name, c->text, up_down(c));
		break;
	case CAUSE_ADDRESS:
		snprintf(buf, size, "source address %s %s", from,
			 c->number ? "present" : "missing");
		break;
	case CAUSE_VIP_LOST:
		snprintf(buf, size, "virtual address %s removed from %s", from, c->text);
		break;
	case CAUSE_ROUTE_LOST:
		snprintf(buf, size, "%s removed by somebody", c->text);
		break;
	case CAUSE_SCRIPT:
		snprintf(buf, size, "script %s exited with status %d", c->text, c->number);
		break;
	case CAUSE_FILE:
		snprintf(buf, size, "track file %s has value %d", c->text, c->number);
		break;
	case CAUSE_PROCESS:
		snprintf(buf, size, "tracked process %s runs %d times", c->text, c->number);
		break;
	case CAUSE_GROUP:
		snprintf(buf, size, "sync group member %s", c->text);
		break;
	case CAUSE_CONFIG:
		snprintf(buf, size, "configuration: %s", c->text);
		break;
	case CAUSE_SIGNAL:
		snprintf(buf, size, "signal %d", c->number);
		break;
	case CAUSE_LATE:
		snprintf(buf, size, "timer served %d ms late", c->number);
		break;
	case CAUSE_KERNEL:
		snprintf(buf, size, "%s: %s", c->text[0] ? c->text : "requests to the kernel",
			 c->number ? strerror(c->number) : "possible again");
		break;
	}
	return buf;
}
