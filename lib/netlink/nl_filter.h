/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which notifications of rtnetlink are worth waking up for.
 */
#pragma once

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

#define NL_FILTER_MAX 16

/** A classic BPF program for the socket that hears notifications. It drops those of new routes
 *  (parts of a dump pass), and those of IPv4 addresses added on request of the netlink port @port
 *  (0: none). @out has room for NL_FILTER_MAX; the number of instructions is returned. */
size_t nl_filter_build(uint32_t port, struct sock_filter *out);
