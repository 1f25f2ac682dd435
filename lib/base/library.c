/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Load a shared library and look its functions up.
 */
#include "base/library.h"

#include <dlfcn.h>

void *library_load(const char *file, const struct library_function *functions, size_t n,
		   void *table)
{
	void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; handle && i < n; i++) {
		void *function = dlsym(handle, functions[i].name);

		if (!function) {
			(void)dlclose(handle);
			return NULL;
		}
		/* An object pointer where a function pointer is meant: POSIX allows it. */
		*(void **)(void *)((char *)table + functions[i].at) = function;
	}
	return handle;
}
