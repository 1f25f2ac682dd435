/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Value types that only process-wide keywords need, and stored hooks that several rows share.
 */
#pragma once

#include "config/bind.h"

extern const struct value_type value_comm;	/* const char *; process name, cut to 15 bytes */
extern const struct value_type value_or_text;	/* const char *; one word, or ->arg when there is
						   none */
extern const struct value_type value_clamped_u32; /* uint32_t; outside min..max: the nearer end,
						     with a warning */
extern const struct value_type value_whole_seconds;	/* kspan; whole seconds; range in ns */
extern const struct value_type value_smtp_server; /* struct smtp_server */
extern const struct value_type value_cpu_list;	/* struct cpu_list */
extern const struct value_type value_fifo;	/* struct fifo_config */
extern const struct value_type value_extra_garp; /* struct extra_garp */
extern const struct value_type value_rx_bufs;	/* struct rx_bufs_policy */
extern const struct value_type value_umask;	/* uint32_t */

/** ->stored hooks: a uint32_t or kspan of 0 becomes 1 (one second), with a warning. */
void stored_u32_not_zero(struct bind *, const struct keyword *, struct node *, void *object);
void stored_span_not_zero(struct bind *, const struct keyword *, struct node *, void *object);
/** ->stored hook: a kspan of 0 is accepted as "none", with a warning. */
void stored_span_zero_is_none(struct bind *, const struct keyword *, struct node *, void *object);
/** ->stored hook of value_word_block: a block without words gets a warning at its end. */
void stored_words_not_empty(struct bind *, const struct keyword *, struct node *, void *object);
