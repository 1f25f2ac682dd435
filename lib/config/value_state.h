/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the value types share.
 */
#pragma once

#include "config/bind_state.h"
#include "config/value.h"

/** "a number from 1 to 255", "an interface name": what a row's value is. */
void value_describe(const struct keyword *, struct strbuf *out);
/** Add "NAME is a number from 1 to 255, default 100" as hint. */
void value_hint(struct bind *, struct diag *, const struct keyword *);
/** May the row stand without a word here, and does it? In a record the next option ends it. */
bool value_is_alone(struct bind *, const struct keyword *, const struct node *, unsigned next);
/** Report that a word is not what the row takes; with the hint and what slipped in. */
void value_report(struct bind *, const struct keyword *, const struct word *, const char *rule);
