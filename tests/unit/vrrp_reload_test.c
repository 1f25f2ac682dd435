/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 100 000 reloads, without the waiting: text to configuration, cross-checks, settling, the
 * difference to the one before, the shape of the status page, and the old one freed. Memory is
 * the same after the first round and after the last.
 *
 * What a reload does to processes, sockets and descriptors is seen in tests/net/test_reloads.py.
 */
#include <malloc.h>
#include <stdio.h>

#include "config/diff.h"
#include "tests/unit/vrrpconf.h"
#include "vrrp/status.h"

/* Sanitizers make it slow; the release build, which the check runs too, does all of them. */
#if defined(__SANITIZE_ADDRESS__)
#define RELOADS 4000
#else
#define RELOADS 100000
#endif
#define FORMS	8

/* Of sanitized builds, where malloc has no statistics. */
size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static size_t memory_in_use(void)
{
	if (__sanitizer_get_current_allocated_bytes)
		return __sanitizer_get_current_allocated_bytes();
	return mallinfo2().uordblks;
}

/* Something else in each of them: a field, an address, a route, an instance, an error. */
static void write_text(char *buf, size_t size, unsigned form)
{
	(void)snprintf(buf, size,
		       "vrrp_instance A {\ninterface eth0\nvirtual_router_id 51\npriority %u\n"
		       "virtual_ipaddress {\n192.0.2.1%u/24\n192.0.2.200\n}\n%s}\n%s%s",
		       100 + form, form,
		       form & 1 ? "virtual_routes {\n198.51.100.0/24 via 192.0.2.254\n}\n" : "",
		       form & 2 ? "vrrp_instance B {\ninterface eth1\nvirtual_router_id 52\n"
				  "authentication {\nauth_type PASS\nauth_pass secret\n}\n"
				  "virtual_ipaddress {\n192.0.2.3\n}\n}\n"
				: "",
		       form & 4 ? "vrrp_instance C {\nno_such_keyword\n}\n" : "");
}

static struct config *reload(struct config *old, const char *text)
{
	struct config *new = vrrp_read(text);
	struct status_layout layout = { 0 };
	struct arena *scratch = arena_new();
	struct diff_rows rows;
	size_t n = 0;

	config_settle(new);
	struct diff_pair *pairs = diff_lists(scratch, &vrrp_config_of(old)->instances,
					     &vrrp_config_of(new)->instances, &n);

	assert_true(n >= 1);
	for (size_t i = 0; i < n; i++) {
		if (pairs[i].old && pairs[i].new)
			(void)vrrp_instance_diff((const void *)pairs[i].old,
						 (const void *)pairs[i].new, &rows);
	}
	vrrp_status_layout(vrrp_config_of(new), &layout);
	arena_free(scratch);
	config_free(old);
	return new;
}

static void memory_stays(void **state attr_unused)
{
	static char texts[FORMS][1024];
	size_t after_first = 0;
	struct config *config;

	for (unsigned i = 0; i < FORMS; i++)
		write_text(texts[i], sizeof(texts[i]), i);
	config = vrrp_read(texts[0]);
	for (unsigned i = 0; i < RELOADS; i++) {
		config = reload(config, texts[i * 7 % FORMS]);
		if (i == FORMS * 8 - 1)
			after_first = memory_in_use();
	}
	/* RELOADS is a multiple of FORMS: the same configuration is in use. The allocator counts
	 * what it keeps for the next allocation of a size as used; a leak is a byte a reload or
	 * more. */
	assert_true(memory_in_use() < after_first + RELOADS / 4);
	config_free(config);
}

static const struct CMUnitTest tests[] = { cmocka_unit_test(memory_stays) };

UNIT_MAIN(tests)
