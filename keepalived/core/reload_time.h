/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The content of reload_time_file: when the next reload is due. Pure but for the time zone rules
 * of the C library.
 */
#pragma once

#include "base/attr.h"

enum reload_time_result {
	RELOAD_TIME_OK,
	RELOAD_TIME_EMPTY,	/* nothing scheduled */
	RELOAD_TIME_FORMAT,	/* not one of the three forms */
	RELOAD_TIME_INVALID,	/* no such date or time of day */
	RELOAD_TIME_PAST,
};

/**
 * Read the first line of @text: "HH:MM:SS", "YY-MM-DD HH:MM:SS" or "YYYY-MM-DD HH:MM:SS", each
 * with "Z" for UTC. Without a date the next such time after @now. *out_at is seconds since 1970,
 * *out_has_date whether a date was given; written on RELOAD_TIME_OK.
 */
enum reload_time_result reload_time_parse(const char *text, int64_t now, int64_t *out_at,
					  bool *out_has_date);
