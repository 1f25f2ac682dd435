/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lock an engine in: capabilities by libcap-ng, then the parts in sandbox_files.c and
 * sandbox_calls.c.
 *
 * Nothing here is fatal: an engine in a container that already took rights away runs with what
 * is left.
 */
#include "core/sandbox.h"

#include <cap-ng.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "core/engine.h"

static const struct {
	unsigned long flag;
	unsigned capability;
} kept[] = {
	{ ENGINE_CAP_NET_ADMIN, CAP_NET_ADMIN },
	{ ENGINE_CAP_NET_RAW, CAP_NET_RAW },
	{ ENGINE_CAP_NET_BIND, CAP_NET_BIND_SERVICE },
	{ ENGINE_CAP_READ_FILES, CAP_DAC_READ_SEARCH },
	{ ENGINE_CAP_SYS_NICE, CAP_SYS_NICE },
	{ ENGINE_CAP_NETNS, CAP_SYS_ADMIN },
};

int sandbox_capabilities(unsigned long keep_caps)
{
	bool have[ARRAY_LEN(kept)];

	if (capng_get_caps_process() < 0)
		return -EPERM;
	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		have[i] = capng_have_capability(CAPNG_PERMITTED, kept[i].capability);
	bool may_set_bounds = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);

	capng_clear(may_set_bounds ? CAPNG_SELECT_ALL : CAPNG_SELECT_CAPS);
	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		if (have[i] && (keep_caps & kept[i].flag))
			(void)capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
					   kept[i].capability);
	/* The bounding set goes first: it needs a capability that the other call takes away. */
	if (may_set_bounds && capng_apply(CAPNG_SELECT_BOUNDS) < 0)
		return -EPERM;
	return capng_apply(CAPNG_SELECT_CAPS) < 0 ? -EPERM : 0;
}

unsigned long sandbox_missing(unsigned long caps)
{
	unsigned long missing = 0;

	if (capng_get_caps_process() < 0)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		if ((caps & kept[i].flag) &&
		    !capng_have_capability(CAPNG_EFFECTIVE, kept[i].capability))
			missing |= kept[i].flag;
	return missing;
}

static void add_word(char *text, size_t size, const char *word)
{
	size_t len = strlen(text);

	snprintf(text + len, size - len, "%s%s", len ? ", " : "", word);
}

void sandbox_enter(const struct sandbox *box, char *out_text, size_t size)
{
	out_text[0] = '\0';
	if (sandbox_capabilities(box->keep_caps) == 0)
		add_word(out_text, size, "capabilities");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
		add_word(out_text, size, "new privileges");
	if (sandbox_files(box->writable) == 0)
		add_word(out_text, size, "files");
	if (sandbox_system_calls() == 0)
		add_word(out_text, size, "system calls");
}
