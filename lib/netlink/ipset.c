/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IP sets by libipset, loaded at run time: only who uses sets pays for it.
 *
 * The library opens its netlink socket at the first command, so every call is made inside the
 * namespace. Errors are collected, never printed, and never end the process.
 */
#include "netlink/ipset.h"

#include <dlfcn.h>
#include <errno.h>
#include <libipset/ipset.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/library.h"
#include "net/netns.h"

/** The functions used, by name, so that one table loads them. */
#define IPSET_FUNCTIONS(X)           \
	X(ipset_load_types)          \
	X(ipset_init)                \
	X(ipset_fini)                \
	X(ipset_session)             \
	X(ipset_custom_printf)       \
	X(ipset_parse_stream)        \
	X(ipset_envopt_set)          \
	X(ipset_session_report_msg)  \
	X(ipset_session_report_reset)

#define IPSET_MEMBER(name) __typeof__(name) *name;
#define IPSET_ROW(name)	   { #name, offsetof(struct library, name) },

struct library {
	void *handle;
	IPSET_FUNCTIONS(IPSET_MEMBER)
};

static const struct library_function functions[] = { IPSET_FUNCTIONS(IPSET_ROW) };

struct ipset_link {
	struct library lib;
	const struct netns *ns;
	struct ipset *ipset;
	const char *lines;	/* during a call */
	struct strbuf error;
};

static int load(struct library *lib)
{
	lib->handle = library_load("libipset.so.13", functions, ARRAY_LEN(functions), lib);
	return lib->handle ? 0 : -ENOENT;
}

/* The library's defaults for the following would print and exit. */

static int on_usage(struct ipset *ipset, void *p, int status, const char *format, ...)
{
	struct ipset_link *link = p;

	(void)ipset;
	(void)status;
	if (link->error.len == 0)
		strbuf_add(&link->error, format);
	return -1;
}

static int on_error(struct ipset *ipset, void *p)
{
	struct ipset_link *link = p;
	struct ipset_session *session = link->lib.ipset_session(ipset);
	const char *text = link->lib.ipset_session_report_msg(session);

	if (link->error.len == 0 && text)
		strbuf_add_bytes(&link->error, text, strcspn(text, "\n"));
	link->lib.ipset_session_report_reset(session);
	return -1;
}

static int on_output(struct ipset_session *session, void *p, const char *format, ...)
{
	(void)session;
	(void)p;
	(void)format;
	return 0;
}

int ipset_open(const struct netns *ns, struct ipset_link **out)
{
	struct ipset_link *link = xnew(struct ipset_link);
	int result = load(&link->lib);

	link->ns = ns;
	if (result == 0) {
		link->lib.ipset_load_types();
		link->ipset = link->lib.ipset_init();
		result = link->ipset ? 0 : -ENOMEM;
	}
	if (result < 0) {
		ipset_close(link);
		return result;
	}
	(void)link->lib.ipset_custom_printf(link->ipset, on_usage, on_error, on_output, link);
	*out = link;
	return 0;
}

void ipset_close(struct ipset_link *link)
{
	if (!link)
		return;
	if (link->ipset)
		(void)link->lib.ipset_fini(link->ipset);
	if (link->lib.handle)
		dlclose(link->lib.handle);
	strbuf_fini(&link->error);
	free(link);
}

static int run_lines(void *arg)
{
	struct ipset_link *link = arg;
	FILE *stream = fmemopen((void *)(uintptr_t)link->lines, strlen(link->lines), "r");
	int result;

	if (!stream)
		return -errno;
	link->lib.ipset_envopt_set(link->lib.ipset_session(link->ipset), IPSET_ENV_EXIST);
	result = link->lib.ipset_parse_stream(link->ipset, stream);
	(void)fclose(stream);
	return result == 0 && link->error.len == 0 ? 0 : -EINVAL;
}

int ipset_run(struct ipset_link *link, const char *lines, struct strbuf *error)
{
	int result;

	if (lines[0] == '\0')
		return 0;
	link->lines = lines;
	strbuf_reset(&link->error);
	result = netns_call(link->ns, run_lines, link);
	if (result < 0 && error)
		strbuf_add(error, strbuf_text(&link->error));
	return result;
}
