/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nftables by libnftables, loaded at run time.
 *
 * The handle keeps the library's context, whose netlink socket belongs to the namespace it was
 * opened in. Errors are collected in a buffer, never printed.
 */
#include "netlink/nft.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/netlink.h>
#include <nftables/libnftables.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/library.h"
#include "net/netns.h"

/** The functions used, by name, so that one table loads them. */
#define NFT_FUNCTIONS(X)           \
	X(nft_ctx_new)             \
	X(nft_ctx_free)            \
	X(nft_ctx_buffer_output)   \
	X(nft_ctx_buffer_error)    \
	X(nft_ctx_get_output_buffer) \
	X(nft_ctx_get_error_buffer) \
	X(nft_ctx_output_set_flags) \
	X(nft_run_cmd_from_buffer)

#define NFT_MEMBER(name) __typeof__(name) *name;
#define NFT_ROW(name)	 { #name, offsetof(struct library, name) },

struct library {
	void *handle;
	NFT_FUNCTIONS(NFT_MEMBER)
};

static const struct library_function functions[] = { NFT_FUNCTIONS(NFT_ROW) };

struct nft {
	struct library lib;
	struct nft_ctx *ctx;
};

static int load(struct library *lib)
{
	lib->handle = library_load("libnftables.so.1", functions, ARRAY_LEN(functions), lib);
	return lib->handle ? 0 : -ENOENT;
}

/* Without its kernel part the library ends the whole process when a context is made. */
static int try_kernel(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int new_context(void *arg)
{
	struct nft *nft = arg;
	int result = try_kernel();

	if (result < 0)
		return result;
	nft->ctx = nft->lib.nft_ctx_new(NFT_CTX_DEFAULT);
	if (!nft->ctx)
		return -ENOMEM;
	nft->lib.nft_ctx_buffer_output(nft->ctx);
	nft->lib.nft_ctx_buffer_error(nft->ctx);
	nft->lib.nft_ctx_output_set_flags(nft->ctx, NFT_CTX_OUTPUT_STATELESS);
	return 0;
}

int nft_open(const struct netns *ns, struct nft **out)
{
	struct nft *nft = xnew(struct nft);
	int result = load(&nft->lib);

	if (result == 0)
		result = netns_call(ns, new_context, nft);
	if (result < 0)
		nft_close(nft);
	else
		*out = nft;
	return result;
}

void nft_close(struct nft *nft)
{
	if (!nft)
		return;
	if (nft->ctx)
		nft->lib.nft_ctx_free(nft->ctx);
	if (nft->lib.handle)
		dlclose(nft->lib.handle);
	free(nft);
}

int nft_run(struct nft *nft, const char *script, struct strbuf *error)
{
	int result = nft->lib.nft_run_cmd_from_buffer(nft->ctx, script);
	const char *text = nft->lib.nft_ctx_get_error_buffer(nft->ctx);

	(void)nft->lib.nft_ctx_get_output_buffer(nft->ctx);
	if (result == 0)
		return 0;
	if (error && text)
		strbuf_add(error, text);
	return -EINVAL;
}

void nft_list_table(struct nft *nft, const char *family, const char *table, struct strbuf *out)
{
	struct strbuf command = { 0 };

	strbuf_addf(&command, "list table %s %s\n", family, table);
	int result = nft->lib.nft_run_cmd_from_buffer(nft->ctx, strbuf_text(&command));
	const char *text = nft->lib.nft_ctx_get_output_buffer(nft->ctx);

	if (result == 0 && text)
		strbuf_add(out, text);
	(void)nft->lib.nft_ctx_get_error_buffer(nft->ctx);
	strbuf_fini(&command);
}
