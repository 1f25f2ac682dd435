/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time as types: a ktime is a point on CLOCK_MONOTONIC, a kspan a length, both in nanoseconds.
 */
#pragma once

#include "base/attr.h"

typedef struct {
	int64_t ns;
} ktime;

typedef struct {
	int64_t ns;
} kspan;

#define NSEC(n)	    ((kspan){ (int64_t)(n) })
#define USEC(n)	    ((kspan){ (int64_t)(n) * 1000 })
#define MSEC(n)	    ((kspan){ (int64_t)(n) * 1000000 })
#define CENTISEC(n) ((kspan){ (int64_t)(n) * 10000000 })
#define SEC(n)	    ((kspan){ (int64_t)(n) * 1000000000 })
/** Later than any real point: an unarmed deadline. */
#define KTIME_NEVER ((ktime){ INT64_MAX })

static inline ktime ktime_add(ktime t, kspan s) { return (ktime){ t.ns + s.ns }; }
static inline kspan ktime_diff(ktime to, ktime from) { return (kspan){ to.ns - from.ns }; }
static inline bool ktime_before(ktime a, ktime b) { return a.ns < b.ns; }
static inline bool ktime_is_never(ktime t) { return t.ns == INT64_MAX; }
static inline kspan kspan_add(kspan a, kspan b) { return (kspan){ a.ns + b.ns }; }
static inline kspan kspan_times(kspan s, int64_t n) { return (kspan){ s.ns * n }; }
static inline bool kspan_is_zero(kspan s) { return s.ns == 0; }
static inline int64_t kspan_usec(kspan s) { return s.ns / 1000; }
static inline int64_t kspan_msec(kspan s) { return s.ns / 1000000; }
static inline int64_t kspan_sec(kspan s) { return s.ns / 1000000000; }
static inline double kspan_seconds(kspan s) { return (double)s.ns / 1e9; }

/** CLOCK_MONOTONIC now. Only I/O files call it; the loop reads it once per wake-up. */
ktime clock_now(void);
/** CLOCK_REALTIME in nanoseconds since 1970, for what people and peers read. */
int64_t clock_wall_ns(void);
