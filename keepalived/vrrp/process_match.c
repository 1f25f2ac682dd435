/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Comparing a running process with what vrrp_track_process describes.
 */
#include "vrrp/process_match.h"

#include <string.h>

bool process_matches_comm(const struct vrrp_process_config *c, const char *comm)
{
	return strcmp(c->process, comm) == 0;
}

/* The next word; NULL at the end. A last word without NUL is none: it was cut. */
static const char *next_word(struct span *in)
{
	const char *word = (const char *)in->data;
	const uint8_t *end = in->len > 0 ? memchr(in->data, '\0', in->len) : NULL;
	size_t used;

	if (end == NULL)
		return NULL;
	used = (size_t)(end - in->data) + 1;
	in->data += used;
	in->len -= used;
	return word;
}

/* @last: the last configured parameter, which may be a beginning. */
static bool same_param(const struct vrrp_process_config *c, const char *word, uint32_t i)
{
	bool last = i + 1 == c->n_params;

	if (c->param_match == PARAM_MATCH_INITIAL && last)
		return strncmp(word, c->params[i], strlen(c->params[i])) == 0;
	return strcmp(word, c->params[i]) == 0;
}

bool process_matches_cmdline(const struct vrrp_process_config *c, struct span cmdline)
{
	const char *word = next_word(&cmdline);

	if (word == NULL || strcmp(word, c->process) != 0)
		return false;
	if (c->param_match == PARAM_MATCH_NONE)
		return true;
	for (uint32_t i = 0; i < c->n_params; i++) {
		word = next_word(&cmdline);
		if (word == NULL || !same_param(c, word, i))
			return false;
	}
	return c->param_match != PARAM_MATCH_EXACT || next_word(&cmdline) == NULL;
}
