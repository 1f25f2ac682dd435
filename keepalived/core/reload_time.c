/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times of scheduled reloads: text to a point in wall time.
 */
#include "core/reload_time.h"

#include <string.h>
#include <time.h>

struct stamp {
	int year, month, day;	/* year 0: no date */
	int hour, minute, second;
	bool utc;
};

/* Exactly @n digits at *at. */
static bool take_digits(const char **at, unsigned n, int *out)
{
	int value = 0;

	for (unsigned i = 0; i < n; i++) {
		char c = (*at)[i];

		if (c < '0' || c > '9')
			return false;
		value = value * 10 + (c - '0');
	}
	*at += n;
	*out = value;
	return true;
}

static bool take_char(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

static bool take_date(const char **at, struct stamp *s)
{
	size_t digits = strspn(*at, "0123456789");

	if ((digits != 2 && digits != 4) || !take_digits(at, (unsigned)digits, &s->year))
		return false;
	if (digits == 2)
		s->year += s->year >= 69 ? 1900 : 2000;
	return take_char(at, '-') && take_digits(at, 2, &s->month) && take_char(at, '-') &&
	       take_digits(at, 2, &s->day) && take_char(at, ' ');
}

static bool take_stamp(const char *line, struct stamp *s)
{
	const char *at = line;

	*s = (struct stamp){ 0 };
	if (strchr(line, '-') && !take_date(&at, s))
		return false;
	if (!take_digits(&at, 2, &s->hour) || !take_char(&at, ':') ||
	    !take_digits(&at, 2, &s->minute) || !take_char(&at, ':') ||
	    !take_digits(&at, 2, &s->second))
		return false;
	s->utc = take_char(&at, 'Z');
	return !*at;
}

/* Seconds since 1970; false when the calendar has no such time. */
static bool seconds_of(const struct stamp *s, int64_t *out)
{
	struct tm tm = {
		.tm_year = s->year - 1900, .tm_mon = s->month - 1, .tm_mday = s->day,
		.tm_hour = s->hour, .tm_min = s->minute, .tm_sec = s->second, .tm_isdst = -1,
	};
	struct tm asked = tm;
	time_t t = s->utc ? timegm(&tm) : mktime(&tm);

	if (t == (time_t)-1 || s->hour > 23 || s->minute > 59 || s->second > 59)
		return false;
	*out = t;
	return tm.tm_mday == asked.tm_mday && tm.tm_mon == asked.tm_mon;
}

static void take_today(struct stamp *s, int64_t now, int days_on)
{
	time_t t = (time_t)now;
	struct tm tm;

	if (s->utc)
		gmtime_r(&t, &tm);
	else
		localtime_r(&t, &tm);
	/* Noon is in the right day whatever the clocks were changed by. */
	tm.tm_hour = 12;
	tm.tm_mday += days_on;
	tm.tm_isdst = -1;
	(void)(s->utc ? timegm(&tm) : mktime(&tm));
	s->year = tm.tm_year + 1900;
	s->month = tm.tm_mon + 1;
	s->day = tm.tm_mday;
}

enum reload_time_result reload_time_parse(const char *text, int64_t now, int64_t *out_at,
					  bool *out_has_date)
{
	char line[32];
	size_t len = strcspn(text, "\n");
	struct stamp s;
	int64_t at;

	if (!len)
		return RELOAD_TIME_EMPTY;
	if (len >= sizeof(line))
		return RELOAD_TIME_FORMAT;
	memcpy(line, text, len);
	line[len] = '\0';
	if (!take_stamp(line, &s))
		return RELOAD_TIME_FORMAT;
	bool has_date = s.year != 0;

	if (!has_date)
		take_today(&s, now, 0);
	if (!seconds_of(&s, &at))
		return RELOAD_TIME_INVALID;
	if (at <= now && has_date)
		return RELOAD_TIME_PAST;
	if (at <= now) {
		take_today(&s, now, 1);
		if (!seconds_of(&s, &at))
			return RELOAD_TIME_INVALID;
	}
	*out_at = at;
	*out_has_date = has_date;
	return RELOAD_TIME_OK;
}
