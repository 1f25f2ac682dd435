/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The value types of routes, between the files that make them up. Private to config_*.c.
 */
#pragma once

#include "config/value.h"
#include "net/route.h"

/** Field: struct route_encap. */
extern const struct value_type value_encap;
void route_encap_text(const struct route_encap *, struct strbuf *);

/** Field: struct route_metrics; ->arg: const struct route_metric *. */
extern const struct value_type value_metric, value_metric_name;
struct route_metric {
	uint8_t number;			/* RTAX_* */
	bool lock;			/* may be locked */
	bool time;			/* value may have a unit: s, ms */
	uint16_t per_ms;		/* of times: kernel units in a millisecond */
	uint32_t max;			/* of others; 0: UINT32_MAX */
};
/** All that are set, each with a blank before it. */
void route_metrics_text(const struct route_metrics *, struct strbuf *);

/** Field: struct addr, ->at of a via; the family word goes to the byte at ->arg's offset from the
 *  start of the object (const size_t *): [inet|inet6] ADDR. */
extern const struct value_type value_via;
/** Field: struct object_list: one nexthop up to the next such word. */
extern const struct value_type value_nexthop;
extern const struct block_type nexthop_block;
/** " via inet A dev I weight N ...". */
void nexthop_text(const struct route_nexthop *, struct strbuf *);
