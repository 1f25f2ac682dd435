/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes of large texts, many at a time: with the vector types that gcc and clang share.
 */
#include <string.h>

#include "config/map.h"

typedef uint8_t lanes __attribute__((vector_size(16)));

enum { LANES = sizeof(lanes), ROUNDS = 255 }; /* so many hits fit a lane */

static lanes all(char byte)
{
	return (lanes){ 0 } + (uint8_t)byte;
}

static lanes load(const char *text)
{
	lanes v;

	memcpy(&v, text, sizeof(v));
	return v;
}

static size_t sum(lanes hits)
{
	size_t n = 0;

	for (unsigned i = 0; i < LANES; i++)
		n += hits[i];
	return n;
}

size_t bytes_count(const char *text, size_t len, char byte)
{
	size_t n = 0;

	while (len >= LANES) {
		size_t rounds = MIN_OF(len / LANES, (size_t)ROUNDS);
		lanes hits = { 0 };

		for (size_t i = 0; i < rounds; i++)
			hits -= (lanes)(load(text + i * LANES) == all(byte));
		n += sum(hits);
		text += rounds * LANES;
		len -= rounds * LANES;
	}
	for (size_t i = 0; i < len; i++)
		n += text[i] == byte;
	return n;
}

/** A whole number of lanes, ROUNDS at most. */
static void survey_lanes(const char *text, size_t rounds, struct bytes_survey *out)
{
	lanes newlines = { 0 }, opens = { 0 }, closes = { 0 };
	lanes odd = { 0 }, dollar = { 0 }, at = { 0 }, tilde = { 0 };

	for (size_t i = 0; i < rounds; i++) {
		lanes v = load(text + i * LANES);

		newlines -= (lanes)(v == all('\n'));
		opens -= (lanes)(v == all('{'));
		closes -= (lanes)(v == all('}'));
		odd |= (lanes)(v < 2);
		dollar |= (lanes)(v == all('$'));
		at |= (lanes)(v == all('@'));
		tilde |= (lanes)(v == all('~'));
	}
	out->newlines += sum(newlines);
	out->opens += sum(opens);
	out->closes += sum(closes);
	out->odd |= sum(odd) > 0;
	out->dollar |= sum(dollar) > 0;
	out->at |= sum(at) > 0;
	out->tilde |= sum(tilde) > 0;
}

void bytes_survey(const char *text, size_t len, struct bytes_survey *out)
{
	*out = (struct bytes_survey){ 0 };
	while (len >= LANES) {
		size_t rounds = MIN_OF(len / LANES, (size_t)ROUNDS);

		survey_lanes(text, rounds, out);
		text += rounds * LANES;
		len -= rounds * LANES;
	}
	for (size_t i = 0; i < len; i++) {
		out->newlines += text[i] == '\n';
		out->opens += text[i] == '{';
		out->closes += text[i] == '}';
		out->odd |= text[i] == '\0' || text[i] == '\x01';
		out->dollar |= text[i] == '$';
		out->at |= text[i] == '@';
		out->tilde |= text[i] == '~';
	}
}
