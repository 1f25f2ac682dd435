/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests over a netlink socket to the running kernel, in a network namespace of the process's
 * own: answers find their requests, errors come with the kernel's words, dumps end.
 */
#include "unit.h"

#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "loop/loop.h"
#include "netlink/genl.h"
#include "netlink/nl_addr.h"
#include "netlink/nl_genl.h"
#include "netlink/nl_link.h"

static bool is_private;		/* the namespace is ours */
static struct loop *loop;

struct asked {
	struct nl_request request;
	int error;
	unsigned n_done;
	unsigned n_messages;
	char text[128];
};

static int set_up(void **state)
{
	(void)state;
	is_private = unshare(CLONE_NEWNET) == 0;
	loop = loop_new();
	return loop == NULL;
}

static int tear_down(void **state)
{
	(void)state;
	loop_free(loop);
	return 0;
}

static void done(struct nl_request *r, int error, const char *text, ktime now)
{
	struct asked *a = container_of(r, struct asked, request);

	(void)now;
	a->error = error;
	a->n_done++;
	(void)snprintf(a->text, sizeof(a->text), "%s", text);
}

static void message(struct nl_request *r, const struct nl_view *m, ktime now)
{
	struct asked *a = container_of(r, struct asked, request);

	(void)m;
	(void)now;
	a->n_messages++;
}

static struct nl *open_nl(int protocol)
{
	struct nl_options options = { .protocol = protocol };
	struct nl *nl = nl_new(loop, NULL, &options);

	assert_non_null(nl);
	return nl;
}

/* Address number @i of the loopback interface. */
static void queue_addr(struct nl *nl, struct asked *a, unsigned i, bool up)
{
	uint8_t bytes[4] = { 127, 9, (uint8_t)(i >> 8), (uint8_t)i };
	struct nl_addr addr = { .ifindex = 1, .prefix = { addr_of_bytes(AF_INET, bytes), 32 } };
	struct nl_buf msg = { 0 };

	*a = (struct asked){ .request.done = done, .error = 1 };
	if (up)
		nl_addr_new(&msg, &addr, NLM_F_CREATE | NLM_F_EXCL);
	else
		nl_addr_del(&msg, &addr);
	nl_queue(nl, &a->request, &msg);
	nl_buf_fini(&msg);
}

static unsigned count_addrs(struct nl *nl)
{
	struct asked dump = { .request = { .done = done, .message = message } };
	struct nl_buf msg = { 0 };

	nl_addr_dump(&msg, AF_INET);
	nl_queue(nl, &dump.request, &msg);
	nl_buf_fini(&msg);
	nl_flush(nl, NSEC(0));
	assert_int_equal(dump.n_done, 1);
	assert_int_equal(dump.error, 0);
	return dump.n_messages;
}

static void set_loopback_up(struct nl *nl)
{
	struct nl_buf msg = { 0 };
	struct asked a = { .request.done = done };

	nl_link_set_flags(&msg, 1, IFF_UP, IFF_UP);
	nl_queue(nl, &a.request, &msg);
	nl_buf_fini(&msg);
	nl_flush(nl, NSEC(0));
	assert_int_equal(a.error, 0);
}

static void every_request_of_a_batch_ends_once(void **state)
{
	enum { N = 1000 };
	struct asked *all = calloc(N, sizeof(*all));
	struct nl *nl;
	unsigned before;

	(void)state;
	if (!is_private)
		SKIP_BECAUSE("needs root for a network namespace");
	nl = open_nl(NETLINK_ROUTE);
	set_loopback_up(nl);
	before = count_addrs(nl);
	/* Every tenth is there already. */
	for (unsigned i = 0; i < N; i += 10)
		queue_addr(nl, &all[i], i, true);
	nl_flush(nl, NSEC(0));
	for (unsigned i = 0; i < N; i++)
		queue_addr(nl, &all[i], i, true);
	nl_flush(nl, NSEC(0));
	assert_int_equal(nl_pending(nl), 0);
	for (unsigned i = 0; i < N; i++) {
		assert_int_equal(all[i].n_done, 1);
		assert_int_equal(all[i].error, i % 10 == 0 ? -EEXIST : 0);
	}
	assert_int_equal(count_addrs(nl), before + N);
	for (unsigned i = 0; i < N; i++)
		queue_addr(nl, &all[i], i, false);
	nl_flush(nl, NSEC(0));
	assert_int_equal(count_addrs(nl), before);
	nl_free(nl);
	free(all);
}

static void errors_have_the_words_of_the_kernel(void **state)
{
	struct nl_addr addr = { .ifindex = 1 };
	struct nl_buf msg = { 0 };
	struct asked a = { .request.done = done };
	struct nl *nl;

	(void)state;
	if (!is_private)
		SKIP_BECAUSE("needs root for a network namespace");
	nl = open_nl(NETLINK_ROUTE);
	assert_true(addr_parse("127.9.0.1", &addr.prefix.addr));
	addr.prefix.len = 77;
	nl_addr_new(&msg, &addr, NLM_F_CREATE);
	nl_queue(nl, &a.request, &msg);
	nl_buf_fini(&msg);
	nl_flush(nl, NSEC(0));
	assert_int_equal(a.error, -EINVAL);
	assert_string_not_equal(a.text, "");
	nl_free(nl);
}

static void what_is_outstanding_ends_with_the_socket(void **state)
{
	struct asked a, forgotten;
	struct nl *nl = open_nl(NETLINK_ROUTE);

	(void)state;
	queue_addr(nl, &a, 1, true);
	queue_addr(nl, &forgotten, 2, true);
	nl_cancel(nl, &forgotten.request);
	nl_free(nl);
	assert_int_equal(a.n_done, 1);
	assert_int_equal(a.error, -ENETDOWN);
	assert_int_equal(forgotten.n_done, 0);
}

struct family {
	struct genl_lookup lookup;
	unsigned n_done;
	int error;
	uint16_t id;
};

static void family_found(struct genl_lookup *l, int error, uint16_t id, ktime now)
{
	struct family *f = container_of(l, struct family, lookup);

	(void)now;
	f->n_done++;
	f->error = error;
	f->id = id;
}

static void families_have_numbers(void **state)
{
	struct family controller = { .lookup.done = family_found };
	struct family none = { .lookup.done = family_found };
	struct family forgotten = { .lookup.done = family_found };
	struct nl *nl = open_nl(NETLINK_GENERIC);

	(void)state;
	genl_lookup(nl, &controller.lookup, "nlctrl");
	genl_lookup(nl, &none.lookup, "no_such_family");
	genl_lookup(nl, &forgotten.lookup, "nlctrl");
	genl_cancel(nl, &forgotten.lookup);
	nl_flush(nl, NSEC(0));
	assert_int_equal(controller.n_done, 1);
	assert_int_equal(controller.error, 0);
	assert_int_equal(controller.id, 0x10);
	assert_int_equal(none.n_done, 1);
	assert_int_equal(none.error, -ENOENT);
	assert_int_equal(none.id, 0);
	assert_int_equal(forgotten.n_done, 0);
	nl_free(nl);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_request_of_a_batch_ends_once),
	cmocka_unit_test(errors_have_the_words_of_the_kernel),
	cmocka_unit_test(what_is_outstanding_ends_with_the_socket),
	cmocka_unit_test(families_have_numbers),
};

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down) ? 1 : 0;
}
