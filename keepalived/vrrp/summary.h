/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VRRP engine in a few words, for the service manager. Pure.
 */
#pragma once

#include "base/str.h"

struct config;
struct status_page;

/** Add "2 of 3 instances MASTER, 1 FAULT". */
void vrrp_summary(const struct config *, const struct status_page *, struct strbuf *out);
