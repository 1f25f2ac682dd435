/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small words that every file uses: attributes, array length, container_of, cleanup helpers,
 * arithmetic that says when it overflows.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define attr_printf(fmt, args) __attribute__((format(printf, fmt, args)))
#define attr_must_use	       __attribute__((warn_unused_result))
#define attr_noreturn	       __attribute__((noreturn))
#define attr_unused	       __attribute__((unused))
#define attr_fallthrough       __attribute__((fallthrough))
/** Run @fn on the address of the variable when it leaves its scope. */
#define attr_cleanup(fn) __attribute__((cleanup(fn)))

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

/** The object that contains @member at @ptr. */
#define container_of(ptr, type, member) \
	((type *)(void *)((char *)(ptr) - offsetof(type, member)))

/** True, and *@out undefined, when a + b or a * b does not fit. */
#define add_overflows(a, b, out) __builtin_add_overflow(a, b, out)
#define mul_overflows(a, b, out) __builtin_mul_overflow(a, b, out)

#define MIN_OF(a, b) ((a) < (b) ? (a) : (b))
#define MAX_OF(a, b) ((a) > (b) ? (a) : (b))
