/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Load libcrypto for those who authenticate.
 */
#include "vrrp/auth_crypto.inc"

#include <dlfcn.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/library.h"
#include "vrrp/auth.h"

#define ROW(name) { #name, offsetof(struct vrrp_crypto, name) },

struct vrrp_crypto *vrrp_crypto_new(void)
{
	static const struct library_function functions[] = { VRRP_CRYPTO_FUNCTIONS(ROW) };
	static const char *const files[] = { "libcrypto.so.3", "libcrypto.so.1.1" };
	struct vrrp_crypto *crypto = xnew(struct vrrp_crypto);

	for (size_t i = 0; i < ARRAY_LEN(files) && !crypto->handle; i++)
		crypto->handle =
			library_load(files[i], functions, ARRAY_LEN(functions), crypto);
	if (!crypto->handle) {
		free(crypto);
		return NULL;
	}
	return crypto;
}

void vrrp_crypto_free(struct vrrp_crypto *crypto)
{
	if (crypto)
		(void)dlclose(crypto->handle);
	free(crypto);
}
